"""What somebody who writes stories needs: tables by step, reads with their effort, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemawalk.writers.stack_driven.foundations import Fact, foundations
from schemawalk.writers.stack_driven.markdown import Markdown, codes, phrase
from schemawalk.writers.stack_driven.overview import overview
from schemawalk.writers.stack_driven.queries import Query, queries
from schemawalk.writers.stack_driven.survey import Survey, counted
from schemawalk.writers.stack_driven.trail import open_questions

_MOST_LINKS = 8


@dataclass(frozen=True)
class StepTables:
    """One step with the tables that a story about it touches."""

    number: int
    title: str
    tables: Markdown


@dataclass(frozen=True)
class Short:
    """The schema in a few lines: technology, size, tables by step."""

    facts: tuple[Fact, ...]
    counts: Markdown
    steps: tuple[StepTables, ...]
    rest: Markdown
    """Tables that no step names."""


def short(survey: Survey) -> Short:
    """The opening of the essentials."""
    whole = overview(survey)
    facts = foundations(survey).facts
    kept = [fact for fact in facts if fact.question not in ("Language", "Framework")]
    counts = [f"{count:,} {what}" for what, count in whole.counts[:1]]
    keys = sum(len(table.foreign_keys) for table in survey.schema.tables)
    counts.append(counted(keys, "foreign key"))
    return Short(
        facts=tuple(kept),
        counts=phrase("{}", ", ".join(counts)),
        steps=tuple(
            StepTables(s.number, s.title, codes(s.tables)) for s in whole.steps if s.tables
        ),
        rest=codes(name for name, _ in whole.silent),
    )


@dataclass(frozen=True)
class Impact:
    """One access pattern, and what a story about it has to know."""

    name: str
    who: Markdown
    table: str
    impact: Markdown


@dataclass(frozen=True)
class Reads:
    """All access patterns, for story writers."""

    impacts: tuple[Impact, ...]


def reads(survey: Survey) -> Reads | None:
    """Access patterns with their impact on stories; None when there is none."""
    found = tuple(Impact(q.name, q.who, q.table, _impact(q)) for q in queries(survey))
    return Reads(found) if found else None


def _impact(query: Query) -> Markdown:
    said = ["its index is there" if query.served else "needs no index yet"]
    if query.missing:
        said = ["not served yet: plan for it"]
    if query.limit:
        said.append(f"pages of {query.limit}")
    if query.target:
        said.append(f"accept at {query.target}")
    return phrase("{}", "; ".join(said))


@dataclass(frozen=True)
class Backlog:
    """Warnings that belong into stories."""

    notes: tuple[Markdown, ...]


def backlog_notes(survey: Survey) -> Backlog | None:
    """What a story could forget; None when there is nothing to warn of."""
    found = tuple(_notes(survey))
    return Backlog(found) if found else None


def _notes(survey: Survey) -> Iterator[Markdown]:
    seeded = [
        table.name
        for entity in survey.lookup.tables
        if entity.created_by == "seeded" and (table := survey.by_source.get(entity.id))
    ]
    if seeded:
        yield phrase("Seed before the first user comes: {}.", codes(seeded))
    lists = [table.name for table in survey.schema.tables if survey.role(table) == "list"]
    if lists:
        yield phrase("Users keep these lists, so they need a screen: {}.", codes(lists))
    yield from _late(survey)
    yield from _refusals(survey)
    yield from _care(survey)
    questions = open_questions(survey)
    if questions and questions.unknown:
        yield phrase(
            "{} still open: settle them before the stories that depend on them.",
            counted(len(questions.unknown), "question"),
        )


def _late(survey: Survey) -> Iterator[Markdown]:
    late = [
        f"{table.name}.{column.name}"
        for table in survey.schema.tables
        for column in table.columns
        if (attribute := survey.lookup.attributes.get(column.source))
        and attribute.required == "later"
    ]
    if late:
        yield phrase(
            "Filled in later than the row, so a story must write them: {}.",
            codes(late[:_MOST_LINKS]),
        )


def _refusals(survey: Survey) -> Iterator[Markdown]:
    parents = [
        key.references
        for _, key in survey.schema.references()
        if key.on_delete in ("RESTRICT", "NO ACTION")
    ]
    if parents:
        yield phrase(
            "Deletion can be refused, and the screen has to say why: {}.",
            codes(dict.fromkeys(parents)),
        )


def _care(survey: Survey) -> Iterator[Markdown]:
    for word in ("personal", "secret"):
        columns = [
            f"{table.name}.{column.name}"
            for table in survey.schema.tables
            for column in table.columns
            if column.sensitivity == word
        ]
        if columns:
            said = {"personal": "Personal data", "secret": "Secrets, never in logs or exports"}
            yield phrase("{}: {}.", said[word], codes(columns[:_MOST_LINKS]))


@dataclass(frozen=True)
class Endings:
    """Foreign keys by what happens on deletion, in a few words."""

    rows: tuple[tuple[str, Markdown], ...]


def endings(survey: Survey) -> Endings | None:
    """For each action, which parent does it to which children."""
    said = {
        "CASCADE": "go with it",
        "SET NULL": "stay, without it",
        "RESTRICT": "keep it from being deleted",
        "NO ACTION": "keep it from being deleted",
    }
    found: dict[str, dict[str, list[str]]] = {}
    for table, key in survey.schema.references():
        found.setdefault(key.references, {}).setdefault(said[key.on_delete], []).append(table.name)
    rows = tuple((parent, _ways(ways)) for parent, ways in found.items())
    return Endings(rows) if rows else None


def _ways(ways: dict[str, list[str]]) -> Markdown:
    return Markdown(
        "; ".join(
            phrase("{} {}", codes(dict.fromkeys(names)), said) for said, names in ways.items()
        )
    )
