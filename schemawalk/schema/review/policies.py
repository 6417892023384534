"""Rules about what policies hide from indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.capability.leakproof import closed_tables, is_blind, let_through
from schemawalk.schema.model import Index, Table
from schemawalk.schema.review.indexes import SLOW
from schemawalk.schema.review.rule import Found, Matter, Rule, Said
from schemawalk.schema.tables.indexes import is_for_all, rows_of
from schemawalk.schema.tables.volume import rows_of as rows_of_entity


def _in_large_shares(matter: Matter) -> Found:
    for table, index, pattern, share in _behind(matter):
        if share >= SLOW and not _is_rare(pattern):
            yield _said(table, index, pattern, share)


def _in_small_shares(matter: Matter) -> Found:
    for table, index, pattern, share in _behind(matter):
        if share < SLOW or _is_rare(pattern):
            yield _said(table, index, pattern, share)


def _is_rare(pattern: AccessPattern) -> bool:
    return pattern.often == "rarely"


def _behind(matter: Matter) -> Iterator[tuple[Table, Index, AccessPattern, int]]:
    """Indexes that a role bound by policies cannot use, for whom they are, and a tenant's rows."""
    closed, open_to_jobs = closed_tables(matter.schema), let_through(matter.schema)
    for table in matter.schema.tables:
        if table.name not in closed:
            continue
        for index in table.indexes:
            for pattern in (matter.patterns[e] for e in index.serves if e in matter.patterns):
                by_job = is_for_all(pattern) and table.name in open_to_jobs
                if not by_job and is_blind(table, index):
                    own = table.name in matter.groups
                    yield table, index, pattern, 1 if own else _share(matter, pattern)


def _share(matter: Matter, pattern: AccessPattern) -> int:
    """Rows of one tenant that are looked through instead."""
    tenants = (rows_of_entity(e, matter.lookup) for e in matter.lookup.of_archetype("group"))
    return rows_of(pattern, matter.lookup) // max(1, next(tenants, 1))


def _said(table: Table, index: Index, pattern: AccessPattern, share: int) -> Said:
    return Said(
        pattern.id,
        f"{index.name} serves no role that the policies of {table.name} bind: for "
        f'"{pattern.name}" the program finds its tenant\'s rows by another index, and looks '
        f"through all of them, about {max(share, 1):,}.",
        "Leave it where that is fast enough, or where a role sees all rows; else search in a "
        "function with SECURITY DEFINER that compares the tenant itself.",
    )


_WHY: Final = (
    "Before a row is known to be the asker's own, PostgreSQL asks no operator that could tell of "
    "it: neither what searches within values, nor lower(), nor a comparison of decimals or of "
    "native enums. What constraints forbid, exclusions too, they find as ever."
)

RULES: Final = (
    Rule("index-behind-policy", "warning", "P", _WHY, _in_large_shares),
    Rule("index-behind-policy", "hint", "P", _WHY, _in_small_shares),
)
"""Section D: indexes behind row-level security."""
