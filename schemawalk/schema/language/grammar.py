"""The language in which rules are written, read into expressions.

    file_size_bytes > 0
    length(name) <= 100 and not blank(name)
    status in ('draft', 'published')
    completed_at >= started_at
    if status = 'completed' then completed_at is not null
    email matches '^[^@]+@[^@]+$'
    due_on <= issued_on + 30 days
    ended_at - started_at <= 2 hours
    first_name || ' ' || coalesce(last_name, '?')
    postgresql: upper(period) > lower(period)

Operators, loosest first: implies (also written `if … then …`), or, and, not, comparisons (= <> < <=
> >= in, between, is null, matches), || (joins texts), + -, * / (exact: 1 / 2 is a half).  Texts are
quoted with ' and double it inside; `date '2026-03-14'` and `moment '2026-03-14T09:26:53Z'` are
constants of time, `30 days` is a length of time.  What follows a database's name and a colon is SQL
of that database alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, NoReturn

from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    CompareOperator,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
)
from schemawalk.schema.language.expression import ExpressionError as ExpressionError
from schemawalk.schema.language.fragment import own_words
from schemawalk.schema.language.matching import spelled_out, unshared

FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    "length": (1, 1),
    "lower": (1, 1),
    "blank": (1, 1),
    "present": (1, 99),
    "coalesce": (2, 99),
    "year": (1, 1),
    "month": (1, 1),
    "day": (1, 1),
    "now": (0, 0),
    "today": (0, 0),
}
"""Functions that a rule may use, with the fewest and the most arguments."""

UNITS: Final[Mapping[str, tuple[str, int]]] = {
    "second": ("lasting_seconds", 1), "minute": ("lasting_minutes", 1),
    "hour": ("lasting_hours", 1), "day": ("lasting_days", 1), "week": ("lasting_days", 7),
}  # fmt: skip
"""Units of lengths of time, as they are kept.  Months and years are none: they differ in length."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>'(?:[^']|'')*')|(?P<word>[^\W\d]\w*)"
    r"|(?P<symbol><>|!=|<=|>=|\|\||[=<>+\-*/(),]))"
)
_COMPARISONS: Final[Mapping[str, CompareOperator]] = {
    "=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_WORDS: Final = frozenset("and or not in is null between matches implies true false".split())
_HINTS: Final[Mapping[str, str]] = {
    '"': ": texts stand in 'single quotes', and names in none",
    "`": ": names stand in no quotes",
    "'": ": the quote is never closed",
    ";": ": a rule is one expression",
    "|": ": write 'or' between conditions, || between texts",
    "&": ": write 'and'",
    "!": ": write 'not'",
    "%": ": there is no remainder",
}
"""What is probably meant by a character that the language lacks."""
DEEPEST: Final = 40
"""Deepest nesting that is read; far beyond any rule that a person can follow."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression that `text` says; raises ExpressionError with the place and the reason."""
    if fragment := own_words(text):
        return fragment
    parser = _Parser(_tokens(text), text)
    expression = parser.implication()
    parser.expect_end()
    return expression


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            rest = text[at:].lstrip()
            raise ExpressionError(
                f"character {len(text) - len(rest) + 1} ({rest[0]!r}) is not part of a rule"
                f"{_HINTS.get(rest[0], '')}"
            )
        kind, word = match.lastgroup, match.group(match.lastgroup)
        if kind == "word" and word.lower() in _WORDS:
            kind, word = "keyword", word.lower()
        tokens.append(_Token(kind, word, match.start(match.lastgroup)))
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent over tokens, one method a level of precedence."""

    def __init__(self, tokens: list[_Token], text: str) -> None:
        self.tokens, self.text, self.at, self.depth = tokens, text, 0, 0

    def peek(self) -> _Token:
        if self.at < len(self.tokens):
            return self.tokens[self.at]
        return _Token("end", "the end", len(self.text))

    def take(self, *texts: str) -> str | None:
        token = self.peek()
        if token.kind in ("keyword", "symbol") and token.text in texts:
            self.at += 1
            return token.text
        return None

    def need(self, text: str) -> None:
        if not self.take(text):
            self.fail(f"expected {text!r}")

    def fail(self, reason: str, token: _Token | None = None) -> NoReturn:
        token = token or self.peek()
        raise ExpressionError(f"{reason} at character {token.at + 1}, found {token.text!r}")

    def expect_end(self) -> None:
        if self.peek().kind != "end":
            self.fail("expected the rule to end")

    def implication(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} deep")
        if self.word("if"):
            left = self.disjunction()
            if not self.word("then"):
                self.fail("expected 'then'")
            whole: Expression = Logic("or", (Not(left), self.implication()))
        else:
            whole = self.disjunction()
            if self.take("implies"):
                whole = Logic("or", (Not(whole), self.implication()))
        self.depth -= 1
        return whole

    def word(self, wanted: str) -> bool:
        """Take a word that only means something in its place, where something follows it."""
        token, after = self.peek(), self.tokens[self.at + 1 : self.at + 2]
        alone = not after or (after[0].kind == "symbol" and after[0].text not in "(-")
        if token.kind != "word" or token.text.lower() != wanted or alone:
            return False
        if after[0].kind == "keyword" and after[0].text not in ("not", "true", "false", "null"):
            return False
        self.at += 1
        return True

    def disjunction(self) -> Expression:
        parts = [self.conjunction()]
        while self.take("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Logic("or", tuple(parts))

    def conjunction(self) -> Expression:
        parts = [self.negation()]
        while self.take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def negation(self) -> Expression:
        count = 0
        while self.take("not"):
            count += 1
        operand = self.comparison()
        return Not(operand) if count % 2 else operand

    def comparison(self) -> Expression:
        left = self.joined()
        if symbol := self.take(*_COMPARISONS):
            return Compare(_COMPARISONS[symbol], left, self.joined())
        if self.take("is"):
            negated = bool(self.take("not"))
            self.need("null")
            return IsNull(left, negated)
        if self.take("matches"):
            return Matches(left, self.pattern())
        negated = bool(self.take("not"))
        if self.take("in"):
            inner: Expression = In(left, self.literals())
        elif self.take("between"):
            low = self.joined()
            self.need("and")
            inner = Between(left, low, self.joined())
        elif negated:
            self.fail("expected 'in' or 'between'")
        else:
            return left
        return Not(inner) if negated else inner

    def literals(self) -> tuple[Literal, ...]:
        self.need("(")
        values = [self.literal()]
        while self.take(","):
            values.append(self.literal())
        self.need(")")
        return tuple(values)

    def literal(self) -> Literal:
        value = self.unary()
        if not isinstance(value, Literal):
            self.fail("expected a constant before this")
        return value

    def pattern(self) -> str:
        literal = self.literal()
        if not isinstance(literal.value, str):
            raise ExpressionError("'matches' needs a pattern in quotes")
        try:
            with warnings.catch_warnings(action="ignore", category=FutureWarning):
                re.compile(literal.value)
        except re.error as error:
            raise ExpressionError(f"the pattern is not a regular expression: {error}") from None
        if why := unshared(literal.value):
            raise ExpressionError(f"the pattern {why}")
        return spelled_out(literal.value)

    def joined(self) -> Expression:
        parts = [self.sum()]
        while self.take("||"):
            parts.append(self.sum())
        return parts[0] if len(parts) == 1 else Call("concat", tuple(parts))

    def sum(self) -> Expression:
        left = self.product()
        while symbol := self.take("+", "-"):
            left = Arithmetic("+" if symbol == "+" else "-", left, self.product())
        return left

    def product(self) -> Expression:
        left = self.unary()
        while symbol := self.take("*", "/"):
            left = Arithmetic("*" if symbol == "*" else "/", left, self.unary())
        return left

    def unary(self) -> Expression:
        if not self.take("-"):
            return self.primary()
        operand = self.primary()
        if isinstance(operand, Literal) and isinstance(operand.value, int | Decimal):
            return Literal(-operand.value)
        match operand:
            case Call(function, (Literal(int(count)),)) if function in _LENGTHS:
                return Call(function, (Literal(-count),))
        return Arithmetic("-", Literal(0), operand)

    def primary(self) -> Expression:
        token = self.peek()
        if self.take("("):
            inner = self.implication()
            self.need(")")
            return inner
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.take(word):
                return Literal(value)
        self.at += 1
        if token.kind == "number":
            return self.number(token)
        if token.kind == "string":
            return Literal(_unquoted(token))
        if token.kind == "word":
            return self.named(token)
        self.at -= 1
        self.fail("expected a column, a value or a bracket")

    def number(self, token: _Token) -> Expression:
        """A number, or a length of time when a unit follows."""
        unit = self.peek()
        word = unit.text.lower().removesuffix("s")
        if unit.kind != "word" or unit.text.lower() == "then":
            return Literal(Decimal(token.text) if "." in token.text else int(token.text))
        if word not in UNITS:
            self.fail(f"expected one of {', '.join(f'{known}s' for known in UNITS)}")
        if "." in token.text:
            self.fail("expected a whole number", token)
        self.at += 1
        function, times = UNITS[word]
        return Call(function, (Literal(int(token.text) * times),))

    def named(self, token: _Token) -> Expression:
        """A column, a call, or a constant of time."""
        word, after = token.text.lower(), self.peek()
        if after.kind == "string" and word in ("date", "moment"):
            self.at += 1
            text = _unquoted(after)
            if not _reads(text, word):
                self.fail(f"expected a {word} as in {_SHAPES[word]}", after)
            return Call(word, (Literal(text),))
        return self.call(token) if self.take("(") else Name(token.text)

    def call(self, name: _Token) -> Expression:
        function = name.text.lower()
        if function not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise ExpressionError(
                f"there is no function {name.text!r} (character {name.at + 1}); there are {known}"
            )
        fewest, most = FUNCTIONS[function]
        arguments = []
        if most or not self.take(")"):
            arguments.append(self.implication())
            while self.take(","):
                arguments.append(self.implication())
            self.need(")")
        if not fewest <= len(arguments) <= most:
            raise ExpressionError(
                f"{function} takes {fewest or 'no'} argument(s), not {len(arguments)} "
                f"(character {name.at + 1})"
            )
        return Call(function, tuple(arguments))


_LENGTHS: Final = frozenset(function for function, _ in UNITS.values())
_SHAPES: Final = {"date": "date '2026-03-14'", "moment": "moment '2026-03-14T09:26:53Z'"}


def _unquoted(token: _Token) -> str:
    return token.text[1:-1].replace("''", "'")


def _reads(text: str, word: str) -> bool:
    try:
        return bool(date.fromisoformat(text) if word == "date" else datetime.fromisoformat(text))
    except ValueError:
        return False
