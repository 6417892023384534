"""Whether a rule or a default fits the types of what it speaks of, said in one sentence if not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from schemawalk.design.model import Attribute
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
from schemawalk.schema.grammar import ExpressionError, parse
from schemawalk.schema.kinds import kind_of, type_of, values_of
from schemawalk.schema.model import Type, TypeName

NUMBER: Final = "a number"
TEXT: Final = "text"
TRUTH: Final = "yes or no"
DAY: Final = "a day"
MOMENT: Final = "a moment"
ID: Final = "an id"
NULL: Final = "NULL"
ENUM: Final = "a native enum"

SORTS: Final[Mapping[TypeName, str]] = {
    "uuid": ID, "text": TEXT, "integer": NUMBER, "bigint": NUMBER, "numeric": NUMBER,
    "boolean": TRUTH, "date": DAY, "timestamptz": MOMENT, "interval": "a length of time",
    "json": "JSON", "list": "a list", "bytes": "bytes", "enum": ENUM,
}  # fmt: skip
"""What values of a type are, in words; values of one sort can be compared with each other."""

COMPARED: Final = frozenset((NUMBER, TEXT, TRUTH, DAY, MOMENT, ID, ENUM, SORTS["interval"]))
"""Sorts that every database can compare."""

_MOST: Final[Mapping[TypeName, int]] = {"integer": 2**31, "bigint": 2**63}


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


class _MisfitError(Exception):
    """Two parts of an expression do not go together; the message says why."""


def misfit(expression: Expression, known: Meanings) -> str:
    """Why the expression is no condition on such columns; empty when it is one.

    Names that are not known are taken for anything.
    """
    try:
        sort = _sort(expression, known)
    except _MisfitError as error:
        return str(error)
    if sort not in (TRUTH, ""):
        return f"{_said(expression)} is {sort}, and a rule says yes or no"
    return ""


def value_misfit(expression: Expression, known: Meanings) -> str:
    """Why the expression has no value on such columns; empty when it has one."""
    try:
        _sort(expression, known)
    except _MisfitError as error:
        return str(error)
    return ""


def default_misfit(text: str, attribute: Attribute) -> str:
    """Why the text is no default of the attribute; empty when it is one.

    `now`, `uuid` and `none` have their own meaning; anything else must be a constant.
    """
    type_, fact = type_of(attribute).name, attribute.name
    if text in ("", "none"):
        return ""
    if text == "now":
        return "" if type_ == "timestamptz" else f"now is a moment, and {fact} is {SORTS[type_]}"
    if text == "uuid":
        return "" if type_ in ("uuid", "text") else f"{fact} is {SORTS[type_]}, and uuid an id"
    try:
        constant = parse(text)
    except ExpressionError as error:
        return str(error)
    if not isinstance(constant, Literal):
        return f"{text} is not a constant"
    return _constant_misfit(constant.value, attribute)


def _constant_misfit(value: Value, attribute: Attribute) -> str:
    meaning, fact = meaning_of(attribute), attribute.name
    sort, type_ = SORTS[meaning.type.name], meaning.type.name
    if type_ in ("list", "bytes", "interval"):
        return f"{fact} is {sort}, which has no default here"
    if type_ == "json":
        return "" if isinstance(value, str) and _is_json(value) else f"{fact} wants JSON in quotes"
    try:
        _alike(Name(fact), sort, Literal(value), _sort(Literal(value), {}), {fact: meaning})
    except _MisfitError as error:
        return str(error)
    if isinstance(value, Decimal) and type_ in _MOST:
        return f"{fact} is a whole number, and {value} is not"
    if isinstance(value, int) and type_ in _MOST and not -_MOST[type_] <= value < _MOST[type_]:
        return f"{value} is too large for {fact}, which is {type_}"
    if isinstance(value, str) and attribute.length and len(value) > attribute.length:
        return f"{fact} holds at most {attribute.length} characters, and this has {len(value)}"
    return ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _sort(expression: Expression, known: Meanings) -> str:
    """What the expression is, in words; empty for a name that is not known."""
    match expression:
        case Name(name):
            return SORTS[known[name].type.name] if name in known else ""
        case Literal(value):
            return _of_constant(value)
        case Arithmetic(sign, left, right):
            for side in (left, right):
                _need(side, NUMBER, known, f"{sign} needs numbers")
            return NUMBER
        case Call(function, arguments):
            return _called(function, arguments, known)
    _hold_together(expression, known)
    return TRUTH


def _hold_together(condition: Expression, known: Meanings) -> None:
    """Raise unless the parts of the condition can be compared, joined or matched."""
    match condition:
        case Compare(_, left, right):
            _compared(left, right, known)
        case Between(operand, low, high):
            _compared(operand, low, known)
            _compared(operand, high, known)
        case In(operand, values):
            for constant in values:
                _compared(operand, constant, known)
        case Logic(_, parts):
            for part in parts:
                _need(part, TRUTH, known, "and, or, implies join conditions")
        case Not(operand):
            _need(operand, TRUTH, known, "not turns a condition round")
        case IsNull(operand, _):
            _sort(operand, known)
        case Matches(operand, _):
            _need(operand, TEXT, known, "matches needs text")


def _of_constant(value: Value) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUTH
    return TEXT if isinstance(value, str) else NUMBER


def _called(function: str, arguments: tuple[Expression, ...], known: Meanings) -> str:
    if function == "present":
        for argument in arguments:
            _sort(argument, known)
        return NUMBER
    if function in ("now", "uuid"):
        return MOMENT if function == "now" else ID
    for argument in arguments:
        _need(argument, TEXT, known, f"{function}() needs text")
    return {"length": NUMBER, "lower": TEXT}.get(function, TRUTH)


def _need(expression: Expression, wanted: str, known: Meanings, why: str) -> None:
    found = _sort(expression, known)
    if found not in (wanted, ""):
        raise _MisfitError(f"{why}, and {_said(expression)} is {found}")


def _compared(left: Expression, right: Expression, known: Meanings) -> None:
    first, second = _sort(left, known), _sort(right, known)
    if NULL in (first, second):
        raise _MisfitError("nothing is equal to null: write `is null` or `is not null`")
    for side, sort in ((left, first), (right, second)):
        if sort and sort not in COMPARED:
            raise _MisfitError(f"{_said(side)} is {sort}, which cannot be compared")
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, first, second = right, left, second, first
    _alike(left, first, right, second, known)


def _alike(left: Expression, first: str, right: Expression, second: str, known: Meanings) -> None:
    """Raise unless the two can be compared; a constant in quotes can be a day, a moment, an id."""
    quoted = right.value if isinstance(right, Literal) and isinstance(right.value, str) else None
    meaning = known.get(left.name) if isinstance(left, Name) else None
    if quoted is not None and meaning and meaning.values and quoted not in meaning.values:
        listed = ", ".join(meaning.values)
        raise _MisfitError(f"{quoted!r} is not one of the values of {_said(left)}: {listed}")
    if quoted is not None and first in _FORMS:
        if not _reads(quoted, first):
            raise _MisfitError(f"{_said(left)} is {first}, written as {_FORMS[first]}")
        return
    pair = {TEXT if sort == ENUM else sort for sort in (first, second)}
    if len(pair - {""}) > 1:
        raise _MisfitError(
            f"{_said(left)} is {first} and {_said(right)} is {second}: they cannot be compared"
        )


_FORMS: Final = {
    DAY: "'2026-03-14'", MOMENT: "'2026-03-14T09:26:53Z'",
    ID: "'8b1e6f0a-6c1d-4f5e-9a53-0d6a4f1f2b7c'",
}  # fmt: skip
"""How a constant of a sort is written in quotes."""


def _reads(text: str, sort: str) -> bool:
    try:
        if sort == DAY:
            return bool(date.fromisoformat(text))
        return bool(datetime.fromisoformat(text) if sort == MOMENT else UUID(text))
    except ValueError:
        return False


def _said(expression: Expression) -> str:
    """A part of a rule, short enough for a sentence."""
    match expression:
        case Name(name):
            return name
        case Literal(value):
            return f"'{value}'" if isinstance(value, str) else str(value).lower()
        case Call(function, arguments):
            return f"{function}({', '.join(map(_said, arguments))})"
        case Arithmetic(sign, left, right):
            return f"{_said(left)} {sign} {_said(right)}"
        case _:
            return "the condition"
