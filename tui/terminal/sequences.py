"""The shortest control sequences that move a terminal's cursor, change its style, and erase."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

Place = tuple[int, int]
"""Row and column, from 0."""

_ENDS: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28",
    "9": "29", "21": "24", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""The parameter that ends what another began (ECMA-48, 8.3.117)."""

_UNSEEN_ON_BLANKS: Final = frozenset(("1", "2", "3"))
"""Bold, faint, italic: what an erased cell may lose without a difference to the eye."""


class Look(NamedTuple):
    """A style taken apart."""

    marks: frozenset[str]
    """Bold, underlined and the like, as their parameters."""
    ink: str
    """Parameters of the text's colour; empty for the terminal's own."""
    ground: str
    """Parameters of the background; empty for the terminal's own."""


@lru_cache(4096)
def look(style: str) -> Look:
    """A style, written as the parameters that follow a reset, taken apart."""
    marks, ink, ground = set(), "", ""
    parameters = style.split(";") if style else []
    while parameters:
        first = parameters.pop(0)
        kind = int(first or 0)
        if kind in (38, 48):
            rest = 2 if parameters[:1] == ["5"] else 4
            first = ";".join((first, *parameters[:rest]))
            del parameters[:rest]
        if 30 <= kind <= 39 or 90 <= kind <= 97:
            ink = "" if kind == 39 else first
        elif 40 <= kind <= 49 or 100 <= kind <= 107:
            ground = "" if kind == 49 else first
        else:
            marks.add(first)
    return Look(frozenset(marks), ink, ground)


@lru_cache(4096)
def change(before: str, after: str) -> str:
    """The sequence that leads from one style to another; empty when they look the same."""
    old, new = look(before), look(after)
    if old == new:
        return ""
    if new == look(""):
        return "\x1b[m"
    anew = f"\x1b[0;{after}m" if before else f"\x1b[{after}m"
    if not old.marks <= _ENDS.keys():
        return anew
    ends = {_ENDS[mark] for mark in old.marks - new.marks}
    lasting = {mark for mark in old.marks & new.marks if _ENDS[mark] not in ends}
    parts = [*sorted(ends), *sorted(new.marks - lasting)]
    if old.ink != new.ink:
        parts.append(new.ink or "39")
    if old.ground != new.ground:
        parts.append(new.ground or "49")
    return min(f"\x1b[{';'.join(parts)}m", anew, key=len)


@lru_cache(4096)
def erasable(style: str) -> bool:
    """Whether an erased cell looks like a blank of this style."""
    return look(style).marks <= _UNSEEN_ON_BLANKS


def _times(number: int, final: str) -> str:
    return f"\x1b[{final}" if number == 1 else f"\x1b[{number}{final}"


@lru_cache(4096)
def move(start: Place | None, goal: Place) -> str:
    """The sequence that leads from one place to another; from None if nobody knows from where."""
    if start == goal:
        return ""
    row, column = goal
    absolute = f"\x1b[{row + 1};{column + 1}H" if column else _times(row + 1, "H")
    if start is None:
        return absolute
    down = row - start[0]
    rise = _times(abs(down), "B" if down > 0 else "A") if down else ""
    ways = [absolute, rise + _along(start[1], column)]
    if column:
        ways.append(f"{rise}\r{_times(column, 'C')}")
    return min(ways, key=len)


def _along(start: int, column: int) -> str:
    """From column to column of the same row."""
    by = column - start
    if by >= 0:
        return _times(by, "C") if by else ""
    if column == 0:
        return "\r"
    return "\b" * -by if by > -4 else _times(-by, "D")


class Pen:
    """Writes on a terminal of which it remembers cursor and style."""

    def __init__(self, at: Place | None = None, style: str = "") -> None:
        """Start at a place, or at None if nobody knows where; in a style."""
        self.at = at
        self.style = style
        self._out: list[str] = []

    def copy(self) -> Pen:
        """Another that has written the same, and goes on by itself."""
        made = Pen(self.at, self.style)
        made._out = self._out[:]
        return made

    def take(self, other: Pen) -> None:
        """Have written what a copy has written."""
        self.at, self.style, self._out = other.at, other.style, other._out

    @property
    def written(self) -> str:
        """All that was written."""
        return "".join(self._out)

    def move(self, goal: Place) -> None:
        """Go to a place."""
        if self.at != goal:
            self._out.append(move(self.at, goal))
            self.at = goal

    def wear(self, style: str) -> None:
        """Write in another style from now on."""
        if style != self.style:
            self._out.append(change(self.style, style))
            self.style = style

    def text(self, text: str, cells: int, width: int) -> None:
        """Write text that fills a number of cells, on a terminal of a width."""
        self._out.append(text)
        if self.at is not None:
            row, column = self.at
            # After the last column terminals differ in where the cursor is.
            self.at = (row, column + cells) if column + cells < width else None

    def erase(self, cells: int) -> None:
        """Make cells blank, in the style at hand; the cursor stays."""
        self._out.append(_times(cells, "X"))

    def erase_rest(self) -> None:
        """Make the rest of the row blank, in the style at hand; the cursor stays."""
        self._out.append("\x1b[K")

    def verbatim(self, sequence: str) -> None:
        """Write something that leaves no style behind, and the cursor nobody knows where."""
        self._out.append(sequence)
        self.at = None
