"""SQLite's own account of its tables as facts, and a schema's expressions in the same spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from schemawalk.engines.catalogue import (
    Catalogue,
    Fact,
    Spelling,
    check_fact,
    column_fact,
    foreign_key_fact,
    index_fact,
    key_fact,
    quoted,
)
from schemawalk.engines.sqlite_text import (
    ColumnText,
    Rule,
    asked,
    columns,
    parts_of,
    predicate,
    rules,
    spelled,
)
from schemawalk.engines.trigger_facts import sqlite_trigger
from schemawalk.schema.dialects.queries import query
from schemawalk.schema.dialects.registry import SQLITE
from schemawalk.schema.model import Column, IndexPart, Schema, Table
from schemawalk.schema.things import View

Ask = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

_THEIRS: Final = "name NOT GLOB 'sqlite_*'"
TABLES: Final = f"SELECT name, sql FROM sqlite_master WHERE type = 'table' AND {_THEIRS}"
OBJECTS: Final = f"SELECT type, name FROM sqlite_master WHERE {_THEIRS} ORDER BY 1, 2"
_BESIDES: Final = f"""
SELECT name, CASE WHEN wr THEN 'without a row id' ELSE 'of values of any type' END
FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND {_THEIRS} AND (wr OR NOT strict)
"""
"""How no table of ours is kept: each of these is a fact too many."""
_TRIGGERS: Final = (
    f"SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND {_THEIRS} "
    "AND tbl_name IN (SELECT name FROM sqlite_master WHERE type = '{}')"
)
_VIEWS: Final = f"SELECT name, sql FROM sqlite_master AS v WHERE type = 'view' AND {_THEIRS}"
_RUNS: Final = (
    "EXISTS (SELECT 1 FROM sqlite_master AS t WHERE t.tbl_name = v.name AND t.type = 'trigger')"
)
"""A view that something happens to when it is written to stands for a routine."""
_COLUMNS: Final = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo($1)'
_FOREIGN_KEYS: Final = (
    'SELECT id, "from", "table", "to", on_delete, on_update '
    "FROM pragma_foreign_key_list($1) ORDER BY id, seq"
)
_INDEXES: Final = "SELECT name, \"unique\" FROM pragma_index_list($1) WHERE origin = 'c'"
_INDEX_TEXTS: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
_PARTS: Final = (
    'SELECT name, "desc", coll FROM pragma_index_xinfo($1) WHERE "key" = 1 ORDER BY seqno'
)
_ALWAYS: Final = " GENERATED ALWAYS"
_HIDDEN: Final = {0: "", 1: " HIDDEN", 2: " GENERATED VIRTUAL", 3: " GENERATED"}


def catalogue(ask: Ask) -> Catalogue:
    """The facts of the database; `ask` gives the rows of a query with parameters."""
    return Catalogue.of(_facts(ask))


def _facts(ask: Ask) -> Iterator[Fact]:
    texts: dict[str, str] = dict(ask(_INDEX_TEXTS, ()))
    yield from (Fact(table, "storage", said) for table, said in ask(_BESIDES, ()))
    for table, text in ask(TABLES, ()):
        read = rules(text)
        yield Fact(table, "table", table)
        yield from _columns(ask, table, text)
        for rule in read:
            if rule.kind == "CHECK":
                yield check_fact(table, rule.name, rule.expression)
            elif rule.kind != "foreign key":
                yield key_fact(table, rule.kind, rule.name, rule.columns)
        yield from _foreign_keys(ask, table, read)
        yield from _indexes(ask, table, texts)
    yield from (view_fact(name, asked(text)) for name, text in ask(f"{_VIEWS} AND NOT {_RUNS}", ()))
    yield from (Fact("", "view to run", name) for name, _ in ask(f"{_VIEWS} AND {_RUNS}", ()))
    yield from (Fact(view, "trigger", name) for view, name, _ in ask(_TRIGGERS.format("view"), ()))
    yield from (sqlite_trigger(*found) for found in ask(_TRIGGERS.format("table"), ()))


def view_fact(name: str, query: str) -> Fact:
    """A view, with its SELECT in one spelling."""
    return Fact("", "view", name, (("query", query),))


def _columns(ask: Ask, table: str, text: str) -> Iterator[Fact]:
    found, read = ask(_COLUMNS, (table,)), columns(text)
    keys = [name for name, _, _, _, place, _ in found if place]
    for name, type_, refused, default, _, hidden in found:
        counting = keys == [name] and type_.upper() == "INTEGER"
        said = read.get(name, ColumnText())
        yield column_fact(
            table,
            name,
            _typed(type_.upper().removesuffix(_ALWAYS), said.collation, _HIDDEN[hidden]),
            said.generated or spelled(default or ""),
            # A row id is never NULL, whether the text says so or not.
            nullable=not refused and not counting,
            counting=counting,
        )


def _typed(type_: str, collation: str, how: str) -> str:
    return type_ + (f" COLLATE {collation}" if collation else "") + how


def _foreign_keys(ask: Ask, table: str, read: Sequence[Rule]) -> Iterator[Fact]:
    keys: dict[int, list[tuple[Any, ...]]] = {}
    for number, *facts in ask(_FOREIGN_KEYS, (table,)):
        keys.setdefault(number, []).append(tuple(facts))
    written = [rule for rule in read if rule.kind == "foreign key"]
    # SQLite counts them from the last to the first (it puts each in front of its list).
    for number, rule in zip(sorted(keys, reverse=True), written, strict=True):
        columns = tuple(facts[0] for facts in keys[number])
        _, parent, _, deleted, updated = keys[number][0]
        referenced = tuple(facts[2] or "" for facts in keys[number])
        yield foreign_key_fact(
            table,
            rule.name,
            columns,
            (parent, referenced),
            on_delete=deleted,
            on_update=updated,
            deferrable=rule.deferrable,
        )


def _indexes(ask: Ask, table: str, texts: Mapping[str, str]) -> Iterator[Fact]:
    for name, unique in ask(_INDEXES, (table,)):
        yield index_fact(
            table,
            name,
            ", ".join(_parts(ask(_PARTS, (name,)), parts_of(texts[name]))),
            unique=bool(unique),
            predicate=predicate(texts[name]),
            method="btree",
            include=(),
        )


def _parts(found: Sequence[tuple[Any, ...]], said: Sequence[str]) -> Iterator[str]:
    """The parts of an index; an expression is told by the index's text alone."""
    for (column, descending, collation), text in zip(found, said, strict=True):
        name = quoted(column) if column is not None else text
        yield _part(name, descending, collation)


def _part(name: str, descending: int, collation: str) -> str:
    words = [name]
    words += [f"COLLATE {collation}"] if collation != "BINARY" else []
    return " ".join(words + (["DESC"] if descending else []))


def spelling(schema: Schema) -> Spelling:
    """The schema's types, defaults and expressions, as SQLite would tell them."""
    every = [(table, column) for table in schema.tables for column in table.columns]
    return Spelling(
        types={(t.name, c.name): _type(c) for t, c in every},
        defaults={(t.name, c.name): spelled(_source(c)) for t, c in every},
        checks={
            (table.name, check.name): spelled(SQLITE.sql(check.expression))
            for table in schema.tables
            for check in table.checks
        },
        predicates={
            (table.name, index.name): spelled(SQLITE.sql(index.predicate))
            for table in schema.tables
            for index in table.indexes
            if index.predicate is not None
        },
        counting=frozenset(place for table in schema.tables for place in counting(table)),
        parts={
            (table.name, index.name): ", ".join(_wanted(table, part) for part in index.parts)
            for table in schema.tables
            for index in table.indexes
        },
        around=tuple(
            view_fact(view.name, spelled(query(view, SQLITE).sql)) for view in schema.things(View)
        ),
    )


def _type(column: Column) -> str:
    collation = SQLITE.any_case if column.collation else ""
    how = " GENERATED" if column.generated is not None else ""
    return _typed(SQLITE.type(column.type), collation, how)


def _source(column: Column) -> str:
    """Where a value comes from that nobody gives."""
    if column.generated is not None:
        return SQLITE.sql(column.generated)
    return SQLITE.default(column)


def _wanted(table: Table, part: IndexPart) -> str:
    """A part of an index; a column brings its own collation along."""
    if part.expression is not None:
        return _part(spelled(SQLITE.sql(part.expression)), part.descending, "BINARY")
    collation = SQLITE.any_case if table.column(part.column).collation else "BINARY"
    return _part(quoted(part.column), part.descending, collation)


def counting(table: Table) -> tuple[tuple[str, str], ...]:
    """The column that is the table's row id, if one is: its only key, and of type INTEGER."""
    key = table.primary_key.columns
    if len(key) == 1 and SQLITE.type(table.column(key[0]).type) == "INTEGER":
        return ((table.name, key[0]),)
    return ()
