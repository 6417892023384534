"""What is asked of the data: which of the proposed access patterns stay, and own sentences."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from schemawalk.design.model import AccessPattern, Design
from schemawalk.schema.names import snake, unique
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.own_ids import parted
from wizard_steps.asking.steps import turned_down
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.index_words import index_words
from wizard_steps.proposing.patterns import (
    Suggestion,
    from_sentence,
    key_of,
    suggestions,
    typed,
)


def with_suggestions(design: Design, without: frozenset[str]) -> Design:
    """The design with the access patterns that are proposed, but for what was turned down."""
    lookup = Lookup(design)
    turned_away = without | set(design.dropped)
    kept = [p for p in design.access_patterns if p.id not in without]
    kept += [p for p in _new(lookup) if p.id not in turned_away]
    dropped = turned_down(design, without)
    return design.model_copy(update={"access_patterns": tuple(kept), "dropped": dropped})


def _new(lookup: Lookup) -> list[AccessPattern]:
    """What is proposed and not there yet, under this id or as the same question."""
    return [each.pattern for each in _others(lookup) if each.proposed]


@lru_cache(maxsize=4)
def _others(lookup: Lookup) -> tuple[Suggestion, ...]:
    there = lookup.design.access_patterns
    ids, keys = {p.id for p in there}, {key_of(p) for p in there}
    return tuple(
        each
        for each in suggestions(lookup)
        if each.pattern.id not in ids and key_of(each.pattern) not in keys
    )


def _here(lookup: Lookup) -> tuple[AccessPattern, ...]:
    """The patterns of what is remembered; the others wait until theirs is again."""
    return tuple(p for p in lookup.design.access_patterns if lookup.home(p.entity))


def _offered(scene: Scene) -> tuple[Choice, ...]:
    """All patterns, those turned down too, each with the index that it asks for."""
    found = (*_here(scene.lookup), *(each.pattern for each in _others(scene.lookup)))
    return tuple(Choice(p.id, p.name, index_words(scene.lookup, p)) for p in found)


def _advise(scene: Scene) -> Advice:
    there = tuple(p.id for p in _here(scene.lookup))
    dropped = set(scene.design.dropped)
    new = tuple(p.id for p in _new(scene.lookup) if p.id not in dropped)
    return Advice((*there, *new), "what the steps read, and what such things are usually asked")


def _taken(scene: Scene) -> tuple[str, ...] | None:
    there = tuple(p.id for p in _here(scene.lookup))
    return there if there or "access" in scene.design.done else None


def _take(design: Design, _: str, values: tuple[str, ...]) -> Design:
    """The design with exactly these patterns; a value that names none is read as a sentence."""
    lookup = Lookup(design)
    known = {p.id: p for p in design.access_patterns}
    known |= {s.pattern.id: s.pattern for s in _others(lookup)}
    called = {p.name: p.id for p in known.values()} | {i: i for i in known}
    here = {p.id for p in _here(lookup)}
    made = {p.id: p for p in design.access_patterns if p.id not in here}
    for value in values:
        words, own_id = parted(value)
        given = called.get(value) or called.get(own_id or snake(words))
        if given is not None:
            made[given] = known[given]
            continue
        pattern = from_sentence(lookup, value)
        made_id = unique(pattern.id, {*known, *made})
        made[made_id] = pattern.model_copy(update={"id": made_id})
    gone = [p for p in known if p not in made and _was_proposed(design, lookup, p)]
    dropped = dict.fromkeys((*(d for d in design.dropped if d not in made), *gone))
    patterns = tuple(made.values())
    return design.model_copy(update={"access_patterns": patterns, "dropped": tuple(dropped)})


def _as_typed(scene: Scene, pattern_id: str) -> str:
    found = (p for p in scene.design.access_patterns if p.id == pattern_id)
    return next((typed(scene.lookup, pattern) for pattern in found), pattern_id)


def _was_proposed(design: Design, lookup: Lookup, pattern_id: str) -> bool:
    """Whether leaving it out must be remembered, so that it is not proposed again."""
    if any(p.id == pattern_id for p in design.access_patterns):
        return True
    return any(s.pattern.id == pattern_id and s.proposed for s in _others(lookup))


ASKED: Final = Tree(
    "asked",
    "What is asked",
    "access",
    "product",
    (
        Node(
            "which",
            "",
            "What do people and programs ask of {product}'s data?",
            "An index is there because something is asked. Tick what is really asked, and write "
            'what is missing as a sentence: "users see bookings of a court by day".',
            _advise,
            _offered,
            form="several",
            own_words=True,
            separator=";",
            get=_taken,
            set=_take,
            typed=_as_typed,
            unordered=True,
            example="Whoever opens {product} sees their own things, newest first: that is one; "
            "whoever looks for something by its name is another.",
        ),
    ),
    lambda scene: f"{len(scene.design.access_patterns)} access patterns",
)
