"""How names, values, types and rules are said in one database's SQL: a table and a few visitors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Expression,
    Fragment,
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

_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*\Z")


@lru_cache(maxsize=1 << 14)
def is_plain(name: str, database: str) -> bool:
    """Whether an identifier means the same to that database with quotes and without."""
    return bool(_PLAIN.match(name)) and name not in RESERVED[database]


_PLACE = re.compile(r"\{([01*+|])\}")
_CONSTANT = re.compile(r"[A-Z]+ (\{0\}|'\{0\} [a-z]+')")

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
    """SQL of each function; `{0}` and `{1}` are arguments, `{*}` lists all, `{|}` joins them, and
    `{+}` counts those that are there."""
    booleans: tuple[str, str]
    """How false and true are written."""
    match: str = ""
    """SQL of a regular expression match with `{0}` and `{1}`; empty when there is none."""
    alter_foreign_keys: bool = True
    """Whether a foreign key can be added to a table that exists."""
    default_call: str = "{}"
    """How a function stands after DEFAULT."""
    any_case: str = ""
    """Collation in which texts that differ only in case are the same; empty when there is none."""
    record: str = ""
    """The row whose columns an expression speaks of, where it must be said: `NEW` in a trigger."""

    def quoted(self, name: str) -> str:
        """An identifier, in double quotes unless it is plain and not reserved."""
        return name if is_plain(name, self.name) else '"' + name.replace('"', '""') + '"'

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
        if "{" not in pattern:
            return pattern
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
                return f"{self.record}.{self.quoted(name)}" if self.record else self.quoted(name)
            case Literal(value):
                return self.literal(value)
            case Arithmetic("/", left, right):
                return self._call("divided", (left, _divisor(right)))
            case Arithmetic(sign, left, right):
                return f"{self._inner(left)} {sign} {self._inner(right)}"
            case Call(function, arguments):
                return self._call(function, arguments)
            case Fragment(_, parts):
                return "".join(p if isinstance(p, str) else self.sql(p) for p in parts)
            case _:
                return self._condition(expression)

    def _condition(self, expression: Expression) -> str:
        match expression:
            case Compare(sign, left, right):
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
            case _:
                raise TypeError(f"{expression} is no condition")

    def _inner(self, expression: Expression, joined_by: str = "") -> str:
        """An operand, in brackets unless it binds tighter than whatever surrounds it."""
        text = self.sql(expression)
        simple = isinstance(expression, Name | Literal) or self._closed(expression)
        if joined_by and not isinstance(expression, Logic | Fragment):
            simple = True
        return text if simple else f"({text})"

    def _closed(self, expression: Expression) -> bool:
        """Whether it is a function that is written as one, and not as a comparison."""
        return isinstance(expression, Call) and _is_closed(self.functions[expression.function])

    def _not(self, operand: Expression) -> str:
        match operand:
            case In(inner, values):
                listed = ", ".join(self.literal(value.value) for value in values)
                return f"{self._inner(inner)} NOT IN ({listed})"
            case Call("blank"):
                return self.sql(operand).removesuffix("= ''") + "<> ''"
            case _:
                return f"NOT ({self.sql(operand)})"

    def _call(self, function: str, arguments: tuple[Expression, ...]) -> str:
        return "".join(
            piece if isinstance(piece, str) else self._filled(piece, arguments)
            for piece in _pieces(self.functions[function])
        )

    def _filled(self, place: _Place, arguments: tuple[Expression, ...]) -> str:
        if place.what not in "01":
            return self._every(place.what, arguments)
        argument = arguments[int(place.what)]
        return self.sql(argument) if place.apart else self._inner(argument)

    def _every(self, how: str, arguments: tuple[Expression, ...]) -> str:
        """All arguments: listed, joined as texts, or counted where they are there."""
        if how == "*":
            return ", ".join(map(self.sql, arguments))
        if how == "|":
            return " || ".join(map(self._inner, arguments))
        return " + ".join(f"({self.sql(argument)} IS NOT NULL)" for argument in arguments)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where arguments stand in a function's SQL."""

    what: str
    """Which: a number, or how all of them are said."""
    apart: bool
    """Between brackets and commas, where an argument needs no brackets of its own."""


@lru_cache(maxsize=1024)
def _pieces(pattern: str) -> tuple[str | _Place, ...]:
    """A function's SQL cut at the places of its arguments."""
    made: list[str | _Place] = []
    end = 0
    for place in _PLACE.finditer(pattern):
        before, after = pattern[: place.start()], pattern[place.end() :]
        begins = before.endswith(("(", ", ")) or (not before and bool(after))
        ends = after.startswith((")", ",")) or (bool(before) and not after)
        made += (pattern[end : place.start()], _Place(place[1], begins and ends))
        end = place.end()
    return (*made, pattern[end:])


def _divisor(expression: Expression) -> Expression:
    """What is divided by, none where it is 0."""
    if isinstance(expression, Literal) and expression.value:
        return expression
    return Call("nonzero", (expression,))


@lru_cache(maxsize=256)
def _is_closed(pattern: str) -> bool:
    """Whether a function's SQL needs no brackets: a call, a constant, or its argument itself."""
    if pattern == "{0}" or _CONSTANT.fullmatch(pattern):
        return True
    if not pattern.endswith(")"):
        return False
    depth, opened = 0, pattern.find("(")
    for at in range(opened, len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        if not depth:
            return at == len(pattern) - 1 and " " not in pattern[:opened]
    return False
