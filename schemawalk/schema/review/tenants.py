"""Rules about tenants and parts: nobody sees, or points to, what is another's."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.model import ForeignKey, Table
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.things import Policy


def _open_children(matter: Matter) -> Found:
    """Tables without a policy whose every row hangs on a row that a policy hides."""
    closed = {policy.table for policy in matter.schema.things(Policy)}
    for table in matter.schema.tables if closed else ():
        if table.name in closed:
            continue
        under = (key for key in table.foreign_keys if key.references in closed)
        hanging = [key for key in under if not matter.nullable(table, key.columns)]
        if hanging:
            yield Said(
                table.source or table.name,
                f"{hanging[0].references} has a policy and {table.name}, which hangs on it, has "
                "none: whoever asks for these rows sees those of all tenants.",
                f"Say that {table.name} belong to one tenant, too.",
                _closed_too(matter, table),
            )


def _closed_too(matter: Matter, table: Table) -> Answers:
    if table.source not in matter.lookup.entities:
        return ()
    own = tuple(e.id for e in matter.lookup.tables if e.tenant == "yes" or e.id == table.source)
    return (("tenancy.tables", own),)


def _untied(matter: Matter) -> Found:
    """Keys by which a row of one tenant can point to a row of another."""
    if matter.design.stack.tenancy != "shared":
        return
    groups = matter.groups
    whose = {table.name: _whose(table, groups) for table in matter.schema.tables}
    for table, key in matter.schema.references():
        mine, theirs = whose[table.name], whose[key.references]
        if not mine or not theirs or mine[1] != theirs[1] or table.name == key.references:
            continue
        if key.references not in groups and mine[0] not in key.columns:
            if _is_shared(matter, key.references) or _is_shared(matter, table.name):
                continue
            yield Said(
                key.source,
                f"A row of {table.name} can point to a row of {key.references} that belongs to "
                f"another of the {mine[1]}: {key.name} looks at the id alone.",
                f"Let the key carry {mine[0]} as well, so that both belong to the same.",
                _required(matter, table, mine[0]),
            )


def _whose(table: Table, groups: frozenset[str]) -> tuple[str, str] | None:
    """The column that says whose a row is, and the table of those; None when none says so.

    A tenant's own row is its own.
    """
    if table.name in groups and len(table.primary_key.columns) == 1:
        return table.primary_key.columns[0], table.name
    found = (k for k in table.foreign_keys if k.references in groups and len(k.columns) == 1)
    key: ForeignKey | None = next(found, None)
    return (key.columns[0], key.references) if key else None


def _is_shared(matter: Matter, name: str) -> bool:
    """Whether somebody said that its rows belong to nobody in particular."""
    entity = matter.lookup.entities.get(matter.schema.table(name).source)
    return entity is not None and entity.tenant == "no"


def _required(matter: Matter, table: Table, column: str) -> Answers:
    """The answer that makes the tenant's key required, where it may be absent."""
    found = matter.columns[table.name].get(column)
    if found is None or not found.nullable or found.source not in matter.lookup.relationships:
        return ()
    required = (f"relationship.{found.source}.optional", ("no",))
    link = matter.lookup.relationships[found.source]
    careful = (f"ending.{link.id}.on_delete", ("restrict",))
    return (required, careful) if link.on_delete == "set-null" else (required,)


def _key_without_part(matter: Matter) -> Found:
    for table in matter.schema.tables:
        cut = table.partition
        if cut is None:
            continue
        held = [(table.primary_key.name, table.primary_key.columns)]
        held += [(unique.name, unique.columns) for unique in table.uniques]
        held += [(index.name, tuple(part.column for part in index.parts))
                 for index in table.indexes if index.unique]  # fmt: skip
        lacking = [name for name, columns in held if cut.column not in columns]
        if lacking:
            yield Said(
                table.source or table.name,
                f"{table.name} is cut by {cut.column}, which {lacking[0]} does not hold: no "
                "database checks that across parts.",
                f"Take {cut.column} into the key, split by a column of the key, or do not split.",
                ((f"volume.{table.source}.partition", ("no",)),),
            )


RULES: Final = (
    Rule("partition-key-not-in-key", "error", "PM",
         "CREATE TABLE fails: each part keeps its own index, and knows of no other.",
         _key_without_part),
    Rule("policy-on-parents-only", "warning", "P",
         "What the parent's policy hides can be read in the children.", _open_children),
    Rule("tenant-not-tied", "warning", "",
         "Foreign keys are checked past every policy: an id from elsewhere is accepted.", _untied),
)  # fmt: skip
"""Section B: whose rows are whose, and in which part they lie."""
