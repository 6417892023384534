"""Texts that match a regular expression: another one for each number, as long as is asked for.

The texts of a pattern come in forms: a way through its branches, written with so many characters.
A form has as many texts as its characters allow; numbers use up one form after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Final

from schemawalk.rows.pattern_tree import (
    LETTERS_AND_DIGITS,
    Anchor,
    Chars,
    Node,
    Repeat,
    Sequence,
    UnknownPatternError,
    ways,
)
from schemawalk.schema.language.matching import matches

_USUAL: Final = 6
"""How often something is repeated that may be repeated at will."""
_LONGER: Final = 40
"""So many characters more than usual are tried, to tell numbers apart."""
_ENOUGH: Final = 10**9
"""Texts that a pattern needs at most: made-up numbers are smaller."""

_SHAPES: Final = (
    "a{}@example.org", "https://example.org/{}", "slug-{}", "a{}", "A{}", "#{:06x}", "+1555{:07d}",
    "{:05d}", "2024-01-{:02d}", "{}.0", "/a/{}", "AB-{}",
)  # fmt: skip
"""Texts to try when an expression cannot be followed."""


def sample(pattern: str, number: int, length: int | None = None) -> str | None:
    """A text that matches, of `length` characters when given; None when none was found.

    Other numbers give other texts, also to who takes upper and lower case for the same, as far as
    the pattern has so many.
    """
    with suppress(re.error):
        for text in _tried(pattern, number, length):
            if (length is None or len(text) == length) and matches(pattern, text):
                return text
    return None


def _tried(pattern: str, number: int, length: int | None) -> Iterator[str]:
    if forms := _forms(pattern, length):
        yield _numbered(forms, number)
    yield from (shape.format(number) for shape in _SHAPES)


def _numbered(forms: Iterable[_Form], number: int) -> str:
    """The how-manieth text of all forms; from the start again when there are not so many."""
    number %= sum(form.texts for form in forms)
    for form in forms:
        if number < form.texts:
            return form.spelled(number)
        number -= form.texts
    raise AssertionError("a number is smaller than the sum")


@dataclass(frozen=True, slots=True)
class _Form:
    """Texts of one length: what may stand at each place."""

    places: tuple[str, ...]
    texts: int

    def spelled(self, number: int) -> str:
        """The how-manieth of its texts: the first places change first."""
        text = ""
        for choices in self.places:
            number, digit = divmod(number, len(choices))
            text += choices[digit]
        return text


@lru_cache(maxsize=4096)
def _forms(pattern: str, length: int | None) -> tuple[_Form, ...]:
    """Forms enough to tell made-up numbers apart, as far as the pattern has them."""
    found: list[_Form] = []
    with suppress(UnknownPatternError):
        for way in ways(pattern):
            for form in _forms_of(way, length):
                found.append(form)
                if sum(each.texts for each in found) > _ENOUGH:
                    return tuple(found)
    return tuple(found)


def _forms_of(way: Node, length: int | None) -> Iterator[_Form]:
    usual = max(_Draft(way).size, 1)
    longer, shorter = range(usual, usual + _LONGER), range(usual - 1, -1, -1)
    for size in (*longer, *shorter) if length is None else (length,):
        draft = _Draft(way)
        if draft.resized(size):
            yield draft.form()


@dataclass(slots=True)
class _Run:
    """One character after the other, of the same choices."""

    choices: str
    low: int
    high: int | None
    count: int

    def change(self, wanted: int) -> int:
        """Take up to so many more characters, or fewer; returns how many it came to."""
        most = self.count + max(wanted, 0) if self.high is None else self.high
        before, self.count = self.count, max(self.low, min(self.count + wanted, most))
        return self.count - before


@dataclass(slots=True)
class _More:
    """A group that may be written again at this place; `left` is None for without end."""

    node: Node
    left: int | None


class _Draft:
    """One way through a pattern, on its way to a length."""

    def __init__(self, way: Node) -> None:
        self.pieces = list(_opened(way))

    @property
    def runs(self) -> list[_Run]:
        return [piece for piece in self.pieces if isinstance(piece, _Run)]

    @property
    def size(self) -> int:
        return sum(run.count for run in self.runs)

    def resized(self, size: int) -> bool:
        """Make it so long; whether that was possible."""
        self.change(size - self.size)
        while self.size < size and self.repeat(size - self.size):
            self.change(size - self.size)
        return self.size == size

    def change(self, wanted: int) -> None:
        """Repeat single characters more or less often, those first that tell least apart."""
        for run in sorted(self.runs, key=lambda run: len(run.choices)):
            wanted -= run.change(wanted)

    def repeat(self, most: int) -> bool:
        """Write a group once more that adds no more than `most` characters at least."""
        for at, more in enumerate(self.pieces):
            if not isinstance(more, _More) or more.left == 0:
                continue
            copy = list(_pieces(more.node))
            for run in copy:
                if isinstance(run, _Run):
                    run.count = run.low
            if 0 < sum(run.count for run in copy if isinstance(run, _Run)) <= most:
                more.left = None if more.left is None else more.left - 1
                self.pieces[at:at] = copy
                return True
        return False

    def form(self) -> _Form:
        places = tuple(run.choices for run in self.runs for _ in range(run.count))
        return _Form(places, prod(map(len, places)))


def _opened(way: Node) -> Iterator[_Run | _More]:
    """What can be written, and anything more at an end that the pattern leaves open."""
    signs = set(_anchors(way))
    anything = Repeat(Chars(LETTERS_AND_DIGITS), 0, None)
    if "^" not in signs and "$" in signs:
        yield from _pieces(anything)
    yield from _pieces(way)
    if "$" not in signs:
        yield from _pieces(anything)


def _anchors(node: Node) -> Iterator[str]:
    match node:
        case Anchor(sign):
            yield sign
        case Sequence(nodes):
            for inner in nodes:
                yield from _anchors(inner)
        case Repeat(inner, low) if low:
            yield from _anchors(inner)


def _pieces(node: Node) -> Iterator[_Run | _More]:
    match node:
        case Chars(choices):
            yield _Run(_apart(choices), 1, 1, 1)
        case Repeat(Chars(choices), low, high):
            usual = 0 if high == 1 else _USUAL if high is None else min(_USUAL, high)
            yield _Run(_apart(choices), low, high, max(low, usual))
        case Sequence(nodes):
            for inner in nodes:
                yield from _pieces(inner)
        case Repeat(inner, low, high):
            for _ in range(low):
                yield from _pieces(inner)
            yield _More(inner, None if high is None else high - low)


@lru_cache(maxsize=1024)
def _apart(choices: str) -> str:
    """The choices without those that differ from an earlier one in case alone."""
    told: dict[str, str] = {}
    for choice in choices:
        told.setdefault(choice.lower(), choice)
    return "".join(told.values())
