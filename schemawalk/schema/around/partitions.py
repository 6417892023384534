"""From answers about volume to tables that are cut into parts, and what that costs their keys."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.design.spans import Span
from schemawalk.schema.around.due_indexes import served
from schemawalk.schema.around.purging import end_of, time_of
from schemawalk.schema.kinds import kind_of, values_of
from schemawalk.schema.model import Column, Index, IndexPart, Part, Partition, PrimaryKey, Table
from schemawalk.schema.names import fitted, snake
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.volume import YEARS, rows_after_five_years
from schemawalk.schema.things import Routine, Thing

ROWS_A_PART: Final = 20_000_000
"""Rows that one part of a `hash` holds comfortably: its indexes fit in memory."""
FEWEST_PARTS: Final = 4
MOST_PARTS: Final = 64
"""A plan that must look into all parts locks each of them."""

_TIMES: Final = ("timestamptz", "date")


def cut_tables(context: Context) -> None:
    """Cut the tables that are to be cut; a finding where one cannot be, and for what it costs."""
    for entity in context.lookup.tables:
        if entity.partition not in (None, "no"):
            _cut(context, entity, context.drafts[entity.id])


def add_rolls(context: Context) -> None:
    """A routine for each table whose parts come with time, or with a parent.

    It makes the first ones at once, with what keeps them as they are: that must be there before.
    """
    for entity in context.lookup.tables:
        draft = context.drafts[entity.id]
        if draft.partition is not None:
            _add_roll(context, entity, draft)


def uncut(table: Table) -> Table:
    """The table in one piece, its keys as they would be without parts."""
    cut = table.partition
    if cut is None:
        return table
    key = PrimaryKey(table.primary_key.name, cut.alone)

    def narrow(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(column for column in columns if column != cut.column)

    def plain(index: Index) -> Index:
        kept = tuple(part for part in index.parts if part.column != cut.column)
        return replace(index, parts=kept) if index.name in cut.widened else index

    uniques = tuple(
        replace(each, columns=narrow(each.columns)) if each.name in cut.widened else each
        for each in table.uniques
    )
    indexes = tuple(plain(index) for index in table.indexes)
    return replace(table, primary_key=key, uniques=uniques, indexes=indexes, partition=None)


def without_rolling(around: tuple[Thing, ...], cut: Set[str]) -> tuple[Thing, ...]:
    """What stands around tables of which only those in `cut` have parts.

    What would drop old parts of another deletes its old rows instead.
    """

    def kept(thing: Thing) -> tuple[Thing, ...]:
        if not isinstance(thing, Routine) or thing.purpose != "roll" or thing.table in cut:
            return (thing,)
        if thing.age is None:
            return ()
        because = f"{thing.table} are kept for {thing.age} after {thing.column}"
        return (replace(thing, name=_as_purge(thing), purpose="purge", because=because),)

    return tuple(each for thing in around for each in kept(thing))


def whole(table: Table, around: Iterable[Thing]) -> Table:
    """The table in one piece, with the index by which its old rows are then found."""
    cut = table.partition
    made = uncut(table)
    for thing in around if cut else ():
        if isinstance(thing, Routine) and thing.purpose == "roll" and thing.table == table.name:
            return served(made, thing.column, _as_purge(thing)) if thing.age else made
    return made


def _as_purge(roll: Routine) -> str:
    """What is called what deletes row by row, in the place of what drops whole parts."""
    return roll.name.removesuffix("_roll") + "_purge"


def _cut(context: Context, entity: Entity, draft: Draft) -> None:
    column = _column(draft, entity)
    if why := _hindrance(context, entity, draft, column):
        context.problem(
            "partition-not-possible", entity.id,
            f"{draft.name} stays in one piece: {why}.",
            "Split it by something else, change what stands in the way, or answer no to "
            "partitions.", "warning",
        )  # fmt: skip
        return
    assert column is not None
    cut = _partition(context, entity, draft, column)
    alone = draft.key_columns
    widened = tuple(_widen(draft, column.name))
    if column.name not in draft.key_columns:
        draft.key_columns = (*draft.key_columns, column.name)
    draft.partition = replace(cut, alone=alone, widened=widened)
    if alone != draft.key_columns:
        _say_cost(context, entity, draft, widened)


def _column(draft: Draft, entity: Entity) -> Column | None:
    """The column that decides; the key's own where none is named."""
    reference = entity.partition_by
    found = draft.columns_of.get(f"{entity.id}.{reference}") or draft.columns_of.get(
        reference or ""
    )
    names = found or (draft.key_columns[:1] if reference is None else ())
    return next((c for c in draft.every_column() if c.name in names), None)


def _hindrance(context: Context, entity: Entity, draft: Draft, column: Column | None) -> str:
    """Why the table cannot be cut, as the end of a sentence; empty when it can."""
    if column is None:
        return f"it has no {entity.partition_by} to split it by"
    if column.nullable:
        return f"{column.name} may be absent, and a primary key takes no NULL"
    if entity.partition == "range" and column.type.name not in _TIMES:
        return f"{column.name} is no moment, so there are no months to split it by"
    if entity.partition == "list" and not (
        _values(draft, column, entity) or _parent(draft, column)
    ):
        return f"nobody knows which values {column.name} can have"
    if draft.exclusions:
        return f"{draft.exclusions[0].name} must look into all parts at once, which it cannot"
    blocking = _referring(context.drafts.values(), draft, column.name)
    if blocking:
        return (
            f"{', '.join(blocking)} refers to it by a key without {column.name}, and no such key "
            "is unique across parts"
        )
    return ""


def _referring(drafts: Iterable[Draft], target: Draft, column: str) -> tuple[str, ...]:
    """Tables whose foreign keys name columns of the target that do not contain the column."""
    found = (
        draft.name
        for draft in drafts
        for key in draft.foreign_keys
        if key.references == target.name and column not in key.referenced_columns
    )
    return tuple(dict.fromkeys(found))


def _partition(context: Context, entity: Entity, draft: Draft, column: Column) -> Partition:
    rest = context.taken.take(f"{draft.name}_rest")
    if entity.partition == "range":
        because = f"{many(entity)} of one month lie together"
        if _dropped_after(context, entity, column.name):
            because = f"old months of {many(entity)} are dropped at once, not deleted row by row"
        return Partition("range", column.name, (), rest, because=because, source=entity.id)
    if entity.partition == "list":
        parts = tuple(
            Part(context.taken.take(f"{draft.name}_{snake(value)}"), value)
            for value in _values(draft, column, entity)
        )
        because = f"{many(entity)} of one {column.name} lie together"
        return Partition("list", column.name, parts, rest, because=because, source=entity.id)
    count = _parts(entity, context)
    parts = tuple(Part(context.taken.take(f"{draft.name}_{at}")) for at in range(count))
    rows = rows_after_five_years(entity, context.lookup)
    because = f"{rows:,} rows after {YEARS} years, evenly spread"
    return Partition("hash", column.name, parts, because=because, source=entity.id)


def _parts(entity: Entity, context: Context) -> int:
    """A power of two, so that each part holds what is comfortable in five years."""
    rows, parts = rows_after_five_years(entity, context.lookup), FEWEST_PARTS
    while parts < MOST_PARTS and rows > parts * ROWS_A_PART:
        parts *= 2
    return parts


def _values(draft: Draft, column: Column, entity: Entity) -> tuple[str, ...]:
    attribute = next((a for a in entity.attributes if a.id == column.source), None)
    listed = attribute is not None and kind_of(attribute).id == "one-of"
    return values_of(attribute) if attribute and listed and column.name in _own(draft) else ()


def _own(draft: Draft) -> frozenset[str]:
    return frozenset(column.name for column in draft.facts)


def _parent(draft: Draft, column: Column) -> str:
    """The table that the column refers to on its own; empty when it refers to none."""
    keys = (key for key in draft.foreign_keys if key.columns == (column.name,))
    return next((key.references for key in keys), "")


def _widen(draft: Draft, column: str) -> Iterable[str]:
    """Add the column to every UNIQUE and unique index that lacks it; gives their names."""
    widened = []
    for at, unique in enumerate(draft.uniques):
        if column not in unique.columns:
            draft.uniques[at] = replace(unique, columns=(*unique.columns, column))
            widened.append(unique.name)
    for at, index in enumerate(draft.indexes):
        if index.unique and column not in {part.column for part in index.parts}:
            draft.indexes[at] = replace(index, parts=(*index.parts, IndexPart(column)))
            widened.append(index.name)
    return widened


def _say_cost(context: Context, entity: Entity, draft: Draft, widened: tuple[str, ...]) -> None:
    column = draft.key_columns[-1]
    key = ", ".join(draft.key_columns)
    said = (
        f"{draft.name} is split by {column}, so its primary key is ({key}): the database no longer "
        "keeps the rest of it unique by itself, and nothing can refer to it by that."
    )
    if widened:
        said += f" {', '.join(widened)} holds only among rows of one {column}."
    context.problem(
        "partition-widens-keys", entity.id, said,
        "Take it where the rest is made to be unique, such as a UUID; what must be unique for "
        "certain belongs in a table of its own." if widened else
        "Fine where ids are made to be unique; else answer no to partitions.",
        "warning" if widened else "hint",
    )  # fmt: skip


def _dropped_after(context: Context, entity: Entity, column: str) -> Span | None:
    """After how long whole months are dropped; None where nothing does, or by another moment."""
    drops = context.design.keeping.cleanup == "job" and end_of(entity, context) == column
    return time_of(entity, context) if drops else None


def _add_roll(context: Context, entity: Entity, draft: Draft) -> None:
    """The routine that makes the parts that time, or a new parent, calls for."""
    cut = draft.partition
    assert cut is not None
    if cut.by == "hash" or cut.parts:
        return
    column = next(c for c in draft.every_column() if c.name == cut.column)
    name = context.taken.take(fitted(f"{draft.name}_roll"))
    if cut.by == "list":
        of = _parent(draft, column)
        because = f"each of {of} has its {many(entity)} in a part of their own"
        routine = Routine(name, "roll", draft.name, cut.column, of=of, because=because,
                          source=entity.id)  # fmt: skip
    else:
        age = _dropped_after(context, entity, cut.column)
        kept = f" and drops those older than {age}" if age else ""
        because = f"makes the months to come of {many(entity)}{kept}: run it once a day"
        routine = Routine(name, "roll", draft.name, cut.column, age, because=because,
                          source=entity.id)  # fmt: skip
    context.around.append(routine)
