"""Step "access": what is read and written, how often, and which index it deserves."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import AccessPattern, Design, Entity, Relationship
from schemawalk.schema.archetypes import Asked
from schemawalk.schema.indexes import FEW_ROWS, is_needed, rows_of
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.names import snake, unique
from schemawalk.schema.sentences import many, one, shape
from wizard_steps.columns import a_rule
from wizard_steps.steps import Row, Step, turned_down
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree


def _often(scene: Scene) -> Advice:
    if scene.subject.who in ("report", "billing"):
        return Advice(("daily",), "reports are read now and then")
    return Advice(("constantly",), "users wait for it")


def _rows_expected(scene: Scene) -> Advice:
    rows = rows_of(scene.subject, scene.lookup)
    return Advice((str(rows),), "as was said of the table")


def _index(scene: Scene) -> Advice:
    rows = rows_of(scene.subject, scene.lookup)
    if is_needed(scene.subject.model_copy(update={"index": None}), rows):
        return Advice(("yes",), f"{rows:,} rows after a year: a scan would be slow")
    if rows < FEW_ROWS:
        return Advice(("no",), f"{rows:,} rows fit a few pages")
    return Advice(("no",), "asked too rarely to pay for it at every write")


def _refs(scene: Scene) -> tuple[Choice, ...]:
    """What a pattern of this entity can compare: its attributes and its foreign keys."""
    home = scene.lookup.home(scene.subject.entity)
    if home is None:
        return ()
    facts = (Choice(a.id.partition(".")[2], a.name, "a column of its own") for a in home.attributes)
    keys = (
        Choice(link.id, f"{link.role or link.a} (key)", "a foreign key")
        for link in scene.design.relationships
        if (ends := scene.lookup.ends(link)) and ends[1].id == home.id and shape(link) != "M:N"
    )
    return (*keys, *facts)


def _sorts(scene: Scene) -> tuple[Choice, ...]:
    home = scene.lookup.home(scene.subject.entity)
    names = [a.id.partition(".")[2] for a in home.attributes] if home else []
    return tuple(
        Choice(sign + name, f"{name}{', last first' if sign else ''}", "sorted in the index")
        for name in names
        for sign in ("", "-")
    )


def _outcome(scene: Scene) -> str:
    pattern = scene.subject
    if pattern.index == "no":
        return "no index"
    parts = (*pattern.equals, *pattern.sort, *filter(None, (pattern.range,)))
    return f"index on {', '.join(parts)}" if parts else "no index"


TREE: Final = Tree(
    "access",
    "Should this be indexed?",
    "access",
    "access_patterns",
    (
        Node(
            "equals", "equals", "What is compared by equality?",
            "Columns compared by equality come first in an index.",
            lambda scene: Advice(scene.subject.equals, "as proposed"), _refs, form="several",
            then="sort",
        ),
        Node(
            "sort", "sort", "By what is it sorted?",
            "Sort columns follow: the rows come out in order, and a LIMIT stops early.",
            lambda scene: Advice(scene.subject.sort, "as proposed"), _sorts, form="several",
            then="fixed",
        ),
        Node(
            "fixed", "fixed", "Is anything always the same in it?",
            "A fixed condition makes a partial index: small, and kept in memory.",
            lambda scene: Advice(scene.subject.fixed, "as proposed"), form="several",
            own_words=True, then="often", check=a_rule,
        ),
        Node(
            "often", "often", "How often is it asked?",
            "Each index slows every write a little; it must earn that.", _often,
            (
                Choice("constantly", "at each visit", "worth an index", "rows"),
                Choice("daily", "a few times a day", "worth an index on a big table", "rows"),
                Choice("rarely", "rarely", "no index", "rows"),
            ),
        ),
        Node(
            "rows", "rows", "How many rows will the table have after a year?",
            "Below a thousand a scan is as fast; above a hundred thousand the index decides.",
            _rows_expected, form="number", then="index",
        ),
        Node(
            "index", "index", "Should it have an index?",
            "Equality first, then sort, then one range.", _index,
            (
                Choice("yes", "yes", "an index that serves exactly this"),
                Choice("no", "no", "it is scanned"),
            ),
        ),
    ),
    _outcome,
)  # fmt: skip


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the access patterns that archetypes and owners suggest."""
    lookup = Lookup(design)
    turned_away = without | set(design.dropped)
    kept = [p for p in design.access_patterns if p.id not in without]
    known = {(p.entity, p.equals, p.sort, p.range, p.fixed) for p in kept}
    ids = {p.id for p in kept}
    for entity in lookup.tables:
        for asked in lookup.archetype(entity).asked:
            made = _pattern(lookup, entity, asked)
            if made is None or made.id in turned_away:
                continue
            key = (made.entity, made.equals, made.sort, made.range, made.fixed)
            if key not in known:
                known.add(key)
                made = made.model_copy(update={"id": unique(made.id, ids)})
                ids.add(made.id)
                kept.append(made)
    dropped = turned_down(design, without)
    return design.model_copy(update={"access_patterns": tuple(kept), "dropped": dropped})


def _pattern(lookup: Lookup, entity: Entity, asked: Asked) -> AccessPattern | None:
    """The pattern that an archetype's row means for an entity; None when it cannot be asked."""
    link = _owning(lookup, entity)
    if "@owner" in asked.equals and link is None:
        return None
    owner = lookup.entities.get(link.a) if link else None
    facts = {a.id.partition(".")[2] for a in entity.attributes}
    wanted = {reference.lstrip("-") for reference in (*asked.sort, *filter(None, (asked.range,)))}
    if not wanted <= facts or (asked.fixed and "status" not in facts):
        return None
    name = asked.name.replace("{things}", many(entity))
    name = name.replace("{owner}", one(owner) if owner else "user")
    name = name[:1].upper() + name[1:]
    equals = tuple(link.id if e == "@owner" and link else e for e in asked.equals)
    return AccessPattern(
        id=snake(name), name=name, entity=entity.id, equals=equals, sort=asked.sort,
        range=asked.range or None, fixed=asked.fixed, limit=asked.limit,
        who=asked.who or (entity.steps[-1] if entity.steps else ""),
    )  # fmt: skip


def _owning(lookup: Lookup, entity: Entity) -> Relationship | None:
    """The relationship to the entity's owner, or else the first that makes it a child."""
    of = [
        link
        for link in lookup.design.relationships
        if (ends := lookup.ends(link)) and ends[1].id == entity.id and link.many_a != "yes"
    ]
    return next((link for link in of if link.a == entity.owner), of[0] if of else None)


def describe(lookup: Lookup, pattern: AccessPattern) -> Row:
    """The pattern as one row of a proposal."""
    scene = Scene(lookup.design, lookup, pattern)
    rows = rows_of(pattern, lookup)
    fixed_part = f" where {' and '.join(pattern.fixed)}" if pattern.fixed else ""
    because = f"{rows:,} rows, {pattern.often or 'constantly'}"
    return Row(pattern.id, pattern.name, _outcome(scene) + fixed_part, because)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    return tuple(describe(lookup, pattern) for pattern in design.access_patterns)


def _headline(design: Design) -> str:
    wanted = sum(p.index != "no" for p in design.access_patterns)
    return f"{len(design.access_patterns)} access patterns, {wanted} worth an index"


STEP: Final = Step(
    "access",
    "Indexes",
    "Indexes follow from what is asked, never from the columns alone. Foreign keys get theirs.",
    (TREE,),
    grow,
    _rows,
    _headline,
)
