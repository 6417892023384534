"""The entities that no step names: those that the answers about what journeys never say add."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Design, Entity
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.names import last_word, snake, unique, words
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.proposing.nouns import as_typed, strongest, titled, told
from wizard_steps.unsaid import TOPICS, Added, spoken

ORIGIN: Final = "unsaid."
"""How the origin of an entity begins that such an answer adds."""
OF_OTHERS: Final = ("link.", "list.")
"""How origins begin of entities that another answer made."""
TYPED: Final = "user"
"""The origin of an entity that somebody typed in."""


def of_answers(design: Design) -> tuple[Entity, ...]:
    """The entities that the answers propose."""
    return tuple(
        made(design, added, topic)
        for topic, added in _offers(design)
        if added.words == "" or (added.words and spoken(design, added.words))
    )


def _offers(design: Design) -> Iterator[tuple[str, Added]]:
    """Everything that the answers can add, each with its topic."""
    for topic in TOPICS:
        answer = getattr(design.unsaid, topic.id)
        yield from ((topic.id, added) for added in topic.adds if answer in added.answers)


def made(design: Design, added: Added, topic: str) -> Entity:
    """The entity that an answer adds; people and groups are called as the journey calls them."""
    name = _name(design, added)
    return Entity(id=snake(name), name=name, archetype=added.archetype, origin=ORIGIN + topic,
                  steps=_naming(design.steps, last_word(name)))  # fmt: skip


def _name(design: Design, added: Added) -> str:
    people = added.archetype in ("person", "group")
    return strongest(design, added.archetype, added.name) if people else added.name


@lru_cache(maxsize=64)
def _naming(steps: tuple[JourneyStep, ...], word: str) -> tuple[str, ...]:
    """Ids of the steps that speak of something by that word."""
    from schemawalk.reading.labels import without_labels

    said = ((step, f"{step.title} {without_labels(step.text)}") for step in steps)
    return tuple(step.id for step, text in said if word in words(text))


def archetype_added(design: Design, entity: Entity) -> str:
    """The archetype of what the answers add under an entity's id; empty when they add none."""
    offers = (added for _, added in _offers(design) if snake(_name(design, added)) == entity.id)
    return next((added.archetype for added in offers), "")


def _found(design: Design) -> tuple[Entity, ...]:
    """What an answer that holds can add, or what no step names: somebody's own words.

    What other answers made, a relationship's or a list's, is theirs to keep.
    """
    answered = {snake(_name(design, added)) for _, added in _offers(design)}
    return tuple(
        e
        for e in design.entities
        if (e.id in answered or not e.steps) and not e.origin.startswith(OF_OTHERS)
    )


def _get(scene: Scene) -> tuple[str, ...] | None:
    named = tuple(e.name for e in _found(scene.design))
    return named if named or "entities" in scene.design.done else None


def _set(design: Design, _: str, names: tuple[str, ...]) -> Design:
    """The design with exactly these of such entities; what is new is added.

    What a step named already stays what it is, and is here because of the answer from now on.
    """
    wanted, by_id = told(names)
    known = {e.id: e for e in (made(design, each, topic) for topic, each in _offers(design))}
    found = {entity.id for entity in _found(design)}
    kept: list[Entity] = []
    gone: list[Entity] = []
    for entity in design.entities:
        key = snake(entity.name)
        named = wanted.pop(key, None) is not None
        if own := by_id.pop(entity.id, ""):
            entity, named = entity.model_copy(update={"name": own}), True
        strange = entity.id not in found or entity.origin == TYPED
        if named and key in known and strange:
            entity = _adopted(entity, known[key])
        (kept if named or entity.id not in found else gone).append(entity)
    for key, name in wanted.items():
        typed = Entity(id=unique(key, (e.id for e in kept)), name=titled(name), origin=TYPED)
        kept.append(known.get(key, typed))
    for own_id, name in by_id.items():
        made_id = unique(own_id, (e.id for e in kept))
        kept.append(Entity(id=made_id, name=name, origin=TYPED))
    present = {entity.id for entity in kept}
    dropped = (*design.dropped, *(entity.id for entity in gone))
    still = tuple(dict.fromkeys(each for each in dropped if each not in present))
    return design.model_copy(update={"entities": tuple(kept), "dropped": still})


def _adopted(entity: Entity, answered: Entity) -> Entity:
    archetype = entity.archetype or answered.archetype
    return entity.model_copy(update={"origin": answered.origin, "archetype": archetype})


def _fits(scene: Scene, names: tuple[str, ...]) -> None:
    found = _found(scene.design)
    taken = {snake(e.name) for e in scene.design.entities if e not in found}
    offered = {made(scene.design, added, topic).id for topic, added in _offers(scene.design)}
    for name in told(names)[0].values():
        if snake(name) in taken - offered:
            raise AnswerError(f"{name} is there already, because a step speaks of it: leave it out "
                              "here, and tick it with the nouns of its step.")  # fmt: skip


def _choices(scene: Scene) -> tuple[Choice, ...]:
    """What the answers can add, and what is here already."""
    design = scene.design
    offered = {}
    for topic, added in _offers(design):
        entity = made(design, added, topic)
        offered[entity.id] = Choice(entity.name, entity.name, added.why)
    for entity in _found(design):
        offered.setdefault(entity.id, Choice(entity.name, entity.name, "chosen already"))
    return tuple(offered.values())


def _advise(scene: Scene) -> Advice:
    found = _found(scene.design)
    taken = {snake(e.name) for e in scene.design.entities if e not in found}
    told = (e.name for e in found if e.steps and not e.origin.startswith(ORIGIN))
    names = (e.name for e in of_answers(scene.design) if snake(e.name) not in taken)
    return Advice(
        tuple(dict.fromkeys((*told, *names))),
        "they follow from what you said that journeys never say",
    )


FOUND: Final = Tree(
    "found",
    "Which of what is unsaid",
    "entities",
    "unsaid",
    (
        Node(
            "which",
            "",
            "Which things that no step names must {product} remember?",
            "A third of all tables come from here: accounts, groups, usage, history.",
            _advise,
            _choices,
            form="several",
            own_words=True,
            example="You said that use is billed: a Usage event is proposed; an Invoice can be "
            "ticked, unless the payment provider keeps the invoices.",
            get=_get,
            set=_set,
            fits=_fits,
            typed=as_typed,
            unordered=True,
        ),
    ),
    lambda scene: ", ".join(_get(scene) or ()) or "nothing",
)
