"""A regular expression of the common kind, read into what can be written from it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Final, TypeAlias

LETTERS_AND_DIGITS: Final = string.ascii_lowercase + string.digits + string.ascii_uppercase
_PRINTABLE: Final = LETTERS_AND_DIGITS + "-_./:@+#,;!?()[]{}<>=*&%$^~|'\"\\` "
"""Characters to choose from, those first that look most like what people write."""

_CLASSES: Final = {
    "d": string.digits,
    "w": LETTERS_AND_DIGITS + "_",
    "s": " ",
    "D": "".join(c for c in _PRINTABLE if c not in string.digits),
    "W": "".join(c for c in _PRINTABLE if c not in LETTERS_AND_DIGITS + "_"),
    "S": _PRINTABLE.rstrip(" "),
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_ANCHORS: Final = "^$"
_ESCAPED_ANCHORS: Final = {"A": "^", "Z": "$", "z": "$", "m": "", "M": "", "y": "", "Y": ""}
_COUNT: Final = re.compile(r"\{(\d+)(,?)(\d*)\}")
_MOST_WAYS: Final = 64
"""So many ways through the branches of a pattern are followed."""


class UnknownPatternError(Exception):
    """A construct that is not followed here."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character, of several."""

    choices: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The beginning of the text, `^`, or its end, `$`."""

    sign: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something so many times; `high` is None where there is no most."""

    node: Node
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One thing after the other."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several branches."""

    branches: tuple[Node, ...]


Node: TypeAlias = Chars | Anchor | Repeat | Sequence | Choice


def ways(pattern: str) -> Iterator[Node]:
    """The ways through the branches of a pattern, each without a choice.

    Raises UnknownPatternError.
    """
    try:
        tree = _Parser(pattern).alternatives()
    except (IndexError, re.error) as error:
        raise UnknownPatternError(pattern) from error
    return _ways(tree)


def _ways(node: Node) -> Iterator[Node]:
    match node:
        case Choice(branches):
            return chain.from_iterable(map(_ways, branches))
        case Sequence(nodes):
            each = (tuple(islice(_ways(inner), _MOST_WAYS)) for inner in nodes)
            return islice(map(Sequence, product(*each)), _MOST_WAYS)
        case Repeat(inner, low, high):
            return (Repeat(way, low, high) for way in _ways(inner))
    return iter((node,))


class _Parser:
    """A POSIX extended regular expression on its way."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at = pattern, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def alternatives(self) -> Node:
        branches = [self.sequence()]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence())
        return Choice(tuple(branches)) if len(branches) > 1 else branches[0]

    def sequence(self) -> Node:
        nodes: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            nodes.append(self.repeated(self.atom()))
        return Sequence(tuple(nodes))

    def repeated(self, node: Node) -> Node:
        low, high = 1, 1
        match self.peek():
            case "*":
                low, high = 0, -1
            case "+":
                low, high = 1, -1
            case "?":
                low, high = 0, 1
            case "{":
                return self.counted(node)
            case _:
                return node
        self.take()
        return self.repeat(node, low, None if high < 0 else high)

    def counted(self, node: Node) -> Node:
        found = _COUNT.match(self.text, self.at)
        if not found:
            raise UnknownPatternError(self.text)
        self.at = found.end()
        low = int(found[1])
        most = found[3] if found[2] else found[1]
        return self.repeat(node, low, int(most) if most else None)

    def repeat(self, node: Node, low: int, high: int | None) -> Node:
        if self.peek() == "?":
            self.take()
        return Repeat(node, low, high)

    def atom(self) -> Node:
        character = self.take()
        if character in _ANCHORS:
            return Anchor(character)
        if character == ".":
            return Chars(_PRINTABLE)
        if character == "(":
            return self.group()
        if character == "[":
            return Chars(self.bracket())
        if character == "\\":
            if self.peek() in _ESCAPED_ANCHORS:
                return Anchor(_ESCAPED_ANCHORS[self.take()])
            return Chars(self.escape())
        if character in "*+?{":
            raise UnknownPatternError(self.text)
        return Chars(character)

    def group(self) -> Node:
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise UnknownPatternError(self.text)
        node = self.alternatives()
        if self.take() != ")":
            raise UnknownPatternError(self.text)
        return node

    def escape(self) -> str:
        character = self.take()
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum():
            raise UnknownPatternError(self.text)
        return character

    def bracket(self) -> str:
        negated = self.peek() == "^"
        if negated:
            self.take()
        chosen = self.member()
        while self.peek() != "]":
            chosen += self.member()
        self.take()
        seen = dict.fromkeys(c for c in chosen if c in _PRINTABLE) or dict.fromkeys(chosen)
        choices = (c for c in _PRINTABLE if c not in chosen) if negated else seen
        found = "".join(choices)
        if not found:
            raise UnknownPatternError(self.text)
        return found

    def member(self) -> str:
        first = self.take()
        if first == "\\":
            first = self.escape()
        after = self.text[self.at : self.at + 2]
        if len(first) != 1 or len(after) < 2 or after[0] != "-" or after[1] == "]":
            return first
        self.take()
        last = self.take()
        last = self.escape() if last == "\\" else last
        return "".join(map(chr, range(ord(first), ord(last) + 1)))
