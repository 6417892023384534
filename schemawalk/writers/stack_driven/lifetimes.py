"""How rows live: states and rules, what is kept and for how long, versions, growth, seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.model import Table
from schemawalk.schema.names import words
from schemawalk.schema.tables.lifetime import GONE, deletion_of
from schemawalk.schema.tables.volume import YEARS, rows_in_five_years, rows_of
from schemawalk.writers.stack_driven.markdown import Markdown, code, codes, inline, links, phrase
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


def _told(facts: Iterator[Markdown | str], *grids: Grid) -> Told | None:
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
                KEPT_BY.get(rule.kept_by or "", "nobody yet"),
            )
            for rule in survey.design.rules
        ),
    )
    guards = (
        phrase("A transition of {} that is not listed is refused by {}.", code(a.id),
               "a trigger" if a.guarded_by == "trigger" else "the program")
        for a in moving if a.guarded_by
    )  # fmt: skip
    return _told(guards, *grids, rules)


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


# Keeping

MEANS: Final = {
    "real": "Deleted rows are gone.",
    "soft": "Deleted rows are hidden, and can be restored.",
    "archive": "Rows are archived instead of deleted.",
}
FORGET: Final = {
    "delete": "Who asks to be forgotten is deleted, with everything that tells who they are.",
    "anonymise": "Who asks to be forgotten is made anonymous; what they did stays.",
    "keep": "A duty to keep outweighs a wish to be forgotten; the reason must be told.",
}


def keeping(survey: Survey) -> Told | None:
    """What deleting means, how long rows are kept, what is private and how it is protected."""
    tables = tuple(_entity_tables(survey))
    return _told(
        _keeping_facts(survey),
        Grid(
            "Deletion and retention", "", ("Table", "Deleting means", "Kept for"),
            tuple(_retention(survey, entity, table) for entity, table in tables
                  if entity.deletion or entity.keep_for or _is_hidden(survey, entity)),
        ),
        Grid(
            "Sensitive columns",
            "Personal data must be found again when somebody asks for it, or to be forgotten.",
            ("Column", "Kind", "Protection"),
            tuple(
                (code(f"{table.name}.{column.name}"), column.sensitivity,
                 _protection(survey.lookup.attributes.get(column.source)))
                for table in survey.schema.tables for column in table.columns
                if column.sensitivity in ("confidential", "personal", "secret")
            ),
        ),
    )  # fmt: skip


def _keeping_facts(survey: Survey) -> Iterator[Markdown | str]:
    kept = survey.design.keeping
    if kept.deletion:
        yield MEANS[kept.deletion]
    if kept.restore_days and kept.deletion == "soft":
        yield phrase("They can be restored for {} days.", kept.restore_days)
    if kept.cleanup:
        who = "a job" if kept.cleanup == "job" else "somebody, by hand,"
        yield phrase("What is past its time is removed by {}.", who.rstrip(","))
    if kept.forget:
        yield FORGET[kept.forget]
    if kept.policies:
        who = "row-level security" if kept.policies == "database" else "the program's own queries"
        yield phrase("One group's rows are kept from another by {}.", who)
    owned = [t.name for e, t in _entity_tables(survey) if e.tenant == "yes"]
    shared = [t.name for e, t in _entity_tables(survey) if e.tenant == "no"]
    if owned:
        yield phrase("Rows of one group: {}.", links(owned))
    if shared and owned:
        yield phrase("Rows of the system: {}.", links(shared))


def _entity_tables(survey: Survey) -> Iterator[tuple[Entity, Table]]:
    for entity in survey.lookup.tables:
        if entity.id in survey.by_source:
            yield entity, survey.by_source[entity.id]


def _is_hidden(survey: Survey, entity: Entity) -> bool:
    return deletion_of(entity, survey.design, survey.lookup) != "real"


def _retention(survey: Survey, entity: Entity, table: Table) -> Cells:
    meaning = deletion_of(entity, survey.design, survey.lookup)
    way: Markdown | str = "the row goes"
    if meaning in GONE:
        way = phrase("{} is set", code(GONE[meaning][0]))
    return links([table.name]), way, entity.keep_for or "as long as it is needed"


def _protection(attribute: Attribute | None) -> str:
    ways = {
        "comment": "named in the column's comment",
        "mask": "shown through a masking view",
        "encrypt": "encrypted",
        "hash": "only a hash is kept",
    }
    return ways.get(attribute.protection or "", "none decided") if attribute else "none decided"


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
        (links([table.name]), TRAILS[trail])
        for entity, table in _entity_tables(survey)
        if (trail := entity.versions or kept.versions or "no") in TRAILS
    )
    return _told(
        _version_facts(survey), Grid("Earlier states", "", ("Table", "What is kept"), rows)
    )


def _version_facts(survey: Survey) -> Iterator[Markdown | str]:
    kept = survey.design.keeping
    if kept.stamps in ("trigger", "application"):
        who = "A trigger" if kept.stamps == "trigger" else "The program"
        yield phrase("{} keeps {} true.", who, code("updated_at"))
    counted = [
        t.name for t in survey.schema.tables if any(_is_version(t, c.name) for c in t.columns)
    ]
    if counted:
        yield phrase("An update of {} names the version that it read, and fails when another came "
                     "first.", links(counted))  # fmt: skip
    elif kept.locking == "last-wins":
        yield "When two people change one row at once, the last one wins."


def _is_version(table: Table, name: str) -> bool:
    return name == "version" and table.column(name).type.name == "integer"


# Growth


def growth(survey: Survey) -> Told | None:
    """How many rows there will be, and what is done before they are too many."""
    grown = tuple((e, t) for e, t in _entity_tables(survey) if e.growth or e.partition)
    cached = tuple((e, t) for e, t in _entity_tables(survey) if e.cache not in (None, "no"))
    return _told(
        _growth_facts(survey),
        Grid("Volume", f"Rows after one year, and all rows after {YEARS} at the growth expected.",
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
    later = rows_in_five_years(entity, survey.lookup)
    parts: Markdown | str = "none"
    if entity.partition not in (None, "no"):
        parts = phrase("by {} over {}", entity.partition, code(entity.partition_by or "id"))
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
        for entity, table in _entity_tables(survey)
        for row in entity.seeds or ()
    )
    made_up = survey.design.keeping.made_up_rows
    facts = (
        [phrase("For development, {} rows are made up for each entity.", made_up)]
        if made_up
        else []
    )
    return _told(iter(facts), Grid("Reference rows", "", ("Table", "Row"), rows))
