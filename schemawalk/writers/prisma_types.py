"""Which Prisma type stands for which column, and how its default is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from schemawalk.schema.language.expression import Call, Literal, Value
from schemawalk.schema.model import Column, TypeName

_ESCAPES: Final[Mapping[str, str]] = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
}  # fmt: skip

UNKNOWN_DEFAULT: Final = "dbgenerated()"
"""The database has a default that Prisma can neither say nor compare."""


@dataclass(frozen=True, slots=True)
class PrismaType:
    """A field's type, and with `native` the database's type where Prisma would choose another."""

    name: str
    native: str = ""


TYPES: Final[Mapping[str, Mapping[TypeName, PrismaType]]] = {
    "postgresql": {
        "uuid": PrismaType("String", "Uuid"),
        "text": PrismaType("String"),
        "varchar": PrismaType("String", "VarChar({precision})"),
        "integer": PrismaType("Int"),
        "bigint": PrismaType("BigInt"),
        "numeric": PrismaType("Decimal", "Decimal({precision}, {scale})"),
        "boolean": PrismaType("Boolean"),
        "date": PrismaType("DateTime", "Date"),
        "timestamptz": PrismaType("DateTime", "Timestamptz(6)"),
        "interval": PrismaType('Unsupported("interval")'),
        "json": PrismaType("Json"),
        "list": PrismaType("String[]"),
        "bytes": PrismaType("Bytes"),
        "inet": PrismaType("String", "Inet"),
    },
    # The types that the columns really have.  Prisma's own Boolean, DateTime and Json would have
    # it rebuild each table, in column types that a STRICT table refuses.
    "sqlite": {
        "uuid": PrismaType("String"),
        "text": PrismaType("String"),
        "varchar": PrismaType("String"),
        "integer": PrismaType("Int"),
        "bigint": PrismaType("Int"),
        "numeric": PrismaType("Float"),
        "boolean": PrismaType("Int"),
        "date": PrismaType("String"),
        "timestamptz": PrismaType("String"),
        "interval": PrismaType("Int"),
        "json": PrismaType("String"),
        "list": PrismaType("String"),
        "bytes": PrismaType("Bytes"),
        "inet": PrismaType("String"),
    },
}

_HELD_AS: Final[Mapping[TypeName, str]] = {
    "bigint": "Up to 64 bits; Prisma reads no more than 32 of them here.",
    "boolean": "0 or 1.",
    "date": "A date as YYYY-MM-DD.",
    "timestamptz": "A moment in UTC as YYYY-MM-DDTHH:MM:SS.sssZ.",
    "interval": "Whole seconds.",
    "json": "JSON.",
    "list": "A JSON array.",
}
"""What a plainer type means on SQLite."""


def prisma_type(column: Column, database: str) -> PrismaType:
    """The type of a field, without the mark of a nullable one, for a column that is no enum."""
    type_ = column.type
    made = TYPES[database][type_.name]
    if type_.name == "numeric" and made.native and type_.precision is None:
        return PrismaType(made.name, "Decimal")
    native = made.native.format(precision=type_.precision, scale=type_.scale or 0)
    return PrismaType(made.name, native)


def held_as(column: Column, database: str) -> str:
    """What the field's values look like where its type does not tell."""
    return _HELD_AS.get(column.type.name, "") if database == "sqlite" else ""


def quoted(text: str) -> str:
    """A string in Prisma's language."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character < " " or character == "\x7f":
        return _ESCAPES.get(character, f"\\u{ord(character):04x}")
    return _ESCAPES.get(character, character)


def default(column: Column, database: str, members: Mapping[str, str]) -> str:
    """What stands inside `@default(…)`, empty when the column has no default.

    `members` are Prisma's names of the enum's values when the column is an enum.
    """
    if column.identity:
        return "autoincrement()"
    if column.generated is not None:
        return UNKNOWN_DEFAULT
    match column.default:
        case None | Literal(None):
            return ""
        case Literal(value):
            return _constant(column, value, database, members)
        case Call("now") if column.type.name == "timestamptz" and database == "postgresql":
            return "now()"
        case Call("uuid") if column.type.name == "uuid" and database == "postgresql":
            return 'dbgenerated("gen_random_uuid()")'
        case Call("uuid7") if column.type.name == "uuid" and database == "postgresql":
            return 'dbgenerated("uuidv7()")'
        case _:
            return UNKNOWN_DEFAULT


def _constant(
    column: Column,
    value: Value,
    database: str,
    members: Mapping[str, str],
) -> str:
    kind = TYPES[database].get(column.type.name)
    if column.type.name == "enum":
        return members.get(str(value), UNKNOWN_DEFAULT)
    if kind is None:
        return UNKNOWN_DEFAULT
    if kind.name == "String[]":
        return "[]" if value == "{}" else UNKNOWN_DEFAULT
    if kind.name in ("Json", "String") and isinstance(value, str) and column.type.name != "uuid":
        return quoted(value)
    if kind.name == "Boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if kind.name in ("Int", "BigInt", "Decimal", "Float") and isinstance(value, int | Decimal):
        return str(int(value)) if isinstance(value, int) else format(value, "f")
    return UNKNOWN_DEFAULT
