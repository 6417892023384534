"""The text of `schema.prisma`, laid out as `prisma format` leaves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import (
    Action,
    Column,
    EnumType,
    Index,
    IndexPart,
    Method,
    Schema,
    Table,
)
from schemawalk.writers.keys import may_be_absent
from schemawalk.writers.prisma_names import Relation, enum_members, named
from schemawalk.writers.prisma_types import default, held_as, prisma_type, quoted
from schemawalk.writers.sql_layout import plain

_SETTINGS: Final = """\
generator client {{
  provider = "prisma-client"
  output   = "../generated/prisma"
}}

datasource db {{
  provider = {provider}
}}
"""
_ACTIONS: Final[Mapping[Action, str]] = {
    "CASCADE": "Cascade",
    "SET NULL": "SetNull",
    "RESTRICT": "Restrict",
    "NO ACTION": "NoAction",
}

_TYPES: Final[Mapping[Method, str]] = {"gin": "Gin", "gist": "Gist", "brin": "Brin"}

Row = tuple[str, str, str]
"""Name, type and attributes of a field; the first alone is a line by itself."""


def schema_text(schema: Schema, dialect: Dialect) -> str:
    """Generator, datasource, enums and models of a schema that `capability.fit` has passed."""
    writing = _Writing(schema, dialect)
    blocks = [_SETTINGS.format(provider=quoted(dialect.name))]
    blocks += [writing.enum(enum) for enum in schema.enums]
    blocks += [writing.model(table) for table in schema.tables]
    return "\n".join(blocks)


@dataclass(frozen=True, slots=True)
class _Key:
    """A unique constraint or an index, as Prisma knows it."""

    name: str
    parts: tuple[IndexPart, ...]
    type: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """What it is on."""
        return frozenset(part.column for part in self.parts)

    def alone(self, column: str) -> bool:
        """Whether it is on that column only and needs no words of its own."""
        return self.parts == (IndexPart(column),)


class _Writing:
    """One schema on its way to one database."""

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema, self.dialect, self.names = schema, dialect, named(schema)
        self.database = dialect.name
        self.of_child: dict[str, list[Relation]] = defaultdict(list)
        self.of_parent: dict[str, list[Relation]] = defaultdict(list)
        for relation in self.names.relations:
            self.of_child[relation.child].append(relation)
            self.of_parent[relation.key.references].append(relation)

    def enum(self, enum: EnumType) -> str:
        rows = [
            (member, f"@map({quoted(value)})" if member != value else "", "")
            for value, member in enum_members(enum).items()
        ]
        name = self.names.enums[enum.name]
        return f"enum {name} " + _block([rows], _map(name, enum.name))

    def model(self, table: Table) -> str:
        groups = [list(self.columns(table)), list(self.relations(table))]
        name = self.names.models[table.name]
        attributes = [*self.table_keys(table), *_map(name, table.name)]
        said = _doc(table.purpose) + "".join(_beyond(table))
        return f"{said}model {name} " + _block(groups, attributes)

    def columns(self, table: Table) -> Iterator[Row]:
        unseen = self.unseen(table)
        for column in (each for each in table.columns if each.name not in unseen):
            yield from _note(" ".join(filter(None, self.meaning(column))))
            type_, native, members = self.type(column)
            attributes = [*self.column_keys(table, column)]
            if said := default(column, self.database, members):
                attributes.append(f"@default({said})")
            name = self.names.fields[table.name, column.name]
            attributes += _map(name, column.name, "@")
            if native:
                attributes.append(f"@db.{native}")
            yield (name, type_, " ".join(attributes))

    def meaning(self, column: Column) -> tuple[str, str]:
        """What the column is for, and how its values look where the type does not tell."""
        purpose, values = plain(column.purpose), held_as(column, self.database)
        return (f"{purpose.rstrip('.')}." if purpose and values else purpose), values

    def type(self, column: Column) -> tuple[str, str, Mapping[str, str]]:
        """The field's type with its mark, the native type, and the members of its enum."""
        optional = "?" if column.nullable else ""
        if column.type.name == "enum":
            enum = self.schema.enum(column.type.enum or "")
            return self.names.enums[enum.name] + optional, "", enum_members(enum)
        made = prisma_type(column, self.database)
        # A list is never null for Prisma: it reads NULL as an empty one.
        mark = "" if made.name.endswith("[]") else optional
        return made.name + mark, made.native, {}

    def column_keys(self, table: Table, column: Column) -> Iterator[str]:
        if table.primary_key.columns == (column.name,):
            yield "@id" + self.named(table.primary_key.name, "({})")
        alone = [key for key in self.uniques(table) if key.alone(column.name)]
        yield from (f"@unique(map: {quoted(key.name)})" for key in alone[:1])

    def table_keys(self, table: Table) -> Iterator[str]:
        primary, uniques = table.primary_key, self.uniques(table)
        if len(primary.columns) > 1:
            fields = self.fields(table, primary.columns)
            yield f"@@id([{fields}]{self.named(primary.name, ', {}')})"
        inline = [
            next((key for key in uniques if key.alone(column.name)), None)
            for column in table.columns
        ]
        yield from (self.key("unique", table, key) for key in uniques if key not in inline)
        yield from (self.key("index", table, key) for key in self.indexes(table))

    def uniques(self, table: Table) -> list[_Key]:
        names = _automatic_names(table, self.dialect) if self.database == "sqlite" else {}
        made = [
            _Key(names.get(unique.name, unique.name), tuple(map(IndexPart, unique.columns)))
            for unique in table.uniques
        ]
        made += [_key(index) for index in _whole(table) if index.unique]
        return [key for key in made if not key.columns & self.unseen(table)]

    def indexes(self, table: Table) -> list[_Key]:
        made = (_key(index) for index in _whole(table) if not index.unique)
        return [key for key in made if not key.columns & self.unseen(table)]

    def unseen(self, table: Table) -> frozenset[str]:
        """Columns that Prisma does not find in the database: SQLite's generated ones."""
        generated = (column.name for column in table.columns if column.generated is not None)
        return frozenset(generated) if self.database == "sqlite" else frozenset()

    def key(self, word: str, table: Table, key: _Key) -> str:
        parts = ", ".join(self.names.fields[table.name, p.column] + _options(p) for p in key.parts)
        kind = f", type: {key.type}" if key.type else ""
        return f"@@{word}([{parts}], map: {quoted(key.name)}{kind})"

    def fields(self, table: Table, columns: Sequence[str]) -> str:
        return ", ".join(self.names.fields[table.name, column] for column in columns)

    def named(self, name: str, pattern: str) -> str:
        """`map:` for a key; Prisma knows no names of SQLite's keys."""
        return "" if self.database == "sqlite" else pattern.format(f"map: {quoted(name)}")

    def relations(self, table: Table) -> Iterator[Row]:
        for relation in self.of_child[table.name]:
            yield self.parent(table, relation)
        for relation in self.of_parent[table.name]:
            yield self.child(relation)

    def parent(self, table: Table, relation: Relation) -> Row:
        key = relation.key
        other = self.schema.table(key.references)
        optional = may_be_absent(table, key)
        said = [quoted(relation.name)] if relation.name else []
        said.append(f"fields: [{self.fields(table, key.columns)}]")
        said.append(f"references: [{self.fields(other, key.referenced_columns)}]")
        actions = _ACTIONS[key.on_delete], _ACTIONS[key.on_update]
        said.append("onDelete: {}, onUpdate: {}".format(*actions))
        attribute = f"@relation({', '.join(said)}{self.named(key.name, ', {}')})"
        return (relation.field, self.names.models[other.name] + "?" * optional, attribute)

    def child(self, relation: Relation) -> Row:
        model = self.names.models[relation.child]
        attribute = f"@relation({quoted(relation.name)})" if relation.name else ""
        return (relation.back, model + ("[]" if relation.many else "?"), attribute)


def _whole(table: Table) -> Iterator[Index]:
    """Indexes of plain columns that cover all rows; Prisma overlooks all others."""
    return (i for i in table.indexes if not _of_expression(i) and i.predicate is None)


def _of_expression(index: Index) -> bool:
    return index.method == "fulltext" or any(part.expression for part in index.parts)


def _options(part: IndexPart) -> str:
    """What a column of an index says of itself."""
    operators = ['ops: raw("gin_trgm_ops")'] if part.operators == "trigram" else []
    options = [*operators, *(["sort: Desc"] if part.descending else [])]
    return f"({', '.join(options)})" if options else ""


def _key(index: Index) -> _Key:
    # Prisma takes INCLUDE columns for key columns; said so, it leaves the index as it is.
    parts = index.parts + tuple(map(IndexPart, index.include))
    return _Key(index.name, parts, _TYPES.get(index.method, ""))


def _automatic_names(table: Table, dialect: Dialect) -> Mapping[str, str]:
    """SQLite's names for the indexes of UNIQUE constraints: it numbers them, after the primary key.

    A single INTEGER primary key is the row's own number and has no index.
    """
    types = [dialect.type(table.column(column).type) for column in table.primary_key.columns]
    first = 1 if types == ["INTEGER"] else 2
    return {
        unique.name: f"sqlite_autoindex_{table.name}_{number}"
        for number, unique in enumerate(table.uniques, first)
    }


def _beyond(table: Table) -> Iterator[str]:
    """Comments that name what Prisma's language cannot say and the migration adds."""
    beyond = {
        "CHECK": [check.name for check in table.checks],
        "Generated column": [c.name for c in table.columns if c.generated is not None],
        "Exclusion": [rule.name for rule in table.exclusions],
        "Key that waits for the COMMIT": [k.name for k in table.foreign_keys if k.deferrable],
        "SET NULL of some columns": [
            f"{key.name} ({', '.join(key.emptied)})"
            for key in table.foreign_keys
            if key.on_delete == "SET NULL" and key.emptied not in ((), key.columns)
        ],
        "Index of an expression": [i.name for i in table.indexes if _of_expression(i)],
        "Partial index": [index.name for index in table.indexes if index.predicate is not None],
        "INCLUDE": [
            f"{index.name} ({', '.join(index.include)})" for index in table.indexes if index.include
        ],
    }
    for kind, names in beyond.items():
        if names:
            yield f"// {kind}, in migration.sql only: {plain(', '.join(names))}\n"


def _note(text: str) -> Iterator[Row]:
    if said := plain(text):
        yield (f"/// {said}", "", "")


def _doc(text: str) -> str:
    said = plain(text)
    return f"/// {said}\n" if said else ""


def _map(name: str, wanted: str, sign: str = "@@") -> list[str]:
    return [f"{sign}map({quoted(wanted)})"] if name != wanted else []


def _block(groups: Sequence[Sequence[Row]], attributes: Sequence[str]) -> str:
    """A block in braces: groups of aligned rows, then attributes, empty lines between."""
    parts = [_aligned(group) for group in groups if group]
    if attributes:
        parts.append("".join(f"  {attribute}\n" for attribute in attributes))
    return "{\n" + "\n".join(parts) + "}\n"


def _aligned(rows: Sequence[Row]) -> str:
    fields = [row for row in rows if not row[0].startswith("/")]
    name, type_ = (max(len(row[at]) for row in fields) for at in (0, 1))
    return "".join(f"  {row[0]:<{name}} {row[1]:<{type_}} {row[2]}".rstrip() + "\n" for row in rows)
