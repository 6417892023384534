"""Step "tools": which migration tool takes the schema to the team's databases."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design
from wizard_steps.steps import Row, Step
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree

FITS: Final = {
    "python": ("alembic", "the usual tool of SQLAlchemy and FastAPI"),
    "typescript": ("prisma", "one schema file gives client, types and migrations"),
    "javascript": ("prisma", "one schema file gives client and migrations"),
}
"""The tool that fits a language, and why."""

TITLES: Final = {
    "alembic": ("Alembic with SQLAlchemy models", "alembic/versions/0001_initial.py, models.py"),
    "prisma": ("Prisma 7", "prisma/schema.prisma and its first migration"),
}


def _named(scene: Scene) -> Advice | None:
    """A tool that the documents name."""
    for fact in scene.design.stack.facts:
        for tool in TITLES:
            if fact.startswith(f"tool: {tool}"):
                return Advice((tool,), "the documents name it", fact.partition("(")[2].rstrip(")"))
    return None


def _tools(scene: Scene) -> Advice:
    named = _named(scene)
    if named:
        return named
    fits = FITS.get(scene.subject.language or "")
    if fits:
        return Advice((fits[0],), fits[1])
    return Advice((), "plain SQL files run everywhere")


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
            "The migration is written in the tool's own form, and tried in it.",
            _tools,
            tuple(Choice(value, *shown) for value, shown in TITLES.items()),
            form="several",
        ),
    ),
    lambda scene: ", ".join(scene.subject.tools or ()) or "SQL files",
)


def _rows(design: Design) -> tuple[Row, ...]:
    always = Row("sql", "SQL files", "migrations/sql/0001_initial.up.sql, .down.sql, schema.sql",
                 "always written", optional=False)  # fmt: skip
    chosen = (
        Row(tool, *TITLES[tool], optional=False)
        for tool in design.stack.tools or ()
        if tool in TITLES
    )
    return (always, *chosen)


def _headline(design: Design) -> str:
    return " and ".join(("SQL", *(TITLES.get(t, (t,))[0] for t in design.stack.tools or ())))


STEP: Final = Step(
    "tools",
    "Migration tool",
    "Real migration files for the team's own tool, up and down.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)
