"""Rules about keys and relations: every reference is checked, indexed, possible and meant once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import Call
from schemawalk.schema.model import ForeignKey, Table
from schemawalk.schema.names import snake, words
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said, called
from schemawalk.schema.sentences import shape
from schemawalk.schema.tables.ties import all_or_none
from schemawalk.schema.tables.volume import YEARS, rows_in_five_years

KEPT: Final = frozenset(
    ("created_at", "updated_at", "deleted_at", "archived_at", "version", "position")
)
"""Columns that say something about a row, and nothing about what it stands for."""

GROWN: Final = 1_000_000
"""Rows in five years from which a key of four bytes saves too little for what it risks."""


def _no_first_row(matter: Matter) -> Found:
    """Keys of circles in which each must be there before the other."""
    waiting = _circles(matter)
    for table in matter.schema.tables:
        for key in table.foreign_keys:
            if table.name in waiting and key.references in waiting[table.name]:
                yield Said(
                    key.source,
                    f"{table.name} needs {key.references}, which needs {table.name}: no first "
                    "row can be inserted.",
                    "Make one of the relationships in the circle optional.",
                    _loosened(matter, key),
                )


def _circles(matter: Matter) -> Mapping[str, set[str]]:
    """By table, the tables that it needs and that need it, directly or through others."""
    needs = {table.name: {k.references for k in table.foreign_keys if _is_needed(matter, table, k)}
             for table in matter.schema.tables}  # fmt: skip
    left = _without_ends(needs)
    users: dict[str, set[str]] = {name: set() for name in left}
    for name, needed in left.items():
        for other in needed:
            users[other].add(name)
    kept = _without_ends(users)
    return {name: needed & kept.keys() for name, needed in left.items() if name in kept}


def _is_needed(matter: Matter, table: Table, key: ForeignKey) -> bool:
    return not key.deferrable and not matter.nullable(table, key.columns)


def _without_ends(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The graph without what leads nowhere, again and again until all that is left leads on."""
    known = {name: {other for other in following if other in graph}
             for name, following in graph.items()}  # fmt: skip
    before: dict[str, list[str]] = {name: [] for name in known}
    for name, following in known.items():
        for other in following:
            before[other].append(name)
    ends = [name for name, following in known.items() if not following]
    while ends:
        end = ends.pop()
        del known[end]
        for name in before[end]:
            if name in known:
                known[name].discard(end)
                if not known[name]:
                    ends.append(name)
    return known


def _loosened(matter: Matter, key: ForeignKey) -> Answers:
    link = matter.lookup.relationships.get(key.source)
    if link is None or shape(link) == "M:N":
        return ()
    return ((f"relationship.{link.id}.optional", ("yes",)),)


def _unindexed(matter: Matter) -> Found:
    for table in matter.schema.tables:
        begun = [table.primary_key.columns, *(unique.columns for unique in table.uniques)]
        begun += [tuple(p.column for p in index.parts) for index in table.indexes
                  if index.predicate is None and index.method == "btree"]  # fmt: skip
        own = set(table.primary_key.columns) - {table.partition.column if table.partition else ""}
        for key in table.foreign_keys:
            wanted = set(key.columns)
            if wanted > own:
                continue  # it names one row, which its own key finds
            if not any(set(columns[: len(wanted)]) == wanted for columns in begun):
                yield Said(
                    key.source or table.source,
                    f"No index of {table.name} begins with {', '.join(key.columns)}: each delete "
                    f"in {key.references} reads the whole table.",
                    "Give the foreign key an index.",
                )


def _half_checked(matter: Matter) -> Found:
    """Keys of several columns of which one that others share may be NULL."""
    for table in matter.schema.tables:
        for key in table.foreign_keys:
            if len(key.columns) < 2:
                continue
            columns = matter.columns[table.name]
            loose = matter.nullable(table, key.columns)
            shared = [name for name in loose if columns[name].source != key.source]
            if shared or (len(loose) > 1 and not _is_whole(table, loose)):
                yield Said(
                    key.source,
                    f"Where {(shared or loose)[0]} is NULL, {key.name} of {table.name} is not "
                    "checked at all.",
                    "Make the column required, or all of them NULL together by a CHECK.",
                )


def _is_whole(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether a CHECK lets all of the columns be there, or none of them."""
    whole = all_or_none(columns)
    return any(check.expression == whole for check in table.checks)


def _meaningful_keys(matter: Matter) -> Found:
    for table in matter.schema.tables:
        columns = matter.columns[table.name]
        texts = [n for n in table.identity
                 if n in columns and columns[n].type.name in ("text", "varchar")]  # fmt: skip
        if not texts or table.source in matter.lookup.attributes:
            continue  # a list's codes are chosen not to change
        linked = {column for key in table.foreign_keys for column in key.columns}
        texts = [name for name in texts if name not in linked]
        if texts:
            yield Said(
                table.source,
                f"Rows of {table.name} are known by {texts[0]}, which people write and correct.",
                "Let an id that means nothing be the key, and keep the text unique.",
                ((f"entity.{table.source}.key", ("id",)),) if _is_chosen(matter, table) else (),
            )


def _is_chosen(matter: Matter, table: Table) -> bool:
    """Whether somebody chose the key, and can choose another one."""
    entity = matter.lookup.entities.get(table.source)
    return entity is not None and entity.key == "natural"


def _narrow(matter: Matter) -> Found:
    """Keys of numbers that end at two billion, in tables that grow."""
    for table in matter.schema.tables:
        key = table.identity
        entity = matter.lookup.entities.get(table.source) if len(key) == 1 else None
        column = matter.columns[table.name][key[0]] if entity else None
        if entity is None or column is None or column.type.name != "integer":
            continue
        rows = rows_in_five_years(entity, matter.lookup)
        if rows >= GROWN:
            yield Said(
                matter.subject_of(table, column),
                f"Rows of {table.name} are known by {column.name}, an integer, which ends at "
                f"2,147,483,647: about {rows:,} rows are to be expected in {YEARS} years, and "
                "numbers that are given out leave gaps.",
                "Make it a bigint: what refers to it follows.",
                ((f"attribute.{column.source}.largest", ("bigint",)),)
                if column.source in matter.lookup.attributes else (),
            )  # fmt: skip


def _scattered(matter: Matter) -> Found:
    tables = matter.schema.tables
    found = [t for t in tables if t.source in matter.lookup.entities
             and any(c.default == Call("uuid") for c in t.columns if c.name in
                     t.primary_key.columns)]  # fmt: skip
    if found:
        yield Said(
            "stack.identifiers",
            f"{len(found)} tables are kept in the order of random ids: each insert lands on "
            "another page, and every other index repeats the 16 bytes.",
            "Count the rows, and add a public UUID where an id is shown; or make ids that grow "
            "with time.",
            (("stack.identifiers", ("bigint",)),),
        )


# References that the database does not see


def _unseen_references(matter: Matter) -> Found:
    names = {snake(e.name): e for e in reversed(matter.lookup.tables)}
    for entity, fact in matter.told(_is_pointing):
        said = _bare(entity, fact, names, matter)
        if said is not None:
            yield said
    for link in matter.design.relationships:
        if link.one_of and link.one_of_form == "type-id":
            yield Said(
                link.id,
                f"{link.b} would say by a type and an id what it belongs to: no foreign key can "
                "hold that, and deletes leave orphans.",
                "Keep one key for each kind of parent, with a CHECK that one is set.",
                ((f"relationship.{link.id}.one_of_form", ("keys",)),),
            )


def _is_pointing(fact: Attribute) -> bool:
    kind = kind_of(fact).id
    named = kind in ("identifier", "whole-number") and called(fact.name).endswith("_id")
    return named or kind == "reference"


def _bare(
    entity: Entity, fact: Attribute, names: Mapping[str, Entity], matter: Matter
) -> Said | None:
    """What is wrong with a fact that points at a row by itself; None when it does not."""
    name, kind = called(fact.name), kind_of(fact).id
    stem = name.removesuffix("_id")
    beside = {called(other.name) for other in entity.attributes}
    if f"{stem}_type" in beside:
        return Said(
            fact.id,
            f"{entity.name} says by {stem}_type and {fact.name} what it belongs to: no foreign "
            "key can hold that, and deletes leave orphans.",
            "Make one relationship for each kind of parent, of which exactly one is set.",
        )
    target = names.get(stem)
    if kind == "reference" or (target and target is not entity):
        if _is_linked(matter, entity, target):
            return None
        at = f"{target.name}" if target else "a row"
        return Said(
            fact.id,
            f"{fact.id} points at {at}, and the database cannot check it."
            if matter.checks_keys
            else f"{fact.id} points at {at}, and the design says nothing of it.",
            "Make it a relationship: it gets a foreign key and an index."
            if matter.checks_keys
            else "Make it a relationship: it gets an index, and what deletes mean is decided.",
        )
    return None


def _is_linked(matter: Matter, entity: Entity, target: Entity | None) -> bool:
    """Whether a foreign key says the same already."""
    parents = (parent for _, parent in matter.lookup.parents(entity.id))
    return target is not None and any(parent is target for parent in parents)


# What is linked twice, or not only once


def _unpaired(matter: Matter) -> Found:
    """Tables that only tie two others together, and may do so twice."""
    for entity in matter.lookup.tables:
        table = matter.by_source.get(entity.id)
        if table is None or len(table.foreign_keys) != 2:
            continue
        one, two = table.foreign_keys
        pair = {*one.columns, *two.columns}
        rest = {c.name for c in table.columns} - pair - {*table.primary_key.columns} - KEPT
        told = matter.lookup.archetype(entity).id in ("event", "process", "message", "money")
        if rest or told or one.references == two.references or entity.identity == ():
            continue
        if matter.nullable(table, tuple(pair)) or _is_unique(table, pair):
            continue
        yield Said(
            entity.id,
            f"{table.name} ties {one.references} to {two.references}, and may do so twice: "
            "nothing makes the pair unique.",
            "Let both together make two of them the same.",
            ((f"entity.{entity.id}.identity", (one.source, two.source)),),
        )


def _is_unique(table: Table, pair: set[str]) -> bool:
    held = [set(table.primary_key.columns), *(set(unique.columns) for unique in table.uniques)]
    held += [{part.column for part in i.parts} for i in table.indexes if i.unique]
    return any(columns <= pair for columns in held)


def _same_twice(matter: Matter) -> Found:
    seen: dict[tuple[str, str, str], str] = {}
    for link in matter.design.relationships:
        ends = matter.lookup.ends(link)
        if ends is None or ends[0].id == ends[1].id or shape(link) == "M:N":
            continue
        what = (ends[0].id, ends[1].id, " ".join(words(link.role or "")))
        first = seen.setdefault(what, link.id)
        if first != link.id:
            yield Said(
                link.id,
                f"{link.id} and {first} say the same: a {ends[1].name} has two keys to "
                f"{ends[0].name}, and nothing tells them apart.",
                "Say what each is to the other, as in author and reviewer, or remove one.",
            )


RULES: Final = (
    Rule("fk-cycle-not-insertable", "error", "PMS",
         "Every insert is refused, the first one too.", _no_first_row),
    Rule("fk-not-indexed", "error", "PS",
         "Deletes of the parent and joins read the whole child table, under a lock.", _unindexed),
    Rule("composite-fk-nullable-part", "warning", "PMS",
         "One NULL among its columns switches a composite key off, without a word.",
         _half_checked),
    Rule("pk-too-narrow", "warning", "PMD",
         "When the numbers run out no row can be inserted, and widening a key rewrites its table "
         "and all that refer to it.", _narrow),
    Rule("random-uuid-clustered", "warning", "M",
         "InnoDB keeps rows in the order of their key: random keys scatter them.", _scattered),
    Rule("reference-without-fk", "warning", "",
         "Nothing keeps the id true: rows that it names go, and it stays.", _unseen_references),
    Rule("junction-without-unique", "warning", "",
         "The same link is stored twice, and counted twice.", _unpaired),
    Rule("duplicate-fk", "warning", "",
         "Two keys that mean the same disagree one day.", _same_twice),
    Rule("natural-or-string-pk", "hint", "",
         "A key that people correct changes in every table that refers to it.", _meaningful_keys),
)  # fmt: skip
"""Section B: keys and relations, without what deletes do along them."""
