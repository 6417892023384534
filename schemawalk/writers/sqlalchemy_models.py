"""SQLAlchemy 2 models: typed declarative classes for a schema, ready for mypy and ruff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call as Function
from schemawalk.schema.model import Column, Index, Schema, Table, Type, TypeName
from schemawalk.writers.python_source import (
    INDENT,
    Call,
    Named,
    Node,
    Text,
    assigned,
    item,
    laid,
    literal,
    mapping,
    named,
    sequence,
)
from schemawalk.writers.sqlalchemy_constraints import (
    comment,
    constraints,
    counting,
    foreign_key,
    index_options,
    server_default,
    shared_defaults,
    special_part,
)
from schemawalk.writers.sqlalchemy_names import MODULE_NAMES, free, identifier, naming
from schemawalk.writers.sqlalchemy_relationships import Relation, pure_links, relations
from schemawalk.writers.sqlalchemy_types import (
    ANNOTATIONS,
    DECORATORS,
    MAPPED,
    goes_without_saying,
    model_type,
)
from schemawalk.writers.sqlalchemy_words import overlooked, preparer, teaching
from schemawalk.writers.work import Work, header

_DOCSTRING: Final = '"""The tables as SQLAlchemy classes."""\n'
_TYPING: Final = "from typing import "
_IMPORTS: Final[Mapping[TypeName, str]] = {
    "uuid": "import uuid",
    "numeric": "from decimal import Decimal",
    "date": "import datetime as dt",
    "timestamptz": "import datetime as dt",
    "interval": "import datetime as dt",
    "json": "from typing import Any",
}
"""What an annotation needs, by the column's type."""

_PRAGMA: Final = '''
@sa.event.listens_for(sa.Engine, "connect")
def heed_foreign_keys(connection: Any, _record: Any) -> None:
    """SQLite heeds foreign keys only on connections that ask for it."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")
'''


def models(work: Work) -> str:
    """The text of `models.py` for the work's schema and database."""
    return _Models(work.schema, work.dialect).text()


class _Models:
    """One module of models; what a part needs above it is noted while the part is written."""

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema, self.dialect = schema, dialect
        self.naming = naming(schema)
        taken = {*MODULE_NAMES, *self.naming.classes.values(), *self.naming.values}
        self.links = {name: free(identifier(name), taken) for name in pure_links(schema)}
        self.relations = relations(schema, self.naming, self.links)
        self.imports: set[str] = set()
        self.types: set[str] = set()
        self.unsaid: set[str] = set()

    def text(self) -> str:
        classes = [
            self.model(table) for table in self.schema.tables if table.name not in self.links
        ]
        links = [self.link(table) for table in self.schema.tables if table.name in self.links]
        below = [self.base(), *self.variables(), *links, *classes]
        blocks = [*self.words(), *self.decorators(), *self.pragma(), *below]
        head = f"{header('#')}{_DOCSTRING}\nfrom __future__ import annotations\n\n"
        return head + self.import_lines() + "".join(f"\n\n\n{block}" for block in blocks) + "\n"

    def import_lines(self) -> str:
        """All imports, in isort's order."""
        typing = sorted(i.removeprefix(_TYPING) for i in self.imports if i.startswith(_TYPING))
        standard = sorted(i for i in self.imports if not i.startswith("from"))
        standard += [i for i in self.imports if i.startswith("from decimal")]
        standard += [_TYPING + ", ".join(typing)] if typing else []
        dialect = sorted(i for i in self.imports if i.startswith("from sqlalchemy"))
        mapped = ("Mapped", "mapped_column") if len(self.schema.tables) > len(self.links) else ()
        orm = ("DeclarativeBase", *mapped, *(("relationship",) if self.relations else ()))
        third = [
            "import sqlalchemy as sa",
            *dialect,
            f"from sqlalchemy.orm import {', '.join(orm)}",
        ]
        return "\n".join((*standard, "", *third) if standard else third)

    def words(self) -> Iterator[str]:
        """What SQLAlchemy must learn before it names anything."""
        if words := overlooked(self.schema, self.dialect):
            self.imports.add(preparer(self.dialect))
            yield teaching(words, self.dialect)

    def decorators(self) -> Iterator[str]:
        """Classes for types that the database lacks."""
        for decorator in DECORATORS:
            if any(type_.startswith(decorator.name) for type_ in self.types):
                self.imports.update(decorator.imports)
                yield decorator.source.strip("\n")

    def pragma(self) -> Iterator[str]:
        if self.dialect.name == "sqlite":
            self.imports.update(("import sqlite3", f"{_TYPING}Any"))
            yield _PRAGMA.strip("\n")

    def base(self) -> str:
        doc = f'class Base(DeclarativeBase):\n{INDENT}"""What all tables share."""'
        rows = [(a, kind) for a, kind in MAPPED.items() if a in self.unsaid]
        if not rows:
            return doc
        self.imports.update((f"{_TYPING}Any", f"{_TYPING}ClassVar"))
        types = mapping([Named(f"{a}: ", model_type(Type(k), self.dialect.name)) for a, k in rows])
        annotation = "ClassVar[dict[Any, Any]]"
        return f"{doc}\n\n{assigned('type_annotation_map', annotation, types, INDENT)}"

    def variables(self) -> Iterator[str]:
        """Defaults that columns share, and the lists of values that they are limited to."""
        lines = [*shared_defaults(self.schema, self.dialect)]
        aliases = [
            laid(Call("Literal", tuple(literal(v) for v in values), "[]"), "", f"{alias} = ")
            for alias, values in self.naming.values.items()
        ]
        if aliases:
            self.imports.add(f"{_TYPING}Literal")
        if lines + aliases:
            yield "\n".join(lines + aliases)

    def link(self, table: Table) -> str:
        """A join table without a class."""
        columns = (
            Call("sa.Column", (literal(c.name), self.type(table, c), "nullable=False", *_said(c)))
            for c in table.columns
        )
        self.note_exclusions(table)
        rules = (*constraints(table, self.dialect), *(foreign_key(k) for k in table.foreign_keys))
        indexes = (self.link_index(index) for index in table.indexes)
        options = (named(name, value) for name, value in self.options(table))
        head = (literal(table.name), "Base.metadata")
        whole = Call("sa.Table", (*head, *columns, *rules, *indexes, *options))
        return laid(whole, "", f"{self.links[table.name]} = ")

    def link_index(self, index: Index) -> Call:
        parts = (
            special_part(part, index, self.dialect)
            or (
                f"sa.column({literal(part.column)}).desc()"
                if part.descending
                else literal(part.column)
            )
            for part in index.parts
        )
        return Call("sa.Index", (literal(index.name), *parts, *index_options(index, self.dialect)))

    def model(self, table: Table) -> str:
        lines = [f"class {self.naming.classes[table.name]}(Base):"]
        lines.append(INDENT + laid(Named("__tablename__ = ", Text(table.name)), INDENT) + "\n")
        lines += [self.column(table, column) for column in table.columns]
        if table.name in self.relations:
            lines.append("")
            lines += [_relationship(relation) for relation in self.relations[table.name]]
        arguments = sequence((*self.table_arguments(table),))
        lines.append("\n" + INDENT + laid(arguments, INDENT, "__table_args__ = "))
        return "\n".join(lines)

    def column(self, table: Table, column: Column) -> str:
        attribute = self.naming.attribute(table.name, column.name)
        annotation = self.annotation(table, column) + (" | None" if column.nullable else "")
        value = Call("mapped_column", tuple(self.column_arguments(table, column, attribute)))
        return assigned(attribute, f"Mapped[{annotation}]", value, INDENT)

    def annotation(self, table: Table, column: Column) -> str:
        if alias := self.naming.choices.get((table.name, column.name)):
            return alias
        if needed := _IMPORTS.get(column.type.name):
            self.imports.add(needed)
        return ANNOTATIONS[column.type.name]

    def column_arguments(self, table: Table, column: Column, attribute: str) -> Iterator[Node]:
        if attribute != column.name:
            yield literal(column.name)
        type_ = self.type(table, column)
        choice = (table.name, column.name) in self.naming.choices
        if choice or column.collation or not goes_without_saying(column.type):
            yield type_
        else:
            self.unsaid.add(ANNOTATIONS[column.type.name])
        yield from counting(table, column, self.dialect)
        if column.name in table.primary_key.columns:
            yield "primary_key=True"
        if column.type.name == "uuid" and column.default == Function("uuid"):
            yield "default=uuid.uuid4"
        yield from server_default(column, self.dialect)
        yield from _said(column)

    def type(self, table: Table, column: Column) -> Node:
        """The column's type, its needs noted."""
        if column.type.name == "enum" and self.dialect.name == "postgresql":
            self.imports.add(f"{_TYPING}get_args")
            values = f"*get_args({self.naming.choices[table.name, column.name]})"
            return Call("sa.Enum", (values, named("name", literal(column.type.enum or ""))))
        collation = self.dialect.any_case if column.collation else ""
        source = model_type(column.type, self.dialect.name, collation)
        self.types.add(source)
        if source.startswith("postgresql."):
            self.imports.add("from sqlalchemy.dialects import postgresql")
        return source

    def note_exclusions(self, table: Table) -> None:
        if table.exclusions:
            self.imports.add("from sqlalchemy.dialects import postgresql")

    def table_arguments(self, table: Table) -> Iterator[Node]:
        self.note_exclusions(table)
        yield from constraints(table, self.dialect)
        for key in table.foreign_keys:
            yield foreign_key(key, later=key.deferred)
        for index in table.indexes:
            yield self.index(table, index)
        if options := [item(name, value) for name, value in self.options(table)]:
            yield mapping(options)

    def index(self, table: Table, index: Index) -> Call:
        parts = (
            special_part(part, index, self.dialect)
            or self.naming.attribute(table.name, part.column) + ".desc()" * part.descending
            for part in index.parts
        )
        return Call("sa.Index", (literal(index.name), *parts, *index_options(index, self.dialect)))

    def options(self, table: Table) -> Iterator[tuple[str, Node]]:
        if said := comment(table.purpose, table.because):
            yield "comment", Text(said)
        if self.dialect.name == "sqlite":
            yield "sqlite_strict", "True"


def _relationship(relation: Relation) -> str:
    value = Call("relationship", relation.arguments)
    return assigned(relation.attribute, f"Mapped[{relation.annotation}]", value, INDENT)


def _said(column: Column) -> Iterator[Node]:
    """The comment of a column that has something to say."""
    if said := comment(column.purpose, column.because):
        yield named("comment", Text(said))
