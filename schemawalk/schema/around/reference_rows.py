"""Rows that must be there before the first user comes: reference rows, lists that users keep."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.schema.around.seed_rows import SeedError, row_misfit, seed_row
from schemawalk.schema.kinds import kind_of, values_of
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.names import snake
from schemawalk.schema.sentences import shape
from schemawalk.schema.tables.draft import Context
from schemawalk.schema.tables.lookup import Lookup

_NAMED: Final = ("code", "slug", "key", "name", "title", "label")
"""Attributes by which people speak of a reference row, the surest first."""
_SPACE: Final = uuid.UUID("7d1b0a52-5c0e-5f3b-9d0e-2f6a1c9b8e47")
"""Where the ids of reference rows come from: the same row has the same id everywhere."""


@dataclass(frozen=True, slots=True)
class Sought:
    """The key of another reference row, to be looked up by what people call that row."""

    table: str
    column: str
    by: tuple[tuple[str, Value | Sought], ...]


Given: TypeAlias = Mapping[str, Value | Sought]


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One row, by column."""

    table: Table
    values: Given


def reference_rows(design: Design, schema: Schema) -> tuple[ReferenceRow, ...]:
    """All of them, in an order in which they can be inserted.

    Rows that do not fit their entity are left out; `tell_misfits` says which.
    """
    reference = _Reference(design, schema)
    found = {table.name: list(reference.rows_of(table)) for table in schema.tables}
    return tuple(row for table in schema.tables for row in found[table.name])


def tell_misfits(context: Context) -> None:
    """A finding for each reference row that is none."""
    lookup = context.lookup
    for entity in lookup.tables:
        for text in entity.seeds or ():
            if why := misfit_of(text, entity, lookup):
                context.problem(
                    "reference-row-misfit", entity.id,
                    f"The row {text!r} of {entity.name} is not written: {why}",
                    "Write it as its columns' values: code = 'first', name = 'First'.", "warning",
                )  # fmt: skip


def misfit_of(text: str, entity: Entity, lookup: Lookup) -> str:
    """Why the text is no row of the entity, in one sentence; empty when it is one."""
    links = links_of(entity, lookup)
    try:
        row = seed_row(text)
    except SeedError as error:
        return str(error)
    if why := row_misfit(row, entity, links.keys()):
        return why
    for name in row.keys() & links.keys():
        _, parent = links[name]
        if row[name] is not None and _called(parent, row[name]) is None:
            return f"{parent.name} has no reference row that is called {row[name]!r}."
    for name, (link, parent) in links.items():
        if link.optional != "yes" and name not in row:
            return f"{name} is missing: every {entity.name} has its {parent.name}."
    return ""


def links_of(entity: Entity, lookup: Lookup) -> dict[str, tuple[Relationship, Entity]]:
    """The parents of an entity by the names under which a row says which one it belongs to."""
    found = {}
    for link, parent in lookup.parents(entity.id):
        if shape(link) != "M:N":
            found[snake(link.role or ("parent" if parent is entity else parent.name))] = (
                link,
                parent,
            )
    return found


def _called(parent: Entity, name: Value) -> tuple[str, Value] | None:
    """By which attribute a reference row of the parent has that name; None when none has it."""
    local = [a.id.partition(".")[2] for a in parent.attributes if a.unique == "alone"]
    for text in parent.seeds or ():
        try:
            row = seed_row(text)
        except SeedError:
            continue
        for attribute in (*local, *_NAMED):
            if attribute in row and row[attribute] == name:
                return attribute, name
    return None


class _Reference:
    """The reference rows of one design, as its schema's columns hold them."""

    def __init__(self, design: Design, schema: Schema) -> None:
        self.lookup = Lookup(design)
        self.entities = {entity.id: entity for entity in self.lookup.tables}
        self.tables = {table.source: table for table in schema.tables}

    def rows_of(self, table: Table) -> Iterator[ReferenceRow]:
        entity = self.entities.get(table.source)
        attribute = self.lookup.attributes.get(table.source)
        if entity is not None:
            for text in entity.seeds or ():
                if not misfit_of(text, entity, self.lookup):
                    yield ReferenceRow(table, self.given(table, entity, seed_row(text)))
        elif attribute is not None and kind_of(attribute).id == "one-of":
            yield from _listed(table, attribute)

    def given(self, table: Table, entity: Entity, row: Mapping[str, Value]) -> Given:
        links = links_of(entity, self.lookup)
        values: dict[str, Value | Sought] = {}
        for name, value in row.items():
            if name in links:
                values |= self.sought(table, *links[name], value)
            else:
                values[_column(table, f"{entity.id}.{name}")] = value
        key = table.primary_key.columns[0]
        if table.column(key).type.name == "uuid" and key not in values:
            said = ", ".join(f"{name}={row[name]}" for name in sorted(row))
            values = {key: str(uuid.uuid5(_SPACE, f"{entity.id}: {said}")), **values}
        return values

    def sought(
        self, table: Table, link: Relationship, parent: Entity, name: Value
    ) -> dict[str, Value | Sought]:
        """The foreign key's column, and the row that it refers to."""
        key = next(key for key in table.foreign_keys if key.source == link.id)
        column = next(c.name for c in table.columns if c.source == link.id)
        referenced = key.referenced_columns[key.columns.index(column)]
        called = _called(parent, name)
        if called is None:
            return {column: None}
        owner = self.tables[parent.id]
        by = ((_column(owner, f"{parent.id}.{called[0]}"), called[1]),)
        return {column: Sought(owner.name, referenced, by)}


def _column(table: Table, attribute_id: str) -> str:
    """The column that holds the attribute; of several, the first."""
    return next(column.name for column in table.columns if column.source == attribute_id)


def _listed(table: Table, attribute: Attribute) -> Iterator[ReferenceRow]:
    """The values of a list that users keep, in their order."""
    code, label, position = (column.name for column in table.columns)
    for number, value in enumerate(values_of(attribute), 1):
        said = " ".join(value.replace("_", " ").split())
        row: dict[str, Value | Sought] = {
            code: value,
            label: said[:1].upper() + said[1:] or value,
            position: number,
        }
        yield ReferenceRow(table, row)
