"""Routines as functions of PostgreSQL, each short enough for one transaction of a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from schemawalk.schema.around.protection import NOBODYS, key_of
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Policy
from schemawalk.writers.around.finders_postgresql import find
from schemawalk.writers.around.fresh_look import fresh_look
from schemawalk.writers.around.functions_postgresql import filled, literal, rights
from schemawalk.writers.around.rolls_postgresql import roll
from schemawalk.writers.around.routine_parts import assignments, kept_by
from schemawalk.writers.around.writing import Written
from schemawalk.writers.sql_layout import remark

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
  LANGUAGE plpgsql {path}{key}
AS {body}
DECLARE
  touched integer;
BEGIN
{guard}{held}{first}  {act}
  GET DIAGNOSTICS touched = ROW_COUNT;
{last}  RETURN touched;
END
{body};"""

# A row that refers to the person keeps theirs from being locked until it is committed or gone.
_HELD: Final = """\
{fresh}  -- Whoever is just writing about the person is waited for, or would be overlooked.
  PERFORM FROM {owner} WHERE {key} = {name}.person FOR UPDATE;
"""

_REFRESH: Final = """\
CREATE FUNCTION {name}() RETURNS void
  LANGUAGE sql {rights}{path}
AS {body}
  REFRESH MATERIALIZED VIEW CONCURRENTLY {table};
{body};"""


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
        message=literal(said, dialect),
    )


def _purge(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    table = schema.table(thing.table)
    keys = [dialect.quoted(name) for name in table.primary_key.columns]
    text = filled(
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
    text = filled(
        _FORGET,
        guard=_guard(thing, schema, dialect),
        name=name,
        type=type_,
        key=_key(thing, schema, dialect),
        held=_held(thing, owner, dialect) if thing.before_it else "",
        first="".join(calls(dialect.quoted(each)) for each in thing.before_it),
        act=act,
        last="".join(calls(dialect.quoted(each)) for each in thing.after_it),
    )
    return text, type_


def _key(thing: Routine, schema: Schema, dialect: Dialect) -> str:
    """Lets what is encrypted be overwritten by who has no key to it."""
    setting = key_of(thing, schema)
    return f"\n  SET {setting} = {dialect.literal(NOBODYS)}" if setting else ""


def _held(thing: Routine, owner: str, dialect: Dialect) -> str:
    """Locks the person's row, so that all that refers to it is there to be seen."""
    name = dialect.quoted(thing.name)
    key = f"{owner}.{dialect.quoted(thing.column)}"
    return _HELD.format(fresh=fresh_look(thing.name, dialect), owner=owner, key=key, name=name)


def _refresh(thing: Routine, _: Schema, dialect: Dialect) -> tuple[str, str]:
    names = {"name": dialect.quoted(thing.name), "table": dialect.quoted(thing.table)}
    return filled(_REFRESH, rights=rights(thing), **names), ""


_MAKERS: Final[Mapping[str, Callable[[Routine, Schema, Dialect], tuple[str, str]]]] = {
    "purge": _purge,
    "forget": _forget,
    "refresh": _refresh,
    "roll": roll,
    "find": find,
}
"""By purpose: what makes it, and the types of its arguments."""
