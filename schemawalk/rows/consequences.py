"""What the foreign keys say will happen to made-up rows when one of them is deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemawalk.rows.planned import Rows
from schemawalk.rows.search import Values
from schemawalk.schema.model import ForeignKey, Schema, Table


@dataclass
class Consequences:
    """Rows that go along, and keys that may refuse: each with the table that has it."""

    gone: list[tuple[str, Values]] = field(default_factory=list)
    refusing: list[tuple[Table, ForeignKey]] = field(default_factory=list)


Children = Mapping[str, Sequence[tuple[Table, ForeignKey]]]
"""By table, the keys that refer to it, each with the table that has it."""


def children(schema: Schema) -> Children:
    """Who refers to whom."""
    found: dict[str, list[tuple[Table, ForeignKey]]] = {}
    for table, key in schema.references():
        found.setdefault(key.references, []).append((table, key))
    return found


def consequences(below: Children, rows: Rows, table: Table, row: Values) -> Consequences:
    """What a delete of that row leads to, whatever order a database takes it in.

    A key that refuses may do so or not where its own row goes along as well: databases differ in
    what they look at first.
    """
    found = Consequences([(table.name, row)])
    for name, gone in found.gone:
        for child, key in below.get(name, ()):
            for other in _referring(rows, child, key, gone):
                _met(found, child, key, other)
                if key.on_delete == "SET NULL":
                    found.refusing += _holding(below, rows, child, key, other)
    return found


def _holding(
    below: Children, rows: Rows, table: Table, emptied: ForeignKey, row: Values
) -> Iterator[tuple[Table, ForeignKey]]:
    """The keys that refer to what would be emptied in a row: they hold it as it is."""
    lost = set(emptied.emptied or emptied.columns)
    for child, key in below.get(table.name, ()):
        holds = key.on_update in ("RESTRICT", "NO ACTION") or _cannot_follow(child, key, lost)
        if holds and lost & set(key.referenced_columns):
            yield from ((child, key) for _ in _referring(rows, child, key, row))


def _cannot_follow(child: Table, key: ForeignKey, lost: Collection[str]) -> bool:
    """Whether what the key would follow becomes NULL, and its own column must have a value."""
    return any(theirs in lost and not child.column(own).nullable for own, theirs in key.pairs())


def _referring(rows: Rows, child: Table, key: ForeignKey, gone: Values) -> Iterator[Values]:
    wanted = [gone.get(column) for column in key.referenced_columns]
    if None in wanted:
        return
    for row in rows.of(child.name):
        if [row.get(column) for column in key.columns] == wanted:
            yield row


def _met(found: Consequences, child: Table, key: ForeignKey, row: Values) -> None:
    if key.on_delete == "CASCADE":
        if not any(row is there for _, there in found.gone):
            found.gone.append((child.name, row))
    elif key.on_delete in ("RESTRICT", "NO ACTION") and emptying(child, key) is None:
        found.refusing.append((child, key))


def emptying(child: Table, key: ForeignKey) -> ForeignKey | None:
    """The key beside this one that empties columns of it when the same parent goes."""
    for other in child.foreign_keys:
        inside = set(other.columns) < set(key.columns)
        if inside and other.on_delete == "SET NULL" and other.references == key.references:
            return other
    return None
