"""Rows that a database must take, refuse, and carry along when their parent is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from schemawalk.engines.engine import Engine, EngineError, Refusal
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Key, Values, clash, counts, judged, keys
from schemawalk.rows.planned import NoRowError, Planned, Rows, Wish
from schemawalk.rows.values import FAR, identifier
from schemawalk.schema.dialects import DIALECTS
from schemawalk.schema.expression import Call, IsNull, Literal, Name, Value, names
from schemawalk.schema.model import Check, Column, ForeignKey, Schema, Table

_OVERRIDING = {"postgresql": "OVERRIDING SYSTEM VALUE "}
"""What lets a database take a given number in a column that counts by itself."""


class RowProof:
    """The attempts on the rows of a schema; they are to be made in order, in one transaction."""

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._engine = engine
        self._schema = schema
        self._dialect = DIALECTS[engine.name]
        self._there = Rows(schema, engine.name)
        self._inserted = 0

    def accepted(self, table: Table) -> Attempts:
        """One row that the table takes; it stays, for others to refer to."""
        yield f"{table.name}: accepts a row", partial(self._accept, table)

    def refused(self, table: Table) -> Attempts:
        """For every constraint of the table one row that breaks nothing else."""
        if any(column.default or column.identity for column in table.columns):
            yield f"{table.name}: fills in what is left out", partial(self._defaults, table)
        for column in table.columns:
            if not column.nullable and not self._never_null(table, column):
                name = f"{table.name}: refuses NULL in {column.name}"
                yield name, partial(self._null, table, column)
        for key in keys(table):
            yield from self._key_attempts(table, key)
        for check in table.checks:
            name = f"{table.name}: refuses what breaks {check.name}"
            yield name, partial(self._broken, table, check)
        for reference in table.foreign_keys:
            yield from self._reference_attempts(table, reference)

    def repeat(self) -> None:
        """Insert again the rows that were accepted; raises EngineError."""
        for planned in self._there.planned:
            self._insert(planned)

    def _key_attempts(self, table: Table, key: Key) -> Attempts:
        same = ", ".join(key.columns)
        yield f"{table.name}: refuses the same {same} twice", partial(self._double, table, key)
        if _binds_sometimes(table, key):
            name = f"{table.name}: allows the same {same} where {key.name} does not apply"
            yield name, partial(self._allowed, table, key)

    def _reference_attempts(self, table: Table, key: ForeignKey) -> Attempts:
        columns = ", ".join(key.columns)
        name = f"{table.name}: refuses a missing row of {key.references} in {columns}"
        yield name, partial(self._orphan, table, key)
        outcome = {
            "CASCADE": f"{table.name}: goes along when its row of {key.references} is deleted",
            "SET NULL": f"{table.name}: stays without its row of {key.references}",
        }
        kept = f"{table.name}: keeps its row of {key.references} from being deleted"
        name = f"{outcome.get(key.on_delete, kept)} ({columns})"
        yield name, partial(self._deleted, table, key)

    def _accept(self, table: Table) -> str:
        if not self._there.of(table.name):
            self._there.add(table)
        pending = self._there.planned[self._inserted :]
        try:
            # First where it can be undone: a refusal would end the transaction of all others.
            with self._engine.savepoint():
                self._all(pending)
        except EngineError:
            for planned in pending:
                self._there.forget(planned)
            raise
        self._all(pending)
        self._inserted += len(pending)
        return ""

    def _defaults(self, table: Table) -> str:
        pretended: dict[str, Value] = {}
        rows = self._there.on_top()
        for column in table.columns:
            if isinstance(column.default, Literal):
                pretended[column.name] = column.default.value
            elif isinstance(column.default, Call):
                now = column.default.function == "now"
                pretended[column.name] = FAR if now else identifier(0)
        row = rows.add(table, Wish(fixed=pretended, sparse=True))
        filled = [c for c in table.columns if c.identity or c.name in pretended]
        left_out = {column.name for column in filled}
        given = {name: value for name, value in row.items() if name not in left_out}
        with self._engine.savepoint():
            self._all(rows.planned[:-1])
            self._compare(table, filled, given)
        return ", ".join(column.name for column in filled)

    def _compare(self, table: Table, filled: Sequence[Column], given: Values) -> None:
        """Insert `given` and look at what the database put into the columns `filled`."""
        wanted = []
        for column in filled:
            name, default = self._dialect.quoted(column.name), self._dialect.default(column)
            plain = isinstance(column.default, Literal) and column.default.value is not None
            wanted.append(f"{name} = {default}" if plain else f"{name} IS NOT NULL")
        sql, values = self._insertion(Planned(table, given))
        found = self._engine.rows(f"{sql} RETURNING {', '.join(wanted)}", values)[0]
        wrong = [c.name for c, right in zip(filled, found, strict=True) if not right]
        if wrong:
            raise DisprovedError(f"another value than the default is in {', '.join(wrong)}")

    def _null(self, table: Table, column: Column) -> str:
        rows = self._there.on_top()
        row = rows.add(table)
        last = Planned(table, {**row, column.name: None})
        wanted = self._engine.reported("not null", table.name, "", (column.name,))
        return self._refuse([*rows.planned[:-1], last], {wanted})

    def _double(self, table: Table, key: Key) -> str:
        rows = self._there.on_top()
        first = self._counted(rows, table, key)
        same = {column: first[column] for column in key.columns}
        others = keys(table)
        try:
            rows.add(table, self._within(key, same, {key.name}))
        except NoRowError:
            rows.add(table, self._within(key, same, {other.name for other in others}))
        row = rows.planned[-1].values
        there = [other for other in rows.of(table.name) if other is not row]
        hurt = [k for k in others if any(clash(k, row, other) for other in there)]
        wanted = {self._engine.reported("unique", table.name, k.name, k.columns) for k in hurt}
        return self._refuse(rows.planned, wanted) + _besides(key.name, [k.name for k in hurt])

    def _allowed(self, table: Table, key: Key) -> str:
        rows = self._there.on_top()
        first = self._counted(rows, table, key)
        same = {column: first[column] for column in key.columns}
        assert key.predicate is not None
        rows.add(table, Wish(fixed=same, outside=(key.predicate,)))
        with self._engine.savepoint():
            self._all(rows.planned)
        return ""

    def _counted(self, rows: Rows, table: Table, key: Key) -> Values:
        """A row that takes part in the key: one that is there, or a new one."""
        for row in rows.of(table.name):
            if counts(key, row):
                return row
        return rows.add(table, self._within(key, {}, set()))

    def _within(self, key: Key, fixed: Values, heedless: set[str]) -> Wish:
        present = tuple(IsNull(Name(column), negated=True) for column in key.columns)
        where = (key.predicate,) if key.predicate is not None else ()
        return Wish(fixed=fixed, heedless=frozenset(heedless), within=(*present, *where))

    def _broken(self, table: Table, check: Check) -> str:
        rows = self._there.on_top()
        try:
            rows.add(table, Wish(breaks=(check.name,)))
        except NoRowError:
            others = frozenset(c.name for c in table.checks)
            rows.add(table, Wish(breaks=(check.name,), heedless=others))
        row = rows.planned[-1].values
        hurt = [c.name for c in table.checks if judged(c.expression, row) is False]
        wanted = {self._engine.reported("check", table.name, name, ()) for name in hurt}
        return self._refuse(rows.planned, wanted) + _besides(check.name, hurt)

    def _orphan(self, table: Table, key: ForeignKey) -> str:
        rows = self._there.on_top()
        rows.add(table, Wish(orphaned=key))
        wanted = self._engine.reported("foreign key", table.name, key.name, key.columns)
        return self._refuse(rows.planned, {wanted})

    def _deleted(self, table: Table, key: ForeignKey) -> str:
        """Delete a parent that one row alone refers to, by this key alone."""
        rows = self._there.on_top()
        present = tuple(IsNull(Name(column), negated=True) for column in key.referenced_columns)
        owner = self._schema.table(key.references)
        parent = rows.add(owner, Wish(within=present))
        rows.hide(parent)
        pairs = zip(key.columns, key.referenced_columns, strict=True)
        refers = {column: parent[referenced] for column, referenced in pairs}
        child = rows.add(table, self._surviving(table, key, refers, rows))
        with self._engine.savepoint():
            self._all(rows.planned)
            if key.on_delete in ("CASCADE", "SET NULL"):
                self._delete(owner, parent)
                self._see_after(table, key, child)
                return ""
            wanted = self._engine.reported("foreign key", table.name, key.name, key.columns)
            self._expect(partial(self._delete, owner, parent), {wanted}, "the delete")
        return ""

    def _surviving(self, table: Table, key: ForeignKey, fixed: Values, rows: Rows) -> Wish:
        """A child that obeys its CHECKs without its parent too, if there can be one."""
        if key.on_delete == "SET NULL":
            wish = Wish(fixed=fixed, emptied=key.columns)
            try:
                rows.on_top().add(table, wish)
            except NoRowError:
                return Wish(fixed=fixed)
            return wish
        return Wish(fixed=fixed)

    def _see_after(self, table: Table, key: ForeignKey, child: Values) -> None:
        where, values = self._identified(table, child)
        wanted = self._dialect.names(key.columns)
        found = self._engine.rows(f"SELECT {wanted} FROM {where}", values)
        if key.on_delete == "CASCADE" and found:
            raise DisprovedError("the row is still there")
        if key.on_delete == "SET NULL" and not found:
            raise DisprovedError("the row is gone")
        if key.on_delete == "SET NULL" and any(value is not None for value in found[0]):
            raise DisprovedError(f"{', '.join(key.columns)} still has a value")

    def _delete(self, table: Table, row: Values) -> None:
        where, values = self._identified(table, row)
        self._engine.execute(f"DELETE FROM {where}", values)

    def _identified(self, table: Table, row: Values) -> tuple[str, list[object]]:
        """What follows FROM to find one row by its primary key, and the values for it."""
        columns = table.primary_key.columns
        tests = [f"{self._dialect.quoted(name)} = ${at}" for at, name in enumerate(columns, 1)]
        values = [self._engine.bound(table.column(name).type, row[name]) for name in columns]
        return f"{self._dialect.quoted(table.name)} WHERE {' AND '.join(tests)}", values

    def _refuse(self, planned: Sequence[Planned], wanted: set[Refusal]) -> str:
        """Insert all rows; the last one must be refused for one of the reasons `wanted`."""
        with self._engine.savepoint():
            self._all(planned[:-1])
            self._expect(partial(self._insert, planned[-1]), wanted, "the row")
        return ""

    def _expect(self, work: partial[None], wanted: set[Refusal], what: str) -> None:
        """Do the last thing inside a savepoint, which must fail."""
        try:
            work()
        except EngineError as error:
            if error.refusal not in wanted:
                raise DisprovedError(f"{what} was refused for another reason: {error}") from error
        else:
            raise DisprovedError(f"{what} was accepted")

    def _all(self, planned: Iterable[Planned]) -> None:
        for row in planned:
            self._insert(row)

    def _insert(self, planned: Planned) -> None:
        self._engine.execute(*self._insertion(planned))

    def _insertion(self, planned: Planned) -> tuple[str, list[object]]:
        table, row = planned.table, planned.values
        name = self._dialect.quoted(table.name)
        if not row:
            return f"INSERT INTO {name} DEFAULT VALUES", []
        places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
        counted = any(column.identity and column.name in row for column in table.columns)
        override = _OVERRIDING.get(self._engine.name, "") if counted else ""
        values = [self._engine.bound(table.column(c).type, value) for c, value in row.items()]
        columns = self._dialect.names(tuple(row))
        return f"INSERT INTO {name} ({columns}) {override}VALUES ({places})", values

    def _never_null(self, table: Table, column: Column) -> bool:
        """Whether the database puts a number where NULL is given: SQLite's row ids."""
        key = table.primary_key.columns
        rowid = key == (column.name,) and self._dialect.type(column.type) == "INTEGER"
        return rowid and self._engine.name == "sqlite"


def _binds_sometimes(table: Table, key: Key) -> bool:
    """Whether two rows may share the key's values, for all that the other keys say."""
    own = set(key.columns)
    if key.predicate is None or own & set(names(key.predicate)):
        return False
    return not any(other != key and set(other.columns) <= own for other in keys(table))


def _besides(name: str, hurt: Sequence[str]) -> str:
    others = [other for other in hurt if other != name]
    return f"never alone: {', '.join(others)} says no as well" if others else ""
