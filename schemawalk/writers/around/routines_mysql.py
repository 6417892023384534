"""Routines as procedures of MySQL and MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.routine import Routine
from schemawalk.writers.around.routine_parts import assignments, kept_by
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import remark

# Joined: DELETE ... WHERE ... IN would read the whole table, and keep each row locked to the end.
# In this order: what somebody else works on is left to the next call, and not even looked at.
_PURGE: Final = """\
CREATE PROCEDURE {name}(most INT)
DELETE gone FROM (
  SELECT {old_keys}
  FROM {table} AS old
  WHERE old.{column} < {now} - INTERVAL {count} {unit}{kept}
  ORDER BY old.{column}
  LIMIT most
  FOR UPDATE SKIP LOCKED
) AS chosen
STRAIGHT_JOIN {table} AS gone ON {same};"""

_FORGET: Final = """\
DELIMITER //
CREATE PROCEDURE {name}(person {type})
BEGIN
{held}{first}  {act}
{last}END //
DELIMITER ;"""

_HELD: Final = """\
  -- Whoever is just writing about the person is waited for, or would be overlooked.
  BEGIN
    DECLARE many BIGINT;
    SELECT COUNT(*) INTO many FROM {table} {where}
      FOR UPDATE;
  END;
"""


def routine(thing: Routine, schema: Schema, dialect: Dialect) -> Written:
    """CREATE PROCEDURE, and the way back."""
    made = _MAKERS[thing.purpose](thing, schema.table(thing.table), dialect)
    return Written(
        remark(thing.because) + made, f"DROP PROCEDURE IF EXISTS {dialect.quoted(thing.name)};"
    )


def _purge(thing: Routine, table: Table, dialect: Dialect) -> str:
    assert thing.age is not None
    keys = [dialect.quoted(name) for name in table.primary_key.columns]
    day = table.column(thing.column).type.name == "date"
    return _PURGE.format(
        name=dialect.quoted(thing.name),
        table=dialect.quoted(table.name),
        old_keys=", ".join(f"old.{key}" for key in keys),
        column=dialect.quoted(thing.column),
        now="UTC_DATE()" if day else "UTC_TIMESTAMP(6)",
        count=thing.age.count,
        unit=thing.age.unit.upper(),
        kept=kept_by(thing, dialect, "\n    AND "),
        same=" AND ".join(f"gone.{key} = chosen.{key}" for key in keys),
    )


def _forget(thing: Routine, table: Table, dialect: Dialect) -> str:
    name = dialect.quoted(table.name)
    found = f"WHERE {name}.{dialect.quoted(thing.column)} = person"
    if thing.cleared:
        changes = ",\n    ".join(assignments(thing, table, dialect))
        act = f"UPDATE {name} SET\n    {changes}\n  {found};"
    else:
        act = f"DELETE FROM {name} {found};"
    calls = "  CALL {}(person);\n".format
    return _FORGET.format(
        name=dialect.quoted(thing.name),
        type=dialect.type(table.column(thing.column).type),
        # UPDATE passes over a row that is not committed yet (READ COMMITTED); a locking read waits.
        held=_HELD.format(table=name, where=found) if thing.before_it or thing.cleared else "",
        first="".join(calls(dialect.quoted(each)) for each in thing.before_it),
        act=act,
        last="".join(calls(dialect.quoted(each)) for each in thing.after_it),
    )


_MAKERS: Final[Mapping[str, Callable[[Routine, Table, Dialect], str]]] = {
    "purge": _purge,
    "forget": _forget,
}
"""By purpose; these have no partitions beside foreign keys, and keep no views as rows."""
