"""Partitions as SQL: the clause of the table that is cut, and the parts that are there at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Part, Partition, Table
from schemawalk.writers.sql_layout import folded, remark

_REST: Final = "this part takes what no other does"


def partition_clause(table: Table, dialect: Dialect) -> str:
    """What stands behind the closing bracket of CREATE TABLE; empty for a table in one piece."""
    if table.partition is None:
        return ""
    cut = table.partition
    return f" PARTITION BY {cut.by.upper()} ({dialect.quoted(cut.column)})"


def create_parts(table: Table, dialect: Dialect) -> str:
    """CREATE TABLE … PARTITION OF for each part; empty for a table in one piece.

    A month has no part yet: the SQL says the same whenever it is written.
    """
    cut = table.partition
    if cut is None:
        return ""
    lines = [_part(table, part, bound, dialect) for part, bound in _bounds(cut, dialect)]
    if cut.rest:
        lines.append(remark(_REST) + _part(table, Part(cut.rest), "DEFAULT", dialect))
    return remark(cut.because) + "\n".join(lines)


def _bounds(cut: Partition, dialect: Dialect) -> Iterator[tuple[Part, str]]:
    for at, part in enumerate(cut.parts):
        if cut.by == "hash":
            yield part, f"FOR VALUES WITH (MODULUS {len(cut.parts)}, REMAINDER {at})"
        else:
            yield part, f"FOR VALUES IN ({dialect.literal(part.value)})"


def _part(table: Table, part: Part, bound: str, dialect: Dialect) -> str:
    start = f"CREATE TABLE {dialect.quoted(part.name)} PARTITION OF {dialect.quoted(table.name)}"
    return folded(f"{start} {bound};", "  ")
