"""Routines that make and drop the parts of tables, as functions of PostgreSQL."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.around.firing import emptying
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.names import LONGEST, fitted
from schemawalk.schema.routine import PATIENCE, Routine
from schemawalk.schema.things import Policy, Sealed
from schemawalk.writers.around.functions_postgresql import filled, literal, rights

_MONTH_NAME: Final = 8
"""Bytes behind a table's name in that of its month: `_2026_05`."""
_UUID_NAME: Final = 33
"""Bytes behind a table's name in that of a parent's part: `_`, and a UUID in hex."""

# A part that the rest holds rows of already cannot be made while the rest is attached: its rows
# move over first.  Detached, they move without a trigger that would log them as gone.  To attach it
# again stops all who read the tables that it refers to, so it stays where nothing is to be moved.
_MAKE_PART: Final = """\
      LOCK TABLE ONLY {rest} IN ACCESS EXCLUSIVE MODE;
      EXECUTE pg_catalog.format(
        {0}, part);
      EXECUTE pg_catalog.format(
        {1},
        part, {bounds}) INTO early;
      IF early THEN
        ALTER TABLE {table} DETACH PARTITION {rest};
        EXECUTE pg_catalog.format(
          {2},
          part, {bounds});
      END IF;
      EXECUTE pg_catalog.format(
        {3},
        part, {bounds});
      IF early THEN
        ALTER TABLE {table} ATTACH PARTITION {rest} DEFAULT;
      END IF;{sealed}"""

# A trigger on TRUNCATE stands on one table alone: the parts need their own.
_SEAL_PART: Final = """
      EXECUTE pg_catalog.format(
        {0}, part);"""

# Names and types are those that fit exactly, or stand with their schema: what takes a value of any
# type may be somebody else's where others can make functions.
_ROLL_MONTHS: Final = """\
CREATE FUNCTION {name}(
  today date DEFAULT current_date,
  ahead integer DEFAULT 3
) RETURNS integer
  LANGUAGE plpgsql {rights}{path}{patience}
AS {body}
DECLARE
  month date := pg_catalog.date_trunc('month', today);
  since text;
  until text;
  part text;
  early boolean;
  made integer := 0;
BEGIN
{alone}  WHILE month <= today + pg_catalog.make_interval(months => ahead) LOOP
    part := {prefix} || pg_catalog.to_char(month, '_YYYY_MM');
    since := pg_catalog.to_char(month, {form});
    until := pg_catalog.to_char(month + interval '1 month', {form});
    IF to_regclass(quote_ident(part)) IS NULL THEN
{make}
      made := made + 1;
    END IF;
    month := month + interval '1 month';
  END LOOP;
{drop}  RETURN made;
END
{body};
SELECT {name}();"""

_DROP_MONTHS: Final = """\
  FOR part IN
    SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = {regclass}::regclass::oid AND relname::text ~ '_[0-9]{{4}}_[0-9]{{2}}$'
      AND to_date(right(relname::text, 7), 'YYYY_MM')
        + interval '1 month' <= today - interval '{age}'
  LOOP
    EXECUTE pg_catalog.format('DROP TABLE %I', part);
  END LOOP;
  DELETE FROM {rest} AS old
  WHERE old.{column}
    < least({name}.today, current_date) - interval '{age}';
"""

_ROLL_PARENTS: Final = """\
CREATE FUNCTION {name}() RETURNS integer
  LANGUAGE plpgsql {rights}{path}{patience}
AS {body}
DECLARE
  parent text;
  part text;
  early boolean;
  made integer := 0;
BEGIN
{alone}{bare}  FOR parent IN SELECT {of}.{key} FROM {of} ORDER BY 1 LOOP
    part := {prefix} || replace(parent, '-', '');
    IF to_regclass(quote_ident(part)) IS NULL THEN
{make}
      made := made + 1;
    END IF;
  END LOOP;
{bound}  RETURN made;
END
{body};"""

# Whoever wants a lock stops all who come after: a roll that must wait gives up, and says so.
_PATIENT: Final = f"\n  SET lock_timeout = '{PATIENCE}'"
# Two jobs at once would both find that a part is missing, and the later one fail to make it.
_ALONE: Final = "  LOCK TABLE ONLY {} IN SHARE UPDATE EXCLUSIVE MODE;\n"

# Its owner must see all rows to make a part for each; nobody else sees the table meanwhile.
_FORCE: Final = "  ALTER TABLE {} {}FORCE ROW LEVEL SECURITY;\n"

_MONTHS_OF: Final = {"date": "'YYYY-MM-DD'", "timestamptz": "'YYYY-MM-DD 00:00+00'"}
"""How a month's first day is written as a bound: in UTC, whatever the session's zone."""


def _closed(schema: Schema) -> set[str]:
    return {policy.table for policy in schema.things(Policy)}


def roll(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    """The function, and the types of its arguments."""
    if thing.of:
        return _roll_parents(thing, schema, dialect), ""
    return _roll_months(thing, schema, dialect), "date, integer"


def _roll_months(thing: Routine, schema: Schema, dialect: Dialect) -> str:
    table, column = schema.table(thing.table), dialect.quoted(thing.column)
    within, sealed = f"{column} >= %2$L AND {column} < %3$L", _seal_part(table, schema, dialect)
    return filled(
        _ROLL_MONTHS,
        rights=rights(thing),
        patience=_PATIENT,
        name=dialect.quoted(thing.name),
        alone=_ALONE.format(dialect.quoted(table.name)),
        form=_MONTHS_OF[table.column(thing.column).type.name],
        prefix=dialect.literal(fitted(table.name, LONGEST - _MONTH_NAME)),
        make=_make_part(table, dialect, within, "FROM (%2$L) TO (%3$L)", "since, until", sealed),
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


def _roll_parents(thing: Routine, schema: Schema, dialect: Dialect) -> str:
    table, of = schema.table(thing.table), dialect.quoted(thing.of)
    closed = thing.of in _closed(schema)
    key = next(k for k in table.foreign_keys if k.columns == (thing.column,))
    within = f"{dialect.quoted(thing.column)} = %2$L"
    return filled(
        _ROLL_PARENTS,
        rights=rights(thing),
        patience=_PATIENT,
        name=dialect.quoted(thing.name),
        alone=_ALONE.format(dialect.quoted(table.name)),
        key=dialect.quoted(key.referenced_columns[0]),
        of=of,
        bare=_FORCE.format(of, "NO ") if closed else "",
        bound=_FORCE.format(of, "") if closed else "",
        prefix=dialect.literal(fitted(table.name, LONGEST - _UUID_NAME) + "_"),
        make=_make_part(
            table, dialect, within, "IN (%2$L)", "parent", _seal_part(table, schema, dialect)
        ),
    )


def _seal_part(table: Table, schema: Schema, dialect: Dialect) -> str:
    """The statement that keeps a new part from being emptied, where the table may not be."""
    seals = (emptying(seal, schema) for seal in schema.things(Sealed) if seal.table == table.name)
    firing = next((firing for firing in seals if firing is not None), None)
    if firing is None:
        return ""
    name, function = (
        dialect.quoted(each).replace("%", "%%") for each in (firing.name, firing.function)
    )
    text = (
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON %1$I "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
    return _SEAL_PART.format(literal(text, dialect))


def _make_part(
    table: Table, dialect: Dialect, within: str, values: str, bounds: str, sealed: str
) -> str:
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
    early = f"SELECT EXISTS (SELECT FROM {said_rest} WHERE {within})"
    attach = f"ALTER TABLE {said_name} ATTACH PARTITION %1$I FOR VALUES {values}"
    texts = (literal(text, dialect) for text in (create, early, move, attach))
    return _MAKE_PART.format(*texts, table=name, rest=rest, bounds=bounds, sealed=sealed)
