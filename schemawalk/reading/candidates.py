"""Ranks the noun phrases of a journey by how likely each names something to remember."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from schemawalk.design.model import Step
from schemawalk.reading.headings import ENTITY_TITLES
from schemawalk.reading.journey import Section
from schemawalk.reading.mentions import Mention, definitions, identifiers, mentions
from schemawalk.reading.weights import (
    ASIDE,
    FACTORS,
    HALF,
    PLACES,
    WEIGHTS,
    factor_of,
    is_made,
    is_role,
    is_somebody,
)

MOST_CHARACTERS = 1_000_000
"""Of a longer journey, each step gives its beginning, so that all together stay below this."""

MOST_CANDIDATES = 400

_SECTION = "\x00"
"""Begins the place of a mention outside the steps: no id of a step does."""


@dataclass(frozen=True)
class Candidate:
    """A noun phrase that may become an entity.

    `score` is between 0 and 1; `because` quotes what spoke for it; `steps` are ids.
    """

    name: str
    score: float
    because: tuple[str, ...]
    steps: tuple[str, ...]
    stored: bool = False
    """Its facts are told, or a step that is called after it makes one of many."""
    person: bool = False
    """It is called as people are by what they do, and does what people do: "the usher picks"."""
    somebody: bool = False
    """It is the name of a person in the story, and names nothing to remember."""


@dataclass
class Evidence:
    """What was seen of one name: counts by sort of evidence, verbs, and steps."""

    counts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    verbs: Counter[str] = field(default_factory=Counter)
    steps: dict[str, None] = field(default_factory=dict)
    headings: dict[str, None] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    wider: Counter[str] = field(default_factory=Counter)
    """Longer phrases with this name as their head."""


def candidates(
    journey_steps: Sequence[Step], extra: Sequence[Section] = ()
) -> tuple[Candidate, ...]:
    """Return the candidates of a journey, best first.

    `extra` are other parts of the documents: they speak for a candidate, but are no steps.
    """
    return _ranked(tuple(journey_steps), tuple(extra))


def step_candidates(step: Step, overall: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates among `overall` that `step` names, best first."""
    return tuple(candidate for candidate in overall if step.id in candidate.steps)


@lru_cache(maxsize=8)
def _ranked(steps: tuple[Step, ...], extra: tuple[Section, ...]) -> tuple[Candidate, ...]:
    found = _gather(steps, extra)
    scores = {name: _score(name, evidence) for name, evidence in found.items()}
    order = sorted(scores, key=lambda name: (-scores[name], name))[:MOST_CANDIDATES]
    numbers = {step.id: number for number, step in enumerate(steps, start=1)}
    return tuple(_candidate(name, scores[name], found[name], numbers) for name in order)


def _gather(steps: Sequence[Step], extra: Sequence[Section]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    share = MOST_CHARACTERS // max(1, len(steps) + len(extra))
    for step in steps:
        share_of_step = max(share, 200)
        for mention in _mentions_of(step.title, step.text[:share_of_step]):
            _note(found, mention, step.id, in_heading=False)
        for mention in mentions(step.title):
            _note(found, mention, step.id, in_heading=True)
    for number, section in enumerate(extra):
        for mention in _mentions_of(section.title, section.text[: max(share, 200)]):
            _note(found, mention, f"{_SECTION}{number}", in_heading=False)
    return found


def _mentions_of(title: str, text: str) -> Iterator[Mention]:
    yield from mentions(text)
    yield from identifiers(text)
    if title.lower().startswith(ENTITY_TITLES):
        yield from definitions(text)


def _note(found: dict[str, Evidence], mention: Mention, place: str, *, in_heading: bool) -> None:
    words = mention.words
    for size in range(1, len(words) + 1):
        part = words[-size:]
        if part[-1] and all(len(word) > 1 for word in part):
            evidence = found.setdefault(" ".join(part), Evidence())
            _count(evidence, mention, place, in_heading=in_heading, whole=size == len(words))
            if size < len(words):
                evidence.wider[" ".join(words[-size - 1 :])] += 1
    for size in range(1, len(words)):
        if len(scoping := " ".join(words[:size])) > 1:
            _count_scoping(found.setdefault(scoping, Evidence()), words[size], place)


def _count_scoping(evidence: Evidence, head: str, place: str) -> None:
    """ "Invoice" in "invoice list" speaks for the invoice."""
    weight = _weight(place)
    evidence.counts["modifies"] += weight
    evidence.counts["scopes"] += weight * (head in FACTORS.scoping_heads)
    evidence.places.add(place)
    if not _is_aside(place):
        evidence.steps[place] = None


def _is_aside(place: str) -> bool:
    return place.startswith(_SECTION)


def _weight(place: str) -> float:
    return ASIDE if _is_aside(place) else 1.0


def _count(
    evidence: Evidence, mention: Mention, place: str, *, in_heading: bool, whole: bool
) -> None:
    counts = evidence.counts
    weight = _weight(place)
    counts["whole" if whole else "headed"] += weight
    counts["plural" if mention.plural else "singular"] += weight
    counts["named"] += mention.named * weight
    counts["counted"] += mention.counted * weight
    counts["acts"] += mention.acts * weight
    counts["chooses"] += mention.chooses * weight
    counts["collected"] += mention.collected * weight
    counts["actor"] += mention.actor * weight
    counts["described"] += mention.described * weight
    counts["bare"] += mention.bare * weight
    counts["heading"] += in_heading
    counts["code"] += mention.code and whole
    counts["defined"] += mention.defined and whole
    if mention.object_of:
        counts["made" if mention.made else "seen"] += weight
        evidence.verbs[mention.object_of] += 1
    evidence.places.add(place)
    if not _is_aside(place):
        evidence.steps[place] = None
        if in_heading:
            evidence.headings[place] = None


def _score(name: str, evidence: Evidence) -> float:
    counts = evidence.counts
    raw = sum(weight * math.log2(1 + counts[sort]) for sort, weight in WEIGHTS.items())
    raw += PLACES * math.log2(1 + sum(_weight(place) for place in evidence.places))
    raw *= factor_of(name, counts)
    raw *= _among_phrases(name, evidence)
    return round(1 - 2 ** (-raw / HALF), 4)


def _among_phrases(name: str, evidence: Evidence) -> float:
    """A head that is nearly always said in one longer phrase yields to it, and the reverse."""
    total = evidence.counts["whole"] + evidence.counts["headed"]
    if total and evidence.wider:
        widest = evidence.wider.most_common(1)[0][1]
        if widest >= 3 and widest >= 0.7 * total:
            return FACTORS.yields
    if " " in name and total < 2 and not evidence.counts["code"] and not evidence.counts["defined"]:
        return FACTORS.said_once
    return 1.0


def _candidate(name: str, score: float, evidence: Evidence, numbers: dict[str, int]) -> Candidate:
    steps = tuple(sorted(evidence.steps, key=lambda step: numbers.get(step, 0)))
    counts = evidence.counts
    return Candidate(
        name,
        score,
        tuple(_because(evidence, numbers)),
        steps,
        stored=bool(counts["described"] or (counts["heading"] and is_made(counts))),
        person=is_role(name, counts),
        somebody=is_somebody(name, counts),
    )


def _because(evidence: Evidence, numbers: dict[str, int]) -> Iterator[str]:
    counts = evidence.counts
    if counts["defined"]:
        yield "defined in a list of entities"
    if counts["code"]:
        yield "written as a name of code"
    for verb, _ in evidence.verbs.most_common(2):
        yield f'object of "{verb}"'
    if counts["actor"]:
        yield "speaks in a user story"
    elif counts["acts"]:
        yield "does something"
    for step in list(evidence.headings)[:1]:
        yield f"heading of step {numbers[step]}"
    if counts["described"]:
        yield "its facts are told"
    if len(evidence.steps) > 1:
        yield f"named in {len(evidence.steps)} steps"
    if counts["scopes"]:
        yield "other words belong to it"
    if counts["plural"] and counts["singular"]:
        yield "said of one and of many"
