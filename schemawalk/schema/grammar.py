"""The language in which rules are written, read into expressions.

    file_size_bytes > 0
    length(name) <= 100 and not blank(name)
    status in ('draft', 'published')
    completed_at >= started_at
    status = 'completed' implies completed_at is not null
    email matches '^[^@]+@[^@]+$'

Operators, loosest first: implies, or, and, not, comparisons (= <> < <= > >= in, between, is null,
matches), + -, * /.  Functions: length, lower, blank, present (how many are not null).  Strings are
quoted with ' and double it inside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NoReturn

from schemawalk.schema.expression import (
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


class ExpressionError(ValueError):
    """The text is not an expression; the message says where and why."""


FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    "length": (1, 1),
    "lower": (1, 1),
    "blank": (1, 1),
    "present": (1, 99),
}
"""Functions that a rule may use, with the fewest and the most arguments."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>'(?:[^']|'')*')|(?P<word>[^\W\d]\w*)"
    r"|(?P<symbol><>|!=|<=|>=|[=<>+\-*/(),]))"
)
_COMPARISONS: Final[Mapping[str, CompareOperator]] = {
    "=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_WORDS: Final = frozenset("and or not in is null between matches implies true false".split())
DEEPEST: Final = 40
"""Deepest nesting that is read; far beyond any rule that a person can follow."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Expression:
    """The expression that `text` says; raises ExpressionError with the place and the reason."""
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

    def fail(self, reason: str) -> NoReturn:
        token = self.peek()
        raise ExpressionError(f"{reason} at character {token.at + 1}, found {token.text!r}")

    def expect_end(self) -> None:
        if self.peek().kind != "end":
            self.fail("expected the rule to end")

    def implication(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} deep")
        left = self.disjunction()
        if self.take("implies"):
            left = Logic("or", (Not(left), self.implication()))
        self.depth -= 1
        return left

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
        left = self.sum()
        if symbol := self.take(*_COMPARISONS):
            return Compare(_COMPARISONS[symbol], left, self.sum())
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
            low = self.sum()
            self.need("and")
            inner = Between(left, low, self.sum())
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
            re.compile(literal.value)
        except re.error as error:
            raise ExpressionError(f"the pattern is not a regular expression: {error}") from None
        return literal.value

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
            return Literal(Decimal(token.text) if "." in token.text else int(token.text))
        if token.kind == "string":
            return Literal(token.text[1:-1].replace("''", "'"))
        if token.kind == "word":
            return self.call(token) if self.take("(") else Name(token.text)
        self.at -= 1
        self.fail("expected a column, a value or a bracket")

    def call(self, name: _Token) -> Expression:
        function = name.text.lower()
        if function not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise ExpressionError(f"there is no function {name.text!r}; there are {known}")
        arguments = [self.implication()]
        while self.take(","):
            arguments.append(self.implication())
        self.need(")")
        fewest, most = FUNCTIONS[function]
        if not fewest <= len(arguments) <= most:
            raise ExpressionError(f"{function} takes {fewest} argument(s), not {len(arguments)}")
        return Call(function, tuple(arguments))
