"""The search for one made-up row: what its columns may hold, and what must be true of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from schemawalk.rows.judgement import Key, clash, computed, judged, keys, overlap, said_of_parent
from schemawalk.rows.obeyed import begun, can_become, has_room
from schemawalk.rows.search import Condition, Values, Variable, solve
from schemawalk.rows.wishes import NoRowError, Wish
from schemawalk.schema.language.expression import Expression, Not, Value, names
from schemawalk.schema.model import Check, Column, Exclusion, ForeignKey, Table
from schemawalk.schema.things import Apart, Guard, Limit

if TYPE_CHECKING:
    from schemawalk.rows.planned import Rows

ELSEWHERE: Final = 500_000
"""How far the numbers of absent parents are from those of rows."""

Made = dict[tuple[str, frozenset[tuple[str, Value]]], tuple[Value, ...] | None]
"""By foreign key, and what its columns must have, the key of a parent that was made for it."""


@dataclass(frozen=True, slots=True)
class Fits:
    """What a row must be like to become a parent."""

    rules: tuple[Expression, ...]
    free: Callable[[Values], bool]
    """Whether these values of the foreign key are taken by no other row."""


class OneRow:
    """The search for one row."""

    def __init__(self, rows: Rows, table: Table, wish: Wish, number: int) -> None:
        self._rows = rows
        self._table = table
        self._wish = wish
        self._number = number
        self._made: Made = {}

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
        referring = self._rows.decided(self._table)
        given = [column.name for column in self._table.columns if column.generated is None]
        own = [name for name in given if name not in referring]
        yield from (Variable((name,), self._values_of(name)) for name in own if self._open(name))
        for key in sorted(keys, key=self._late):
            if any(map(self._open, key.columns)):
                inside = self._is_own(key)
                after = key.referenced_columns if inside else self._rows.awaited(self._table)
                yield Variable(key.columns, self._parents_of(key), after)
        for name in sorted(referring):
            if self._open(name):
                yield Variable((name,), self._values_of(name))
        for column in self._table.columns:
            if column.generated is not None and self._open(column.name):
                yield Variable((column.name,), _computed(column), names(column.generated))

    def _late(self, key: ForeignKey) -> tuple[bool, bool, bool, int]:
        """What comes later in the search: what needs the row itself, or follows from other keys."""
        back = self._rows.points_back(self._table, key)
        return key == self._wish.orphaned, self._is_own(key), back, len(key.columns)

    def _is_own(self, key: ForeignKey) -> bool:
        """Whether the key points into its own table: to a row, and perhaps to itself."""
        return key.references == self._table.name

    def _open(self, column: str) -> bool:
        return column not in self._wish.fixed

    def _values_of(self, column: str) -> Callable[[Values], Iterator[Values]]:
        def options(chosen: Values) -> Iterator[Values]:
            if column in chosen:
                yield {}
                return
            values = self._rows.values(self._table, column, self._number, chosen)
            if self._wish.sparse:
                values.sort(key=lambda value: value is not None)
            yield from ({column: value} for value in values)

        return options

    def _parents_of(self, key: ForeignKey) -> Callable[[Values], Iterator[Values]]:
        nullable = [name for name in key.columns if self._table.column(name).nullable]
        awaited = bool(self._rows.awaited(self._table))
        obeyed = Fits(self._rows.obeyed.of_parent(self._table.name, key), self._is_free(key))
        fits = Fits((*obeyed.rules, *self._of_key(key)), obeyed.free)

        def options(chosen: Values) -> Iterator[Values]:
            if key == self._wish.orphaned:
                yield from self._absent(key, chosen)
                return
            nothing: list[Values] = [dict.fromkeys(nullable)] if nullable else []
            yield from nothing if self._wish.sparse else ()
            if awaited:
                self._rows.made_so_far(self._table, chosen)
            for values in self._rows.parents(key, chosen, self._made, fits):
                yield dict(zip(key.columns, values, strict=True))
            yield from nothing
            if self._wish.breaks and len(nullable) > 1:  # half a key, which only a CHECK refuses
                for values in self._rows.parents(key, chosen, self._made, obeyed):
                    yield {**dict(zip(key.columns, values, strict=True)), nullable[-1]: None}
            if key.references == self._table.name and set(key.referenced_columns) <= chosen.keys():
                itself = (chosen[column] for column in key.referenced_columns)
                yield dict(zip(key.columns, itself, strict=True))

        return options

    def _is_free(self, key: ForeignKey) -> Callable[[Values], bool]:
        """Whether no other row has the parent already that one row alone may have."""
        alone = [
            each
            for each in keys(self._table)
            if set(each.columns) <= set(key.columns)
            and each.predicate is None
            and each.name not in self._wish.heedless
        ]
        others, table = self._rows.of, self._table.name
        return lambda row: not any(clash(k, row, o) for k in alone for o in others(table))

    def _of_key(self, key: ForeignKey) -> Iterator[Expression]:
        """What CHECKs say of the columns of a key alone, as it is said of its parent."""
        for check, told in said_of_parent(self._table, key):
            if check.name in self._wish.breaks:
                yield Not(told)
            elif check.name not in self._wish.heedless:
                yield told

    def _absent(self, key: ForeignKey, chosen: Values) -> Iterator[Values]:
        """Values that no row of the parent has."""
        pairs = list(key.pairs())
        rows = self._rows.of(key.references)
        there = {tuple(row.get(column) for _, column in pairs) for row in rows}
        if key.references == self._table.name:
            there.add(tuple(chosen.get(column) for _, column in pairs))
        changing = [column for column in key.columns if column not in chosen]
        values = [
            self._rows.values(self._table, name, self._number + ELSEWHERE) for name in changing
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
        for column in self._table.columns:
            if column.generated is not None and not self._open(column.name):
                yield self._follows(column)
        yield from (self._condition(rule, (True,)) for rule in self._wish.within)
        yield from (self._condition(rule, (False, None)) for rule in self._wish.outside)
        for key in keys(self._table):
            if key.name not in self._wish.heedless:
                yield self._alone(key)
        for rule in self._rows.apart(self._table):
            if rule.name not in self._wish.heedless:
                yield self._apart(rule)
        yield from self._triggers()

    def _triggers(self) -> Iterator[Condition]:
        """What triggers ask of the row, as far as it can be told beforehand."""
        obeyed, table = self._rows.obeyed, self._table.name
        for asserted in obeyed.asserted.get(table, ()):
            if asserted.name in self._wish.breaks:
                yield self._condition(asserted.rule, (False,))
            elif asserted.name not in self._wish.heedless:
                yield self._condition(asserted.rule, (True, None))
        for limit in obeyed.limits.get(table, ()):
            if limit.name not in self._wish.heedless:
                yield self._roomy(limit)
        for guard in obeyed.guards.get(table, ()):
            yield Condition(frozenset((guard.column,)), partial(_begins, guard))

    def _roomy(self, limit: Limit) -> Condition:
        columns = frozenset(limit.columns)
        if limit.among is not None:
            columns |= self._mentioned(limit.among)
        others, table = self._rows.of, self._table.name
        return Condition(columns, lambda row: has_room(limit, row, others(table)))

    def _follows(self, column: Column) -> Condition:
        """A generated column has the value that it was wished to have."""
        assert column.generated is not None
        mentioned = self._mentioned(column.generated) | {column.name}
        return Condition(mentioned, lambda row: computed(column, row) == row[column.name])

    def _apart(self, rule: Exclusion | Apart) -> Condition:
        columns = {*rule.columns, rule.start, rule.end}
        if rule.predicate is not None:
            columns |= self._mentioned(rule.predicate)
        others, table = self._rows.of, self._table.name
        guards = self._rows.obeyed.guards.get(table, ())

        def free(row: Values) -> bool:
            """Neither as it is, nor as it may begin."""
            states = (row, begun(guards, row)[0])
            return not any(overlap(rule, each, o) for each in states for o in others(table))

        return Condition(frozenset(columns), free)

    def _condition(self, rule: Expression, accepted: tuple[bool | None, ...]) -> Condition:
        ask = self._rows.ask(self._table)
        return Condition(self._mentioned(rule), lambda row: judged(rule, row, ask) in accepted)

    def _still_holds(self, check: Check) -> Iterator[Condition]:
        empty: Values = dict.fromkeys(self._wish.emptied)
        if empty:
            columns = self._mentioned(check.expression)
            rule, ask = check.expression, self._rows.ask(self._table)
            yield Condition(columns, lambda row: judged(rule, {**row, **empty}, ask) is not False)

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


def _computed(column: Column) -> Callable[[Values], Iterator[Values]]:
    def options(chosen: Values) -> Iterator[Values]:
        yield {column.name: computed(column, chosen)}

    return options


def _begins(guard: Guard, row: Values) -> bool:
    return can_become(guard, row.get(guard.column))
