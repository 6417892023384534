"""Text on a grid of terminal cells: how wide it is, and boxes and lines that join."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from schemawalk.writers.sql_layout import plain

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
_LINES: Final = " │││─┘┐┤─└┌├─┴┬┼"
"""The character whose arms are the sum of its directions; a line's end looks like the line."""

_WIDE: Final = frozenset("WF")
_NO_WIDTH: Final = frozenset(("Mn", "Me", "Cf"))


def cells(text: str) -> int:
    """How many terminal cells a text takes (Unicode Standard Annex 11; marks take none)."""
    return len(text) if text.isascii() else sum(map(_cells, text))


@functools.lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def cut(text: str, room: int) -> str:
    """The text on one line in at most `room` cells, with `…` where something is missing."""
    said = plain(text)
    if cells(said) <= room:
        return said
    kept, taken = "", 1
    for character in said:
        taken += _cells(character)
        if taken > room:
            break
        kept += character
    return kept + "…" if room > 0 else ""


def padded(text: str, room: int) -> str:
    """The text with spaces behind it up to `room` cells."""
    return text + " " * (room - cells(text))


def box(label: str) -> tuple[str, str, str]:
    """A label in a frame, as three lines; the label has its final width already."""
    edge = "─" * (cells(label) + 2)
    return f"┌{edge}┐", f"│ {label} │", f"└{edge}┘"


class IllegibleError(Exception):
    """Two lines would run over each other."""


@dataclass
class Canvas:
    """Boxes and lines by row and column, joined when the text is made."""

    written: dict[tuple[int, int], str] = field(default_factory=dict)
    """The character at a place, with its marks; it hides lines."""
    drawn: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)
    """Directions of each line at a place, by the number of the line's net."""
    crossings: int = 0

    def write(self, row: int, column: int, text: str) -> None:
        """Put a text over whatever is there."""
        at = last = column
        for character in text:
            if width := _cells(character):
                self.written[row, at] = character
                last, at = at, at + width
            elif at > column:
                self.written[row, last] += character

    def line(self, net: int, row: int, column: int, to_row: int, to_column: int) -> None:
        """Draw straight from one cell to another; lines of one net join where they meet."""
        down, right = to_row > row, to_column > column
        forth, back = (DOWN, UP) if down else (RIGHT, LEFT)
        steps = (to_row - row) if down else (to_column - column)
        for step in range(steps):
            here = (row + step, column) if down else (row, column + step)
            there = (here[0] + down, here[1] + right)
            self._draw(net, here, forth)
            self._draw(net, there, back)

    def _draw(self, net: int, place: tuple[int, int], directions: int) -> None:
        by_net = self.drawn.setdefault(place, {})
        by_net[net] = by_net.get(net, 0) | directions

    def text(self) -> str:
        """All rows without trailing spaces; raises IllegibleError when lines cover one another."""
        pieces = dict(self.written)
        for place, nets in self.drawn.items():
            if place not in pieces:
                pieces[place] = self._joined(place, nets)
        rows: dict[int, list[tuple[int, str]]] = {}
        for (row, column), piece in pieces.items():
            rows.setdefault(row, []).append((column, piece))
        return "".join(_row(sorted(rows.get(at, ()))) for at in range(max(rows, default=-1) + 1))

    def _joined(self, place: tuple[int, int], nets: dict[int, int]) -> str:
        if len(nets) == 1:
            (directions,) = nets.values()
            return _LINES[directions]
        if sorted(nets.values()) != [UP | DOWN, LEFT | RIGHT]:
            raise IllegibleError(f"{len(nets)} lines meet at {place}")
        # A bridge: the line that goes on behind it belongs to somebody else.
        self.crossings += 1
        return "│"


def _row(pieces: list[tuple[int, str]]) -> str:
    return "".join(_filled(pieces)).rstrip() + "\n"


def _filled(pieces: list[tuple[int, str]]) -> Iterator[str]:
    at = 0
    for column, piece in pieces:
        yield " " * (column - at) + piece
        at = column + cells(piece)
