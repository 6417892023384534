"""Step "tools": which migration tool takes the schema to the team's databases, with which rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.design.model import Design
from schemawalk.schema.tools import AS_THEY_ARE, TOOLS, Tool
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.seeds import REFERENCE, SEEDS, seed_count, seed_rows

Fit = tuple[str, str]
"""A tool and why it fits."""

OF_FRAMEWORK: Final[Mapping[str, Fit]] = {
    "nextjs": ("prisma", "the usual one beside Next.js: one file gives client, types, migrations"),
    "nestjs": ("typeorm", "NestJS ships a module for it"),
    "express": ("prisma", "Express has no habit of its own: Prisma, Drizzle, TypeORM and Sequelize "
                "all fit"),
    "fastapi": ("alembic", "the usual tool of SQLAlchemy and FastAPI"),
    "django": ("django", "Django brings its own"),
    "rails": ("rails", "Rails brings its own"),
}  # fmt: skip
"""The tool that fits a framework."""

OF_LANGUAGE: Final[Mapping[str, Fit]] = {
    "typescript": ("prisma", "one schema file gives client, types and migrations"),
    "javascript": ("prisma", "one schema file gives client and migrations"),
    "python": ("alembic", "the usual tool of SQLAlchemy"),
    "go": (AS_THEY_ARE, "it runs the SQL files as they are"),
    "ruby": ("rails", "Active Record's migrations are the usual ones"),
}
"""The tool that fits a language when the framework has no habit."""


def _named(scene: Scene) -> Advice | None:
    """A tool that the documents name."""
    for fact in scene.design.stack.facts:
        for tool in TOOLS:
            if fact.startswith(f"tool: {tool}"):
                return Advice((tool,), "the documents name it", fact.partition("(")[2].rstrip(")"))
    return None


def _tools(scene: Scene) -> Advice:
    """Named in a document; else by framework; else by language; else none."""
    framework = (scene.subject.framework or "").lower().replace(".", "").replace(" ", "")
    fit = OF_FRAMEWORK.get(framework) or OF_LANGUAGE.get(scene.subject.language or "")
    if fit:
        return _named(scene) or Advice((fit[0],), fit[1])
    return _named(scene) or Advice((), "plain SQL files run everywhere")


def _leads_to(tool: Tool) -> str:
    if tool.files:
        return f"{tool.files}, tried in the tool itself"
    known = "nothing more to write" if tool.id == AS_THEY_ARE else "not written here yet"
    return f"{known}: {tool.takes}"


def _choices(scene: Scene) -> tuple[Choice, ...]:
    """Every tool, those of the language first."""
    language = scene.subject.language
    ranked = sorted(TOOLS.values(), key=lambda tool: language not in tool.languages)
    return tuple(Choice(tool.id, tool.title, _leads_to(tool)) for tool in ranked)


TREE: Final = Tree(
    "migration",
    "Migration tool",
    "tools",
    "stack",
    (
        Node(
            "tools",
            "tools",
            "Which migration tools will be used, besides the SQL files that are always written?",
            "Where the tool has a writer here, the migration is written in its own form and tried "
            "in it; the language decides, then the framework, then habit.",
            _tools,
            _choices,
            form="several",
            example="A team with FastAPI ticks Alembic; another, with Go, ticks golang-migrate and "
            "gives it the SQL files of {product} as they are.",
        ),
    ),
    lambda scene: ", ".join(scene.subject.tools or ()) or "SQL files",
    lambda scene: None if scene.subject.database == "mongodb" else "",
)


def _rows(design: Design) -> tuple[Row, ...]:
    sql = ("SQL files", "migrations/sql/0001_initial.up.sql, .down.sql, schema.sql")
    scripts = ("Scripts for mongosh", "migrations/0001_initial.js, .down.js")
    files = scripts if design.stack.database == "mongodb" else sql
    always = Row("sql", *files, "always written", optional=False)
    chosen = (
        Row(tool, TOOLS[tool].title, _leads_to(TOOLS[tool]), optional=False)
        for tool in design.stack.tools or ()
        if tool in TOOLS
    )
    return (always, *chosen, *seed_rows(design))


def _headline(design: Design) -> str:
    chosen = (TOOLS[tool].title if tool in TOOLS else tool for tool in design.stack.tools or ())
    seeds = seed_count(design)
    rows = f"; {seeds} reference row{'' if seeds == 1 else 's'}" if seeds else ""
    if design.stack.database == "mongodb":
        return f"Scripts for mongosh{rows}"
    return " and ".join(("SQL", *chosen)) + rows


STEP: Final = Step(
    "tools",
    "Tools, seeds",
    "Real migration files for the team's own tool, up and down, and the rows that must be there "
    "before the first user comes.",
    (TREE, REFERENCE, SEEDS),
    rows=_rows,
    headline=_headline,
)
