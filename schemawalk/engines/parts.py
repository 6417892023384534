"""Partitions as facts: what PostgreSQL tells of them, and what a schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from schemawalk.engines.catalogue import Fact, quoted
from schemawalk.schema.model import Partition, Schema, Table

Ask = Callable[[str], list[tuple[Any, ...]]]

_CUT: Final = """
SELECT c.relname, p.partstrat::text, pg_get_partkeydef(c.oid)
FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid WHERE c.relnamespace = {space}
"""
_PARTS: Final = """
SELECT t.relname, c.relname, pg_get_expr(c.relpartbound, c.oid)
FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class t ON t.oid = i.inhparent
WHERE c.relispartition AND c.relkind IN ('r', 'p') AND c.relnamespace = {space}
"""
INHERITED: Final = """
SELECT c.relname, '', p.relname, ''
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relispartition AND c.relkind = 'r'
UNION ALL
SELECT t.relname, c.relname, '', p.relname
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
JOIN pg_index x ON x.indexrelid = c.oid JOIN pg_class t ON t.oid = x.indrelid
"""
"""Of each part its table, and of each of its indexes the table's own."""

_STRATEGIES: Final = {"r": "range", "l": "list", "h": "hash"}


def partition_facts(ask: Ask, space: str) -> Iterator[Fact]:
    """How tables are cut, and their parts; months come and go, and are no facts."""
    monthly = set()
    for table, strategy, key in ask(_CUT.format(space=space)):
        if _STRATEGIES[strategy] == "range":
            monthly.add(table)
        yield _cut(table, key)
    for table, part, bound in ask(_PARTS.format(space=space)):
        if table not in monthly or bound == "DEFAULT":
            yield _part(table, part, bound)


def expected_parts(schema: Schema) -> Iterator[Fact]:
    """The same, as the schema says it."""
    for table in schema.tables:
        if table.partition is not None:
            yield from _expected(table, table.partition)


def _expected(table: Table, cut: Partition) -> Iterator[Fact]:
    yield _cut(table.name, f"{cut.by.upper()} ({quoted(cut.column)})")
    for at, part in enumerate(cut.parts):
        value = part.value.replace("'", "''")
        bound = f"modulus {len(cut.parts)}, remainder {at}"
        bound = f"WITH ({bound})" if cut.by == "hash" else f"IN ('{value}')"
        yield _part(table.name, part.name, f"FOR VALUES {bound}")
    if cut.rest:
        yield _part(table.name, cut.rest, "DEFAULT")


def _cut(table: str, key: str) -> Fact:
    return Fact(table, "partitions", "by", (("key", key),))


def _part(table: str, part: str, bound: str) -> Fact:
    return Fact(table, "partition", part, (("bound", bound),))
