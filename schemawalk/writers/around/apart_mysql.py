"""What keeps stretches apart in MySQL and MariaDB, which have no exclusions: a trigger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from schemawalk.schema.around.firing import Firing, firings
from schemawalk.schema.around.holding import held_by
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Apart
from schemawalk.writers.around.holding_mysql import changed, held
from schemawalk.writers.around.trigger_words import matched, record, rule_said
from schemawalk.writers.around.triggers_mysql import create, refuse
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import remark

_LOOK: Final = """\
  -- {noted}
  IF {counts}EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE {found}
    LOCK IN SHARE MODE
  ) THEN
{refused}
  END IF;"""

_ALONE: Final = "What others have just committed is seen, however old this transaction's look is."
_TOGETHER: Final = (
    "Two requests at the same moment do not see each other's row: one of them is sent away."
)


def apart(thing: Apart, schema: Schema, dialect: Dialect) -> Written:
    """Refuses a row that overlaps another, whoever writes the other one at the same moment."""
    fired = firings(thing, schema, dialect.name)
    made = [create(each, _body(each, thing, schema, dialect), dialect) for each in fired]
    gone = [f"DROP TRIGGER IF EXISTS {dialect.quoted(each.name)};" for each in reversed(fired)]
    return Written(remark(thing.because) + "\n\n".join(made), "\n".join(gone))


def _body(firing: Firing, thing: Apart, schema: Schema, dialect: Dialect) -> str:
    if firing.timing == "BEFORE" and (row := held_by(thing, schema)):
        return "\n".join(held(firing, row, dialect))
    new, other = replace(dialect, record="NEW"), replace(dialect, record="other")
    keys = schema.table(thing.table).primary_key.columns
    itself = [f"{record(other, key)} <> {record(new, key)}" for key in keys]
    another = itself[0] if len(itself) == 1 else f"({' OR '.join(itself)})"
    rows = [*matched(thing.columns, thing.columns, other, new), another]
    rows += [_before(new, other, thing), _before(other, new, thing)]
    rows += _counted(thing, other)
    moved = [changed(thing.watched, dialect)] if firing.events == ("UPDATE",) else []
    return _LOOK.format(
        noted=_ALONE if held_by(thing, schema) else _TOGETHER,
        counts="".join(f"{each} AND " for each in (*moved, *_counted(thing, new))),
        table=dialect.quoted(thing.table),
        found="\n      AND ".join(rows),
        refused=refuse(thing, rule_said(thing), dialect),
    )


def _counted(thing: Apart, row: Dialect) -> Sequence[str]:
    return () if thing.predicate is None else (f"({row.sql(thing.predicate)})",)


def _before(one: Dialect, other: Dialect, thing: Apart) -> str:
    """Whether one begins before the other is over; what has no beginning or end does."""
    before = "<=" if thing.last_counts else "<"
    return f"COALESCE({record(one, thing.start)} {before} {record(other, thing.end)}, TRUE)"
