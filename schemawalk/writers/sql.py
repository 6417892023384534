"""The schema as SQL: a first migration, its way back, and the whole schema in one file to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from schemawalk.schema.commented import of_constraints, of_indexes, of_types
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.things import View
from schemawalk.writers import sql_mysql
from schemawalk.writers.around import written
from schemawalk.writers.around.paths import pinned
from schemawalk.writers.sql_partitions import create_parts
from schemawalk.writers.sql_statements import (
    MANNERS,
    add_foreign_key,
    comment,
    comments,
    create_index,
    create_table,
    create_type,
    drop_foreign_key,
    drop_table,
    drop_type,
    waits,
)
from schemawalk.writers.work import Files, Work, header

FOLDER: Final = "migrations/sql"

# The file opens and ends its own transaction: half a schema can never stay behind, whatever
# runs it, and `psql -1` only warns.
_NOTES: Final[Mapping[str, str]] = {
    "postgresql": "-- For PostgreSQL {} and newer. One transaction: all of it, or nothing.\n",
    "sqlite": (
        "-- For SQLite 3.37 and newer. One transaction: run it with sqlite3 -bail, so that all\n"
        "-- of it happens, or nothing. SQLite heeds foreign keys only on connections that said\n"
        "-- PRAGMA foreign_keys = ON; say it on each one.\n"
    ),
}

# A key that is checked at COMMIT lets a table go before the rows that refer to it. SQLite cannot
# follow a CASCADE into a table whose other parent is gone, so cycles need the checks off, which
# it takes only outside a transaction.
_CHECK_LATER: Final = "PRAGMA defer_foreign_keys = ON;"
_CHECKS_OFF: Final = "PRAGMA foreign_keys = OFF;"
_CHECKS_ON: Final = "PRAGMA foreign_keys = ON;"


def files(work: Work) -> Files:
    """The migration that makes the schema, the one that takes it back, and the schema to read."""
    made = up(work.schema, work.dialect)
    return {
        f"{FOLDER}/0001_initial.up.sql": made,
        f"{FOLDER}/0001_initial.down.sql": down(work.schema, work.dialect),
        "schema.sql": made,
    }


def up(schema: Schema, dialect: Dialect) -> str:
    """SQL that makes a schema which `capability.fit` has passed; one transaction, if it can be."""
    groups = up_groups(schema, dialect)
    return _head(schema, dialect) + (_plain(groups) if _commits(dialect) else _transaction(groups))


def down(schema: Schema, dialect: Dialect) -> str:
    """SQL that takes away all that `up` made, with its rows, in the opposite order."""
    if _commits(dialect):
        return _head(schema, dialect) + _plain(down_groups(schema, dialect))
    text = _transaction(down_groups(schema, dialect))
    if _needs_checks_off(schema, dialect):
        text = f"{_CHECKS_OFF}\n\n{text}\n{_CHECKS_ON}\n"
    return _head(schema, dialect) + text


def up_groups(schema: Schema, dialect: Dialect) -> Iterator[str]:
    """What `up` does, without a transaction: types, each table with all that is its own, cycles.

    What stands around the tables comes last, but for what they need to be there.
    """
    around = [(thing, written(thing, schema, dialect)) for thing in schema.around]
    if path := pinned(schema, dialect):
        yield path
    yield from (made.up for thing, made in around if thing.before)
    yield from (create_type(enum, dialect) for enum in schema.enums)
    for table in schema.tables:
        yield from _table_groups(table, dialect)
    for table, key in schema.references():
        if waits(key, dialect):
            yield add_foreign_key(table, key, dialect)
    if said := "\n".join(_late_comments(schema, dialect)):
        yield said
    yield from (made.up for thing, made in around if not thing.before)


def _table_groups(table: Table, dialect: Dialect) -> Iterator[str]:
    if isinstance(dialect, MySQLDialect):
        yield sql_mysql.create_table(table, dialect)
        return
    yield create_table(table, dialect)
    if parts := create_parts(table, dialect):
        yield parts
    if said := "\n".join(comments(table, dialect)):
        yield said
    if said := "\n".join(_constraints_said(table, dialect)):
        yield said
    if made := "\n".join(_indexes(table, dialect)):
        yield made


def _constraints_said(table: Table, dialect: Dialect) -> Iterator[str]:
    """COMMENT ON each constraint that is there from the start."""
    if MANNERS[dialect.name].comments:
        late = {key.name for key in table.foreign_keys if waits(key, dialect)}
        for each in of_constraints(table):
            if each.name not in late:
                yield comment(each, dialect)


def _indexes(table: Table, dialect: Dialect) -> Iterator[str]:
    """CREATE INDEX, each with its comment where it is kept."""
    kept = MANNERS[dialect.name].comments
    told = {each.name: each for each in of_indexes(table)} if kept else {}
    for index in table.indexes:
        yield create_index(table, index, dialect)
        if index.name in told:
            yield comment(told[index.name], dialect)


def _late_comments(schema: Schema, dialect: Dialect) -> Iterator[str]:
    """COMMENT ON the types, and on the keys that waited for all tables."""
    if dialect.name != "postgresql":
        return
    yield from (comment(each, dialect) for each in of_types(schema))
    for table in schema.tables:
        late = {key.name for key in table.foreign_keys if waits(key, dialect)}
        if late:
            yield from (comment(c, dialect) for c in of_constraints(table) if c.name in late)


def down_groups(schema: Schema, dialect: Dialect) -> Iterator[str]:
    """What `down` does, without a transaction: the opposite of `up`, last made first gone."""
    around = [(thing, written(thing, schema, dialect)) for thing in reversed(schema.around)]
    if isinstance(dialect, MySQLDialect):
        yield from (gone.down for _, gone in around if gone.down)
        yield from sql_mysql.drop_tables(schema, dialect)
        return
    waiting = [(table, key) for table, key in schema.references() if waits(key, dialect)]
    groups = (
        [gone.down for thing, gone in around if gone.down and not thing.before],
        [drop_foreign_key(table, key, dialect) for table, key in reversed(waiting)],
        [drop_table(table, dialect) for table in reversed(schema.tables)],
        [drop_type(enum, dialect) for enum in reversed(schema.enums)],
        [gone.down for thing, gone in around if gone.down and thing.before],
    )
    if not dialect.alter_foreign_keys and not _needs_checks_off(schema, dialect):
        yield _CHECK_LATER
    yield from ("\n".join(group) for group in groups if group)


def _needs_checks_off(schema: Schema, dialect: Dialect) -> bool:
    cycles = any(key.deferred for _, key in schema.references())
    return cycles and not dialect.alter_foreign_keys


def _commits(dialect: Dialect) -> bool:
    """Whether each statement stays done by itself, so that a transaction would be a pretence."""
    return isinstance(dialect, MySQLDialect)


def _head(schema: Schema, dialect: Dialect) -> str:
    if isinstance(dialect, MySQLDialect):
        return header("--") + sql_mysql.note(schema, dialect) + "\n"
    return header("--") + _NOTES[dialect.name].format(_oldest(schema)) + "\n"


def _oldest(schema: Schema) -> int:
    """The first PostgreSQL that takes all that the schema needs of it."""
    defaults = {column.default for table in schema.tables for column in table.columns}
    if Call("uuid7") in defaults:
        return 18
    some = any(key.emptied not in ((), key.columns) for _, key in schema.references())
    caller = any(view.rights == "caller" for view in schema.things(View) if not view.materialised)
    return 15 if some or caller else 13


def _plain(groups: Iterable[str]) -> str:
    return "\n\n".join(groups) + "\n"


def _transaction(groups: Iterable[str]) -> str:
    return "\n\n".join(("BEGIN;", *groups, "COMMIT;")) + "\n"
