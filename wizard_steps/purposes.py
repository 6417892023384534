"""What a table, a column or a foreign key is for, in somebody's own words: its comment for good."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Attribute, Entity, Relationship
from schemawalk.schema.sentences import read_back, row_sentence
from wizard_steps.asking.tree import Advice, Advise, Choice, Condition, Node, Scene, always
from wizard_steps.proposing.facts import usual_purpose

_WHY: Final = (
    "It becomes the comment in the database and in the document: whoever asks in three years "
    "why it is there reads it."
)


def _of_entity(scene: Scene) -> Advice:
    entity: Entity = scene.subject
    owner = scene.lookup.standing(entity.owner or "") if entity.owner != "system" else None
    return Advice((row_sentence(entity, owner),), "what is known of it says no more")


def _of_attribute(scene: Scene) -> Advice:
    fact: Attribute = scene.subject
    usual = usual_purpose(scene.lookup, fact.id)
    if usual:
        return Advice((usual,), "what such a fact is usually for")
    return Advice(("",), "nothing but its name says what it is for")


def _of_link(scene: Scene) -> Advice:
    link: Relationship = scene.subject
    ends = scene.lookup.ends(link)
    back = read_back(link, *ends)[1] if ends else ""
    return Advice((back,), "the relationship, read back")


def _in_own_words(scene: Scene) -> bool:
    """Whether somebody said more than what is usual for such a fact."""
    fact: Attribute = scene.subject
    return fact.purpose not in ("", usual_purpose(scene.lookup, fact.id))


def _is_said(scene: Scene) -> bool:
    return bool(scene.subject.purpose)


def _both_tell(scene: Scene) -> Advice:
    """The steps that speak of both ends."""
    a, b = (scene.lookup.entities.get(end) for end in (scene.subject.a, scene.subject.b))
    shared = tuple(step for step in a.steps if step in b.steps) if a and b else ()
    return Advice(shared, "they name both")


def _is_told_otherwise(scene: Scene) -> bool:
    return scene.subject.steps not in ((), _both_tell(scene).value)


def _node(prompt: str, advise: Advise, asked: Condition, example: str, *, then: str = "") -> Node:
    return Node(
        "purpose", "purpose", prompt, _WHY, advise, form="text", asked=asked, aside=always,
        then=then, example=example,
        get=lambda scene: (scene.subject.purpose,) if asked(scene) else None,
    )  # fmt: skip


OF_ENTITY: Final = _node(
    "What is {a_thing}, in one sentence?", _of_entity, _is_said,
    '"Hours of a room that a band has, or asked for" tells what a booking is; "table of bookings" '
    "does not.",
)  # fmt: skip
OF_ATTRIBUTE: Final = _node(
    "What is the {fact} of {a_thing} for?", _of_attribute, _in_own_words,
    '"When the upload began; lists show the newest first" tells what created_at is for.',
)  # fmt: skip
OF_LINK: Final = _node(
    "What does it say that {an_b} has {an_a}?", _of_link, _is_said,
    '"The user who started it, who need not have uploaded it" tells two keys to users apart.',
    then="steps",
)  # fmt: skip
STEPS: Final = Node(
    "steps", "steps", "Which steps tell that {an_b} has {an_a}?",
    "A key that no step needs is a key that somebody dreamt of.", _both_tell,
    lambda scene: tuple(Choice(s.id, s.title, "tells of it") for s in scene.design.steps),
    form="several", asked=_is_told_otherwise, aside=always,
    get=lambda scene: scene.subject.steps if _is_told_otherwise(scene) else None,
    example='"The band books a room" tells that a booking has a room.',
)  # fmt: skip
"""What the table between two is for; a key stands in the table of what has it."""
