"""Says of a rule what the types of its columns mean for it, so that each database is told the same.

`due_on - issued_on` is a number of days, `ended_at - started_at` a length of time: in SQL these are
different words in some databases, so that the expression itself must say which is meant.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from schemawalk.schema.language.evaluation import moment, told
from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    In,
    Literal,
    Name,
    rebuilt,
)
from schemawalk.schema.language.sorts import (
    DAY,
    ID,
    LENGTH,
    MOMENT,
    TEXT,
    Meanings,
    MisfitError,
    sort_of,
)

_SIGNS: Final = {"+": "plus", "-": "minus"}


def explicit(expression: Expression, known: Meanings) -> Expression:
    """The same expression with its days, moments, texts and products spelled out.

    What does not fit together is left as it is.
    """
    made = rebuilt(expression, lambda inner: explicit(inner, known))
    try:
        return _spelled(made, known)
    except (MisfitError, ValueError):
        return made


def _spelled(expression: Expression, known: Meanings) -> Expression:
    match expression:
        case Name() | Literal():
            return expression
        case Arithmetic(sign, left, right):
            return _computed(sign, left, right, known) or expression
        case Call("year" | "month" as function, (argument,)) if sort_of(argument, known) == MOMENT:
            return Call(f"{function}_of_moment", (argument,))
        case Call("coalesce", (first, *others)):
            spelled = (_constants(first, other, known)[1] for other in others)
            return Call("coalesce", (first, *spelled))
        case Compare(sign, left, right):
            left, right = _constants(left, right, known)
            if sign not in ("=", "<>") and sort_of(left, known) == TEXT:
                left = _exactly(left)
            return Compare(sign, left, right)
        case Between(operand, low, high):
            low, high = (_constants(operand, each, known)[1] for each in (low, high))
            if sort_of(operand, known) == TEXT:
                operand = _exactly(operand)
            return Between(operand, low, high)
        case In(operand, values):
            sort = sort_of(operand, known)
            return In(operand, tuple(_constant(value, sort) for value in values))
        case _:
            return expression


def _computed(sign: str, left: Expression, right: Expression, known: Meanings) -> Expression | None:
    """The call that an operator stands for; None when it is plain arithmetic."""
    first, second = sort_of(left, known), sort_of(right, known)
    if first == DAY and second == DAY:
        return Call("days_between", (left, right))
    if first == MOMENT and second == MOMENT:
        return Call("time_between", (left, right))
    if first == DAY and sign in _SIGNS:
        return Call(f"day_{_SIGNS[sign]}", (left, _count(right)))
    if first == MOMENT and second == LENGTH and sign in _SIGNS:
        return Call(f"moment_{_SIGNS[sign]}", (left, right))
    if sign == "*" and _narrow(left, known) and _narrow(right, known):
        return Arithmetic("*", Call("wide", (left,)), right)
    return None


def _count(days: Expression) -> Expression:
    return days.arguments[0] if isinstance(days, Call) and days.function == "lasting_days" else days


def _narrow(expression: Expression, known: Meanings) -> bool:
    """Whether PostgreSQL would multiply it in 32 bits, and refuse what no longer fits."""
    named = isinstance(expression, Name) and expression.name in known
    return named and known[expression.name].type.name == "integer"  # type: ignore[union-attr]


def _exactly(text: Expression) -> Expression:
    if isinstance(text, Call) and text.function == "exactly":
        return text
    return Call("exactly", (text,))


def _constants(
    left: Expression, right: Expression, known: Meanings
) -> tuple[Expression, Expression]:
    """Both sides, a constant in quotes spelled as the other side is kept."""
    if isinstance(left, Literal):
        return _constant(left, sort_of(right, known)), right
    return left, _constant(right, sort_of(left, known)) if isinstance(right, Literal) else right


def _constant(constant: Literal, sort: str) -> Literal:
    text = constant.value
    if not isinstance(text, str):
        return constant
    if sort == DAY:
        return Literal(date.fromisoformat(text).isoformat())
    if sort == MOMENT:
        return Literal(told(moment(text)))
    return Literal(str(UUID(text))) if sort == ID else constant
