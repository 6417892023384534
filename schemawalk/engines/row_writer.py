"""Rows on their way into a database: inserted, changed, deleted, looked at, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from schemawalk.engines.engine import Engine, EngineError, Refusal
from schemawalk.engines.verdict import DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.obeyed import Obeyed, begun
from schemawalk.rows.planned import Planned
from schemawalk.schema.capability.innodb import INNODB
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import ForeignKey, Schema, Table

_OVERRIDING: Final = {"postgresql": "OVERRIDING SYSTEM VALUE "}
"""What lets a database take a given number in a column that counts by itself."""


class RowWriter:
    """What is done with rows in one database."""

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._engine = engine
        self._dialect = DIALECTS[engine.name]
        self._guards = Obeyed.of(schema).guards
        self._waits = any(key.deferrable for _, key in schema.references())

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work that is always rolled back."""
        return self._engine.savepoint()

    def insert(self, planned: Iterable[Planned]) -> None:
        """Insert rows in order, and have checked what would wait; raises EngineError."""
        rows = list(planned)
        for row in rows:
            self.insert_one(row)
        for row in rows:
            if row.later:
                self.change(row.table, row.values, {name: row.values[name] for name in row.later})
        self.settle()

    def insert_one(self, planned: Planned) -> None:
        """Insert a row whose keys may wait for another, or are still empty; raises EngineError.

        A row that may not begin as it is gets there by the changes that are allowed.
        """
        table = planned.table
        values = {**planned.values, **dict.fromkeys(planned.later)}
        first, changes = self.begun(table, values)
        self._engine.execute(*self.insertion(Planned(table, first)))
        for column, value in changes:
            self.change(table, first, {column: value})

    def begun(self, table: Table, row: Values) -> tuple[Values, list[tuple[str, str]]]:
        """A row as it may begin, and the changes by which it then becomes what it is."""
        return begun(self._guards.get(table.name, ()), row)

    def settle(self) -> None:
        """Check now what would be checked at COMMIT; raises EngineError."""
        if not self._waits:
            return
        if self._engine.name == "postgresql":
            self._engine.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self._engine.execute("SET CONSTRAINTS ALL DEFERRED")
        elif self._engine.name == "sqlite" and self._engine.rows("PRAGMA foreign_key_check"):
            refusal = self._engine.reported("foreign key", "", "", ())
            raise EngineError("SQLite would refuse the COMMIT", refusal=refusal)

    def insertion(self, planned: Planned) -> tuple[str, list[object]]:
        """The statement that inserts a row, and the values for it."""
        table, row = planned.table, planned.given
        name = self._dialect.quoted(table.name)
        if not row and self._engine.name not in INNODB:
            return f"INSERT INTO {name} DEFAULT VALUES", []
        places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
        counted = any(column.identity and column.name in row for column in table.columns)
        override = _OVERRIDING.get(self._engine.name, "") if counted else ""
        values = [self._engine.bound(table.column(c).type, value) for c, value in row.items()]
        columns = self._dialect.names(tuple(row))
        return f"INSERT INTO {name} ({columns}) {override}VALUES ({places})", values

    def inserted(self, planned: Planned, wanted: Sequence[str]) -> Sequence[Any]:
        """Insert a row as the database completes it, and tell what `wanted` is of it.

        It is known by its key, which no row had before: not every database has RETURNING.
        """
        table = planned.table
        keys = self._dialect.names(table.primary_key.columns)
        name, many = self._dialect.quoted(table.name), len(table.primary_key.columns)
        before = set(self._engine.rows(f"SELECT {keys} FROM {name}"))
        self._engine.execute(*self.insertion(planned))
        after = self._engine.rows(f"SELECT {keys}, {', '.join(wanted)} FROM {name}")
        return next(row[many:] for row in after if row[:many] not in before)

    def refuse(self, planned: Sequence[Planned], wanted: set[Refusal]) -> None:
        """Insert all rows; the last one must be refused for one of the reasons `wanted`.

        Where keys wait for each other's rows, any of them may be the one that is refused.
        """
        with self.savepoint():
            if self._waits or any(row.later for row in planned):
                self.expect(lambda: self.insert(planned), wanted, "the row")
                return
            self.insert(planned[:-1])
            self.expect(lambda: self.insert(planned[-1:]), wanted, "the row")

    def expect(self, work: Callable[[], object], wanted: set[Refusal], what: str) -> None:
        """Do the last thing inside a savepoint, which must fail."""
        try:
            work()
            self.settle()
        except EngineError as error:
            if error.refusal not in wanted:
                raise DisprovedError(f"{what} was refused for another reason: {error}") from error
        else:
            raise DisprovedError(f"{what} was accepted")

    def delete(self, table: Table, row: Values) -> None:
        """Delete one row by its primary key; raises EngineError."""
        where, values = self.identified(table, row)
        self._engine.execute(f"DELETE FROM {where}", values)

    def change(self, table: Table, row: Values, new: Mapping[str, Value]) -> None:
        """Give a row other values in some columns; raises EngineError."""
        sets = ", ".join(f"{self._dialect.quoted(name)} = ${at}" for at, name in enumerate(new, 1))
        where, values = self.identified(table, row, start=len(new) + 1)
        target, _, condition = where.partition(" WHERE ")
        given = [self._engine.bound(table.column(c).type, value) for c, value in new.items()]
        self._engine.execute(f"UPDATE {target} SET {sets} WHERE {condition}", [*given, *values])

    def look(
        self, table: Table, row: Values, columns: Sequence[str], besides: Iterable[str] = ()
    ) -> list[tuple[Any, ...]]:
        """What a row has in some columns; found by its primary key, and by columns `besides`."""
        where, values = self.identified(table, row, besides=tuple(besides))
        shown = self._dialect.names(tuple(columns))
        return self._engine.rows(f"SELECT {shown} FROM {where}", values)

    def identified(
        self, table: Table, row: Values, *, start: int = 1, besides: tuple[str, ...] = ()
    ) -> tuple[str, list[object]]:
        """What follows FROM to find one row by its primary key, and the values for it."""
        columns = tuple(dict.fromkeys((*table.primary_key.columns, *besides)))
        tests = [f"{self._dialect.quoted(n)} = ${at}" for at, n in enumerate(columns, start)]
        values = [self._engine.bound(table.column(name).type, row[name]) for name in columns]
        return f"{self._dialect.quoted(table.name)} WHERE {' AND '.join(tests)}", values

    def reported_trigger(self, table: str, name: str) -> Refusal:
        """How the database names a trigger that refuses."""
        return self._engine.reported("trigger", table, name, ())

    def reported_key(self, table: Table, key: ForeignKey) -> Refusal:
        """How the database names a foreign key when it refuses."""
        return self._engine.reported("foreign key", table.name, key.name, key.columns)
