"""Understands what a journey's sentences do to which entity, what they read, and what must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from schemawalk.design.model import Step
from schemawalk.reading.phrases_acts import Found, found_in
from schemawalk.reading.phrases_clauses import Clause, clauses, cut, sentences
from schemawalk.reading.phrases_naming import Names
from schemawalk.reading.phrases_reads import Details, details, is_figure
from schemawalk.reading.phrases_words import DUTIES, ENDED, Act, Kind


@dataclass(frozen=True, slots=True)
class Touch:
    """One step creates, reads, changes or ends an entity."""

    step: str
    name: str
    act: Act
    quote: str
    """The clause that says so, as written, at most 120 characters."""


@dataclass(frozen=True, slots=True)
class Read:
    """One step reads many of an entity at once: a list, a search, a history."""

    step: str
    name: str
    owner: str
    """Name of the entity whose they are; `me` for those of whoever looks; empty for all."""
    sort: tuple[str, ...]
    """What they are sorted by, in words of attributes, each with a leading `-` for last first."""
    limit: int | None
    filters: tuple[str, ...]
    """What they are filtered by, in words: `status`, `ingredient`."""
    quote: str
    actor: str = ""
    """Name of the entity that looks, when the clause names one."""
    period: bool = False
    """Whether they are those of a stretch of time."""
    state: str = ""
    """The state that they are in: `pending`."""
    words: bool = False
    """Whether words are searched for in them."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A sentence that says what must, or must not, be."""

    step: str
    sentence: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Parting:
    """An ending that the journey knows: "The account is closed"."""

    step: str
    name: str
    title: str
    quote: str


def touches(steps: Iterable[Step], names: Iterable[str]) -> tuple[Touch, ...]:
    """Which step creates, reads, changes or ends which entity, in order, each said once a step.

    `names` are what the entities are called, singular; each touch carries one of them.
    """
    return _touches(tuple(steps), tuple(names))


def reads(steps: Iterable[Step], names: Iterable[str]) -> tuple[Read, ...]:
    """The lists, searches and histories that the steps show, in order, each said once a step."""
    return _reads(tuple(steps), tuple(names))


def duties(steps: Iterable[Step]) -> tuple[Duty, ...]:
    """The sentences that say what must or must not be, in order, each once."""
    return _duties(tuple(steps))


def partings(steps: Iterable[Step], names: Iterable[str]) -> tuple[Parting, ...]:
    """The endings that the journey knows, in order, each once."""
    return _partings(tuple(steps), tuple(names))


@lru_cache(maxsize=8)
def _found(steps: tuple[Step, ...], names: tuple[str, ...]) -> tuple[tuple[Clause, Found], ...]:
    known = Names(names)
    return tuple((clause, found) for clause in clauses(steps) for found in found_in(clause, known))


@lru_cache(maxsize=8)
def _touches(steps: tuple[Step, ...], names: tuple[str, ...]) -> tuple[Touch, ...]:
    made: dict[tuple[str, str, Act], Touch] = {}
    for clause, found in _found(steps, names):
        key = (clause.step, found.name, found.act)
        made.setdefault(key, Touch(*key, clause.quote))
    return tuple(made.values())


@lru_cache(maxsize=8)
def _reads(steps: tuple[Step, ...], names: tuple[str, ...]) -> tuple[Read, ...]:
    known = Names(names)
    made: dict[tuple[object, ...], Read] = {}
    for clause, found in _found(steps, names):
        if found.act != "read" or is_figure(clause, found):
            continue
        read = _read(clause, found, details(clause, found, known))
        if read is not None:
            key = (read.step, read.name, read.owner, read.sort, read.filters, read.state)
            made.setdefault(key, read)
    return tuple(made.values())


def _read(clause: Clause, found: Found, said: Details) -> Read | None:
    """The read of one clause; None when it is of a single one, which its key finds."""
    if not (found.many or said.filters or said.words):
        return None
    return Read(
        clause.step, found.name, said.owner, said.sort, said.limit, said.filters, clause.quote,
        actor=said.actor, period=said.period, state=said.state, words=said.words,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _duties(steps: tuple[Step, ...]) -> tuple[Duty, ...]:
    made: dict[str, Duty] = {}
    for said in sentences(steps):
        kind = next((kind for kind, pattern in DUTIES if pattern.search(said.text)), None)
        if kind is not None:
            made.setdefault(said.text, Duty(said.step, cut(said.text), kind))
    return tuple(made.values())


@lru_cache(maxsize=8)
def _partings(steps: tuple[Step, ...], names: tuple[str, ...]) -> tuple[Parting, ...]:
    made: dict[tuple[str, str], Parting] = {}
    for clause, found in _found(steps, names):
        for title in _titles(found):
            made.setdefault(
                (found.name, title), Parting(clause.step, found.name, title, clause.quote)
            )
    return tuple(made.values())


def _titles(found: Found) -> Iterator[str]:
    if found.verb == "leave" and found.act == "change":
        yield f"Somebody leaves the {found.said}"
    elif found.act == "end" and found.verb in ENDED:
        yield f"The {found.said} is {ENDED[found.verb]}"
    elif found.act == "end" and found.verb in ("expire", "lapse"):
        yield f"The {found.said} expires"
