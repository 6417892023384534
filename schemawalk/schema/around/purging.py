"""From answers about how long rows are kept to routines that remove those whose time is over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.design.spans import Span, SpanError, span
from schemawalk.schema.around.due_indexes import index_due
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.model import ForeignKey
from schemawalk.schema.routine import Hop, Routine
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lifetime import hidden_by
from schemawalk.schema.things import History, Sealed

ENDS: Final = (
    "expires_at", "expired_at", "revoked_at", "ended_at", "ends_at", "completed_at", "finished_at",
    "closed_at", "cancelled_at", "canceled_at", "delivered_at", "returned_at", "left_at",
)  # fmt: skip
"""Names of moments at which something is over, the surest first."""
STARTS: Final = (
    "occurred_at",
    "happened_at",
    "recorded_at",
    "sent_at",
    "received_at",
    "created_at",
)
"""Names of the moment of something that is over as soon as it happened."""
DEEPEST: Final = 8
"""Foreign keys on one way from an old row to what keeps it."""
MOST: Final = 40
"""Ways that are looked along before a row is deleted; past that the database refuses by itself,
and nothing of the batch goes."""

HISTORY: Final = "history:"
"""Before the id of an entity, in that of the draft with its rows' earlier versions."""

Incoming = Mapping[str, list[tuple[str, ForeignKey]]]
"""By table, the foreign keys that refer to it, each with the table that has it."""


def add_purges(context: Context) -> None:
    """A routine for each table whose rows have their time, children before their parents."""
    if context.design.keeping.cleanup != "job":
        return
    incoming = incoming_keys(context)
    seals = {thing.table: thing for thing in context.around
             if isinstance(thing, Sealed) and "DELETE" in thing.events}  # fmt: skip
    for entity in _children_first(context, incoming):
        draft = context.drafts[entity.id]
        age = time_of(entity, context)
        column = end_of(entity, context)
        if age is None or _is_rolled(draft, column):
            continue
        if seal := seals.get(draft.name):
            age, column = seal.age, seal.moment
        if age is None:
            _say_sealed(context, entity)
            continue
        if not column:
            _say_endless(context, entity, age)
            continue
        because = (
            f"{many(entity)} are kept for {age} after {column}: run it until nothing is left to do"
        )
        name = context.taken.take(f"{draft.name}_purge")
        context.around.append(
            Routine(name, "purge", draft.name, column, age,
                    tuple(islice(blockers(draft.name, incoming, seals), MOST)),
                    because=because, source=entity.id)
        )  # fmt: skip
        index_due(context, entity, draft, column, name)
    _purge_versions(context)


def _purge_versions(context: Context) -> None:
    """A routine for the versions of rows that went before their time was over."""
    for kept in [thing for thing in context.around if isinstance(thing, History)]:
        entity = context.lookup.entities[kept.source]
        history = context.drafts[HISTORY + entity.id]
        age = time_of(entity, context)
        if age is None:
            continue
        keys = context.drafts[entity.id].key_columns
        name = context.taken.take(f"{history.name}_purge")
        because = (
            f"earlier versions of {many(entity)} that are gone are kept for {age} after "
            f"{kept.until}: run it until nothing is left to do"
        )
        context.around.append(
            Routine(name, "purge", history.name, kept.until, age, ((Hop(kept.table, keys, keys),),),
                    because=because, source=entity.id)
        )  # fmt: skip
        index_due(context, entity, history, kept.until, name)


def time_of(entity: Entity, context: Context) -> Span | None:
    """How long a row stays after its end: as answered, or as what is hidden can be restored."""
    days = context.design.keeping.restore_days
    if entity.keep_for:
        try:
            return span(entity.keep_for)
        except SpanError:
            return None
    draft = context.drafts[entity.id]
    return Span(days, "day") if days and draft.columns_of.get("deleted_at") else None


def end_of(entity: Entity, context: Context) -> str:
    """The column that says when a row's time began to run; empty when none does."""
    draft = context.drafts[entity.id]
    if hidden := hidden_by(draft):
        return hidden
    moments = [
        draft.columns_of[a.id][0]
        for a in entity.attributes
        if kind_of(a).id in ("moment", "date") and a.id in draft.columns_of
    ]
    mutable = context.lookup.archetype(entity).mutable
    told = ENDS if mutable else (*ENDS, *STARTS)
    return next((name for name in told if name in moments), "" if mutable else next(
        iter(moments), ""))  # fmt: skip


def incoming_keys(context: Context) -> dict[str, list[tuple[str, ForeignKey]]]:
    """Foreign keys by the table that they refer to."""
    found: dict[str, list[tuple[str, ForeignKey]]] = {}
    for draft in context.drafts.values():
        for key in draft.foreign_keys:
            found.setdefault(key.references, []).append((draft.name, key))
    return found


def blockers(
    table: str,
    incoming: Incoming,
    kept: Collection[str] = (),
    path: tuple[str, ...] = (),
    way: tuple[str, ...] = (),
) -> Iterator[tuple[Hop, ...]]:
    """Ways to rows that refuse to let one of the table go: through CASCADE to a key that restricts,
    or to one of the tables that are `kept`.

    One foreign key is walked once on a way, and no way is longer than DEEPEST.  A key that leads
    back to a table of the way makes chains of any length: where something refuses at their end, a
    row waits until those that hang on it are gone.
    """
    way = (*way, table)
    for child, key in incoming.get(table, ()):
        hop = Hop(child, key.columns, key.referenced_columns)
        cascades = key.on_delete == "CASCADE"
        if key.on_delete in ("RESTRICT", "NO ACTION") or (cascades and child in kept):
            yield (hop,)
        elif cascades and key.name not in path and len(path) < DEEPEST:
            further = blockers(child, incoming, kept, (*path, key.name), way)
            if child not in way:
                yield from ((hop, *more) for more in further)
            elif next(further, None):
                yield (hop,)


def _is_rolled(draft: Draft, column: str) -> bool:
    """Whether whole parts of the table are dropped by the same moment."""
    cut = draft.partition
    return cut is not None and cut.by == "range" and cut.column == column


def _say_endless(context: Context, entity: Entity, age: Span) -> None:
    context.problem(
        "keep-without-end", entity.id,
        f"{many(entity).capitalize()} are kept for {age} after their end, and no column says when "
        "that is: nothing removes them.",
        f"Give {entity.name} a moment such as ended_at, delete it softly, or keep it for ever.",
        "warning",
    )  # fmt: skip


def _say_sealed(context: Context, entity: Entity) -> None:
    context.problem(
        "keep-what-is-sealed", entity.id,
        f"{many(entity).capitalize()} are to be kept for {entity.keep_for}, and a trigger refuses "
        "to delete any: nothing removes them.",
        "Keep them for ever, or let them be deleted after their time.", "warning",
    )  # fmt: skip


def _children_first(context: Context, incoming: Incoming) -> Iterator[Entity]:
    """The entities with a table, each after those whose tables refer to its own; circles apart."""
    by_table = {context.drafts[e.id].name: e for e in context.lookup.tables}
    seen: set[str] = set()
    for start in by_table:
        waiting = [(start, iter(incoming.get(start, ())))] if start not in seen else []
        seen.add(start)
        while waiting:
            name, children = waiting[-1]
            child = next((c for c, _ in children if c not in seen), None)
            if child is None:
                waiting.pop()
                if name in by_table:
                    yield by_table[name]
            else:
                seen.add(child)
                waiting.append((child, iter(incoming.get(child, ()))))
