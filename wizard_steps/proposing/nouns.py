"""The nouns of the journey's steps: which of them become entities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from schemawalk.design.model import Design, Entity
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.names import last_word, snake, unique, words
from schemawalk.schema.tables.archetypes import TAKES_TIME, guess_archetype
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.own_ids import joined, parted
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree

if TYPE_CHECKING:
    from schemawalk.reading.candidates import Candidate

MOST_PROPOSED: Final = 9
"""More entities than this are not proposed at once, but for those that are surely kept."""
MOST_EVER: Final = 12
"""More than this never are; the rest can be ticked."""
LEAST_SHARE: Final = 0.4
"""Share of the best score from which a noun that names an archetype is proposed."""
NAMELESS_SCORE: Final = 0.7
"""The same for a noun that names none."""
MOST_TOLD: Final = 6
"""Nouns that are told to be left aside."""
MOST_OFFERED: Final = 12
"""Candidates that are offered for one step."""


OTHER_WORDS: Final = {
    "account": "user", "member": "user", "person": "user", "people": "user", "file": "document",
    "bill": "invoice", "organization": "organisation",
}  # fmt: skip
"""Words that usually mean another entity, when that one is there."""
ACT_ENDINGS: Final = ("ation", "ment", "ing", "ion", "al")
"""What makes a noun of a verb: somebody pays, and there is a payment."""
_SAID_OF: Final = {
    "person": re.compile(
        r"\b([a-z]+)s? (?:(?:can|may|must|first|then) )*(?:sign|log)s?[ -]?(?:up|in|on)\b"
    ),
    "group": re.compile(r"\b(?:no|one|each) ([a-z]+)\b[^.]*?\banother(?: \1\b|[.,;]|$)"),
}
"""What is said only of somebody who signs in, and of groups that must not see each other."""
_TENANT: Final = re.compile(r"tenant: ([^()]{1,60}?)(?: \(|$)")
STANDS_OUT: Final = 0.6
"""Score from which a second kind of person is proposed beside those who sign in."""


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


def strongest(design: Design, archetype: str, usual: str) -> str:
    """What the journey calls its people or groups: the strongest candidate of the archetype.

    What the stack calls its tenant comes first, then what the steps say of such a one ("a doctor
    signs up"); `usual` when it is among the candidates, when there is none, or when several sorts
    of people come to the product.
    """
    if told := _tenant(design, archetype) or _told(design, archetype):
        return told
    found = [c for c in _candidates(design.steps) if not c.somebody]
    fitting = [c for c in found if sort_of(c)[0] == archetype]
    if any(snake(c.name) == snake(usual) for c in fitting):
        return usual
    least = _least(design.steps)
    strong = [c for c in fitting if c.score >= least and len(words(c.name)) == 1]
    several = archetype == "person" and len([c for c in strong if c.score >= STANDS_OUT]) > 1
    return titled(strong[0].name) if strong and not several else usual


def sort_of(candidate: Candidate) -> tuple[str, str]:
    """The archetype of a candidate, and the word that speaks for it; empty when none does.

    What it is called by comes last: a "payment provider" is no payment.  Whoever is called by what
    they do, and does it, is a person.
    """
    archetype, noun = guess_archetype(candidate.name)
    head = last_word(candidate.name)
    if noun == head:
        return archetype, noun
    return ("person", head) if candidate.person else ("thing", "")


def acts_as_person(design: Design, name: str) -> bool:
    """Whether the journey speaks of something by that name as of people who do something."""
    return any(c.person and snake(c.name) == snake(name) for c in _candidates(design.steps))


def _tenant(design: Design, archetype: str) -> str:
    """What the stack says that rows belong to; empty when it names nothing of the journey.

    "tenant: clinic_id (stack.md:14)" is the name of a column, and holds whatever the journey says.
    """
    told = (_TENANT.match(fact) for fact in design.stack.facts) if archetype == "group" else ()
    for name in (match[1].strip() for match in told if match):
        if name.endswith("_id") or is_spoken_of(design, name):
            return titled(name.removesuffix("_id").replace("_", " "))
    return ""


def is_spoken_of(design: Design, name: str) -> bool:
    """Whether the journey has a noun by that name."""
    return any(snake(c.name) == snake(name) for c in _candidates(design.steps))


def _told(design: Design, archetype: str) -> str:
    """The candidate of which a step says what is said of such people or groups; empty for none."""
    known = {c.name.lower(): c.name for c in _candidates(design.steps) if not c.somebody}
    for step in design.steps:
        for found in _SAID_OF[archetype].findall(step.text.lower()):
            guessed, noun = guess_archetype(found)
            if found in known and (guessed == archetype or not noun):
                return titled(known[found])
    return ""


def strongest_names(design: Design) -> tuple[str, ...]:
    """What the journey speaks of most, as names of entities."""
    return tuple(titled(candidate.name) for candidate in _candidates(design.steps)[:3])


def proposed(design: Design, known: tuple[Entity, ...] = ()) -> tuple[Entity, ...]:
    """The entities that the journey's candidates suggest beside those `known`, strongest first.

    A candidate whose last word is already an entity ("compliance document" beside "document") is
    kept as its alias, and one whose name says nothing of an archetype needs a better score.
    """
    chosen: list[Entity] = []
    for candidate in _candidates(design.steps):
        if len(chosen) >= (MOST_EVER if _is_sure(design, candidate) else MOST_PROPOSED):
            continue
        same = _same(candidate.name, chosen)
        if same is not None:
            chosen[same] = _with_alias(chosen[same], candidate)
        elif _same(candidate.name, known) is None and _worth(design, candidate, (*known, *chosen)):
            chosen.append(_entity(candidate))
    return tuple(chosen)


def left_aside(design: Design) -> tuple[str, ...]:
    """Nouns that the journey speaks of as often as of what is proposed, and that are no entity."""
    least, known = _least(design.steps), design.entities
    facts = {snake(a.name) for entity in known for a in entity.attributes}
    named = (
        titled(c.name)
        for c in _candidates(design.steps)
        if c.score >= least and not c.somebody and snake(c.name) not in facts
        and " " not in c.name and _same(c.name, known) is None
    )  # fmt: skip
    return tuple(islice(named, MOST_TOLD))


def _same(name: str, entities: Sequence[Entity]) -> int | None:
    """Index of the entity that a candidate is another word for."""
    head = words(name)[-1:]
    meant = {head, (OTHER_WORDS.get(head[0]),) if head else head}
    return next((i for i, e in enumerate(entities) if words(e.name)[-1:] in meant), None)


def _with_alias(entity: Entity, candidate: Candidate) -> Entity:
    aliases = (*entity.aliases, candidate.name)
    steps = tuple(dict.fromkeys((*entity.steps, *candidate.steps)))
    return entity.model_copy(update={"aliases": aliases, "steps": steps})


def _worth(design: Design, candidate: Candidate, beside: Sequence[Entity]) -> bool:
    """Whether a candidate is strong enough to be proposed by itself."""
    if candidate.somebody:
        return False
    archetype, noun = sort_of(candidate)
    taken = {e.archetype or guess_archetype(e.name)[0] for e in beside}
    if not noun:
        stored = candidate.stored and candidate.score >= _least(design.steps)
        return stored or candidate.score >= NAMELESS_SCORE
    if archetype == "group" and archetype in taken:
        return False
    if archetype == "person" and archetype in taken:
        return candidate.score >= STANDS_OUT
    return _is_act(candidate, design.steps) or candidate.score >= _least(design.steps)


def _is_sure(design: Design, candidate: Candidate) -> bool:
    """Whether its facts are told, or somebody does what it says."""
    return candidate.stored or _is_act(candidate, design.steps)


def _least(steps: tuple[JourneyStep, ...]) -> float:
    """The score from which a noun counts: short journeys give low ones all round."""
    best = next(iter(_candidates(steps)), None)
    return best.score * LEAST_SHARE if best else 0


def _is_act(candidate: Candidate, steps: tuple[JourneyStep, ...]) -> bool:
    """Whether the steps also do what the noun says: "books a court" beside "the booking"."""
    archetype, noun = sort_of(candidate)
    if archetype not in (*TAKES_TIME, "money"):
        return False
    done = _spoken(steps)
    stems = (noun.removesuffix(ending) for ending in ACT_ENDINGS if noun.endswith(ending))
    return any({stem + "s", stem + "es", stem + "e", stem + "ed"} & done for stem in stems)


@lru_cache(maxsize=8)
def _spoken(steps: tuple[JourneyStep, ...]) -> frozenset[str]:
    return frozenset(word for step in steps for word in words(f"{step.title} {step.text}"))


def _entity(candidate: Candidate) -> Entity:
    name = titled(candidate.name)
    return Entity(id=snake(name), name=name, steps=candidate.steps)


def _taken(scene: Scene) -> tuple[str, ...] | None:
    named = tuple(e.name for e in scene.design.entities if scene.subject.id in e.steps)
    return named if named or "entities" in scene.design.done else None


def _take(design: Design, step_id: str, names: tuple[str, ...]) -> Design:
    """The design with exactly these entities named in the step; new ones are added."""
    wanted, by_id = told(names)
    entities: list[Entity] = []
    dropped = list(design.dropped)
    for entity in design.entities:
        named = {snake(n) for n in (entity.name, *entity.aliases)} & wanted.keys()
        for name in named:
            del wanted[name]
        if own := by_id.pop(entity.id, ""):
            entity, named = entity.model_copy(update={"name": own}), {own}
        named_in = {*entity.steps, step_id} if named else {*entity.steps} - {step_id}
        steps = tuple(step.id for step in design.steps if step.id in named_in)
        if steps or entity.origin.startswith("unsaid.") or step_id not in entity.steps:
            entities.append(entity.model_copy(update={"steps": steps}))
        else:
            dropped.append(entity.id)
    found = {snake(e.name): e for e in proposed(design, tuple(entities))} if wanted else {}
    for key, name in (*wanted.items(), *by_id.items()):
        entity_id = unique(key, (e.id for e in entities))
        typed = Entity(id=entity_id, name=name if key in by_id else titled(name), origin="user")
        new = typed if key in by_id else found.get(key, typed)
        entities.append(new.model_copy(update={"id": entity_id, "steps": (step_id,)}))
    return design.model_copy(update={"entities": tuple(entities), "dropped": tuple(dropped)})


def told(names: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of entities: by what they are found by, and those with an id of their own by that."""
    parts = [parted(name) for name in names if name.strip()]
    wanted = {snake(name): name for name, own_id in parts if not own_id}
    return wanted, {own_id: name for name, own_id in parts if own_id}


def as_typed(scene: Scene, name: str) -> str:
    """The name of an entity, with its id where a new design would make another one of it."""
    entity = next((e for e in scene.design.entities if e.name == name), None)
    if entity is None or (entity.id == snake(name) and entity.id not in _other_words(scene.design)):
        return name
    return joined(name, entity.id)


def _other_words(design: Design) -> frozenset[str]:
    """What a new design takes for another word of something that it proposes."""
    return frozenset(snake(alias) for entity in proposed(design) for alias in entity.aliases)


def _offered(scene: Scene) -> tuple[Choice, ...]:
    said = (c for c in _of_step(scene.subject, scene.design.steps) if not c.somebody)
    found = tuple(islice(said, MOST_OFFERED))
    candidates = {
        snake(c.name): (titled(c.name), "; ".join(c.because[:2]) or "a noun of this step")
        for c in found
    }
    for entity in scene.design.entities:
        if scene.subject.id in entity.steps:
            candidates.setdefault(snake(entity.name), (entity.name, "chosen already"))
    return tuple(Choice(name, name, because) for name, because in candidates.values())


@lru_cache(maxsize=4)
def _carrying(lookup: Lookup) -> tuple[Entity, ...]:
    """What is there for a reason of its own, and what the journey's nouns suggest beside."""
    known = tuple(e for e in lookup.design.entities if e.origin)
    return (*known, *proposed(lookup.design, known))


def _advise(scene: Scene) -> Advice:
    found = _carrying(scene.lookup)
    names = tuple(entity.name for entity in found if scene.subject.id in entity.steps)
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
            example='In "Send the invoice" the invoice must be remembered; the button must not.',
            get=_taken,
            set=_take,
            typed=as_typed,
            unordered=True,
        ),
    ),
)
