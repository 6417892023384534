"""Tenants in keys: every row says whose it is, and points only to what belongs to the same.

Shared tables keep the tenants' rows side by side.  A policy hides one tenant's rows from another,
but foreign keys are checked past all policies: only the tenant in the key itself keeps a row from
pointing to what belongs to somebody else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.schema.model import Action, Column, ForeignKey
from schemawalk.schema.names import snake
from schemawalk.schema.sentences import article, one
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.ties import tie

TENANT: Final = "@tenant"
"""What a draft's `columns_of` calls the column that says whose a row is."""


def tenant_column(draft: Draft) -> str:
    """The column that says to which tenant a row of the table belongs; empty when none does."""
    return next(iter(draft.columns_of.get(TENANT, ())), "")


def group_of(context: Context) -> Entity | None:
    """The entity whose rows are the tenants, where they share tables; None where they do not."""
    if context.design.stack.tenancy != "shared":
        return None
    return next(iter(context.lookup.of_archetype("group")), None)


def who_signs_in(lookup: Lookup) -> Entity | None:
    """Who signs in, and so is looked up before anybody knows for which tenant; None for nobody.

    All other people are spoken of within a tenant: patients of a clinic are not its doctors.
    """
    if lookup.design.unsaid.sign_in == "none":
        return None
    people, keys = lookup.of_archetype("person"), lookup.of_archetype("key")
    told = (e for e in people if e.origin == "unsaid.sign_in" or e.id in ("user", "account"))
    letting_in = (e for e in people if e.id in {key.owner for key in keys})
    return next(iter((*told, *letting_in)), None)


def before_tenants(lookup: Lookup) -> frozenset[str]:
    """Ids of what belongs to no tenant by nature: who signs in, and what only they use."""
    account = who_signs_in(lookup)
    if account is None or account.tenant == "yes":
        return frozenset()
    own = (e for kind in ("key", "setting") for e in lookup.of_archetype(kind))
    parents = {e.id: {parent.id for _, parent in lookup.parents(e.id)} for e in own}
    alone = (each for each, above in parents.items() if above == {account.id})
    return frozenset((account.id, *alone))


def add_tenants(context: Context) -> None:
    """Give each table of a tenant's rows the column that says whose they are, and its key."""
    group = group_of(context)
    if group is None:
        return
    tenants = _Tenants(context, group)
    for key, draft in context.drafts.items():
        entity = context.lookup.entities.get(key)
        if entity and entity is context.lookup.log:
            tenants.noted(draft)
        elif entity and entity.id != group.id and entity.tenant == "yes":
            tenants.belongs(draft)
    for key, draft in context.drafts.items():
        if key.startswith(("link:", "arc:")) and tenants.touches(draft):
            tenants.belongs(draft)


def name_tenant(context: Context, draft: Draft) -> None:
    """Give a log the column that names the tenant, without a key to its row; it may name none."""
    group = group_of(context)
    if group is None:
        return
    target = context.drafts[group.id].first[0]
    column = Column(
        draft.column_name(f"{snake(group.name)}_{target.name}"), target.type, nullable=True,
        because="it tells what the row said, which is as secret as the row; what belongs to no one "
        "has no one here", source=draft.table.source, example=target.example,
        purpose=f"the {one(group)} whose row it was",
    )  # fmt: skip
    draft.keys.insert(0, column)
    draft.columns_of[TENANT] = (column.name,)


class _Tenants:
    """The tables of one design that belong to tenants."""

    def __init__(self, context: Context, group: Entity) -> None:
        self.context = context
        self.group = group
        self.home = context.drafts[group.id]
        self.by_name = {draft.name: draft for draft in context.drafts.values()}

    def touches(self, draft: Draft) -> bool:
        """Whether it stands between tables of which one belongs to tenants, or is theirs."""
        parents = (self.by_name[key.references] for key in draft.foreign_keys)
        return any(parent is self.home or tenant_column(parent) for parent in parents)

    def belongs(self, draft: Draft) -> None:
        there = self.own_column(draft)
        draft.columns_of[TENANT] = there or self.added(draft)

    def noted(self, draft: Draft) -> None:
        """A log says whose the row was that an entry speaks of, whoever is still there.

        What an entry tells is as secret as that row, so this is no matter of an answer.
        """
        there = (k.columns for k in draft.foreign_keys if k.references == self.home.name)
        own = next((columns for columns in there if len(columns) == 1), ())
        draft.keys = [replace(c, nullable=c.nullable or c.name in own) for c in draft.keys]
        draft.columns_of[TENANT] = own
        if not own:
            name_tenant(self.context, draft)

    def own_column(self, draft: Draft) -> tuple[str, ...]:
        """The required key to the group that the table has anyway."""
        nullable = {column.name for column in draft.keys if column.nullable}
        for key in draft.foreign_keys:
            if key.references == self.home.name and len(key.columns) == 1:
                if not nullable.isdisjoint(key.columns):
                    self.loose(draft)
                return key.columns
        return ()

    def loose(self, draft: Draft) -> None:
        self.context.problem(
            "tenant-optional", draft.table.source,
            f"{many_of(draft)} belong to one {one(self.group)} each, yet they may have none: such "
            "rows belong to nobody, and nothing keeps them from pointing to another's.",
            f"Make the relationship to {one(self.group)} required, or say that "
            f"{many_of(draft)} belong to no one {one(self.group)}.", "warning",
        )  # fmt: skip

    def added(self, draft: Draft) -> tuple[str, ...]:
        target, group = self.home.first[0], self.group
        column = Column(
            draft.column_name(f"{snake(group.name)}_{target.name}"), target.type,
            collation=target.collation,
            because=f"each row belongs to one {one(group)}, and others must not see it",
            purpose=f"the {one(group)} that it belongs to", source=draft.table.source,
            example=target.example,
        )  # fmt: skip
        draft.keys.insert(0, column)
        action = self.ending(draft, set())
        rows, gone = many_of(draft), article(one(group))
        said = f"its {rows} go too" if action == "CASCADE" else f"refused while it has {rows}"
        because = f"Delete {gone}: {said}."
        draft.add_foreign_key((column.name,), self.home, action, because, draft.table.source)
        draft.foreign_keys.insert(0, draft.foreign_keys.pop())
        return (column.name,)

    def ending(self, draft: Draft, seen: set[str]) -> Action:
        """CASCADE for what goes with its parents anyway when the tenant goes; else RESTRICT."""
        seen.add(draft.name)
        for key in draft.foreign_keys:
            if key.on_delete != "CASCADE":
                continue
            if key.references == self.home.name:
                return "CASCADE"
            parent = self.by_name[key.references]
            if parent.name not in seen and self.ending(parent, seen) == "CASCADE":
                return "CASCADE"
        return "RESTRICT"


def tie_to_tenants(context: Context) -> None:
    """Let every key from one tenant's table to another's hold only within the same tenant.

    A tenant's own row says whose it is by its id: its owner must be one of its own members.
    """
    group = group_of(context)
    if group is None:
        return
    by_name = {draft.name: draft for draft in context.drafts.values()}
    home = context.drafts[group.id]
    because = f"both belong to the same {one(group)}"
    for draft in context.drafts.values():
        own = home.first[0].name if draft is home else tenant_column(draft)
        if not own or _may_be_null(draft, own):
            continue
        for key in tuple(draft.foreign_keys):
            parent = by_name[key.references]
            theirs = tenant_column(parent)
            if theirs and parent is not home:
                tie(draft, key, own, parent, theirs, because)
    for draft in context.drafts.values():
        _say_who_stays(draft, home, context)


def _say_who_stays(draft: Draft, home: Draft, context: Context) -> None:
    """What may stay without its tenant does not while others refer to it within the tenant.

    Those that go with the tenant are gone by then.
    """
    own = tenant_column(draft)
    leaving = [k for k in draft.foreign_keys if k.columns == (own,) and k.on_delete == "SET NULL"]
    if not own or not leaving:
        return
    held = [
        many_of(child)
        for child in context.drafts.values()
        if not _goes_with(child, home)
        and any(k.references == draft.name and own in k.referenced_columns
                for k in child.foreign_keys)
    ]  # fmt: skip
    if held:
        kept = f"; refused while they have {' or '.join(held)}."
        draft.foreign_keys = [
            replace(k, because=k.because.rstrip(".") + kept) if k in leaving else k
            for k in draft.foreign_keys
        ]


def _goes_with(draft: Draft, home: Draft) -> bool:
    keys = (k for k in draft.foreign_keys if k.references == home.name)
    return any(k.on_delete == "CASCADE" for k in keys)


def _may_be_null(draft: Draft, column: str) -> bool:
    return any(each.name == column and each.nullable for each in draft.keys)


def leading(draft: Draft, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns with the tenant's in front, where the table has one."""
    own = tenant_column(draft)
    return (own, *(c for c in columns if c != own)) if own and columns else columns


def many_of(draft: Draft) -> str:
    """The table's rows, in words."""
    return draft.name.replace("_", " ")


def key_within(key: ForeignKey, draft: Draft) -> tuple[str, ...]:
    """The columns of a foreign key without the tenant's."""
    own = tenant_column(draft)
    return tuple(column for column in key.columns if column != own) or key.columns
