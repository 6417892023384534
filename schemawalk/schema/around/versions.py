"""Tables of earlier versions of rows, and what fills them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.schema.around.purging import HISTORY, end_of, time_of
from schemawalk.schema.model import Column, Index, IndexPart, PrimaryKey, Table, Type
from schemawalk.schema.sentences import many, one
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.things import History

_MADE: Final = "created_at"
_MOMENT: Final = "2026-03-14T09:26:53.589Z"


def add_history(context: Context, draft: Draft, entity: Entity, stamped: tuple[str, ...]) -> None:
    """A table of the earlier versions of an entity's rows, and the trigger that fills it.

    Secrets are not kept: an old one serves nobody but a thief.  What is `stamped` by another
    trigger makes no version of its own.  A row whose time is over takes its versions along: kept
    for so long is not kept for ever elsewhere.
    """
    kept = [column for column in draft.every_column() if column.sensitivity != "secret"]
    history = _table(context, draft, entity)
    history.first = [counted(history, "history_id", "identifies the version")]
    history.key_columns = (history.first[0].name,)
    history.facts = [_copy(history, column) for column in kept]
    made = _moment(draft)
    since = _bound(history, "valid_from", "since when it said so", not made)
    until = _bound(history, "valid_to", "when it was changed or deleted", False)
    history.facts += [since, until]
    _index(history, draft, until.name)
    context.drafts[HISTORY + entity.id] = history
    name = context.taken.take(f"{draft.name}_versions")
    because = f"an UPDATE or DELETE of {draft.name} forgets what was there before"
    columns = tuple(column.name for column in kept)
    age, ends = time_of(entity, context), end_of(entity, context)
    thing = History(name, draft.name, history.name, columns, since.name, until.name, made,
                    stamped, ends if age else "", age if ends else None, because,
                    entity.id)  # fmt: skip
    context.around.append(thing)


def counted(draft: Draft, wanted: str, purpose: str) -> Column:
    """A key that counts in the order of writing, for a table that only triggers write."""
    return Column(
        draft.column_name(wanted), Type("bigint"), identity=True, purpose=purpose, example="1",
        because="triggers alone write it, in this order",
    )  # fmt: skip


def _table(context: Context, draft: Draft, entity: Entity) -> Draft:
    table = Table(
        "", (), PrimaryKey("", ()), because=f"{many(entity)} are changed, and what they said before"
        " can be asked for", purpose=f"What each {one(entity)} said before, and from when to when.",
        source=f"history:{entity.id}", entity=f"{entity.name} version", steps=entity.steps,
    )  # fmt: skip
    return Draft(context.taken.take(f"{draft.name}_history"), context.taken, table)


def _copy(history: Draft, column: Column) -> Column:
    """The column as a plain fact: nothing fills it in, counts it or computes it any more."""
    return replace(
        column, name=history.column_name(column.name), default=None, identity=False,
        generated=None, source=f"history:{column.source}",
    )  # fmt: skip


def _bound(history: Draft, wanted: str, purpose: str, nullable: bool) -> Column:
    because = "the first version has no known start" if nullable else "a version has a time"
    return Column(
        history.column_name(wanted), Type("timestamptz"), nullable, because=because,
        purpose=purpose, example=_MOMENT,
    )  # fmt: skip


def _moment(draft: Draft) -> str:
    """The column that says when a row was made; empty when none always does."""
    made = draft.columns_of.get(_MADE, ())
    always = (c.name for c in draft.every_column() if c.name in made and not c.nullable
              and c.type.name == "timestamptz")  # fmt: skip
    return next(always, "")


def _index(history: Draft, draft: Draft, until: str) -> None:
    parts = (*(IndexPart(column) for column in draft.key_columns), IndexPart(until, True))
    history.add_index(Index("", parts, because="the versions of one row, the latest first"))
