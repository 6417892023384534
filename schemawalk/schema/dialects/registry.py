"""What differs between databases when the same thing is said in SQL: names, values, types, rules.

A dialect is a table of types and functions plus a few visitors; one more database is one more
`Dialect`.  What a database cannot hold at all is not decided here but in `capability`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.schema.dialects.dialect import Dialect as Dialect
from schemawalk.schema.dialects.mysql import MARIADB, MYSQL
from schemawalk.schema.dialects.rule_functions import RULE_FUNCTIONS
from schemawalk.schema.dialects.search_functions import SEARCH_FUNCTIONS
from schemawalk.schema.dialects.view_functions import VIEW_FUNCTIONS

POSTGRESQL: Final = Dialect(
    name="postgresql",
    title="PostgreSQL",
    types={
        "uuid": "uuid",
        "text": "text",
        "varchar": "varchar({precision})",
        "integer": "integer",
        "bigint": "bigint",
        "numeric": "numeric({precision},{scale})",
        "boolean": "boolean",
        "date": "date",
        "timestamptz": "timestamptz",
        "interval": "interval",
        "json": "jsonb",
        "list": "text[]",
        "bytes": "bytea",
        "inet": "inet",
        "enum": "{enum}",
    },
    functions={
        "now": "now()",
        "uuid": "gen_random_uuid()",
        "uuid7": "uuidv7()",
        "length": "char_length({0})",
        "lower": "lower({0})",
        "blank": "btrim({0}) = ''",
        "present": "num_nonnulls({*})",
        **RULE_FUNCTIONS["postgresql"],
        **SEARCH_FUNCTIONS["postgresql"],
        **VIEW_FUNCTIONS["postgresql"],
    },
    booleans=("false", "true"),
    match="{0} ~ {1}",
)

_MOMENT: Final = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
_UUID: Final = (
    "printf('%08x-%04x-4%03x-%04x-%012x', random() & (1 << 32) - 1, random() & 65535, "
    "random() & 4095, 32768 + (random() & 16383), random() & (1 << 48) - 1)"
)
"""A version 4 UUID (RFC 9562): SQLite has no function for it."""
_NOW_IN_MS: Final = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
_UUID_7: Final = (
    f"printf('%08x-%04x-7%03x-%04x-%012x', {_NOW_IN_MS} >> 16, {_NOW_IN_MS} & 65535, "
    "random() & 4095, 32768 + (random() & 16383), random() & (1 << 48) - 1)"
)
"""A version 7 UUID (RFC 9562): milliseconds since 1970, then chance."""

SQLITE: Final = Dialect(
    name="sqlite",
    title="SQLite",
    types={
        "uuid": "TEXT",
        "text": "TEXT",
        "varchar": "TEXT",
        "integer": "INTEGER",
        "bigint": "INTEGER",
        "numeric": "REAL",
        "boolean": "INTEGER",
        "date": "TEXT",
        "timestamptz": "TEXT",
        "interval": "INTEGER",
        "json": "TEXT",
        "list": "TEXT",
        "bytes": "BLOB",
        "inet": "TEXT",
        "enum": "TEXT",
    },
    functions={
        "now": _MOMENT,
        "uuid": _UUID,
        "uuid7": _UUID_7,
        "length": "length({0})",
        "lower": "lower({0})",
        "blank": "trim({0}) = ''",
        "present": "({+})",
        **RULE_FUNCTIONS["sqlite"],
        **VIEW_FUNCTIONS["sqlite"],
        # json_valid(NULL) is 0, and only a modifier makes date() refuse 30 February.
        "valid_json": "{0} IS NULL OR json_valid({0})",
        "valid_list": "{0} IS NULL OR json_valid({0}) AND json_type({0}) = 'array'",
        "valid_date": "{0} IS date({0}, '+0 days')",
        "valid_inet": ("{0} NOT GLOB '*[^0-9a-fA-F.:/]*' AND length({0}) BETWEEN 2 AND 43"),
        "valid_moment": "{0} IS strftime('%Y-%m-%dT%H:%M:%fZ', {0}, '+0 days')",
    },
    booleans=("0", "1"),
    any_case="NOCASE",
    alter_foreign_keys=False,
    default_call="({})",
)

DIALECTS: Final[Mapping[str, Dialect]] = {d.name: d for d in (POSTGRESQL, SQLITE, MYSQL, MARIADB)}
"""The databases that SQL is written for."""
