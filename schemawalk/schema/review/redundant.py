"""Rules about indexes and constraints that say what another one says already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.model import Index, IndexPart, Table
from schemawalk.schema.review.indexes import no_index, subject_of
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.tables.indexes import references


def _duplicates(matter: Matter) -> Found:
    for table in matter.schema.tables:
        seen: dict[object, str] = {}
        for index in table.indexes:
            what = (index.parts, index.predicate, index.method, index.include, index.unique)
            first = seen.setdefault(what, index.name)
            if first != index.name:
                yield Said(
                    subject_of(table, index),
                    f"{index.name} and {first} are the same.",
                    "Drop one of them.",
                    no_index(index, matter),
                )


@dataclass(frozen=True)
class _Order:
    """How an index is sorted, as far as that matters to what it serves."""

    index: Index
    equal: int
    """Columns at its beginning that are compared by equality: their direction does not matter."""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(part.column for part in self.index.parts)

    def within(self, other: Index) -> bool:
        """Whether the other index, read forwards or backwards, serves all that this one does."""
        mine, theirs = self.index, other
        same = (mine.predicate, mine.method) == (theirs.predicate, theirs.method)
        covered = set(mine.include) <= {p.column for p in theirs.parts} | set(theirs.include)
        length = len(mine.parts)
        if not same or not covered or mine.unique or length > len(theirs.parts):
            return False
        pairs = list(zip(mine.parts, theirs.parts[:length], strict=True))
        if any(_what(a) != _what(b) for a, b in pairs):
            return False
        turned = {a.descending != b.descending for a, b in pairs[self.equal :]}
        return len(turned) < 2


def _what(part: IndexPart) -> object:
    return part.column, part.expression, part.operators


def _redundant(matter: Matter) -> Found:
    for table in matter.schema.tables:
        if len(table.indexes) > 1:
            yield from _within_others(matter, table)
        if table.uniques:
            yield from _implied(matter, table)


def _within_others(matter: Matter, table: Table) -> Iterator[Said]:
    kept = list(table.indexes)
    for index in sorted(table.indexes, key=lambda each: len(each.parts)):
        order = _Order(index, _equal(index, matter.patterns))
        longer = next((o for o in kept if o is not index and order.within(o)
                       and o.parts != index.parts), None)  # fmt: skip
        if longer is not None:
            kept.remove(index)
            yield Said(
                subject_of(table, index),
                f"{longer.name}, read in either direction, serves all that {index.name} does.",
                "Leave the shorter one out.",
                no_index(index, matter, keys_have_another=True),
            )


def _equal(index: Index, patterns: dict[str, AccessPattern]) -> int:
    """How many of its first columns everything that it serves compares by equality."""
    counts = [len(index.parts)]
    for each in index.serves:
        pattern = patterns.get(each)
        if pattern is not None:
            wanted = references(pattern)
            compared = set(pattern.equals)
            loose = (at for at, name in enumerate(wanted) if name not in compared)
            counts.append(next(loose, len(wanted)))
    return min(counts)


def _implied(matter: Matter, table: Table) -> Iterator[Said]:
    """UNIQUEs over columns of which fewer are unique already."""
    held = [set(table.primary_key.columns), *(set(unique.columns) for unique in table.uniques)]
    needed = {key.referenced_columns for _, key in matter.incoming.get(table.name, ())}
    for unique in table.uniques:
        if unique.columns in needed:
            continue  # a key that carries the tenant refers to just these columns
        wide = set(unique.columns)
        narrow = next((columns for columns in held if columns < wide), None)
        if narrow is not None:
            fact = unique.source if unique.source in matter.lookup.attributes else ""
            yield Said(
                unique.source,
                f"{unique.name} forbids nothing: {', '.join(sorted(narrow))} alone is unique "
                f"in {table.name}.",
                "Leave it out.",
                ((f"attribute.{fact}.unique", ("no",)),)
                if fact
                else _identified(matter, table, unique.source, narrow),
            )


def _identified(matter: Matter, table: Table, source: str, narrow: set[str]) -> Answers:
    """What alone makes two of them the same, where that is among what was said to."""
    entity = matter.lookup.entities.get(source)
    home = {column.name: column.source for column in table.columns}
    sources = {home[name] for name in narrow}
    said = entity.identity or () if entity else ()
    kept = tuple(each for each in said if {each, f"{source}.{each}"} & sources)
    return ((f"entity.{source}.identity", kept),) if len(kept) == len(sources) else ()


RULES: Final = (
    Rule("duplicate-index", "error", "",
         "Two indexes that are the same cost twice and serve once.", _duplicates),
    Rule("prefix-redundant-index", "warning", "",
         "Each write pays for an index that another one makes superfluous.", _redundant),
)  # fmt: skip
"""Section D: the same twice."""
