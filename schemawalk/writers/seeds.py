"""Seeds: reference rows that the product needs, and rows that are made up to develop with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from schemawalk.rows.made_up import MadeUp, made_up
from schemawalk.rows.search import Values
from schemawalk.schema.around.reference_rows import ReferenceRow, Sought, reference_rows
from schemawalk.schema.language.expression import Value
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.things import Policy
from schemawalk.writers.seed_sql import Looked, counted_on, insert_known, insert_rows
from schemawalk.writers.sql_layout import remark
from schemawalk.writers.work import Files, Work, header

REFERENCE: Final = "seeds/reference.sql"
DEVELOPMENT: Final = "seeds/development.sql"

_REFERENCE_NOTE: Final = (
    "-- Rows that must be there before the first user comes. One transaction; run it again as\n"
    "-- often as you like: what is there already stays as it is.\n"
)
_DEVELOPMENT_NOTE: Final = (
    "Rows to develop with{after}. One transaction. Everybody and everything in them is made up, "
    "and the same each time: keep them away from real data."
)
_EVERY_GROUP: Final = (
    "-- Policies keep the rows of groups apart: run it as a role that bypasses them.\n"
)


def files(work: Work) -> Files:
    """The two files, each where there is something in it."""
    found: dict[str, str] = {}
    known = reference_rows(work.design, work.schema)
    if known:
        found[REFERENCE] = _script(work, _REFERENCE_NOTE, _reference(work, known))
    count = work.design.keeping.made_up_rows or 0
    if count > 0 and (groups := list(_development(work, known, count))):
        after = f", to be run after {REFERENCE}" if known else ""
        found[DEVELOPMENT] = _script(work, remark(_DEVELOPMENT_NOTE.format(after=after)), groups)
    return found


def _script(work: Work, note: str, groups: Sequence[str]) -> str:
    note += _EVERY_GROUP if work.schema.things(Policy) else ""
    return f"{header('--')}{note}\n" + "\n\n".join(("BEGIN;", *groups, "COMMIT;")) + "\n"


def _reference(work: Work, known: Sequence[ReferenceRow]) -> list[str]:
    return [
        "\n".join(insert_known(row, work.dialect) for row in rows)
        for rows in _by_table(known).values()
    ]


def _by_table(known: Sequence[ReferenceRow]) -> dict[str, list[ReferenceRow]]:
    found: dict[str, list[ReferenceRow]] = {}
    for row in known:
        found.setdefault(row.table.name, []).append(row)
    return found


def _development(work: Work, known: Sequence[ReferenceRow], count: int) -> Iterator[str]:
    there = {name: [_as_parent(row) for row in rows] for name, rows in _by_table(known).items()}
    attributes = Lookup(work.design).attributes
    for made in made_up(work.schema, work.database, count, attributes, there):
        if made.rows:
            yield _said(made) + insert_rows(made.table, made.rows, work.dialect)
        elif made.missing:
            yield remark(f"{made.table.name}: no row was found that obeys all its rules").rstrip()
        if made.rows and (after := counted_on(made.table, work.dialect)):
            yield after


def _said(made: MadeUp) -> str:
    if not made.missing:
        return ""
    return remark(f"{len(made.rows)} of {made.table.name}: no more obey all its rules")


def _as_parent(row: ReferenceRow) -> Values:
    """A reference row as others refer to it; a key that the database counts is looked up."""
    key = row.table.primary_key.columns
    values: dict[str, Value] = {}
    for name, value in row.values.items():
        values[name] = Looked(value) if isinstance(value, Sought) else value
    missing = [name for name in key if name not in values]
    uniques = (unique.columns for unique in row.table.uniques)
    told = next((names for names in uniques if row.values.keys() >= set(names)), tuple(row.values))
    by = tuple((name, row.values[name]) for name in told)
    return values | {name: Looked(Sought(row.table.name, name, by)) for name in missing}
