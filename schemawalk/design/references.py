"""Which fields of a design name another part of it, and which of those names lead nowhere.

What a name within a table means (an attribute, a key's column) only the derivation knows, and
the review says; here are steps, entities and relationships, which stand in the file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from schemawalk.design.errors import nearest, plain, shown
from schemawalk.design.spelling import Data, Path


@dataclass(frozen=True, slots=True)
class Reference:
    """What a field names, and the words that it may hold instead."""

    to: str
    besides: frozenset[str] = frozenset()


_STEP: Final = Reference("step")
_ENTITY: Final = Reference("entity")
_RELATIONSHIP: Final = Reference("relationship")

REFERENCES: Final[Mapping[str, Mapping[str, Reference]]] = {
    "attribute": {"steps": _STEP},
    "entity": {
        "steps": _STEP,
        "same_as": Reference("entity", frozenset(("no",))),
        "owner": Reference("entity", frozenset(("system",))),
        "created_by": Reference("step", frozenset(("seeded", "system"))),
        "read_by": _STEP,
        "changed_by": _STEP,
        "ended_by": _STEP,
        "summed_by": _RELATIONSHIP,
    },
    "relationship": {
        "a": _ENTITY,
        "b": _ENTITY,
        "payload": Reference("entity", frozenset(("no",))),
        "one_of": _RELATIONSHIP,
        "steps": _STEP,
    },
    "access_pattern": {"entity": _ENTITY},
    "rule": {"entity": _ENTITY, "parent": _RELATIONSHIP, "steps": _STEP},
    "finish": {"entity": _ENTITY, "steps": _STEP},
}
"""By table of the file and its key: what is named there."""


class Astray(NamedTuple):
    """Where something is wrong, and the sentence that says what, made only when it is wanted."""

    path: Path
    sentence: Callable[[], str]


def lost(data: Data) -> Iterator[Astray]:
    """Names of steps, entities and relationships that are not in the design's own data."""
    there = {kind: _ids(data, kind) for kind in ("step", "entity", "relationship")}
    for kind in REFERENCES:
        for index, part in enumerate(data.get(kind, ())):
            yield from _lost_in(part, kind, (kind, index), there)


def _lost_in(
    part: Data, kind: str, path: Path, there: Mapping[str, dict[str, None]]
) -> Iterator[Astray]:
    named = REFERENCES[kind]
    for key, reference in named.items():
        if key not in part:
            continue
        value = part[key]
        for name in (value,) if isinstance(value, str) else value:
            known = there[reference.to]
            if name not in known and name.strip() not in ("", *known, *reference.besides):
                yield Astray((*path, key), partial(_unknown, key, name, reference, known))
    for index, fact in enumerate(part.get("attribute", ())):
        yield from _lost_in(fact, "attribute", (*path, "attribute", index), there)


def _unknown(key: str, name: str, reference: Reference, known: Mapping[str, None]) -> str:
    close = nearest(name, (*known, *sorted(reference.besides)))
    hint = f"did you mean {shown(close)}?" if close else _remedy(reference, known)
    return f"{key} names an unknown {reference.to} {shown(name)}; {hint}"


def _remedy(reference: Reference, known: Mapping[str, None]) -> str:
    if not known:
        return f"there is no [[{reference.to}]] yet: add it, or take the name away"
    return f"name one that is there, or add a [[{reference.to}]] with that id"


def _ids(data: Data, kind: str) -> dict[str, None]:
    return {_id(part): None for part in data.get(kind, ())}


def circles(data: Data) -> Iterator[Astray]:
    """Entities that belong to themselves, or are another word for themselves, by whatever way."""
    entities: list[Data] = data.get("entity", [])
    above = {_id(entity): _above(entity) for entity in entities}
    sound: set[str] = set()
    for index, entity in enumerate(entities):
        way = _way_up(_id(entity), above, sound)
        if way[-1] in way[:-1]:
            key = "same_as" if _stands_for(entity) else "owner"
            circle = way[way.index(way[-1]) :]
            yield Astray(("entity", index, key), partial(_round, key, circle))
            return
        sound.update(way)


def _round(key: str, circle: list[str]) -> str:
    told = circle if len(circle) <= _FEW else [*circle[: _FEW - 1], "…", circle[-1]]
    return f"{key} leads in a circle ({plain(' → '.join(told))}); {_BREAK[key]}"


_FEW: Final = 6
"""Entities of a circle that a sentence can name."""
_BREAK: Final = {
    "owner": 'let one of them belong to another, or to "system"',
    "same_as": 'let one of them stand for itself: same_as = "no"',
}
"""What to do about a circle, by the key that closes it."""


def _id(part: Data) -> str:
    return str(part["id"]).strip()


def _stands_for(entity: Data) -> str:
    """The entity that it is another word for; empty when it stands for itself."""
    said = str(entity.get("same_as", "")).strip()
    return "" if said == "no" else said


def _above(entity: Data) -> str:
    """What an entity stands for, or else what it belongs to; empty when it is at the top."""
    owner = str(entity.get("owner", "")).strip()
    return _stands_for(entity) or ("" if owner == "system" else owner)


def _way_up(start: str, above: Mapping[str, str], sound: set[str]) -> list[str]:
    """The ids from one entity upwards: to the top, to what is known to be sound, or round."""
    way, seen = [start], {start}
    while way[-1] not in sound and (higher := above.get(way[-1])):
        way.append(higher)
        if higher in seen:
            break
        seen.add(higher)
    return way
