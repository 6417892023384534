"""Step "stack": what the product is built with, as far as it decides the schema."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import Design
from schemawalk.schema.dialects import DIALECTS
from wizard_steps.question import AnswerError
from wizard_steps.steps import Row, Step
from wizard_steps.tree import Advice, Advise, Choice, Node, Scene, Tree, fixed

_TITLES: Final = {
    "postgresql": ("PostgreSQL", "every feature used here; one server to run and back up"),
    "sqlite": (
        "SQLite",
        "a file, no server; one writer at a time; CHECKs stand in for types",
    ),
}


def _documented(field: str, otherwise: Advise) -> Advise:
    """Advice to keep what a document says, and otherwise other advice."""

    def advise(scene: Scene) -> Advice:
        note, value = scene.notes.get(f"stack.{field}"), getattr(scene.subject, field)
        written = field != "database" or value in DIALECTS
        if note and note.by == "document" and value and written:
            return Advice((value,), note.why, note.source)
        return otherwise(scene)

    return advise


def _a_version(text: str) -> None:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}", text):
        raise AnswerError(f"{text!r} is no version: write it as 16 or 3.40.")


def _database(scene: Scene) -> Advice:
    if scene.subject.database not in (None, *DIALECTS):
        return Advice(("postgresql",), f"nothing is written for {scene.subject.database} yet")
    return Advice(("postgresql",), "no document names one; it holds everything that is asked here")


def _version(scene: Scene) -> Advice:
    usual = {"postgresql": "16", "sqlite": "3.40"}
    database = scene.subject.database or "postgresql"
    return Advice((usual.get(database, ""),), "widely installed, and supported for years")


def _language(_: Scene) -> Advice:
    return Advice(("other",), "no document names one: plain SQL files are written")


def _tenancy(scene: Scene) -> Advice:
    words = ("team", "organisation", "organization", "workspace", "tenant", "company")
    for step in scene.design.steps:
        for word in words:
            if f" {word}" in f" {step.text} {step.title}".lower():
                return Advice(("shared",), f'"{word}" is named in step "{step.title}"')
    return Advice(("none",), "no document speaks of separate groups of users")


def _identifiers(_: Scene) -> Advice:
    return Advice(("uuid",), "ids appear in URLs: nobody should be able to guess the next one")


TREE: Final = Tree(
    "stack",
    "Stack",
    "stack",
    "stack",
    (
        Node(
            "database",
            "database",
            "Which database will {product} use?",
            "Types, constraints and what must be emulated all follow from it.",
            _documented("database", _database),
            tuple(
                Choice(value, label, leads_to, "version")
                for value, (label, leads_to) in _TITLES.items()
            ),
            then="version",
        ),
        Node(
            "version",
            "version",
            "Which version of it?",
            "Some features came late: native UUID v7, virtual columns, STRICT tables.",
            _documented("version", _version),
            form="text",
            then="language",
            check=_a_version,
        ),
        Node(
            "language",
            "language",
            "Which language talks to the database?",
            "It decides which migration tools fit.",
            _documented("language", _language),
            (
                Choice("python", "Python", "Alembic and SQLAlchemy fit", "framework"),
                Choice("typescript", "TypeScript", "Prisma fits", "framework"),
                Choice("javascript", "JavaScript", "Prisma fits", "framework"),
                Choice("go", "Go", "SQL files fit", "framework"),
                Choice("ruby", "Ruby", "SQL files fit", "framework"),
                Choice("other", "another", "SQL files, which every tool can run", "tenancy"),
            ),
            then="framework",
        ),
        Node(
            "framework",
            "framework",
            "Which framework serves the requests?",
            "Frameworks bring habits: FastAPI with Alembic, Next.js with Prisma.",
            _documented("framework", fixed("none", "no document names one")),
            form="text",
            then="tenancy",
        ),
        Node(
            "tenancy",
            "tenancy",
            "Do groups of users share the database without seeing each other's data?",
            "Separating them later touches every table, key and query.",
            _documented("tenancy", _tenancy),
            (
                Choice("none", "no groups", "rows belong to people or the system", "identifiers"),
                Choice(
                    "shared",
                    "yes, in shared tables",
                    "a group entity; rows are reached through it",
                    "identifiers",
                ),
                Choice(
                    "separate",
                    "yes, each in its own schema or database",
                    "this schema is written once and applied once per group",
                    "identifiers",
                ),
            ),
            then="identifiers",
        ),
        Node(
            "identifiers",
            "identifiers",
            "What identifies a row?",
            "Every foreign key repeats this type, so changing it later rewrites all tables.",
            _documented("identifiers", _identifiers),
            (
                Choice(
                    "uuid",
                    "UUID",
                    "16 random bytes: cannot be guessed, made anywhere, even offline",
                ),
                Choice(
                    "bigint",
                    "counted numbers",
                    "8 bytes, in order: smallest and fastest, but guessable; one database counts",
                ),
            ),
        ),
    ),
    lambda scene: f"{scene.subject.database or 'postgresql'} {scene.subject.version or ''}".strip(),
)


def _rows(design: Design) -> tuple[Row, ...]:
    """One row a field of the stack, with the document's line that says it."""
    sources = {note.id: note.source for note in design.notes if note.source}
    titles = {"identifiers": "row ids", "tenancy": "groups"}
    rows = []
    for node in TREE.nodes:
        value = getattr(design.stack, node.field)
        if value:
            because = sources.get(f"stack.{node.id}", "")
            title = titles.get(node.id, node.id)
            rows.append(Row(f"stack.{node.id}", title, str(value), because, optional=False))
    return tuple(rows)


def _headline(design: Design) -> str:
    dialect = DIALECTS.get(design.stack.database or "")
    return f"{dialect.title if dialect else design.stack.database} {design.stack.version or ''}"


STEP: Final = Step(
    "stack",
    "Stack",
    "The database and the tools decide which types, constraints and files there will be.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)
