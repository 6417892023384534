"""What stands around the tables, each thing with its reason: triggers, views, policies, jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.schema.model import Schema
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import AllRows, Extension, Grant, Owner, Policy, Role, Thing, View
from schemawalk.writers.stack_driven.lifetimes import Cells, Grid, Told
from schemawalk.writers.stack_driven.markdown import Markdown, code, codes, link
from schemawalk.writers.stack_driven.survey import Survey

GROUPS: Final[tuple[tuple[str, str, tuple[type, ...]], ...]] = (
    ("Extensions", "Loaded because something here needs them.", (Extension,)),
    ("Policies", "Whatever a query forgets to ask, these rows are all that it sees and writes.",
     (Policy, AllRows)),
    ("Roles", "None can log in by itself: people and programs are made members.",
     (Role, Grant, Owner)),
    ("Views", "", (View,)),
    ("Routines", "Called by the program, a job or a person, never by themselves.",
     (Routine,)),
)  # fmt: skip
"""Title, what is true of all, and which kinds stand there; all other kinds are triggers."""


def around_tables(survey: Survey) -> Told | None:
    """Exclusions, partitions and all that stands around the tables; None without any."""
    schema = survey.work.schema
    grouped = {kind for _, _, kinds in GROUPS for kind in kinds}
    triggers = tuple(thing for thing in schema.around if type(thing) not in grouped)
    grids = (
        _grid("Triggers", "They act whoever writes the row.", triggers),
        *(_grid(title, intro, _of(schema, kinds)) for title, intro, kinds in GROUPS),
        Grid("Rows that exclude each other", "", ("Constraint", "Table", "Why"),
             tuple(_exclusions(schema))),
        Grid("Tables in parts", "", ("Table", "Split", "Why"), tuple(_partitions(schema))),
    )  # fmt: skip
    full = tuple(grid for grid in grids if grid.rows)
    return Told((), full) if full else None


def _of(schema: Schema, kinds: tuple[type, ...]) -> tuple[Thing, ...]:
    return tuple(thing for thing in schema.around if type(thing) in kinds)


def _grid(title: str, intro: str, things: tuple[Thing, ...]) -> Grid:
    rows = tuple((code(_called(thing)), _where(thing), _why(thing)) for thing in things)
    return Grid(title, intro, ("Name", "Table", "Why"), rows)


def _called(thing: Thing) -> str:
    return thing.role if isinstance(thing, Grant | Owner) else thing.name


def _why(thing: Thing) -> str:
    if isinstance(thing, Owner):
        return f"owns: {thing.because}"
    rights = f"{', '.join(thing.privileges)}: " if isinstance(thing, Grant) else ""
    return f"{rights}{thing.because}"


def _where(thing: Thing) -> Markdown:
    if isinstance(thing, Grant | Owner):
        return codes(thing.on)
    if isinstance(thing, Extension | Role):
        return Markdown("–")
    return link(thing.table)


def _exclusions(schema: Schema) -> Iterator[Cells]:
    for table in schema.tables:
        for each in table.exclusions:
            yield code(each.name), link(table.name), each.because


def _partitions(schema: Schema) -> Iterator[Cells]:
    for table in schema.tables:
        if table.partition:
            split = f"by {table.partition.by} of {table.partition.column}"
            yield link(table.name), split, table.partition.because
