"""What rules are made of, as SQL by database: one row a function, one column a database.

`{0}` and `{1}` are arguments, `{*}` lists all of them.  A quotient is exact wherever it is asked,
and none where the divisor is 0; days and moments are those of UTC; what a rule says of a row does
not depend on when or where it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DATABASES: Final = ("postgresql", "sqlite", "mysql")
_UTC: Final = "AT TIME ZONE 'UTC'"
_ISO: Final = "'%Y-%m-%dT%H:%M:%fZ'"
_MILLISECONDS: Final = "TIMESTAMPDIFF(MICROSECOND, {1}, {0}) DIV 1000"

_ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    # function, PostgreSQL, SQLite, MySQL and MariaDB
    ("coalesce", "coalesce({*})", "coalesce({*})", "COALESCE({*})"),
    ("concat", "{|}", "{|}", "CONCAT({*})"),
    ("divided", "CAST({0} AS numeric) / {1}", "CAST({0} AS REAL) / {1}",
     "CAST({0} AS DECIMAL(50,12)) / {1}"),
    ("nonzero", "nullif({0}, 0)", "nullif({0}, 0)", "NULLIF({0}, 0)"),
    ("wide", "CAST({0} AS bigint)", "{0}", "{0}"),
    # Texts are put in order by their characters' numbers, whatever the server's language is.
    ("exactly", '{0} COLLATE "C"', "{0}", "{0}"),
    ("today", f"(now() {_UTC})::date", "date('now')", "UTC_DATE()"),
    ("date", "DATE {0}", "{0}", "DATE {0}"),
    ("moment", "TIMESTAMPTZ {0}", "{0}", "TIMESTAMP {0}"),
    ("lasting_seconds", "INTERVAL '{0} seconds'", "{0}", "{0}"),
    ("lasting_minutes", "INTERVAL '{0} minutes'", "{0} * 60", "{0} * 60"),
    ("lasting_hours", "INTERVAL '{0} hours'", "{0} * 3600", "{0} * 3600"),
    ("lasting_days", "INTERVAL '{0} days'", "{0} * 86400", "{0} * 86400"),
    ("days_between", "{0} - {1}", "CAST(julianday({0}) - julianday({1}) AS INTEGER)",
     "DATEDIFF({0}, {1})"),
    ("time_between", "{0} - {1}", "round((julianday({0}) - julianday({1})) * 86400, 3)",
     f"({_MILLISECONDS}) / 1000"),
    ("day_plus", "{0} + {1}", "date({0}, {1} || ' days')", "DATE_ADD({0}, INTERVAL {1} DAY)"),
    ("day_minus", "{0} - {1}", "date({0}, -{1} || ' days')", "DATE_SUB({0}, INTERVAL {1} DAY)"),
    # A moment plus days depends on the session's zone (daylight saving), unless it is done in UTC.
    ("moment_plus", f"({{0}} {_UTC} + {{1}}) {_UTC}",
     f"strftime({_ISO}, {{0}}, {{1}} || ' seconds')", "DATE_ADD({0}, INTERVAL {1} SECOND)"),
    ("moment_minus", f"({{0}} {_UTC} - {{1}}) {_UTC}",
     f"strftime({_ISO}, {{0}}, -{{1}} || ' seconds')", "DATE_SUB({0}, INTERVAL {1} SECOND)"),
    # A length of time is kept in whole seconds where there is no type for one.
    ("whole", "date_trunc('second', {0})", "CAST({0} AS INTEGER)", "TRUNCATE({0}, 0)"),
    ("year", "extract(year FROM {0})", "CAST(strftime('%Y', {0}) AS INTEGER)", "YEAR({0})"),
    ("month", "extract(month FROM {0})", "CAST(strftime('%m', {0}) AS INTEGER)", "MONTH({0})"),
    ("year_of_moment", f"extract(year FROM {{0}} {_UTC})",
     "CAST(strftime('%Y', {0}) AS INTEGER)", "YEAR({0})"),
    ("month_of_moment", f"extract(month FROM {{0}} {_UTC})",
     "CAST(strftime('%m', {0}) AS INTEGER)", "MONTH({0})"),
)  # fmt: skip

_TOLD: Final[Mapping[str, Mapping[str, str]]] = {
    database: {row[0]: row[at] for row in _ROWS} for at, database in enumerate(_DATABASES, 1)
}

RULE_FUNCTIONS: Final[Mapping[str, Mapping[str, str]]] = {**_TOLD, "mariadb": _TOLD["mysql"]}
"""By database; further functions stand in the dialects themselves."""
