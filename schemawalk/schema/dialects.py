"""What differs between databases when the same thing is said in SQL: names, values, types, rules.

A dialect is a table of types and functions plus a few visitors; one more database is one more
`Dialect`.  What a database cannot hold at all is not decided here but in `capability`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    Value,
)
from schemawalk.schema.model import Column, Type, TypeName
from schemawalk.schema.reserved import RESERVED

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
_PLACE = re.compile(r"\{[0*+]\}")

_NOT_TYPES: Final = frozenset(
    """
    between bigint bit boolean char character coalesce dec decimal exists extract float greatest
    grouping inout int integer interval json json_array json_arrayagg json_exists json_object
    json_objectagg json_query json_scalar json_serialize json_table json_value least merge_action
    national nchar none normalize nullif numeric out overlay position precision real row setof
    smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement
    xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
    """.split()
)
"""Words that PostgreSQL takes as the name of a column but not of a type (appendix C)."""


@dataclass(frozen=True)
class Dialect:
    """One database's SQL; `name` is the database's, as in `Stack.database`."""

    name: str
    title: str
    types: Mapping[TypeName, str]
    """SQL type by logical type; `{…}` is filled with precision, scale or the enum's name."""
    functions: Mapping[str, str]
    """SQL of each function; `{0}` is the first argument, `{*}` lists all, `{+}` counts them."""
    booleans: tuple[str, str]
    """How false and true are written."""
    match: str = ""
    """SQL of a regular expression match with `{0}` and `{1}`; empty when there is none."""
    alter_foreign_keys: bool = True
    """Whether a foreign key can be added to a table that exists."""
    default_call: str = "{}"
    """How a function stands after DEFAULT."""

    def quoted(self, name: str) -> str:
        """An identifier, in double quotes unless it is plain and not reserved."""
        if _PLAIN.match(name) and name not in RESERVED[self.name]:
            return name
        return '"' + name.replace('"', '""') + '"'

    def quoted_type(self, name: str) -> str:
        """The identifier of a type that somebody made."""
        return f'"{name}"' if name in _NOT_TYPES else self.quoted(name)

    def names(self, names: tuple[str, ...]) -> str:
        """Identifiers, separated by commas."""
        return ", ".join(self.quoted(name) for name in names)

    def literal(self, value: Value) -> str:
        """A constant; a string's quotes are doubled, backslashes are themselves."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return self.booleans[value]
        if isinstance(value, str):
            return "'" + value.replace("\x00", "").replace("'", "''") + "'"
        return format(value, "f") if not isinstance(value, int) else str(value)

    def type(self, type_: Type) -> str:
        """The SQL name of a type."""
        pattern = self.types[type_.name]
        if type_.name == "numeric" and type_.precision is None:
            return pattern.partition("(")[0]
        enum = self.quoted_type(type_.enum) if type_.enum else ""
        return pattern.format(precision=type_.precision, scale=type_.scale or 0, enum=enum)

    def default(self, column: Column) -> str:
        """A column's default as it stands after DEFAULT; empty when there is none."""
        match column.default:
            case None:
                return ""
            case Literal(value):
                return self.literal(value)
            case expression:
                return self.default_call.format(self.sql(expression))

    def sql(self, expression: Expression) -> str:
        """The expression in this dialect, with brackets only where they are needed."""
        match expression:
            case Name(name):
                return self.quoted(name)
            case Literal(value):
                return self.literal(value)
            case Compare(sign, left, right):
                return f"{self._inner(left)} {sign} {self._inner(right)}"
            case Arithmetic(sign, left, right):
                return f"{self._inner(left)} {sign} {self._inner(right)}"
            case Logic(word, parts):
                joint = f" {word.upper()} "
                return joint.join(self._inner(part, word) for part in parts)
            case Not(operand):
                return self._not(operand)
            case IsNull(operand, negated):
                return f"{self._inner(operand)} IS {'NOT ' if negated else ''}NULL"
            case In(operand, values):
                listed = ", ".join(self.literal(value.value) for value in values)
                return f"{self._inner(operand)} IN ({listed})"
            case Between(operand, low, high):
                inner = self._inner(operand)
                return f"{inner} BETWEEN {self._inner(low)} AND {self._inner(high)}"
            case Matches(operand, pattern):
                return self.match.format(self._inner(operand), self.literal(pattern))
            case Call(function, arguments):
                return self._call(function, arguments)

    def _inner(self, expression: Expression, joined_by: str = "") -> str:
        """An operand, in brackets unless it binds tighter than whatever surrounds it."""
        text = self.sql(expression)
        simple = isinstance(expression, Name | Literal) or self._closed(expression)
        if joined_by and not isinstance(expression, Logic):
            simple = True
        return text if simple else f"({text})"

    def _closed(self, expression: Expression) -> bool:
        """Whether it is a function that is written as one, and not as a comparison."""
        if not isinstance(expression, Call):
            return False
        return self.functions[expression.function].endswith(")")

    def _not(self, operand: Expression) -> str:
        match operand:
            case In(inner, values):
                listed = ", ".join(self.literal(value.value) for value in values)
                return f"{self._inner(inner)} NOT IN ({listed})"
            case _:
                return f"NOT ({self.sql(operand)})"

    def _call(self, function: str, arguments: tuple[Expression, ...]) -> str:
        written = [self.sql(argument) for argument in arguments]
        filled = {
            "{0}": written[0] if written else "",
            "{*}": ", ".join(written),
            "{+}": " + ".join(f"({argument} IS NOT NULL)" for argument in written),
        }
        return _PLACE.sub(lambda place: filled[place.group()], self.functions[function])


POSTGRESQL: Final = Dialect(
    name="postgresql",
    title="PostgreSQL",
    types={
        "uuid": "uuid",
        "text": "text",
        "integer": "integer",
        "bigint": "bigint",
        "numeric": "numeric({precision},{scale})",
        "boolean": "boolean",
        "date": "date",
        "timestamptz": "timestamptz",
        "interval": "interval",
        "json": "jsonb",
        "list": "text[]",
        "bytes": "bytea",
        "enum": "{enum}",
    },
    functions={
        "now": "now()",
        "uuid": "gen_random_uuid()",
        "length": "char_length({0})",
        "lower": "lower({0})",
        "blank": "btrim({0}) = ''",
        "present": "num_nonnulls({*})",
    },
    booleans=("false", "true"),
    match="{0} ~ {1}",
)

_MOMENT: Final = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
_UUID: Final = (
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
    "substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || "
    "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
)
"""A version 4 UUID (RFC 9562): SQLite has no function for it."""

SQLITE: Final = Dialect(
    name="sqlite",
    title="SQLite",
    types={
        "uuid": "TEXT",
        "text": "TEXT",
        "integer": "INTEGER",
        "bigint": "INTEGER",
        "numeric": "REAL",
        "boolean": "INTEGER",
        "date": "TEXT",
        "timestamptz": "TEXT",
        "interval": "INTEGER",
        "json": "TEXT",
        "list": "TEXT",
        "bytes": "BLOB",
        "enum": "TEXT",
    },
    functions={
        "now": _MOMENT,
        "uuid": _UUID,
        "length": "length({0})",
        "lower": "lower({0})",
        "blank": "trim({0}) = ''",
        "present": "({+})",
        # json_valid(NULL) is 0, and only a modifier makes date() refuse 30 February.
        "valid_json": "{0} IS NULL OR json_valid({0})",
        "valid_list": "{0} IS NULL OR json_valid({0}) AND json_type({0}) = 'array'",
        "valid_date": "{0} IS date({0}, '+0 days')",
        "valid_moment": "{0} IS strftime('%Y-%m-%dT%H:%M:%fZ', {0}, '+0 days')",
    },
    booleans=("0", "1"),
    alter_foreign_keys=False,
    default_call="({})",
)

DIALECTS: Final[Mapping[str, Dialect]] = {d.name: d for d in (POSTGRESQL, SQLITE)}
"""The databases that SQL is written for."""
