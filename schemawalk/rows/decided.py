"""Which columns of a row its parents decide, and which are its own although a key holds them."""

from __future__ import annotations

from schemawalk.schema.model import ForeignKey, Schema, Table


def decided(schema: Schema, table: Table) -> frozenset[str]:
    """The columns that follow from the rows to which the table's foreign keys point.

    A house whose owner must be one of its own members points with (id, owner_id) to (house_id,
    id): there it is the member that has its house_id from here.  Such an id is the house's own.
    """
    follows = {
        column
        for key in table.foreign_keys
        for column in key.columns
        if not _is_own(schema, table, key, column)
    }
    return frozenset(follows)


def points_back(schema: Schema, table: Table, key: ForeignKey) -> bool:
    """Whether the parent of a key has from the row itself what the key says of it."""
    return any(_is_own(schema, table, key, column) for column in key.columns)


def _is_own(schema: Schema, table: Table, key: ForeignKey, column: str) -> bool:
    """Whether a column of the primary key is what the parent in turn has from this table."""
    if len(key.columns) == 1 or column not in table.primary_key.columns:
        return False
    theirs = key.referenced_columns[key.columns.index(column)]
    back = (theirs, column)
    return any(
        other.references == table.name
        and back in zip(other.columns, other.referenced_columns, strict=True)
        for parent in schema.tables
        if parent.name == key.references != table.name
        for other in parent.foreign_keys
    )
