"""Which tables have columns that a trigger keeps: when a row last changed, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from schemawalk.design.model import Entity
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lifetime import counts_changes
from schemawalk.schema.things import Stamp

CHANGED: Final = "updated_at"
VERSION: Final = "version"

_WHY: Final = {
    "now": "{} is right for every program that writes, and for repairs by hand",
    "next": "an update that names the {} it read finds no row when another came first",
}


def add_stamps(context: Context) -> None:
    """A stamp for each table whose design leaves the moment or the count of changes to it."""
    written_once = {rule.entity for rule in context.design.rules if rule.looks_at == "written"}
    for entity in context.lookup.tables:
        if entity.id in written_once:
            continue  # it never changes
        draft = context.drafts[entity.id]
        kept = tuple(_kept(context, entity, draft))
        if kept:
            name = context.taken.take(f"{draft.name}_stamp")
            because = "; ".join(_WHY[to].format(column) for column, to in kept)
            context.around.append(Stamp(name, draft.name, kept, because, entity.id))


def stamped(context: Context) -> Mapping[str, tuple[str, ...]]:
    """By table, the columns that a stamp keeps."""
    stamps = (thing for thing in context.around if isinstance(thing, Stamp))
    return {stamp.table: tuple(column for column, _ in stamp.columns) for stamp in stamps}


def _kept(
    context: Context, entity: Entity, draft: Draft
) -> Iterator[tuple[str, Literal["now", "next"]]]:
    types = {column.name: column.type.name for column in draft.every_column()}
    if context.design.keeping.stamps == "trigger":
        for column in draft.columns_of.get(CHANGED, ()):
            if types[column] == "timestamptz":
                yield column, "now"
    if counts_changes(context, entity):
        for column in draft.columns_of.get(VERSION, ()):
            if types[column] in ("integer", "bigint"):
                yield column, "next"
