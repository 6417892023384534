"""Stretches of time: which entities take one, and how long the journey says that it may be."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.tables.archetypes import TAKES_TIME, Usual
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.proposing.duties import about, ends_of, found, said_in

ENDS: Final = (
    Usual("starts_at", "moment", purpose="when it begins"),
    Usual("ends_at", "moment", purpose="when it ends", rule="ends_at > starts_at"),
)
"""What is remembered of a stretch of time."""

_NUMBER: Final = r"(\d+)"
_UNIT: Final = r"(seconds?|minutes?|hours?|days?|weeks?)"
_LASTS: Final = r"\b(?:lasts?|takes?|runs? for|goes on for|long|longer|shorter|duration)\b"
_LENGTHS: Final = tuple(
    (re.compile(pattern, re.I), written)
    for pattern, written in (
        (rf"\b(?:between|from) {_NUMBER}(?: {_UNIT})? (?:and|to) {_NUMBER} {_UNIT}", "between"),
        (rf"\b(?:at least|minimum of|no less than|not shorter than) {_NUMBER} {_UNIT}", ">="),
        (rf"\b(?:at most|no more than|maximum of|up to|not? longer than|not exceed) "
         rf"{_NUMBER} {_UNIT}", "<="),
    )
)  # fmt: skip
"""How people say how long something lasts, and how a rule writes it."""
_BOTH_ENDS: Final = re.compile(
    r"\b(?:its|their|the|a) (?:start|beginning)s?\b.{0,30}\b(?:its |their |the |an )?ends?\b"
    r"|\bstarts? and ends?\b|\bstarts?_at\b.{0,30}\bends?_at\b",
    re.I,
)
"""How people say that both ends of something are known."""


@lru_cache(maxsize=4)
def taking_time(lookup: Lookup) -> frozenset[str]:
    """Ids of the entities of which the journey says that each takes its time."""
    told = {e.id for duty, e in found(lookup) if duty.kind == "exclusion" or lasts(duty.sentence)}
    spoken = (about(lookup, sentence) for sentence in said_in(lookup.design.steps)
              if _BOTH_ENDS.search(sentence))  # fmt: skip
    acts = {e.id for kind in TAKES_TIME for e in lookup.of_archetype(kind)}
    return frozenset(told | ({e.id for e in spoken if e is not None} & acts))


def lasts(sentence: str) -> bool:
    """Whether a sentence says how long something lasts."""
    return bool(re.search(_LASTS, sentence, re.I)) and any(
        pattern.search(sentence) for pattern, _ in _LENGTHS
    )


def length_rule(entity: Entity, sentence: str) -> str:
    """How long it may last, as a rule over its two ends; empty when the sentence says nothing.

    "An appointment lasts between 10 and 120 minutes" →
    `ends_at - starts_at between 10 minutes and 120 minutes`.
    """
    ends = ends_of(entity)
    if not ends or not lasts(sentence):
        return ""
    start, end = ends
    whole_days = kind_of(_fact(entity, start)).id == "date"
    for pattern, written in _LENGTHS:
        if said := pattern.search(sentence):
            lengths = _lengths(said.groups(), whole_days=whole_days)
            if lengths:
                least = f"{written} {' and '.join(lengths)}"
                return f"{end} - {start} {least}"
    return ""


def _fact(entity: Entity, local: str) -> Attribute:
    return next(a for a in entity.attributes if a.id.partition(".")[2] == local)


def _lengths(said: tuple[str | None, ...], *, whole_days: bool) -> tuple[str, ...]:
    """Each number with its unit; only days of what is counted in days, as numbers."""
    numbers = [part for part in said if part and part.isdigit()]
    units = [part.lower() for part in said if part and not part.isdigit()]
    units = units * len(numbers) if len(units) < len(numbers) else units
    if not whole_days:
        return tuple(f"{n} {unit}" for n, unit in zip(numbers, units, strict=True))
    days = {"day": 1, "week": 7}
    counted = [days.get(unit.removesuffix("s"), 0) for unit in units]
    return tuple(str(int(n) * each) for n, each in zip(numbers, counted, strict=True)
                 if each) if all(counted) else ()  # fmt: skip
