"""Text as it is read aloud: sentences without signs, long lists page by page, numbers of rows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import Final

from schemawalk.cli import echo
from schemawalk.printable import one_line

PAGE: Final = 20
"""Lines that are said at once."""

_SIGNS: Final = (
    (r"\b1:N\b", "one-to-many"), (r"\bN:1\b", "many-to-one"), (r"\bM:N\b", "many-to-many"),
    (r"\b1:1\b", "one-to-one"), (r"\s*·\s*", ", "), (r"\s*→\s*", " to "),
    (r"\s+[—–]\s+", ", "), (r"\s+\|\s+", ", "), ("✓ ?", ""), ("✗ ?", "failed: "),
    (r"\s+…", ""), ("…", " and more"), ("[├│└┆─▸●○┌┐┘┤┬┴┼]+ *", ""),
)  # fmt: skip
"""Signs that a screen reader spells or leaves out, and the words for them."""

_NUMBERS: Final = re.compile(r"([-+]?)(\d{1,6})(?:-(\d{1,6}))?")


_LISTED: Final = re.compile(r"\b\w+(?: \| \w+)+(?=[,.;]|$)")
"""Values of a fixed list, as "pending | failed"."""


def spoken(text: str) -> str:
    """The text on one line, in words that can be read aloud."""
    text = _LISTED.sub(lambda found: found[0].replace(" | ", " or "), one_line(text))
    for sign, words in _SIGNS:
        text = re.sub(sign, words, text)
    return text.strip()


def indented(text: str) -> str:
    """The same, as far to the right as it was: what hangs on what is seen, and said in words."""
    return " " * (len(text) - len(text.lstrip())) + spoken(text)


def sentence(text: str) -> str:
    """The same, ended as a sentence; empty when there is nothing to say."""
    said = spoken(text)
    return said if not said or said[-1] in ".?!:" else f"{said}."


class Pager:
    """Says long lists page by page; what is left comes with "more"."""

    def __init__(self) -> None:
        self._lines: tuple[str, ...] = ()
        self._at = 0

    def show(self, lines: Sequence[str]) -> None:
        """Say the first page of some lines."""
        self._lines, self._at = tuple(lines), 0
        self.more()

    def more(self, *, everything: bool = False) -> None:
        """Say the next page, or all that is left."""
        if self._at >= len(self._lines):
            echo("There is nothing more in the list.")
            return
        end = len(self._lines) if everything else self._at + PAGE
        for line in self._lines[self._at : end]:
            echo(line)
        first, self._at = self._at + 1, min(end, len(self._lines))
        left = len(self._lines) - self._at
        if left:
            echo(f"Lines {first} to {self._at} of {len(self._lines)}. "
                 f'"more" reads on, "all" reads the other {left}.')  # fmt: skip


def signed_numbers(said: str, most: int) -> list[tuple[str, int]] | None:
    """Row numbers with their signs: "-2,4-6" is 2, 4, 5 and 6, each with a minus.

    A sign holds until the next one.  None when it is no list of numbers between 1 and `most`.
    """
    result: list[tuple[str, int]] = []
    sign = ""
    for part in re.split(r"\s*,\s*|\s+", said.strip()):
        found = _NUMBERS.fullmatch(part)
        if not found:
            return None
        sign = found[1] or sign
        first, last = int(found[2]), int(found[3] or found[2])
        if not 1 <= first <= last <= most:
            return None
        result += [(sign, number) for number in range(first, last + 1)]
    return result


class Progress:
    """Says how far long work is: a line at most once a second."""

    def __init__(self, words: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._words = words
        self._clock = clock
        self._said = clock()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Called with how much is done, how much there is, and what is at hand."""
        now = self._clock()
        if total > 0 and now - self._said >= 1:
            self._said = now
            echo(f"{self._words}: {100 * done // total} percent, {spoken(name)}.")
