"""Rules about tenants and parts: nobody sees, or points to, what is another's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.schema.language.expression import names
from schemawalk.schema.model import ForeignKey, Table
from schemawalk.schema.review.rule import FAMILY, Answers, Found, Matter, Rule, Said
from schemawalk.schema.tables.tenancy import before_tenants, who_signs_in
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
                closed_too(matter, table),
            )


def closed_too(matter: Matter, table: Table) -> Answers:
    """The answer that a table's rows belong to one tenant each; none where nobody is asked."""
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
    """Whether its rows belong to no tenant on purpose: as somebody said, or as who signs in."""
    entity = matter.lookup.entities.get(matter.schema.table(name).source)
    if entity is None or entity.tenant != "no":
        return False
    return _is_decided(matter) or entity.id in before_tenants(matter.lookup)


def _is_decided(matter: Matter) -> bool:
    """Whether somebody said whose rows are whose: a recommendation that was taken has no note."""
    note = matter.notes.get("tenancy.tables")
    return note is not None and note.by != "default" and not note.unknown


def _kept_by_ties(matter: Matter) -> Found:
    """What may stay without its tenant, says an answer, and is held there by what refers to it."""
    for group in sorted(matter.groups) if matter.design.stack.tenancy == "shared" else ():
        for table, key in matter.incoming.get(group, ()):
            if key.on_delete == "SET NULL" and len(key.columns) == 1:
                held = tuple(_holding(matter, table, key.columns[0], group))
                if held:
                    yield Said(
                        key.source,
                        f"{table.name} stay when their row of {group} is deleted, says an answer; "
                        f"but {' and '.join(held)} point to them and to the same row of {group} "
                        "with one key, which refuses that as long as one is there.",
                        f"Let each row of {table.name} have its row of {group} always.",
                        _required(matter, table, key.columns[0]),
                    )


def _holding(matter: Matter, table: Table, tenant: str, group: str) -> Iterator[str]:
    """Tables whose tied keys refer to the tenant's column, and whose rows outlast the tenant.

    InnoDB looks at a key at once, and so refuses even what goes in the same statement.
    """
    at_once = matter.database in FAMILY["M"]
    for child, key in matter.incoming.get(table.name, ()):
        to_group = (k for k in child.foreign_keys if k.references == group)
        goes = not at_once and any(k.on_delete == "CASCADE" for k in to_group)
        if tenant in key.referenced_columns and not goes:
            yield child.name


# What no policy hides


def _open_to_all(matter: Matter) -> Found:
    """Personal data that hangs on a tenant, has no policy, and is nobody's decision."""
    free = before_tenants(matter.lookup)
    for table in _unhidden(matter):
        entity = matter.lookup.entities.get(table.source)
        decided = entity is not None and entity.tenant == "no" and _is_decided(matter)
        if table.source not in free and not decided:
            yield Said(
                table.source or table.name,
                f"{table.name} hold personal data ({_personal(table)}) and lead to a tenant, but "
                "have no policy: each tenant reads those of all.",
                f"Say that {table.name} belong to one tenant, and let each have exactly one; or "
                "say yourself that everybody may read them.",
                closed_too(matter, table),
            )


def _accounts_seen(matter: Matter) -> Found:
    free = before_tenants(matter.lookup)
    for table in _unhidden(matter):
        if table.source in free:
            yield Said(
                table.source,
                f"{table.name} are there before they belong to a tenant, so no policy hides them: "
                f"a query of one tenant can read {_personal(table)} of all.",
                "Let the program show them by key alone, or only those of the present tenant.",
            )


def _unhidden(matter: Matter) -> Iterator[Table]:
    """Tables with personal data that hang on a tenant, and that no policy hides."""
    closed = {policy.table for policy in matter.schema.things(Policy)}
    homes = {p.table for p in matter.schema.things(Policy) if p.table in matter.groups}
    hanging = _hanging(matter, homes) if closed else set()
    for table in matter.schema.tables:
        # What hangs there by a required key is what `policy-on-parents-only` says.
        bound = (k for k in table.foreign_keys if not matter.nullable(table, k.columns))
        said = any(key.references in closed for key in bound)
        if table.name in hanging - closed and _personal(table) and not said:
            yield table


def _hanging(matter: Matter, homes: set[str]) -> set[str]:
    """Names of the tables from which keys lead to a tenant, and of what is linked with one."""
    found, waiting = set(homes), list(homes)
    while waiting:
        for table, _ in matter.incoming.get(waiting.pop(), ()):
            ends = {key.references for key in table.foreign_keys}
            joins = table.source in matter.lookup.relationships and bool(ends & homes)
            new = {table.name, *(ends if joins else ())} - found
            found |= new
            waiting += new
    return found


def _personal(table: Table) -> str:
    return ", ".join(column.name for column in table.columns if column.sensitivity == "personal")


def _told_by_refusals(matter: Matter) -> Found:
    """Personal data that two tenants cannot both have: a refusal tells the one of the other."""
    if matter.design.stack.tenancy != "shared":
        return
    account = who_signs_in(matter.lookup)
    for table in matter.schema.tables:
        whose = _whose(table, matter.groups)
        if not whose or table.name in matter.groups or (account and table.source == account.id):
            continue
        if _is_shared(matter, table.name):
            continue
        for columns in uniques(table):
            found = [c for c in columns if matter.columns[table.name][c].sensitivity == "personal"]
            if found and whose[0] not in columns:
                subject = matter.subject_of(table, matter.columns[table.name][found[0]])
                known = subject in matter.lookup.attributes
                yield Said(
                    subject,
                    f"No two {table.name} of all tenants may share {', '.join(columns)}: who is "
                    "refused learns that another tenant has that person.",
                    "Let it be unique within one tenant.",
                    ((f"attribute.{subject}.unique", ("per-tenant",)),) if known else (),
                )


def uniques(table: Table) -> Iterator[tuple[str, ...]]:
    """The columns that no two rows share, of each key and index that forbids it."""
    known = {column.name for column in table.columns}
    yield from (unique.columns for unique in table.uniques)
    for index in table.indexes:
        if index.unique:
            named = (names(p.expression) if p.expression else (p.column,) for p in index.parts)
            yield tuple(c for part in named for c in part if c in known)


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
    Rule("tenant-personal-open", "warning", "P",
         "A policy that one table lacks is a leak that no query shows.", _open_to_all),
    Rule("tenant-account-open", "hint", "P",
         "Who signs in is looked up before it is known for which tenant.", _accounts_seen),
    Rule("unique-across-tenants", "warning", "",
         "A refusal is an answer: it says that the value is there.", _told_by_refusals),
    Rule("tenant-kept-by-ties", "warning", "",
         "Nobody can delete the tenant, although it was promised that what is left stays.",
         _kept_by_ties),
    Rule("tenant-not-tied", "warning", "",
         "Foreign keys are checked past every policy: an id from elsewhere is accepted.", _untied),
)  # fmt: skip
"""Section B: whose rows are whose, and in which part they lie."""
