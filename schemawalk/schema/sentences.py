"""Relationships and endings, said in the product's own words."""

from __future__ import annotations

from schemawalk.design.model import Ending, Entity, Relationship
from schemawalk.schema.names import plural, snake, words
from schemawalk.schema.tables.archetypes import archetype_of


def one(entity: Entity) -> str:
    """The entity in the singular: "usage event"."""
    return " ".join(words(entity.name)) or snake(entity.name)


def many(entity: Entity) -> str:
    """The entity in the plural: "usage events"."""
    head, _, last = one(entity).rpartition(" ")
    return f"{head} {plural(last)}".strip()


def article(noun: str) -> str:
    """The noun with "a" or "an"."""
    vowel = noun[:1] in "aeio" or (noun.startswith("u") and not noun.startswith(("us", "uni")))
    return f"{'an' if vowel else 'a'} {noun}"


def shape(relationship: Relationship) -> str:
    """`1:1`, `1:N`, `N:1`, `M:N`, or `?` while it is open."""
    b, a = relationship.many_b, relationship.many_a
    if b is None or a is None:
        return "?"
    return {("no", "no"): "1:1", ("yes", "no"): "1:N", ("no", "yes"): "N:1"}.get((b, a), "M:N")


def read_back(relationship: Relationship, a: Entity, b: Entity) -> tuple[str, str]:
    """The relationship in words, both ways: "One team has many users.", and back."""
    there = f"One {one(a)} has {_count(relationship.many_b, b)}."
    least = "at most one" if relationship.optional == "yes" else "exactly one"
    if relationship.many_a == "yes":
        back = f"One {one(b)} belongs to several {many(a)}."
    else:
        back = f"One {one(b)} belongs to {least} {one(a)}."
    return there, back


def _count(several: str | None, entity: Entity) -> str:
    return f"many {many(entity)}" if several != "no" else f"at most one {one(entity)}"


def ending_sentence(ending: Ending, a: Entity, b: Entity, role: str = "") -> str:
    """What deleting an A does to its B: "Delete a team: its users stay, without a team."."""
    whose = "their" if archetype_of(a.archetype, a.name).id == "person" else "its"
    parent = role.replace("_", " ") if role else one(a)
    match ending:
        case "cascade":
            result = f"{whose} {many(b)} are deleted too"
        case "set-null":
            result = f"{whose} {many(b)} stay, without {article(parent)}"
        case "restrict":
            have = "they have" if whose == "their" else "it has"
            result = f"refused while {have} {many(b)}"
    return f"Delete {article(one(a))}: {result}."


def link_sentence(ending: Ending, end: Entity) -> str:
    """What deleting one end does to the links of a many-to-many."""
    result = "refused while it is linked" if ending == "restrict" else "its links are deleted too"
    return f"Delete {article(one(end))}: {result}."
