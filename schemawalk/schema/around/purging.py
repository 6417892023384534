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

AT_ONCE: Final = Span(0, "day")
"""How long the versions of a row stay that went with another whose time was over."""

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
        seal = seals.get(draft.name)
        if seal and seal.age is None:
            _say_sealed(context, entity, age)
            continue
        if seal and seal.age:
            age, column = seal.age, seal.moment
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
    """Routines for the versions of rows that are gone: before their time, or with what had one."""
    histories = [thing for thing in context.around if isinstance(thing, History)]
    by_table = _by_table(context) if histories else {}
    for kept in histories:
        entity = context.lookup.entities[kept.source]
        keys = context.drafts[entity.id].key_columns
        own = Hop(kept.table, keys, keys)
        if age := time_of(entity, context):
            because = (
                f"earlier versions of {many(entity)} that are gone are kept for {age} after "
                f"{kept.until}: run it until nothing is left to do"
            )
            _purge_versions_of(context, kept, age, (own,), because)
            continue
        for key in _taken_along(context, kept, by_table):
            because = (
                f"earlier versions of {many(entity)} go as those did, with the row of "
                f"{key.references} that they hung on: run it until nothing is left to do"
            )
            above = Hop(key.references, key.referenced_columns, key.columns)
            _purge_versions_of(context, kept, AT_ONCE, (own, above), because)


def _purge_versions_of(
    context: Context, kept: History, age: Span, hops: tuple[Hop, ...], because: str
) -> None:
    entity, history = context.lookup.entities[kept.source], context.drafts[HISTORY + kept.source]
    name = context.taken.take(f"{history.name}_purge")
    context.around.append(
        Routine(name, "purge", history.name, kept.until, age, tuple((hop,) for hop in hops),
                because=because, source=entity.id)
    )  # fmt: skip
    index_due(context, entity, history, kept.until, name)


def _taken_along(
    context: Context, kept: History, by_table: Mapping[str, Entity]
) -> Iterator[ForeignKey]:
    """The keys by which a row goes when the time of another is over.

    A version without a value there tells nobody whether its row went so: that is a finding.
    """
    draft = context.drafts[kept.source]
    optional = {column.name for column in draft.every_column() if column.nullable}
    for key in draft.foreign_keys:
        if key.on_delete == "CASCADE" and _has_time(context, key.references, by_table):
            if optional.isdisjoint(key.columns):
                yield key
            else:
                _say_outlived(context, kept, key)


def _has_time(context: Context, table: str, by_table: Mapping[str, Entity]) -> bool:
    """Whether a table's rows have their time, or go with such as have."""
    waiting, seen = [table], {table}
    while waiting:
        entity = by_table.get(waiting.pop())
        if entity is None:
            continue
        if time_of(entity, context):
            return True
        keys = context.drafts[entity.id].foreign_keys
        above = {key.references for key in keys if key.on_delete == "CASCADE"} - seen
        seen |= above
        waiting += sorted(above)
    return False


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


def kept_until(entity: Entity, context: Context) -> tuple[Span | None, str]:
    """How long a row that never changes is kept, and after which moment; None and empty for ever.

    One that is hidden first would have to change for that.
    """
    age, moment = time_of(entity, context), end_of(entity, context)
    hidden = hidden_by(context.drafts[entity.id])
    return (age, moment) if age and moment and not hidden else (None, "")


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


def _say_outlived(context: Context, kept: History, key: ForeignKey) -> None:
    context.problem(
        "versions-outlive-rows", kept.source,
        f"Rows of {kept.table} go with the row of {key.references} that they hang on, when its "
        f"time is over, and {kept.into} keeps what they said: nothing removes it, as "
        f"{', '.join(key.columns)} may be empty.",
        f"Say how long {many(context.lookup.entities[kept.source])} are kept, let each have its "
        f"row of {key.references}, or keep no earlier versions.", "warning",
    )  # fmt: skip


def _say_sealed(context: Context, entity: Entity, age: Span) -> None:
    context.problem(
        "keep-what-is-sealed", entity.id,
        f"{many(entity).capitalize()} are to be kept for {age}, and a trigger refuses "
        "to delete any: nothing removes them.",
        "Keep them for ever, or let them be deleted after their time.", "warning",
    )  # fmt: skip


def _by_table(context: Context) -> dict[str, Entity]:
    return {context.drafts[entity.id].name: entity for entity in context.lookup.tables}


def _children_first(context: Context, incoming: Incoming) -> Iterator[Entity]:
    """The entities with a table, each after those whose tables refer to its own; circles apart."""
    by_table = _by_table(context)
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
