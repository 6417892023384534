"""Rules about deletes: what they promise, what refuses them, and what they take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from schemawalk.design.model import Entity, Relationship
from schemawalk.schema.deletion import delete
from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.names import words
from schemawalk.schema.review.rule import FAMILY, Answers, Found, Matter, Rule, Said
from schemawalk.schema.samples import Manner, Sample, sample
from schemawalk.schema.sentences import article, many, one, shape

DEEP: Final = 3
"""Keys that a delete follows, one behind the other, until nobody foresees what goes."""
MOST_REPLAYED: Final = 40
"""Tables up to which a delete is replayed row by row, where keys alone do not tell."""
_AUDIT: Final = frozenset("audit trail ledger journal".split())
_LOOSENED: Final = "set-null-optional"
"""The answer to what happens on delete that makes the key optional as well."""


def _null_where_none_may_be(matter: Matter) -> Found:
    by_innodb = matter.database in FAMILY["M"]
    fails = "InnoDB makes no such key" if by_innodb else "the delete would fail on a real row"
    for table, key in matter.schema.references():
        emptied = set(key.emptied or key.columns)
        required = [n for n in key.columns if n in emptied and not matter.nullable(table, (n,))]
        if key.on_delete == "SET NULL" and required:
            yield Said(
                key.source,
                f"{table.name}.{required[0]} is NOT NULL and SET NULL at once: {fails}.",
                "Make the relationship optional, or choose CASCADE or RESTRICT.",
                _optional(matter, key),
            )


def _optional(matter: Matter, key: ForeignKey) -> Answers:
    """The key as optional; a link without one of its ends means nothing, and goes with it.

    What says whose the row is, which one, or in which part it lies, is never absent: there the
    delete is refused, which loses nothing.
    """
    link = matter.lookup.relationships.get(key.source)
    if link is None:
        return ()
    if shape(link) != "M:N":
        if _is_leant_on(matter, link, key):
            return _ending(matter, key, "restrict")
        return ((f"relationship.{link.id}.optional", ("yes",)),)
    ends = (("on_delete", link.on_delete), ("on_delete_b", link.on_delete_b))
    lost = (node for node, ending in ends if ending == "set-null")
    return tuple((f"ending.{link.id}.{node}", ("cascade",)) for node in lost)


def _is_leant_on(matter: Matter, link: Relationship, key: ForeignKey) -> bool:
    """Whether the row's tenant, its partition or what makes it unique is told by the key."""
    entity = matter.lookup.entities.get(link.b)
    if entity is None:
        return False
    unique = {each for fact in entity.attributes for each in fact.unique_with or ()}
    told = {*(entity.identity or ()), entity.partition_by, *unique}
    return link.id in told or (entity.tenant == "yes" and key.references in matter.groups)


def _ending(matter: Matter, key: ForeignKey, value: str) -> Answers:
    known = key.source in matter.lookup.relationships
    return ((f"ending.{key.source}.on_delete", (value,)),) if known else ()


def _lost_parents(matter: Matter) -> Found:
    """Rows that have exactly one of several parents, and would lose it by SET NULL."""
    for link_id in matter.lookup.exclusive:
        link = matter.lookup.relationships[link_id]
        if link.on_delete == "set-null":
            yield Said(
                link_id,
                f"{link.b} has exactly one of several parents, and SET NULL would leave it "
                f"without: the delete of {link.a} would fail on a real row.",
                "Let it go too (CASCADE), or keep its parent (RESTRICT).",
                ((f"ending.{link_id}.on_delete", ("restrict",)),),
            )


# A promise that something else breaks


def _broken_promises(matter: Matter) -> Found:
    """People whose rows go by CASCADE, while another path refuses the delete."""
    for entity in matter.lookup.of_archetype("person"):
        table = matter.by_source.get(entity.id)
        if table is None or not _is_promised(matter, entity, table):
            continue
        refusing = _refusing(matter, table)
        if refusing is not None:
            child, key = refusing
            yield Said(
                entity.id,
                f"Deleting {article(one(entity))} is promised, yet {child.name} "
                + (f"refuses it ({key.name})." if matter.checks_keys else "is to refuse it."),
                f"Let {child.name} keep its rows without it (SET NULL), or go too.",
                _released(matter, key),
            )


def _released(matter: Matter, key: ForeignKey) -> Answers:
    """The answer that lets the rows stay without what they hang on; a mere link goes with it."""
    link = matter.lookup.relationships.get(key.source)
    ends = matter.lookup.ends(link) if link else None
    if link is None or ends is None or link.id in matter.lookup.exclusive:
        return ()
    if shape(link) != "M:N":
        return _ending(matter, key, "set-null" if link.optional == "yes" else _LOOSENED)
    first = matter.by_source.get(ends[0].id)
    node = "on_delete" if first and first.name == key.references else "on_delete_b"
    return ((f"ending.{link.id}.{node}", ("cascade",)),)


def _is_promised(matter: Matter, entity: Entity, table: Table) -> bool:
    """Whether somebody said that the person's rows go: by CASCADE, or when they ask for it."""
    cascading = (key.on_delete == "CASCADE" for _, key in matter.incoming.get(table.name, ()))
    return entity.forget == "delete" or any(cascading)


def _refusing(matter: Matter, start: Table) -> tuple[Table, ForeignKey] | None:
    """The first key that refuses the delete of a row of `start`; None when nothing does.

    A refusing key between tables that both lose their rows is no hindrance where the database
    comes to it late enough: only a replay of one family's rows tells.
    """
    gone = _gone(matter, start)
    doubtful = False
    for name in gone:
        for child, key in matter.incoming.get(name, ()):
            if key.on_delete in ("RESTRICT", "NO ACTION") and child.name != name:
                if child.name not in gone:
                    return child, key
                doubtful = True
    return _replayed(matter, start, gone) if doubtful and len(gone) <= MOST_REPLAYED else None


def _gone(matter: Matter, start: Table) -> dict[str, None]:
    """Names of the tables whose rows go with a row of `start`, that one first."""
    gone, waiting = {start.name: None}, [start.name]
    while waiting:
        for child, key in matter.incoming.get(waiting.pop(), ()):
            if key.on_delete == "CASCADE" and child.name not in gone:
                gone[child.name] = None
                waiting.append(child.name)
    return gone


def _replayed(
    matter: Matter, start: Table, gone: dict[str, None]
) -> tuple[Table, ForeignKey] | None:
    tables = tuple(_among(table, gone) for table in matter.schema.tables if table.name in gone)
    small = Schema(tables)
    manner: Manner = "sqlite" if matter.database == "sqlite" else "postgresql"
    blocks = delete(small, _related(sample(small, start.name)), manner).blocks
    return (small.table(blocks[0].table), blocks[0].key) if blocks else None


def _related(rows: Sample) -> Sample:
    """The sample without rows that also hang on somebody else's: what is shared is no promise.

    The deleted one stays, whatever it hangs on.
    """
    kept = {row.place: row for row in rows.rows if row.under or row.place == rows.start}
    before = 0
    while before != len(kept):
        before = len(kept)
        kept = {place: row for place, row in kept.items()
                if place == rows.start
                or all(to is None or to in kept for to in row.points.values())}  # fmt: skip
    return Sample(tuple(kept.values()), rows.start)


def _among(table: Table, names: dict[str, None]) -> Table:
    """The table with its keys to those tables only."""
    return replace(table, foreign_keys=tuple(k for k in table.foreign_keys
                                             if k.references in names))  # fmt: skip


# What goes along


def _taken_along(matter: Matter) -> Found:
    yield from _proof_lost(matter)
    yield from _too_deep(matter)


def _proof_lost(matter: Matter) -> Iterator[Said]:
    """What must be provable, and goes with what it is about."""
    for table, key in matter.schema.references():
        entity = matter.lookup.entities.get(table.source)
        if key.on_delete != "CASCADE" or entity is None or not _proves(matter, entity):
            continue
        parent = matter.lookup.entities.get(matter.schema.table(key.references).source)
        if parent is None or not _proves(matter, parent):
            about = article(one(parent)) if parent else f"a row of {key.references}"
            yield Said(
                key.source,
                f"Deleting {about} erases its {many(entity)}: what must be provable later is "
                "gone with what it is about.",
                "Keep them: refuse the delete, or let them stay without it.",
                _kept(matter, key, parent),
            )


def _kept(matter: Matter, key: ForeignKey, parent: Entity | None) -> Answers:
    """The answer that keeps the proof, and any promise to delete what it is about."""
    others = (other for _, other in matter.incoming.get(key.references, ()) if other != key)
    promised = parent is not None and matter.lookup.archetype(parent).id == "person" and (
        parent.forget == "delete" or any(other.on_delete == "CASCADE" for other in others)
    )  # fmt: skip
    return _released(matter, key) if promised else _ending(matter, key, "restrict")


def _proves(matter: Matter, entity: Entity) -> bool:
    told = entity.origin == "unsaid.audit" or bool(_AUDIT & set(words(entity.name)))
    return told or matter.lookup.archetype(entity).id == "money"


def _too_deep(matter: Matter) -> Iterator[Said]:
    """Where a delete begins that goes through several tables, unless somebody agreed to it."""
    below: dict[str, list[str]] = {}
    for table, key in matter.schema.references():
        if key.on_delete == "CASCADE" and key.references != table.name:
            below.setdefault(key.references, []).append(table.name)
    under = {name for children in below.values() for name in children}
    agreed = {each.entity for each in matter.design.finishes if each.agreed == "yes"}
    for table in matter.schema.tables:
        if table.name in under or table.name not in below or table.source in agreed:
            continue
        chain = _farthest(below, table.name)
        if len(chain) > DEEP:
            shown = " → ".join(chain[: DEEP + 2]) + (" → …" if len(chain) > DEEP + 2 else "")
            yield Said(
                table.source,
                f"One delete in {table.name} goes through {len(chain) - 1} tables behind it: "
                f"{shown}.",
                "Refuse it (RESTRICT) at the border between what is owned and what stands for "
                "itself, or walk its ending and agree to it.",
            )


def _farthest(below: dict[str, list[str]], start: str) -> tuple[str, ...]:
    """The tables from `start` to the one that most keys lie between, by the shortest way."""
    parent: dict[str, str] = {}
    level, seen, last = [start], {start}, start
    while level:
        following = []
        for name in level:
            for child in below.get(name, ()):
                if child not in seen:
                    seen.add(child)
                    parent[child] = name
                    following.append(child)
        if following:
            last = following[0]
        level = following
    chain = [last]
    while chain[-1] != start:
        chain.append(parent[chain[-1]])
    return tuple(reversed(chain))


RULES: Final = (
    Rule("set-null-on-not-null", "error", "",
         "InnoDB refuses the table; any other takes it, and fails at the first delete.",
         _null_where_none_may_be),
    Rule("exclusive-key-set-null", "error", "",
         "The CHECK that one parent is set refuses what SET NULL does.", _lost_parents),
    Rule("privacy-delete-blocked", "warning", "",
         "A promise to delete that one far table breaks is not kept.", _broken_promises),
    Rule("cascade-blast-radius", "warning", "",
         "One delete takes along what nobody meant to lose, and nobody sees it.", _taken_along),
)  # fmt: skip
"""Section B: what deletes do along the keys."""
