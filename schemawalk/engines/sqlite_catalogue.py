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
from schemawalk.engines.sqlite_text import Rule, predicate, rules, spelled
from schemawalk.schema.dialects import SQLITE
from schemawalk.schema.model import Schema, Table

Ask = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

_THEIRS: Final = "name NOT GLOB 'sqlite_*'"
TABLES: Final = f"SELECT name, sql FROM sqlite_master WHERE type = 'table' AND {_THEIRS}"
OBJECTS: Final = f"SELECT type, name FROM sqlite_master WHERE {_THEIRS} ORDER BY 1, 2"
_OTHERS: Final = (
    "SELECT tbl_name, type, name FROM sqlite_master WHERE type IN ('view', 'trigger') "
    f"AND {_THEIRS}"
)
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
_HIDDEN: Final = {0: "", 1: " HIDDEN", 2: " GENERATED", 3: " GENERATED"}


def catalogue(ask: Ask) -> Catalogue:
    """The facts of the database; `ask` gives the rows of a query with parameters."""
    return Catalogue.of(_facts(ask))


def _facts(ask: Ask) -> Iterator[Fact]:
    texts: dict[str, str] = dict(ask(_INDEX_TEXTS, ()))
    for table, text in ask(TABLES, ()):
        read = rules(text)
        yield Fact(table, "table", table)
        yield from _columns(ask, table)
        for rule in read:
            if rule.kind == "CHECK":
                yield check_fact(table, rule.name, rule.expression)
            elif rule.kind != "foreign key":
                yield key_fact(table, rule.kind, rule.name, rule.columns)
        yield from _foreign_keys(ask, table, read)
        yield from _indexes(ask, table, texts)
    yield from (Fact(table, kind, name) for table, kind, name in ask(_OTHERS, ()))


def _columns(ask: Ask, table: str) -> Iterator[Fact]:
    found = ask(_COLUMNS, (table,))
    keys = [name for name, _, _, _, place, _ in found if place]
    for name, type_, refused, default, _, hidden in found:
        counting = keys == [name] and type_.upper() == "INTEGER"
        yield column_fact(
            table,
            name,
            type_.upper() + _HIDDEN[hidden],
            spelled(default or ""),
            # A row id is never NULL, whether the text says so or not.
            nullable=not refused and not counting,
            counting=counting,
        )


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
            ", ".join(_part(*part) for part in ask(_PARTS, (name,))),
            unique=bool(unique),
            predicate=predicate(texts[name]),
            method="btree",
            include=(),
        )


def _part(column: str | None, descending: int, collation: str) -> str:
    words = [quoted(column) if column is not None else "an expression"]
    words += [f"COLLATE {collation}"] if collation != "BINARY" else []
    return " ".join(words + (["DESC"] if descending else []))


def spelling(schema: Schema) -> Spelling:
    """The schema's types, defaults and expressions, as SQLite would tell them."""
    columns = [(table, column) for table in schema.tables for column in table.columns]
    return Spelling(
        types={(t.name, c.name): SQLITE.type(c.type) for t, c in columns},
        defaults={(t.name, c.name): spelled(SQLITE.default(c)) for t, c in columns},
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
    )


def counting(table: Table) -> tuple[tuple[str, str], ...]:
    """The column that is the table's row id, if one is: its only key, and of type INTEGER."""
    key = table.primary_key.columns
    if len(key) == 1 and SQLITE.type(table.column(key[0]).type) == "INTEGER":
        return ((table.name, key[0]),)
    return ()
