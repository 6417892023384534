"""The role of jobs: it works for all tenants, and is alone in being let past their policies.

FORCE ROW LEVEL SECURITY binds the tables' owner too, so that a job without a tenant would see no
row, remove nothing and say that all went well.  Only a superuser can give BYPASSRLS away; a policy
for one role is the owner's to make (PostgreSQL manual, "Row Security Policies").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from schemawalk.schema.around.access import role_name, roles_of
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.draft import Context
from schemawalk.schema.tables.indexes import FOR_ALL
from schemawalk.schema.things import AllRows, Grant, Policy, Privilege, Role, Thing

SUFFIX: Final = "jobs"
_OWNERS: Final = ("roll", "refresh")
"""What only a table's owner can do: make parts, and refresh what a view keeps."""
_ORDER: Final[tuple[Privilege, ...]] = ("SELECT", "INSERT", "UPDATE", "DELETE")

Rights = dict[str, set[Privilege]]
"""What the role may do, by table."""


def add_jobs(context: Context) -> None:
    """The role that calls routines and works off queues; runs after all other roles are there."""
    closed = {thing.table for thing in context.around if isinstance(thing, Policy)}
    routines = [thing for thing in context.around if isinstance(thing, Routine)]
    rights = _rights(context, routines, closed)
    needed = closed & rights.keys() or any(each.purpose in _OWNERS for each in routines)
    if roles_of(context.design, context.lookup) == "none" or not needed:
        return
    whom = " for all tenants" if closed else ""
    role = Role(
        role_name(context.design, SUFFIX), source="keeping.roles",
        because=f"jobs: they call routines and work off queues{whom}, and change no table",
    )  # fmt: skip
    context.around = [_called_by(each, role) for each in context.around]
    context.around += [role, *_grants(role, rights, routines, bool(closed))]
    context.around += _let_through(context, role, [name for name in rights if name in closed])


def _called_by(thing: Thing, role: Role) -> Thing:
    if not isinstance(thing, Routine):
        return thing
    return replace(thing, role=role.name, rights="owner" if thing.purpose in _OWNERS else "caller")


def _rights(context: Context, routines: list[Routine], closed: set[str]) -> Rights:
    """What the routines do themselves, and what is asked by nobody's tenant."""
    found: Rights = {}
    for routine in routines:
        for name, privileges in _done_by(routine):
            found.setdefault(name, set()).update(privileges)
    for pattern in context.design.access_patterns:
        home = context.lookup.home(pattern.entity)
        name = context.drafts[home.id].name if home else ""
        if pattern.who in FOR_ALL and name in closed:
            taken: tuple[Privilege, ...] = ("UPDATE",) if pattern.who == "worker" else ()
            found.setdefault(name, set()).update(("SELECT", *taken))
    order = [draft.name for draft in context.drafts.values()]
    return {name: found[name] for name in order if name in found}


def _done_by(routine: Routine) -> Iterator[tuple[str, tuple[Privilege, ...]]]:
    """Each table that a routine touches as whoever calls it, with what it does there."""
    if routine.purpose == "purge":
        # FOR UPDATE wants the right to change a row.
        yield routine.table, ("SELECT", "UPDATE", "DELETE")
        yield from ((hop.table, ("SELECT",)) for way in routine.blockers for hop in way)
    elif routine.purpose == "forget":
        yield routine.table, ("SELECT", "UPDATE" if routine.cleared else "DELETE")
        if routine.before_it:
            yield routine.table, ("UPDATE",)  # for its FOR UPDATE


def _grants(role: Role, rights: Rights, routines: list[Routine], closed: bool) -> Iterator[Grant]:
    alike: dict[tuple[Privilege, ...], list[str]] = {}
    for name, wanted in rights.items():
        alike.setdefault(tuple(p for p in _ORDER if p in wanted), []).append(name)
    for privileges, names in alike.items():
        because = "what the routines and the workers do there, and no more"
        yield Grant(role.name, tuple(names), privileges, because, role.source)
    if routines:
        called = tuple(routine.name for routine in routines)
        because = "jobs alone call them"
        because += ": whoever else did would see one tenant's rows, or none" if closed else ""
        yield Grant(role.name, called, ("EXECUTE",), because, role.source)


def _let_through(context: Context, role: Role, names: list[str]) -> Iterator[AllRows]:
    drafts = {draft.name: draft for draft in context.drafts.values()}
    for name in names:
        yield AllRows(
            drafts[name].constraint_name("po", name, SUFFIX), name, role.name,
            source=drafts[name].table.source,
            because="a job works for all tenants: their policy would show it no row",
        )  # fmt: skip
