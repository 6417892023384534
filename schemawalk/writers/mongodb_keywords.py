"""Which rules of one field keywords of `$jsonSchema` say, and what two of them say together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from schemawalk.schema.capability.collections import Document
from schemawalk.schema.language.expression import (
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
)
from schemawalk.schema.language.matching import pieces
from schemawalk.schema.model import Column

Keywords = dict[str, Any]

_TEXTS: Final = frozenset(("text", "varchar", "enum"))
_NUMBERS: Final = frozenset(("integer", "bigint", "numeric"))
_LIMITS: Final = ("minimum", "maximum")
_NOT_BLANK: Final = "[^ ]"


def parts_of(rule: Expression) -> tuple[Expression, ...]:
    """The rules that hold where this one does, as small as they can be."""
    if isinstance(rule, Logic) and rule.operator == "and":
        return tuple(inner for part in rule.parts for inner in parts_of(part))
    return (rule,)


def takes(document: Document, properties: Mapping[str, Keywords], rule: Expression) -> bool:
    """Whether keywords of one field say the rule; they are added then."""
    said = _said(document, rule)
    if said is None:
        return False
    name, keywords = said
    narrowed = _narrowed(properties[name], keywords)
    if narrowed is None:
        return False
    described = {"description": narrowed.pop("description")} if "description" in narrowed else {}
    properties[name].clear()
    properties[name].update(narrowed | described)
    return True


def _narrowed(there: Keywords, more: Keywords) -> Keywords | None:
    """Both at once, the narrower of two limits; None where one cannot say what both do."""
    made = dict(there)
    for name, value in more.items():
        if name in _LIMITS:
            made = _limited(made, name, (value, more.get(f"exclusive{name.title()}", False)))
        elif name not in there:
            made[name] = value
        elif name in ("minLength", "maxLength"):
            made[name] = max(value, there[name]) if name == "minLength" else min(value, there[name])
        elif not name.startswith("exclusive"):
            return None
    return made


def _limited(there: Keywords, name: str, limit: tuple[Any, bool]) -> Keywords:
    """The keywords with the narrower of that limit and the one which is there."""
    strict = f"exclusive{name.title()}"
    if name in there:
        other = (there[name], there.get(strict, False))
        sign = 1 if name == "minimum" else -1
        limit = max(limit, other, key=lambda each: (sign * each[0], each[1]))
    kept = {key: value for key, value in there.items() if key not in (name, strict)}
    value, is_strict = limit
    return kept | {name: value} | ({strict: True} if is_strict else {})


def _said(document: Document, rule: Expression) -> tuple[str, Keywords] | None:
    match rule:
        case Logic("or", (IsNull(Name(name), False), other)):
            # No keyword but bsonType asks anything of null.
            said = _said(document, other)
            return said if said and said[0] == document.field(name) else None
        case Not(Call("blank", (Name(name),))):
            return _with(document, name, {"pattern": _NOT_BLANK})
        case In(Name(name), values):
            return _with(document, name, _listing(document.table.column(name), values))
        case Matches(Name(name), pattern):
            return _with(document, name, {"pattern": _pattern(pattern)})
        case Compare(sign, Call("length", (Name(name),)), Literal(int(length))):
            return _with(document, name, _length(sign, length))
        case Compare(sign, Name(name), Literal(value)):
            return _with(document, name, _range(document.table.column(name), sign, value))
        case Between(Name(name), Literal(low), Literal(high)):
            column = document.table.column(name)
            least, most = _range(column, ">=", low), _range(column, "<=", high)
            return _with(document, name, {**least, **most} if least and most else {})
        case _:
            return None


def _with(document: Document, name: str, keywords: Keywords) -> tuple[str, Keywords] | None:
    return (document.field(name), keywords) if keywords else None


def _listing(column: Column, values: tuple[Literal, ...]) -> Keywords:
    plain = [value.value for value in values]
    texts = column.type.name in _TEXTS and all(isinstance(value, str) for value in plain)
    whole = column.type.name in ("integer", "bigint") and all(
        isinstance(value, int) and not isinstance(value, bool) for value in plain
    )
    if not (texts or whole):
        return {}
    unique = list(dict.fromkeys(plain))
    return {"enum": [*unique, None] if column.nullable else unique}


def _pattern(pattern: str) -> str:
    """The same pattern for PCRE, where `$` and the dot mean other things than in a database."""
    other = {"$": "(?![\\s\\S])", ".": "[\\s\\S]"}
    return "".join(other.get(piece, piece) for piece in pieces(pattern))


def _length(sign: str, length: int) -> Keywords:
    match sign:
        case "<=" | "<":
            most = length - (sign == "<")
            return {"maxLength": most} if most >= 0 else {}
        case ">=" | ">":
            return {"minLength": max(length + (sign == ">"), 0)}
        case "=" if length >= 0:
            return {"minLength": length, "maxLength": length}
        case _:
            return {}


def _range(column: Column, sign: str, value: Any) -> Keywords:
    number = _number(value)
    if column.type.name not in _NUMBERS or number is None:
        return {}
    match sign:
        case ">=":
            return {"minimum": number}
        case "<=":
            return {"maximum": number}
        case ">":
            return {"minimum": number, "exclusiveMinimum": True}
        case "<":
            return {"maximum": number, "exclusiveMaximum": True}
        case _:
            return {}


def _number(value: Any) -> int | float | None:
    """The number as JSON has it; None where a double would not be exactly it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    as_double = float(value)
    if Decimal(as_double) != Decimal(value):
        return None
    return int(value) if Decimal(value) == int(value) else as_double
