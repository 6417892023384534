"""Routines of SQLite, which has none: views to insert into, whose triggers do the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.routine import Routine
from schemawalk.writers.around.routine_parts import assignments, kept_by
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import remark

_RUN: Final = "_run"
"""Behind the name of a routine's view, in that of its trigger."""

_PURGE: Final = """\
-- To run it: INSERT INTO {name} (most) VALUES (1000);
-- What is left to do: SELECT due FROM {name};
CREATE VIEW {name} AS
SELECT count(*) AS due, 1000 AS most
FROM {table} AS old
WHERE {condition}{kept};
CREATE TRIGGER {run} INSTEAD OF INSERT ON {name}
BEGIN
  DELETE FROM {table}
  WHERE {keys} IN (
    SELECT {old_keys}
    FROM {table} AS old
    WHERE {condition}{kept_within}
    ORDER BY old.{column}
    LIMIT coalesce(NEW.most, 1000)
  );
END;"""

_FORGET: Final = """\
-- To run it: INSERT INTO {name} (person) VALUES (...);
CREATE VIEW {name} AS
SELECT {key} AS person
FROM {table};
CREATE TRIGGER {run} INSTEAD OF INSERT ON {name}
BEGIN
{first}  {act}
{last}END;"""

_AGO: Final = {
    "timestamptz": "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{age}')",
    "date": "date('now', '-{age}')",
}
"""A moment so long ago, as a column of the type keeps it."""


def routine(thing: Routine, schema: Schema, dialect: Dialect) -> Written:
    """CREATE VIEW and CREATE TRIGGER, and the way back."""
    made = _MAKERS[thing.purpose](thing, schema.table(thing.table), dialect)
    down = f"DROP VIEW {dialect.quoted(thing.name)};"
    return Written(remark(thing.because) + made, down)


def _purge(thing: Routine, table: Table, dialect: Dialect) -> str:
    column = dialect.quoted(thing.column)
    keys = [dialect.quoted(name) for name in table.primary_key.columns]
    ago = _AGO[table.column(thing.column).type.name].format(age=thing.age)
    return _PURGE.format(
        name=dialect.quoted(thing.name),
        run=dialect.quoted(thing.name + _RUN),
        table=dialect.quoted(table.name),
        keys=f"({', '.join(keys)})" if len(keys) > 1 else keys[0],
        old_keys=", ".join(f"old.{key}" for key in keys),
        column=column,
        condition=f"old.{column} < {ago}",
        kept=kept_by(thing, dialect, "\n  AND "),
        kept_within=kept_by(thing, dialect, "\n      AND "),
    )


def _forget(thing: Routine, table: Table, dialect: Dialect) -> str:
    key = dialect.quoted(thing.column)
    name = dialect.quoted(table.name)
    if thing.cleared:
        changes = ",\n    ".join(assignments(thing, table, dialect))
        act = f"UPDATE {name} SET\n    {changes}\n  WHERE {key} = NEW.person;"
    else:
        act = f"DELETE FROM {name} WHERE {key} = NEW.person;"
    calls = "  INSERT INTO {} (person) VALUES (NEW.person);\n".format
    return _FORGET.format(
        name=dialect.quoted(thing.name),
        run=dialect.quoted(thing.name + _RUN),
        key=key,
        table=name,
        first="".join(calls(dialect.quoted(each)) for each in thing.before_it),
        act=act,
        last="".join(calls(dialect.quoted(each)) for each in thing.after_it),
    )


_MAKERS: Final[Mapping[str, Callable[[Routine, Table, Dialect], str]]] = {
    "purge": _purge,
    "forget": _forget,
}
"""By purpose; SQLite has no partitions and no materialised views."""
