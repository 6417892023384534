"""Rows as INSERT: reference rows one by one, so that each can be there already; others in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from schemawalk.schema.around.reference_rows import ReferenceRow, Sought
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Column, Table
from schemawalk.writers.sql_layout import WIDTH, folded

AT_ONCE: Final = 500
"""Rows of one INSERT."""
LONGEST_ROW: Final = 300
"""Columns that a row of data may take on one line."""

_UNLESS_THERE: Final = "ON CONFLICT DO NOTHING"
_COUNTING: Final[Mapping[str, str]] = {
    "postgresql": "SELECT setval(pg_get_serial_sequence({text}, {column_text}), max({column})) "
    "FROM {table};",
}
"""What lets a column count on from the greatest number that was given."""


class Looked(str):
    """A key that only the database knows: written as the query that looks it up."""

    __slots__ = ("sought",)
    sought: Sought

    def __new__(cls, sought: Sought) -> Looked:
        """Two that look up the same are equal."""
        made = super().__new__(cls, repr(sought))
        made.sought = sought
        return made


def insert_known(row: ReferenceRow, dialect: Dialect) -> str:
    """INSERT of a reference row, unless it is there."""
    table = row.table
    values = {
        name: _looked_up(value, dialect)
        if isinstance(value, Sought)
        else literal(value, table.column(name), dialect)
        for name, value in row.values.items()
    }
    start = f"INSERT INTO {dialect.quoted(table.name)} ({dialect.names(tuple(values))})"
    listed = ", ".join(values.values())
    telling = _telling(table, row.values)
    if telling and _has_conflicts(dialect):
        return _lines(start, f"VALUES ({listed})", _UNLESS_THERE)
    same = " AND ".join(
        f"{dialect.quoted(name)} {'IS NULL' if row.values[name] is None else f'= {values[name]}'}"
        for name in telling or values
    )
    there = f"SELECT 1 FROM {dialect.quoted(table.name)} WHERE {same}"
    source = "" if _has_conflicts(dialect) else " FROM DUAL"
    return _lines(start, f"SELECT {listed}{source}", f"WHERE NOT EXISTS ({there})")


def insert_rows(table: Table, rows: Sequence[Mapping[str, Value]], dialect: Dialect) -> str:
    """INSERT of many rows, as few statements as are still easy to read."""
    columns = [column for column in table.columns if column.generated is None]
    names = dialect.names(tuple(column.name for column in columns))
    start = folded(f"INSERT INTO {dialect.quoted(table.name)} ({names})", "  ")
    said = [list(_texts(row, columns, dialect)) for row in rows]
    stretches = (said[at : at + AT_ONCE] for at in range(0, len(said), AT_ONCE))
    if _has_conflicts(dialect):
        return "\n".join(f"{start} VALUES\n{_values(some)}\n{_UNLESS_THERE};" for some in stretches)
    return "\n".join(f"{start}\n{_selected(table, some, columns, dialect)};" for some in stretches)


def _values(rows: list[list[str]]) -> str:
    return ",\n".join(_row(f"  ({', '.join(row)})") for row in rows)


def _row(line: str) -> str:
    """A row on its line, folded where the line would be too long to read."""
    return line if len(line) < LONGEST_ROW else folded(line, "   ")


def _selected(
    table: Table, rows: list[list[str]], columns: Sequence[Column], dialect: Dialect
) -> str:
    """The rows as a table of their own, of which those are taken that are not there."""
    names = [dialect.quoted(column.name) for column in columns]
    named = ", ".join(f"{text} AS {n}" for text, n in zip(rows[0], names, strict=True))
    first = _row(f"  SELECT {named}")
    listed = "\n".join((first, *(_row(f"  UNION ALL SELECT {', '.join(row)}") for row in rows[1:])))
    keys = [dialect.quoted(name) for name in table.primary_key.columns]
    same = " AND ".join(f"there.{key} = made_up.{key}" for key in keys)
    there = f"SELECT 1 FROM {dialect.quoted(table.name)} AS there WHERE {same}"
    return f"SELECT * FROM (\n{listed}\n) AS made_up\nWHERE NOT EXISTS ({there})"


def counted_on(table: Table, dialect: Dialect) -> str:
    """What must follow rows that bring their own numbers; empty where nothing must."""
    pattern = _COUNTING.get(dialect.name, "")
    counting = [column.name for column in table.columns if column.identity]
    return "\n".join(
        pattern.format(
            text=dialect.literal(dialect.quoted(table.name)),
            column_text=dialect.literal(name),
            column=dialect.quoted(name),
            table=dialect.quoted(table.name),
        )
        for name in counting
        if pattern
    )


def literal(value: Value, column: Column, dialect: Dialect) -> str:
    """A made-up value as the column's type takes it."""
    if isinstance(value, Looked):
        return _looked_up(value.sought, dialect)
    if value is None:
        return "NULL"
    kind = column.type.name
    if kind == "list" and dialect.name == "postgresql":
        return dialect.literal(_array(json.loads(str(value))))
    if kind == "interval" and dialect.name == "postgresql":
        return dialect.literal(f"{value} seconds")
    if kind == "bytes":
        code = str(value).encode().hex()
        return f"'\\x{code}'" if dialect.name == "postgresql" else f"x'{code}'"
    if kind == "timestamptz" and isinstance(dialect, MySQLDialect):
        return dialect.literal(str(value).replace("T", " ").removesuffix("Z"))
    return dialect.literal(value)


def _array(texts: Sequence[str]) -> str:
    """A list as PostgreSQL reads an array (PostgreSQL manual, 8.15.6)."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


def _looked_up(sought: Sought, dialect: Dialect) -> str:
    by = " AND ".join(
        f"{dialect.quoted(name)} = {_known(value, dialect)}" for name, value in sought.by
    )
    column, table = dialect.quoted(sought.column), dialect.quoted(sought.table)
    return f"(SELECT {column} FROM {table} WHERE {by})"


def _known(value: Value | Sought, dialect: Dialect) -> str:
    return _looked_up(value, dialect) if isinstance(value, Sought) else dialect.literal(value)


def _telling(table: Table, given: Mapping[str, object]) -> tuple[str, ...]:
    """The columns by which a row with these is known: what people call it, else its key."""
    keys = (*(unique.columns for unique in table.uniques), table.primary_key.columns)
    return next((key for key in keys if all(given.get(name) is not None for name in key)), ())


def _has_conflicts(dialect: Dialect) -> bool:
    """Whether an INSERT can leave out what is there.

    MySQL's IGNORE would swallow every other mistake as well, and its ON DUPLICATE KEY UPDATE is a
    change, which triggers write down.
    """
    return not isinstance(dialect, MySQLDialect)


def _lines(*clauses: str) -> str:
    line = " ".join(clauses)
    if len(line) < WIDTH:
        return f"{line};"
    return "\n  ".join(folded(clause, "    ", first=3) for clause in clauses) + ";"


def _texts(row: Mapping[str, Value], columns: Sequence[Column], dialect: Dialect) -> Iterator[str]:
    return (literal(row.get(column.name), column, dialect) for column in columns)
