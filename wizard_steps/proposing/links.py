"""The pairs of entities that belong together: what owners, steps and events suggest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations, product
from typing import Final

from schemawalk.design.model import Design, Entity, Relationship
from schemawalk.schema.names import last_word, snake, unique, words
from schemawalk.schema.sentences import article, many, one, read_back
from schemawalk.schema.tables.archetypes import TAKES_TIME
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import who_signs_in
from wizard_steps.asking.own_ids import joined, parted
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.proposing.duties import named_in, said_in

PARTS: Final = frozenset((
    ("thing", "process"), ("thing", "line"), ("process", "line"), ("thing", "message"),
    ("process", "message"), ("process", "money"), ("place", "process"), ("place", "thing"),
    ("process", "event"),
))  # fmt: skip
"""Archetypes of which the first usually has many of the second, when a step names both."""

ONE_TIME: Final = frozenset(("payment", "refund", "charge", "deposit", "transaction", "donation"))
"""Money that moves for one thing; invoices and subscriptions gather many."""

PAID: Final = frozenset(
    ("order", "booking", "reservation", "appointment", "rental", "ticket", "campaign", "trip")
)
"""Processes that people pay for one by one."""

MEDIA: Final = frozenset(("photo", "image", "picture", "video", "attachment"))
"""Things that hang on others and have nothing of their own."""

LINKS: Final = frozenset((("process", "catalogue"), ("thing", "catalogue")))
"""Archetypes that usually go many-to-many, when a step names both."""

TOGETHER: Final = {
    ("role", "permission"): True, ("plan", "subscription"): False,
    ("subscription", "invoice"): False,
}  # fmt: skip
"""Last words of names of two that belong together, and whether one B belongs to several A."""

_TOGETHER: Final = frozenset(word for pair in TOGETHER for word in (*pair, "role"))

_BETWEEN: Final = re.compile(r"\s+[-–—]+\s+|\s*[–—]\s*")
_AS: Final = re.compile(r"\s+as\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A relationship that something suggests."""

    a: Entity
    b: Entity
    steps: tuple[str, ...]
    because: str

    @property
    def id(self) -> str:
        """The id that the relationship gets when it is taken."""
        return f"{self.a.id}_{self.b.id}"

    @property
    def ends(self) -> frozenset[str]:
        """Ids of the two, whichever way round."""
        return frozenset((self.a.id, self.b.id))


@lru_cache(maxsize=4)
def pairs(lookup: Lookup) -> tuple[Pair, ...]:
    """What is proposed, each two entities once: owners first, then what steps put together."""
    found: dict[frozenset[str], Pair] = {}
    for pair in _suggested(lookup):
        found.setdefault(pair.ends, pair)
    return tuple(found.values())


def _suggested(lookup: Lookup) -> Iterator[Pair]:
    tables = lookup.tables
    for entity in tables:
        owner = lookup.home(entity.owner) if entity.owner != "system" else None
        if owner and owner.id != entity.id:
            because = f"{many(entity)} belong to {article(one(owner))}"
            yield Pair(owner, entity, _shared(owner, entity), because)
    for first, second in combinations([e for e in tables if e.steps], 2):
        shared = _shared(first, second)
        for a, b in ((first, second), (second, first)) if shared else ():
            if _belong(lookup, a, b):
                yield Pair(a, b, shared, "a step names both")
                break
    yield from _of_people(lookup)
    yield from _of_events(lookup)
    named = [entity for entity in tables if last_word(entity.name) in _TOGETHER]
    people = lookup.of_archetype("person")
    for a, b in permutations([e for e in tables if e in named or e in people], 2):
        if (last_word(a.name), last_word(b.name)) in TOGETHER or is_role_of(lookup, a, b):
            yield Pair(a, b, _shared(a, b), f"{many(b)} mean nothing without {many(a)}")


def _taking_time(lookup: Lookup) -> tuple[Entity, ...]:
    return tuple(e for e in lookup.tables if lookup.archetype(e).id in TAKES_TIME)


def is_role_of(lookup: Lookup, a: Entity, b: Entity) -> bool:
    """Whether B are the roles that people A can have, kept as a table."""
    roles = b.origin == "unsaid.roles" and last_word(b.name) == "role"
    return roles and lookup.archetype(a).id == "person"


def kind(lookup: Lookup, entity: Entity) -> str:
    """Its archetype; work and dealings belong together with the same things."""
    kind = lookup.archetype(entity).id
    return "process" if kind in TAKES_TIME else kind


def _belong(lookup: Lookup, a: Entity, b: Entity) -> bool:
    """Whether an A that is named together with a B usually has many of it, or links to it."""
    kinds = (kind(lookup, a), kind(lookup, b))
    if kinds[1] in ("line", "message"):
        return kinds in PARTS and b.owner in (None, "system", a.id)
    if kinds[1] == "money":
        once = last_word(b.name) in ONE_TIME and last_word(a.name) in PAID
        return kinds in PARTS and once
    if kinds == ("thing", "process"):
        return last_word(a.name) not in MEDIA and _comes_up(lookup, a) <= _comes_up(lookup, b)
    if kinds == ("process", "thing"):
        return _comes_up(lookup, a) < _comes_up(lookup, b)
    if kinds == ("thing", "catalogue"):
        return not any(_shared(each, b) for each in _taking_time(lookup))
    return kinds in PARTS | LINKS


def _of_people(lookup: Lookup) -> Iterator[Pair]:
    """Dealings of people who are spoken of beside those who sign in, where a sentence names both.

    "The guest books a table with a waiter": the booking points at the waiter too.
    """
    account = who_signs_in(lookup)
    people = {e.id for e in lookup.of_archetype("person") if account and e.id != account.id}
    dealings = {e.id for e in _taking_time(lookup)}
    for sentence in said_in(lookup.design.steps) if people and dealings else ():
        named = named_in(lookup, sentence)
        for person, dealing in product(named, named):
            if person.id in people and dealing.id in dealings:
                yield Pair(person, dealing, _shared(person, dealing), "a sentence names both")


def _comes_up(lookup: Lookup, entity: Entity) -> int:
    """Number of the first step whose title names the entity, or else that speaks of it."""
    numbers = {step.id: i for i, step in enumerate(lookup.design.steps)}
    last = last_word(entity.name)
    titled = (i for i, s in enumerate(lookup.design.steps) if last in words(s.title))
    return next(titled, min((numbers.get(s, 99) for s in entity.steps), default=99))


def _of_events(lookup: Lookup) -> Iterator[Pair]:
    """What happened points at who did it, for which group, and what was worked on."""
    for event in lookup.of_archetype("event"):
        people = (lookup.of_archetype("group"), lookup.of_archetype("person"))
        for found in (*people, _taking_time(lookup)):
            for other in found[:1]:
                because = f"{article(one(event))} says who did it, for whom, or with what"
                yield Pair(other, event, _shared(other, event), because)


def _shared(a: Entity, b: Entity) -> tuple[str, ...]:
    there = frozenset(b.steps)
    return tuple(step for step in a.steps if step in there)


def made(pair: Pair, taken: set[str]) -> Relationship:
    """The relationship of a pair, with an id that is not taken."""
    return Relationship(id=unique(pair.id, taken), a=pair.a.id, b=pair.b.id, steps=pair.steps)


# One question about all of them


def _known(lookup: Lookup) -> dict[str, Entity]:
    """Entities by everything that somebody may call them."""
    found: dict[str, Entity] = {}
    reaching = (e for e in lookup.design.entities if lookup.persists(e) and lookup.home(e.id))
    for entity in sorted(reaching, key=lookup.folded):
        for name in (entity.id, entity.name, *entity.aliases):
            found.setdefault(snake(name), entity)
    return found


def _typed(lookup: Lookup, text: str) -> tuple[Entity, Entity, str]:
    """The two entities and the role that "User - Document as author" names."""
    plain, *roles = _AS.split(text.strip(), maxsplit=1)
    ends = [end for end in _BETWEEN.split(plain) if end]
    if len(ends) != 2:
        raise AnswerError(f"{text!r} is no pair: write two names with a dash between them, as in "
                          '"Team - Invoice", and a role if you like: "User - Invoice as payer".'
                          )  # fmt: skip
    known = _known(lookup)
    missing = [end for end in ends if snake(end) not in known]
    if missing:
        names = ", ".join(dict.fromkeys(entity.name for entity in known.values()))
        raise AnswerError(f"There is no {' and no '.join(missing)}: choose from {names}.")
    return known[snake(ends[0])], known[snake(ends[1])], snake(roles[0]) if roles else ""


def _get(scene: Scene) -> tuple[str, ...] | None:
    links = tuple(link.id for link in scene.design.relationships if scene.lookup.ends(link))
    return links if links or "relationships" in scene.design.done else None


def _set(design: Design, _: str, values: tuple[str, ...]) -> Design:
    """The design with exactly these relationships; what is typed is taken as found or added.

    While the step is open they stand as they are said; later each keeps its place.
    """
    lookup = Lookup(design)
    offered = {pair.id: pair for pair in pairs(lookup)}
    free = {link.id: link for link in design.relationships}
    chosen: dict[str, Relationship] = {v: free.pop(v) for v in values if v in free}
    waiting = [link.id for link in free.values() if lookup.ends(link) is None]
    chosen |= {link_id: free.pop(link_id) for link_id in waiting}
    for value in values:
        if value in chosen:
            chosen[value] = chosen.pop(value)
            continue
        ends = ends_said(lookup, value)
        if value in offered:
            link = made(offered[value], set(chosen))
        elif ends is not None:
            link = Relationship(id=value, a=ends[0].id, b=ends[1].id)
        else:
            words, own_id = parted(value)
            link = _meant(_typed(lookup, words), free, {*chosen, *free}, own_id)
            free.pop(link.id, None)
        chosen[link.id] = link
    kept = design.relationships if "relationships" in design.done else ()
    order = [link.id for link in kept if link.id in chosen]
    links = tuple(chosen.pop(each) for each in order) + tuple(chosen.values())
    dropped = dict.fromkeys((*design.dropped, *free))
    for link in links:
        dropped.pop(link.id, None)
    return design.model_copy(update={"relationships": links, "dropped": tuple(dropped)})


def ends_said(lookup: Lookup, value: str) -> tuple[Entity, Entity] | None:
    """The two whose relationship has that id; None when it is the id of none."""
    known = {entity.id: entity for entity in _known(lookup).values()}
    for a in known.values():
        b = known.get(value.removeprefix(f"{a.id}_"))
        if value.startswith(f"{a.id}_") and b is not None:
            return a, b
    return None


def _meant(
    typed: tuple[Entity, Entity, str], free: dict[str, Relationship], taken: set[str], own_id: str
) -> Relationship:
    """The relationship that is there already for what somebody typed, or a new one.

    Who writes an id means the relationship of that id, and no other between the same two.
    """
    a, b, role = typed
    for link in free.values():
        same = {link.a, link.b} == {a.id, b.id} and role in ("", link.role)
        if link.id == own_id or (same and not own_id):
            return link
    link_id = unique(own_id or _typed_id(a.id, b.id, role), taken)
    return Relationship(id=link_id, a=a.id, b=b.id, role=role or None, steps=_shared(a, b))


def _typed_id(a: str, b: str, role: str) -> str:
    """The id that a relationship gets when its two ends are typed."""
    return f"{a}_{b}_{role}" if role else f"{a}_{b}"


def typed(lookup: Lookup, link: Relationship) -> str:
    """A relationship as somebody would type it: "User - Invoice as payer".

    With its id, where a new design would make another one of these words.
    """
    a, b = lookup.entities.get(link.a), lookup.entities.get(link.b)
    if a is None or b is None:
        return link.id
    role = snake(link.role) if link.role else ""
    words = f"{_said(a)} - {_said(b)}" + (f" as {role.replace('_', ' ')}" if role else "")
    others = (pair.id for pair in pairs(lookup) if pair.ends == {a.id, b.id})
    plain = link.id == _typed_id(a.id, b.id, role) and all(other == link.id for other in others)
    return words if plain else joined(words, link.id)


def _said(entity: Entity) -> str:
    """What an entity is called in a pair: its id, where its name would be read as two."""
    parted_by = _BETWEEN.search(entity.name) or _AS.search(entity.name)
    return entity.id if parted_by else entity.name


def _as_typed(scene: Scene, link_id: str) -> str:
    """The id of a relationship that a new design makes alike, or else what one would type."""
    link = scene.lookup.relationships.get(link_id)
    if link is None or (link_id in _advise(scene).value and _is_told_by_id(scene.lookup, link)):
        return link_id
    return typed(scene.lookup, link)


def _is_told_by_id(lookup: Lookup, link: Relationship) -> bool:
    """Whether a new design makes this relationship of its id alone."""
    ends = ends_said(lookup, link.id)
    return ends is not None and (ends[0].id, ends[1].id, link.role) == (link.a, link.b, None)


def _fits(scene: Scene, values: tuple[str, ...]) -> None:
    known = {link.id for link in scene.design.relationships}
    known |= {pair.id for pair in pairs(scene.lookup)}
    for value in values:
        if value not in known and ends_said(scene.lookup, value) is None:
            _typed(scene.lookup, parted(value)[0])


def _choices(scene: Scene) -> tuple[Choice, ...]:
    """Every pair that is proposed, also those turned down, and what is here already."""
    here = {frozenset((link.a, link.b)) for link in scene.design.relationships}
    offered = {p.id: Choice(p.id, f"{p.a.name} - {p.b.name}", p.because)
               for p in pairs(scene.lookup) if p.ends not in here}  # fmt: skip
    for link in scene.design.relationships:
        a, b = scene.lookup.standing(link.a), scene.lookup.standing(link.b)
        if a and b and scene.lookup.ends(link):
            role = f" as {link.role.replace('_', ' ')}" if link.role else ""
            label = f"{a.name} - {b.name}{role}"
            offered[link.id] = Choice(link.id, label, " ".join(read_back(link, a, b)))
    return tuple(offered.values())


def _advise(scene: Scene) -> Advice:
    here = {frozenset((x.a, x.b)): x.id for x in reversed(scene.design.relationships)}
    proposed = tuple(here.get(pair.ends, pair.id) for pair in pairs(scene.lookup))
    return Advice(proposed, "owner and owned, named in one step, or what an event says")


TREE: Final = Tree(
    "links",
    "Which belong together",
    "relationships",
    "product",
    (
        Node(
            "which",
            "",
            "Which things of {product} belong together?",
            "Each pair becomes a foreign key or a table between the two; a pair that is missing "
            "cannot be asked for later.",
            _advise,
            _choices,
            form="several",
            own_words=True,
            example='"Team - Invoice" when a team is billed; "User - Document as reviewer" when '
            "somebody besides its owner has to do with it.",
            get=_get,
            set=_set,
            fits=_fits,
            typed=_as_typed,
            unordered=True,
        ),
    ),
    lambda scene: f"{len(scene.design.relationships)} relationships",
)
