"""Embed or reference: for a document database, where the parts of a thing live."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.sentences import shape
from schemawalk.schema.tables.volume import rows_of
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree

FEW: Final = 100
"""Parts of one whole that a document holds with ease."""

_PARTS: Final = ("line", "setting", "message", "place")
"""Archetypes that have no life without their whole."""


def _called(scene: Scene) -> str | None:
    if scene.design.stack.database != "mongodb":
        return None
    return "stack: a document database"


def _per_whole(scene: Scene) -> float:
    """How many B one A has, from the rows of both after a year."""
    ends = scene.lookup.ends(scene.subject)
    if ends is None:
        return 0
    whole, part = (rows_of(end, scene.lookup) for end in ends)
    return part / max(whole, 1)


def _has_other_parents(scene: Scene) -> bool:
    ends = scene.lookup.ends(scene.subject)
    others = (scene.lookup.ends(link) for link in scene.design.relationships
              if link.id != scene.subject.id)  # fmt: skip
    return any(ends and other and ends[1].id in (other[0].id, other[1].id) for other in others)


def _embed(scene: Scene) -> Advice:
    ends = scene.lookup.ends(scene.subject)
    if ends is None or shape(scene.subject) == "M:N":
        return Advice(("reference",), "several on both sides: a copy in each would drift apart")
    if _per_whole(scene) > FEW:
        return Advice(("reference",), "too many for one document, and they keep growing")
    if _has_other_parents(scene):
        return Advice(("reference",), "others point at {bs}, or {bs} at others")
    if shape(scene.subject) == "1:1" or scene.lookup.archetype(ends[1]).id in _PARTS:
        return Advice(("embed",), "read together, few, and nobody else's")
    return Advice(("reference",), "{bs} are also asked for by themselves")


EMBED: Final = Tree(
    "embed",
    "Embed or reference",
    "growth",
    "relationships",
    (
        Node(
            "embed", "embed", "Where do the {bs} of {an_a} live?",
            "What is read together belongs together, unless it grows without end or others point "
            "at it.",
            _embed,
            (
                Choice("embed", "inside it", "one read gives {an_a} with its {bs}; they come and "
                       "go with it"),
                Choice("reference", "apart, by its id", "a second read, or $lookup; {bs} can be "
                       "found by themselves"),
            ),
            example="{an_a} is opened: are its {bs} always shown with it, and are there never "
            "more than some dozens?",
        ),
    ),
    lambda scene: {"embed": "inside its document", "reference": "by reference"}.get(
        scene.subject.embed or "", "open"
    ),
    _called,
)  # fmt: skip
