"""What stands around the tables as SQL: one function a kind and database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from schemawalk.schema.commented import of_thing
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import (
    AllRows,
    Apart,
    Extension,
    Grant,
    Owner,
    Policy,
    Role,
    Thing,
    View,
)
from schemawalk.statements import delimited, statements
from schemawalk.writers.around.apart_mysql import apart as mysql_apart
from schemawalk.writers.around.extensions import extension
from schemawalk.writers.around.policies import all_rows, policy
from schemawalk.writers.around.roles import grant, mysql_grant, mysql_role, owner, role
from schemawalk.writers.around.routines_mysql import routine as mysql_routine
from schemawalk.writers.around.routines_postgresql import routine as postgresql_routine
from schemawalk.writers.around.routines_postgresql import signature
from schemawalk.writers.around.routines_sqlite import routine as sqlite_routine
from schemawalk.writers.around.triggers_mysql import MYSQL_TRIGGERS
from schemawalk.writers.around.triggers_postgresql import POSTGRESQL_TRIGGERS
from schemawalk.writers.around.triggers_sqlite import SQLITE_TRIGGERS
from schemawalk.writers.around.views import mysql_view, postgresql_view, sqlite_view
from schemawalk.writers.around.writing import Write as Write
from schemawalk.writers.around.writing import Written as Written
from schemawalk.writers.sql_layout import narrow
from schemawalk.writers.sql_statements import comment

_MYSQL: Final[Mapping[type, Write]] = {
    **MYSQL_TRIGGERS,
    Apart: mysql_apart,
    View: mysql_view,
    Routine: mysql_routine,
    Role: mysql_role,
    Grant: mysql_grant,
}

WRITES: Final[Mapping[str, Mapping[type, Write]]] = {
    "postgresql": {
        **POSTGRESQL_TRIGGERS,
        Extension: extension,
        View: postgresql_view,
        Routine: postgresql_routine,
        Policy: policy,
        AllRows: all_rows,
        Role: role,
        Grant: grant,
        Owner: owner,
    },
    "sqlite": {
        **SQLITE_TRIGGERS,
        View: sqlite_view,
        Routine: sqlite_routine,
    },
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
"""By database and kind of thing.  `capability.fit` has taken out what a database lacks."""


def apart(text: str, dialect: Dialect) -> tuple[str, ...]:
    """The statements of what was written one by one, for tools that take one at a time."""
    if isinstance(dialect, MySQLDialect):
        return delimited(text)
    if dialect.name == "sqlite":
        import sqlite3

        return statements(text, sqlite3.complete_statement)
    return statements(text)


def written(thing: Thing, schema: Schema, dialect: Dialect) -> Written:
    """The SQL of one thing; raises KeyError when the capability pass let through what it lacks."""
    made = WRITES[dialect.name][type(thing)](thing, schema, dialect)
    said = "".join(f"\n{each}" for each in _comments(thing, schema, dialect))
    return replace(made, up=narrow(made.up) + (f"\n{said}" if said else ""))


def _comments(thing: Thing, schema: Schema, dialect: Dialect) -> Iterator[str]:
    """COMMENT ON all that the thing consists of, where comments are kept."""
    if dialect.name != "postgresql":
        return
    arguments = ""
    if isinstance(thing, Routine):
        arguments = signature(thing, schema, dialect).partition("(")[2].removesuffix(")")
    for each in of_thing(thing, schema, dialect.name):
        yield comment(each, dialect, arguments)
