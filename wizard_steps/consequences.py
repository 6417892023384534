"""What a delete takes along, in lines of plain text: sample rows, and what each action does."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.schema.deletion import (
    Block,
    Outcome,
    delete,
    key_named,
    what_if,
    with_action,
)
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Action, ForeignKey, Schema, Table
from schemawalk.schema.names import plural
from schemawalk.schema.samples import Manner, Place, Row, Sample, noun, sample
from schemawalk.schema.sentences import many, shape
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.proposing.calls import listed

WIDTH: Final = 76
"""Columns that the lines fit in."""

TALLEST: Final = 14
"""Lines of the picture below its first."""

MOST: Final = 5
"""Steps that are named."""

DEEPEST: Final = 4
"""How far the picture of sample rows is drawn."""

_INDENT: Final = 10


class Same:
    """Parts of a design as a cache knows them: the same objects, whatever is in them."""

    __slots__ = ("parts",)

    def __init__(self, *parts: object) -> None:
        self.parts = parts

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.parts)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Same) or len(self.parts) != len(other.parts):
            return False
        return all(a is b for a, b in zip(self.parts, other.parts, strict=True))


def outline(design: Design) -> Schema:
    """The tables and foreign keys of a design without its facts: quick, and remembered."""
    return _outline(Same(design.entities, design.relationships, design.stack, design.unsaid))


def _key_of(entity: Entity) -> tuple[Attribute, ...]:
    """The facts that others refer to, where there is no id."""
    if entity.key != "natural":
        return ()
    return tuple(a for a in entity.attributes if a.id.partition(".")[2] in (entity.identity or ()))


@lru_cache(maxsize=8)
def _outline(parts: Same) -> Schema:
    entities, relationships, stack, unsaid = parts.parts
    bare = tuple(e.model_copy(update={"attributes": _key_of(e), "rules": ()}) for e in entities)  # type: ignore[attr-defined]
    found = {"entities": bare, "relationships": relationships, "stack": stack, "unsaid": unsaid}
    return derive(Design().model_copy(update=found)).schema


def manner(design: Design) -> Manner:
    """Whose order of events holds for the design's database."""
    return "sqlite" if design.stack.database == "sqlite" else "postgresql"


def table_of(schema: Schema, lookup: Lookup, entity_id: str) -> Table | None:
    """The table in which an entity's rows are."""
    home = lookup.home(entity_id)
    return next((t for t in schema.tables if home is not None and t.source == home.id), None)


def key_of(schema: Schema, lookup: Lookup, link: Relationship, end: int = 0) -> ForeignKey | None:
    """The foreign key by which a relationship refers to its first or second end."""
    own = [key for _, key in schema.references() if key.source == link.id]
    if shape(link) != "M:N":
        return own[0] if own else None
    if len(own) > end and len(own) > 1:
        return own[end]
    between = table_of(schema, lookup, link.payload or "")
    ends = lookup.ends(link)
    parent = table_of(schema, lookup, ends[end].id) if ends else None
    if between is None or parent is None:
        return None
    return next((k for k in between.foreign_keys if k.references == parent.name), None)


# Before it is chosen: one foreign key, every action


def of_key(design: Design, link: Relationship, end: int = 0) -> tuple[str, ...]:
    """Sample rows, what each action of a relationship's key does to them, who reads them later."""
    schema, lookup = derive(design).schema, Lookup(design)
    key = key_of(schema, lookup, link, end)
    if key is None:
        return ()
    if key.source != link.id:
        return tuple(wrapped("", "The foreign key belongs to another relationship: what is "
                                  "answered there holds here too."))  # fmt: skip
    actions = OF_LINK if shape(link) == "M:N" else OF_KEY
    outcomes = {a: what_if(schema, key.name, a, manner(design)) for a in actions}
    lines = ["For instance:", *picture(schema, outcomes["CASCADE"].sample), ""]
    for action, outcome in outcomes.items():
        loosened = action == "SET NULL" and not _may_be_null(schema, key)
        lines += wrapped(action, *says(schema, outcome, key), *(_LOOSENED if loosened else ()))
    if shape(link) != "M:N":
        lines += wrapped("ARCHIVE", "deletes nothing: all of the above stays as it is")
    lines += _elsewhere(design, schema, key)
    return (*lines, *_readers(design, lookup, schema, outcomes["CASCADE"]))


_LOOSENED: Final = ("the key, now NOT NULL, becomes optional",)

OF_KEY: Final[tuple[Action, ...]] = ("CASCADE", "SET NULL", "RESTRICT")
OF_LINK: Final[tuple[Action, ...]] = ("CASCADE", "RESTRICT")
"""The actions of a link: without one of its ends it has nothing to stay for."""


def _elsewhere(design: Design, schema: Schema, key: ForeignKey) -> Iterator[str]:
    """A line about what refuses the delete whatever is chosen for this key."""
    loose = with_action(schema, key.name, "SET NULL")
    blocks = of_table(design, loose, loose.table(key.references)).blocks
    names = dict.fromkeys(several(noun(schema.table(block.table))) for block in blocks)
    if names:
        yield ""
        says_no = f"Whatever is chosen here, {listed(names)} keep it from being deleted"
        yield from wrapped("", f"{says_no} while there are any.")


def _may_be_null(schema: Schema, key: ForeignKey) -> bool:
    child, _ = key_named(schema, key.name)
    return all(child.column(name).nullable for name in key.columns)


def wrapped(head: str, *sentences: str) -> Iterator[str]:
    """Sentences below each other, the head before the first."""
    for at, sentence in enumerate(sentences):
        start = f"{head if at == 0 else '':<{_INDENT}}" if head else ""
        yield from textwrap.wrap(
            sentence, WIDTH, initial_indent=start, subsequent_indent=" " * (len(start) + 2)
        )


def _readers(design: Design, lookup: Lookup, schema: Schema, outcome: Outcome) -> Iterator[str]:
    """The steps that read what would vanish: "step 5, Read the findings, reads assessments"."""
    start = outcome.sample.start[0]
    lost = {schema.table(name).source for name in outcome.counts() if name != start}
    read: dict[str, list[str]] = defaultdict(list)
    for entity in lookup.tables:
        if entity.id in lost:
            for step_id in _read_by(design, entity):
                read[step_id].append(many(entity))
    numbered = [(n, s) for n, s in enumerate(design.steps, start=1) if s.id in read]
    if numbered:
        yield from ("", "Steps that read what CASCADE would delete:")
    for number, step in numbered[:MOST]:
        said = f"step {number}, {step.title}: {', '.join(read[step.id])}"
        yield from textwrap.wrap(said, WIDTH, initial_indent="  ", subsequent_indent="    ")
    if len(numbered) > MOST:
        yield f"  and {len(numbered) - MOST} more"


def _read_by(design: Design, entity: Entity) -> tuple[str, ...]:
    """Steps that show an entity: as answered, or as their sentences say."""
    if entity.read_by is not None:
        return entity.read_by
    from schemawalk.reading.phrases import touches

    found = touches(design.steps, tuple(e.name for e in design.entities))
    steps = (t.step for t in found if t.act == "read" and t.name == entity.name)
    return tuple(dict.fromkeys(steps))


# One delete


def of_table(design: Design, schema: Schema, table: Table) -> Outcome:
    """What deleting one row of a table does, by the keys as they are."""
    return delete(schema, sample(schema, table.name), manner(design))


def picture(schema: Schema, rows: Sample) -> Iterator[str]:
    """The sample as an indented tree: "2 documents: 'Spring', 'Harbour'" under "user Ada"."""
    under: dict[Place | None, list[Row]] = defaultdict(list)
    for row in rows.rows:
        if row.place != rows.start:
            under[row.under].append(row)
    yield f"  {rows.at[rows.start].name}"
    lines = tuple(_branches(schema, under, (rows.start,), 2))
    yield from lines[:TALLEST]
    if len(lines) > TALLEST:
        yield f"    … and {len(lines) - TALLEST} more"


def _branches(
    schema: Schema, under: dict[Place | None, list[Row]], parents: tuple[Place, ...], depth: int
) -> Iterator[str]:
    found: dict[str, list[Row]] = defaultdict(list)
    for parent in parents:
        for row in under[parent]:
            found[row.by].append(row)
    for name, rows in found.items():
        whose = "" if depth == 2 else _whose(schema, parents)
        yield _cut("  " * depth + _group(schema, name, rows, whose))
        if depth <= DEEPEST:
            yield from _branches(schema, under, tuple(row.place for row in rows), depth + 1)


def _whose(schema: Schema, parents: tuple[Place, ...]) -> str:
    """Whose rows they are, for those who cannot see how far a line is indented."""
    kind = noun(schema.table(parents[0][0]))
    return f" of this {kind}" if len(parents) == 1 else f" of these {several(kind)}"


def _group(schema: Schema, key_name: str, rows: list[Row], whose: str) -> str:
    table, key = key_named(schema, key_name)
    kind = noun(table)
    names = [row.name.removeprefix(f"{kind} ") for row in rows]
    told = "" if names[0].isdecimal() else f": {', '.join(names)}"
    role = role_of(key)
    as_ = "" if role == noun(schema.table(key.references)) else f", by {role}"
    return f"{counted(len(rows), kind)}{whose}{as_}{told}"


def role_of(key: ForeignKey) -> str:
    """What the key's row is to the other: "author" for author_id."""
    return key.columns[-1].removesuffix("_id").replace("_", " ")


def says(schema: Schema, outcome: Outcome, key: ForeignKey | None = None) -> Iterator[str]:
    """What a delete does, in sentences without a full stop.

    What it would do if it were not refused is said too, unless `key` alone refuses it.
    """
    for block in _by_key(outcome.blocks):
        yield f"refused: {_in_the_way(schema, block)}"
    if outcome.refused:
        own = key is not None and outcome.blocks[0].key.name == key.name
        if not own and (len(outcome.gone) > 1 or outcome.emptied):
            yield f"if they were not: {'; '.join(_done(schema, outcome))}"
        return
    yield from _done(schema, outcome)


def _done(schema: Schema, outcome: Outcome) -> Iterator[str]:
    counts = (counted(n, noun(schema.table(name))) for name, n in outcome.counts().items())
    yield f"deletes {listed(counts)}"
    yield from _stays(schema, outcome)


def _stays(schema: Schema, outcome: Outcome) -> Iterator[str]:
    """Rows that stay, those that lose the same together: "2 users and 4 plans stay, without…"."""
    places: dict[str, dict[Place, None]] = defaultdict(dict)
    roles: dict[str, dict[str, None]] = defaultdict(dict)
    for place, key in outcome.emptied:
        places[place[0]][place] = None
        roles[place[0]][role_of(key)] = None
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, lost in roles.items():
        together[tuple(lost)].append(name)
    for lost_roles, names in together.items():
        one = len(names) == 1 and len(places[names[0]]) == 1
        rows = listed(counted(len(places[name]), noun(schema.table(name))) for name in names)
        whose = "its" if one else "their"
        yield (
            f"{rows} {'stays' if one else 'stay'}, without {whose} "
            f"{f' or {whose} '.join(lost_roles)}"
        )


def _by_key(blocks: Iterable[Block]) -> Iterator[Block]:
    seen = set()
    for block in blocks:
        if block.key.name not in seen:
            seen.add(block.key.name)
            yield block


def _in_the_way(schema: Schema, block: Block) -> str:
    kind = noun(schema.table(block.table))
    if block.null:
        return f"every {kind} must have {role_of(block.key)} (NOT NULL)"
    by = "" if len(block.way) == 2 else f", {way(schema, block)}"
    verb = "is" if len(block.rows) == 1 else "are"
    return f"{counted(len(block.rows), kind)} {verb} in the way{by}"


def way(schema: Schema, block: Block) -> str:
    """The way to what blocks: "user → orders → invoices"."""
    first, *rest = (noun(schema.table(name)) for name in block.way)
    return " → ".join((first, *(several(each) for each in rest)))


def several(kind: str) -> str:
    """A noun of some words in the plural."""
    head, _, last = kind.rpartition(" ")
    return f"{head} {plural(last)}".strip()


def counted(count: int, kind: str) -> str:
    """A number with its noun: "1 document", "2 documents"."""
    return f"{count} {kind if count == 1 else several(kind)}"


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1].rstrip(' ,')}…"
