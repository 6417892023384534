"""What triggers ask of a made-up row: rules, parents that allow it, room beside others, a state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeVar

from schemawalk.rows.judgement import Values, judged
from schemawalk.schema.language.expression import Expression, Value
from schemawalk.schema.model import ForeignKey, Schema
from schemawalk.schema.things import Asserted, Audit, Guard, History, Limit, ParentRule

APART: Final = 1_000_000
"""How far made-up numbers of a table that triggers count on are from each other: what they insert
meanwhile must not meet them."""


_T = TypeVar("_T", Asserted, Limit, ParentRule, Guard)


@dataclass(frozen=True, slots=True)
class Obeyed:
    """The triggers of a schema by the table whose rows they judge."""

    asserted: Mapping[str, list[Asserted]] = field(default_factory=dict)
    limits: Mapping[str, list[Limit]] = field(default_factory=dict)
    parent_rules: Mapping[str, list[ParentRule]] = field(default_factory=dict)
    guards: Mapping[str, list[Guard]] = field(default_factory=dict)
    counted_on: frozenset[str] = frozenset()
    """Tables that triggers write to."""

    @classmethod
    def of(cls, schema: Schema) -> Obeyed:
        """The triggers of a schema."""
        written = {thing.into for thing in schema.things(Audit)}
        written |= {thing.into for thing in schema.things(History)}
        guards = (guard for guard in schema.things(Guard) if guard.starts)
        return cls(
            _by_table(schema.things(Asserted)), _by_table(schema.things(Limit)),
            _by_table(schema.things(ParentRule)), _by_table(guards), frozenset(written),
        )  # fmt: skip

    def rules(self, table: str) -> Iterator[Expression]:
        """Everything that is said of the columns of a table: what values are worth trying."""
        yield from (each.rule for each in self.asserted.get(table, ()))
        yield from (each.among for each in self.limits.get(table, ()) if each.among is not None)
        for rules in self.parent_rules.values():
            yield from (each.rule for each in rules if each.parent == table)

    def of_parent(self, table: str, key: ForeignKey) -> tuple[Expression, ...]:
        """What the row that a foreign key refers to must obey."""
        rules = self.parent_rules.get(table, ())
        return tuple(each.rule for each in rules if each.columns == key.columns)

    def guarded(self, table: str, column: str) -> tuple[Guard, ...]:
        """The guards of a column that say with which values a row may begin."""
        return tuple(each for each in self.guards.get(table, ()) if each.column == column)

    def heedless(self, table: str) -> frozenset[str]:
        """The names of the rules and limits that rows of a table obey."""
        named = (*self.asserted.get(table, ()), *self.limits.get(table, ()))
        return frozenset(each.name for each in named)


def _by_table(things: Iterable[_T]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = {}
    for thing in things:
        found.setdefault(thing.table, []).append(thing)
    return found


def takes_room(limit: Limit, row: Values) -> bool:
    """Whether a row counts: it has the parent, and is one of those that are meant."""
    present = all(row.get(column) is not None for column in limit.columns)
    return present and (limit.among is None or judged(limit.among, row) is True)


def has_room(limit: Limit, row: Values, others: list[Values]) -> bool:
    """Whether a row may be added beside others."""
    if not takes_room(limit, row):
        return True
    same = (o for o in others if all(o.get(c) == row.get(c) for c in limit.columns))
    return sum(takes_room(limit, other) for other in same) < limit.most


def can_become(guard: Guard, value: Value) -> bool:
    """Whether a way leads to a value; one that the guard does not know is not its affair."""
    known = {*guard.starts, *(each for pair in guard.allowed for each in pair)}
    return value not in known or bool(way(guard, value))


def way(guard: Guard, value: Value) -> tuple[str, ...]:
    """The shortest way from a start to a value, both included; empty when none leads there."""
    ways: list[tuple[str, ...]] = [(start,) for start in guard.starts]
    seen = set(guard.starts)
    for found in ways:
        if found[-1] == value:
            return found
        for before, after in guard.allowed:
            if before == found[-1] and after not in seen:
                seen.add(after)
                ways.append((*found, after))
    return ()


def begun(guards: Iterable[Guard], row: Values) -> tuple[Values, list[tuple[str, str]]]:
    """The row as it can be inserted, and the changes by which it then becomes what it is."""
    first = dict(row)
    changes: list[tuple[str, str]] = []
    for guard in guards:
        steps = way(guard, row.get(guard.column))
        if len(steps) > 1:
            first[guard.column] = steps[0]
            changes += [(guard.column, after) for _, after in pairwise(steps)]
    return first, changes
