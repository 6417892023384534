"""The rows of a step whose trees are asked only when something calls for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from schemawalk.design.model import Design
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.spots import Spot, spots
from wizard_steps.asking.steps import Row
from wizard_steps.asking.tree import Tree

NOTHING = "Nothing calls for this"
"""The headline of a step in which nothing is asked."""


def by_node(design: Design, tree: Tree, titles: Mapping[str, str]) -> Iterator[Row]:
    """One row for each question of a tree about the whole design, with its answer in words."""
    for spot in spots((tree,), Lookup(design)):
        if spot.answer is not None and spot.node.id in titles:
            yield Row(spot.id, titles[spot.node.id], _said(spot), _because(spot), optional=False)


def _because(spot: Spot) -> str:
    """Why the answer is as it is: what was said of it, or else what recommends it."""
    note = spot.scene.notes.get(spot.id)
    if note and note.why:
        return note.why
    return spot.scene.say(spot.advice.because) if spot.answer == spot.advice.value else ""


def _said(spot: Spot) -> str:
    choices = {choice.value: choice for choice in spot.node.offers(spot.scene)}
    parts = []
    for value in spot.answer or ():
        choice = choices.get(value)
        if choice is None:
            parts.append(value)
        elif spot.node.form == "one":
            parts.append(spot.scene.say(f"{choice.label}: {choice.leads_to}"))
        else:
            parts.append(spot.scene.say(choice.label))
    return ", ".join(parts) or "none"


def by_subject(design: Design, trees: Iterable[Tree], *, optional: bool = False) -> Iterator[Row]:
    """One row for each subject that a tree is asked about, with what the answers come to."""
    lookup = Lookup(design)
    for tree in trees:
        told = set()
        for spot in spots((tree,), lookup):
            if spot.subject_id not in told:
                told.add(spot.subject_id)
                scene = spot.scene
                row_id = spot.subject_id if optional else f"{tree.id}.{spot.subject_id}"
                yield Row(row_id, scene.words["about"], scene.say(tree.outcome(scene)),
                          scene.say(tree.called(scene) or ""), optional=optional)  # fmt: skip
