"""The schema as MySQL and MariaDB read it: all that is a table's own in one statement.

Indexes stand inside CREATE TABLE: a foreign key that finds none makes one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.schema.comments import (
    LONGEST_OF_COLUMN,
    LONGEST_OF_TABLE,
    sentence,
    shortened,
)
from schemawalk.schema.dialects.index_sql import INDEX_MANNERS, index_body
from schemawalk.schema.dialects.key_sql import reference
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.mysql_columns import kept, source, typed
from schemawalk.schema.model import Column, Index, Schema, Table
from schemawalk.writers.sql_layout import WIDTH, folded, remark
from schemawalk.writers.sql_statements import WIDEST_NAME, constraint, waits

NOTE: Final = (
    "-- For {title} {oldest} and newer. It cannot roll back the making of tables: each\n"
    "-- statement stays done, whatever happens to the next one. After a failure the way down\n"
    "-- starts afresh: it takes away what is there and passes over what is not.\n"
)
OLDEST: Final = {"mysql": "8.0.17", "mariadb": "10.10"}
"""The first version that takes whatever is written: CHECK, and a collation that keeps spaces."""
OLDEST_WITH_INVISIBLE: Final = {**OLDEST, "mysql": "8.0.23"}
"""The first that also has invisible columns (MySQL manual, "Invisible Columns")."""

_CHECKS_OFF: Final = "SET foreign_key_checks = 0;"
_CHECKS_ON: Final = "SET foreign_key_checks = 1;"


def create_table(table: Table, dialect: MySQLDialect) -> str:
    """CREATE TABLE with columns, comments, named constraints, indexes and collation."""
    rows = ",\n".join(_columns(table, dialect))
    rules = ",\n".join(_rules(table, dialect))
    name, said = dialect.quoted(table.name), sentence(table.purpose, table.because)
    end = f") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = {dialect.exact}"
    if said:
        end += f"\n  COMMENT = {_comment(said, LONGEST_OF_TABLE)}"
    return f"CREATE TABLE {name} (\n{rows},\n\n{rules}\n{end};"


def drop_tables(schema: Schema, dialect: MySQLDialect) -> Iterator[str]:
    """DROP TABLE for all that may be there; cycles are taken apart by not looking."""
    drops = [f"DROP TABLE IF EXISTS {dialect.quoted(t.name)};" for t in reversed(schema.tables)]
    if any(key.deferred for _, key in schema.references()):
        drops = [_CHECKS_OFF, *drops, _CHECKS_ON]
    yield "\n".join(drops)


def note(schema: Schema, dialect: MySQLDialect) -> str:
    """What somebody must know who runs the file."""
    hidden = any(column.invisible for table in schema.tables for column in table.columns)
    oldest = (OLDEST_WITH_INVISIBLE if hidden else OLDEST)[dialect.name]
    return NOTE.format(title=dialect.title, oldest=oldest)


def _columns(table: Table, dialect: MySQLDialect) -> Iterator[str]:
    names = [dialect.quoted(column.name) for column in table.columns]
    types = [typed(column, dialect) for column in table.columns]
    wide = max((len(name) for name in names if len(name) <= WIDEST_NAME), default=0)
    broad = max((len(type_) for type_ in types if len(type_) <= WIDEST_NAME), default=0)
    for column, name, type_ in zip(table.columns, names, types, strict=True):
        start = f"  {name:<{wide}}  {type_:<{broad}}"
        yield _column(column, start, source(column, dialect, kept(table, column)))


def _column(column: Column, start: str, value: str) -> str:
    """One column on one line, or what does not fit on lines below."""
    words = "        " if column.nullable else "NOT NULL"
    clauses = [value] if value else []
    if said := sentence(column.purpose, column.because):
        clauses.append(f"COMMENT {_comment(said, LONGEST_OF_COLUMN)}")
    if column.generated is not None:
        words = ""
    line = f"{start}  {words}"
    while clauses and len(f"{line}  {clauses[0]}") < WIDTH:
        line += f"  {clauses.pop(0)}"
    below = (folded(clause, "      ", first=5) for clause in clauses)
    return "\n    ".join((line.rstrip(" "), *below))


def _rules(table: Table, dialect: MySQLDialect) -> Iterator[str]:
    primary = table.primary_key
    yield constraint(dialect, primary.name, f"PRIMARY KEY ({dialect.names(primary.columns)})")
    for unique in table.uniques:
        yield constraint(dialect, unique.name, f"UNIQUE ({dialect.names(unique.columns)})")
    for check in table.checks:
        yield constraint(dialect, check.name, f"CHECK ({dialect.sql(check.expression)})")
    for key in table.foreign_keys:
        if not waits(key, dialect):
            rule = constraint(dialect, key.name, reference(key, dialect))
            yield remark(key.because, "  ") + rule
    yield from (_index(index, dialect) for index in table.indexes)


def _index(index: Index, dialect: MySQLDialect) -> str:
    """An index as a line of CREATE TABLE, with the query that it serves as its comment."""
    kind = "UNIQUE " if index.unique else INDEX_MANNERS[dialect.name].kinds.get(index.method, "")
    line = f"  {kind}INDEX {dialect.quoted(index.name)} {_body(index, dialect)}"
    made = folded(line, "    ")
    if said := sentence("", index.because):
        comment = f"COMMENT {_comment(said, LONGEST_OF_COLUMN)}"
        joint = " " if len(line) + len(comment) + 2 <= WIDTH else "\n    "
        made += joint + folded(comment, "      ", first=5)
    return made


def _body(index: Index, dialect: MySQLDialect) -> str:
    """The parts of an index, and at their end what stands for its predicate."""
    body = index_body(index, dialect)
    return f"{body[:-1]}, {dialect.quoted(index.guard)})" if index.guard else body


def _comment(said: str, longest: int) -> str:
    """A comment as a literal that ends where it should, however a backslash is read."""
    kept = shortened(said, longest)
    return "'" + kept.replace("\\", "\\\\").replace("'", "''") + "'"
