"""What may live inside the document of its parent, and what keeps it out."""

from __future__ import annotations

from collections.abc import Iterator

from schemawalk.schema.language.expression import names
from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import View

Homes = dict[str, tuple[Table, ForeignKey]]
"""By table, itself and the key to the table that it lives in."""


def homes(schema: Schema) -> Homes:
    """The tables that live inside another, in the schema's order; of several keys the first."""
    found: Homes = {}
    for table, key in schema.references():
        if key.embedded:
            found.setdefault(table.name, (table, key))
    return found


def kept_apart(schema: Schema) -> dict[str, str]:
    """By name of a key that says so and cannot, why rows do not live inside what it refers to."""
    inside = homes(schema)
    first = {key.name for _, key in inside.values()}
    apart = {
        key.name: f"it would have to live in {inside[table.name][1].references} as well"
        for table, key in schema.references()
        if key.embedded and key.name not in first
    }
    # What is put out may be what kept another one out, or in.
    while found := {n: why for n, (t, k) in inside.items() if (why := _why(schema, t, k, inside))}:
        apart |= {inside[name][1].name: why for name, why in found.items()}
        inside = {name: home for name, home in inside.items() if name not in found}
    return apart


def _why(schema: Schema, table: Table, key: ForeignKey, inside: Homes) -> str:
    return next(_reasons(schema, table, key, inside), "")


def _reasons(schema: Schema, table: Table, key: ForeignKey, inside: Homes) -> Iterator[str]:
    own = set(key.columns)
    if _comes_back(table.name, inside):
        yield "each would live inside the other"
    if any(table.column(name).nullable for name in own):
        yield "not every one has such a home"
    for other, reference in schema.references():
        at_home = other.name in inside and inside[other.name][1].name == reference.name
        if reference.references == table.name and not at_home:
            yield f"{other.name} could not refer to it"
    for check in table.checks:
        if own & set(names(check.expression)):
            yield f"{check.name} could not see where it is"
    if any(isinstance(t, View | Routine) and t.table == table.name for t in schema.around):
        yield "a view or a clean-up speaks of it alone"
    yield from _beyond(table, key, deep=key.references in inside)


def _beyond(table: Table, key: ForeignKey, *, deep: bool) -> Iterator[str]:
    """Keys that no index over the parent's documents can hold."""
    nullable = {column.name for column in table.columns if column.nullable}
    for unique in table.uniques:
        outside = not set(key.columns) <= set(unique.columns)
        if outside and (deep or nullable & set(unique.columns)):
            yield f"{unique.name} could not be kept across documents"
    for index in table.indexes:
        loose = index.predicate is not None or nullable & {part.column for part in index.parts}
        if index.unique and (loose or deep):
            yield f"{index.name} could not be kept across documents"


def _comes_back(name: str, inside: Homes) -> bool:
    """Whether the way from a table to what it lives in leads back to it."""
    at, seen = name, {name}
    while at in inside:
        at = inside[at][1].references
        if at in seen:
            return True
        seen.add(at)
    return False
