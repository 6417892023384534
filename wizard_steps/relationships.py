"""Step "relationships": which entities belong together, and how many of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final

from schemawalk.design.model import Design, Entity, Relationship
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.names import last_word, snake, unique, words
from schemawalk.schema.sentences import read_back, shape
from wizard_steps.steps import Row, Step, turned_down
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree, fixed

_YES: Final = "yes"
_NO: Final = "no"

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


def _kinds(scene: Scene) -> tuple[str, str]:
    a, b = scene.lookup.standing(scene.subject.a), scene.lookup.standing(scene.subject.b)
    if a is None or b is None:
        return "", ""
    return scene.lookup.archetype(a).id, scene.lookup.archetype(b).id


def _many_b(scene: Scene) -> Advice:
    b = scene.lookup.standing(scene.subject.b)
    if b and b.owner == scene.subject.a and b.many == _NO:
        return Advice((_NO,), "said so with the entity")
    return Advice((_YES,), "usually more than one, sooner or later")


def _many_a(scene: Scene) -> Advice:
    if _kinds(scene) in LINKS:
        return Advice((_YES,), "entries of a list are chosen again and again")
    return Advice((_NO,), "it belongs to one of them")


def _optional(scene: Scene) -> Advice:
    kinds = _kinds(scene)
    if scene.subject.a == scene.subject.b:
        return Advice((_YES,), "the first one has none above it")
    if kinds == ("group", "person"):
        return Advice((_YES,), "people sign up before they join, and stay when they leave")
    if kinds[1] in ("event", "money") and kinds[0] != "group":
        return Advice((_YES,), "what happened stays true when the other is gone")
    return Advice((_NO,), "it would hang in the air")


def _counted(field: str) -> Callable[[Design, str, tuple[str, ...]], Design]:
    """Takes how many there can be; "many A, one B" is kept turned round, as one B with many A."""

    def take(design: Design, link_id: str, values: tuple[str, ...]) -> Design:
        links = tuple(
            _turned(link.model_copy(update={field: values[0]})) if link.id == link_id else link
            for link in design.relationships
        )
        return design.model_copy(update={"relationships": links})

    return take


def _turned(link: Relationship) -> Relationship:
    if shape(link) != "N:1":
        return link
    return link.model_copy(update={"a": link.b, "b": link.a, "many_b": _YES, "many_a": _NO})


def _is_link(scene: Scene) -> bool:
    return shape(scene.subject) == "M:N"


def _payloads(scene: Scene) -> tuple[Choice, ...]:
    ends = {e.id for e in scene.lookup.ends(scene.subject) or ()}
    others = (e for e in scene.lookup.tables if e.id not in ends)
    return (
        Choice(_NO, "no", "a join table: the pair is its key", "ordered"),
        *(Choice(e.id, f"yes, {e.name}", f"{e.name} stands between them", "ordered")
          for e in others),
    )  # fmt: skip


def _outcome(scene: Scene) -> str:
    link = scene.subject
    found = shape(link)
    if found == "?":
        return ""
    if found == "M:N":
        return (
            "M:N, through a join table" if link.payload in (None, _NO) else f"M:N, {link.payload}"
        )
    null = "NULL" if link.optional == _YES else "NOT NULL"
    return f"{found}, foreign key {null}"


TREE: Final = Tree(
    "relationship",
    "Relationship type",
    "relationships",
    "relationships",
    (
        Node(
            "many_b", "many_b", "Can one {a} have several {bs}?",
            "With the next question it decides between 1:1, 1:N and M:N.", _many_b,
            (
                Choice(_YES, "yes", "one {a} has many {bs}", "many_a"),
                Choice(_NO, "no", "one {a} has at most one {b}", "many_a"),
            ),
            set=_counted("many_b"),
        ),
        Node(
            "many_a", "many_a", "Can one {b} belong to several {as}?",
            "Both ways several: a table between them is needed.", _many_a,
            (
                Choice(_YES, "yes", "one {b} belongs to several {as}", "optional"),
                Choice(_NO, "no", "one {b} belongs to one {a}", "optional"),
            ),
            set=_counted("many_a"),
        ),
        Node(
            "optional", "optional", "Can {an_b} exist without {an_a}?",
            "It decides between NULL and NOT NULL, and which delete actions are possible.",
            _optional,
            (
                Choice(_NO, "no", "the key is NOT NULL: no {b} without {an_a}", "role"),
                Choice(_YES, "yes", "the key may be NULL: {bs} without {an_a} are fine", "role"),
            ),
            asked=lambda scene: not _is_link(scene), then="payload",
        ),
        Node(
            "role", "role", "What is the one {a} to the other?",
            "The column is named after it: parent_id.",
            fixed("parent", "the usual word in a tree"), form="text",
            asked=lambda scene: scene.subject.a == scene.subject.b, then="ordered",
        ),
        Node(
            "payload", "payload", "Does the link itself carry facts: a date, a role, a quantity?",
            "Facts about a pair need a named entity between them, not a bare join table.",
            fixed(_NO, "no step speaks of facts about the pair"), _payloads,
            asked=_is_link, then="ordered",
        ),
        Node(
            "ordered", "ordered", "Does the order of the {bs} matter, and do people choose it?",
            "An order that people choose must be stored: rows have none.",
            fixed(_NO, "they can be sorted by when they were added"),
            (
                Choice(_NO, "no", "no column"),
                Choice(_YES, "yes", "a position column"),
            ),
        ),
    ),
    _outcome,
)  # fmt: skip


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the relationships that owners, groups and steps suggest."""
    lookup = Lookup(design)
    kept = [link for link in design.relationships if link.id not in without]
    pairs = {frozenset((link.a, link.b)) for link in kept}
    ids = {link.id for link in kept}
    turned_away = without | set(design.dropped)
    for a, b, steps in _pairs(lookup):
        if frozenset((a.id, b.id)) in pairs or f"{a.id}_{b.id}" in turned_away:
            continue
        pairs.add(frozenset((a.id, b.id)))
        link_id = unique(f"{a.id}_{b.id}", ids)
        ids.add(link_id)
        kept.append(Relationship(id=link_id, a=a.id, b=b.id, steps=steps))
    dropped = turned_down(design, without)
    return design.model_copy(update={"relationships": tuple(kept), "dropped": dropped})


def _pairs(lookup: Lookup) -> Iterator[tuple[Entity, Entity, tuple[str, ...]]]:
    """Parent, child and the steps that name both: owners first, then what steps put together."""
    tables = lookup.tables
    for entity in tables:
        owner = lookup.home(entity.owner) if entity.owner != "system" else None
        if owner and owner.id != entity.id:
            yield owner, entity, _shared(owner, entity)
    for first, second in combinations(tables, 2):
        shared = _shared(first, second)
        for a, b in ((first, second), (second, first)):
            if shared and _belong(lookup, a, b):
                yield a, b, shared
                break
    yield from _of_events(lookup)


def _belong(lookup: Lookup, a: Entity, b: Entity) -> bool:
    """Whether an A that is named together with a B usually has many of it, or links to it."""
    kinds = (lookup.archetype(a).id, lookup.archetype(b).id)
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
        return not any(lookup.archetype(e).id == "process" and _shared(e, b) for e in lookup.tables)
    return kinds in PARTS | LINKS


def _comes_up(lookup: Lookup, entity: Entity) -> int:
    """Number of the first step whose title names the entity, or else that speaks of it."""
    numbers = {step.id: i for i, step in enumerate(lookup.design.steps)}
    last = last_word(entity.name)
    titled = (i for i, s in enumerate(lookup.design.steps) if last in words(s.title))
    return next(titled, min((numbers.get(s, 99) for s in entity.steps), default=99))


def _of_events(lookup: Lookup) -> Iterator[tuple[Entity, Entity, tuple[str, ...]]]:
    """What happened points at who did it, for which group, and what was worked on."""
    for event in lookup.tables:
        if lookup.archetype(event).id != "event":
            continue
        for archetype in ("group", "person", "process"):
            for other in lookup.tables:
                if lookup.archetype(other).id == archetype:
                    yield other, event, _shared(other, event)
                    break


def _shared(a: Entity, b: Entity) -> tuple[str, ...]:
    return tuple(step for step in a.steps if step in b.steps)


def describe(lookup: Lookup, link: Relationship) -> Row:
    """The relationship as one row of a proposal, read back in words."""
    a, b = lookup.standing(link.a), lookup.standing(link.b)
    if a is None or b is None:
        return Row(link.id, link.id, "one of its ends is gone")
    there, back = read_back(link, a, b)
    steps = {s.id: s.title for s in lookup.design.steps}
    named = ", ".join(steps[s] for s in link.steps if s in steps)
    return Row(link.id, f"{a.name} {shape(link)} {b.name}", f"{there} {back}", named)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    return tuple(describe(lookup, link) for link in design.relationships)


def _headline(design: Design) -> str:
    links = [link for link in design.relationships if shape(link) == "M:N"]
    return f"{len(design.relationships)} relationships, {len(links)} of them many-to-many"


def added(design: Design, a: str, b: str) -> Design:
    """The design with one more relationship between two entities, by id."""
    link_id = unique(snake(f"{a} {b}"), (link.id for link in design.relationships))
    link = Relationship(id=link_id, a=a, b=b)
    return design.model_copy(update={"relationships": (*design.relationships, link)})


STEP: Final = Step(
    "relationships",
    "Relationships",
    "How do the entities belong together? Two questions each way decide between 1:1, 1:N and M:N.",
    (TREE,),
    grow,
    _rows,
    _headline,
)
