"""From answers to who sees which rows: policies of tables, roles and what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from schemawalk.design.model import Design, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import fitted, snake
from schemawalk.schema.sentences import one
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import group_of, tenant_column
from schemawalk.schema.things import (
    Audit,
    Grant,
    History,
    Limit,
    ParentRule,
    Policy,
    Privilege,
    Role,
    Through,
    View,
)

SETTING: Final = "app.tenant_id"
"""Setting of the session that says for which tenant it asks; `SET LOCAL` in each transaction."""

_LONGEST_ROLE: Final = 32
"""Bytes in a role's name; MySQL keeps 32 characters of it (manual, "Account Names")."""
_ROWS: Final[tuple[Privilege, ...]] = ("SELECT", "INSERT", "UPDATE", "DELETE")
_LOG: Final[tuple[Privilege, ...]] = ("SELECT",)


# Policies


def add_policies(context: Context) -> None:
    """Row-level security on each tenant's table, and on those that only hang on one.

    A table that hangs on a tenant's table by a key that is never NULL is as secret as that one:
    without a policy of its own it would show what the other hides.
    """
    group = group_of(context)
    if group is None or not _has_policies(context.design, context.lookup):
        return
    made = {draft.name: _own(context, key, group) for key, draft in context.drafts.items()}
    closed = {name: policy for name, policy in made.items() if policy}
    while _close_what_hangs_on(context, closed):
        pass
    _close_trails(context, closed)
    context.around += [closed[d.name] for d in context.drafts.values() if d.name in closed]


def _own(context: Context, key: str, group: Entity) -> Policy | None:
    """The policy of a table that says itself whose its rows are."""
    draft = context.drafts[key]
    column = draft.key_columns[0] if key == group.id else tenant_column(draft)
    if not column:
        return None
    kept = next(c.type.name for c in draft.every_column() if c.name == column)
    of = "the row itself is" if key == group.id else "each row belongs to"
    return Policy(
        draft.constraint_name("po", draft.name, "tenant"), draft.name, column,
        "bigint" if kept == "bigint" else "uuid", SETTING, source=draft.table.source,
        because=f"{of} one {one(group)}, and nobody else sees or writes it, whatever a query "
        "forgets; without the setting there is no row at all",
    )  # fmt: skip


def _close_what_hangs_on(context: Context, closed: dict[str, Policy]) -> bool:
    """Add a policy to each open table that never is without a row of a closed one."""
    found = {}
    for key, draft in context.drafts.items():
        entity = context.lookup.entities.get(key)
        if draft.name in closed or (entity is not None and entity.tenant == "no"):
            continue
        if through := tuple(_through(draft, closed)):
            found[draft.name] = Policy(
                draft.constraint_name("po", draft.name, "tenant"), draft.name, through=through,
                source=draft.table.source, because="who sees its row of "
                f"{' and of '.join(each.parent for each in through)} sees it, and nobody else",
            )  # fmt: skip
    closed |= found
    return bool(found)


def _close_trails(context: Context, closed: dict[str, Policy]) -> None:
    """What was is as secret as what is; and a log takes entries about what is everybody's.

    Its owner's triggers write it for whoever works, a job for all tenants too.  Where nobody has a
    role of his own the program may be that owner, and is bound.
    """
    drafts = {draft.name: draft for draft in context.drafts.values()}
    forced = roles_of(context.design, context.lookup) == "none"
    for thing in context.around:
        if isinstance(thing, History) and thing.table in closed and thing.into in drafts:
            draft = drafts[thing.into]
            closed[thing.into] = replace(
                closed[thing.table], table=thing.into, source=draft.table.source, forced=forced,
                name=draft.constraint_name("po", draft.name, "tenant"),
                because=f"earlier versions are seen by who sees {thing.table}, and nobody else",
            )  # fmt: skip
        elif isinstance(thing, Audit) and thing.into in closed:
            closed[thing.into] = replace(closed[thing.into], takes_unowned=True, forced=forced)


def _through(draft: Draft, closed: dict[str, Policy]) -> Iterator[Through]:
    nullable = {column.name for column in draft.every_column() if column.nullable}
    for key in draft.foreign_keys:
        if key.references in closed and not nullable & set(key.columns):
            yield Through(key.columns, key.references, key.referenced_columns)


# Roles


Wanted = Literal["none", "program", "program-and-readers"]


def roles_of(design: Design, lookup: Lookup) -> Wanted:
    """Which roles there are: as answered, else those that policies and masks make no sense without.

    A superuser and whoever owns a table pass most of what is forbidden there.
    """
    if design.keeping.roles is not None:
        return design.keeping.roles
    if any(is_masked(entity) for entity in design.entities if lookup.persists(entity)):
        return "program-and-readers"
    return "program" if _has_policies(design, lookup) else "none"


def _has_policies(design: Design, lookup: Lookup) -> bool:
    shared = design.stack.tenancy == "shared" and bool(lookup.of_archetype("group"))
    return shared and design.keeping.policies == "database"


def is_masked(entity: Entity) -> bool:
    """Whether a fact of it is to be seen by readers in parts only."""
    return "mask" in [attribute.protection for attribute in entity.attributes]


def role_name(design: Design, suffix: str) -> str:
    """A role's name: roles are the whole server's, so the product's name comes first."""
    product = snake(design.product.name) if design.product.name.strip() else "product"
    # PostgreSQL keeps names that begin with pg_ for itself.
    return fitted(f"{'the_' * product.startswith('pg_')}{product}_{suffix}", _LONGEST_ROLE)


def add_roles(context: Context) -> None:
    """The program's role, the readers', and what each may do; runs after all other stages."""
    wanted = roles_of(context.design, context.lookup)
    if wanted == "none":
        return
    program = Role(
        role_name(context.design, "app"), source="keeping.roles",
        because="the program: it reads and writes rows, changes no table and passes no policy",
    )  # fmt: skip
    context.around += [program, *_programs_grants(context, program)]
    if wanted == "program-and-readers":
        reader = Role(
            role_name(context.design, "reader"), source="keeping.roles",
            because="reports and support: it reads, and sees in parts what is masked",
        )  # fmt: skip
        context.around += [reader, *_readers_grants(context, reader)]


def _programs_grants(context: Context, role: Role) -> Iterator[Grant]:
    written_by_triggers = {
        thing.into for thing in context.around if isinstance(thing, Audit | History)
    }
    tables = [draft.name for draft in context.drafts.values()]
    looked_up = tuple(name for name in _only_read(context) if name not in written_by_triggers)
    rows = tuple(name for name in tables if name not in {*written_by_triggers, *looked_up})
    logs = tuple(name for name in tables if name in written_by_triggers)
    views = tuple(view.name for view in _views(context) if view.purpose != "masked")
    for on, privileges, because in (
        (rows, _ROWS, "the program reads and writes rows"),
        (looked_up, ("SELECT",), "no step changes what is there from the start: it is looked up"),
        (logs, _LOG, "triggers alone write what happened: the program reads it, and forges none"),
        (views, ("SELECT",), "views are for reading"),
    ):
        if on:
            yield Grant(role.name, on, tuple(privileges), because, role.source)


def _only_read(context: Context) -> Iterator[str]:
    """Tables whose rows are there from the start, and that no step of the journey changes.

    A trigger that holds a parent as it is, or counts its rows, needs the right to change it.
    """
    held = {t.parent for t in context.around if isinstance(t, Limit | ParentRule)}
    for entity in context.lookup.tables:
        draft = context.drafts[entity.id]
        changed = entity.changed_by or entity.ended_by or tenant_column(draft)
        if entity.created_by == "seeded" and not changed and draft.name not in held:
            yield draft.name


def _readers_grants(context: Context, role: Role) -> Iterator[Grant]:
    masked = {view.table for view in _views(context) if view.purpose == "masked"}
    trails = (thing for thing in context.around if isinstance(thing, History))
    masked |= {thing.into for thing in trails if thing.table in masked}
    tables = tuple(d.name for d in context.drafts.values() if d.name not in masked)
    if tables:
        yield Grant(role.name, tables, ("SELECT",), "readers change nothing", role.source)
    views = tuple(view.name for view in _views(context) if _may_be_read(view, masked))
    if views:
        because = "what is masked is read in its view alone"
        yield Grant(role.name, views, ("SELECT",), because, role.source)


def _may_be_read(view: View, masked: set[str]) -> bool:
    """Whether readers can use it: not where it needs their own rights to a table they lack."""
    if view.purpose == "live":
        return view.table not in masked
    return view.rights == "owner" or view.table not in masked


def _views(context: Context) -> list[View]:
    return [thing for thing in context.around if isinstance(thing, View)]


def holds_secret(entity: Entity) -> bool:
    """Whether it keeps something that nobody needs to read."""
    return any(a.sensitivity == "secret" or kind_of(a).id == "secret" for a in entity.attributes)
