"""How triggers of MySQL and MariaDB hold the row that those refer to who must come one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from textwrap import indent

from schemawalk.schema.around.firing import Firing
from schemawalk.schema.around.holding import Held
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.writers.around.trigger_words import matched, record
from schemawalk.writers.sql_layout import folded


def held(firing: Firing, row: Held, dialect: Dialect) -> list[str]:
    """The statements of a trigger that fires before a row is written."""
    new, parent = replace(dialect, record="NEW"), replace(dialect, record="parent")
    found = " AND ".join(matched(row.parent_columns, row.columns, parent, new))
    name = dialect.quoted(row.parent)
    asked = f"SELECT COUNT(*) INTO held FROM {name} AS parent WHERE {found} FOR UPDATE;"
    does = (
        "  -- Who comes second waits here: further on each would wait for the other.\n"
        f"  {folded(asked, '    ', first=2)}"
    )
    if firing.events == ("UPDATE",):
        does = f"  IF {changed(row.watched, dialect)} THEN\n{indent(does, '  ')}\n  END IF;"
    return ["  DECLARE held BIGINT;", does]


def changed(columns: Iterable[str], dialect: Dialect) -> str:
    """Whether an UPDATE changes one of the columns."""
    old, new = replace(dialect, record="OLD"), replace(dialect, record="NEW")
    same = " AND ".join(f"{record(new, c)} <=> {record(old, c)}" for c in columns)
    return folded(f"NOT ({same})", "      ", first=6)
