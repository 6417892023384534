"""Proposes access patterns: what the journey reads, what is usually asked, and own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, Literal

from schemawalk.design.model import AccessPattern, Entity, Step
from schemawalk.schema.names import plural, plural_for_ids, snake, unique
from schemawalk.schema.sentences import article, called, many, one
from schemawalk.schema.tables.archetypes import Asked
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.own_ids import joined, parted
from wizard_steps.asking.question import AnswerError
from wizard_steps.proposing.read_patterns import (
    links_to,
    local,
    names_of,
    of_read,
    often_in,
    parent_of,
)

MOST_OF_ONE: Final = 5
"""Reads of one entity that the journey may suggest; what is said more often is said again."""
_MILLISECONDS: Final = re.compile(
    r"(\d[\d,.]*)\s*(ms|milliseconds?|s|sec|seconds?)\b(?!\s*(?:timeout|per))", re.I
)
_GENERAL: Final = re.compile(r"\b(?:api|any answer|response|quer(?:y|ies)|page|reads?)\b", re.I)
_ASKER: Final = re.compile(r"(?:the |a )?(billing|report|worker)s? (?!of\b)", re.I)
"""A clause that begins with one of these is no user's: nobody waits."""
_SEEING: Final = re.compile(r"^(?:users?|i|we|they)\s+", re.I)


_OWNED: Final = ("{owner} sees their {things}", "{things} of one {owner}")
"""A booking sees nothing: what is its own is told otherwise."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pattern, why it is suggested, and whether it is proposed or only offered."""

    pattern: AccessPattern
    because: str
    proposed: bool = True
    usual: bool = False
    """Nobody says it of this entity, but of most things like it."""


Key = tuple[object, ...]


def key_of(pattern: AccessPattern) -> Key:
    """What makes two patterns the same question."""
    compared = frozenset((*pattern.equals, *pattern.among))
    asked = (pattern.sort, pattern.range, pattern.contains, frozenset(pattern.fixed))
    return (pattern.entity, compared, *asked)


@lru_cache(maxsize=4)
def suggestions(lookup: Lookup) -> tuple[Suggestion, ...]:
    """Everything worth asking of the design's tables, the journey's own reads first."""
    made: dict[Key, Suggestion] = {}
    ids: set[str] = set()
    sources = (_reads(lookup), _stated_reads(lookup), _usual(lookup), _of_keys(lookup))
    for each in chain.from_iterable(sources):
        if (key := key_of(each.pattern)) in made:
            continue
        target = target_of(lookup, each.pattern)[0] or None
        named = each.pattern.model_copy(
            update={"id": unique(each.pattern.id, ids), "target_ms": target}
        )
        ids.add(named.id)
        again = each.usual and _read_backwards(each.pattern) in made
        made[key] = Suggestion(named, each.because, each.proposed and not again)
    return tuple(made.values())


def _read_backwards(pattern: AccessPattern) -> Key:
    """The same question from the other end: an index is read both ways, and one is enough."""
    turned = (each[1:] if each.startswith("-") else f"-{each}" for each in pattern.sort)
    return key_of(pattern.model_copy(update={"sort": tuple(turned)}))


@lru_cache(maxsize=4)
def suggested(lookup: Lookup) -> dict[str, Suggestion]:
    """The suggestions by the ids of their patterns."""
    return {each.pattern.id: each for each in suggestions(lookup)}


def _reads(lookup: Lookup) -> Iterator[Suggestion]:
    """What the journey's clauses say is read."""
    from schemawalk.reading.phrases import reads

    numbers = {step.id: number for number, step in enumerate(lookup.design.steps, 1)}
    counts: dict[str, int] = {}
    for read in reads(lookup.design.steps, names_of(lookup)):
        for pattern in of_read(lookup, read):
            counts[pattern.entity] = counts.get(pattern.entity, 0) + 1
            if counts[pattern.entity] <= MOST_OF_ONE:
                because = f"step {numbers[read.step]}: '{read.quote}'"
                asker = _ASKER.match(read.quote)
                who = asker[1].lower() if asker else read.step
                yield Suggestion(pattern.model_copy(update={"who": who}), because)


@dataclass(frozen=True, slots=True)
class _Target:
    """A time that the documents promise, and what for."""

    text: str
    milliseconds: int
    patterns: tuple[AccessPattern, ...]


@lru_cache(maxsize=4)
def _targets(lookup: Lookup) -> tuple[_Target, ...]:
    from schemawalk.reading.phrases import reads

    texts = lookup.design.stack.targets
    steps = tuple(
        Step(id=str(i), title=_as_sentence(text.split("|")[0])) for i, text in enumerate(texts)
    )
    found: dict[str, list[AccessPattern]] = {}
    for read in reads(steps, names_of(lookup)):
        found.setdefault(read.step, []).extend(of_read(lookup, read))
    return tuple(
        _Target(text, milliseconds, tuple(found.get(str(i), ())))
        for i, text in enumerate(texts)
        if (milliseconds := _milliseconds(text))
    )


def _milliseconds(text: str) -> int:
    found = _MILLISECONDS.search(text)
    if found is None:
        return 0
    number = found[1].rstrip(".,").replace(",", "")
    times = 1 if found[2].lower().startswith("m") else 1000
    return round(float(number) * times) if number.count(".") < 2 else 0


def _as_sentence(text: str) -> str:
    """A list that somebody names, as a sentence of somebody who sees it."""
    plain = text.strip()
    return f"Users see {plain[:1].lower()}{plain[1:]}"


def _stated_reads(lookup: Lookup) -> Iterator[Suggestion]:
    """What the documents promise a time for."""
    for target in _targets(lookup):
        for pattern in target.patterns:
            name = _SEEING.sub("", pattern.name).removeprefix("see ")
            name = name[:1].upper() + name[1:]
            update = {"name": name, "id": snake(name), "often": often_in(target.text)}
            yield Suggestion(pattern.model_copy(update=update), f"target: '{target.text}'")


def target_of(lookup: Lookup, pattern: AccessPattern) -> tuple[int, str]:
    """The time that the documents promise for a pattern in milliseconds, and where; 0 for none."""
    key = key_of(pattern)
    for target in _targets(lookup):
        if any(key_of(each) == key for each in target.patterns):
            return target.milliseconds, target.text
    for target in _targets(lookup):
        if not target.patterns and _GENERAL.search(target.text):
            return target.milliseconds, target.text
    return 0, ""


def _usual(lookup: Lookup) -> Iterator[Suggestion]:
    """What things of an archetype are usually asked."""
    for entity in lookup.tables:
        archetype = lookup.archetype(entity)
        for asked in archetype.asked:
            pattern = _of_archetype(lookup, entity, asked)
            if pattern is not None:
                because = f'often asked of its kind, "{archetype.label}"'
                yield Suggestion(pattern, because, usual=True)


def _of_archetype(lookup: Lookup, entity: Entity, asked: Asked) -> AccessPattern | None:
    """The pattern that an archetype's row means for an entity; None when it cannot be asked."""
    link = next(iter(links_to(lookup, entity)), None)
    if "@owner" in asked.equals and link is None:
        return None
    facts = {local(attribute) for attribute in entity.attributes}
    wanted = {reference.lstrip("-") for reference in (*asked.sort, *filter(None, (asked.range,)))}
    if not wanted <= facts or (asked.fixed and "status" not in facts):
        return None
    parent = parent_of(lookup, link) if link else None
    owner = one(parent) if parent else "user"
    acts = parent is None or lookup.archetype(parent).id in ("person", "group")
    told = asked.name if acts else asked.name.replace(*_OWNED)
    name = told.replace("{things}", many(entity)).replace("{owner}", owner)
    name = name[:1].upper() + name[1:]
    known = called(parent) if parent else "user"
    permanent = told.replace("{things}", plural_for_ids(called(entity))).replace("{owner}", known)
    equals = tuple(link.id if e == "@owner" and link else e for e in asked.equals)
    often: Literal["daily"] | None = "daily" if asked.often == "daily" else None
    return AccessPattern(
        id=snake(permanent), name=name, entity=entity.id, equals=equals, sort=asked.sort,
        range=asked.range or None, fixed=asked.fixed, limit=asked.limit, often=often,
        who=asked.who or (entity.steps[-1] if entity.steps else ""),
    )  # fmt: skip


def _of_keys(lookup: Lookup) -> Iterator[Suggestion]:
    """The children of one parent: offered, for their foreign key has an index anyway."""
    for entity in lookup.tables:
        for link in links_to(lookup, entity):
            parent = parent_of(lookup, link)
            role = (link.role or one(parent)).replace("_", " ")
            name = f"{many(entity)} of {article(role)}"
            name = name[:1].upper() + name[1:]
            known = article((link.role or called(parent)).replace("_", " "))
            permanent = f"{plural_for_ids(called(entity))} of {known}"
            pattern = AccessPattern(
                id=snake(permanent), name=name, entity=entity.id, equals=(link.id,)
            )  # fmt: skip
            yield Suggestion(pattern, "its foreign key has an index anyway", proposed=False)


def from_sentence(lookup: Lookup, text: str) -> AccessPattern:
    """The pattern that somebody's own words mean; raises AnswerError when they mean none."""
    from schemawalk.reading.phrases import reads

    words, own_id = parted(text)
    table, said = _named_before(lookup, words)
    named = {"name": said, "id": own_id or snake(said)}
    for sentence in (said, _as_sentence(said)):
        for read in reads((Step(id="own", title=sentence),), names_of(lookup)):
            for pattern in of_read(lookup, read):
                if table is None or pattern.entity == table.id:
                    return pattern.model_copy(update=named)
    if table is not None:
        return AccessPattern(entity=table.id, **named)
    known = ", ".join(many(entity) for entity in lookup.tables[:8]) or "nothing yet"
    raise AnswerError(
        f"{said[:60]!r} does not say what is read: write who sees what, and how, as in 'users see "
        f"{_example(lookup)}'. There are {known}."
    )


def _named_before(lookup: Lookup, text: str) -> tuple[Entity | None, str]:
    """The table that somebody names before a colon ("documents: what the audit looks at")."""
    name, colon, said = text.partition(":")
    reaching = (e for e in lookup.design.entities if lookup.persists(e) and lookup.home(e.id))
    known = {snake(each): entity for entity in reaching for each in _names(entity)}
    table = known.get(snake(name)) if colon and said.strip() else None
    return (table, said.strip()) if table else (None, text.strip())


def _names(entity: Entity) -> tuple[str, ...]:
    """All that an entity's table may be called."""
    return entity.name, many(entity), plural_for_ids(called(entity)), plural(called(entity))


def typed(lookup: Lookup, pattern: AccessPattern) -> str:
    """The pattern as somebody would type it: with its table, where its name alone is not enough.

    And with its id, where a new design would make another one of these words.
    """
    entity, usual = lookup.standing(pattern.entity), suggested(lookup).get(pattern.id)
    if entity is None or (usual is not None and usual.pattern.name == pattern.name):
        return pattern.name
    words = f"{many(entity)}: {pattern.name}"
    return words if pattern.id == snake(pattern.name) else joined(words, pattern.id)


def _example(lookup: Lookup) -> str:
    """A sentence that would be understood, about the first table that has a parent."""
    for entity in lookup.tables:
        for link in links_to(lookup, entity):
            return f"{many(entity)} of {article(one(parent_of(lookup, link)))}, newest first"
    first = next(iter(lookup.tables), None)
    return f"{many(first) if first else 'documents'}, newest first"
