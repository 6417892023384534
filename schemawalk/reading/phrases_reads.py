"""Tells how a list is read: whose it is, in what order, how many, and filtered by what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemawalk.reading.grammar import Word
from schemawalk.reading.lemmas import fold_word
from schemawalk.reading.phrases_acts import Found
from schemawalk.reading.phrases_clauses import Clause
from schemawalk.reading.phrases_naming import Names
from schemawalk.reading.phrases_words import (
    COUNTED,
    FILTERED,
    LIMITS,
    OWNING,
    PERIOD,
    SORTED_BY,
    SORTS,
    STATES,
)

ME = "me"
"""The owner when a clause says "my" and "their": whoever looks."""

_PARTS = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and/or|and|or)\s+|\s*/\s*")
_FILTER = re.compile(r"^(?:the |their |its |a |an |my |one |each )?([a-z][\w-]*(?: [a-z][\w-]*)?)")
_STOPS = re.compile(
    r"\b(?:to|so|in order|from|for|using|when|with|within|on|via|that|who|which"
    r"|and (?:filter|sort|see|view|then|get|find|open|choose|select))\b"
)
_TIMES = frozenset("day date week month year time period today".split())
EVERYBODY = frozenset("all every any several multiple".split())
_OWNED_BY = frozenset("of for on from in by at per within under".split())


@dataclass(frozen=True, slots=True)
class Details:
    """How a list is read."""

    owner: str
    actor: str
    sort: tuple[str, ...]
    limit: int | None
    filters: tuple[str, ...]
    period: bool
    state: str
    words: bool


def details(clause: Clause, found: Found, names: Names) -> Details:
    """How the clause reads what was found in it."""
    text = clause.quote
    filters = tuple(dict.fromkeys(_filters(text)))
    actor = names.of(clause.actor)
    return Details(
        owner=_owner(clause, found, names),
        actor=actor if actor != found.name else "",
        sort=_sort(text),
        limit=_limit(text),
        filters=tuple(f for f in filters if f not in _TIMES),
        period=PERIOD.search(text) is not None or any(f in _TIMES for f in filters),
        state=_state(clause.words, found),
        words=found.verb == "search",
    )


def is_figure(clause: Clause, found: Found) -> bool:
    """Whether they are only counted: "total bookings", "the number of bookings"."""
    words = clause.words[max(0, found.start - 3) : found.start]
    return any(word.lower in COUNTED for word in words)


def _owner(clause: Clause, found: Found, names: Names) -> str:
    """Whose they are: "my bookings", "bookings of a court", "the team's bookings"."""
    before = _before(clause.words, found.start)
    for word in before:
        if word.lower in OWNING:
            return ME
        name = names.named(fold_word(word.lower))
        if name and name != found.name:
            return name
    return _after(clause.words, found, names)


def _before(words: Sequence[Word], start: int) -> Iterator[Word]:
    """The words of the same noun phrase before a place, the nearest first."""
    for word in words[start - 1 :: -1] if start else ():
        if word.tag not in ("noun", "how", "the") and word.lower not in OWNING:
            return
        yield word


def _after(words: Sequence[Word], found: Found, names: Names) -> str:
    at = found.end
    while at < len(words) and words[at].tag == "noun":
        at += 1
    if at >= len(words) or words[at].lower not in _OWNED_BY:
        return ""
    following = words[at + 1 :]
    if following and following[0].lower in EVERYBODY:
        return ""
    if following and following[0].lower in OWNING and len(following) > 1:
        following = following[1:]
    for number, word in enumerate(following):
        if word.tag not in ("the", "how", "noun") or word.lower.endswith("'s"):
            return ""
        more = number + 1 < len(following) and following[number + 1].tag == "noun"
        name = names.of(tuple(fold_word(w.lower) for w in following[: number + 1]))
        if name and name != found.name and not more:
            return name
    return ""


def _sort(text: str) -> tuple[str, ...]:
    said = SORTED_BY.search(text)
    if said is not None:
        down = (said[2] or "").lower().startswith("desc")
        return (("-" if down else "") + said[1].lower().replace(" ", "_"),)
    return next(((sort,) for pattern, sort in SORTS if pattern.search(text)), ())


def _limit(text: str) -> int | None:
    found = next(filter(None, (pattern.search(text) for pattern in LIMITS)), None)
    return int(found[1]) or None if found else None


def _filters(text: str) -> Iterator[str]:
    said = FILTERED.search(text)
    if said is None or SORTED_BY.search(text):
        return
    for part in _PARTS.split(_STOPS.split(said[1], maxsplit=1)[0].strip().lower()):
        match = _FILTER.match(part)
        if match:
            yield match[1].strip()


def _state(words: Sequence[Word], found: Found) -> str:
    before = (word.lower for word in _before(words, found.start))
    return next((word for word in before if word in STATES and word != "new"), "")
