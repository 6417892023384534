"""Whether a rule or a default fits the types of what it speaks of, said in one sentence if not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.schema.kinds import type_of
from schemawalk.schema.language.expression import Call, Expression, Literal, Name, Value, walk
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.language.sorts import (
    SORTS,
    TRUTH,
    MisfitError,
    alike,
    said,
    sort_of,
)
from schemawalk.schema.language.sorts import Meaning as Meaning
from schemawalk.schema.language.sorts import Meanings as Meanings
from schemawalk.schema.language.sorts import meaning_of as meaning_of
from schemawalk.schema.model import TypeName

_MOST: Final[Mapping[TypeName, int]] = {"integer": 2**31, "bigint": 2**63}
_CLOCKS: Final = frozenset(("now", "today"))


def misfit(expression: Expression, known: Meanings, *, clock: bool = False) -> str:
    """Why the expression is no condition on such columns; empty when it is one.

    Names that are not known are taken for anything.  With `clock` it may ask what time it is: what
    is checked when a row is written, and never again, may not.
    """
    try:
        sort = sort_of(expression, known)
    except MisfitError as error:
        return str(error)
    if sort not in (TRUTH, ""):
        return f"{said(expression)} is {sort}, and a rule says yes or no"
    return "" if clock else unsteady(expression)


def value_misfit(expression: Expression, known: Meanings) -> str:
    """Why the expression has no value on such columns; empty when it has one."""
    try:
        sort_of(expression, known)
    except MisfitError as error:
        return str(error)
    return ""


def unsteady(expression: Expression) -> str:
    """Why the expression says something else tomorrow of the same row; empty when it does not."""
    for part in walk(expression):
        if isinstance(part, Call) and part.function in _CLOCKS:
            return (
                f"{part.function}() is another each time, and what is true of a row when it is "
                "written must stay true: compare with a column that keeps the moment"
            )
    return ""


def default_misfit(text: str, attribute: Attribute) -> str:
    """Why the text is no default of the attribute; empty when it is one.

    `now`, `today`, `uuid` and `none` have their own meaning; anything else must be a constant.
    """
    type_, fact = type_of(attribute).name, attribute.name
    if text in ("", "none"):
        return ""
    if text == "now":
        return "" if type_ == "timestamptz" else f"now is a moment, and {fact} is {SORTS[type_]}"
    if text == "today":
        return "" if type_ == "date" else f"today is a day, and {fact} is {SORTS[type_]}"
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
        alike(Name(fact), sort, Literal(value), sort_of(Literal(value), {}), {fact: meaning})
    except MisfitError as error:
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
