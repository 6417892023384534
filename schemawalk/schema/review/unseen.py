"""Rules about who works for no tenant, or does not know it yet, and so is shown no row at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.model import Table
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.review.tenants import uniques
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.indexes import FOR_ALL
from schemawalk.schema.things import AllRows, Policy

_FIX: Final = "Let jobs have a role of their own, which the policies let through."
_ROLE: Final[Answers] = (("connecting.roles", ("program",)),)


def _without_a_role(matter: Matter) -> Found:
    """Jobs and workers that ask for all tenants, where no role is let past the policies."""
    closed = _closed(matter) - {thing.table for thing in matter.schema.things(AllRows)}
    for routine in matter.schema.things(Routine):
        if routine.table in closed and routine.rights == "caller" and not routine.role:
            yield Said(
                routine.source or routine.table,
                f"{routine.name} works for all tenants, and the policy of {routine.table} binds "
                "the owner too: it finds no row, changes nothing and says that all went well.",
                _FIX, _ROLE,
            )  # fmt: skip
    for pattern, table in _asked(matter):
        if pattern.who in FOR_ALL and table.name in closed:
            yield Said(
                pattern.id,
                f'"{pattern.name}" asks for all tenants, and the policy of {table.name} shows '
                f"whoever names none no row: the {pattern.who} finds nothing, and says so.",
                _FIX, _ROLE,
            )  # fmt: skip


def _before_it_is_known(matter: Matter) -> Found:
    """Rows that are looked up by what only one of all tenants' rows has."""
    closed = _closed(matter)
    for pattern, table in _asked(matter):
        if pattern.who in FOR_ALL or table.name not in closed or not pattern.equals:
            continue
        by = frozenset(_columns(matter, pattern, table))
        if by in {frozenset(columns) for columns in uniques(table)}:
            named = ", ".join(sorted(by))
            yield Said(
                pattern.id,
                f'"{pattern.name}" finds one row of all tenants by {named}: who does not know yet '
                f"for which tenant they ask is shown no row of {table.name}.",
                "Fine where the tenant is known by then. Else let a function do it that takes "
                f"{named} and gives one row: SECURITY DEFINER, with a fixed search_path, and owned "
                "by a role that the policy lets through.",
            )


def _closed(matter: Matter) -> set[str]:
    return {policy.table for policy in matter.schema.things(Policy)}


def _asked(matter: Matter) -> Iterator[tuple[AccessPattern, Table]]:
    for pattern in matter.design.access_patterns:
        home = matter.lookup.home(pattern.entity)
        if home is not None and home.id in matter.by_source:
            yield pattern, matter.by_source[home.id]


def _columns(matter: Matter, pattern: AccessPattern, table: Table) -> Iterator[str]:
    """The columns that the pattern compares; those of a relationship lead elsewhere."""
    for reference in pattern.equals:
        source = f"{pattern.entity}.{reference}"
        placed = matter.placed.get(source, matter.placed.get(reference, ()))
        yield from (column.name for holder, column in placed if holder.name == table.name)


RULES: Final = (
    Rule("job-sees-nothing", "warning", "P",
         "FORCE ROW LEVEL SECURITY binds the owner: a job without a tenant does nothing, and "
         "nobody is told.", _without_a_role),
    Rule("looked-up-before-tenant", "hint", "P",
         "The policy shows nothing to whoever has not said for which tenant they ask.",
         _before_it_is_known),
)  # fmt: skip
"""Section B: who is shown no row."""
