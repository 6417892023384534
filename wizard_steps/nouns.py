"""The nouns of the journey's steps: which of them become entities."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from schemawalk.design.model import Design, Entity
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.archetypes import guess_archetype
from schemawalk.schema.names import snake, unique, words
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree

if TYPE_CHECKING:
    from schemawalk.reading.candidates import Candidate

MOST_PROPOSED: Final = 9
"""More entities than this are not proposed at once; the rest can be ticked."""
LEAST_SCORE: Final = 0.35
MOST_OFFERED: Final = 12
"""Candidates that are offered for one step."""


@lru_cache(maxsize=8)
def _candidates(steps: tuple[JourneyStep, ...]) -> tuple[Candidate, ...]:
    from schemawalk.reading.candidates import candidates

    return candidates(steps)


@lru_cache(maxsize=256)
def _of_step(step: JourneyStep, steps: tuple[JourneyStep, ...]) -> tuple[Candidate, ...]:
    from schemawalk.reading.candidates import step_candidates

    return step_candidates(step, _candidates(steps))


def titled(name: str) -> str:
    """A candidate's name as an entity's: "usage event" → "Usage event"."""
    return name[:1].upper() + name[1:]


def proposed(design: Design) -> tuple[Entity, ...]:
    """The entities that the journey's candidates suggest, strongest first.

    A candidate whose last word is already an entity ("compliance document" beside "document") is
    kept as its alias, and one whose name says nothing of an archetype needs a better score.
    """
    chosen: list[Entity] = []
    for candidate in _candidates(design.steps):
        if len(chosen) >= MOST_PROPOSED:
            break
        head = words(candidate.name)[-1:]
        same = next((i for i, e in enumerate(chosen) if words(e.name)[-1:] == head), None)
        if same is not None:
            aliases = (*chosen[same].aliases, candidate.name)
            steps = tuple(dict.fromkeys((*chosen[same].steps, *candidate.steps)))
            chosen[same] = chosen[same].model_copy(update={"aliases": aliases, "steps": steps})
        elif candidate.score >= (LEAST_SCORE if guess_archetype(candidate.name)[1] else 0.7):
            chosen.append(_entity(candidate))
    return tuple(chosen)


def _entity(candidate: Candidate) -> Entity:
    name = titled(candidate.name)
    return Entity(id=snake(name), name=name, steps=candidate.steps)


def _taken(scene: Scene) -> tuple[str, ...] | None:
    named = tuple(e.name for e in scene.design.entities if scene.subject.id in e.steps)
    return named if named or "entities" in scene.design.done else None


def _take(design: Design, step_id: str, names: tuple[str, ...]) -> Design:
    """The design with exactly these entities named in the step; new ones are added."""
    wanted = {snake(name): name.strip() for name in names if name.strip()}
    entities: list[Entity] = []
    dropped = list(design.dropped)
    for entity in design.entities:
        named = {snake(n) for n in (entity.name, *entity.aliases)} & wanted.keys()
        for name in named:
            del wanted[name]
        others = tuple(s for s in entity.steps if s != step_id)
        steps = (*others, step_id) if named else others
        if steps or entity.origin or step_id not in entity.steps:
            entities.append(entity.model_copy(update={"steps": steps}))
        else:
            dropped.append(entity.id)
    for key, name in wanted.items():
        entity_id = unique(key, (e.id for e in entities))
        entities.append(Entity(id=entity_id, name=titled(name), steps=(step_id,), origin="user"))
    return design.model_copy(update={"entities": tuple(entities), "dropped": tuple(dropped)})


def _offered(scene: Scene) -> tuple[Choice, ...]:
    found = _of_step(scene.subject, scene.design.steps)[:MOST_OFFERED]
    candidates = {snake(c.name): (titled(c.name), "; ".join(c.because[:2])) for c in found}
    for entity in scene.design.entities:
        if scene.subject.id in entity.steps:
            candidates.setdefault(snake(entity.name), (entity.name, "chosen already"))
    return tuple(Choice(name, name, because) for name, because in candidates.values())


def _advise(scene: Scene) -> Advice:
    names = tuple(
        entity.name for entity in proposed(scene.design) if scene.subject.id in entity.steps
    )
    return Advice(names, "the nouns that carry the step")


NOUNS: Final = Tree(
    "nouns",
    "Which nouns",
    "entities",
    "steps",
    (
        Node(
            "which",
            "",
            'Which things in "{title}" must be remembered?',
            "A noun that a step acts on is usually a thing that the product must remember.",
            _advise,
            _offered,
            form="several",
            own_words=True,
            get=_taken,
            set=_take,
        ),
    ),
)
