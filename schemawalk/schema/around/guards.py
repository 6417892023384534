"""Which changes of a status a trigger refuses, and with which status a row may begin."""

from __future__ import annotations

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import is_hidden
from schemawalk.schema.tables.draft import Context
from schemawalk.schema.tables.states import chart, starts_of, transitions_of
from schemawalk.schema.things import Guard


def add_guards(context: Context) -> None:
    """A guard for each status whose transitions the database keeps."""
    for entity in context.design.entities:
        if context.lookup.home(entity.id) is None or not context.lookup.persists(entity):
            continue
        for attribute in entity.attributes:
            if attribute.guarded_by == "trigger" and not is_hidden(attribute):
                _add(context, entity, attribute)


def _add(context: Context, entity: Entity, attribute: Attribute) -> None:
    home = context.lookup.home(entity.id)
    transitions = transitions_of(attribute)
    if home is None or not transitions:
        return
    draft = context.drafts[home.id]
    column = draft.columns_of[attribute.id][0]
    allowed = tuple(dict.fromkeys((each.before, each.after) for each in transitions))
    because = f"{column} goes {chart(attribute.values or (), transitions)}, and no other way"
    name = context.taken.take(f"{draft.name}_{column}_guard")
    starts = starts_of(attribute)
    context.around.append(Guard(name, draft.name, column, allowed, starts, because, attribute.id))
