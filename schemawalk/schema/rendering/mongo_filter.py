"""Conditions of partial indexes as MongoDB takes them: queries of few operators, no `$expr`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from schemawalk.schema.language.expression import (
    Between,
    Compare,
    Expression,
    In,
    IsNull,
    Logic,
    Name,
    Not,
    Value,
)
from schemawalk.schema.language.expression import Literal as Constant
from schemawalk.schema.model import Type, TypeName

Filter: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A constant that JSON has no form for: what makes it in mongosh, and from which text."""

    by: Literal["ISODate", "NumberDecimal", "UUID"]
    text: str


PRESENT: Final[Mapping[TypeName, str]] = {
    "uuid": "binData", "text": "string", "varchar": "string", "integer": "number",
    "bigint": "number", "numeric": "number", "boolean": "bool", "date": "date",
    "timestamptz": "date", "interval": "number", "json": "object", "list": "array",
    "bytes": "binData", "inet": "string", "enum": "string",
}  # fmt: skip
"""By logical type, the alias for `$type` that finds the documents in which a field has a value."""

_SIGNS: Final[Mapping[str, str]] = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_TURNED: Final[Mapping[str, str]] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class UnsayableError(Exception):
    """No operator that is allowed here says it."""


def filter_of(rule: Expression, types: Mapping[str, Type]) -> Filter | None:
    """A filter for the documents for which the rule is true; None when there are no words for it.

    `types` are the fields'.  A field that is left out counts as NULL, as everywhere here.
    """
    try:
        return joined([_said(part, types) for part in _parts(rule)])
    except UnsayableError:
        return None


def joined(filters: list[Filter]) -> Filter:
    """All filters at once; a field that several speak of needs `$and`."""
    fields = [field for each in filters for field in each]
    if len(set(fields)) < len(fields):
        return {"$and": filters}
    return {field: said for each in filters for field, said in each.items()}


def present(field: str, type_: Type) -> Filter:
    """The documents in which the field has a value."""
    return {field: {"$type": PRESENT[type_.name]}}


def _parts(rule: Expression) -> tuple[Expression, ...]:
    if isinstance(rule, Logic) and rule.operator == "and":
        return tuple(inner for part in rule.parts for inner in _parts(part))
    return (rule,)


def _said(rule: Expression, types: Mapping[str, Type]) -> Filter:
    match rule:
        case IsNull(Name(name), False) if name in types:
            return {name: None}
        case IsNull(Name(name), True) if name in types:
            return present(name, types[name])
        case Name(name) if name in types:
            return {name: True}
        case Not(Name(name)) if name in types:
            return {name: False}
        case Compare(sign, Constant() as value, Name() as field) if sign in _TURNED:
            return _compared(field, _TURNED[sign], value, types)
        case Compare(sign, Name() as field, Constant() as value):
            return _compared(field, sign, value, types)
        case Between(Name(name), Constant(low), Constant(high)) if name in types:
            type_ = types[name]
            return {name: {"$gte": constant(low, type_), "$lte": constant(high, type_)}}
        case In(Name(name), values) if name in types:
            return {name: {"$in": [constant(each.value, types[name]) for each in values]}}
        case _:
            raise UnsayableError


def _compared(field: Name, sign: str, value: Constant, types: Mapping[str, Type]) -> Filter:
    if field.name not in types or sign not in _TURNED:
        raise UnsayableError
    said = constant(value.value, types[field.name])
    return {field.name: said if sign == "=" else {_SIGNS[sign]: said}}


def constant(value: Value, type_: Type) -> Any:
    """A constant as the field keeps it.

    Raises UnsayableError for NULL: a comparison with it finds nothing.
    """
    if value is None:
        raise UnsayableError
    if type_.name in ("date", "timestamptz") and isinstance(value, str):
        return Made("ISODate", value)
    if type_.name == "uuid" and isinstance(value, str):
        return Made("UUID", value)
    return Made("NumberDecimal", format(value, "f")) if isinstance(value, Decimal) else value
