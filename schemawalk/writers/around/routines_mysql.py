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

# The rows are chosen in a table of their own: neither database deletes from what it reads.
_PURGE: Final = """\
CREATE PROCEDURE {name}(most INT)
DELETE FROM {table}
WHERE {keys} IN (
  SELECT {listed} FROM (
    SELECT {old_keys}
    FROM {table} AS old
    WHERE old.{column} < {now} - INTERVAL {count} {unit}{kept}
    ORDER BY old.{column}
    LIMIT most
  ) AS chosen
);"""

_FORGET: Final = """\
DELIMITER //
CREATE PROCEDURE {name}(person {type})
BEGIN
{first}  {act}
{last}END //
DELIMITER ;"""


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
        keys=f"({', '.join(keys)})" if len(keys) > 1 else keys[0],
        listed=", ".join(keys),
        old_keys=", ".join(f"old.{key}" for key in keys),
        column=dialect.quoted(thing.column),
        now="UTC_DATE()" if day else "UTC_TIMESTAMP(6)",
        count=thing.age.count,
        unit=thing.age.unit.upper(),
        kept=kept_by(thing, dialect, "\n      AND "),
    )


def _forget(thing: Routine, table: Table, dialect: Dialect) -> str:
    name = dialect.quoted(table.name)
    where = f"WHERE {name}.{dialect.quoted(thing.column)} = person;"
    if thing.cleared:
        changes = ",\n    ".join(assignments(thing, table, dialect))
        act = f"UPDATE {name} SET\n    {changes}\n  {where}"
    else:
        act = f"DELETE FROM {name} {where}"
    calls = "  CALL {}(person);\n".format
    return _FORGET.format(
        name=dialect.quoted(thing.name),
        type=dialect.type(table.column(thing.column).type),
        first="".join(calls(dialect.quoted(each)) for each in thing.before_it),
        act=act,
        last="".join(calls(dialect.quoted(each)) for each in thing.after_it),
    )


_MAKERS: Final[Mapping[str, Callable[[Routine, Table, Dialect], str]]] = {
    "purge": _purge,
    "forget": _forget,
}
"""By purpose; these have no partitions beside foreign keys, and keep no views as rows."""
