"""What is kept of earlier states: which tables are logged or versioned."""

from __future__ import annotations

from collections.abc import Iterator

from schemawalk.design.choices import Trail
from schemawalk.design.model import Design, Entity
from schemawalk.schema.around.log import Log, own_log
from schemawalk.schema.around.stamps import stamped
from schemawalk.schema.around.versions import add_history
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lookup import Lookup


def trail_of(design: Design, lookup: Lookup, entity: Entity) -> Trail:
    """What is kept of its earlier states: as answered, else as for the whole design.

    What is written once and never changed has no earlier states: a rule for the whole design does
    not mean it.
    """
    if entity.versions:
        return entity.versions
    mutable = lookup.archetype(entity).mutable
    return (design.keeping.versions or "no") if mutable else "no"


def add_trails(context: Context) -> None:
    """Triggers that write a log or keep earlier versions, and the tables that they write to."""
    own = own_log(context)
    logged = [(draft, source) for draft, source in _logged(context) if draft.name != own]
    if logged:
        log = Log(context)
        for draft, source in logged:
            log.take(draft, source)
        log.close()
    stamps = stamped(context)
    for entity in context.lookup.tables:
        draft = context.drafts[entity.id]
        if trail_of(context.design, context.lookup, entity) == "history" and draft.name != own:
            add_history(context, draft, entity, stamps.get(draft.name, ()))


def _logged(context: Context) -> Iterator[tuple[Draft, str]]:
    """The tables whose changes are logged, each with the id of what it comes from."""
    for entity in context.lookup.tables:
        if trail_of(context.design, context.lookup, entity) == "log":
            yield context.drafts[entity.id], entity.id
    if context.design.keeping.versions == "log":
        # Who belongs to what, and what can be chosen, is changed by people too.
        for key, draft in context.drafts.items():
            if key.startswith(("link:", "lookup:")):
                yield draft, draft.table.source
