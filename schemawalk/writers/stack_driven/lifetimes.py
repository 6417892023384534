"""How rows live: states and rules, what is kept and for how long, versions, growth, seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.dialects.notations import MONGODB
from schemawalk.schema.model import Column, Table
from schemawalk.schema.names import words
from schemawalk.schema.tables.volume import YEARS, rows_after_five_years, rows_of
from schemawalk.schema.things import Apart, Audit, History
from schemawalk.writers.stack_driven.markdown import (
    Markdown,
    code,
    codes,
    inline,
    links,
    listed,
    phrase,
)
from schemawalk.writers.stack_driven.migration import FOLDER, seed_files
from schemawalk.writers.stack_driven.survey import Survey

Cells = tuple[Markdown | str, ...]


@dataclass(frozen=True)
class Grid:
    """A table of the document: a sentence before it, its head, its rows."""

    title: str
    intro: Markdown | str
    head: tuple[str, ...]
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Told:
    """One section: what is true of the whole design, then tables."""

    facts: tuple[Markdown | str, ...]
    grids: tuple[Grid, ...]


def told(facts: Iterator[Markdown | str], *grids: Grid) -> Told | None:
    """The section with the grids that have rows; None when there is nothing to tell."""
    found, full = tuple(facts), tuple(grid for grid in grids if grid.rows)
    return Told(found, full) if found or full else None


# States and rules

KEPT_BY: Final = {
    "check": "a CHECK",
    "unique": "a UNIQUE constraint",
    "exclusion": "an exclusion constraint",
    "key": "a composite foreign key",
    "trigger": "a trigger",
    "application": "the program",
}


def states_and_rules(survey: Survey) -> Told | None:
    """Which state may follow which, what must hold in each, and the rules across rows."""
    moving = tuple(a for a in survey.lookup.attributes.values() if a.transitions or a.must_hold)
    grids = [_states(attribute) for attribute in moving]
    rules = Grid(
        "Rules",
        "What must hold across rows or tables, and where it does.",
        ("Rule", "About", "Kept by"),
        tuple(
            (
                rule.says,
                _table_of(survey, rule.entity),
                _keeper(survey, rule.kept_by or ""),
            )
            for rule in survey.design.rules
        ),
    )
    guards = (
        phrase("A transition of {} that is not listed is refused by {}.", code(a.id),
               "a trigger" if a.guarded_by == "trigger" and not survey.homes else "the program")
        for a in moving if a.guarded_by
    )  # fmt: skip
    return told(guards, *grids, rules)


def _keeper(survey: Survey, way: str) -> str:
    """What keeps a rule, as the database at hand has it."""
    if survey.homes and way in ("key", "trigger", "exclusion"):
        return KEPT_BY["application"]
    if way == "exclusion" and survey.schema.things(Apart):
        return "triggers that refuse what overlaps"
    return KEPT_BY.get(way, "nobody yet")


def _states(attribute: Attribute) -> Grid:
    follow: dict[str, list[str]] = {}
    for text in attribute.transitions or ():
        move, _, cause = text.partition(":")
        start, _, end = move.partition("->")
        said = f"{end.strip()} ({cause.strip()})" if cause.strip() else end.strip()
        follow.setdefault(start.strip(), []).append(said)
    hold: dict[str, list[str]] = {}
    for text in attribute.must_hold or ():
        state, _, condition = text.partition(":")
        hold.setdefault(state.strip(), []).append(condition.strip())
    rows = tuple(
        (code(value), ", ".join(follow.get(value, ())) or "nothing: final",
         codes(hold[value]) if value in hold else "–")
        for value in attribute.values or ()
    )  # fmt: skip
    owner, _, name = attribute.id.partition(".")
    title = f"{' '.join(words(owner)).capitalize()}: {' '.join(words(name))}"
    return Grid(title, "", ("State", "May become", "What must hold"), rows)


def _table_of(survey: Survey, entity_id: str) -> Markdown | str:
    table = survey.by_source.get(entity_id)
    return links([table.name]) if table else entity_id


def entity_tables(survey: Survey) -> Iterator[tuple[Entity, Table]]:
    """Each entity that has a table of its own, with it."""
    for entity in survey.lookup.tables:
        if entity.id in survey.by_source:
            yield entity, survey.by_source[entity.id]


# Versions

TRAILS: Final = {
    "log": "a log of who changed what",
    "history": "a history of whole rows",
    "events": "events, from which the present is computed",
}


def versions(survey: Survey) -> Told | None:
    """What is known of earlier states, and what happens when two people write at once."""
    kept = survey.design.keeping
    rows = tuple(
        (links([table.name]), _trail(survey, table, TRAILS[trail]))
        for entity, table in entity_tables(survey)
        if (trail := entity.versions or kept.versions or "no") in TRAILS
    )
    return told(_version_facts(survey), Grid("Earlier states", "", ("Table", "What is kept"), rows))


def _trail(survey: Survey, table: Table, what: str) -> Markdown | str:
    """What is kept of earlier states, and by whom."""
    things: tuple[Audit | History, ...] = (
        *survey.schema.things(Audit),
        *survey.schema.things(History),
    )
    into = next((thing.into for thing in things if thing.table == table.name), "")
    return phrase("{}, in {}", what, links([into])) if into else f"{what}, kept by the program"


def _version_facts(survey: Survey) -> Iterator[Markdown | str]:
    kept = survey.design.keeping
    if kept.stamps in ("trigger", "application"):
        triggers = kept.stamps == "trigger" and survey.work.database != MONGODB.name
        who = "A trigger" if triggers else "The program"
        yield phrase("{} keeps {} true.", who, code("updated_at"))
    counted = [
        table.name for entity, table in entity_tables(survey) if _counts(survey, entity, table)
    ]
    if counted:
        yield phrase("An update of {} names the version that it read, and changes nothing when "
                     "another came first.", links(counted))  # fmt: skip
    if kept.locking == "last-wins":
        elsewhere = "Elsewhere, when" if counted else "When"
        yield f"{elsewhere} two people change one row at once, the last one wins."


def _counts(survey: Survey, entity: Entity, table: Table) -> bool:
    """Whether a column of the entity's table counts how often a row was changed."""
    whole = survey.design.keeping.locking == "version" and survey.lookup.archetype(entity).mutable
    wanted = entity.locking == "version" or (entity.locking is None and whole)
    return wanted and any(_is_version(column) for column in table.columns)


def _is_version(column: Column) -> bool:
    return column.name.startswith("version") and column.type.name == "integer"


# Growth


def growth(survey: Survey) -> Told | None:
    """How many rows there will be, and what is done before they are too many."""
    grown = tuple((e, t) for e, t in entity_tables(survey) if e.growth or e.partition)
    cached = tuple((e, t) for e, t in entity_tables(survey) if e.cache not in (None, "no"))
    return told(
        _growth_facts(survey),
        Grid("Volume", f"Rows after one year, and those that are there after {YEARS} at the growth "
             "expected: what is kept for a time goes after it.",
             ("Table", "One year", f"{YEARS} years", "Partitions"),
             tuple(_volume(survey, entity, table) for entity, table in grown)),
        Grid("Caches", "", ("Table", "How long an answer may be old"),
             tuple((links([table.name]), _cache(entity)) for entity, table in cached)),
    )  # fmt: skip


def _growth_facts(survey: Survey) -> Iterator[Markdown | str]:
    kept = survey.design.keeping
    if kept.replicas:
        yes = "Reads may come from copies that are a little behind."
        yield yes if kept.replicas == "yes" else "Every read comes from the one server that writes."
    if kept.sharding:
        no = kept.sharding == "no"
        yield (
            "One server is enough; nothing is sharded."
            if no
            else phrase(
                "Split over several servers, the data falls apart by {}.", code(kept.sharding)
            )
        )


def _volume(survey: Survey, entity: Entity, table: Table) -> Cells:
    rows = rows_of(entity, survey.lookup)
    later = rows_after_five_years(entity, survey.lookup)
    parts: Markdown | str = "none"
    if table.partition:
        parts = phrase("by {} over {}", table.partition.by, code(table.partition.column))
    elif entity.partition not in (None, "no"):
        parts = "wanted, and not to be had here: see the findings"
    return links([table.name]), f"{rows:,}", f"{later:,}", parts


def _cache(entity: Entity) -> str:
    if entity.cache == "until-changed":
        return "until a row changes; then it is thrown away"
    return f"{entity.cache_seconds or 60} seconds"


# Seeds


def seeds(survey: Survey) -> Told | None:
    """Rows that must be there before the first user comes."""
    rows = tuple(
        (links([table.name]), inline(row))
        for entity, table in entity_tables(survey)
        for row in entity.seeds or ()
    )
    return told(_seed_facts(survey), Grid("Reference rows", "", ("Table", "Row"), rows))


def _seed_facts(survey: Survey) -> Iterator[Markdown]:
    """How many rows are made up, and how seeds get in."""
    found = seed_files(survey)
    if made_up := survey.design.keeping.made_up_rows:
        yield phrase("For development, {} rows are made up for each entity, if so many obey all "
                     "rules.", made_up)  # fmt: skip
    if found and survey.homes:
        path = f"{FOLDER}/{found[-1][0]}/orders.json"
        command = f'mongoimport --uri "$MONGODB_URL" --collection orders --file {path}'
        yield phrase("The files are called like their collections; one of `orders` would be "
                     "brought in by {}.", code(command))  # fmt: skip
    elif found:
        yield phrase("After the migration: {}.", listed(code(path) for path, _ in found))
