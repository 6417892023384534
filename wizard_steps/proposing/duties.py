"""Sentences of the journey that say what must hold, and which of them become rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from schemawalk.design.model import Design, Entity, Rule
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import fitted, plural, snake, unique, words
from schemawalk.schema.tables.archetypes import TAKES_TIME
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.own_ids import joined, parted
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import turned_down
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.proposing.lasting import KIND

if TYPE_CHECKING:
    from schemawalk.reading.phrases import Duty

LONGEST_ID: Final = 48
MEANT: Final = ("unique", "exclusion", "check", "only-if", "at-most", "lasting")
"""Kinds of sentences that are proposed when they speak of more than people; others say what the
product does, and can be ticked."""

_SPANS: Final = (("start", "end"), ("from", "to"), ("starts", "ends"), ("begin", "end"),
                 ("check_in", "check_out"), ("arrival", "departure"), ("opens", "closes"),
                 ("begins", "ends"), ("valid_from", "valid_until"))  # fmt: skip
"""How the two ends of a stretch of time are called."""


# Which entity a sentence is about


def named_in(lookup: Lookup, sentence: str) -> tuple[Entity, ...]:
    """The entities that a sentence names, in the order in which it does."""
    said = words(sentence)
    found: list[tuple[int, int, Entity]] = []
    for entity in lookup.tables:
        places = [at for name in (entity.name, *entity.aliases) if (at := _place(said, name)) >= 0]
        if places:
            found.append((min(places), -len(words(entity.name)), entity))
    return tuple(entity for _, _, entity in sorted(found, key=lambda each: each[:2]))


def _place(said: tuple[str, ...], name: str) -> int:
    """Where the sentence says the name, also in the plural; -1 when it does not."""
    own = words(name)
    if not own:
        return -1
    wanted = {own, (*own[:-1], plural(own[-1]))}
    at = (i for i in range(len(said) - len(own) + 1) if said[i : i + len(own)] in wanted)
    return next(at, -1)


def about(lookup: Lookup, sentence: str, kind: str = "") -> Entity | None:
    """Whose rows a sentence speaks of: what is booked once is a booking, not the court.

    None when it names nothing that has a table.
    """
    named = named_in(lookup, sentence)
    if kind == "exclusion":
        spanned = (e for e in lookup.tables if ends_of(e))
        acts = (e for kind in TAKES_TIME for e in lookup.of_archetype(kind))
        near = (e for e in (*spanned, *acts) if e in named or _beside(lookup, e, named))
        if (entity := next(near, None)) is not None:
            return entity
    if kind == KIND:  # what stays is what is spoken of first
        return next(iter(named), None)
    things = [e for e in named if lookup.archetype(e).id not in ("person", "group")]
    return next(iter((*things, *named)), None)


def _beside(lookup: Lookup, entity: Entity, named: tuple[Entity, ...]) -> bool:
    """Whether rows of the entity hang on one of those that were named."""
    return any(parent in named for _, parent in parents(lookup, entity))


def parents(lookup: Lookup, entity: Entity) -> Iterator[tuple[str, Entity]]:
    """Relationships through which an entity hangs on another, each with that other."""
    return ((link.id, parent) for link, parent in lookup.parents(entity.id))


def ends_of(entity: Entity) -> tuple[str, ...]:
    """The attributes between which a row takes its time; none when it takes no time."""
    times = {
        a.id.partition(".")[2]: a
        for a in entity.attributes
        if kind_of(a).id in ("moment", "date") and a.name not in ("created_at", "updated_at")
    }
    for first, last in _SPANS:
        start = next((n for n in times if n == first or n.startswith(f"{first}_")), "")
        end = next((n for n in times if n == last or n.startswith(f"{last}_")), "")
        if start and end:
            return start, end
    return ()


# The sentences of the journey


@lru_cache(maxsize=8)
def _duties(steps: tuple[JourneyStep, ...]) -> tuple[Duty, ...]:
    from schemawalk.reading.phrases import duties

    return duties(steps)


@lru_cache(maxsize=8)
def said_in(steps: tuple[JourneyStep, ...]) -> tuple[str, ...]:
    """The sentences of the journey that tell what is done or must hold."""
    from schemawalk.reading.phrases_clauses import sentences

    return tuple(said.text for said in sentences(steps))


def found(scene_lookup: Lookup) -> tuple[tuple[Duty, Entity], ...]:
    """The sentences of the journey that speak of an entity, each with it."""
    known: dict[str, tuple[Duty, Entity]] = {}
    for duty in _duties(scene_lookup.design.steps):
        entity = about(scene_lookup, duty.sentence, duty.kind)
        if entity is not None:
            known.setdefault(duty.sentence, (duty, entity))
    return tuple(known.values())


def rule_id(sentence: str) -> str:
    """The permanent id of a rule, from its first words."""
    return fitted(snake(sentence), LONGEST_ID)


def _which(scene: Scene) -> tuple[str, ...] | None:
    """The rules that are there; None while one that is proposed was neither taken nor left out."""
    says = tuple(rule.says for rule in scene.design.rules)
    waiting = (s for s in _proposed(scene.lookup) if s not in says)
    return None if any(rule_id(s) not in scene.design.dropped for s in waiting) else says


def _proposed(lookup: Lookup) -> tuple[str, ...]:
    return tuple(
        duty.sentence
        for duty, entity in found(lookup)
        if duty.kind in MEANT and lookup.archetype(entity).id not in ("person", "group")
    )


def _advise(scene: Scene) -> Advice:
    own = tuple(rule.says for rule in scene.design.rules)
    away = scene.design.dropped
    new = tuple(s for s in _proposed(scene.lookup) if s not in own and rule_id(s) not in away)
    if own or new:
        return Advice((*own, *new), "the journey says so, in these words")
    return Advice((), "no sentence of the journey says what must or must not be")


def _offered(scene: Scene) -> tuple[Choice, ...]:
    titles = {step.id: step.title for step in scene.design.steps}
    offered = {
        duty.sentence: f"about {plural(' '.join(words(entity.name)))}, in step "
        f'"{titles.get(duty.step, duty.step)}"'
        for duty, entity in found(scene.lookup)
    }
    for rule in scene.design.rules:
        offered.setdefault(rule.says, "in your words")
    return tuple(Choice(sentence, sentence, where) for sentence, where in offered.items())


def _take(design: Design, _: str, sentences: tuple[str, ...]) -> Design:
    """The design with exactly these rules; raises AnswerError when one is about nothing."""
    lookup = Lookup(design)
    kept = {rule.says: rule for rule in design.rules}
    known = {duty.sentence: (duty, entity) for duty, entity in found(lookup)}
    rules: list[Rule] = []
    taken = {rule.id for rule in design.rules}
    says = [parted(sentence) for sentence in sentences]
    for sentence, own_id in says:
        rule = kept.get(sentence)
        if rule is None:
            rule = _rule(lookup, sentence, known.get(sentence), taken, own_id)
        elif own_id not in ("", *taken):
            rule = rule.model_copy(update={"id": own_id})
        taken.add(rule.id)
        rules.append(rule)
    said = {sentence for sentence, _ in says}
    away = [rule_id(each) for each in (*known, *kept) if each not in said]
    back = {rule_id(sentence) for sentence in said}
    dropped = dict.fromkeys((*(d for d in design.dropped if d not in back), *away))
    return design.model_copy(update={"rules": tuple(rules), "dropped": tuple(dropped)})


def _rule(
    lookup: Lookup, sentence: str, known: tuple[Duty, Entity] | None, taken: set[str], own_id: str
) -> Rule:
    entity = known[1] if known else about(lookup, sentence)
    if entity is None:
        names = ", ".join(" ".join(words(e.name)) for e in lookup.tables)
        raise AnswerError(f"{sentence!r} speaks of nothing that is kept. Name one of: {names}.")
    steps = (known[0].step,) if known else ()
    made_id = unique(own_id or rule_id(sentence), taken)
    return Rule(id=made_id, says=sentence, entity=entity.id, steps=steps)


def _as_typed(scene: Scene, sentence: str) -> str:
    """The sentence of a rule, with its id where a new design would make another one of it."""
    rule = next((rule for rule in scene.design.rules if rule.says == sentence), None)
    if rule is None or rule.id == rule_id(sentence):
        return sentence
    return joined(sentence, rule.id)


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the rules that the journey's sentences suggest."""
    kept = tuple(rule for rule in design.rules if rule.id not in without)
    lost = frozenset(rule_id(r.says) for r in design.rules if r.id in without)
    dropped = turned_down(design, without | lost)
    design = design.model_copy(update={"rules": kept, "dropped": dropped})
    scene = Scene(design, Lookup(design), design.keeping)
    return _take(design, "", _advise(scene).value) if _which(scene) is None else design


def kind_said(scene: Scene) -> str:
    """What kind of sentence it is, as the reading of the journey tells."""
    rule: Rule = scene.subject
    known = (duty for duty in _duties(scene.design.steps) if duty.sentence == rule.says)
    return next((duty.kind for duty in known), "") or _typed_kind(rule.says)


@lru_cache(maxsize=256)
def _typed_kind(sentence: str) -> str:
    told = _duties((JourneyStep(id="typed", title="", text=sentence),))
    return next((duty.kind for duty in told), "other")


DUTIES: Final = Tree(
    "duties",
    "Rules",
    "states",
    "keeping",
    (
        Node(
            "which", "", "Which rules must always hold in {product}?",
            "A rule that only people know is broken by the first program that does not. Add your "
            "own in a sentence that names what it is about.",
            _advise, _offered, form="several", own_words=True, separator=";",
            get=_which, set=_take, typed=_as_typed,
            example="\"A {person} can have only one open {thing}\" is such a rule; \"the page "
            "shows their {things}\" is not: it says what is seen, not what must be.",
        ),
    ),
    lambda scene: f"{len(scene.design.rules)} rules",
    lambda scene: "" if scene.lookup.tables else None,
)  # fmt: skip
