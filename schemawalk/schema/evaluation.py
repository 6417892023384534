"""What an expression is for one row, in SQL's three-valued logic."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from schemawalk.schema.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    Value,
)

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

    Raises TypeError when values of different kinds are compared by order.
    """
    match expression:
        case Name(name):
            return row.get(name)
        case Literal(value):
            return value
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
            return evaluate(Logic("and", both), row)
        case Matches(operand, pattern):
            value = evaluate(operand, row)
            return None if value is None else re.search(pattern, str(value)) is not None
        case Arithmetic(sign, left, right):
            return _computed(sign, evaluate(left, row), evaluate(right, row))
        case Call(function, arguments):
            return _called(function, tuple(evaluate(argument, row) for argument in arguments))


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
    if not values or values[0] is None:
        return None
    text = str(values[0])
    match function:
        case "length":
            return len(text)
        case "lower":
            return text.lower()
        case "blank":
            return not text.strip(" ")
        case _:
            raise TypeError(f"{function} has no value outside a database")
