"""Which row of another table InnoDB's triggers hold before they look at the rows beside theirs.

Two sessions that look through the same stretch each lock what they saw, and then each waits for the
other: deadlock (MySQL manual, "Deadlocks in InnoDB").  Who first holds the row that both refer to
comes alone.  It must be held before the row is written: a foreign key's check shares it.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.things import Apart, Limit, Thing


@dataclass(frozen=True, slots=True)
class Held:
    """The row that is held, found by columns of the one that is written."""

    parent: str
    columns: tuple[str, ...]
    parent_columns: tuple[str, ...]
    watched: tuple[str, ...]
    """Columns of the row without whose change nothing is looked at."""


def held_by(thing: Thing, schema: Schema) -> Held | None:
    """What a thing holds; None where it refers to nothing, or to its own table.

    A table that is being written cannot be locked row by row.
    """
    match thing:
        case Limit() if thing.parent != thing.table:
            return Held(thing.parent, thing.columns, thing.parent_columns, thing.watched)
        case Apart() if key := pointed_at(schema.table(thing.table), thing.columns):
            return Held(key.references, key.columns, key.referenced_columns, thing.watched)
        case _:
            return None


def pointed_at(table: Table, columns: tuple[str, ...]) -> ForeignKey | None:
    """The key to another table's row that all rows with the same columns refer to; the narrowest.

    A tenant's key counts as well where there is no other.
    """
    own = set(columns)
    keys = [key for key in table.foreign_keys
            if set(key.columns) <= own and key.references != table.name]  # fmt: skip
    return max(keys, key=lambda key: len(key.columns), default=None)
