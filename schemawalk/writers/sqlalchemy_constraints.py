"""Defaults, constraints, indexes and comments as SQLAlchemy writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from schemawalk.schema.dialects import Dialect
from schemawalk.schema.expression import Call as Function
from schemawalk.schema.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)
from schemawalk.writers.python_source import Call, Node, Text, laid, listed, literal, named
from schemawalk.writers.sql_layout import sentence

_LOOKS_BOUND = re.compile(r":\w|\\:")
"""What SQLAlchemy's `text` would take for a parameter, or for the escape of one."""

SHARED_DEFAULTS: Final[Mapping[str, str]] = {"uuid": "NEW_UUID", "now": "NOW"}
"""Variable of a function's SQL, where that is too long to stand at every column."""
_SHORT_DEFAULT: Final = 30

NameOf = Callable[[str], Node]
"""How a constraint's name is written: as it is, or in `op.f()`."""


def plain(name: str) -> Node:
    """A name as it is."""
    return literal(name)


def escaped(sql: str) -> str:
    """SQL in which SQLAlchemy's `text` finds no parameters."""
    return sql.replace(":", "\\:") if _LOOKS_BOUND.search(sql) else sql


def text(sql: str) -> Call:
    """SQL as it stands, as `sa.text`."""
    return Call("sa.text", (Text(escaped(sql)),))


def comment(purpose: str, because: str) -> str:
    """What the database says about a table or a column; empty when there is nothing to say."""
    return sentence(purpose, because)


def server_default(column: Column, dialect: Dialect) -> Iterator[Node]:
    """The `server_default` of a column that has one."""
    if column.default is not None:
        shared = _shared(column, dialect)
        yield named("server_default", shared or text(dialect.default(column)))


def _shared(column: Column, dialect: Dialect) -> str:
    """The variable that holds a column's default; empty when the default stands at the column."""
    match column.default:
        case Function(function) if len(dialect.default(column)) > _SHORT_DEFAULT:
            return SHARED_DEFAULTS.get(function, "")
        case _:
            return ""


def shared_defaults(schema: Schema, dialect: Dialect) -> Iterator[str]:
    """A line for each default that several columns share."""
    columns = (column for table in schema.tables for column in table.columns)
    shared = {_shared(column, dialect): column for column in columns if column.default}
    for variable in SHARED_DEFAULTS.values():
        if variable in shared:
            yield laid(text(dialect.default(shared[variable])), "", f"{variable} = ")


def counting(table: Table, column: Column, dialect: Dialect) -> Iterator[Node]:
    """What keeps a column that counts by itself counting, and other keys from counting."""
    if column.identity and dialect.name != "sqlite":
        yield "sa.Identity()"
    lone = table.primary_key.columns == (column.name,)
    if lone and not column.identity and column.type.name in ("integer", "bigint"):
        yield "autoincrement=False"


def constraints(table: Table, dialect: Dialect, name_of: NameOf = plain) -> Iterator[Node]:
    """Primary key, uniques and checks of a table, each with its name."""
    yield _primary_key(table.primary_key, name_of)
    yield from (_unique(unique, name_of) for unique in table.uniques)
    yield from (_check(check, dialect, name_of) for check in table.checks)


def _primary_key(key: PrimaryKey, name_of: NameOf) -> Call:
    columns = (literal(column) for column in key.columns)
    return Call("sa.PrimaryKeyConstraint", (*columns, named("name", name_of(key.name))))


def _unique(unique: Unique, name_of: NameOf) -> Call:
    columns = (literal(column) for column in unique.columns)
    return Call("sa.UniqueConstraint", (*columns, named("name", name_of(unique.name))))


def _check(check: Check, dialect: Dialect, name_of: NameOf) -> Call:
    rule = Text(escaped(dialect.sql(check.expression)))
    return Call("sa.CheckConstraint", (rule, named("name", name_of(check.name))))


def foreign_key(key: ForeignKey, name_of: NameOf = plain, *, later: bool = False) -> Call:
    """A foreign key; with `later`, one that is added when both tables exist."""
    arguments: list[Node] = [
        strings(key.columns),
        strings(tuple(f"{key.references}.{column}" for column in key.referenced_columns)),
        named("name", name_of(key.name)),
        *on_delete(key),
    ]
    if later:
        arguments.append("use_alter=True")
    return Call("sa.ForeignKeyConstraint", tuple(arguments))


def on_delete(key: ForeignKey) -> Iterator[Node]:
    """The action on delete, unless it is the one that needs no word."""
    if key.on_delete != "NO ACTION":
        yield named("ondelete", literal(key.on_delete))


def index_options(index: Index, dialect: Dialect) -> Iterator[Node]:
    """Keyword arguments of an index: unique, method, predicate, covered columns."""
    if index.unique:
        yield "unique=True"
    if index.method != "btree":
        yield named(f"{dialect.name}_using", literal(index.method))
    if index.predicate is not None:
        yield named(f"{dialect.name}_where", text(dialect.sql(index.predicate)))
    if index.include:
        yield named(f"{dialect.name}_include", strings(index.include))


def strings(values: tuple[str, ...]) -> Call:
    """A list of string constants."""
    return listed([literal(value) for value in values])
