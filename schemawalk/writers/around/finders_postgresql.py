"""Functions that find a row before it is known whose it is, as SQL of PostgreSQL."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.routine import Routine, given_name
from schemawalk.writers.around.functions_postgresql import filled

_FIND: Final = """\
CREATE FUNCTION {name}({given})
  RETURNS TABLE ({told})
  LANGUAGE sql STABLE SECURITY DEFINER {path}
AS {body}
  SELECT {shown}
  FROM {table} AS found
  WHERE {conditions}{alone}
{body};"""
_ALONE: Final = """
    AND NOT EXISTS (
      SELECT FROM {table} AS other
      WHERE {conditions}
        AND {theirs} <> {own}
    )"""


def find(thing: Routine, schema: Schema, dialect: Dialect) -> tuple[str, str]:
    """The function, and the types of its arguments."""
    table = schema.table(thing.table)
    given = [table.column(name) for name in thing.compared]
    types = [dialect.type(column.type) for column in given]
    arguments = zip((dialect.quoted(given_name(c.name)) for c in given), types, strict=True)
    told = (f"{dialect.quoted(c)} {dialect.type(table.column(c).type)}" for c in thing.shown)
    words = {
        "name": dialect.quoted(thing.name),
        "given": ", ".join(f"{name} {type_}" for name, type_ in arguments),
        "told": ", ".join(told),
        "shown": _each("found", thing.shown, dialect),
        "table": dialect.quoted(thing.table),
        "conditions": _conditions(thing, "found", "\n    AND ", dialect),
        "alone": _alone(thing, table, dialect) if thing.alone else "",
    }
    return filled(_FIND, **words), ", ".join(types)


def _alone(thing: Routine, table: Table, dialect: Dialect) -> str:
    keys = table.primary_key.columns
    return _ALONE.format(
        table=dialect.quoted(thing.table),
        conditions=_conditions(thing, "other", "\n        AND ", dialect),
        theirs=_as_one("other", keys, dialect),
        own=_as_one("found", keys, dialect),
    )


def _each(row: str, columns: tuple[str, ...], dialect: Dialect) -> str:
    return ", ".join(f"{row}.{dialect.quoted(column)}" for column in columns)


def _as_one(row: str, columns: tuple[str, ...], dialect: Dialect) -> str:
    each = _each(row, columns, dialect)
    return f"({each})" if len(columns) > 1 else each


def _conditions(thing: Routine, row: str, joint: str, dialect: Dialect) -> str:
    """What is true of the row that is found; a name alone means the innermost table's column."""
    same = [_same(thing, name, row, dialect) for name in thing.compared]
    among = [f"({dialect.sql(thing.among)})"] if thing.among is not None else []
    return joint.join((*same, *among))


def _same(thing: Routine, column: str, row: str, dialect: Dialect) -> str:
    own = f"{row}.{dialect.quoted(column)}"
    given = f"{dialect.quoted(thing.name)}.{dialect.quoted(given_name(column))}"
    # PostgreSQL folds such texts by lower() alone, as their index does.
    return f"lower({own}) = lower({given})" if column in thing.folded else f"{own} = {given}"
