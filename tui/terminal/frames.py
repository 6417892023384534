"""What a terminal shows, cell by cell, and how to turn one row into another with few bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, repeat
from operator import and_, ne, or_
from typing import Final, NamedTuple

from tui.terminal.sequences import Pen, change, erasable, move

UNKNOWN: Final = "\0"
"""In place of a character of which nobody knows what the terminal shows."""
HALF: Final = "\1"
"""In place of the right half of a wide character."""
WIDEST_REPEAT: Final = 12
"""Unchanged cells that are looked at for whether to repeat them is shorter than to skip them."""
_BLANKS: Final = re.compile(r"( {11,}| {6,}$)")
"""Blanks that are longer than the sequences that erase them and lead on."""
_MANY_BLANKS: Final = " " * 6
_FEW: Final = 80
"""Strokes up to which the nearest is looked for after each; the others are sorted by style."""
_REST: Final = 4
"""Changed blanks at the end of a row from which erasing the rest is shorter."""


_LETTERS: Final[dict[str, str]] = {}
_STYLES: Final[list[str]] = []


def letter(style: str) -> str:
    """The letter that stands for a style, given as the parameters that follow a reset."""
    found = _LETTERS.get(style)
    if found is None:
        found = _LETTERS[style] = chr(len(_STYLES))
        _STYLES.append(style)
    return found


def style_of(letter: str) -> str:
    """The style that a letter stands for."""
    return _STYLES[ord(letter)]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row: strings are compared and cut at once, where lists take their time."""

    text: str
    """A character a cell."""
    styles: str
    """A letter a cell, which stands for its style."""

    @classmethod
    def unknown(cls, width: int) -> Row:
        """A row of which nothing is known."""
        return cls.filled(UNKNOWN, width, "")

    @classmethod
    def filled(cls, char: str, width: int, style: str) -> Row:
        """A row of one character in one style."""
        return cls(char * width, letter(style) * width)

    def put(self, x: int, text: str, styles: str) -> Row:
        """The row with other cells from column x on; half a wide character is unknown."""
        end = x + len(text)
        before, after = self.text[:x], self.text[end:]
        if before and self.text.startswith(HALF, x):
            before = before[:-1] + UNKNOWN
        if after.startswith(HALF):
            after = UNKNOWN + after[1:]
        return Row(before + text + after, self.styles[:x] + styles + self.styles[end:])

    def forget(self, x: int) -> Row:
        """Without the cells from column x on, and the one before: it may be half a wide one."""
        known = self.text[: max(0, x - 1)]
        return Row(known + UNKNOWN * (len(self.text) - len(known)), self.styles)


class Stroke(NamedTuple):
    """Neighbouring cells of one row in one style."""

    y: int
    x: int
    style: str
    cells: int
    text: str | None
    """What to write; None to erase."""
    rest: bool = False
    """Whether it reaches to the end of the row."""


def difference(pen: Pen, rows: Mapping[int, tuple[Row, Row]], *, erase: bool) -> None:
    """Write what turns rows, old and new by their numbers, from old to new.

    Unknown cells of a new row are left alone.  `erase` says whether the terminal may be told to
    erase with a background.
    """
    strokes: list[Stroke] = []
    width = 0
    for y, (old, new) in rows.items():
        width = len(new.text)
        cleared = _clearing(y, new) if erase and not old.text.strip(UNKNOWN) else None
        if cleared:
            _draw(pen, [cleared], width)
            old = Row.filled(" ", width, cleared.style)
        strokes += _strokes(y, old, new, erase)
    orders = [strokes]
    if len(strokes) <= _FEW:
        orders.append(_by_nearness(strokes, pen))
    else:
        first = {stroke.style: n for n, stroke in reversed(list(enumerate(strokes)))}
        orders.append(sorted(strokes, key=lambda stroke: first[stroke.style]))
    pen.take(min((_drawn(pen, order, width) for order in orders), key=lambda one: len(one.written)))


def _drawn(pen: Pen, strokes: Iterable[Stroke], width: int) -> Pen:
    """A copy of a pen that has drawn strokes."""
    made = pen.copy()
    _draw(made, strokes, width)
    return made


def _by_nearness(strokes: Iterable[Stroke], pen: Pen) -> list[Stroke]:
    """Strokes, after each the one that costs the fewest bytes to go and change the style to."""
    left, found = list(strokes), []
    at, style = pen.at, pen.style
    while left:
        costs = [len(move(at, (one.y, one.x))) + len(change(style, one.style)) for one in left]
        one = left.pop(costs.index(min(costs)))
        found.append(one)
        at, style = (one.y, one.x + (one.cells if one.text is not None else 0)), one.style
    return found


def _draw(pen: Pen, strokes: Iterable[Stroke], width: int) -> None:
    """Write strokes, on a terminal of a width."""
    for y, x, style, cells, text, rest in strokes:
        pen.move((y, x))
        pen.wear(style)
        if text is not None:
            pen.text(text, cells, width)
        elif rest:
            pen.erase_rest()
        else:
            pen.erase(cells)


def _clearing(y: int, new: Row) -> Stroke | None:
    """Erases a row to the commonest blank of what it is to be; None if there is none."""
    cells = zip(new.text, new.styles, strict=True)
    blanks = Counter(style for char, style in cells if char == " " and erasable(style_of(style)))
    if not blanks or UNKNOWN in new.text:
        return None
    ((style, _),) = blanks.most_common(1)
    return Stroke(y, 0, style_of(style), len(new.text), None, rest=True)


def _strokes(y: int, old: Row, new: Row, erase: bool) -> Iterator[Stroke]:
    """The strokes that turn row y from old to new."""
    width, mask = len(new.text), _changed(old, new)
    rest = _rest(new) if erase else width
    late = mask.find(1, rest) if mask.count(1, rest) >= _REST else width
    for start, end in _joined(new, y, _spans(new, mask[:late])):
        yield from _span_strokes(y, new, start, end, erase)
    if late < width:
        yield Stroke(y, late, style_of(new.styles[-1]), width - late, None, rest=True)


def _changed(old: Row, new: Row) -> bytes:
    """A 1 for each cell that differs, but for those of which nothing is wanted."""
    mask = bytes(len(new.text))
    if old.text != new.text:
        mask = bytes(map(ne, old.text, new.text))
    if old.styles != new.styles:
        mask = bytes(map(or_, mask, map(ne, old.styles, new.styles)))
    if UNKNOWN in new.text:
        mask = bytes(map(and_, mask, map(ne, new.text, repeat(UNKNOWN))))
    return mask


def _rest(row: Row) -> int:
    """The column from which all cells are alike blanks that erasing gives."""
    last = row.styles[-1:]
    if not row.text.endswith(" ") or not erasable(style_of(last)):
        return len(row.text)
    return max(len(row.text.rstrip(" ")), len(row.styles.rstrip(last)))


def _spans(row: Row, mask: bytes) -> Iterator[tuple[int, int]]:
    """Neighbouring 1s as spans, each of whole characters."""
    start = mask.find(1)
    while start >= 0:
        end = mask.find(0, start)
        end = len(mask) if end < 0 else end
        yield _whole(row.text, start, end)
        start = mask.find(1, end)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A span, grown so that it cuts no wide character."""
    if text.startswith(HALF, start):
        start -= 1
    if text.startswith(HALF, end):
        end += 1
    return start, end


def _joined(row: Row, y: int, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans, those made one between which repeating is shorter than moving."""
    start = end = -1
    for after, last in spans:
        if start < 0:
            start = after
        elif after > end and not _worth_repeating(row, y, end, after):
            yield start, end
            start = after
        end = last
    if start >= 0:
        yield start, end


def _worth_repeating(row: Row, y: int, start: int, end: int) -> bool:
    """Whether the cells between two spans are shorter than the way round them."""
    text = row.text[start:end]
    if end - start > WIDEST_REPEAT or UNKNOWN in text:
        return False
    styles = [style_of(one) for one in row.styles[start - 1 : end + 1]]
    repeated = len(text.replace(HALF, "").encode())
    repeated += sum(len(change(a, b)) for a, b in pairwise(styles))
    skipped = len(move((y, start), (y, end))) + len(change(styles[0], styles[-1]))
    return repeated <= skipped


def _span_strokes(y: int, row: Row, start: int, end: int, erase: bool) -> Iterator[Stroke]:
    """The strokes of a span, a style at a time, with many blanks erased rather than written."""
    x = start
    while x < end:
        left = row.styles[x:end]
        cells = len(left) - len(left.lstrip(left[0]))
        style, text = style_of(left[0]), row.text[x : x + cells]
        if not (erase and _MANY_BLANKS in text and HALF not in text and erasable(style)):
            yield Stroke(y, x, style, cells, text.replace(HALF, ""))
            x += cells
            continue
        for piece in filter(None, _BLANKS.split(text)):
            blank = _BLANKS.fullmatch(piece)
            yield Stroke(y, x, style, len(piece), None if blank else piece)
            x += len(piece)
