"""Moments by the server's clock: the present one, and those so long ago."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from schemawalk.design.spans import Span
from schemawalk.engines.engine import Engine
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Exclusion
from schemawalk.schema.things import Apart

DAY: Final = 2
"""Days that a row is older or younger than its time: more than any zone makes of it."""

_MYSQL_AGO: Final = (
    "SELECT DATE_FORMAT(UTC_TIMESTAMP(3) - INTERVAL {count} {unit} + INTERVAL {more} DAY, "
    "'%Y-%m-%dT%H:%i:%s.000Z')"
)
_AGO: Final = {
    "postgresql": "SELECT to_char((now() - interval '{age}' + interval '{more} days') "
    "AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{age}', '{more} days')",
    "mysql": _MYSQL_AGO,
    "mariadb": _MYSQL_AGO,
}
"""By database, the moment that many days after the one at which a row's time is over."""
_CLOCK: Final = {
    "postgresql": "SELECT clock_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "mariadb": "SELECT UTC_TIMESTAMP(6)",
}


def ago(engine: Engine, age: Span, more: int, kind: str = "timestamptz") -> str:
    """The moment so many days after (or before) the one at which that time is over.

    As a value of a column of that kind, `timestamptz` or `date`.
    """
    sql = _AGO[engine.name].format(
        age=age, count=age.count, unit=age.unit.upper(), more=f"{more:+d}"
    )
    moment = str(engine.rows(sql)[0][0])
    return moment[:10] if kind == "date" else moment


def clock(engine: Engine) -> Any:
    """What the server's clock says, as a column of moments gives it back."""
    return engine.rows(_CLOCK[engine.name])[0][0]


def stretch(column: str, rules: Iterable[Exclusion | Apart], time: str) -> dict[str, Value]:
    """A moment of a row, and the other end of what must not overlap with others: close by."""
    fixed: dict[str, Value] = {column: time}
    for rule in rules:
        if column == rule.end:
            fixed[rule.start] = _beside(time, -1)
        elif column == rule.start:
            fixed[rule.end] = _beside(time, 1)
    return fixed


def _beside(time: str, way: int) -> str:
    """An hour, or a day, before or after."""
    if len(time) == len("2024-01-01"):
        return (date.fromisoformat(time) + way * timedelta(days=1)).isoformat()
    moment = datetime.fromisoformat(time.removesuffix("Z")) + way * timedelta(hours=1)
    return f"{moment.isoformat(timespec='milliseconds')}Z"
