"""From answers to what stands around the tables: one stage a subject, in the order of making."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from schemawalk.schema.around.access import add_policies, add_roles
from schemawalk.schema.around.finders import add_finders
from schemawalk.schema.around.forgetting import add_forgets
from schemawalk.schema.around.guards import add_guards
from schemawalk.schema.around.jobs import add_jobs
from schemawalk.schema.around.partitions import add_rolls, cut_tables
from schemawalk.schema.around.protection import add_protection
from schemawalk.schema.around.purging import add_purges
from schemawalk.schema.around.reference_rows import tell_misfits
from schemawalk.schema.around.refreshing import add_refreshes
from schemawalk.schema.around.rule_triggers import add_rule_triggers
from schemawalk.schema.around.stamps import add_stamps
from schemawalk.schema.around.trails import add_trails
from schemawalk.schema.around.views import add_views
from schemawalk.schema.tables.draft import Context

STAGES: Final[tuple[Callable[[Context], None], ...]] = (
    cut_tables,
    add_stamps,
    add_protection,
    add_guards,
    add_rule_triggers,
    add_trails,
    add_rolls,
    add_purges,
    add_forgets,
    add_policies,
    add_views,
    add_refreshes,
    add_roles,
    add_jobs,
    add_finders,
    tell_misfits,
)
"""Each adds to `context.around`, and to the drafts what it needs there (a log's table, a column);
all columns, constraints and indexes of the entities are there when the first one runs."""


def surround(context: Context) -> None:
    """Run every stage; extensions come first, as tables may need them."""
    for stage in STAGES:
        stage(context)
    context.around.sort(key=lambda thing: not thing.before)
