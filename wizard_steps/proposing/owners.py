"""Whose a thing usually is: what the steps say of it, or else what its archetype says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.names import last_word, plural
from schemawalk.schema.sentences import article, many, one
from schemawalk.schema.tables.archetypes import ARCHETYPES, TAKES_TIME
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import who_signs_in
from wizard_steps.asking.tree import Advice, Scene
from wizard_steps.proposing.duties import said_in

_WHOLES: Final = {
    "line": (*TAKES_TIME, "thing", "money"), "message": (*TAKES_TIME, "thing"),
}  # fmt: skip
"""What a line or a message is usually a part of, by archetype."""

_OWNERS: Final = {
    "person": ("group",), "event": ("group", "person"), "money": ("group", "person"),
}  # fmt: skip
"""Whose things usually are, where it is not simply the user's."""

_NOBODYS: Final = ("group", "catalogue", "place")
"""Archetypes of what usually belongs to nobody."""


_OF: Final = re.compile(
    r"\b([a-z]+) of (?:the|an?|one|each|every|its|their|her|his|our|that|this) ([a-z]+)\b", re.I
)
"""How people say whose something is."""


def owner(scene: Scene) -> Advice:
    """Whose the entity at hand is recommended to be."""
    entity, kind = scene.subject, scene.lookup.archetype(scene.subject).id
    if kind in _NOBODYS:
        label = ARCHETYPES[kind].label
        return Advice(("system",), f"a {label} usually belongs to nobody")
    wanted = _OWNERS.get(kind, ("person", "group"))
    if wanted[0] == "person" and (said := _told(scene.lookup, entity)):
        return Advice((said[0].id,), f'"{said[1]}", as the journey says')
    found = _first(scene.lookup, entity, *_WHOLES.get(kind, ()), *wanted)
    if found is None:
        return Advice(("system",), "there is nobody that it could belong to")
    return Advice((found.id,), f"{many(entity)} usually belong to {article(one(found))}")


def _first(lookup: Lookup, entity: Entity, *archetypes: str) -> Entity | None:
    """The first other entity of one of the archetypes, in their order."""
    for archetype in archetypes:
        others = [e for e in lookup.of_archetype(archetype) if e.id != entity.id]
        if others:
            return _nearest(lookup, entity, others) if archetype == "person" else others[0]
    return None


def _nearest(lookup: Lookup, entity: Entity, people: list[Entity]) -> Entity:
    """The account; where no step speaks of accounts, the people that most of its steps name."""
    account = who_signs_in(lookup)
    if account is None or account.steps or account not in people:
        return people[0]
    mine = set(entity.steps)
    return max(people, key=lambda each: len(mine.intersection(each.steps)))


def _told(lookup: Lookup, entity: Entity) -> tuple[Entity, str] | None:
    """The group or the people of whom the steps say that it is theirs, and in which words."""
    owners = (*lookup.of_archetype("group"), *lookup.of_archetype("person"))
    known = {last_word(each.name): each for each in owners if each.id != entity.id}
    mine = {last_word(entity.name), plural(last_word(entity.name))}
    for thing, whose, said in _said(lookup.design.steps):
        if thing in mine and whose in known:
            return known[whose], said
    return None


@lru_cache(maxsize=8)
def _said(steps: tuple[JourneyStep, ...]) -> tuple[tuple[str, str, str], ...]:
    """Every "services of the clinic" of the steps: the thing, whose it is, and both as written."""
    return tuple(
        (found[1].lower(), found[2].lower(), found[0])
        for sentence in said_in(steps)
        for found in _OF.finditer(sentence)
    )
