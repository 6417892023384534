"""How much each sort of evidence speaks for or against a candidate, as tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from schemawalk.reading.grammar import is_person
from schemawalk.reading.words import (
    ATTRIBUTES,
    CALLED_AS_PEOPLE,
    INTERFACE,
    MAKING,
    NOUNS_TOO,
    OTHER_VERBS,
    SCOPING_HEADS,
    SEEING,
    TECHNOLOGY,
    TEMPLATE,
    TEMPLATE_PHRASES,
    UNCOUNTED_ENDINGS,
    VAGUE,
)
from schemawalk.schema.tables.archetypes import guess_archetype

HALF = 6.0
"""Raw evidence at which the score is one half."""

WEIGHTS: Mapping[str, float] = {
    "whole": 1.0,
    "headed": 0.5,
    "modifies": 0.4,
    "scopes": 0.8,
    "plural": 0.7,
    "counted": 0.6,
    "collected": 0.8,
    "made": 1.0,
    "seen": 0.5,
    "acts": 0.8,
    "actor": 1.0,
    "heading": 0.6,
    "described": 1.2,
    "code": 3.0,
    "defined": 6.0,
}
"""Per doubling of the count of each sort."""

PLACES = 1.0
"""The same for the steps and sections that name it."""

ASIDE = 0.5
"""What a mention outside the steps counts, of one inside."""


@dataclass(frozen=True)
class Factors:
    """What multiplies the evidence for a name."""

    template: float = 0.3
    template_phrase: float = 0.15
    technology: float = 0.35
    interface: float = 0.5
    attribute: float = 0.55
    vague: float = 0.45
    scoped_phrase: float = 0.5
    uncounted: float = 0.65
    never_counted: float = 0.7
    proper: float = 0.6
    somebody: float = 0.4
    verb: float = 0.5
    yields: float = 0.6
    said_once: float = 0.6
    scoping_heads: frozenset[str] = SCOPING_HEADS


FACTORS = Factors()

MOSTLY_VERBS = (MAKING | SEEING | OTHER_VERBS) - NOUNS_TOO

_COMMON = TEMPLATE | TECHNOLOGY | INTERFACE | ATTRIBUTES | VAGUE
"""Words that are nobody's name, whatever begins a line."""

_NOBODY = _COMMON | NOUNS_TOO | CALLED_AS_PEOPLE

_BY_WORD: tuple[tuple[frozenset[str], float], ...] = (
    (TEMPLATE, FACTORS.template),
    (TECHNOLOGY, FACTORS.technology),
    (INTERFACE, FACTORS.interface),
    (VAGUE, FACTORS.vague),
    (ATTRIBUTES, FACTORS.attribute),
)


def factor_of(name: str, counts: Mapping[str, float]) -> float:
    """Return what a name's evidence is multiplied by, for what its words usually are; at most 1."""
    if counts.get("defined"):
        return 1.0
    if name.replace(" ", "-") in TEMPLATE_PHRASES:
        return FACTORS.template_phrase
    if counts.get("code"):
        return _by_words(name, counts)
    return _by_words(name, counts) * _by_use(name, counts)


def _by_words(name: str, counts: Mapping[str, float]) -> float:
    *modifiers, head = name.split()
    factor = next((factor for words, factor in _BY_WORD if head in words), 1.0)
    if _is_used_as_thing(head, counts):
        factor = math.sqrt(factor)
    if modifiers:
        factor = FACTORS.scoped_phrase if head in SCOPING_HEADS else (1 + factor) / 2
        if any(word in TEMPLATE or word in TECHNOLOGY for word in modifiers):
            factor *= 0.7
    return factor


def _is_used_as_thing(head: str, counts: Mapping[str, float]) -> bool:
    """Whether the text uses a weak word for a thing, whatever it usually means.

    Facts of it are told ("a service with a price"), or somebody makes one of many ("writes a note",
    where a template only has a label "Note").
    """
    if counts.get("described"):
        return head not in INTERFACE
    return head in TEMPLATE | TECHNOLOGY and is_made(counts)


def is_made(counts: Mapping[str, float]) -> bool:
    """Tell whether somebody makes it, and it is said of one and of many."""
    return bool(counts.get("made") and counts.get("plural") and counts.get("counted"))


def is_somebody(name: str, counts: Mapping[str, float]) -> bool:
    """Tell whether a word is the name of a person in a story: "Ada opens …, and Ada pays".

    It is always written with a capital, never counted, and acts; and it says of nobody what they
    do, as "Editor" or "Guest" would.
    """
    whole, counted = counts.get("whole", 0), counts.get("counted", 0) or counts.get("headed", 0)
    always = whole and counts.get("bare", 0) >= whole and not counted
    said = counts.get("named", 0) or whole >= 2
    if " " in name or not (always and said and counts.get("acts")):
        return False
    return not (is_person(name) or guess_archetype(name)[1] or name in _COMMON)


def is_role(name: str, counts: Mapping[str, float]) -> bool:
    """Tell whether a name ends as words for people do, and what it does only people do."""
    head = name.rpartition(" ")[2]
    does = counts.get("chooses", 0) or counts.get("actor", 0)
    return bool(does) and is_person(head) and head not in _NOBODY


def _by_use(name: str, counts: Mapping[str, float]) -> float:
    factor = 1.0
    if is_somebody(name, counts):
        return FACTORS.somebody
    plural = counts.get("plural", 0)
    if not plural and name.endswith(UNCOUNTED_ENDINGS):
        factor *= FACTORS.uncounted
    if not plural and not counts.get("counted") and not counts.get("actor"):
        factor *= FACTORS.never_counted
    if name in MOSTLY_VERBS:
        factor *= FACTORS.verb
    said = counts.get("whole", 0) + counts.get("headed", 0)
    if said and not plural and counts.get("named", 0) >= 0.8 * said:
        factor *= FACTORS.proper
    return factor
