"""Functions that only views and policies use, as SQL by database: masks, sums, the session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MYSQL: Final = {
    # An address without @ must not slip through, should no pattern have refused it.
    "mask_email": "IF(INSTR({0}, '@') > 1, CONCAT(LEFT({0}, 1), '…', SUBSTR({0}, "
    "INSTR({0}, '@'))), IF({0} IS NULL, NULL, '•••'))",
    "mask_phone": "CONCAT('…', RIGHT({0}, 2))",
    "mask_name": "CONCAT(LEFT({0}, 1), '…')",
    "mask_text": "IF({0} IS NULL, NULL, '•••')",
    "count": "COUNT(*)",
    "sum": "COALESCE(SUM({0}), 0)",
    "sum_time": "COALESCE(SUM({0}), 0)",
    "day": "CAST({0} AS DATE)",
}

VIEW_FUNCTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "postgresql": {
        # Empty is how a setting comes back after the transaction that set it: it is nobody.
        "session_uuid": "cast(nullif(current_setting({0}, true), '') AS uuid)",
        "session_bigint": "cast(nullif(current_setting({0}, true), '') AS bigint)",
        "mask_email": "left({0}, 1) || '…@' || split_part({0}, '@', 2)",
        "mask_phone": "'…' || right({0}, 2)",
        "mask_name": "left({0}, 1) || '…'",
        "mask_text": "CASE WHEN {0} IS NOT NULL THEN '•••' END",
        "count": "count(*)",
        "sum": "coalesce(sum({0}), 0)",
        "sum_time": "coalesce(sum({0}), interval '0')",
        "day": "cast({0} AT TIME ZONE 'UTC' AS date)",
    },
    "sqlite": {
        # An address without @ (SQLite has no patterns to refuse it) must not slip through.
        "mask_email": "CASE WHEN instr({0}, '@') > 1 THEN substr({0}, 1, 1) || '…' || "
        "substr({0}, instr({0}, '@')) WHEN {0} IS NOT NULL THEN '•••' END",
        "mask_phone": "'…' || substr({0}, -2)",
        "mask_name": "substr({0}, 1, 1) || '…'",
        "mask_text": "CASE WHEN {0} IS NOT NULL THEN '•••' END",
        "count": "count(*)",
        "sum": "coalesce(sum({0}), 0)",
        "sum_time": "coalesce(sum({0}), 0)",
        "day": "date({0})",
    },
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
"""`{0}` is the argument; a moment's day is that of UTC."""
