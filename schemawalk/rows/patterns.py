"""Texts that match a regular expression: the common kind, as rules for e-mail or slugs have it."""

from __future__ import annotations

import contextlib
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

_ALPHABET: Final = string.ascii_lowercase + string.digits + string.ascii_uppercase
_PRINTABLE: Final = _ALPHABET + "-_./:@+#,;!?()[]{}<>=*&%$^~|'\"\\` "
"""Characters to choose from, those first that look most like what people write."""

_CLASSES: Final = {
    "d": string.digits,
    "w": _ALPHABET + "_",
    "s": " ",
    "D": "".join(c for c in _PRINTABLE if c not in string.digits),
    "W": "".join(c for c in _PRINTABLE if c not in _ALPHABET + "_"),
    "S": _PRINTABLE.rstrip(" "),
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_ANCHORS: Final = "^$"
_ESCAPED_ANCHORS: Final = "AZzmMyY"
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_USUAL: Final = 6
"""How often something is repeated that may be repeated at will."""

_SHAPES: Final = (
    "a{}@example.org", "https://example.org/{}", "slug-{}", "a{}", "A{}", "#{:06x}", "+1555{:07d}",
    "{:05d}", "2024-01-{:02d}", "{}.0", "/a/{}", "AB-{}",
)  # fmt: skip
"""Texts to try when an expression cannot be followed."""


class _UnknownError(Exception):
    """A construct that is not followed here."""


@dataclass(slots=True)
class _Chars:
    choices: str


@dataclass(slots=True)
class _Repeat:
    node: _Node
    low: int
    high: int | None
    count: int = field(default=0)


@dataclass(slots=True)
class _Sequence:
    nodes: list[_Node]


_Node: TypeAlias = _Chars | _Repeat | _Sequence


def sample(pattern: str, number: int, length: int | None = None) -> str | None:
    """A text that matches, other ones for other numbers; of `length` characters when given.

    None when none was found.
    """
    texts = [f.format(number) for f in _SHAPES]
    with contextlib.suppress(_UnknownError, IndexError):
        texts.insert(0, _sampled(pattern, number, length))
    fits = (t for t in texts if (length is None or len(t) == length) and re.search(pattern, t))
    return next(fits, None)


def _sampled(pattern: str, number: int, length: int | None) -> str:
    tree = _Parser(pattern).alternatives()
    text = "".join(_written(tree, [number]))
    if length is not None:
        _grow(tree, length - len(text))
        text = "".join(_written(tree, [number]))
    return text


def _written(node: _Node, left: list[int]) -> Iterator[str]:
    """The characters of a sample; `left[0]` is what is left of the number to be spelled."""
    match node:
        case _Chars(choices):
            left[0], digit = divmod(left[0], len(choices))
            yield choices[digit]
        case _Sequence(nodes):
            for inner in nodes:
                yield from _written(inner, left)
        case _Repeat(inner, count=count):
            for _ in range(count):
                yield from _written(inner, left)


def _grow(node: _Node, more: int) -> int:
    """Repeat single characters more or less often; returns how much is still to be grown."""
    match node:
        case _Sequence(nodes):
            for inner in nodes:
                more = _grow(inner, more)
        case _Repeat(_Chars(), low, high, count):
            most = count + more if high is None else high
            node.count = max(low, min(count + more, most))
            more -= node.count - count
    return more


class _Parser:
    """A POSIX extended regular expression, read into what can be written from it."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at = pattern, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def alternatives(self) -> _Node:
        """The first of the branches: one text that matches is enough."""
        first = self.sequence()
        while self.peek() == "|":
            self.take()
            self.sequence()
        return first

    def sequence(self) -> _Node:
        nodes: list[_Node] = []
        while self.peek() not in ("", "|", ")"):
            nodes.append(self.repeated(self.atom()))
        return _Sequence(nodes)

    def repeated(self, node: _Node) -> _Node:
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
        return self._repeat(node, low, None if high < 0 else high)

    def counted(self, node: _Node) -> _Node:
        found = _COUNT.match(self.text, self.at)
        if not found:
            raise _UnknownError
        self.at = found.end()
        low = int(found[1])
        most = found[3] if found[2] else found[1]
        return self._repeat(node, low, int(most) if most else None)

    def _repeat(self, node: _Node, low: int, high: int | None) -> _Node:
        if self.peek() == "?":
            self.take()
        usual = 0 if high == 1 else _USUAL if high is None else min(_USUAL, high)
        return _Repeat(node, low, high, max(low, usual))

    def atom(self) -> _Node:
        character = self.take()
        if character in _ANCHORS:
            return _Sequence([])
        if character == ".":
            return _Chars(_PRINTABLE)
        if character == "(":
            return self.group()
        if character == "[":
            return _Chars(self.bracket())
        if character == "\\":
            if self.peek() in _ESCAPED_ANCHORS:
                self.take()
                return _Sequence([])
            return _Chars(self.escape())
        if character in "*+?{":
            raise _UnknownError
        return _Chars(character)

    def group(self) -> _Node:
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise _UnknownError
        node = self.alternatives()
        if self.take() != ")":
            raise _UnknownError
        return node

    def escape(self) -> str:
        character = self.take()
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum():
            raise _UnknownError
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
            raise _UnknownError
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
