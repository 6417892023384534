"""The life of an entity: which step creates, reads, changes and ends it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.tree import Advice, Advise, Choice, Node, Scene

Act = Literal["create", "read", "change", "end"]
Acts = dict[tuple[str, str], tuple[tuple[str, str], ...]]
"""Steps and what they say, by an entity's id and an act."""

SEEDED: Final = ("catalogue", "place", "setting")
"""Archetypes whose rows are there before the first user comes."""


@lru_cache(maxsize=4)
def acts(lookup: Lookup) -> Acts:
    """Who does what, as the steps say it; found once a design."""
    from schemawalk.reading.phrases import touches

    ids = {entity.name: entity.id for entity in reversed(lookup.design.entities)}
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for touch in touches(lookup.design.steps, tuple(reversed(ids))):
        found.setdefault((ids[touch.name], touch.act), []).append((touch.step, touch.quote))
    return {key: tuple(value) for key, value in found.items()}


def steps_that(scene: Scene, act: Act) -> tuple[tuple[str, str], ...]:
    """Ids of the steps that do this to the entity at hand, each with the words that say so."""
    return acts(scene.lookup).get((scene.subject.id, act), ())


def _quoted(found: tuple[tuple[str, str], ...]) -> str:
    return f'"{found[0][1]}"'


def _created_by(scene: Scene) -> Advice:
    if scene.lookup.archetype(scene.subject).id in SEEDED:
        return Advice(("seeded",), "somebody must fill the list before the first user comes")
    if found := steps_that(scene, "create"):
        return Advice((found[0][0],), _quoted(found))
    for step in scene.design.steps:
        if step.id in scene.subject.steps:
            return Advice((step.id,), "the first step that speaks of it")
    return Advice(("system",), "no step speaks of it")


def _creators(scene: Scene) -> tuple[Choice, ...]:
    steps = (Choice(s.id, s.title, "created there", "read_by") for s in scene.design.steps)
    return (
        *steps,
        Choice("seeded", "nobody: it is there from the start", "a seed row", "read_by"),
        Choice("system", "the system itself", "written by the program, not by a user", "read_by"),
    )


def _read_by(scene: Scene) -> Advice:
    """The steps that show it; else those that speak of it without making, changing, ending it."""
    if found := steps_that(scene, "read"):
        return Advice(_in_order(scene, found), _quoted(found))
    acts: tuple[Act, ...] = ("create", "change", "end")
    busy = {step for act in acts for step, _ in steps_that(scene, act)}
    others = tuple(step for step in scene.subject.steps if step not in busy)
    if others:
        return Advice(others, "they speak of it, and do nothing else to it")
    return Advice((), "no step shows it")


def _by_act(act: Act, otherwise: str) -> Advise:
    def advise(scene: Scene) -> Advice:
        found = steps_that(scene, act)
        return Advice(_in_order(scene, found), _quoted(found)) if found else Advice((), otherwise)

    return advise


def _in_order(scene: Scene, found: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    doing = {step for step, _ in found}
    return tuple(step.id for step in scene.design.steps if step.id in doing)


def _steps(what: str) -> Callable[[Scene], tuple[Choice, ...]]:
    return lambda scene: tuple(Choice(s.id, s.title, what) for s in scene.design.steps)


def _any_step(scene: Scene) -> bool:
    return bool(scene.design.steps)


def _rows_expected(scene: Scene) -> Advice:
    archetype = scene.lookup.archetype(scene.subject)
    return Advice((str(archetype.rows),), f"usual for {archetype.label}")


NODES: Final = (
    Node(
        "created_by", "created_by", "Which step creates {a_thing}?",
        "A thing that no step creates is a step that the journey forgot.", _created_by, _creators,
        then="read_by",
        example='"The user adds {a_thing}": that step creates it. A list of countries is there '
        "from the start: a seed row.",
    ),
    Node(
        "read_by", "read_by", "Which steps show {things}?",
        "What is stored and never shown is stored for nothing.", _read_by, _steps("shown there"),
        form="several", then="changed_by", asked=_any_step,
        example="A list of {things}, one of them opened, a sum over all of them: all of it is "
        "reading.",
    ),
    Node(
        "changed_by", "changed_by", "Which steps change {a_thing}?",
        "What changes needs updated_at, and perhaps a version; what never changes needs neither.",
        _by_act("change", "no step speaks of changing it"), _steps("changed there"),
        form="several", then="ended_by", asked=_any_step,
        example="Somebody corrects {a_thing}, or a worker sets how far it has come.",
    ),
    Node(
        "ended_by", "ended_by", "Which steps end {a_thing}?",
        "An ending decides what is deleted with it, what stays, and for how long.",
        _by_act("end", "no step speaks of its end: it stays"), _steps("ended there"),
        form="several", then="rows", asked=_any_step,
        example="Somebody deletes {a_thing}, cancels it, or closes the account that it belongs to.",
    ),
    Node(
        "rows", "rows", "About how many {things} will there be after a year?",
        "Below a thousand rows an index is useless; above a hundred thousand it decides.",
        _rows_expected, form="number", then="purpose",
        example="50 {things} a day, every day of the year: 18000.",
    ),
)  # fmt: skip
"""The nodes at the end of the tree of an entity."""
