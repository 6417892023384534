"""Rows that a database must take, refuse, and carry along when their parent is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from schemawalk.engines.asked import Asked
from schemawalk.engines.column_proof import ColumnProof
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.index_proof import IndexProof
from schemawalk.engines.overlap_proof import OverlapProof
from schemawalk.engines.reference_proof import ReferenceProof
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Key, Values, clash, counts, is_untold, judged, keys, stretches
from schemawalk.rows.planned import NoRowError, Planned, Rows, Wish
from schemawalk.rows.values import FAR, identifier
from schemawalk.schema.capability.innodb import INNODB
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Call, IsNull, Literal, Name, Value, names
from schemawalk.schema.model import Check, Column, Exclusion, Schema, Table
from schemawalk.schema.things import Apart


class RowProof:
    """The attempts on the rows of a schema; they are to be made in order, in one transaction."""

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._engine = engine
        self._schema = schema
        self._dialect = DIALECTS[engine.name]
        self._there = Rows(schema, engine.name, ask=Asked(engine))
        self._inserted = 0
        self._writer = RowWriter(engine, schema)
        self._references = ReferenceProof(schema, self._there, self._writer)
        self._stretches = stretches(schema)

    @property
    def engine(self) -> Engine:
        """The database that is being proven."""
        return self._engine

    @property
    def schema(self) -> Schema:
        """What it should hold."""
        return self._schema

    def on_top(self) -> Rows:
        """A plan for more rows, on top of those that were accepted."""
        return self._there.on_top()

    def insert(self, planned: Iterable[Planned]) -> None:
        """Insert rows in order; raises EngineError."""
        self._writer.insert(planned)

    def insertion(self, planned: Planned) -> tuple[str, list[object]]:
        """The statement that inserts a row, and the values for it."""
        return self._writer.insertion(planned)

    def identified(self, table: Table, row: Values) -> tuple[str, list[object]]:
        """What follows FROM to find one row by its primary key, and the values for it."""
        return self._writer.identified(table, row)

    def found(self, table: Table, row: Values, wanted: str = "1") -> list[object] | None:
        """What SQL gives for the row with that primary key; None when the row is not there."""
        where, values = self._writer.identified(table, row)
        found = self._engine.rows(f"SELECT {wanted} FROM {where}", values)
        return list(found[0]) if found else None

    def accepted(self, table: Table) -> Attempts:
        """One row that the table takes; it stays, for others to refer to."""
        yield f"{table.name}: accepts a row", partial(self._accept, table)

    def refused(self, table: Table) -> Attempts:
        """For every constraint of the table one row that breaks nothing else."""
        if any(column.default or column.identity for column in table.columns):
            yield f"{table.name}: fills in what is left out", partial(self._defaults, table)
        yield from ColumnProof(self._there, self._writer, self._engine).attempts(table)
        for column in table.columns:
            if not column.nullable and not self._never_null(table, column):
                name = f"{table.name}: refuses NULL in {column.name}"
                yield name, partial(self._null, table, column)
        for key in keys(table):
            yield from self._key_attempts(table, key)
        for check in table.checks:
            name = f"{table.name}: refuses what breaks {check.name}"
            yield name, partial(self._broken, table, check)
        for rule in table.exclusions:
            yield from self.kept_apart(table, rule)
        for reference in table.foreign_keys:
            yield from self._references.attempts(table, reference)
        yield from IndexProof(self._engine, self._there).attempts(table)

    def kept_apart(self, table: Table, rule: Exclusion | Apart) -> Attempts:
        """What shows that rows of the table do not overlap, and may follow each other."""
        return OverlapProof(self._there, self._writer, self._engine).attempts(table, rule)

    def repeat(self) -> None:
        """Insert again the rows that were accepted; raises EngineError."""
        self._engine.execute("BEGIN")
        try:
            self._writer.insert(self._there.planned)
        except EngineError:
            self._engine.execute("ROLLBACK")
            raise
        self._engine.execute("COMMIT")

    def _key_attempts(self, table: Table, key: Key) -> Attempts:
        same = ", ".join(key.columns)
        yield f"{table.name}: refuses the same {same} twice", partial(self._double, table, key)
        if _binds_sometimes(table, key):
            name = f"{table.name}: allows the same {same} where {key.name} does not apply"
            yield name, partial(self._allowed, table, key)

    def _accept(self, table: Table) -> str:
        if not self._there.of(table.name):
            self._there.add(table)
        pending = self._there.planned[self._inserted :]
        try:
            # First where it can be undone: a refusal would end the transaction of all others.
            with self._engine.savepoint():
                self._writer.insert(pending)
        except EngineError:
            for planned in pending:
                self._there.forget(planned)
            raise
        self._writer.insert(pending)
        self._inserted += len(pending)
        return ""

    def _defaults(self, table: Table) -> str:
        pretended: dict[str, Value] = {}
        rows = self._there.on_top()
        for column in table.columns:
            if isinstance(column.default, Literal):
                pretended[column.name] = column.default.value
            elif isinstance(column.default, Call):
                far = {"now": FAR, "today": FAR[:10]}
                pretended[column.name] = far.get(column.default.function, identifier(0))
        rows.beneath(table, pretended)
        row = rows.add(table, Wish(fixed=pretended, sparse=True))
        filled = [c for c in table.columns if c.identity or c.name in pretended]
        left_out = {column.name for column in filled}
        given = {name: value for name, value in row.items() if name not in left_out}
        with self._engine.savepoint():
            for planned in rows.planned:
                if planned.values is row:
                    self._compare(table, filled, given)
                    break  # What comes after it counts on an id that it did not get.
                self._writer.insert_one(planned)
        return ", ".join(column.name for column in filled)

    def _compare(self, table: Table, filled: Sequence[Column], given: Values) -> None:
        """Insert `given` and look at what the database put into the columns `filled`."""
        wanted = []
        for column in filled:
            name, default = self._dialect.quoted(column.name), self._dialect.default(column)
            plain = isinstance(column.default, Literal) and column.default.value is not None
            test = f"{name} = {default}"
            if column.type.name == "numeric":
                # SQLite keeps it as a REAL, which is not always the number that was written.
                test = f"abs({name} - {default}) <= 0.000001"
            elif column.type.name in ("json", "list") and self._engine.name in INNODB:
                # To MySQL a text is no document, whatever is in it.
                test = f"JSON_EXTRACT({name}, '$') = JSON_EXTRACT({default}, '$')"
            wanted.append(test if plain else f"{name} IS NOT NULL")
        found = self._writer.inserted(Planned(table, given), wanted)
        wrong = [c.name for c, right in zip(filled, found, strict=True) if not right]
        if wrong:
            raise DisprovedError(f"another value than the default is in {', '.join(wrong)}")

    def _null(self, table: Table, column: Column) -> str:
        rows = self._there.on_top()
        row = rows.add(table)
        bad = {**row, column.name: None}
        wanted = self._engine.reported("not null", table.name, "", (column.name,))
        planned = [replace(p, values=bad) if p.values is row else p for p in rows.planned]
        self._writer.refuse(planned, {wanted})
        return ""

    def _double(self, table: Table, key: Key) -> str:
        rows = self._there.on_top()
        first = self._counted(rows, table, key)
        same = _follows(table, key, first)
        others = keys(table)
        try:
            row = rows.add(table, self._twice(key, same, {key.name}))
        except NoRowError:
            apart = {rule.name for rule in self._stretches.get(table.name, ())}
            every = {other.name for other in others} | apart | rows.obeyed.heedless(table.name)
            row = rows.add(table, self._twice(key, same, every))
        there = [other for other in rows.of(table.name) if other is not row]
        hurt = [k for k in others if any(clash(k, row, other) for other in there)]
        wanted = {self._engine.reported("unique", table.name, k.name, k.columns) for k in hurt}
        self._writer.refuse(rows.planned, wanted)
        return _besides(key.name, [k.name for k in hurt])

    def _allowed(self, table: Table, key: Key) -> str:
        rows = self._there.on_top()
        first = self._counted(rows, table, key)
        same = _follows(table, key, first)
        assert key.predicate is not None
        rows.add(table, Wish(fixed=same, outside=(key.predicate,)))
        with self._engine.savepoint():
            self._writer.insert(rows.planned)
        return ""

    def _counted(self, rows: Rows, table: Table, key: Key) -> Values:
        """A row that takes part in the key: one that is there, or a new one."""
        for row in rows.of(table.name):
            if counts(key, row):
                return row
        return rows.add(table, self._within(key, {}, set()))

    def _twice(self, key: Key, fixed: Values, heedless: set[str]) -> Wish:
        return replace(self._within(key, fixed, heedless), refused=True)

    def _within(self, key: Key, fixed: Values, heedless: set[str]) -> Wish:
        present = tuple(IsNull(Name(column), negated=True) for column in key.columns)
        where = (key.predicate,) if key.predicate is not None else ()
        return Wish(fixed=fixed, heedless=frozenset(heedless), within=(*present, *where))

    def _broken(self, table: Table, check: Check) -> str:
        rows = self._there.on_top()
        try:
            row = rows.add(table, Wish(breaks=(check.name,)))
        except NoRowError:
            others = frozenset(c.name for c in table.checks) | rows.obeyed.heedless(table.name)
            row = rows.add(table, Wish(breaks=(check.name,), heedless=others))
        ask = rows.ask(table)
        hurt = [c.name for c in table.checks if judged(c.expression, row, ask) is False]
        perhaps = [c.name for c in table.checks if is_untold(c.expression, row)]
        named = (*hurt, *perhaps)
        wanted = {self._engine.reported("check", table.name, name, ()) for name in named}
        self._writer.refuse(rows.planned, wanted)
        return _besides(check.name, hurt)

    def _never_null(self, table: Table, column: Column) -> bool:
        """Whether the database puts a value where NULL is given: counted ids, what follows."""
        if column.generated is not None:
            return True
        if self._engine.name in INNODB:
            return column.identity
        key = table.primary_key.columns
        rowid = key == (column.name,) and self._dialect.type(column.type) == "INTEGER"
        return rowid and self._engine.name == "sqlite"


def _follows(table: Table, key: Key, row: Values) -> Values:
    """The row's values in the key, and of what those follow from that are computed."""
    columns = {column.name: column.generated for column in table.columns}
    same = dict.fromkeys(key.columns)
    for name in key.columns:
        if (rule := columns[name]) is not None:
            same |= dict.fromkeys(names(rule))
    return {name: row[name] for name in same}


def _binds_sometimes(table: Table, key: Key) -> bool:
    """Whether two rows may share the key's values, for all that the other keys say."""
    own = set(key.columns)
    if key.predicate is None or own & set(names(key.predicate)):
        return False
    return not any(other != key and set(other.columns) <= own for other in keys(table))


def _besides(name: str, hurt: Sequence[str]) -> str:
    others = [other for other in hurt if other != name]
    return f"never alone: {', '.join(others)} says no as well" if others else ""
