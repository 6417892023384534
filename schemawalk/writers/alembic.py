"""An Alembic project: the first migration, the models that it agrees with, and what runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.schema import names
from schemawalk.schema.commented import of_table, of_types
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Column, EnumType, ForeignKey, Index, Schema, Table
from schemawalk.writers.alembic_project import project
from schemawalk.writers.around import Written, apart, written
from schemawalk.writers.around.paths import pinned
from schemawalk.writers.python_source import INDENT, Call, Node, Text, laid, listed, literal, named
from schemawalk.writers.sql_statements import comment as said_on
from schemawalk.writers.sql_statements import waits
from schemawalk.writers.sqlalchemy_constraints import (
    actions,
    comment,
    constraints,
    counting,
    escaped,
    foreign_key,
    index_options,
    server_default,
    shared_defaults,
    special_part,
    strings,
    text,
)
from schemawalk.writers.sqlalchemy_models import models
from schemawalk.writers.sqlalchemy_names import free, identifier
from schemawalk.writers.sqlalchemy_types import migration_type
from schemawalk.writers.sqlalchemy_words import names_of, overlooked, preparer, teaching
from schemawalk.writers.work import Files, Work, header

_HEAD: Final = '''"""Initial schema.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
'''
_POSTGRESQL: Final = "from sqlalchemy.dialects import postgresql\n"
_REVISION: Final = """
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
"""
_MODULE_NAMES: Final = frozenset(
    "NEW_UUID NOW branch_labels depends_on down_revision downgrade op postgresql revision sa "
    "upgrade".split()
)


def files(work: Work) -> Files:
    """The project: `alembic upgrade head` beside its files makes the schema.

    Raises ValueError for a name that SQLAlchemy would take for another one.
    """
    _refuse_misread_names(work.schema)
    return {
        **project(work.database),
        "alembic/versions/0001_initial.py": migration(work),
        "models.py": models(work),
    }


def _refuse_misread_names(schema: Schema) -> None:
    for table, key in schema.references():
        for name in (key.references, *key.referenced_columns):
            if "." in name:
                raise ValueError(
                    f"{table.name}: {key.name} refers to {name!r}, and SQLAlchemy takes a dot for "
                    "the end of a schema's or a table's name: give it a name without one."
                )
    for name in names_of(schema):
        if name.endswith("\n"):
            raise ValueError(
                f"{name!r} ends with a line break, which SQLAlchemy loses: give it a name without."
            )


def migration(work: Work) -> str:
    """The text of the first migration."""
    return _Migration(work.schema, work.dialect).text()


class _Migration:
    """One migration: upgrade makes the schema, downgrade takes it away in the opposite order."""

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema, self.dialect = schema, dialect
        taken: set[str] = set()
        self.enums: Mapping[str, str] = {
            enum.name: free(identifier(names.snake(enum.name)), taken, _MODULE_NAMES)
            for enum in schema.enums
        }
        self.later = [(t, key) for t, key in schema.references() if waits(key, dialect)]

    def text(self) -> str:
        enums = [self.enum_type(enum) for enum in self.schema.enums]
        variables = "".join(f"{v}\n" for v in (*shared_defaults(self.schema, self.dialect), *enums))
        body = (f"\n{variables}" if variables else "") + self.upgrade() + self.downgrade()
        types = (self.type(column) for table in self.schema.tables for column in table.columns)
        excluding = any(table.exclusions for table in self.schema.tables)
        typed = any(type_.startswith("postgresql.") for type_ in types)
        native = bool(enums) or excluding or typed
        words = overlooked(self.schema, self.dialect)
        imports = (_POSTGRESQL if native else "") + (f"{preparer(self.dialect)}\n" if words else "")
        taught = f"\n{teaching(words, self.dialect)}\n" if words else ""
        return header("#") + _HEAD + imports + _REVISION + taught + body

    def upgrade(self) -> str:
        before, after = self.around()
        operations = [
            *self.executed(pinned(self.schema, self.dialect)),
            *(call for made in before for call in self.executed(made.up)),
            *(self.create_type(enum) for enum in self.schema.enums),
            *(call for table in self.schema.tables for call in self.create_table(table)),
            *(_create_foreign_key(table, key) for table, key in self.later),
            *self.comments(),
            *(call for made in after for call in self.executed(made.up)),
        ]
        return _function("upgrade", operations)

    def downgrade(self) -> str:
        quoted = self.dialect.quoted_type
        before, after = self.around()
        operations = [
            *(call for gone in reversed(after) for call in self.executed(gone.down)),
            *(_drop_foreign_key(table, key) for table, key in reversed(self.later)),
            *(Call("op.drop_table", (literal(t.name),)) for t in reversed(self.schema.tables)),
            *(_execute(f"DROP TYPE {quoted(enum.name)}") for enum in reversed(self.schema.enums)),
            *(call for gone in reversed(before) for call in self.executed(gone.down)),
        ]
        return _function("downgrade", operations)

    def around(self) -> tuple[list[Written], list[Written]]:
        """What stands around the tables: what they need to be there, and what needs them."""
        made = [(thing, written(thing, self.schema, self.dialect)) for thing in self.schema.around]
        before = [each for thing, each in made if thing.before]
        return before, [each for thing, each in made if not thing.before]

    def comments(self) -> Iterator[Call]:
        """COMMENT ON what SQLAlchemy writes no comments on."""
        if self.dialect.name == "postgresql":
            tables = (each for table in self.schema.tables for each in of_table(table))
            for said in (*of_types(self.schema), *tables):
                yield _execute(said_on(said, self.dialect).removesuffix(";"))

    def executed(self, script: str) -> Iterator[Call]:
        """The statements of SQL that SQLAlchemy has no words for, one by one."""
        yield from map(_execute, apart(script, self.dialect))

    def enum_type(self, enum: EnumType) -> str:
        """The type for columns; it is made and dropped by statements of its own."""
        values = (literal(value) for value in enum.values)
        options = (named("name", literal(enum.name)), "create_type=False")
        call = Call("postgresql.ENUM", (*values, *options))
        return laid(call, "", f"{self.enums[enum.name]} = ")

    def create_type(self, enum: EnumType) -> Call:
        values = ", ".join(self.dialect.literal(value) for value in enum.values)
        return _execute(f"CREATE TYPE {self.dialect.quoted_type(enum.name)} AS ENUM ({values})")

    def create_table(self, table: Table) -> Iterator[Call]:
        arguments = (
            literal(table.name),
            *(self.column(table, column) for column in table.columns),
            *constraints(table, self.dialect, _named),
            *(foreign_key(k, _named) for k in table.foreign_keys if not waits(k, self.dialect)),
            *self.table_options(table),
        )
        yield Call("op.create_table", arguments)
        yield from (self.create_index(table, index) for index in table.indexes)

    def column(self, table: Table, column: Column) -> Call:
        arguments = (
            literal(column.name),
            self.type(column),
            *counting(table, column, self.dialect),
            *server_default(column, self.dialect),
            f"nullable={column.nullable}",
            *_comment(column.purpose, column.because),
        )
        return Call("sa.Column", arguments)

    def type(self, column: Column) -> str:
        if column.type.name == "enum":
            return self.enums[column.type.enum or ""]
        collation = self.dialect.any_case if column.collation else ""
        return migration_type(column.type, self.dialect, collation)

    def table_options(self, table: Table) -> Iterator[Node]:
        yield from _comment(table.purpose, table.because)
        if self.dialect.name == "sqlite":
            yield "sqlite_strict=True"

    def create_index(self, table: Table, index: Index) -> Call:
        parts = (
            special_part(part, index, self.dialect)
            or (text(f"{self.dialect.quoted(part.column)} DESC") if part.descending
                else literal(part.column))
            for part in index.parts
        )  # fmt: skip
        options = index_options(index, self.dialect)
        where = (_named(index.name), literal(table.name), listed([*parts]))
        return Call("op.create_index", (*where, *options))


def _named(name: str) -> Node:
    return Call("op.f", (literal(name),))


def _comment(purpose: str, because: str) -> Iterator[Node]:
    if said := comment(purpose, because):
        yield named("comment", Text(said))


def _execute(sql: str) -> Call:
    return Call("op.execute", (Text(escaped(sql)),))


def _create_foreign_key(table: Table, key: ForeignKey) -> Call:
    tables = (_named(key.name), literal(table.name), literal(key.references))
    columns = (strings(key.columns), strings(key.referenced_columns))
    return Call("op.create_foreign_key", (*tables, *columns, *actions(key)))


def _drop_foreign_key(table: Table, key: ForeignKey) -> Call:
    arguments = (_named(key.name), literal(table.name), named("type_", literal("foreignkey")))
    return Call("op.drop_constraint", arguments)


def _function(name: str, operations: list[Call]) -> str:
    lines = [INDENT + laid(operation, INDENT) for operation in operations] or [f"{INDENT}pass"]
    return "\n\n" + "\n".join((f"def {name}() -> None:", *lines)) + "\n"
