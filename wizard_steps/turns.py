"""Where the big choices were made: which road was open, what was taken instead, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Alternative, Design
from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.schema.roads import ROADS, telling
from schemawalk.schema.sentences import many, shape
from schemawalk.schema.tables.lifetime import deletion_of
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tools import TOOLS
from wizard_steps.proposing.calls import counted, group_of, listed, personal, reached

TOOL: Final = "tools."
"""Begins the ids of migration tools that were not chosen."""
OWN: Final = "own."
"""Begins the ids of alternatives that were added in somebody's own words."""
MOST_NAMED: Final = 3

Say = Callable[[Design, Lookup], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a road was not taken: when it was open, what was taken instead, and why."""

    road: str
    """A row of ROADS."""
    open: Callable[[Design, Lookup], bool]
    """Whether this design has decided against it."""
    instead: Callable[[Design, Lookup], str]
    why_not: Say


def _title(design: Design, _: Lookup) -> str:
    return NOTATIONS[design.stack.database or "postgresql"].title


def _against_documents(design: Design, lookup: Lookup) -> tuple[str, ...]:
    links = [link for link in design.relationships if lookup.ends(link)]
    both = [link for link in links if shape(link) == "M:N"]
    said = []
    if links:
        said.append(f"{counted(len(links), 'relationship')} would become promises that only code "
                    "keeps.")  # fmt: skip
    for link in both[:1]:
        ends = lookup.ends(link)
        if ends:
            both_ways = (
                f"{many(ends[0]).capitalize()} and {many(ends[1])} belong together both ways"
            )
            said.append(f"{both_ways}: whichever holds the other, one question reads everything.")
    return tuple(said) or ("Nothing here varies in shape from row to row.",)


def _against_sqlite(design: Design, _: Lookup) -> tuple[str, ...]:
    workers = any(pattern.who == "worker" for pattern in design.access_patterns)
    also = ("A worker writes beside the application.",) if workers else ()
    return ("It has one writer at a time, and several people write here.", *also)


def _against_postgresql(_: Design, __: Lookup) -> tuple[str, ...]:
    return ("One file is enough for this product, and there is no server to run.",)


def _against_events(design: Design, lookup: Lookup) -> tuple[str, ...]:
    moving = [e for e in lookup.tables if any(a.transitions for a in e.attributes)]
    names = listed(many(entity) for entity in moving[:MOST_NAMED])
    where = f"Only {names} move through states; a status with its moments says where each is."
    said = [where if moving else "Nothing moves through states: there is no history to replay."]
    said.append(f"{counted(len(lookup.tables), 'table')} would each need a projection that is "
                "built, kept in step and rebuilt.")  # fmt: skip
    if design.unsaid.audit != "yes":
        said.append("Nobody asked for proof of every change.")
    return tuple(said)


def _against_soft(_: Design, lookup: Lookup) -> tuple[str, ...]:
    unique = sum(a.unique not in (None, "no") for e in lookup.tables for a in e.attributes)
    told = [f"{e.name.lower()}.{a.name}" for e in lookup.tables for a in personal(e)]
    said = []
    if unique:
        said.append(f"{counted(unique, 'unique column')} would hold among live rows only.")
    if told:
        said.append(f"Personal data must really go: {listed(told[:MOST_NAMED])}.")
    return (*said, "Each query would have to leave deleted rows out.")


def _against_real(_: Design, __: Lookup) -> tuple[str, ...]:
    return ("What was deleted by mistake comes back with one click, not out of a backup.",)


def _against_type_id(design: Design, lookup: Lookup) -> tuple[str, ...]:
    keys = sum(lookup.ends(link) is not None for link in design.relationships)
    return (
        "A type and an id point anywhere: the database cannot check either, nor act when the "
        "target goes.",
        f"{counted(keys, 'relationship')} here each say what they mean.",
    )


def _against_separate(_: Design, lookup: Lookup) -> tuple[str, ...]:
    group = group_of(lookup)
    if group is None:
        return ()
    own = len(reached(lookup, group))
    return (
        f"Every migration would run once for each {group.name.lower()}.",
        f"{counted(own, 'table')} lead to a {group.name.lower()} by keys that the database guards.",
    )


def _against_shared(_: Design, __: Lookup) -> tuple[str, ...]:
    return ("One forgotten condition would show one customer's rows to another.",)


def _against_bigint(_: Design, lookup: Lookup) -> tuple[str, ...]:
    return (
        f"The ids of {counted(len(lookup.tables), 'table')} can be neither guessed nor counted "
        "from outside.",
        "A row can have its id before the database has seen it.",
    )


def _against_uuid(_: Design, __: Lookup) -> tuple[str, ...]:
    return ("One database hands out the numbers, and 8 bytes index faster than 16.",)


def _fixed_lists(lookup: Lookup) -> int:
    return sum(
        bool(a.values) and a.kept_by in (None, "developers")
        for entity in lookup.tables
        for a in entity.attributes
    )


def _against_enums(_: Design, lookup: Lookup) -> tuple[str, ...]:
    count = _fixed_lists(lookup)
    verb = "is" if count == 1 else "are"
    return (
        f"{counted(count, 'list')} {verb} kept by developers: a CHECK changes in one short "
        "statement.",
        "A value of an enum is added with ease, and never removed.",
    )


def _against_policies(_: Design, __: Lookup) -> tuple[str, ...]:
    return ("One program asks the database, and each of its queries names the group.",)


def _against_sharding(_: Design, __: Lookup) -> tuple[str, ...]:
    return ("One server takes the writes; joins, transactions and UNIQUE stay simple.",)


def _hides(design: Design, lookup: Lookup) -> bool:
    return any(deletion_of(entity, design, lookup) != "real" for entity in lookup.tables)


def _tenancy(design: Design, lookup: Lookup) -> bool:
    return design.stack.tenancy != "separate" and group_of(lookup) is not None


TURNS: Final = (
    Turn("database.mongodb", lambda d, _: d.stack.database != "mongodb", _title,
         _against_documents),
    Turn("database.sqlite", lambda d, _: d.stack.database in (None, "postgresql"), _title,
         _against_sqlite),
    Turn("database.postgresql", lambda d, _: d.stack.database == "sqlite", _title,
         _against_postgresql),
    Turn("identifiers.bigint", lambda d, _: d.stack.identifiers != "bigint",
         lambda *_: "UUIDs", _against_bigint),
    Turn("identifiers.uuid", lambda d, _: d.stack.identifiers == "bigint",
         lambda *_: "counted numbers", _against_uuid),
    Turn("tenancy.separate", _tenancy, lambda *_: "shared tables", _against_separate),
    Turn("tenancy.shared", lambda d, _: d.stack.tenancy == "separate",
         lambda *_: "a schema or database each", _against_shared),
    Turn("policies.database", lambda d, _: d.keeping.policies == "application",
         lambda *_: "conditions in the application's queries", _against_policies),
    Turn("deletion.soft", lambda d, lookup: not _hides(d, lookup),
         lambda *_: "rows that are really deleted", _against_soft),
    Turn("deletion.real", lambda d, _: d.keeping.deletion in ("soft", "archive"),
         lambda *_: "rows that are hidden", _against_real),
    Turn("versions.events", lambda d, _: d.keeping.versions != "events",
         lambda *_: "rows that hold the present", _against_events),
    Turn("lists.enum", lambda _, lookup: _fixed_lists(lookup) > 0,
         lambda *_: "text with a CHECK", _against_enums),
    Turn("relationships.type-id",
         lambda d, _: bool(d.relationships) and not any(r.one_of_form == "type-id"
                                                        for r in d.relationships),
         lambda *_: "one foreign key for each parent", _against_type_id),
    Turn("scaling.sharding", lambda d, _: d.keeping.sharding == "no",
         lambda *_: "one server", _against_sharding),
)  # fmt: skip
"""All roads that a design can have decided against, in the order of its choices."""

BY_ROAD: Final = {turn.road: turn for turn in TURNS}


def _tool(design: Design, tool: str) -> Alternative:
    chosen = next((each for each in design.stack.tools or () if each in TOOLS), "")
    instead = TOOLS[chosen].title if chosen else "SQL files"
    return Alternative(id=f"{TOOL}{tool}", name=TOOLS[tool].title, instead=instead)


def _tools(design: Design) -> tuple[Alternative, ...]:
    """The usual tool of the same language that was not chosen."""
    chosen = [tool for tool in design.stack.tools or () if tool in TOOLS]
    language = design.stack.language
    others = (t.id for t in TOOLS.values() if t.id not in chosen and language in t.languages)
    other = next(others, None) if chosen else None
    return (_tool(design, other),) if other else ()


def alternative(design: Design, lookup: Lookup, wanted: str) -> Alternative | None:
    """The alternative of an id, also while nothing was decided against it; None for another id."""
    turn = BY_ROAD.get(wanted)
    if turn is not None:
        instead = turn.instead(design, lookup)
        return Alternative(id=wanted, name=ROADS[wanted].name, instead=instead)
    tool = wanted.removeprefix(TOOL)
    return _tool(design, tool) if wanted != tool and tool in TOOLS else None


def proposed(design: Design, lookup: Lookup) -> tuple[Alternative, ...]:
    """The alternatives to the choices that were made, without reasons yet."""
    if not lookup.tables:
        return ()
    own = [telling(a.name) for a in design.alternatives if not a.id or a.id.startswith(OWN)]
    usual = (alternative(design, lookup, t.road) for t in TURNS if t.open(design, lookup))
    return tuple(
        each
        for each in (*usual, *_tools(design))
        if each is not None and not any(telling(each.name) & words for words in own)
    )
