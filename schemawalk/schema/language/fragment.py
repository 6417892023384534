"""SQL of the user's own for one database: read as exactly one expression, or refused.

Such a fragment stands where a CHECK, a generated column or a predicate wants a condition, so it may
hold columns, constants, operators and functions that give the same for the same row, and nothing
else: no statement, no comment, no query, no function that the table below lacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, NoReturn

from schemawalk.schema.language.expression import ExpressionError, Fragment, Name
from schemawalk.schema.language.fragment_words import LANGUAGES, RESERVED_WORDS, Language

LONGEST: Final = 1_000
"""Characters that are read: more than a person can follow."""
DEEPEST: Final = 30

_OWN: Final = re.compile(rf"\s*({'|'.join(LANGUAGES)})\s*:(?!:)\s*", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>--|/\*|\*/|\#)
    |(?P<string>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")+"|`(?:[^`]|``)+`)
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>::|->>|->|\|\||@>|<@|&&|!~\*|!~|~\*|<>|<=|>=|!=|<<|>>|[-+*/%^=<>~()\[\],])""",
    re.VERBOSE,
)
_COMPARISONS: Final = ("=", "<>", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    space: bool
    """Whether a space stands before it."""

    @property
    def word(self) -> str:
        """A word in lower case; empty for anything else."""
        return self.text.lower() if self.kind == "word" else ""


def own_words(text: str) -> Fragment | None:
    """The fragment that `postgresql: …` says; None for a text that names no database.

    Raises ExpressionError when what follows the name is not one expression of that database.
    """
    start = _OWN.match(text)
    if not start:
        return None
    database = start.group(1).lower()
    return _Reader(text, start.end(), database).fragment()


def _tokens(text: str, start: int, language: Language) -> list[_Token]:
    tokens: list[_Token] = []
    at, space = start, False
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or found.lastgroup is None:
            raise ExpressionError(f"{text[at]!r} at character {at + 1} is not part of a rule")
        kind, word = found.lastgroup, found.group()
        if kind == "comment":
            raise ExpressionError(f"a comment begins at character {at + 1}: a rule holds none")
        if kind == "space":
            space = True
        else:
            _look_into(kind, word, at, language)
            tokens.append(_Token(kind, word, at, space))
            space = False
        at = found.end()
    return tokens


def _look_into(kind: str, word: str, at: int, language: Language) -> None:
    if kind == "string" and ("\\" in word or not word.isprintable()):
        raise ExpressionError(f"the text at character {at + 1} holds a backslash or a control code")
    if kind == "quoted" and (word[0] != language.quote or not word.isprintable()):
        raise ExpressionError(f"names are quoted with {language.quote} (character {at + 1})")


class _Reader:
    """Recursive descent over tokens: it changes nothing, and only says whether they are one."""

    def __init__(self, text: str, start: int, database: str) -> None:
        if len(text) > LONGEST:
            raise ExpressionError(f"it is longer than {LONGEST} characters")
        self.language = LANGUAGES[database]
        self.database, self.text = database, text
        self.tokens = _tokens(text, start, self.language)
        self.at, self.depth = 0, 0
        self.columns: set[int] = set()

    def fragment(self) -> Fragment:
        self.expression()
        if self.at < len(self.tokens):
            self.fail("expected the rule to end")
        pieces: list[str | Name] = []
        for at, token in enumerate(self.tokens):
            pieces += [" "] if token.space and at else []
            pieces.append(Name(_unquoted(token)) if at in self.columns else token.text)
        return Fragment(self.database, _merged(pieces))

    # Reading

    def peek(self, ahead: int = 0) -> _Token:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else _Token("end", "the end", -1, False)

    def take(self, *texts: str) -> str:
        """The next token when it is one of these signs or words; else empty."""
        token = self.peek()
        text = token.word or (token.text if token.kind == "sign" else "")
        if text not in texts:
            return ""
        self.at += 1
        return text

    def need(self, *texts: str) -> None:
        if not self.take(*texts):
            self.fail(f"expected {' or '.join(map(repr, texts))}")

    def fail(self, reason: str) -> NoReturn:
        token = self.peek()
        at = token.at if token.at >= 0 else len(self.text)
        raise ExpressionError(f"{reason} at character {at + 1}, found {token.text!r}")

    # Levels of binding, loosest first

    def expression(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} deep")
        self.negation()
        while self.take("and", "or"):
            self.negation()
        self.depth -= 1

    def negation(self) -> None:
        while self.take("not"):
            pass
        self.comparison()
        while self.take("is"):
            self.take("not")
            if self.take("distinct"):
                self.need("from")
                self.comparison()
            else:
                self.need("null", "true", "false", "unknown")

    def comparison(self) -> None:
        self.membership()
        if self.take(*_COMPARISONS):
            if self.peek().word in ("any", "all") and self.database == "postgresql":
                self.at += 1
                self.bracketed()
            else:
                self.membership()

    def membership(self) -> None:
        self.sum()
        negated = self.take("not")
        if self.take("in"):
            self.arguments(fewest=1)
        elif self.take("between"):
            self.sum()
            self.need("and")
            self.sum()
        elif self.take(*self.language.likes):
            self.sum()
        elif negated:
            self.fail("expected 'in', 'between' or 'like'")

    def sum(self) -> None:
        self.operand()
        while self.take(*self.language.operators):
            self.operand()

    def operand(self) -> None:
        while self.take("-", "+"):
            pass
        self.primary()
        while True:
            if "::" in self.language.casts and self.take("::"):
                self.type()
            elif self.database == "postgresql" and self.take("["):
                self.expression()
                self.need("]")
            elif self.database == "postgresql" and self.take("at"):
                self.need("time")
                self.need("zone")
                self.string()
            else:
                return

    # What stands alone

    def primary(self) -> None:
        token = self.peek()
        if token.kind in ("number", "string") or token.word in ("true", "false", "null"):
            self.at += 1
        elif token.text == "(":
            self.bracketed()
        elif token.kind == "quoted" or (token.kind == "word" and self.stands_alone(token.word)):
            self.columns.add(self.at)
            self.at += 1
            if self.peek().text == "(":
                self.fail("a name in quotes is no function")
        elif token.kind == "word":
            self.at += 1
            self.special(token.word)
        else:
            self.fail("expected a column, a value or a bracket")

    def stands_alone(self, word: str) -> bool:
        """Whether the word at hand is a column: nothing that the language keeps for itself."""
        after = self.peek(1)
        typed = word in self.language.constants and after.kind == "string"
        return after.text != "(" and not typed and word not in RESERVED_WORDS

    def special(self, word: str) -> None:
        if word == "case":
            self.case()
        elif word == "cast" and self.take("("):
            self.expression()
            self.need("as")
            self.type()
            self.need(")")
        elif word == "extract" and self.take("("):
            self.need("year", "month", "day", "hour", "minute", "second", "dow", "isodow", "epoch")
            self.need("from")
            self.expression()
            self.need(")")
        elif word == "array" and self.database == "postgresql":
            self.need("[")
            self.listed("]", fewest=0)
        elif word in self.language.constants and self.peek().kind == "string":
            self.at += 1
        elif self.peek().text == "(" and word in self.language.functions:
            self.arguments(fewest=0)
        else:
            self.at -= 1
            self.strange(word)

    def strange(self, word: str) -> NoReturn:
        if self.peek(1).text == "(" and word not in RESERVED_WORDS:
            near = get_close_matches(word, sorted(self.language.functions), n=1)
            instead = f" (is {near[0]} meant?)" if near else ""
            self.fail(f"{word} is none of the functions that a rule may use{instead}")
        self.fail("expected a column, a value or a bracket: a rule holds no query")

    def case(self) -> None:
        if self.peek().word != "when":
            self.expression()
        self.need("when")
        while True:
            self.expression()
            self.need("then")
            self.expression()
            if not self.take("when"):
                break
        if self.take("else"):
            self.expression()
        self.need("end")

    def string(self) -> None:
        if self.peek().kind != "string":
            self.fail("expected a text in quotes")
        self.at += 1

    def bracketed(self) -> None:
        self.need("(")
        self.expression()
        self.need(")")

    def arguments(self, fewest: int) -> None:
        self.need("(")
        self.listed(")", fewest)

    def listed(self, end: str, fewest: int) -> None:
        if not fewest and self.take(end):
            return
        self.expression()
        while self.take(","):
            self.expression()
        self.need(end)

    def type(self) -> None:
        if not self.take(*self.language.types):
            self.fail(f"expected one of the types {', '.join(self.language.types)}")
        if self.take("("):
            self.length()
            while self.take(","):
                self.length()
            self.need(")")
        if self.database == "postgresql" and self.peek().text == "[" and self.peek(1).text == "]":
            self.at += 2

    def length(self) -> None:
        if not self.peek().text.isdigit():
            self.fail("expected a whole number")
        self.at += 1


def _unquoted(token: _Token) -> str:
    if token.kind != "quoted":
        return token.text
    end = token.text[-1]
    return token.text[1:-1].replace(end * 2, end)


def _merged(pieces: list[str | Name]) -> tuple[str | Name, ...]:
    """The same pieces, texts that follow each other as one."""
    merged: list[str | Name] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        else:
            merged.append(piece)
    return tuple(merged)
