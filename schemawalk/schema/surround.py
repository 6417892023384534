"""From answers to what stands around the tables: one stage a subject, in the order of making."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from schemawalk.schema.draft import Context

STAGES: Final[tuple[Callable[[Context], None], ...]] = ()
"""Each adds to `context.around`, and to the drafts what it needs there (a log's table, a column);
all columns, constraints and indexes of the entities are there when the first one runs."""


def surround(context: Context) -> None:
    """Run every stage; extensions come first, as tables may need them."""
    for stage in STAGES:
        stage(context)
    context.around.sort(key=lambda thing: not thing.before)
