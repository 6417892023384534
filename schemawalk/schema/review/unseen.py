"""Rules about who works for no tenant, or does not know it yet, and so is shown no row at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.model import Table
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.review.tenants import closed_too, uniques
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.indexes import FOR_ALL
from schemawalk.schema.tables.unknown_tenant import Before, before_tenant, by_equality
from schemawalk.schema.things import AllRows, Policy

_FIX: Final = "Let jobs have a role of their own, which the policies let through."
_FIX_PROGRAM: Final = "Let the program connect as a role of its own."
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
    """Rows that are looked up by what only one of all tenants' rows has, or one of each."""
    for pattern, table in _unsettled(matter, None):
        likely = before_tenant(pattern, matter.lookup)
        by = frozenset(_columns(matter, pattern, table))
        if likely or by in {frozenset(columns) for columns in uniques(table)}:
            named = ", ".join(sorted(by))
            what = "one row of each tenant" if likely == "all" else "one row of all tenants"
            yield Said(
                pattern.id,
                f'"{pattern.name}" finds {what} by {named}: who does not know yet '
                f"for which tenant they ask is shown no row of {table.name}.",
                "Say so, and a function is made that takes "
                f"{named} and tells the key and the tenant; where the tenant is known by then, say "
                "that.",
                _found(pattern, likely or "one"),
            )


def _found(pattern: AccessPattern, how: Before) -> Answers:
    """The answer that a function finds it; none where nothing but equality can be looked for."""
    asked = ((f"access.{pattern.id}.before_tenant", (how,)),)
    return asked if by_equality(pattern) else ()


def _not_to_be_found(matter: Matter) -> Found:
    """Patterns that are asked before the tenant is known, and for which nothing can look."""
    found = {(r.table, frozenset(r.compared)) for r in matter.schema.things(Routine)}
    for mark in ("one", "all"):
        for pattern, table in _unsettled(matter, mark):
            if (table.name, frozenset(_columns(matter, pattern, table))) not in found:
                why, fix, answers = _what_is_in_the_way(matter, pattern, table)
                yield Said(
                    pattern.id,
                    f'"{pattern.name}" is asked before it is known for which tenant, and nothing '
                    f"looks for it: {why}. The policy of {table.name} shows no row.",
                    fix,
                    answers,
                )


def _what_is_in_the_way(
    matter: Matter, pattern: AccessPattern, table: Table
) -> tuple[str, str, Answers]:
    """Why there is no function, what to do about it, and the same as answers."""
    policy = next(p for p in matter.schema.things(Policy) if p.table == table.name)
    if matter.design.keeping.roles == "none":
        return "the program has no role of its own that could be let", _FIX_PROGRAM, _ROLE
    if not by_equality(pattern):
        return "it compares by more than equality", "Let it compare by equality alone.", ()
    if not policy.column:
        fix = f"Say that {table.name} belong to one tenant."
        return f"no column of {table.name} says whose a row is", fix, closed_too(matter, table)
    fix = (
        "Compare what is kept as it is given (a hash that the program makes), and let rows be "
        "known by an id that tells nothing."
    )
    return "what it compares is kept otherwise than it is given, or the key is personal", fix, ()


def _unsettled(matter: Matter, mark: str | None) -> Iterator[tuple[AccessPattern, Table]]:
    """Patterns so marked that look into a table that a policy closes."""
    marked = [p for p in matter.design.access_patterns if p.before_tenant == mark]
    closed = _closed(matter) if marked else set()
    for pattern, table in _asked(matter) if closed else ():
        wanted = pattern.before_tenant == mark and pattern.equals and table.name in closed
        if wanted and pattern.who not in FOR_ALL:
            yield pattern, table


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
    Rule("not-found-before-tenant", "warning", "P",
         "Who names no tenant is shown no row: whoever signs in so is turned away.",
         _not_to_be_found),
)  # fmt: skip
"""Section B: who is shown no row."""
