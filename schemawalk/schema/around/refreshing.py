"""Views that are kept as rows are brought up to date by a routine."""

from __future__ import annotations

from schemawalk.schema.tables.draft import Context
from schemawalk.schema.things import Routine, View


def add_refreshes(context: Context) -> None:
    """A routine for each materialised view."""
    views = [thing for thing in context.around if isinstance(thing, View) and thing.materialised]
    for view in views:
        name = context.taken.take(f"{view.name}_refresh")
        because = f"{view.name} is as old as the last time that this ran"
        context.around.append(
            Routine(name, "refresh", view.name, because=because, source=view.source)
        )
