"""What a database is told of things besides tables and columns: why each of them is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from schemawalk.schema.around.firing import firings, makes_function
from schemawalk.schema.comments import plain, sentence
from schemawalk.schema.language.expression import Call, Name, names
from schemawalk.schema.model import Check, Column, Exclusion, ForeignKey, Schema, Table, Unique
from schemawalk.schema.routine import Routine
from schemawalk.schema.sentences import single
from schemawalk.schema.things import AllRows, Policy, Thing, View, ViewColumn

Kind = Literal["INDEX", "CONSTRAINT", "TYPE", "FUNCTION", "TRIGGER", "POLICY", "COLUMN"]


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said of one thing."""

    kind: Kind
    name: str
    said: str
    of: str = ""
    """The table or view that it is part of; empty for what stands alone."""


def of_table(table: Table) -> Iterator[Comment]:
    """The comments on a table's constraints, then on its indexes."""
    yield from of_constraints(table)
    yield from of_indexes(table)


def of_constraints(table: Table) -> Iterator[Comment]:
    """The comments on a table's keys and rules."""
    key = table.primary_key
    yield Comment("CONSTRAINT", key.name, _key_said(table), table.name)
    rules: tuple[Unique | Check | Exclusion | ForeignKey, ...] = (
        *table.uniques, *table.checks, *table.exclusions, *table.foreign_keys
    )  # fmt: skip
    for each in rules:
        if said := sentence("", each.because):
            yield Comment("CONSTRAINT", each.name, said, table.name)


def of_indexes(table: Table) -> Iterator[Comment]:
    """The comments on a table's indexes."""
    for index in table.indexes:
        if said := sentence("", index.because):
            yield Comment("INDEX", index.name, said)


def of_types(schema: Schema) -> Iterator[Comment]:
    """The comments on enum types."""
    for enum in schema.enums:
        if said := sentence("", enum.because):
            yield Comment("TYPE", enum.name, said)


def of_thing(thing: Thing, schema: Schema, database: str) -> Iterator[Comment]:
    """The comments on what a thing around the tables consists of; a view has its own besides."""
    said = sentence("", thing.because)
    if isinstance(thing, View):
        yield from _of_view(thing, schema)
    elif isinstance(thing, Routine) and said:
        yield Comment("FUNCTION", thing.name, said)
    elif isinstance(thing, Policy | AllRows) and said:
        yield Comment("POLICY", thing.name, said, thing.table)
    elif said:
        fired = firings(thing, schema, database)
        made = fired if makes_function(thing, schema) else ()
        for function in dict.fromkeys(each.function for each in made if each.function):
            yield Comment("FUNCTION", function, said)
        yield from (Comment("TRIGGER", each.name, said, each.table) for each in fired)


def _key_said(table: Table) -> str:
    one = single(plain(table.entity).lower()) or "row"
    return f"tells each {one} from all others"


def _of_view(view: View, schema: Schema) -> Iterator[Comment]:
    table = schema.table(view.table)
    for column in view.columns:
        if said := _shown(column, {each.name: each for each in table.columns}):
            yield Comment("COLUMN", column.name, said, view.name)
    if view.materialised and view.index:
        said = f"lets {view.name} be refreshed while it is read"
        yield Comment("INDEX", view.index, said)


def _shown(column: ViewColumn, columns: dict[str, Column]) -> str:
    """What a view shows in a column, in the words of the table's own."""
    shown = column.expression
    inside = [columns[name] for name in names(shown) if name in columns]
    base = inside[0] if inside else columns.get(column.name)
    said = sentence(base.purpose, base.because) if base else ""
    if isinstance(shown, Name):
        return said
    if isinstance(shown, Call) and shown.function in _COMPUTED:
        return _COMPUTED[shown.function].format(base.name if base else "")
    if isinstance(shown, Call) and shown.function == "day":
        return f"the day of: {said}" if said else ""
    return f"{said} (in part, or not at all)" if said else ""


_COMPUTED: Final = {"count": "how many rows there are", "sum": "the sum of {}",
                   "sum_time": "the sum of {}"}  # fmt: skip
"""By function, what a column of sums shows."""
