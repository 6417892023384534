"""What one answer changes in the tables: two schemas compared, line by line, with signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Column, Index, Schema, Table
from schemawalk.writers.work import Work

Sign = Literal["+", "-"]
Difference = tuple[Sign, str]
"""A sign and a line: "+", "documents.deleted_at timestamptz"."""


def differences(before: Work, after: Work) -> tuple[Difference, ...]:
    """Every line that is only in one of two schemas, table by table in the order of the later."""
    old, new = _lines(before.schema, before.dialect), _lines(after.schema, after.dialect)
    order = dict.fromkeys((*new, *old))
    return tuple(each for part in order for each in _compared(old.get(part), new.get(part)))


Lines = dict[str, str]
"""What there is, by name: the text that says how."""


def _compared(old: Lines | None, new: Lines | None) -> Iterator[Difference]:
    for name in dict.fromkeys((*(new or {}), *(old or {}))):
        was, now = (old or {}).get(name), (new or {}).get(name)
        if was != now:
            yield from (("-", was),) if was is not None else ()
            yield from (("+", now),) if now is not None else ()


def _lines(schema: Schema, dialect: Dialect) -> dict[str, Lines]:
    found = {table.name: dict(_of_table(table, dialect)) for table in schema.tables}
    lists = {e.name: f"list {e.name}: {', '.join(e.values)}" for e in schema.enums}
    return {**found, "": lists}


def _of_table(table: Table, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Every part of a table, by a name of its own."""
    name = table.name
    yield "table", f"table {name}"
    for column in table.columns:
        yield f"column {column.name}", f"{name}.{column.name} {_column(column, dialect)}"
    yield "key", f"{name} primary key ({_names(table.primary_key.columns)})"
    for unique in table.uniques:
        yield f"unique {unique.columns}", f"{name} unique ({_names(unique.columns)})"
    for check in table.checks:
        yield f"check {check.name}", f"{name} check {dialect.sql(check.expression)}"
    for key in table.foreign_keys:
        rule = f"→ {key.references} on delete {key.on_delete.lower()}"
        yield f"reference {key.columns}", f"{name}.{_names(key.columns)} {rule}"
    for index in table.indexes:
        yield f"index {index.name}", f"{name} {_index(index, dialect)}"


def _column(column: Column, dialect: Dialect) -> str:
    default = dialect.default(column)
    parts = (
        dialect.type(column.type),
        "" if column.nullable else "not null",
        f"default {default}" if default else "",
        "identity" if column.identity else "",
    )
    return " ".join(filter(None, parts))


def _index(index: Index, dialect: Dialect) -> str:
    columns = ", ".join(f"{p.column} desc" if p.descending else p.column for p in index.parts)
    start = "unique index" if index.unique else "index"
    method = "" if index.method == "btree" else f" {index.method}"
    include = f" include ({_names(index.include)})" if index.include else ""
    where = f" where {dialect.sql(index.predicate)}" if index.predicate is not None else ""
    return f"{start}{method} ({columns}){include}{where}"


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(columns)
