"""Rules about reference rows: what refuses one of them stops the seeds before a program runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from schemawalk.schema.around.reference_rows import ReferenceRow, Sought, reference_rows
from schemawalk.schema.language.evaluation import evaluate, holds, moment, told
from schemawalk.schema.language.expression import Expression, Literal, Value, weighed
from schemawalk.schema.model import Column, Index, Table
from schemawalk.schema.review.rule import Found, Matter, Rule, Said
from schemawalk.schema.things import Asserted

_THERE: Final = "?"
"""Stands for a value that is there, and that nobody knows yet."""


def _refused(matter: Matter) -> Found:
    """Rows that a CHECK, a trigger or a UNIQUE of their own table refuses."""
    before: dict[str, list[ReferenceRow]] = {}
    for row in reference_rows(matter.design, matter.schema):
        table = row.table
        broken = next(_broken(matter, row), "")
        twin = next(_twice(row, before.setdefault(table.name, [])), "")
        if broken or twin:
            yield Said(
                table.source,
                f"The row {_written(row)} of {table.name} is not taken: "
                + (f"it breaks {broken}." if broken else f"another one has the same {twin}."),
                "Correct the row, or the rule.",
            )
        before[table.name].append(row)


def _written(row: ReferenceRow) -> str:
    """What people gave of the row; ids and keys are made."""
    given = (
        f"{name} = {value!r}"
        for name, value in row.values.items()
        if not isinstance(value, Sought) and row.table.column(name).type.name != "uuid"
    )
    return f"({', '.join(given)})"


def _broken(matter: Matter, row: ReferenceRow) -> Iterator[str]:
    values, unknown = _values(row)
    for name, rule in _rules(matter, row.table):
        if unknown.isdisjoint(weighed(rule)) and not _held(rule, values):
            yield name


def _rules(matter: Matter, table: Table) -> Iterator[tuple[str, Expression]]:
    yield from ((check.name, check.expression) for check in table.checks)
    for thing in matter.schema.things(Asserted):
        if thing.table == table.name:
            yield thing.name, thing.rule


def _held(rule: Expression, values: Mapping[str, Value]) -> bool:
    try:
        return holds(rule, values)
    except (TypeError, ValueError, ArithmeticError):
        return True  # only the database can tell


def _values(row: ReferenceRow) -> tuple[dict[str, Value], set[str]]:
    """The row as it will be kept, and the columns of which only that they have a value is known."""
    values: dict[str, Value] = {}
    unknown = set()
    for column in row.table.columns:
        given = row.values.get(column.name)
        if isinstance(given, Sought):
            values[column.name] = _THERE
            unknown.add(column.name)
        elif column.name in row.values:
            values[column.name] = _kept(given, column)
        elif isinstance(column.default, Literal):
            values[column.name] = column.default.value
        elif column.default is not None or column.identity:
            values[column.name] = _THERE
            unknown.add(column.name)
    for column in row.table.columns:
        if column.generated is not None:
            values[column.name] = _generated(column.generated, values, unknown)
            unknown |= {column.name} if values[column.name] == _THERE else set()
    return values, unknown


def _generated(rule: Expression, values: Mapping[str, Value], unknown: set[str]) -> Value:
    if not unknown.isdisjoint(weighed(rule)):
        return _THERE
    try:
        return evaluate(rule, values)
    except (TypeError, ValueError, ArithmeticError):
        return _THERE


def _kept(value: Value, column: Column) -> Value:
    """The value as the database reads it from a text."""
    try:
        if isinstance(value, str) and column.type.name == "timestamptz":
            return told(moment(value))
        if isinstance(value, str) and column.type.name == "date":
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    return value


def _twice(row: ReferenceRow, others: list[ReferenceRow]) -> Iterator[str]:
    """What is to be unique, and is as in a row before."""
    table = row.table
    keys = [unique.columns for unique in table.uniques]
    keys += [tuple(part.column for part in index.parts) for index in table.indexes
             if index.unique and _counts(index, row)
             and all(part.expression is None for part in index.parts)]  # fmt: skip
    for columns in (*keys, table.primary_key.columns):
        mine = [_compared(row, name) for name in columns]
        if None not in mine and any(mine == [_compared(o, n) for n in columns] for o in others):
            yield ", ".join(columns)


def _counts(index: Index, row: ReferenceRow) -> bool:
    """Whether the row is one of those that the index keeps apart."""
    if index.predicate is None:
        return True
    values, unknown = _values(row)
    return unknown.isdisjoint(weighed(index.predicate)) and _held(index.predicate, values)


def _compared(row: ReferenceRow, name: str) -> Value | Sought:
    value = row.values.get(name)
    any_case = row.table.column(name).collation == "any-case"
    return value.lower() if any_case and isinstance(value, str) else value


RULES: Final = (
    Rule("reference-row-refused", "error", "",
         "The seeds stop at the first row that is refused, and none of them is there.", _refused),
)  # fmt: skip
"""What the rows that are there from the start must be."""
