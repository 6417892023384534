"""What is due, found: a purge walks an index from the oldest row on, and reads no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import DisprovedError
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Call
from schemawalk.schema.routine import Routine

Look = Callable[[str, str, RowProof], tuple[str, bool]]
"""A query's plan in words, and whether an index over the column bounds what it reads and orders
it."""


def found(thing: Routine, rows: RowProof) -> str:
    """The oldest come first without a look at all others; raises DisprovedError otherwise."""
    dialect = DIALECTS[rows.engine.name]
    table, column, now = (
        dialect.quoted(thing.table), dialect.quoted(thing.column), dialect.sql(Call("now"))
    )  # fmt: skip
    due = f"SELECT 1 FROM {table} WHERE {column} < {now} ORDER BY {column} LIMIT 1000"
    with rows.engine.savepoint():
        plan, bounded = LOOKS[rows.engine.name](due, thing.column, rows)
    if not bounded:
        raise DisprovedError(f"every row is read, or sorted: {plan}")
    return plan


def _by_postgresql(sql: str, column: str, rows: RowProof) -> tuple[str, bool]:
    for setting in ("enable_seqscan", "enable_sort"):
        rows.engine.execute(f"SET LOCAL {setting} = off")
    nodes = list(_nodes(rows.engine.rows(f"EXPLAIN (FORMAT JSON) {sql}")[0][0][0]["Plan"]))
    kinds = [str(node["Node Type"]) for node in nodes]
    ends = [node for node in nodes if "Plans" not in node]
    bounded = all(column in node.get("Index Cond", "") for node in ends)
    return ", ".join(kinds), bounded and not any("Sort" in kind for kind in kinds)


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A node of a plan, and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _by_sqlite(sql: str, column: str, rows: RowProof) -> tuple[str, bool]:
    plan = "; ".join(str(line[-1]) for line in rows.engine.rows(f"EXPLAIN QUERY PLAN {sql}"))
    return plan, "TEMP B-TREE" not in plan and f"({column}<" in plan


LOOKS: Final[Mapping[str, Look]] = {"postgresql": _by_postgresql, "sqlite": _by_sqlite}
"""By database; the others choose by how many rows there are, and there are few in a proof."""
