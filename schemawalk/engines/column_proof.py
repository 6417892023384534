"""What columns do by themselves: follow from others, keep texts short, see no case."""

from __future__ import annotations

from functools import partial
from typing import Final

from schemawalk.engines.engine import Engine, EngineError, Refusal
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Key, Values, clash, keys
from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import IsNull, Name, Value, names
from schemawalk.schema.model import Column, Table

_TOO_LONG: Final = Refusal("length", "")


class ColumnProof:
    """The attempts on the columns of a table, besides its constraints."""

    def __init__(self, there: Rows, writer: RowWriter, engine: Engine) -> None:
        self._there = there
        self._writer = writer
        self._engine = engine
        self._dialect = DIALECTS[engine.name]

    def attempts(self, table: Table) -> Attempts:
        """One attempt for each thing that a column does by itself."""
        for column in table.columns:
            if column.generated is not None:
                name = f"{table.name}: computes {column.name}"
                yield name, partial(self._computes, table, column)
                name = f"{table.name}: refuses another value in {column.name}"
                yield name, partial(self._written, table, column)
            elif column.type.name == "varchar":
                most = column.type.precision
                name = f"{table.name}: refuses more than {most} characters in {column.name}"
                yield name, partial(self._too_long, table, column)
        # A key that refers to another table has its value as that table writes it.
        referring = {name for reference in table.foreign_keys for name in reference.columns}
        for key in keys(table):
            for column_name in sorted(set(key.any_case) - referring):
                name = f"{table.name}: refuses the same {column_name} in another case"
                yield name, partial(self._other_case, table, key, column_name)

    def _computes(self, table: Table, column: Column) -> str:
        """Full and sparse rows: what is unknown must stay so."""
        for wish in (Wish(), Wish(sparse=True), Wish(fixed=self._changed(table, column))):
            rows = self._there.on_top()
            try:
                row = rows.add(table, wish)
            except NoRowError:
                continue
            with self._writer.savepoint():
                self._writer.insert(rows.planned)
                self._compare(table, column, row)
        return ""

    def _changed(self, table: Table, column: Column) -> Values:
        """Other values than usual in what the column follows from, so that it is no constant."""
        assert column.generated is not None
        rows = self._there.on_top()
        first = rows.add(table)
        refers = {c for key in table.foreign_keys for c in key.columns}
        others: dict[str, Value] = {}
        for name in names(column.generated):
            values = rows.values(table, name, 7)
            different = (v for v in values if v is not None and v != first[name])
            if name not in refers and (value := next(different, None)) is not None:
                others[name] = value
        return others

    def _compare(self, table: Table, column: Column, row: Values) -> None:
        where, values = self._writer.identified(table, row)
        name, wanted = self._dialect.quoted(column.name), row[column.name]
        if wanted is None:
            test = f"{name} IS NULL"
        else:
            values.append(self._engine.bound(column.type, wanted))
            place = f"${len(values)}"
            test = f"{name} = {place}"
            if column.type.name == "numeric":
                # Where decimals are floating-point numbers, the last digits differ.
                test = f"abs({name} - {place}) <= 0.000001"
        found = self._engine.rows(f"SELECT {test}, {name} FROM {where}", values)
        if not found:
            raise DisprovedError("the row is not there")
        if not found[0][0]:
            raise DisprovedError(f"{column.name} is {found[0][1]}, and should be {wanted}")

    def _written(self, table: Table, column: Column) -> str:
        """Nobody writes what follows from something else."""
        rows = self._there.on_top()
        row = rows.add(table)
        # MariaDB passes over a NULL in silence, and keeps what it computed.
        values = (row[column.name], *rows.values(table, column.name, 7))
        value = next((value for value in values if value is not None), None)
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
            try:
                self._writer.change(table, row, {column.name: value})
            except EngineError as error:
                if error.refusal is None:
                    return ""
                raise
        raise DisprovedError(f"somebody can write {column.name}")

    def _too_long(self, table: Table, column: Column) -> str:
        rows = self._there.on_top()
        row = rows.add(table)
        long = "x" * ((column.type.precision or 0) + 1)
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
            longer = {column.name: long}
            self._writer.expect(
                partial(self._writer.change, table, row, longer), {_TOO_LONG}, "the text"
            )
        return ""

    def _other_case(self, table: Table, key: Key, column: str) -> str:
        rows = self._there.on_top()
        present = tuple(IsNull(Name(name), negated=True) for name in key.columns)
        within = (*present, *((key.predicate,) if key.predicate is not None else ()))
        first = rows.add(table, Wish(within=within))
        text = first[column]
        other = text.swapcase() if isinstance(text, str) else None
        if other is None or other == text:
            raise NoRowError(f"{column} has no letters")
        same: dict[str, Value] = {**{name: first[name] for name in key.columns}, column: other}
        others = keys(table)
        every = frozenset(each.name for each in others)
        row = rows.add(table, Wish(fixed=same, heedless=every, within=within))
        there = [each for each in rows.of(table.name) if each is not row]
        hurt = [k for k in others if any(clash(k, row, each) for each in there)]
        wanted = {self._engine.reported("unique", table.name, k.name, k.columns) for k in hurt}
        self._writer.refuse(rows.planned, wanted)
        return ""
