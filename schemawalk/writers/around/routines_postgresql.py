"""Routines as functions of PostgreSQL, each short enough for one transaction of a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from schemawalk.schema.around.firing import emptying
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.names import LONGEST, fitted
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Policy, Sealed
from schemawalk.writers.around.paths import PATH
from schemawalk.writers.around.routine_parts import assignments, kept_by
from schemawalk.writers.around.writing import Written, dollar_quote
from schemawalk.writers.sql_layout import WIDTH, pieces, remark

_MONTH_NAME: Final = 8
"""Bytes behind a table's name in that of its month: `_2026_05`."""
_UUID_NAME: Final = 33
"""Bytes behind a table's name in that of a parent's part: `_`, and a UUID in hex."""

# FORCE ROW LEVEL SECURITY binds the owner too: who sees no row must not be told that all is well.
_GUARD: Final = """\
  IF row_security_active({table}) AND NOT pg_has_role({role}, 'USAGE') THEN
    RAISE EXCEPTION
        {message},
        current_user USING ERRCODE = 'insufficient_privilege';
  END IF;
"""

_PURGE: Final = """\
CREATE FUNCTION {name}(most integer DEFAULT 1000) RETURNS integer
  LANGUAGE plpgsql {path}
AS {body}
DECLARE
  gone integer;
BEGIN
{guard}  DELETE FROM {table}
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
END
{body};"""

_FORGET: Final = """\
CREATE FUNCTION {name}(person {type}) RETURNS integer
  LANGUAGE plpgsql {path}
AS {body}
DECLARE
  touched integer;
BEGIN
{guard}{first}  {act}
  GET DIAGNOSTICS touched = ROW_COUNT;
{last}  RETURN touched;
END
{body};"""

_REFRESH: Final = """\
CREATE FUNCTION {name}() RETURNS void
  LANGUAGE sql {rights}{path}
AS {body}
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
      ALTER TABLE {table} ATTACH PARTITION {rest} DEFAULT;{sealed}"""

# A trigger on TRUNCATE stands on one table alone: the parts need their own.
_SEAL_PART: Final = """
      EXECUTE format(
        {0}, part);"""

_ROLL_MONTHS: Final = """\
CREATE FUNCTION {name}(
  today date DEFAULT current_date,
  ahead integer DEFAULT 3
) RETURNS integer
  LANGUAGE plpgsql {rights}{path}
AS {body}
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
END
{body};
SELECT {name}();"""

_DROP_MONTHS: Final = """\
  FOR part IN
    SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = {regclass}::regclass AND relname ~ '_[0-9]{{4}}_[0-9]{{2}}$'
      AND to_date(right(relname, 7), 'YYYY_MM') + interval '1 month' <= today - interval '{age}'
  LOOP
    EXECUTE format('DROP TABLE %I', part);
  END LOOP;
  DELETE FROM {rest} AS old
  WHERE old.{column}
    < least({name}.today, current_date) - interval '{age}';
"""

_ROLL_PARENTS: Final = """\
CREATE FUNCTION {name}() RETURNS integer
  LANGUAGE plpgsql {rights}{path}
AS {body}
DECLARE
  parent text;
  part text;
  made integer := 0;
BEGIN
{bare}  FOR parent IN SELECT {of}.{key} FROM {of} ORDER BY 1 LOOP
    part := {prefix} || replace(parent, '-', '');
    IF to_regclass(quote_ident(part)) IS NULL THEN
{make}
      made := made + 1;
    END IF;
  END LOOP;
{bound}  RETURN made;
END
{body};"""

# Its owner must see all rows to make a part for each; nobody else sees the table meanwhile.
_FORCE: Final = "  ALTER TABLE {} {}FORCE ROW LEVEL SECURITY;\n"

_MONTHS_OF: Final = {"date": "'YYYY-MM-DD'", "timestamptz": "'YYYY-MM-DD 00:00+00'"}
"""How a month's first day is written as a bound: in UTC, whatever the session's zone."""


def routine(thing: Routine, schema: Schema, dialect: Dialect) -> Written:
    """CREATE FUNCTION, what is to be run at once, and the way back."""
    made, _ = _MAKERS[thing.purpose](thing, schema, dialect)
    gone = f"DROP FUNCTION {signature(thing, schema, dialect)};"
    return Written(remark(thing.because) + made, gone)


def signature(thing: Routine, schema: Schema, dialect: Dialect) -> str:
    """The function's name and the types of its arguments, which tell it from all others."""
    _, arguments = _MAKERS[thing.purpose](thing, schema, dialect)
    return f"{dialect.quoted(thing.name)}({arguments})"


def _guard(thing: Routine, schema: Schema, dialect: Dialect) -> str:
    """Refuses whoever would see the rows of one tenant at most; nothing where no policy is."""
    forced = {policy.table: policy.forced for policy in schema.things(Policy)}
    closed = [table for table in thing.seen if table in forced]
    if not thing.role or not closed:
        return ""
    decides = next((table for table in closed if forced[table]), closed[0])
    said = f"{thing.name}: % sees the rows of one tenant, or none; SET ROLE {thing.role} first"
    return _GUARD.format(
        table=dialect.literal(dialect.quoted(decides)),
        role=dialect.literal(thing.role),
        message=_literal(said, dialect),
    )


def _closed(schema: Schema) -> set[str]:
    return {policy.table for policy in schema.things(Policy)}


def _rights(thing: Routine) -> str:
    return "SECURITY DEFINER " if thing.rights == "owner" else ""


def _purge(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    table = schema.table(thing.table)
    keys = [dialect.quoted(name) for name in table.primary_key.columns]
    text = _filled(
        _PURGE,
        guard=_guard(thing, schema, dialect),
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
        guard=_guard(thing, schema, dialect),
        name=name,
        type=type_,
        first="".join(calls(dialect.quoted(each)) for each in thing.before_it),
        act=act,
        last="".join(calls(dialect.quoted(each)) for each in thing.after_it),
    )
    return text, type_


def _refresh(thing: Routine, _: Schema, dialect: Dialect) -> tuple[str, str]:
    names = {"name": dialect.quoted(thing.name), "table": dialect.quoted(thing.table)}
    return _filled(_REFRESH, rights=_rights(thing), **names), ""


def _roll(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    if thing.of:
        return _roll_parents(thing, schema, dialect), ""
    return _roll_months(thing, schema, dialect), "date, integer"


def _roll_months(thing: Routine, schema: Schema, dialect: Dialect) -> str:
    table, column = schema.table(thing.table), dialect.quoted(thing.column)
    within, sealed = f"{column} >= %2$L AND {column} < %3$L", _seal_part(table, schema, dialect)
    return _filled(
        _ROLL_MONTHS,
        rights=_rights(thing),
        name=dialect.quoted(thing.name),
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
    return _filled(
        _ROLL_PARENTS,
        rights=_rights(thing),
        name=dialect.quoted(thing.name),
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
    return _SEAL_PART.format(_literal(text, dialect))


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
    attach = f"ALTER TABLE {said_name} ATTACH PARTITION %1$I FOR VALUES {values}"
    texts = (_literal(text, dialect) for text in (create, move, attach))
    return _MAKE_PART.format(*texts, table=name, rest=rest, bounds=bounds, sealed=sealed)


def _literal(text: str, dialect: Dialect) -> str:
    """A literal on as many lines as it needs: literals that follow each other are one."""
    inside = dialect.literal(text)[1:-1]
    return "\n        ".join(f"'{piece}'" for piece in pieces(inside, WIDTH - 10))


def _filled(template: str, **words: object) -> str:
    """The template with its words, its body between quotes that do not occur in them."""
    quote = dollar_quote(" ".join(map(str, words.values())))
    return template.format(**words, path=PATH, body=quote)


_MAKERS: Final[Mapping[str, Callable[[Routine, Schema, Dialect], tuple[str, str]]]] = {
    "purge": _purge,
    "forget": _forget,
    "refresh": _refresh,
    "roll": _roll,
}
"""By purpose: what makes it, and the types of its arguments."""
