"""What stands behind a column's name in MySQL and MariaDB: its type, and where it is from."""

from __future__ import annotations

from typing import Literal

from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.language.expression import names
from schemawalk.schema.model import Column, Table

Kept = Literal["VIRTUAL", "STORED"]


def kept(table: Table, column: Column) -> Kept:
    """How a generated column is kept: with the row, unless it is there for its index alone."""
    return "VIRTUAL" if column.virtual or _is_moved(table, column) else "STORED"


def _is_moved(table: Table, column: Column) -> bool:
    """Whether an action of a foreign key changes what it is made of, which bars STORED."""
    if column.generated is None:
        return False
    mentioned = set(names(column.generated))
    moved = (k for k in table.foreign_keys if "SET NULL" in (k.on_delete, k.on_update)
             or k.on_update == "CASCADE")  # fmt: skip
    return any(mentioned & set(key.columns) for key in moved)


def typed(column: Column, dialect: MySQLDialect) -> str:
    """The type, with its collation where that is not the table's."""
    collation = f" COLLATE {dialect.any_case}" if column.collation == "any-case" else ""
    return dialect.type(column.type) + collation


def source(column: Column, dialect: MySQLDialect, way: Kept) -> str:
    """Where the value comes from when nobody gives it; empty when it must be given."""
    if column.generated is not None:
        unseen = " INVISIBLE" if column.invisible else ""
        return f"GENERATED ALWAYS AS ({dialect.sql(column.generated)}) {way}{unseen}"
    if column.identity:
        return "AUTO_INCREMENT"
    default = dialect.default(column)
    return f"DEFAULT {default}" if default else ""
