"""Turns one clause that reads a list into access patterns on the tables that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from schemawalk.design.model import AccessPattern, Attribute, Entity, Relationship
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import snake, words
from schemawalk.schema.sentences import many, one
from schemawalk.schema.tables.lookup import Lookup

if TYPE_CHECKING:
    from schemawalk.reading.phrases import Read

PAGE: Final = 20
"""Rows of a list that are shown at once when nobody says how many."""
LONGEST_NAME: Final = 72
"""A longer clause is told anew, from what was understood of it."""

MEANT: Final = {
    "created_at": ("created", "added", "uploaded", "posted", "sent", "recorded", "issued"),
    "updated_at": ("updated", "changed", "modified", "edited"),
    "starts_at": ("starts", "start", "begins", "scheduled", "due", "date", "day", "held"),
    "name": ("name", "title"),
    "price": ("price", "amount", "cost", "fee"),
    "rating": ("rating", "stars", "score"),
    "severity": ("severity", "priority", "gravity", "urgency"),
    "score": ("score", "points", "rating"),
    "popularity": ("popularity", "views", "likes", "downloads"),
    "sold": ("sold", "sales"),
}  # fmt: skip
"""Words in the names of attributes that an order's usual attribute may be called by."""

Often = Literal["rarely", "daily", "constantly"]

_OFTEN: Final[tuple[tuple[re.Pattern[str], Often], ...]] = (
    (re.compile(r"\b(?:constantly|every request|each visit|per second|real[- ]time)\b", re.I),
     "constantly"),
    (re.compile(r"\b(?:monthly|yearly|quarterly|rarely|seldom|(?:every|each|once an?) (?:month|year"
                r"|quarter))\b", re.I), "rarely"),
    (re.compile(r"\b(?:daily|every day|each day|nightly|weekly|every week|each morning)\b", re.I),
     "daily"),
)  # fmt: skip
_STORY: Final = re.compile(
    r"^as an? .{2,60}?,?\s+i(?:'d| would)? (?:want|need|like)(?: to)?(?: be able to)?\s+", re.I
)


@lru_cache(maxsize=4)
def names_of(lookup: Lookup) -> dict[str, Entity]:
    """Entities by what people call them."""
    found: dict[str, Entity] = {}
    for entity in lookup.design.entities:
        home = lookup.home(entity.id)
        if home is not None:
            for name in (entity.name, *entity.aliases):
                found.setdefault(name, home)
    return found


def of_read(lookup: Lookup, read: Read) -> Iterator[AccessPattern]:
    """The patterns that one clause means: one a filter, none when nothing is compared or sorted."""
    entity = names_of(lookup)[read.name]
    owner = _owner(lookup, entity, read)
    if read.owner and owner is None:
        return
    equals = (owner.id,) if owner else ()
    plain = AccessPattern(
        id="read", name=read.quote, entity=entity.id, equals=equals, sort=_sort(entity, read),
        range=_range(entity, read), fixed=_state(entity, read), often=often_in(read.quote),
    )  # fmt: skip
    if owner is not None and not (plain.sort or plain.range):
        plain = _as_usual(lookup, entity, plain)
    limit = read.limit or (PAGE if plain.sort else None)
    plain = plain.model_copy(update={"limit": limit})
    filtered = [f for word in read.filters if (f := _filtered(lookup, entity, plain, word, read))]
    if not filtered and read.words:
        filtered = [f for f in (_searched(entity, plain),) if f]
    for made in filtered or [plain]:
        if made.equals or made.sort or made.range or made.contains or made.fixed:
            name = _told(lookup, made, read) if len(filtered) > 1 else _name(lookup, made, read)
            yield made.model_copy(update={"name": name, "id": snake(name)})


def _owner(lookup: Lookup, entity: Entity, read: Read) -> Relationship | None:
    """The relationship to whose they are; for "my" the one to whoever looks."""
    if not read.owner:
        return None
    if read.owner != "me":
        return _link(lookup, entity, names_of(lookup)[read.owner])
    actor = names_of(lookup).get(read.actor)
    links = links_to(lookup, entity)
    person = next((link for link in links if _is_person(lookup, link)), None)
    own = _link(lookup, entity, actor) if actor else None
    return own or person or next(iter(links), None)


def _is_person(lookup: Lookup, link: Relationship) -> bool:
    ends = lookup.ends(link)
    return ends is not None and lookup.archetype(ends[0]).id == "person"


def links_to(lookup: Lookup, entity: Entity) -> tuple[Relationship, ...]:
    """The relationships that make the entity a child, that to its owner first."""
    links = (link for link, _ in lookup.parents(entity.id))
    return tuple(sorted(links, key=lambda link: link.a != entity.owner))


def _link(lookup: Lookup, entity: Entity, parent: Entity) -> Relationship | None:
    return next(
        (
            link
            for link in links_to(lookup, entity)
            if (ends := lookup.ends(link)) and ends[0].id == parent.id
        ),
        None,
    )


def local(attribute: Attribute) -> str:
    """The attribute's id within its entity."""
    return attribute.id.partition(".")[2]


def _meant(entity: Entity, word: str) -> Attribute | None:
    """The attribute that a word means: of that name, with it in its name, or usually so called."""
    wanted = snake(word)
    for attribute in entity.attributes:
        if wanted in (local(attribute), snake(attribute.name)):
            return attribute
    usual = (*MEANT.get(wanted, ()), *((wanted,) if wanted not in MEANT else ()))
    for part in usual:
        for attribute in entity.attributes:
            if part in words(attribute.name):
                return attribute
    return None


def _sort(entity: Entity, read: Read) -> tuple[str, ...]:
    found = (_meant(entity, word.lstrip("-")) for word in read.sort)
    return tuple(
        ("-" if word.startswith("-") else "") + local(attribute)
        for word, attribute in zip(read.sort, found, strict=True)
        if attribute is not None
    )


def _range(entity: Entity, read: Read) -> str | None:
    """The moment that a stretch of time is about; what is to come is never when it was added."""
    if not read.period:
        return None
    coming = "starts_at" in read.sort
    wanted = ("starts_at",) if coming else ("starts_at", "created_at")
    found = (_meant(entity, word) for word in wanted)
    moments = (a for a in found if a and kind_of(a).id in ("moment", "date"))
    return next((local(attribute) for attribute in moments), None)


def _state(entity: Entity, read: Read) -> tuple[str, ...]:
    """The condition that a state means: one of a fixed list, or a yes."""
    for attribute in entity.attributes if read.state else ():
        if read.state in (attribute.values or ()):
            return (f"{local(attribute)} = '{read.state}'",)
        named = local(attribute) in (read.state, f"is_{read.state}")
        if named and kind_of(attribute).id == "yes-no":
            return (f"{local(attribute)} = true",)
    return ()


def _filtered(
    lookup: Lookup, entity: Entity, plain: AccessPattern, word: str, read: Read
) -> AccessPattern | None:
    """The pattern with one more thing compared; None when the table has nothing of the kind."""
    link = next((each for each in links_to(lookup, entity) if _calls(lookup, each, word)), None)
    if link is not None:
        return plain.model_copy(update={"equals": _with(plain, link.id)})
    attribute = _meant(entity, word)
    if attribute is None:
        return None
    kind = kind_of(attribute).id
    if kind in ("moment", "date"):
        return plain.model_copy(update={"range": local(attribute)})
    if kind in ("json", "list"):
        return _inside(plain, attribute, "json" if kind == "json" else "list")
    if read.words and kind in ("short-text", "long-text"):
        return _inside(plain, attribute, "words")
    return plain.model_copy(update={"equals": _with(plain, local(attribute))})


def _with(pattern: AccessPattern, reference: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*pattern.equals, reference)))


def _calls(lookup: Lookup, link: Relationship, word: str) -> bool:
    parent = lookup.entities.get(link.a)
    return snake(word) in (link.role, snake(parent.name) if parent else None)


def _searched(entity: Entity, plain: AccessPattern) -> AccessPattern | None:
    """The pattern with words searched in the name, or else in the first text."""
    texts = [a for a in entity.attributes if kind_of(a).id in ("short-text", "long-text")]
    named = _meant(entity, "name")
    attribute = named if named in texts else next(iter(texts), None)
    return _inside(plain, attribute, "words") if attribute else None


def _inside(
    plain: AccessPattern, attribute: Attribute, how: Literal["json", "list", "words"]
) -> AccessPattern:
    return plain.model_copy(update={"contains": local(attribute), "contains_how": how})


def often_in(text: str) -> Often | None:
    """How often the words say that something is asked; None when they do not."""
    return next((often for pattern, often in _OFTEN if pattern.search(text)), None)


def _as_usual(lookup: Lookup, entity: Entity, plain: AccessPattern) -> AccessPattern:
    """A list of somebody's things in the order that such things usually have."""
    facts = {local(attribute) for attribute in entity.attributes}
    for asked in lookup.archetype(entity).asked:
        if asked.equals == ("@owner",) and {s.lstrip("-") for s in asked.sort} <= facts:
            return plain.model_copy(update={"sort": asked.sort})
    return plain


def _name(lookup: Lookup, pattern: AccessPattern, read: Read) -> str:
    """The clause itself, where it is short and tells of nothing else."""
    said = _STORY.sub("", read.quote).strip(" .,;:")
    told = len(said) > LONGEST_NAME or said.endswith("…") or not said
    return _told(lookup, pattern, read) if told else said[:1].upper() + said[1:]


def _told(lookup: Lookup, pattern: AccessPattern, read: Read) -> str:
    """The pattern in words: "Documents of one user by status, newest first"."""
    entity = lookup.entities[pattern.entity]
    owners = (lookup.relationships[e] for e in pattern.equals if e in lookup.relationships)
    owned = "".join(f" of one {(link.role or one(parent_of(lookup, link)))}" for link in owners)
    by = [e.replace("_", " ") for e in pattern.equals if e not in lookup.relationships]
    by += [pattern.contains.replace("_", " ")] if pattern.contains else []
    by += [pattern.range.replace("_", " ")] if pattern.range else []
    sort = f", sorted by {pattern.sort[0].lstrip('-').replace('_', ' ')}" if pattern.sort else ""
    sort = ", newest first" if pattern.sort[:1] == ("-created_at",) else sort
    state = f"{read.state} " if pattern.fixed else ""
    told = f"{state}{many(entity)}{owned}{' by ' + ' and '.join(by) if by else ''}{sort}"
    return told[:1].upper() + told[1:]


def parent_of(lookup: Lookup, link: Relationship) -> Entity:
    """The table that the relationship's key points at."""
    ends = lookup.ends(link)
    return ends[0] if ends else lookup.entities[link.a]
