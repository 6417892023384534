"""Rules as TypeScript: boolean expressions over a row, and Zod refinements made of them.

Numbers are JavaScript's, days and moments are ISO texts, lengths of time are seconds.  A sum of
decimals may therefore be off by a rounding that the database does not make, and what a `bigint`
holds beyond 2^53 is off before a rule sees it: a rule that names such a number is not rendered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Arithmetic,
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Matches,
    Name,
    Value,
)
from schemawalk.schema.language.sorts import DAY, MOMENT, Meanings, sort_of
from schemawalk.schema.rendering import NotRenderedError
from schemawalk.schema.rendering.certain import (
    Absent,
    Certain,
    Every,
    Opposite,
    Some,
    Test,
    accepts,
)

_PLAIN: Final = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII)
_SIGNS: Final[Mapping[str, str]] = {"=": "===", "<>": "!=="}
_DAY: Final = "86400000"
"""Milliseconds."""
FUNCTIONS: Final[Mapping[str, str]] = {
    "length": "[...{0}].length",
    "lower": "{0}.toLowerCase()",
    "blank": "/^ *$/.test({0})",
    "exactly": "{0}",
    "as_text": "{0}",
    "wide": "{0}",
    "whole": "Math.trunc({0})",
    "date": "Date.parse({0})",
    "moment": "Date.parse({0})",
    "lasting_seconds": "{0}",
    "lasting_minutes": "{0} * 60",
    "lasting_hours": "{0} * 3600",
    "lasting_days": "{0} * 86400",
    "days_between": f"({{0}} - {{1}}) / {_DAY}",
    "time_between": "({0} - {1}) / 1000",
    "day_plus": f"{{0}} + {{1}} * {_DAY}",
    "day_minus": f"{{0}} - {{1}} * {_DAY}",
    "moment_plus": "{0} + {1} * 1000",
    "moment_minus": "{0} - {1} * 1000",
    "year": "new Date({0}).getUTCFullYear()",
    "month": "new Date({0}).getUTCMonth() + 1",
    "year_of_moment": "new Date({0}).getUTCFullYear()",
    "month_of_moment": "new Date({0}).getUTCMonth() + 1",
    "day": f"Math.floor({{0}} / {_DAY}) * {_DAY}",
}
"""By function; days and moments are milliseconds since 1970 within an expression."""


def typescript(
    rule: Expression, known: Meanings, required: Collection[str] = (), row: str = "row"
) -> str:
    """A boolean expression that is true for the rows that a CHECK takes.

    `known` says what the columns are, `required` which of them always have a value, `row` what the
    object is called.  Raises NotRenderedError for SQL of one database.
    """
    told = accepts(explicit(rule, known), required)
    return _Writing(known, row).condition(told)


def refinement(
    rule: Expression, message: str, known: Meanings, required: Collection[str] = ()
) -> str:
    """The rule as a call that follows a Zod object, with what is said of a row that breaks it."""
    condition = typescript(rule, known, required)
    return f".refine((row) => {condition}, {{ error: {constant(message)} }})"


def constant(value: Value) -> str:
    """A constant of JavaScript; raises NotRenderedError for a whole number that it cannot hold."""
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise NotRenderedError(f"JavaScript's numbers are not exact beyond {_LARGEST}")
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value)


class _Writing:
    """One rule on its way."""

    def __init__(self, known: Meanings, row: str) -> None:
        self.known, self.row = known, row

    def condition(self, told: Certain) -> str:
        match told:
            case Every(parts):
                return " && ".join(map(self.inner, parts)) or "true"
            case Some(parts):
                return " || ".join(map(self.inner, parts)) or "false"
            case Absent(column):
                return f"{self.column(column)} == null"
            case Opposite(Absent(column)):
                return f"{self.column(column)} != null"
            case Opposite(Test(Name() as column)):
                return f"!{self.value(column)}"
            case Opposite(part):
                return f"!({self.condition(part)})"
            case Test(rule):
                return self.test(rule)

    def inner(self, told: Certain) -> str:
        text = self.condition(told)
        return f"({text})" if isinstance(told, Every | Some) and len(told.parts) > 1 else text

    def test(self, rule: Expression) -> str:
        match rule:
            case Compare(sign, Call("exactly", (left,)), right) if not _in_order(left, right):
                first, second = (_BY_CODE_POINT.format(self.bracketed(e)) for e in (left, right))
                return f"{first} {sign} {second}"
            case Compare(sign, left, right):
                first, second = self.sides(left, right)
                return f"{first} {_SIGNS.get(sign, sign)} {second}"
            case In(operand, values):
                listed = ", ".join(self.sides(operand, value)[1] for value in values)
                return f"[{listed}].includes({self.value(operand)})"
            case Matches(operand, pattern):
                said = constant(regular(pattern))
                return f'new RegExp({said}, "su").test({self.value(operand)})'
            case _:
                return self.value(rule)

    def sides(self, left: Expression, right: Expression) -> tuple[str, str]:
        """Both sides, constants in quotes as moments where the other side is one."""
        texts = []
        for side, other in ((left, right), (right, left)):
            timed = sort_of(other, self.known) in (DAY, MOMENT)
            quoted = isinstance(side, Literal) and isinstance(side.value, str) and timed
            texts.append(f"Date.parse({self.value(side)})" if quoted else self.bracketed(side))
        return texts[0], texts[1]

    def value(self, expression: Expression) -> str:
        match expression:
            case Name(name):
                text = self.column(name)
                timed = sort_of(expression, self.known) in (DAY, MOMENT)
                return f"Date.parse({text})" if timed else text
            case Literal(value):
                return constant(value)
            case Arithmetic(sign, left, right):
                return f"{self.bracketed(left)} {sign} {self.bracketed(right)}"
            case Call("concat", arguments):
                return " + ".join(map(self.bracketed, arguments))
            case Call("present", arguments):
                return " + ".join(f"({_Absence(self).of(each)} ? 0 : 1)" for each in arguments)
            case Call("coalesce", (first, *others)):
                return self.first_known(first, others)
            case Call(function, arguments) if function in FUNCTIONS:
                return FUNCTIONS[function].format(*map(self.bracketed, arguments))
            case Call(function, _):
                raise NotRenderedError(f"{function}() means nothing outside a database")
            case _:
                return self.condition(accepts(expression))

    def first_known(self, first: Expression, others: list[Expression]) -> str:
        absent = _Absence(self).of(first)
        rest = self.first_known(others[0], others[1:]) if others else ""
        timed = sort_of(first, self.known) in (DAY, MOMENT)
        if others and timed and isinstance(others[0], Literal) and len(others) == 1:
            rest = f"Date.parse({rest})"
        return f"({absent} ? {rest} : {self.value(first)})" if rest else self.value(first)

    def bracketed(self, expression: Expression) -> str:
        text = self.value(expression)
        simple = isinstance(expression, Name | Literal) or (
            isinstance(expression, Call) and expression.function in _CLOSED
        )
        return text if simple else f"({text})"

    def column(self, name: str) -> str:
        plain = _PLAIN.match(name)
        return f"{self.row}.{name}" if plain else f"{self.row}[{constant(name)}]"


class _Absence:
    """Whether a value is absent, as JavaScript."""

    def __init__(self, writing: _Writing) -> None:
        self.writing = writing

    def of(self, value: Expression) -> str:
        return self.writing.condition(accepts(IsNull(value)))


_CLOSED: Final = frozenset(
    ("length", "lower", "blank", "whole", "date", "moment", "year", "year_of_moment",
     "coalesce")
)  # fmt: skip
"""Functions whose text needs no brackets."""


def _in_order(left: Expression, right: Expression) -> bool:
    """Whether UTF-16 sorts the two as code points do: one is a constant of its first characters."""
    said = (each.value for each in (left, right) if isinstance(each, Literal))
    return any(isinstance(text, str) and all(c < _SURROGATES for c in text) for text in said)


def regular(pattern: str) -> str:
    """The pattern as JavaScript reads it with the flag `u`, by which a dot is a whole character."""
    return "".join(_piece(found.group()) for found in _PIECES.finditer(pattern))


def _piece(piece: str) -> str:
    """A piece of a pattern; nothing is escaped but what must be, and all of that is."""
    if piece in ("{", "}", "]"):
        return f"\\{piece}"
    if piece.startswith("[") and len(piece) > 1:
        start = "[^" if piece.startswith("[^") else "["
        inside = piece[len(start) : -1]
        inside = f"\\{inside}" if inside.startswith("]") else inside
        return start + _ESCAPE.sub(lambda found: _escaped(found[1], "-"), inside) + "]"
    return _escaped(piece[1], "") if piece.startswith("\\") else piece


def _escaped(character: str, besides: str) -> str:
    kept = character.isalnum() or character in _SYNTAX or character in besides
    return f"\\{character}" if kept and character else character


_LARGEST: Final = 2**53
_SURROGATES: Final = "\ud800"
_BY_CODE_POINT: Final = (
    '[...{}].map((c) => c.codePointAt(0).toString(16).padStart(6, "0")).join("")'
)
"""A text that sorts as the database does, which knows nothing of UTF-16."""
_SYNTAX: Final = frozenset("^$\\.*+?()[]{}|/")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_PIECES: Final = re.compile(r"\{\d+(?:,\d*)?\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?.?|.", re.DOTALL)
"""Counts, escapes, brackets, the beginnings of groups, and single characters."""
