"""Rows that are changed in an act: what one may become, and what a change is refused for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from schemawalk.engines.engine import EngineError, Refusal
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import DisprovedError
from schemawalk.rows.judgement import Values, keys
from schemawalk.rows.planned import ANY, Planned, Rows, Wish
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Expression, In, Literal, Name, Value
from schemawalk.schema.model import Table
from schemawalk.schema.things import Event, Guard, Sealed, Trigger

_T = TypeVar("_T", Guard, Sealed)


def may(event: Event, thing: Trigger, rows: RowProof) -> bool:
    """Whether rows of the table that a trigger stands on are changed, or deleted, at all."""
    seals = (seal for seal in rows.schema.things(Sealed) if seal.table == thing.table)
    return not any(event in seal.events and not seal.columns for seal in seals)


def may_move(columns: tuple[str, ...], thing: Trigger, rows: RowProof) -> bool:
    """Whether rows of the table may change in all of the columns."""
    seals = (seal for seal in rows.schema.things(Sealed) if seal.table == thing.table)
    return may("UPDATE", thing, rows) and not any(set(columns) & set(s.columns) for s in seals)


class Changing:
    """The rows of the table that a trigger stands on, made up, inserted and changed."""

    def __init__(self, thing: Trigger, rows: RowProof) -> None:
        self.thing, self.rows, self.engine = thing, rows, rows.engine
        self.table: Table = rows.schema.table(thing.table)
        self.plan: Rows = rows.on_top()
        self.writer = RowWriter(rows.engine, rows.schema)
        self.dialect = DIALECTS[rows.engine.name]

    @property
    def refusal(self) -> Refusal:
        """How the database says that the trigger refused."""
        return self.engine.reported("trigger", self.table.name, self.thing.name, ())

    def row(self, wish: Wish = ANY) -> Values:
        """A new row of the table, planned; raises NoRowError."""
        return self.plan.add(self.table, wish)

    def insert(self) -> None:
        """Insert everything that is planned; raises EngineError."""
        self.rows.insert(self.plan.planned)

    def becomes(self, row: Values, wish: Wish) -> Mapping[str, Value]:
        """What to change so that a row is as wished: all else obeys, and its parents stay.

        Raises NoRowError.
        """
        stays = {c: row[c] for c in self.table.primary_key.columns}
        stays |= {c: row[c] for key in self.table.foreign_keys for c in key.columns}
        stays |= {c: row[c] for c in self._sealed() if row[c] is not None}
        # The row is itself: it cannot clash with what it was before, nor be one more.
        heedless = wish.heedless | {key.name for key in keys(self.table)}
        heedless |= {limit.name for limit in self.plan.obeyed.limits.get(self.table.name, ())}
        heedless |= {rule.name for rule in self.plan.apart(self.table)}
        wish = replace(
            wish,
            fixed={**stays, **wish.fixed},
            heedless=heedless,
            within=(*wish.within, *self._next_states(row, wish)),
        )
        new = self.plan.on_top().add(self.table, wish)
        own = (c for c in self.table.columns if c.generated is None and not c.identity)
        return {c.name: new[c.name] for c in own if new[c.name] != row[c.name]}

    def beginning(self, also: Values | None = None) -> Values:
        """A new row that need not be changed to become what it is; raises NoRowError."""
        guards = self.plan.obeyed.guards.get(self.table.name, ())
        starts = {guard.column: guard.starts[0] for guard in guards}
        return self.row(Wish(fixed={**starts, **(also or {})}))

    def freely(self, row: Values, besides: Collection[str] = ()) -> Mapping[str, Value]:
        """A change of as many columns as triggers allow; of the key where there is nothing else
        besides some columns.

        Raises NoRowError.
        """
        new = self.becomes(row, ANY)
        if not set(new) <= set(besides):
            return new
        other = self.row()
        self.plan.planned.pop()
        return {name: value for name, value in other.items() if value != row[name]}

    def same_key(self, new: Values) -> bool:
        """Whether a change leaves the row's key alone."""
        return not set(new) & set(self.table.primary_key.columns)

    def _sealed(self) -> set[str]:
        return {column for seal in self._of_table(Sealed) for column in seal.columns}

    def _next_states(self, row: Values, wish: Wish) -> Iterator[Expression]:
        """What guards allow a row to become, where that is not what is tried."""
        for guard in self._of_table(Guard):
            state = row[guard.column]
            if guard.column not in wish.fixed and isinstance(state, str):
                after = (b for a, b in guard.allowed if a == state)
                yield In(Name(guard.column), tuple(map(Literal, (state, *after))))

    def _of_table(self, kind: type[_T]) -> list[_T]:
        return [each for each in self.rows.schema.things(kind) if each.table == self.table.name]

    def change(self, row: Values, new: Mapping[str, Value]) -> None:
        """Change a row; raises EngineError."""
        self.writer.change(self.table, row, new)

    def touch(self, row: Values) -> None:
        """Change a row into what it is already."""
        key = self.table.primary_key.columns[0]
        self.change(row, {key: row[key]})

    def look(self, row: Values, column: str) -> Any:
        """What a row has in a column now; raises DisprovedError when it is gone."""
        found = self.writer.look(self.table, row, (column,))
        if not found:
            raise DisprovedError("the row is gone")
        return found[0][0]

    def must_refuse(
        self, work: Callable[[], object], what: str, besides: frozenset[Refusal] = frozenset()
    ) -> None:
        """Do what the trigger must refuse, for its own reason or one of those `besides`."""
        try:
            with self.engine.savepoint():
                work()
        except EngineError as error:
            if error.refusal not in {self.refusal, *besides}:
                raise DisprovedError(f"{what} was refused for another reason: {error}") from error
        else:
            raise DisprovedError(f"{what} was accepted")

    def insert_plainly(self, row: Values) -> None:
        """Insert a row exactly as it is, whatever state it may begin in; raises EngineError."""
        self.engine.execute(*self.writer.insertion(Planned(self.table, row)))
