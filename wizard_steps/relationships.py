"""Step "relationships": which entities belong together, and how many of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from schemawalk.design.model import Design, Entity, Relationship
from schemawalk.schema.names import last_word, snake, unique
from schemawalk.schema.sentences import one, read_back, shape
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import who_signs_in
from wizard_steps import circles
from wizard_steps.asking.steps import Row, Step, turned_down
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, fixed
from wizard_steps.proposing import links
from wizard_steps.proposing.calls import counted
from wizard_steps.proposing.roles import ITSELF, a_role, is_second, role
from wizard_steps.purposes import OF_LINK, STEPS

_YES: Final = "yes"
_NO: Final = "no"
_NEW: Final = "new"


def _kinds(scene: Scene) -> tuple[str, str]:
    a, b = scene.lookup.standing(scene.subject.a), scene.lookup.standing(scene.subject.b)
    if a is None or b is None:
        return "", ""
    return links.kind(scene.lookup, a), links.kind(scene.lookup, b)


def _many_b(scene: Scene) -> Advice:
    b = scene.lookup.standing(scene.subject.b)
    if b and b.owner == scene.subject.a and b.many == _NO:
        return Advice((_NO,), "said so with the entity")
    return Advice((_YES,), "usually more than one, sooner or later")


def _many_a(scene: Scene) -> Advice:
    if _kinds(scene) in links.LINKS:
        return Advice((_YES,), "entries of a list are chosen again and again")
    a, b = scene.lookup.standing(scene.subject.a), scene.lookup.standing(scene.subject.b)
    if a and b and links.is_role_of(scene.lookup, a, b):
        return Advice((_YES,), "one role is held by many")
    if a and b and links.TOGETHER.get((last_word(a.name), last_word(b.name))):
        return Advice((_YES,), "they are combined freely")
    return Advice((_NO,), "it belongs to one of them")


def _optional(scene: Scene) -> Advice:
    kinds = _kinds(scene)
    if _is_itself(scene):
        return Advice((_YES,), "the first one has none above it")
    if kinds == ("group", "person") and _signs_in(scene):
        return Advice((_YES,), "people sign up before they join, and stay when they leave")
    if kinds[1] in ("event", "money") and kinds[0] != "group":
        return Advice((_YES,), "what happened stays true when the other is gone")
    return Advice((_NO,), "it would hang in the air")


def _signs_in(scene: Scene) -> bool:
    """Whether B is there before any group knows of them; others are spoken of within one."""
    account, b = who_signs_in(scene.lookup), scene.lookup.standing(scene.subject.b)
    return account is not None and b is not None and account.id == b.id


def _counted(field: str) -> Callable[[Design, str, tuple[str, ...]], Design]:
    """Takes how many there can be; "many A, one B" is kept turned round, as one B with many A."""
    return lambda design, link_id, values: _changed(
        design, link_id, lambda link: _turned(link.model_copy(update={field: values[0]}))
    )


def _changed(
    design: Design, link_id: str, change: Callable[[Relationship], Relationship]
) -> Design:
    changed = tuple(change(x) if x.id == link_id else x for x in design.relationships)
    return design.model_copy(update={"relationships": changed})


def _turned(link: Relationship) -> Relationship:
    if shape(link) != "N:1":
        return link
    return link.model_copy(update={"a": link.b, "b": link.a, "many_b": _YES, "many_a": _NO})


def _with_itself(design: Design, link_id: str, values: tuple[str, ...]) -> Design:
    """Takes what the links of an entity with itself make: it decides how many there can be."""
    many_b, many_a = ITSELF[values[0]][2]
    update = {"itself": values[0], "many_b": many_b, "many_a": many_a}
    return _changed(design, link_id, lambda link: link.model_copy(update=update))


def _itself(scene: Scene) -> Advice:
    if shape(scene.subject) == "M:N":
        return Advice(("graph",), "both can have several")
    return Advice(("tree",), "the usual one: folders, replies, departments")


def _is_itself(scene: Scene) -> bool:
    link: Relationship = scene.subject
    return link.a == link.b


def _are_two(scene: Scene) -> bool:
    return not _is_itself(scene)


def _is_link(scene: Scene) -> bool:
    return shape(scene.subject) == "M:N"


# What stands between two


def _payloads(scene: Scene) -> tuple[Choice, ...]:
    ends = {e.id for e in scene.lookup.ends(scene.subject) or ()}
    others = (e for e in scene.lookup.tables if e.id not in ends)
    between = {e.id: Choice(e.id, f"yes, {e.name}", f"{e.name} stands between them", "ordered")
               for e in others}  # fmt: skip
    return (
        Choice(_NO, "no", "a join table: the pair is its key", "ordered"),
        *between.values(),
        Choice(_NEW, "yes, something new", "an entity between them, with facts of its own: "
               "{a} {b}", "ordered"),
    )  # fmt: skip


def _between(design: Design, link_id: str, values: tuple[str, ...]) -> Design:
    """Takes what carries the facts of a pair; "new" makes an entity of that name."""
    link = next(x for x in design.relationships if x.id == link_id)
    payload, origin = values[0], f"link.{link_id}"
    entities = tuple(e for e in design.entities if e.origin != origin or e.id == payload)
    if payload == _NEW:
        a, b = (next(e for e in entities if e.id == each) for each in (link.a, link.b))
        name = f"{a.name} {one(b)}"
        payload = unique(snake(name), (e.id for e in entities))
        made = Entity(id=payload, name=name, archetype="thing", owner=a.id, many=_YES,
                      origin=origin, steps=link.steps)  # fmt: skip
        entities = (*entities, made)
    design = design.model_copy(update={"entities": entities})
    return _changed(design, link_id, lambda x: x.model_copy(update={"payload": payload}))


def _can_be_ordered(scene: Scene) -> bool:
    """Whether an order can be kept: there are several, and no place of their own yet."""
    b = scene.lookup.standing(scene.subject.b)
    if b is None or shape(scene.subject) == "1:1" or _is_link(scene):
        return _is_link(scene)
    usual = {u.name for u in scene.lookup.archetype(b).usual}
    return "position" not in (usual | {a.name for a in b.attributes})


def _has_no_position(scene: Scene) -> bool:
    """Whether an order can be kept by whoever left out the place that such things usually have."""
    b = scene.lookup.standing(scene.subject.b)
    several = b is not None and shape(scene.subject) not in ("1:1", "M:N")
    return several and b is not None and "position" not in {a.name for a in b.attributes}


# Exactly one of several parents


def _parents(scene: Scene) -> tuple[Relationship, ...]:
    """All optional relationships by which B has a parent, when they are asked about here.

    One of them is asked for all: the one that says so already, or else the first by its id, which
    does not depend on the order in which they came.
    """
    child = scene.subject.b
    found = tuple(
        x for x in scene.design.relationships
        if x.b == child and x.a != child and x.optional == _YES and shape(x) in ("1:N", "1:1")
    )  # fmt: skip
    asked = min(found, key=lambda x: (not x.one_of, x.id), default=None)
    return found if len(found) > 1 and asked is scene.subject else ()


def _other_parents(scene: Scene) -> tuple[Choice, ...]:
    others = (x for x in _parents(scene) if x.id != scene.subject.id)
    names = {x.id: scene.lookup.standing(x.a) for x in others}
    return tuple(Choice(key, a.name, f"either {{an_a}} or {one(a)}, never both")
                 for key, a in names.items() if a)  # fmt: skip


def _is_one_of(scene: Scene) -> bool:
    return bool(scene.subject.one_of) and bool(_parents(scene))


def _outcome(scene: Scene) -> str:
    """The shape, the key, and the relationship read back both ways."""
    link = scene.subject
    found = shape(link)
    a, b = scene.lookup.standing(link.a), scene.lookup.standing(link.b)
    if found == "?" or a is None or b is None:
        return ""
    said = " ".join(read_back(link, a, b))
    if found == "M:N":
        through = "a join table" if link.payload in (None, _NO) else link.payload
        return f"M:N, through {through}. {said}"
    null = "NULL" if link.optional == _YES else "NOT NULL"
    return f"{found}, foreign key {null}. {said}"


TREE: Final = Tree(
    "relationship",
    "Relationship type",
    "relationships",
    "relationships",
    (
        Node(
            "itself", "itself", "What do {as} that belong to {as} make?",
            "A tree needs one key in the row; arrows and pairs need a table of their own.",
            _itself,
            tuple(Choice(key, label, follows, "optional")
                  for key, (label, follows, _, _) in ITSELF.items()),
            asked=_is_itself, set=_with_itself, then="many_b",
            example="A folder in a folder: tree. One user follows another: graph. Two users are "
            "friends: pairs.",
        ),
        Node(
            "many_b", "many_b", "Can one {a} have several {bs}?",
            "With the next question it decides between 1:1, 1:N and M:N.", _many_b,
            (
                Choice(_YES, "yes", "one {a} has many {bs}", "many_a"),
                Choice(_NO, "no", "one {a} has at most one {b}", "many_a"),
            ),
            set=_counted("many_b"), asked=_are_two, then="optional",
            example="Monday one {b}, Tuesday another, and both are still there: yes.",
        ),
        Node(
            "many_a", "many_a", "Can one {b} belong to several {as}?",
            "Both ways several: a table between them is needed.", _many_a,
            (
                Choice(_YES, "yes", "one {b} belongs to several {as}", "optional"),
                Choice(_NO, "no", "one {b} belongs to one {a}", "optional"),
            ),
            set=_counted("many_a"),
            example="If a second {a} may claim the same {b} without taking it away: yes.",
        ),
        Node(
            "optional", "optional", "Can {an_b} exist without {an_a}?",
            "It decides between NULL and NOT NULL, and which delete actions are possible.",
            _optional,
            (
                Choice(_NO, "no", "the key is NOT NULL: no {b} without {an_a}", "checked"),
                Choice(_YES, "yes", "the key may be NULL: {bs} without {an_a} are fine", "checked"),
            ),
            asked=lambda scene: not _is_link(scene), then="checked",
            example="Before anybody knows which {a} it belongs to, {an_b} is written down: yes.",
        ),
        Node(
            "checked", "checked",
            "If {an_b} needs {an_a}, and {an_a} {an_b}: when is that checked?",
            "Keys that need each other let no first row in, unless one of them waits for the end "
            "of the transaction.", circles.checked,
            (
                Choice("at-commit", "at the end of the transaction", "DEFERRABLE INITIALLY "
                       "DEFERRED: both rows are inserted, then both are checked", "role"),
                Choice("at-once", "at once", "no first row can be inserted, until one of them is "
                       "optional", "role"),
            ),
            asked=circles.closes_a_circle, then="role",
            example="A project must have a leader, and a leader a project: both are written down, "
            "and only then is it looked whether both are there.",
        ),
        Node(
            "role", "role", "What is the one {a} to the {b}?",
            "The column is named after it: author_id says more than a second key of the same name.",
            role, form="text", check=a_role, asked=is_second, then="payload",
            example="Two people and one {b}: one is its author, the other its approver.",
        ),
        Node(
            "payload", "payload", "Does the link itself carry facts: a date, a role, a quantity?",
            "Facts about a pair need a named entity between them, not a bare join table.",
            fixed(_NO, "no step speaks of facts about the pair"), _payloads,
            asked=_is_link, then="ordered", set=_between,
            example="Since when {an_a} has {an_b}, or how many of it, is a fact about the two.",
        ),
        Node(
            "ordered", "ordered", "Does the order of the {bs} matter, and do people choose it?",
            "An order that people choose must be stored: rows have none.",
            fixed(_NO, "they can be sorted by when they were added"),
            (
                Choice(_NO, "no", "no column", "one_of"),
                Choice(_YES, "yes", "a position column", "one_of"),
            ),
            asked=_can_be_ordered, aside=_has_no_position, then="one_of",
            example="Somebody drags one of the {bs} to the top of the list, and it is there "
            "tomorrow.",
        ),
        Node(
            "one_of", "one_of",
            "Does {an_b} belong to exactly one of several, and this is one of them?",
            "Two keys of which one must be set need a rule: without it both can be, or none.",
            lambda _: Advice((), "each of them may be there or not, by itself"),
            _other_parents, form="several", asked=lambda scene: bool(_parents(scene)),
            then="one_of_form",
            example="A comment hangs on a document or on a task: never on both, never on nothing.",
        ),
        Node(
            "one_of_form", "one_of_form", "How is it kept that there is exactly one?",
            "The first way is checked by the database; the others cost a join, or the check.",
            fixed("keys", "the database checks all of it"),
            (
                Choice("keys", "one key for each, and a CHECK", "every key is a real foreign key; "
                       "a new kind of parent is a new column"),
                Choice("parent", "a common parent table", "one key to a table that all kinds "
                       "share; each of them needs a row there first, and a join; what is deleted "
                       "there takes both along"),
                Choice("type-id", "a type and an id", "one column pair for any kind; the database "
                       "cannot check it, and deletes leave orphans"),
            ),
            asked=_is_one_of, then="purpose",
            example="document_id and task_id, of which num_nonnulls(…) = 1 must hold.",
        ),
        OF_LINK,
        STEPS,
    ),
    _outcome,
)  # fmt: skip


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the relationships that owners, groups and steps suggest."""
    kept = [link for link in design.relationships if link.id not in without]
    joined = {frozenset((link.a, link.b)) for link in kept}
    ids = {link.id for link in kept}
    left = {frozenset((link.a, link.b)) for link in design.relationships if link.id in without}
    pairs = links.pairs(Lookup(design))
    without |= {pair.id for pair in pairs if pair.ends in left - joined}
    turned_away = without | set(design.dropped)
    for pair in pairs:
        if pair.ends not in joined and pair.id not in turned_away:
            joined.add(pair.ends)
            kept.append(links.made(pair, ids))
            ids.add(kept[-1].id)
    dropped = turned_down(design, without)
    return design.model_copy(update={"relationships": tuple(kept), "dropped": dropped})


def describe(lookup: Lookup, link: Relationship) -> Row:
    """The relationship as one row of a proposal, read back in words."""
    a, b = lookup.standing(link.a), lookup.standing(link.b)
    if a is None or b is None:
        return Row(link.id, link.id, "one of its ends is gone")
    there, back = read_back(link, a, b)
    steps = {s.id: s.title for s in lookup.design.steps}
    named = ", ".join(steps[s] for s in link.steps if s in steps)
    role = f" ({link.role.replace('_', ' ')})" if link.role else ""
    return Row(link.id, f"{a.name} {shape(link)} {b.name}{role}", f"{there} {back}", named)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    return tuple(describe(lookup, link) for link in design.relationships)


def _headline(design: Design) -> str:
    many = sum(shape(link) == "M:N" for link in design.relationships)
    said = counted(len(design.relationships), "relationship")
    return f"{said}, {many or 'none'} of them many-to-many" if design.relationships else said


def added(design: Design, a: str, b: str) -> Design:
    """The design with one more relationship between two entities, by id."""
    link_id = unique(snake(f"{a} {b}"), (link.id for link in design.relationships))
    link = Relationship(id=link_id, a=a, b=b)
    return design.model_copy(update={"relationships": (*design.relationships, link)})


STEP: Final = Step(
    "relationships",
    "Relationships",
    "How do the entities belong together? Two questions each way decide between 1:1, 1:N and M:N.",
    (links.TREE, TREE),
    grow,
    _rows,
    _headline,
)
