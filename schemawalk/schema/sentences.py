"""Relationships and endings, said in the product's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.design.choices import Ending
from schemawalk.design.model import Entity, Relationship
from schemawalk.schema.names import MASS, plural, snake, words
from schemawalk.schema.tables.archetypes import archetype_of

ROW_IS: Final[Mapping[str, str]] = {
    "person": "somebody who signs in or is spoken of",
    "group": "people who share what others must not see",
    "thing": "something that people make, upload or own",
    "place": "somewhere with an address or coordinates",
    "catalogue": "one choice among those that are offered",
    "event": "something that happened, written once",
    "process": "a piece of work that begins, and ends or fails",
    "dealing": "something agreed on, and kept or called off",
    "line": "a part that has no life without its whole",
    "message": "something that one party tells another",
    "money": "a payment, a plan or an invoice",
    "key": "what lets somebody or something in for a time",
    "setting": "a choice that somebody made and may change",
}
"""What one row is, by archetype."""
_PARTS: Final[Mapping[str, str]] = {
    "staff": "member", "personnel": "member", "money": "amount", "cash": "amount",
}  # fmt: skip
"""What one of something is that is not counted, where it is no piece."""


def called(entity: Entity) -> str:
    """The entity's own name in plain words."""
    return " ".join(words(entity.name)) or snake(entity.name)


def one(entity: Entity) -> str:
    """The entity in the singular: "usage event", "piece of gear"."""
    return single(called(entity))


def single(noun: str) -> str:
    """One of what a noun in plain words names: itself, or a piece of what is not counted."""
    last = noun.rpartition(" ")[2]
    return f"{_PARTS.get(last, 'piece')} of {noun}" if last in MASS else noun


def many(entity: Entity) -> str:
    """The entity in the plural: "usage events", "pieces of gear"."""
    name = called(entity)
    head, _, last = name.rpartition(" ")
    if last in MASS:
        return f"{plural(_PARTS.get(last, 'piece'))} of {name}"
    return f"{head} {plural(last)}".strip()


def row_sentence(entity: Entity, owner: Entity | None) -> str:
    """What one row of an entity's table is: "One visit of a patient: something agreed on…"."""
    whose = f" of {article(one(owner))}" if owner else ""
    kind = archetype_of(entity.archetype, entity.name).id
    return f"One {one(entity)}{whose}: {ROW_IS[kind]}."


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
    """The relationship in words, both ways: "One team has many users.", and back.

    A role is named: "One booking is confirmed by at most one member.", or "its author".
    """
    role = _role(relationship, a, b)
    there = f"One {one(a)} has {_count(relationship.many_b, b)}"
    several = relationship.many_a == "yes"
    least = "at most one" if relationship.optional == "yes" else "exactly one"
    parents = f"several {many(a)}" if several else f"{least} {one(a)}"
    if _done_by(role):
        return f"{there}, {role} {_them(a)}.", f"One {one(b)} is {role} {parents}."
    whose = "its" if relationship.many_b == "no" else "their"
    named = f", as {whose} {role}" if role else ""
    its = f", its {role}" if role and not several else ""
    return f"{there}{named}.", f"One {one(b)} belongs to {parents}{its}."


def _role(relationship: Relationship, a: Entity, b: Entity) -> str:
    """What A is to B in words; empty where its own name says it."""
    tree = a.id == b.id and relationship.many_a != "yes"
    role = relationship.role or ("parent" if tree else "")
    return "" if words(role) == words(a.name) else " ".join(words(role))


def _done_by(role: str) -> str:
    """What was done, for a role that ends in "by": "confirmed" of `confirmed_by`; else empty."""
    return " ".join(said[:-1]) if len(said := words(role)) > 1 and said[-1] == "by" else ""


def _them(entity: Entity) -> str:
    return "them" if archetype_of(entity.archetype, entity.name).id == "person" else "it"


def _count(several: str | None, entity: Entity) -> str:
    return f"many {many(entity)}" if several != "no" else f"at most one {one(entity)}"


def ending_sentence(ending: Ending, a: Entity, b: Entity, role: str = "") -> str:
    """What deleting an A does to its B: "Delete a team: its users stay, without a team."."""
    whose = "their" if archetype_of(a.archetype, a.name).id == "person" else "its"
    parent = " ".join(words(role)) or one(a)
    match ending:
        case "cascade":
            result = f"{whose} {many(b)} are deleted too"
        case "set-null" if done := _done_by(role):
            result = f"{whose} {many(b)} stay, and no longer say by whom they were {done}"
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
