"""What values of a status usually mean: which come one after another, which end it, and what brings
them about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import words
from schemawalk.schema.tables.states import Transition

CAUSES: Final[Mapping[str, str]] = {
    text: cause
    for names, cause in (
        ("processing running active started ongoing", "work on it begins"),
        ("queued scheduled planned", "it is put in line"),
        ("submitted requested", "somebody hands it in"),
        ("review reviewing", "somebody looks at it"),
        ("approved accepted confirmed verified", "somebody agrees"),
        ("rejected declined denied", "somebody refuses"),
        ("completed done finished ready resolved succeeded success", "it is finished"),
        ("failed error", "it went wrong"),
        ("cancelled canceled withdrawn aborted", "somebody calls it off"),
        ("expired overdue", "its time is over"),
        ("paid", "the payment arrives"),
        ("refunded", "the money goes back"),
        ("sent shipped", "it is on its way"),
        ("delivered received", "it has arrived"),
        ("published live", "it is shown to others"),
        ("archived closed", "nobody works on it any more"),
        ("paused suspended blocked inactive disabled", "it is put on hold"),
        ("shared", "somebody gives others access"),
    )
    for text in names.split()
}
"""What brings a state about, by a word of its name."""

BROKEN: Final = frozenset("failed error".split())
"""Ends that come out of work."""
CALLED_OFF: Final = frozenset("cancelled canceled expired aborted withdrawn timeout".split())
"""Ends that come out of any state that is not an end."""
REFUSED: Final = frozenset("rejected declined denied bounced no_show".split())
"""Ends that stand beside the last state but one."""
UNDONE: Final = frozenset("refunded returned reversed".split())
"""Ends that come after the usual end."""
ON_HOLD: Final = frozenset("paused suspended blocked inactive disabled hold".split())
"""States that one goes to and comes back from."""

WORKING: Final = frozenset("processing running active started ongoing".split())
FINISHED: Final = frozenset("completed done finished".split())
_REASONS: Final = frozenset("error failure reason problem".split())
_MOMENT_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(WORKING, "started_at"), **dict.fromkeys(FINISHED, "completed_at"),
}  # fmt: skip
"""The moment that a state leaves behind, where it is not the state's own name."""


def _is(value: str, kind: frozenset[str]) -> bool:
    return bool(kind & {*words(value), "_".join(words(value))})


def _chain(values: Iterable[str]) -> tuple[str, ...]:
    """The values that come one after another when all goes well."""
    aside = BROKEN | CALLED_OFF | REFUSED | UNDONE | ON_HOLD
    return tuple(value for value in values if not _is(value, aside))


def usual_final(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values that usually end it: the last of the chain, and what went wrong."""
    chain = _chain(values)
    undone = any(_is(value, UNDONE) for value in values)
    last = () if undone and len(chain) > 1 else chain[-1:]
    held = any(_is(value, ON_HOLD) for value in values)
    if held and len(chain) == 1:
        last = ()
    ends = BROKEN | CALLED_OFF | REFUSED | UNDONE
    return tuple(value for value in values if value in last or _is(value, ends))


def usual_transitions(values: tuple[str, ...], final: tuple[str, ...]) -> tuple[Transition, ...]:
    """The transitions that the values suggest, none of them out of a final one."""
    chain = _chain(values) or values[:1]
    pairs = list(pairwise(chain))
    for value in values:
        if value not in chain:
            pairs += _beside(value, chain)
    for value in values:
        if value not in final and not any(before == value for before, _ in pairs):
            pairs += [(value, end) for end in final[:1] if end != value]
    found = dict.fromkeys(pair for pair in pairs if pair[0] not in final)
    return tuple(Transition(before, after, cause(after)) for before, after in found)


def _beside(value: str, chain: tuple[str, ...]) -> list[tuple[str, str]]:
    """The ways to a value that stands beside the chain, and back from one that only waits."""
    if _is(value, BROKEN):
        return [(state, value) for state in chain[1:-1] or chain[:1]]
    if _is(value, REFUSED):
        return [(chain[max(len(chain) - 2, 0)], value)]
    if _is(value, UNDONE):
        return [(chain[-1], value)]
    if _is(value, ON_HOLD):
        place = next((s for s in chain if _is(s, WORKING)), chain[-1])
        return [(place, value), (value, place)]
    return [(state, value) for state in chain[:-1] or chain]


def cause(value: str) -> str:
    """What usually brings a state about; empty when its name says nothing."""
    return next((CAUSES[word] for word in reversed(words(value)) if word in CAUSES), "")


def usual_conditions(attribute: Attribute, entity: Entity) -> tuple[str, ...]:
    """What usually holds in a state, from the names of the entity's other attributes.

    Only attributes that may be missing are spoken of: `completed: completed_at is not null`.
    """
    open_ones = {a.id.partition(".")[2]: a for a in entity.attributes if a.required != "start"}
    found = []
    for value in attribute.values or ():
        for name, other in open_ones.items():
            when = kind_of(other).id in ("moment", "date") and _leaves(value, name)
            why = _is(value, BROKEN) and _REASONS & set(words(name))
            if when or why:
                found.append(f"{value}: {name} is not null")
    return tuple(found)


def _leaves(value: str, name: str) -> bool:
    """Whether a moment of that name is there once the state is reached."""
    last = words(value)[-1:]
    own = {f"{word}_at" for word in last} | {f"{word}_on" for word in last}
    return name in own or any(_MOMENT_OF.get(word) == name for word in last)
