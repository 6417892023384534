"""Which sort of value each part of an expression has, and which sorts go together.

Sorts are coarser than types and the same in every database: numbers, texts, days, moments, lengths
of time, yes or no, ids.  What does not go together is said in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from schemawalk.design.model import Attribute
from schemawalk.schema.kinds import kind_of, type_of, values_of
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
from schemawalk.schema.model import Type, TypeName

NUMBER: Final = "a number"
TEXT: Final = "text"
TRUTH: Final = "yes or no"
DAY: Final = "a day"
MOMENT: Final = "a moment"
LENGTH: Final = "a length of time"
ID: Final = "an id"
NULL: Final = "NULL"
ENUM: Final = "a native enum"
ADDRESS: Final = "an IP address"

SORTS: Final[Mapping[TypeName, str]] = {
    "uuid": ID, "text": TEXT, "varchar": TEXT, "integer": NUMBER, "bigint": NUMBER,
    "numeric": NUMBER, "boolean": TRUTH, "date": DAY, "timestamptz": MOMENT, "interval": LENGTH,
    "json": "JSON", "list": "a list", "bytes": "bytes", "inet": ADDRESS, "enum": ENUM,
}  # fmt: skip
"""What values of a type are, in words; values of one sort can be compared with each other."""

COMPARED: Final = frozenset((NUMBER, TEXT, TRUTH, DAY, MOMENT, ID, ENUM, LENGTH, ADDRESS))
"""Sorts that every database can compare."""
UNORDERED: Final[Mapping[str, str]] = {
    ENUM: "has another order in each database", ADDRESS: "has another order in each database",
    TRUTH: "has no order",
}  # fmt: skip
"""Sorts of which only = and <> mean the same everywhere, and why."""

_CALLS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "length": ((TEXT,), NUMBER), "lower": ((TEXT,), TEXT), "blank": ((TEXT,), TRUTH),
    "concat": ((TEXT,), TEXT), "exactly": ((TEXT,), TEXT), "as_text": ((ID,), ID),
    "wide": ((NUMBER,), NUMBER),
    "year": ((DAY, MOMENT), NUMBER), "month": ((DAY, MOMENT), NUMBER), "day": ((MOMENT,), DAY),
    "year_of_moment": ((MOMENT,), NUMBER), "month_of_moment": ((MOMENT,), NUMBER),
    "whole": ((LENGTH,), LENGTH), "days_between": ((DAY,), NUMBER),
    "time_between": ((MOMENT,), LENGTH),
    "now": ((), MOMENT), "today": ((), DAY), "uuid": ((), ID), "uuid7": ((), ID),
    "date": ((TEXT,), DAY), "moment": ((TEXT,), MOMENT),
    "lasting_seconds": ((NUMBER,), LENGTH), "lasting_minutes": ((NUMBER,), LENGTH),
    "lasting_hours": ((NUMBER,), LENGTH), "lasting_days": ((NUMBER,), LENGTH),
    "day_plus": ((DAY, NUMBER), DAY), "day_minus": ((DAY, NUMBER), DAY),
    "moment_plus": ((MOMENT, LENGTH), MOMENT), "moment_minus": ((MOMENT, LENGTH), MOMENT),
}  # fmt: skip
"""By function, the sorts that its arguments may have, and that of its value."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name in a rule stands for: its type, and the values of a fixed list."""

    type: Type
    values: tuple[str, ...] = ()


Meanings = Mapping[str, Meaning]


def meaning_of(attribute: Attribute) -> Meaning:
    """What an attribute's name stands for in a rule."""
    listed = kind_of(attribute).id == "one-of"
    return Meaning(type_of(attribute), values_of(attribute) if listed else ())


class MisfitError(Exception):
    """Two parts of an expression do not go together; the message says why."""


def sort_of(expression: Expression, known: Meanings) -> str:
    """What the expression is, in words; empty when a name in it is not known.

    Raises MisfitError when its parts do not go together.
    """
    match expression:
        case Name(name):
            return SORTS[known[name].type.name] if name in known else ""
        case Literal(value):
            return _of_constant(value)
        case Arithmetic(sign, left, right):
            return _computed(sign, left, right, known)
        case Call(function, arguments):
            return _called(function, arguments, known)
        case Fragment():
            return ""
    _hold_together(expression, known)
    return TRUTH


def _hold_together(condition: Expression, known: Meanings) -> None:
    """Raise unless the parts of the condition can be compared, joined or matched."""
    match condition:
        case Compare(sign, left, right):
            _compared(left, right, known, ordered=sign not in ("=", "<>"))
        case Between(operand, low, high):
            _compared(operand, low, known, ordered=True)
            _compared(operand, high, known, ordered=True)
        case In(operand, values):
            for constant in values:
                _compared(operand, constant, known)
        case Logic(_, parts):
            for part in parts:
                _need(part, (TRUTH,), known, "and, or, implies join conditions")
        case Not(operand):
            _need(operand, (TRUTH,), known, "not turns a condition round")
        case IsNull(operand, _):
            sort_of(operand, known)
        case Matches(operand, _):
            _need(operand, (TEXT,), known, "matches needs text")


def _of_constant(value: Value) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUTH
    return TEXT if isinstance(value, str) else NUMBER


def _computed(sign: str, left: Expression, right: Expression, known: Meanings) -> str:
    """Numbers with numbers; days and moments with lengths of time, or from each other."""
    first, second = sort_of(left, known), sort_of(right, known)
    if sign in "+-" and first == DAY and _is_days(right, known):
        return DAY
    if sign in "+-" and second == LENGTH and first in (MOMENT, LENGTH):
        return first
    if sign == "-" and first == second and first in (DAY, MOMENT):
        return NUMBER if first == DAY else LENGTH
    if first == MOMENT and second == NUMBER:
        raise MisfitError(f"{said(left)} is a moment: give {said(right)} a unit, as in 30 days")
    if first == DAY and second in (LENGTH, NUMBER):
        raise MisfitError(f"{said(left)} is a day, and {said(right)} no number of whole days")
    for side in (left, right):
        _need(side, (NUMBER,), known, f"{sign} needs numbers")
    return NUMBER


def _is_days(expression: Expression, known: Meanings) -> bool:
    """Whether it counts whole days in 32 bits, as adding to a day wants it."""
    match expression:
        case Literal(value):
            return isinstance(value, int) and not isinstance(value, bool)
        case Name(name):
            return name not in known or known[name].type.name == "integer"
        case Call("lasting_days"):
            return True
        case Arithmetic("+" | "-", left, right):
            return _is_days(left, known) and _is_days(right, known)
        case _:
            return False


def _called(function: str, arguments: tuple[Expression, ...], known: Meanings) -> str:
    if function == "present":
        for argument in arguments:
            sort_of(argument, known)
        return NUMBER
    if function == "coalesce":
        return _first_known(arguments, known)
    wanted, result = _CALLS.get(function, ((), TRUTH))
    for at, argument in enumerate(arguments):
        # Two arguments of different sorts: each has its own.
        own = wanted[at : at + 1] if result in (DAY, MOMENT) and len(arguments) == 2 else wanted
        what = " or ".join(own)
        _need(argument, own, known, f"{_spelled(function)} needs {what}")
    return result


def _spelled(function: str) -> str:
    return "||" if function == "concat" else f"{function}()"


def _first_known(arguments: tuple[Expression, ...], known: Meanings) -> str:
    """The sort of what stands for another; NULL stands for nothing."""
    first, *others = arguments
    for other in others:
        _compared(first, other, known)
        first = first if sort_of(first, known) else other
    return sort_of(first, known)


def _need(
    expression: Expression, wanted: tuple[str, ...], known: Meanings, why: str
) -> None:  # fmt: skip
    found = sort_of(expression, known)
    if wanted and found not in (*wanted, ""):
        raise MisfitError(f"{why}, and {said(expression)} is {found}")


def _compared(
    left: Expression, right: Expression, known: Meanings, *, ordered: bool = False
) -> None:  # fmt: skip
    first, second = sort_of(left, known), sort_of(right, known)
    if NULL in (first, second):
        raise MisfitError("nothing is equal to null: write `is null` or `is not null`")
    for side, sort in ((left, first), (right, second)):
        if sort and sort not in COMPARED:
            raise MisfitError(f"{said(side)} is {sort}, which cannot be compared")
        if ordered and sort in UNORDERED:
            raise MisfitError(f"{said(side)} is {sort}, which {UNORDERED[sort]}: use = or <>")
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, first, second = right, left, second, first
    alike(left, first, right, second, known)


def alike(left: Expression, first: str, right: Expression, second: str, known: Meanings) -> None:
    """Raise unless the two can be compared; a constant in quotes can be a day, a moment, an id."""
    quoted = right.value if isinstance(right, Literal) and isinstance(right.value, str) else None
    meaning = known.get(left.name) if isinstance(left, Name) else None
    if quoted is not None and meaning and meaning.values and quoted not in meaning.values:
        listed = ", ".join(meaning.values)
        raise MisfitError(f"{quoted!r} is not one of the values of {said(left)}: {listed}")
    if quoted is not None and first in FORMS:
        if not _reads(quoted, first):
            raise MisfitError(f"{said(left)} is {first}, written as {FORMS[first]}")
        return
    pair = {TEXT if sort == ENUM else sort for sort in (first, second)}
    if pair == {NUMBER, LENGTH}:
        raise MisfitError(_lengths(left, first, right, second))
    if len(pair - {""}) > 1:
        raise MisfitError(
            f"{said(left)} is {first} and {said(right)} is {second}: they cannot be compared"
        )


def _lengths(left: Expression, first: str, right: Expression, second: str) -> str:
    """What to write instead of a number beside a length of time, or the other way round."""
    if second == LENGTH:
        return f"{said(left)} is a number, and {said(right)} a length of time: write the number"
    return f"{said(left)} is {first}: say {said(right)} what, as in 30 days"


FORMS: Final = {
    DAY: "'2026-03-14'", MOMENT: "'2026-03-14T09:26:53Z'",
    ID: "'8b1e6f0a-6c1d-4f5e-9a53-0d6a4f1f2b7c'", ADDRESS: "'192.0.2.7'",
}  # fmt: skip
"""How a constant of a sort is written in quotes."""


def _reads(text: str, sort: str) -> bool:
    try:
        if sort == DAY:
            return bool(date.fromisoformat(text))
        if sort == ADDRESS:
            return _is_address(text)
        return bool(datetime.fromisoformat(text) if sort == MOMENT else UUID(text))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    from ipaddress import ip_interface

    return bool(ip_interface(text))


def said(expression: Expression) -> str:
    """A part of a rule, short enough for a sentence."""
    match expression:
        case Name(name):
            return name
        case Literal(value):
            return f"'{value}'" if isinstance(value, str) else str(value).lower()
        case Call("concat", arguments):
            return " || ".join(map(said, arguments))
        case Call(function, (Literal(count),)) if function.startswith("lasting_"):
            return f"{count} {function.removeprefix('lasting_')}"
        case Call(function, arguments):
            return f"{function}({', '.join(map(said, arguments))})"
        case Arithmetic(sign, left, right):
            return f"{said(left)} {sign} {said(right)}"
        case _:
            return "the condition"
