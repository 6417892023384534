"""The chapter that opens the document: how big the schema is, and which step needs which table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

from schemawalk.design.model import Entity, Step
from schemawalk.schema.model import Table
from schemawalk.schema.sentences import one
from schemawalk.writers.stack_driven.markdown import Markdown, code, link, phrase
from schemawalk.writers.stack_driven.survey import Survey


@dataclass(frozen=True)
class Traced:
    """One step of the journey, and what it does to the data."""

    number: int
    title: str
    where: str
    tables: tuple[str, ...]
    writes: tuple[Markdown, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """What a reader should know before the first table."""

    name: str
    summary: str
    database: str
    counts: tuple[tuple[str, int], ...]
    steps: tuple[Traced, ...]
    silent: tuple[tuple[str, Markdown], ...]
    """Tables that no step names, each with the reason why it is there."""
    elsewhere: tuple[tuple[str, Markdown], ...]
    """Entities that are no tables, each with where they are kept."""


def overview(survey: Survey) -> Overview:
    """The opening chapter; there is always something to say."""
    product, stack = survey.design.product, survey.design.stack
    return Overview(
        name=product.name,
        summary=product.summary,
        database=f"{survey.work.dialect.title} {stack.version or ''}".strip(),
        counts=counts(survey),
        steps=traced_steps(survey),
        silent=tuple((t.name, why_silent(survey, t)) for t in survey.schema.tables if not t.steps),
        elsewhere=tuple(
            (entity.name, where)
            for entity in survey.design.entities
            if (where := kept_elsewhere(survey, entity))
        ),
    )


def counts(survey: Survey) -> tuple[tuple[str, int], ...]:
    """What the schema is made of, in numbers; kinds that it lacks are left out."""
    tables = survey.schema.tables
    roles = [survey.role(table) for table in tables]
    every = (
        ("tables", len(tables)),
        ("of them join tables", roles.count("join")),
        ("of them lists that users keep", roles.count("list")),
        ("columns", sum(len(table.columns) for table in tables)),
        ("foreign keys", sum(len(table.foreign_keys) for table in tables)),
        ("unique constraints", sum(len(table.uniques) for table in tables)),
        ("check constraints", sum(len(table.checks) for table in tables)),
        ("indexes besides those of keys", sum(len(table.indexes) for table in tables)),
        ("enum types", len(survey.schema.enums)),
        ("access patterns", len(survey.design.access_patterns)),
    )
    return tuple(row for row in every if row[1])


def traced_steps(survey: Survey) -> tuple[Traced, ...]:
    """Every step with the tables it speaks of, what it writes and what it reads."""
    named, later, reads = tables_by_step(survey), known_later(survey), reads_by_step(survey)
    return tuple(
        Traced(
            number=number,
            title=step.title,
            where=_where(step),
            tables=tuple(table.name for table in named[step.id]),
            writes=(
                *(phrase("creates {}", code(t.name)) for t in survey.created_by[step.id]),
                *later.get(step.id, ()),
            ),
            reads=tuple(reads[step.id]),
        )
        for number, step in survey.steps.values()
    )


def _where(step: Step) -> str:
    """File and line, without folders: the table is narrow."""
    name = PurePosixPath(step.file).name
    return f"{name}:{step.line}" if name and step.line else name


def tables_by_step(survey: Survey) -> dict[str, list[Table]]:
    """Tables by the steps that speak of them."""
    found: dict[str, list[Table]] = defaultdict(list)
    for table in survey.schema.tables:
        for step in table.steps:
            found[step].append(table)
    return found


def reads_by_step(survey: Survey) -> dict[str, list[str]]:
    """Names of access patterns by the step that makes them."""
    found: dict[str, list[str]] = defaultdict(list)
    for pattern in survey.design.access_patterns:
        found[pattern.who].append(pattern.name)
    return found


def known_later(survey: Survey) -> dict[str, list[Markdown]]:
    """By step, what it fills in of rows that another step has created."""
    found: dict[str, list[Markdown]] = defaultdict(list)
    titles = {step.title: step.id for step in survey.design.steps}
    for table in survey.schema.tables:
        for column in table.columns:
            attribute = survey.lookup.attributes.get(column.source)
            if attribute and attribute.required == "later" and attribute.known_by:
                step = titles.get(attribute.known_by, attribute.known_by)
                found[step].append(phrase("fills in {}", code(f"{table.name}.{column.name}")))
    return found


def why_silent(survey: Survey, table: Table) -> Markdown:
    """Why a table is there that no step names; says so when nobody gave a reason."""
    role, entity = survey.role(table), survey.entity_of(table)
    if role == "join":
        return phrase("joins {}", _both(table))
    if role == "list":
        return phrase("{}", table.because)
    if entity and entity.origin:
        return origin(entity.origin)
    if entity and entity.owner in survey.lookup.entities:
        return phrase(
            "belongs to {}, which a step may name", one(survey.lookup.entities[entity.owner])
        )
    return Markdown("**no reason given**: name the step that needs it, or drop it")


def _both(table: Table) -> Markdown:
    return Markdown(" and ".join(link(key.references) for key in table.foreign_keys))


def origin(words: str) -> Markdown:
    """Where an entity came from when no step names it."""
    if words.startswith("unsaid."):
        topic = words.removeprefix("unsaid.").replace("_", "-")
        return phrase("journeys do not say it: the answer about {} asks for it", topic)
    if words.startswith(("link.", "list.")):
        return phrase("the answer about {} asks for it", words.partition(".")[2])
    return Markdown("added by hand") if words == "user" else phrase("{}", words)


def kept_elsewhere(survey: Survey, entity: Entity) -> Markdown:
    """Where an entity is kept that has no table of its own; empty when it has one."""
    if entity.same_as not in (None, "", "no"):
        real = survey.lookup.standing(entity.id)
        return phrase("another word for {}", one(real) if real else "itself")
    if entity.persists == "no":
        return phrase(
            "does not outlive the session; lives in {}", entity.lives_in or "no place yet"
        )
    home = survey.table_of(entity.id)
    if survey.lookup.folded(entity) and home:
        return phrase("columns of {}: one per row, and always read with it", link(home.name))
    return Markdown("")
