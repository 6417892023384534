"""Which indexes a role that policies bind can use: those whose operators tell nothing.

Before PostgreSQL knows that a row is the asker's own it asks no operator that might tell about it,
in an error or by its cost, unless that is marked as leakproof (manual, "Rules and Privileges").
Such a condition is checked row by row, behind the policy.  What constraints compare is not hidden:
a UNIQUE and an exclusion find what they forbid in every row.
"""

from __future__ import annotations

from typing import Final

from schemawalk.schema.model import Index, Schema, Table, TypeName
from schemawalk.schema.things import AllRows, Policy

LEAKPROOF: Final[frozenset[TypeName]] = frozenset((
    "uuid", "text", "varchar", "integer", "bigint", "boolean", "date", "timestamptz", "interval",
    "inet", "bytes",
))  # fmt: skip
"""Types whose =, < and > are leakproof (pg_proc.proleakproof, PostgreSQL 15 to 18); those of
numeric and of enum types are not."""


def closed_tables(schema: Schema) -> frozenset[str]:
    """Names of the tables that have a policy."""
    return frozenset(policy.table for policy in schema.things(Policy))


def let_through(schema: Schema) -> frozenset[str]:
    """Names of the tables of which one role sees all rows, and so uses all indexes."""
    return frozenset(thing.table for thing in schema.things(AllRows))


def is_blind(table: Table, index: Index) -> bool:
    """Whether nobody whom a policy binds finds rows by the index.

    Behind a first column that is leakproof, such as the tenant, the index narrows at least that
    far.
    """
    first = index.parts[0]
    if index.method not in ("btree", "brin") or first.expression is not None:
        return True
    column = table.column(first.column)
    # PostgreSQL compares such texts by lower(), which is not leakproof.
    return column.type.name not in LEAKPROOF or column.collation == "any-case"
