"""A made-up row of a table that the table itself would accept, as JSON values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from schemawalk.rows.plausible import Place, plausible
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.kinds import KINDS
from schemawalk.schema.language.evaluation import evaluate, holds
from schemawalk.schema.language.expression import (
    Call,
    Expression,
    Literal,
    Name,
    Value,
    names,
    walk,
)
from schemawalk.schema.model import Check, Column, Schema, Table

Values = dict[str, Value]

_FOR_ANY: Final = frozenset(
    KINDS[kind].example for kind in ("short-text", "identifier", "long-text")
)
"""Examples of a kind that say nothing of the column that they stand in."""
_WHOLE: Final = frozenset(("integer", "bigint"))
_TEXTS: Final = frozenset(("text", "varchar"))
AN_HOUR: Final = Call("lasting_hours", (Literal(1),))
"""How far apart two moments are of which a rule only says which is the later one."""
_DOCUMENTS: Final[Mapping[str, str]] = {"json": "{}", "list": "[]"}
"""What a JSON column holds when its example is no JSON."""


def example_row(table: Table, schema: Schema, dialect: Dialect) -> dict[str, Any]:
    """One row by column name, in the table's order, ready for `json.dumps`.

    Values come from the columns' examples; where a CHECK refuses them, the nearest that it takes.
    """
    row = accepted(table, schema)
    return {column.name: shown(column, row[column.name], dialect) for column in table.columns}


def accepted(table: Table, schema: Schema) -> Values:
    """Example values that all CHECKs of the table take, as far as such values are found."""
    row = {column.name: example(table, column, schema) for column in table.columns}
    for check in table.checks:
        if not _holds(check, row):
            _mend(table, check, row)
    return row


def _named(table: Table, column: Column) -> str:
    """What the column's name asks for, where the example would be one for any text."""
    if column.type.name not in ("text", "varchar") or column.example not in _FOR_ANY:
        return ""
    found = plausible(Place(table, replace(column, nullable=False), None, 0))
    return next((each for each in found if isinstance(each, str)), "")


def example(table: Table, column: Column, schema: Schema) -> Value:
    """The column's example as a value of its type; ids are the same wherever a row is meant."""
    kind = column.type.name
    text = _said_elsewhere(table, column, schema) or _named(table, column) or column.example
    if kind == "uuid":
        return _row_id(table, column)
    if kind == "enum":
        values = schema.enum(column.type.enum or "").values
        return text if text in values else values[0]
    if kind in _WHOLE:
        return int(text) if text.lstrip("-").isdigit() else 1
    if kind == "numeric":
        return _decimal(text)
    if kind == "boolean":
        return text != "false"
    if kind in _DOCUMENTS:
        return text if _is_json(text) else _DOCUMENTS[kind]
    return text


def _said_elsewhere(table: Table, column: Column, schema: Schema) -> str:
    """The example of the column that this one refers to; empty when it refers to none."""
    for key in table.foreign_keys:
        if column.name in key.columns:
            other = key.referenced_columns[key.columns.index(column.name)]
            return schema.table(key.references).column(other).example
    return ""


def _row_id(table: Table, column: Column) -> str:
    """An id made from the name of the table whose row it is, so that a reader can follow it."""
    keys = (key.references for key in table.foreign_keys if column.name in key.columns)
    of = next(keys, table.name if column.name in table.primary_key.columns else column.name)
    return _id_of(of)


@lru_cache(maxsize=4_096)
def _id_of(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def shown(column: Column, value: Value, dialect: Dialect) -> Any:
    """A value as JSON has it: documents and lists opened, decimals as numbers."""
    if isinstance(value, str) and column.type.name in _DOCUMENTS:
        return json.loads(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    if isinstance(value, str) and value.isdigit() and column.type.name == "interval":
        return int(value) if dialect.types["interval"] in ("INTEGER", "long") else f"PT{value}S"
    return value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(1)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _holds(check: Check, row: Values) -> bool:
    try:
        return holds(check.expression, row)
    except (TypeError, ArithmeticError):
        return True


def _mend(table: Table, check: Check, row: Values) -> None:
    """Change one column of a refused row so that the CHECK, and those that held, hold."""
    before = [other for other in table.checks if _holds(other, row)]
    columns = {column.name: column for column in table.columns}
    for name in names(check.expression):
        for value in _candidates(columns[name], check.expression, row):
            tried = row | {name: value}
            if _holds(check, tried) and all(_holds(other, tried) for other in before):
                row[name] = value
                return


def _candidates(column: Column, expression: Expression, row: Values) -> Iterator[Value]:
    """Values to try: the rule's own constants and their neighbours, a shorter text, nothing."""
    text = row[column.name]
    if column.type.name == "timestamptz":
        yield from _moments(column, expression, row)
    for part in walk(expression):
        if not isinstance(part, Literal):
            continue
        value = part.value
        if isinstance(value, bool) or type(value) is type(text):
            yield value
        if isinstance(value, int | Decimal) and isinstance(text, int | Decimal):
            yield from (value + 1, value - 1)
        if isinstance(value, int) and isinstance(text, str) and column.type.name in _TEXTS:
            yield text[: max(value, 0)]
            yield (text or "x").ljust(value, "x")
    if column.nullable:
        yield None


def _moments(column: Column, expression: Expression, row: Values) -> Iterator[Value]:
    """Moments as far from the others of the rule as it says, or an hour."""
    lengths = [part for part in walk(expression)
               if isinstance(part, Call) and part.function.startswith("lasting_")]  # fmt: skip
    for name in names(expression):
        for length in lengths or (AN_HOUR,) if name != column.name else ():
            for function in ("moment_plus", "moment_minus"):
                with suppress(TypeError, ValueError):  # the rule speaks of more than moments
                    yield evaluate(Call(function, (Name(name), length)), row)
