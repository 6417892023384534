"""What MariaDB and MySQL tell of their tables as facts, and a schema as they spell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Protocol

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
from schemawalk.engines.comment_facts import comment_facts
from schemawalk.engines.mariadb_access import access_facts, wanted_access
from schemawalk.engines.routine_facts import mariadb_routines
from schemawalk.engines.trigger_facts import mariadb_triggers
from schemawalk.schema.dialects.index_sql import index_body
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.mysql_columns import kept, source, typed
from schemawalk.schema.model import Index, Schema, Table

Ask = Callable[[str], list[tuple[Any, ...]]]

_HERE: Final = "table_schema = DATABASE()"
TABLES: Final = (
    f"SELECT table_name FROM information_schema.tables WHERE {_HERE} AND table_type = 'BASE TABLE'"
)
LEFTOVERS: Final = f"""
SELECT CASE WHEN table_type IN ('VIEW', 'SEQUENCE') THEN LOWER(table_type) ELSE 'table' END,
  table_name
  FROM information_schema.tables WHERE {_HERE}
UNION ALL SELECT LOWER(routine_type), routine_name FROM information_schema.routines
  WHERE routine_schema = DATABASE()
UNION ALL SELECT 'event', event_name FROM information_schema.events
  WHERE event_schema = DATABASE()
ORDER BY 1, 2
"""
_BESIDES: Final = f"""
SELECT '', LOWER(table_type), table_name FROM information_schema.tables
  WHERE {_HERE} AND table_type NOT IN ('BASE TABLE', 'VIEW')
UNION ALL SELECT table_name, 'storage', engine FROM information_schema.tables
  WHERE {_HERE} AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'
UNION ALL SELECT table_name, 'storage', create_options FROM information_schema.tables
  WHERE {_HERE} AND table_type = 'BASE TABLE' AND create_options <> ''
UNION ALL SELECT table_name, 'counting from', auto_increment FROM information_schema.tables
  WHERE {_HERE} AND auto_increment > 1
UNION ALL SELECT '', 'event', event_name FROM information_schema.events
  WHERE event_schema = DATABASE()
"""
"""What no schema asks for: each of these is a fact too many."""
_COLUMNS: Final = f"""
SELECT table_name, column_name, column_type, collation_name, column_default, is_nullable, extra,
  generation_expression
FROM information_schema.columns WHERE {_HERE}
"""
_CHECKS: Final = {
    True: "SELECT table_name, constraint_name, check_clause, level "
    "FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()",
    False: "SELECT t.table_name, t.constraint_name, CONCAT(c.check_clause, "
    "IF(t.enforced = 'YES', '', ' NOT ENFORCED')), 'Table' "
    "FROM information_schema.check_constraints c JOIN information_schema.table_constraints t "
    "ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name "
    "WHERE t.table_schema = DATABASE() AND t.constraint_type = 'CHECK'",
}
"""By whether it is MariaDB, where each table has names of its own for its CHECKs."""
_PARTS: Final = """
SELECT table_name, index_name, non_unique, column_name, {expression}, collation, sub_part,
  index_type, {unused}
FROM information_schema.statistics WHERE table_schema = DATABASE()
ORDER BY table_name, index_name, seq_in_index
"""
_INDEXES: Final = {
    True: _PARTS.format(expression="NULL", unused="ignored = 'YES'"),
    False: _PARTS.format(expression="expression", unused="is_visible = 'NO'"),
}
_REFERENCES: Final = """
SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name,
  k.referenced_column_name, r.delete_rule, r.update_rule
FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
  AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position
"""
_PRIMARY: Final = "PRIMARY"
_COUNTS: Final = "auto_increment"
_AS_USUAL: Final = frozenset(("", "default_generated"))
"""What `extra` says of a column that is said better by its default."""
_SCRATCH: Final = "schemawalk_scratch_"


def catalogue(
    ask: Ask,
    mariadb: bool,
    roles: frozenset[str] = frozenset(),
    users: frozenset[str] = frozenset(),
) -> Catalogue:
    """The facts in the current database; `ask` gives the rows of a query.

    `roles` and `users` are those that were there before.
    """
    return Catalogue.of([*_facts(ask, mariadb), *access_facts(ask, mariadb, roles, users)])


def _facts(ask: Ask, mariadb: bool) -> Iterator[Fact]:
    tables = {name for (name,) in ask(TABLES)}
    yield from (Fact(name, "table", name) for name in tables)
    found = _Columns(ask, mariadb)
    for table, name, type_, default, nullable, counting in found.rows():
        if table in tables:
            yield column_fact(table, name, type_, default, nullable=nullable, counting=counting)
    yield from (check_fact(*check) for check in found.checks())
    yield from _references(ask)
    yield from _indexes(ask, mariadb)
    yield from mariadb_triggers(ask)
    yield from mariadb_routines(ask)
    yield from comment_facts(ask, "mariadb")
    yield from (Fact(table, kind, str(name)) for table, kind, name in ask(_BESIDES))


class _Columns:
    """Columns and CHECKs, which are told apart: a JSON column of MariaDB has one of its own."""

    def __init__(self, ask: Ask, mariadb: bool) -> None:
        self._ask = ask
        self._checks = ask(_CHECKS[mariadb])

    def checks(self) -> Iterator[tuple[str, str, str]]:
        """Table, name and expression of each CHECK that is the table's."""
        yield from ((t, name, rule) for t, name, rule, level in self._checks if level == "Table")

    def rows(self) -> Iterator[tuple[str, str, str, str, bool, bool]]:
        """Table, name, type, default, whether NULL is allowed, whether it counts by itself."""
        own = {(t, name): rule for t, name, rule, level in self._checks if level != "Table"}
        for table, name, type_, collation, default, nullable, extra, generated in self._ask(
            _COLUMNS
        ):
            words = [
                type_,
                collation,
                f"CHECK ({own[table, name]})" if (table, name) in own else "",
            ]
            words += [extra.replace(_COUNTS, "") if extra.lower() not in _AS_USUAL else ""]
            words += [f"AS ({generated})" if generated else ""]
            told = " ".join(word for word in words if word)
            given = "" if default is None or default == "NULL" else str(default)
            yield table, name, told, given, nullable == "YES", _COUNTS in extra


def _references(ask: Ask) -> Iterator[Fact]:
    for (table, name), rows in groupby(ask(_REFERENCES), key=itemgetter(0, 1)):
        found = list(rows)
        _, _, _, parent, _, deleted, updated = found[0]
        yield foreign_key_fact(
            table,
            name,
            [row[2] for row in found],
            (parent, [row[4] for row in found]),
            on_delete=deleted,
            # InnoDB checks each statement at once: the two are one and the same.
            on_update="NO ACTION" if updated == "RESTRICT" else updated,
        )


def _indexes(ask: Ask, mariadb: bool) -> Iterator[Fact]:
    for (table, name), rows in groupby(ask(_INDEXES[mariadb]), key=itemgetter(0, 1)):
        found = list(rows)
        if name == _PRIMARY:
            yield key_fact(table, "primary key", _PRIMARY, [row[3] for row in found])
            continue
        _, _, repeated, _, _, _, _, method, unused = found[0]
        yield index_fact(
            table,
            name,
            ", ".join(_part(*row[3:7]) for row in found) + (" UNUSED" if unused else ""),
            unique=not repeated,
            predicate="",
            method=method.lower(),
            include=(),
        )


def _part(column: str | None, expression: str | None, order: str | None, cut: int | None) -> str:
    words = [quoted(column) if column is not None else f"({expression})"]
    words += [f"({cut} characters)"] if cut else []
    return " ".join(words + (["DESC"] if order == "D" else []))


class Session(Protocol):
    """What is needed of an engine to ask how it spells things."""

    mariadb: bool
    dialect: MySQLDialect

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives."""


def spelling(session: Session, schema: Schema) -> Spelling:
    """How the server spells `schema`, told by tables that are made and dropped for it."""
    scratch = _Scratch(schema.tables, session.dialect)
    try:
        for statement in scratch.made():
            session.execute(statement)
        return replace(scratch.told(session), around=tuple(wanted_access(session, schema)))
    finally:
        for statement in scratch.dropped():
            session.execute(statement)


class _Scratch:
    """Tables with nothing but what the server rewrites: types, defaults and expressions."""

    def __init__(self, tables: Sequence[Table], dialect: MySQLDialect) -> None:
        self._tables = {f"{_SCRATCH}{at}": table for at, table in enumerate(tables)}
        self._dialect = dialect
        rules = [(table.name, check) for table in tables for check in table.checks]
        self._checks = {f"{_SCRATCH}c{at}": place for at, place in enumerate(rules)}
        expressed = [(t.name, i) for t in tables for i in t.indexes if _has_expression(i)]
        self._indexes = {f"{_SCRATCH}i{at}": place for at, place in enumerate(expressed)}

    def made(self) -> Iterator[str]:
        """The statements that make them; what is there from a proof that was ended goes first."""
        yield from self.dropped()
        names = {(table, check.name): name for name, (table, check) in self._checks.items()}
        for scratch, table in self._tables.items():
            lines = list(self._columns(table))
            for check in table.checks:
                rule = self._dialect.sql(check.expression)
                lines.append(f"CONSTRAINT {names[table.name, check.name]} CHECK ({rule})")
            for name, (owner, index) in self._indexes.items():
                if owner == table.name:
                    lines.append(f"INDEX {name} {index_body(index, self._dialect)}")
            yield (
                f"CREATE TABLE {scratch} ({', '.join(lines)}) "
                f"ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = {self._dialect.exact}"
            )

    def dropped(self) -> Iterator[str]:
        """The statements that take them away."""
        yield from (f"DROP TABLE IF EXISTS {scratch}" for scratch in self._tables)

    def _columns(self, table: Table) -> Iterator[str]:
        for column in table.columns:
            rest = "" if column.identity else source(column, self._dialect, kept(table, column))
            yield f"{self._dialect.quoted(column.name)} {typed(column, self._dialect)} {rest}"

    def told(self, session: Session) -> Spelling:
        """What the server makes of them."""
        found = _Columns(session.rows, session.mariadb)
        types: dict[tuple[str, str], str] = {}
        defaults: dict[tuple[str, str], str] = {}
        for scratch, name, type_, default, _, _ in found.rows():
            if scratch in self._tables:
                place = (self._tables[scratch].name, name)
                types[place] = type_
                defaults |= {place: default} if default else {}
        checks = {
            (self._checks[name][0], self._checks[name][1].name): rule
            for _, name, rule in found.checks()
            if name in self._checks
        }
        counting = {
            (table.name, column.name)
            for table in self._tables.values()
            for column in table.columns
            if column.identity
        }
        return Spelling(
            types,
            defaults,
            checks,
            predicates={},
            counting=frozenset(counting),
            parts=dict(self._guarded()) | dict(self._expressed(session)),
            key_name=_PRIMARY,
            keys_are_indexes=True,
        )

    def _expressed(self, session: Session) -> Iterator[tuple[tuple[str, str], str]]:
        """The parts of indexes on expressions, as only MySQL has them."""
        if not self._indexes:
            return
        for (_, name), rows in groupby(session.rows(_INDEXES[session.mariadb]), itemgetter(0, 1)):
            if name in self._indexes:
                table, index = self._indexes[name]
                guard = [_part(index.guard, None, "A", None)] if index.guard else []
                yield (table, index.name), ", ".join([*(_part(*r[3:7]) for r in rows), *guard])

    def _guarded(self) -> Iterator[tuple[tuple[str, str], str]]:
        for table in self._tables.values():
            for index in table.indexes:
                if index.guard:
                    yield (table.name, index.name), _parts(index)


def _has_expression(index: Index) -> bool:
    return any(part.expression is not None for part in index.parts)


def _parts(index: Index) -> str:
    parts = [(part.column, "D" if part.descending else "A") for part in index.parts]
    return ", ".join(_part(name, None, way, None) for name, way in (*parts, (index.guard, "A")))
