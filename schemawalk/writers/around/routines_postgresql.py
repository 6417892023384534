"""Routines as functions of PostgreSQL, each short enough for one transaction of a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.names import LONGEST, fitted
from schemawalk.schema.routine import Routine
from schemawalk.writers.around.routine_parts import assignments, kept_by
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import WIDTH, pieces, remark

_MONTH_NAME: Final = 8
"""Bytes behind a table's name in that of its month: `_2026_05`."""
_UUID_NAME: Final = 33
"""Bytes behind a table's name in that of a parent's part: `_`, and a UUID in hex."""

_PURGE: Final = """\
CREATE FUNCTION {name}(most integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql AS {body}
DECLARE
  gone integer;
BEGIN
  DELETE FROM {table}
  WHERE {keys} IN (
    SELECT {old_keys}
    FROM {table} AS old
    WHERE old.{column} < now() - interval '{age}'{kept}
    ORDER BY old.{column}
    LIMIT {name}.most
    FOR UPDATE SKIP LOCKED
  );
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END {body};"""

_FORGET: Final = """\
CREATE FUNCTION {name}(person {type}) RETURNS integer
LANGUAGE plpgsql AS {body}
DECLARE
  touched integer;
BEGIN
{first}  {act}
  GET DIAGNOSTICS touched = ROW_COUNT;
{last}  RETURN touched;
END {body};"""

_REFRESH: Final = """\
CREATE FUNCTION {name}() RETURNS void
LANGUAGE sql AS {body}
  REFRESH MATERIALIZED VIEW CONCURRENTLY {table};
{body};"""

# A part that the rest holds rows of already cannot be made while the rest is attached: its rows
# move over first.  Detached, they move without a trigger that would log them as gone.
_MAKE_PART: Final = """\
      EXECUTE format(
        {0}, part);
      ALTER TABLE {table} DETACH PARTITION {rest};
      EXECUTE format(
        {1},
        part, {bounds});
      EXECUTE format(
        {2},
        part, {bounds});
      ALTER TABLE {table} ATTACH PARTITION {rest} DEFAULT;"""

_ROLL_MONTHS: Final = """\
CREATE FUNCTION {name}(today date DEFAULT current_date, ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql AS {body}
DECLARE
  month date := date_trunc('month', today);
  since text;
  until text;
  part text;
  made integer := 0;
BEGIN
  WHILE month <= today + make_interval(months => ahead) LOOP
    part := {prefix} || to_char(month, '_YYYY_MM');
    since := to_char(month, {form});
    until := to_char(month + interval '1 month', {form});
    IF to_regclass(quote_ident(part)) IS NULL THEN
{make}
      made := made + 1;
    END IF;
    month := month + interval '1 month';
  END LOOP;
{drop}  RETURN made;
END {body};
SELECT {name}();"""

_DROP_MONTHS: Final = """\
  FOR part IN
    SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = {regclass}::regclass AND relname ~ '_[0-9]{{4}}_[0-9]{{2}}$'
      AND to_date(right(relname, 7), 'YYYY_MM') + interval '1 month' <= today - interval '{age}'
  LOOP
    EXECUTE format('DROP TABLE %I', part);
  END LOOP;
  DELETE FROM {rest}
  WHERE {rest}.{column} < least({name}.today, current_date) - interval '{age}';
"""

_ROLL_PARENTS: Final = """\
CREATE FUNCTION {name}() RETURNS integer
LANGUAGE plpgsql AS {body}
DECLARE
  parent text;
  part text;
  made integer := 0;
BEGIN
  FOR parent IN SELECT {of}.{key} FROM {of} ORDER BY 1 LOOP
    part := {prefix} || replace(parent, '-', '');
    IF to_regclass(quote_ident(part)) IS NULL THEN
{make}
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END {body};"""

_MONTHS_OF: Final = {"date": "'YYYY-MM-DD'", "timestamptz": "'YYYY-MM-DD 00:00+00'"}
"""How a month's first day is written as a bound: in UTC, whatever the session's zone."""


def routine(thing: Routine, schema: Schema, dialect: Dialect) -> Written:
    """CREATE FUNCTION, what is to be run at once, and the way back."""
    made, arguments = _MAKERS[thing.purpose](thing, schema, dialect)
    name = dialect.quoted(thing.name)
    return Written(remark(thing.because) + made, f"DROP FUNCTION {name}({arguments});")


def _purge(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    table = schema.table(thing.table)
    keys = [dialect.quoted(name) for name in table.primary_key.columns]
    text = _filled(
        _PURGE,
        name=dialect.quoted(thing.name),
        table=dialect.quoted(table.name),
        keys=f"({', '.join(keys)})" if len(keys) > 1 else keys[0],
        old_keys=", ".join(f"old.{key}" for key in keys),
        column=dialect.quoted(thing.column),
        age=thing.age,
        kept=kept_by(thing, dialect, "\n      AND "),
    )
    return text, "integer"


def _forget(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    table = schema.table(thing.table)
    name, owner = dialect.quoted(thing.name), dialect.quoted(table.name)
    where = f"WHERE {owner}.{dialect.quoted(thing.column)} = {name}.person;"
    if thing.cleared:
        changes = ",\n    ".join(assignments(thing, table, dialect))
        act = f"UPDATE {owner} SET\n    {changes}\n  {where}"
    else:
        act = f"DELETE FROM {owner} {where}"
    calls = "  PERFORM {}(person);\n".format
    type_ = dialect.type(table.column(thing.column).type)
    text = _filled(
        _FORGET,
        name=name,
        type=type_,
        first="".join(calls(dialect.quoted(each)) for each in thing.before_it),
        act=act,
        last="".join(calls(dialect.quoted(each)) for each in thing.after_it),
    )
    return text, type_


def _refresh(thing: Routine, _: Schema, dialect: Dialect) -> tuple[str, str]:
    names = {"name": dialect.quoted(thing.name), "table": dialect.quoted(thing.table)}
    return _filled(_REFRESH, **names), ""


def _roll(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    table = schema.table(thing.table)
    if thing.of:
        return _roll_parents(thing, table, dialect), ""
    return _roll_months(thing, table, dialect), "date, integer"


def _roll_months(thing: Routine, table: Table, dialect: Dialect) -> str:
    column = dialect.quoted(thing.column)
    within = f"{column} >= %2$L AND {column} < %3$L"
    return _filled(
        _ROLL_MONTHS,
        name=dialect.quoted(thing.name),
        form=_MONTHS_OF[table.column(thing.column).type.name],
        prefix=dialect.literal(fitted(table.name, LONGEST - _MONTH_NAME)),
        make=_make_part(table, dialect, within, "FROM (%2$L) TO (%3$L)", "since, until"),
        drop=_drop_months(thing, table, dialect) if thing.age else "",
    )


def _drop_months(thing: Routine, table: Table, dialect: Dialect) -> str:
    assert table.partition is not None
    return _DROP_MONTHS.format(
        name=dialect.quoted(thing.name),
        regclass=dialect.literal(dialect.quoted(table.name)),
        rest=dialect.quoted(table.partition.rest),
        column=dialect.quoted(thing.column),
        age=thing.age,
    )


def _roll_parents(thing: Routine, table: Table, dialect: Dialect) -> str:
    key = next(k for k in table.foreign_keys if k.columns == (thing.column,))
    within = f"{dialect.quoted(thing.column)} = %2$L"
    return _filled(
        _ROLL_PARENTS,
        name=dialect.quoted(thing.name),
        key=dialect.quoted(key.referenced_columns[0]),
        of=dialect.quoted(thing.of),
        prefix=dialect.literal(fitted(table.name, LONGEST - _UUID_NAME) + "_"),
        make=_make_part(table, dialect, within, "IN (%2$L)", "parent"),
    )


def _make_part(table: Table, dialect: Dialect, within: str, values: str, bounds: str) -> str:
    """The statements that make one part: `part` is its name, `bounds` what is in it."""
    assert table.partition is not None
    name, rest = dialect.quoted(table.name), dialect.quoted(table.partition.rest)
    said_name, said_rest = name.replace("%", "%%"), rest.replace("%", "%%")
    written = tuple(column.name for column in table.columns if column.generated is None)
    columns = dialect.names(written).replace("%", "%%")
    create = (
        f"CREATE TABLE %1$I (LIKE {said_name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS "
        "INCLUDING GENERATED)"
    )
    move = (
        f"WITH moved AS (DELETE FROM {said_rest} WHERE {within} RETURNING *) "
        f"INSERT INTO %1$I ({columns}) SELECT {columns} FROM moved"
    )
    attach = f"ALTER TABLE {said_name} ATTACH PARTITION %1$I FOR VALUES {values}"
    texts = (_literal(text, dialect) for text in (create, move, attach))
    return _MAKE_PART.format(*texts, table=name, rest=rest, bounds=bounds)


def _literal(text: str, dialect: Dialect) -> str:
    """A literal on as many lines as it needs: literals that follow each other are one."""
    inside = dialect.literal(text)[1:-1]
    return "\n        ".join(f"'{piece}'" for piece in pieces(inside, WIDTH - 10))


def _filled(template: str, **words: object) -> str:
    """The template with its words, its body between quotes that do not occur in them."""
    tag = "$$"
    while any(tag in str(word) for word in words.values()):
        tag = f"$body{len(tag)}$"
    return template.format(**words, body=tag)


_MAKERS: Final[Mapping[str, Callable[[Routine, Schema, Dialect], tuple[str, str]]]] = {
    "purge": _purge,
    "forget": _forget,
    "refresh": _refresh,
    "roll": _roll,
}
"""By purpose: what makes it, and the types of its arguments."""
