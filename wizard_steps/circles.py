"""Circles: of required keys, which no first row can enter, and of things that own each other."""

from __future__ import annotations

from schemawalk.design.model import Entity, Relationship
from schemawalk.schema.sentences import shape
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.tree import Advice, Scene


def belongs_to(lookup: Lookup, entity: Entity, other: Entity) -> bool:
    """Whether an entity is the other one, or its thing, by however many owners."""
    seen: set[str] = set()
    here: Entity | None = entity
    while here and here.id not in seen:
        if here.id == other.id:
            return True
        seen.add(here.id)
        here = lookup.standing(here.owner or "")
    return False


def closes_a_circle(scene: Scene) -> bool:
    """Whether the relationship is one of several required ones that lead back to its child.

    Of each circle one relationship is asked about: that which says so already, or else the last.
    """
    link: Relationship = scene.subject
    circle = _circle(scene, link)
    if not circle:
        return False
    asked = next((x for x in circle if x.checked == "at-commit"), None)
    return link is (asked or max(circle, key=scene.design.relationships.index))


def checked(scene: Scene) -> Advice:
    if scene.design.stack.database in ("mysql", "mariadb"):
        return Advice(("at-once",), "the database checks every key at once: one must be optional")
    return Advice(("at-commit",), "each needs the other, and no first row could come otherwise")


def _circle(scene: Scene, link: Relationship) -> tuple[Relationship, ...]:
    """The required relationships on the way from its parent back to its child, itself included."""
    ends = scene.lookup.ends(link)
    if ends is None or not _required(link) or ends[0].id == ends[1].id:
        return ()
    start, goal = ends
    ways: list[tuple[str, tuple[Relationship, ...]]] = [(start.id, (link,))]
    seen = {start.id}
    while ways:
        here, way = ways.pop(0)
        for above, parent in scene.lookup.parents(here):
            if not _required(above):
                continue
            if parent.id == goal.id:
                return (*way, above)
            if parent.id not in seen:
                seen.add(parent.id)
                ways.append((parent.id, (*way, above)))
    return ()


def _required(link: Relationship) -> bool:
    return link.optional == "no" and shape(link) in ("1:N", "1:1", "N:1")
