"""The indexes through which InnoDB and MySQL check foreign keys, so that every row is checked.

Since 9.6 MySQL checks a key itself, and not InnoDB.  Two kinds of rows it passes over (9.7.4,
tried): those in which anything else is NULL in the first of the table's indexes that begins with
the key's columns, so that a row which is outside of a unique key among live rows could refer to
nothing; and those that have the same in the first columns of both sides of a key from a table to
itself, as if each referred to itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemawalk.schema.dialects.mysql_widths import key_columns
from schemawalk.schema.model import ForeignKey, Index, IndexPart, Table, Unique
from schemawalk.schema.names import unique

_WHY = "with the row's own key at its end it is unique, and MySQL checks {key} through it"


def led(table: Table) -> Table:
    """The table with an index for every foreign key: InnoDB makes one where it finds none."""
    for key in table.foreign_keys:
        if not any(columns[: len(key.columns)] == key.columns for columns in _keys(table)):
            index = _new(table, key, key.columns)
            table = replace(table, indexes=(*table.indexes, index))
    return table


def turned(table: Table) -> Table:
    """The table with keys to itself that begin with what differs: the parent, then the tenant."""
    for key in table.foreign_keys:
        if key.references == table.name and key.columns[0] == key.referenced_columns[0]:
            table = _with_turned(table, key)
    return table


def seen_through(table: Table) -> Table:
    """The table with a first index for each key that has all rows: unique, and the first of all.

    It is the one that was for the key alone, if there was one: InnoDB keeps the row's own key
    behind every other index anyway, so that it is no larger.
    """
    ways = _in_order(table)
    for key in table.foreign_keys:
        first = next((way for way in ways if way.begins_with(key)), None)
        if first is not None and first.passes_over_rows(key):
            table = _with_first(table, key)
            ways = _in_order(table)
    return table


def _with_turned(table: Table, key: ForeignKey) -> Table:
    """The table with one key the other way about, its index too, and what it refers to unique."""
    pairs = sorted(key.pairs(), key=lambda pair: pair[0] == pair[1])
    own, theirs = (tuple(pair[side] for pair in pairs) for side in (0, 1))
    made = replace(key, columns=own, referenced_columns=theirs)
    uniques = table.uniques
    if all(each.columns != theirs for each in uniques):
        taken = {each.name for each in uniques}
        name = unique("_".join(("uq", table.name, *theirs)), taken)
        uniques = (*uniques, Unique(name, theirs, because=f"what {key.name} refers to"))
    return replace(
        table,
        foreign_keys=tuple(made if each is key else each for each in table.foreign_keys),
        uniques=uniques,
        indexes=tuple(
            replace(each, parts=tuple(map(IndexPart, own)))
            if not each.unique and _parts(each) == key.columns
            else each
            for each in table.indexes
        ),
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """An index as the server goes through it."""

    columns: tuple[str, ...]
    """An expression is a nameless one."""
    empty: frozenset[str]
    """The columns that may be NULL, of the table."""
    unique: bool

    @property
    def place(self) -> int:
        """Unique and never NULL come first, then unique ones, then all others."""
        if not self.unique:
            return 2
        return 0 if self.empty.isdisjoint(self.columns) else 1

    def begins_with(self, key: ForeignKey) -> bool:
        return self.columns[: len(key.columns)] == key.columns

    def passes_over_rows(self, key: ForeignKey) -> bool:
        """Whether a row that refers to another may be outside of it."""
        return not self.empty.isdisjoint(self.columns[len(key.columns) :])


def _in_order(table: Table) -> list[_Way]:
    """The table's indexes in the server's order: those of one place as they are written."""
    empty = frozenset(("", *(column.name for column in table.columns if column.nullable)))
    ways = [_Way(table.primary_key.columns, empty, unique=True)]
    ways += [_Way(each.columns, empty, unique=True) for each in table.uniques]
    ways += [_Way(_parts(each), empty, each.unique) for each in table.indexes
             if each.method == "btree"]  # fmt: skip
    return sorted(ways, key=lambda way: way.place)


def _parts(index: Index) -> tuple[str, ...]:
    parts = (part.column if part.expression is None else "" for part in index.parts)
    return (*parts, index.guard) if index.guard else tuple(parts)


def _with_first(table: Table, key: ForeignKey) -> Table:
    """The table with the key's own index before all others, and any unique key behind it."""
    own = next((i for i in table.indexes if not i.unique and _parts(i) == key.columns), None)
    rest = [name for name in table.primary_key.columns if name not in key.columns]
    made = own or _new(table, key, (*key.columns, *rest))
    why = "; ".join(filter(None, (own.because if own else "", _WHY.format(key=key.name))))
    parts = tuple(IndexPart(name) for name in (*key.columns, *rest))
    made = replace(made, parts=parts, unique=True, because=why)
    moved = [each for each in table.uniques if each.columns[: len(key.columns)] == key.columns]
    behind = [Index(each.name, tuple(map(IndexPart, each.columns)), unique=True,
                    because=each.because) for each in moved]  # fmt: skip
    others = (each for each in table.indexes if each is not own)
    return replace(
        table,
        uniques=tuple(each for each in table.uniques if each not in moved),
        indexes=(made, *behind, *others),
    )


def _new(table: Table, key: ForeignKey, columns: tuple[str, ...]) -> Index:
    taken = {index.name for index in table.indexes}
    return Index(
        unique("_".join(("ix", table.name, *key.columns)), taken),
        tuple(map(IndexPart, columns)),
        because=f"InnoDB needs it for {key.name}",
        serves=(key.source,) if key.source else (),
    )


def _keys(table: Table) -> Iterator[tuple[str, ...]]:
    yield table.primary_key.columns
    yield from (each.columns for each in table.uniques)
    yield from (key_columns(index) for index in table.indexes if index.method == "btree")
