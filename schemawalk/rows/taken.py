"""Which values of a table are taken already: looked up at once, however many rows there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from schemawalk.rows.judgement import judged, overlap, stretches, takes_part
from schemawalk.rows.search import Condition, Values
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.expression import Expression, Name, Value, names
from schemawalk.schema.model import Exclusion, Schema, Table
from schemawalk.schema.things import Apart, Limit

_Holds: TypeAlias = Callable[[Values], bool]
_NOBODY: Final[tuple[Value, ...]] = ()


@dataclass(frozen=True, slots=True)
class _Single:
    """No two rows give the same for all parts, where the predicate holds."""

    parts: tuple[Expression, ...]
    any_case: tuple[bool, ...]
    predicate: Expression | None

    def of(self, row: Values) -> tuple[Value, ...]:
        """What the row gives for the parts; nothing when it takes no part."""
        if self.predicate is not None and judged(self.predicate, row) is not True:
            return _NOBODY
        found = []
        for part, any_case in zip(self.parts, self.any_case, strict=True):
            value = row.get(part.name) if isinstance(part, Name) else evaluate(part, row)
            if value is None:
                return _NOBODY
            found.append(value.lower() if any_case and isinstance(value, str) else value)
        return tuple(found)


class Taken:
    """The rows of one table, as far as they stand in each other's way."""

    def __init__(self, schema: Schema, table: Table) -> None:
        self._singles = tuple(_singles(table))
        self._stretches = tuple(stretches(schema).get(table.name, ()))
        self._limits = tuple(x for x in schema.things(Limit) if x.table == table.name)
        self._seen: list[set[tuple[Value, ...]]] = [set() for _ in self._singles]
        self._held: list[dict[tuple[Value, ...], list[Values]]] = [
            defaultdict(list) for _ in self._stretches
        ]
        self._counts: list[dict[tuple[Value, ...], int]] = [defaultdict(int) for _ in self._limits]

    def add(self, row: Values) -> None:
        """Remember the row."""
        for single, seen in zip(self._singles, self._seen, strict=True):
            seen.add(single.of(row))
        for rule, held in zip(self._stretches, self._held, strict=True):
            if takes_part(rule, row):
                held[_values(row, rule.columns)].append(row)
        for limit, counts in zip(self._limits, self._counts, strict=True):
            if _counted(limit, row):
                counts[_values(row, limit.columns)] += 1

    def conditions(self) -> Iterator[Condition]:
        """What a further row must heed."""
        for at, single in enumerate(self._singles):
            mentioned = [name for part in single.parts for name in names(part)]
            mentioned += names(single.predicate) if single.predicate is not None else ()
            yield Condition(frozenset(mentioned), self._free(at))
        for at, rule in enumerate(self._stretches):
            mentioned = [*rule.columns, rule.start, rule.end]
            mentioned += names(rule.predicate) if rule.predicate is not None else ()
            yield Condition(frozenset(mentioned), self._apart(at, rule))
        for at, limit in enumerate(self._limits):
            mentioned = [*limit.columns, *(names(limit.among) if limit.among else ())]
            yield Condition(frozenset(mentioned), self._within(at, limit))

    def _free(self, at: int) -> _Holds:
        single, seen = self._singles[at], self._seen[at]

        def holds(row: Values) -> bool:
            found = single.of(row)
            return not found or found not in seen

        return holds

    def _apart(self, at: int, rule: Exclusion | Apart) -> _Holds:
        held = self._held[at]

        def holds(row: Values) -> bool:
            others: Sequence[Values] = held.get(_values(row, rule.columns), ())
            return not any(overlap(rule, row, other) for other in others)

        return holds

    def _within(self, at: int, limit: Limit) -> _Holds:
        counts = self._counts[at]

        def holds(row: Values) -> bool:
            full = counts.get(_values(row, limit.columns), 0) >= limit.most
            return not (full and _counted(limit, row))

        return holds


def _singles(table: Table) -> Iterator[_Single]:
    for columns in (table.primary_key.columns, *(unique.columns for unique in table.uniques)):
        parts = tuple(Name(column) for column in columns)
        yield _Single(parts, tuple(_any_case(table, column) for column in columns), None)
    for index in table.indexes:
        if index.unique:
            indexed = tuple(part.expression or Name(part.column) for part in index.parts)
            any_case = tuple(
                part.expression is None and _any_case(table, part.column) for part in index.parts
            )
            yield _Single(indexed, any_case, index.predicate)


def _any_case(table: Table, column: str) -> bool:
    return table.column(column).collation == "any-case"


def _counted(limit: Limit, row: Values) -> bool:
    return limit.among is None or judged(limit.among, row) is True


def _values(row: Values, columns: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(row.get(column) for column in columns)
