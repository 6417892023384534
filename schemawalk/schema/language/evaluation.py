"""What an expression is for one row, in SQL's three-valued logic."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    Fragment,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    Value,
)
from schemawalk.schema.language.matching import matches

Row = Mapping[str, Value]

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def holds(expression: Expression, row: Row) -> bool:
    """Whether a CHECK accepts the row: true, or unknown."""
    return evaluate(expression, row) is not False


def evaluate(expression: Expression, row: Row) -> Value:
    """The value for `row`; None when unknown.  Columns that `row` lacks are NULL.

    Days and moments are texts as in `2026-03-14` and `2026-03-14T09:26:53.000Z`, lengths of time
    are seconds; a day or moment before the year 1 or after 9999 is unknown.  Raises TypeError when
    values of different kinds are compared by order and for what has no value outside a database,
    ValueError for a text that is no day or moment.
    """
    match expression:
        case Name(name):
            return row.get(name)
        case Literal(value):
            return value
        case Arithmetic(sign, left, right):
            return _computed(sign, evaluate(left, row), evaluate(right, row))
        case Call(function, arguments):
            return _called(function, tuple(evaluate(argument, row) for argument in arguments))
        case Fragment(database, _):
            raise TypeError(f"only {database} knows what its own SQL is")
        case _:
            return _condition(expression, row)


def _condition(expression: Expression, row: Row) -> bool | None:
    match expression:
        case Compare(sign, left, right):
            return _compared(sign, evaluate(left, row), evaluate(right, row))
        case Logic(word, parts):
            return _joined(word, tuple(evaluate(part, row) for part in parts))
        case Not(operand):
            value = evaluate(operand, row)
            return None if value is None else not value
        case IsNull(operand, negated):
            return (evaluate(operand, row) is None) != negated
        case In(operand, values):
            return _within(evaluate(operand, row), tuple(v.value for v in values))
        case Between(operand, low, high):
            both = (Compare(">=", operand, low), Compare("<=", operand, high))
            return _condition(Logic("and", both), row)
        case Matches(operand, pattern):
            value = evaluate(operand, row)
            return None if value is None else matches(pattern, str(value))
        case _:
            raise TypeError(f"{expression} is no condition")


def _compared(sign: str, left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    return _COMPARISONS[sign](left, right)


def _joined(word: str, values: tuple[Value, ...]) -> bool | None:
    decisive = word == "or"
    if any(value is decisive for value in values):
        return decisive
    return None if None in values else not decisive


def _within(value: Value, values: tuple[Value, ...]) -> bool | None:
    if value is None:
        return None
    if value in values:
        return True
    return None if None in values else False


def _computed(sign: str, left: Value, right: Value) -> Decimal | None:
    if left is None or right is None or (sign == "/" and not right):
        return None
    return _ARITHMETIC[sign](Decimal(str(left)), Decimal(str(right)))


def _called(function: str, values: tuple[Value, ...]) -> Value:
    if function == "present":
        return sum(value is not None for value in values)
    if function == "coalesce":
        return next((value for value in values if value is not None), None)
    if function == "where":
        return values[1] if values[0] is True else None
    if function not in _FUNCTIONS:
        raise TypeError(f"{function} has no value outside a database")
    return None if None in values else _FUNCTIONS[function](*values)


def moment(text: str) -> datetime:
    """The moment that a text says; without a zone it is UTC.  Raises ValueError."""
    read = datetime.fromisoformat(text)
    try:
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError(f"{text} lies outside of the years 1 to 9999 in UTC") from None


def told(value: datetime) -> str:
    """A moment as it is kept: in UTC, with milliseconds."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + f"{value.microsecond // 1000:03d}Z"


def _later(text: str, seconds: Decimal, sign: int = 1) -> str | None:
    milliseconds = int(Decimal(seconds) * 1000)
    try:
        return told(moment(text) + sign * timedelta(milliseconds=milliseconds))
    except OverflowError:
        return None


def _on(text: str, days: Decimal, sign: int = 1) -> str | None:
    try:
        return (date.fromisoformat(text) + sign * timedelta(days=int(days))).isoformat()
    except OverflowError:
        return None


def _seconds(later: str, earlier: str) -> Decimal:
    return Decimal((moment(later) - moment(earlier)) // timedelta(milliseconds=1)) / 1000


_FUNCTIONS: Final[Mapping[str, Callable[..., Value]]] = {
    "length": lambda text: len(str(text)),
    "lower": lambda text: str(text).lower(),
    "blank": lambda text: not str(text).strip(" "),
    "exactly": lambda text: text,
    "as_text": lambda id_: id_,
    "wide": lambda number: number,
    "whole": lambda seconds: int(seconds),
    "concat": lambda *texts: "".join(map(str, texts)),
    "lasting_seconds": lambda count: count,
    "lasting_minutes": lambda count: count * 60,
    "lasting_hours": lambda count: count * 3_600,
    "lasting_days": lambda count: count * 86_400,
    "date": lambda text: date.fromisoformat(text).isoformat(),
    "moment": lambda text: told(moment(text)),
    "year": lambda day: int(day[:4]),
    "month": lambda day: int(day[5:7]),
    "day": lambda text: told(moment(text))[:10],
    "year_of_moment": lambda text: int(text[:4]),
    "month_of_moment": lambda text: int(text[5:7]),
    "days_between": lambda one, other: (date.fromisoformat(one) - date.fromisoformat(other)).days,
    "time_between": _seconds,
    "day_plus": _on,
    "day_minus": lambda text, days: _on(text, days, -1),
    "moment_plus": _later,
    "moment_minus": lambda text, seconds: _later(text, seconds, -1),
}
"""What each function gives for values that are there; those that only a database has are absent."""
