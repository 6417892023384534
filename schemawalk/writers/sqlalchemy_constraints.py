"""Defaults, constraints, indexes and comments as SQLAlchemy writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from schemawalk.schema.dialects.index_sql import index_body
from schemawalk.schema.dialects.registry import POSTGRESQL, Dialect
from schemawalk.schema.language.expression import Call as Function
from schemawalk.schema.language.expression import Name
from schemawalk.schema.model import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)
from schemawalk.writers.python_source import (
    Call,
    Node,
    Text,
    item,
    laid,
    listed,
    literal,
    mapping,
    named,
)
from schemawalk.writers.sql_layout import sentence

_LOOKS_BOUND = re.compile(r":\w|\\:")
"""What SQLAlchemy's `text` would take for a parameter, or for the escape of one."""

SHARED_DEFAULTS: Final[Mapping[str, str]] = {
    "uuid": "NEW_UUID", "uuid7": "NEW_UUID_7", "now": "NOW", "today": "TODAY",
}  # fmt: skip
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
    """The `server_default` of a column that has one, or what it is computed from."""
    if column.generated is not None:
        rule = Text(escaped(dialect.sql(column.generated)))
        yield Call("sa.Computed", (rule, "persisted=True"))
    elif column.default is not None:
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
    """Primary key, uniques, checks and exclusions of a table, each with its name."""
    yield _primary_key(table.primary_key, name_of)
    yield from (_unique(unique, name_of) for unique in table.uniques)
    yield from (_check(check, dialect, name_of) for check in table.checks)
    yield from (_exclusion(rule, dialect, name_of) for rule in table.exclusions)


def _primary_key(key: PrimaryKey, name_of: NameOf) -> Call:
    columns = (literal(column) for column in key.columns)
    return Call("sa.PrimaryKeyConstraint", (*columns, named("name", name_of(key.name))))


def _unique(unique: Unique, name_of: NameOf) -> Call:
    columns = (literal(column) for column in unique.columns)
    return Call("sa.UniqueConstraint", (*columns, named("name", name_of(unique.name))))


def _check(check: Check, dialect: Dialect, name_of: NameOf) -> Call:
    rule = Text(escaped(dialect.sql(check.expression)))
    return Call("sa.CheckConstraint", (rule, named("name", name_of(check.name))))


def _exclusion(rule: Exclusion, dialect: Dialect, name_of: NameOf) -> Call:
    between = Function(rule.extent, (Name(rule.start), Name(rule.end)))
    same = (Call("sa.column", (literal(column),)) for column in rule.columns)
    elements = [Call("", (column, literal("=")), "()") for column in same]
    elements.append(Call("", (text(dialect.sql(between)), literal("&&")), "()"))
    options = [named("name", name_of(rule.name)), named("using", literal("gist"))]
    if rule.predicate is not None:
        options.append(named("where", text(dialect.sql(rule.predicate))))
    return Call("postgresql.ExcludeConstraint", (*elements, *options))


def foreign_key(key: ForeignKey, name_of: NameOf = plain, *, later: bool = False) -> Call:
    """A foreign key; with `later`, one that is added when both tables exist."""
    arguments: list[Node] = [
        strings(key.columns),
        strings(tuple(f"{key.references}.{column}" for column in key.referenced_columns)),
        named("name", name_of(key.name)),
        *actions(key),
    ]
    if later:
        arguments.append("use_alter=True")
    return Call("sa.ForeignKeyConstraint", tuple(arguments))


def actions(key: ForeignKey) -> Iterator[Node]:
    """What happens when the parent goes or changes, and when it is looked at, if that is unusual.

    What needs no word has none.
    """
    if key.on_delete != "NO ACTION":
        some = key.on_delete == "SET NULL" and key.emptied not in ((), key.columns)
        emptied = f" ({', '.join(map(POSTGRESQL.quoted, key.emptied))})" if some else ""
        yield named("ondelete", literal(key.on_delete + emptied))
    if key.on_update != "NO ACTION":
        yield named("onupdate", literal(key.on_update))
    if key.deferrable:
        yield "deferrable=True"
        yield named("initially", literal("DEFERRED"))


def index_options(index: Index, dialect: Dialect) -> Iterator[Node]:
    """Keyword arguments of an index: unique, method, predicate, covered columns."""
    if index.unique:
        yield "unique=True"
    if index.method != "btree":
        method = "gin" if index.method == "fulltext" else index.method
        yield named(f"{dialect.name}_using", literal(method))
    operators = [item(p.column, literal("gin_trgm_ops")) for p in index.parts
                 if p.operators == "trigram"]  # fmt: skip
    if operators:
        yield named(f"{dialect.name}_ops", mapping(operators))
    if index.predicate is not None:
        yield named(f"{dialect.name}_where", text(dialect.sql(index.predicate)))
    if index.include:
        yield named(f"{dialect.name}_include", strings(index.include))


def special_part(part: IndexPart, index: Index, dialect: Dialect) -> Node | None:
    """A part of an index that is no plain column, as SQL; None for one that is."""
    if part.expression is None and index.method != "fulltext":
        return None
    body = index_body(replace(index, parts=(part,)), dialect)
    return text(body[body.index("(") + 1 : -1])


def strings(values: tuple[str, ...]) -> Call:
    """A list of string constants."""
    return listed([literal(value) for value in values])
