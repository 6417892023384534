"""Made-up rows that obey every constraint of their table, and such that break exactly one.

Nothing here touches a database: rows are planned, in the order in which they can be inserted, and
always the same ones for the same schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from schemawalk.rows.judgement import Key, clash, judged, keys
from schemawalk.rows.search import Condition, Values, Variable, solve
from schemawalk.rows.values import Hints, candidates, hints
from schemawalk.schema.expression import Expression, IsNull, Name, Value, names
from schemawalk.schema.model import Check, ForeignKey, Schema, Table

FIRST: Final = 1001
"""Where made-up numbers start: past what reference data that comes with a schema uses up."""

_PARENTS: Final = 3
"""How many rows that are there already are tried as a parent."""
_ELSEWHERE: Final = 500_000
"""How far the numbers of absent parents are from those of rows."""


class NoRowError(Exception):
    """No row was found that is as it was asked for; the message says which."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is to be inserted."""

    table: Table
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row should be like, besides obeying its table's constraints."""

    fixed: Mapping[str, Value] = field(default_factory=dict)
    """Values of some columns."""
    breaks: tuple[str, ...] = ()
    """CHECKs that must be false."""
    heedless: frozenset[str] = frozenset()
    """CHECKs and keys that need not be obeyed."""
    within: tuple[Expression, ...] = ()
    """Conditions that must be true."""
    outside: tuple[Expression, ...] = ()
    """Conditions that must not be true."""
    emptied: tuple[str, ...] = ()
    """Columns whose becoming NULL must not break a CHECK."""
    orphaned: ForeignKey | None = None
    """The foreign key whose parent must be absent."""
    sparse: bool = False
    """Leave NULL what may be NULL."""


ANY: Final = Wish()


class Rows:
    """Rows that were planned, on top of others that are there already."""

    def __init__(self, schema: Schema, database: str, below: Rows | None = None) -> None:
        self._schema = schema
        self._database = database
        self._below = below
        self._making: set[str] = set()
        self._hints: dict[str, dict[str, Hints]] = below._hints if below else {}
        self._table_rows: dict[str, list[Values]] = {}
        self._hidden: list[Values] = []
        self._number: int = below._number if below else FIRST
        self.planned: list[Planned] = []

    def on_top(self) -> Rows:
        """A plan that knows these rows, and leaves them alone."""
        return Rows(self._schema, self._database, self)

    def of(self, table: str) -> list[Values]:
        """The table's rows, oldest first."""
        below = self._below.of(table) if self._below else []
        return below + self._table_rows.get(table, [])

    def forget(self, planned: Planned) -> None:
        """Take back a row that the database did not accept."""
        self.planned.remove(planned)
        self._table_rows[planned.table.name].remove(planned.values)

    def hide(self, row: Values) -> None:
        """Let no further row choose this one as its parent."""
        self._hidden.append(row)

    def add(self, table: Table, wish: Wish = ANY) -> Values:
        """Plan a row, after the parents that it needs; raises NoRowError."""
        if table.name in self._making:
            raise NoRowError(f"a row of {table.name} needs another one of {table.name} first")
        self._number += 1
        self._making.add(table.name)
        try:
            row = _Row(self, table, wish, self._number).values()
        finally:
            self._making.discard(table.name)
        self.planned.append(Planned(table, row))
        self._table_rows.setdefault(table.name, []).append(row)
        return row

    def hints(self, table: Table) -> dict[str, Hints]:
        """What the table's rules say about each of its columns."""
        if table.name not in self._hints:
            rules = [check.expression for check in table.checks]
            rules += [index.predicate for index in table.indexes if index.predicate is not None]
            self._hints[table.name] = {c.name: hints(c.name, rules) for c in table.columns}
        return self._hints[table.name]

    def values(self, table: Table, column: str, number: int) -> list[Value]:
        """Values to try in a column."""
        known = self.hints(table)[column]
        return candidates(table.column(column), known, number, self._schema, self._database)

    def parents(self, key: ForeignKey) -> Iterator[tuple[Value, ...]]:
        """Keys of rows that a foreign key may refer to: those that are there, then a new one."""
        usable = (row for row in self.of(key.references) if row not in self._hidden)
        for row in islice(usable, _PARENTS):
            yield tuple(row.get(column) for column in key.referenced_columns)
        present = tuple(IsNull(Name(column), negated=True) for column in key.referenced_columns)
        try:
            row = self.add(self._schema.table(key.references), Wish(within=present))
        except (NoRowError, KeyError):
            return
        yield tuple(row[column] for column in key.referenced_columns)


class _Row:
    """The search for one row."""

    def __init__(self, rows: Rows, table: Table, wish: Wish, number: int) -> None:
        self._rows = rows
        self._table = table
        self._wish = wish
        self._number = number

    def values(self) -> Values:
        found = solve(list(self._variables()), list(self._conditions()), self._wish.fixed)
        if found is None:
            raise NoRowError(self._sought())
        return {column.name: found.get(column.name) for column in self._table.columns}

    def _sought(self) -> str:
        what = f"no made-up row of {self._table.name} was found that obeys all its constraints"
        if self._wish.breaks:
            what += f" but {', '.join(self._wish.breaks)}"
        elif self._wish.orphaned:
            what += f" but {self._wish.orphaned.name}"
        return what

    def _variables(self) -> Iterator[Variable]:
        keys = self._table.foreign_keys
        referring = {column for key in keys for column in key.columns}
        own = [column.name for column in self._table.columns if column.name not in referring]
        yield from (Variable((name,), self._values_of(name)) for name in own if self._open(name))
        for key in sorted(keys, key=lambda key: key == self._wish.orphaned):
            if any(map(self._open, key.columns)):
                inside = key.references == self._table.name
                after = key.referenced_columns if inside else ()
                yield Variable(key.columns, self._parents_of(key), after)
        for name in sorted(referring):
            if self._open(name):
                yield Variable((name,), self._values_of(name))

    def _open(self, column: str) -> bool:
        return column not in self._wish.fixed

    def _values_of(self, column: str) -> Callable[[Values], Iterator[Values]]:
        def options(chosen: Values) -> Iterator[Values]:
            if column in chosen:
                yield {}
                return
            values = self._rows.values(self._table, column, self._number)
            if self._wish.sparse:
                values.sort(key=lambda value: value is not None)
            yield from ({column: value} for value in values)

        return options

    def _parents_of(self, key: ForeignKey) -> Callable[[Values], Iterator[Values]]:
        nullable = [name for name in key.columns if self._table.column(name).nullable]

        def options(chosen: Values) -> Iterator[Values]:
            if key == self._wish.orphaned:
                yield from self._absent(key, chosen)
                return
            nothing: list[Values] = [dict.fromkeys(nullable)] if nullable else []
            yield from nothing if self._wish.sparse else ()
            for values in self._rows.parents(key):
                yield dict(zip(key.columns, values, strict=True))
            yield from nothing
            if key.references == self._table.name and set(key.referenced_columns) <= chosen.keys():
                itself = (chosen[column] for column in key.referenced_columns)
                yield dict(zip(key.columns, itself, strict=True))

        return options

    def _absent(self, key: ForeignKey, chosen: Values) -> Iterator[Values]:
        """Values that no row of the parent has."""
        pairs = list(zip(key.columns, key.referenced_columns, strict=True))
        rows = self._rows.of(key.references)
        there = {tuple(row.get(column) for _, column in pairs) for row in rows}
        if key.references == self._table.name:
            there.add(tuple(chosen.get(column) for _, column in pairs))
        changing = [column for column in key.columns if column not in chosen]
        values = [
            self._rows.values(self._table, name, self._number + _ELSEWHERE) for name in changing
        ]
        for option in zip(*values, strict=False):
            tried = {**chosen, **dict(zip(changing, option, strict=True))}
            absent = tuple(tried[column] for column in key.columns)
            if absent not in there and None not in absent:
                yield {column: tried[column] for column in key.columns}

    def _conditions(self) -> Iterator[Condition]:
        for check in self._table.checks:
            if check.name in self._wish.breaks:
                yield self._condition(check.expression, (False,))
            elif check.name not in self._wish.heedless:
                yield self._condition(check.expression, (True, None))
                yield from self._still_holds(check)
        yield from (self._condition(rule, (True,)) for rule in self._wish.within)
        yield from (self._condition(rule, (False, None)) for rule in self._wish.outside)
        for key in keys(self._table):
            if key.name not in self._wish.heedless:
                yield self._alone(key)

    def _condition(self, rule: Expression, accepted: tuple[bool | None, ...]) -> Condition:
        return Condition(self._mentioned(rule), lambda row: judged(rule, row) in accepted)

    def _still_holds(self, check: Check) -> Iterator[Condition]:
        empty: Values = dict.fromkeys(self._wish.emptied)
        if empty:
            columns = self._mentioned(check.expression)
            rule = check.expression
            yield Condition(columns, lambda row: judged(rule, {**row, **empty}) is not False)

    def _alone(self, key: Key) -> Condition:
        columns = set(key.columns)
        if key.predicate is not None:
            columns |= self._mentioned(key.predicate)
        others = self._rows.of
        table = self._table.name
        return Condition(
            frozenset(columns), lambda row: not any(clash(key, row, o) for o in others(table))
        )

    def _mentioned(self, rule: Expression) -> frozenset[str]:
        own = {column.name for column in self._table.columns}
        return frozenset(name for name in names(rule) if name in own)
