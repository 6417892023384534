"""Rules as SQLAlchemy expressions, in Python's text; what it has no words for stands as SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from schemawalk.schema.dialects.dialect import Dialect
from schemawalk.schema.language.explicit import explicit
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
)
from schemawalk.schema.language.sorts import DAY, MOMENT, Meanings, sort_of
from schemawalk.schema.rendering import NotRenderedError

_CALL: Final = re.compile(r"\w+\([^()]*\)")
_SIGNS: Final[Mapping[str, str]] = {"=": "==", "<>": "!="}
FUNCTIONS: Final[Mapping[str, str]] = {
    "length": "sa.func.length({0})",
    "lower": "sa.func.lower({0})",
    "blank": "sa.func.trim({0}) == ''",
    "coalesce": "sa.func.coalesce({*})",
}
"""By function; all others are written as the database's SQL."""


def _plain(name: str) -> str:
    return f"sa.column({name!r})"


def sqlalchemy(
    rule: Expression, known: Meanings, dialect: Dialect, column: Callable[[str], str] = _plain
) -> str:
    """Python text whose value is the rule, once `import sqlalchemy as sa` was said.

    `column` is how a column is called there.  Raises NotRenderedError for another database's SQL.
    """
    return _Writing(known, dialect, column).text(explicit(rule, known))


class _Writing:
    """One rule on its way."""

    def __init__(self, known: Meanings, dialect: Dialect, column: Callable[[str], str]) -> None:
        self.known, self.dialect, self.column = known, dialect, column

    def text(self, expression: Expression) -> str:
        match expression:
            case Logic(word, parts):
                return f"sa.{word}_({', '.join(map(self.text, parts))})"
            case Not(operand):
                return f"sa.not_({self.text(operand)})"
            case IsNull(operand, negated):
                return f"{self.inner(operand)}.{'is_not' if negated else 'is_'}(None)"
            case In(operand, values):
                listed = ", ".join(self.beside(value, operand) for value in values)
                return f"{self.inner(operand)}.in_([{listed}])"
            case Between(operand, low, high):
                ends = ", ".join(self.beside(end, operand) for end in (low, high))
                return f"{self.inner(operand)}.between({ends})"
            case Matches(operand, pattern):
                return f"{self.inner(operand)}.regexp_match({pattern!r})"
            case Compare(sign, left, right):
                first = self.beside(left, right) if isinstance(left, Literal) else self.inner(left)
                return f"{first} {_SIGNS.get(sign, sign)} {self.beside(right, left)}"
            case _:
                return self.value(expression)

    def value(self, expression: Expression) -> str:
        match expression:
            case Name(name):
                return self.column(name)
            case Literal(constant):
                return f"sa.literal({constant!r})"
            case Arithmetic(sign, left, right) if sign != "/" and not self.is_told(expression):
                return f"{self.inner(left)} {sign} {self.inner(right)}"
            case Call("concat", (start, *rest)):
                return self.inner(start) + "".join(f".concat({self.text(each)})" for each in rest)
            case Call(function, (argument, *_) as arguments) if function in FUNCTIONS:
                first = self.text(argument)
                listed = ", ".join([first, *(self.beside(e, argument) for e in arguments[1:])])
                return FUNCTIONS[function].replace("{*}", "{1}").format(first, listed)
            case Fragment(database, _) if database != self.dialect.name:
                raise NotRenderedError(f"the rule is written in {database}'s own SQL")
            case _:
                sql = self.dialect.sql(expression)
                whole = sql if _CALL.fullmatch(sql) else f"({sql})"
                return f"sa.literal_column({whole!r})"

    def is_told(self, expression: Arithmetic) -> bool:
        """Whether it is about time, of which only the database's types know how it is counted."""
        return sort_of(expression, self.known) not in ("a number", "")

    def beside(self, expression: Expression, other: Expression) -> str:
        """An operand; a constant of time is left for the database to read."""
        timed = sort_of(other, self.known) in (DAY, MOMENT)
        if timed and isinstance(expression, Literal):
            return f"sa.literal_column({self.dialect.literal(expression.value)!r})"
        if isinstance(expression, Literal) and not isinstance(other, Literal):
            return repr(expression.value)
        return self.inner(expression)

    def inner(self, expression: Expression) -> str:
        text = self.text(expression)
        operators = (Compare, Arithmetic)
        blank = isinstance(expression, Call) and expression.function == "blank"
        return f"({text})" if blank or isinstance(expression, operators) else text
