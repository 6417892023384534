"""Indexes as SQL: CREATE INDEX with the query that it serves above it."""

from __future__ import annotations

from schemawalk.schema.dialects.index_sql import INDEX_MANNERS, index_body
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Index, Table
from schemawalk.writers.sql_layout import WIDTH, folded, remark


def create_index(table: Table, index: Index, dialect: Dialect) -> str:
    """CREATE INDEX, with the query that it serves above it where no comment can be kept."""
    manner = INDEX_MANNERS[dialect.name]
    kind = "UNIQUE " if index.unique else manner.kinds.get(index.method, "")
    start = f"CREATE {kind}INDEX {dialect.quoted(index.name)}"
    clauses = [f"ON {dialect.quoted(table.name)} {index_body(index, dialect)}"]
    if index.include:
        clauses.append(f"INCLUDE ({dialect.names(index.include)})")
    if index.predicate is not None:
        clauses.append(f"WHERE {dialect.sql(index.predicate)}")
    if dialect.name == "postgresql":
        return _clauses(start, clauses)  # COMMENT ON INDEX says why, beneath it
    return remark(index.because) + _clauses(start, clauses)


def _clauses(start: str, clauses: list[str]) -> str:
    line = " ".join((start, *clauses))
    if len(line) < WIDTH:
        return f"{line};"
    return "\n  ".join((start, *(folded(clause, "    ", first=3) for clause in clauses))) + ";"
