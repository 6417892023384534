"""How many rows may stand on each side of a foreign key, for diagrams and object mappers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemawalk.schema.model import ForeignKey, Table


def always_unique(table: Table, columns: Iterable[str]) -> bool:
    """Whether exactly these columns are kept unique among all rows, by a key or a whole index."""
    return frozenset(columns) in set(_unique_sets(table))


def may_be_absent(table: Table, key: ForeignKey) -> bool:
    """Whether a row of `table` may refer to nothing."""
    return any(table.column(column).nullable for column in key.columns)


def _unique_sets(table: Table) -> Iterator[frozenset[str]]:
    yield frozenset(table.primary_key.columns)
    yield from (frozenset(unique.columns) for unique in table.uniques)
    for index in table.indexes:
        if index.unique and index.predicate is None:
            yield frozenset(part.column for part in index.parts)
