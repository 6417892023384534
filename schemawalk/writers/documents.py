"""The schema as a document to read, and its short form for those who write stories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from schemawalk.writers.stack_driven.advice import corrections
from schemawalk.writers.stack_driven.alternatives import alternatives
from schemawalk.writers.stack_driven.backlog import backlog_notes, endings, reads, short
from schemawalk.writers.stack_driven.checklist import checklist
from schemawalk.writers.stack_driven.definitions import join_tables, tables
from schemawalk.writers.stack_driven.deletion import referential_actions
from schemawalk.writers.stack_driven.diagrams import diagrams, sketch
from schemawalk.writers.stack_driven.foundations import foundations
from schemawalk.writers.stack_driven.keeping import keeping
from schemawalk.writers.stack_driven.lifetimes import (
    growth,
    seeds,
    states_and_rules,
    versions,
)
from schemawalk.writers.stack_driven.markdown import code, codes, finalize, inline, link
from schemawalk.writers.stack_driven.migration import migration
from schemawalk.writers.stack_driven.overview import overview
from schemawalk.writers.stack_driven.patterns import types_and_constraints
from schemawalk.writers.stack_driven.queries import index_strategy
from schemawalk.writers.stack_driven.relations import relationships
from schemawalk.writers.stack_driven.remainder import extension, limits
from schemawalk.writers.stack_driven.surroundings import around_tables
from schemawalk.writers.stack_driven.survey import Survey
from schemawalk.writers.stack_driven.trail import open_questions
from schemawalk.writers.work import Files, Work, header

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Section:
    """One section: its title, what it says (None: nothing, leave it out), and its template."""

    title: str
    says: Callable[[Survey], object | None]
    template: str


@dataclass(frozen=True)
class Document:
    """One file: where it goes, its title, the line below it, and its sections in order."""

    path: str
    title: str
    about: str
    sections: tuple[Section, ...]


FULL: Final = Document(
    "07-database-schema.md",
    "Database schema",
    "Every table, column, index and foreign key, each with its reason. "
    "The short form for planning is [the essentials](07-database-schema-essentials.md).",
    (
        Section("Overview", overview, "overview"),
        Section("Entity relationship diagram", diagrams, "diagrams"),
        Section("Stack and tenancy", foundations, "foundations"),
        Section("Relationships", relationships, "relationships"),
        Section("Table definitions", tables, "definitions"),
        Section("Join tables", join_tables, "definitions"),
        Section("Data types and constraints", types_and_constraints, "patterns"),
        Section("Index strategy", index_strategy, "indexes"),
        Section("What happens when something is deleted", referential_actions, "deletion"),
        Section("States and rules", states_and_rules, "told"),
        Section("Keeping, retention and privacy", keeping, "told"),
        Section("Earlier states and concurrent changes", versions, "told"),
        Section("Around the tables", around_tables, "told"),
        Section("Growth and caches", growth, "told"),
        Section("Seeds", seeds, "told"),
        Section("Migrations", migration, "migration"),
        Section("Limits and findings", limits, "limits"),
        Section("What we didn't choose", alternatives, "alternatives"),
        Section("Advice that does not hold here", corrections, "corrections"),
        Section("Open questions", open_questions, "questions"),
        Section("Quality checklist", checklist, "checklist"),
        Section("How to extend", extension, "extension"),
    ),
)
ESSENTIALS: Final = Document(
    "07-database-schema-essentials.md",
    "Database schema essentials",
    "What planning needs. Columns, indexes, migrations and reasons are in "
    "[the full document](07-database-schema.md).",
    (
        Section("Technology", short, "essentials"),
        Section("Entity relationship diagram", sketch, "sketch"),
        Section("Key relationships", relationships, "key_relationships"),
        Section("On deletion", endings, "endings"),
        Section("Access patterns", reads, "reads"),
        Section("Notes for the backlog", backlog_notes, "backlog"),
    ),
)
LAYOUT: Final[tuple[Document, ...]] = (FULL, ESSENTIALS)
"""The documents of the stack-driven layout."""

FILTERS: Final[Mapping[str, Callable[..., str]]] = {"code": code, "codes": codes, "table": link}
"""Ways to place text in a template besides the plain one, which is always safe."""


def files(work: Work) -> Files:
    """Both documents, as Markdown (GFM)."""
    survey = Survey(work)
    return {document.path: written(document, survey) for document in LAYOUT}


def written(document: Document, survey: Survey) -> str:
    """One document; sections with nothing to say are left out."""
    said = [(section, view) for section in document.sections if (view := section.says(survey))]
    product = survey.design.product.name
    title = (
        f"{product}: {document.title[:1].lower()}{document.title[1:]}"
        if product
        else document.title
    )
    environment = _environment()
    numbered = list(enumerate(said, start=1))
    contents = "".join(f"{n}. [{s.title}](#{_anchor(n, s.title)})\n" for n, (s, _) in numbered)
    bodies = (
        f"## {number}. {section.title}\n\n"
        + environment.get_template(f"{section.template}.md.j2").render(view=view).strip("\n")
        + "\n"
        for number, (section, view) in numbered
    )
    first = header("<!--").rstrip("\n") + " -->\n"
    return f"{first}\n# {inline(title)}\n\n{document.about}\n\n{contents}\n" + "\n".join(bodies)


def _anchor(number: int, title: str) -> str:
    """The anchor that a renderer gives to a numbered heading."""
    words = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return f"{number}-{words.replace(' ', '-')}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("schemawalk", "writers/templates/stack_driven"),
        autoescape=False,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    return environment
