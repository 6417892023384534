"""What a terminal shows, cell by cell, and how to turn one row into another with few bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from operator import and_, ne, or_
from typing import Final, NamedTuple

from tui.sequences import Pen, change, erasable, move

UNKNOWN: Final = "\0"
"""In a cell of which nobody knows what the terminal shows."""
WIDEST_REPEAT: Final = 12
"""Unchanged cells that are looked at for whether to repeat them is shorter than to skip them."""
_BLANKS: Final = re.compile(r"( {11,}| {6,}$)")
"""Blanks that are longer than the sequences that erase them and lead on."""
_MANY_BLANKS: Final = " " * 6
_MANY: Final = 300
"""Bytes from which it is worth looking for an order with fewer changes of style."""
_REST: Final = 4
"""Changed blanks at the end of a row from which erasing the rest is shorter."""


@dataclass(slots=True)
class Row:
    """The cells of one row: a character each, in a style.

    The right half of a wide character holds an empty text.
    """

    chars: list[str]
    styles: list[str]

    @classmethod
    def unknown(cls, width: int) -> Row:
        """A row of which nothing is known."""
        return cls([UNKNOWN] * width, [""] * width)

    @classmethod
    def blank(cls, width: int, style: str) -> Row:
        """A row of blanks in one style."""
        return cls([" "] * width, [style] * width)

    def copy(self) -> Row:
        """The same, to be changed."""
        return Row(self.chars[:], self.styles[:])

    def put(self, x: int, chars: Sequence[str], styles: Sequence[str]) -> None:
        """Put cells in from column x on; a wide character that loses a half is unknown after."""
        end = x + len(chars)
        if end > x > 0 and self.chars[x] == "":
            self.chars[x - 1] = UNKNOWN
        if end < len(self.chars) and self.chars[end] == "":
            self.chars[end] = UNKNOWN
        self.chars[x:end] = chars
        self.styles[x:end] = styles

    def forget(self, x: int) -> None:
        """Know no cell from column x on, nor the one before: it may be half of a wide one."""
        start = max(0, x - 1)
        self.chars[start:] = [UNKNOWN] * (len(self.chars) - start)


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
    width = max((len(new.chars) for _, new in rows.values()), default=0)
    strokes: list[Stroke] = []
    for y, (old, new) in rows.items():
        cleared = _clearing(y, new) if erase and set(old.chars) == {UNKNOWN} else None
        if cleared:
            _draw(pen, [cleared], width)
            old = Row.blank(width, cleared.style)
        strokes += _strokes(y, old, new, erase)
    in_order = pen.copy()
    _draw(in_order, strokes, width)
    if len(in_order.written) - len(pen.written) > _MANY:
        first = {stroke.style: n for n, stroke in reversed(list(enumerate(strokes)))}
        by_style = pen.copy()
        _draw(by_style, sorted(strokes, key=lambda stroke: first[stroke.style]), width)
        in_order = min(in_order, by_style, key=lambda drawn: len(drawn.written))
    pen.take(in_order)


def _draw(pen: Pen, strokes: Iterable[Stroke], width: int) -> None:
    """Write strokes, on a terminal of a width."""
    for stroke in strokes:
        pen.move((stroke.y, stroke.x))
        pen.wear(stroke.style)
        if stroke.text is not None:
            pen.text(stroke.text, stroke.cells, width)
        elif stroke.rest:
            pen.erase_rest()
        else:
            pen.erase(stroke.cells)


def _strokes(y: int, old: Row, new: Row, erase: bool) -> Iterator[Stroke]:
    """The strokes that turn row y from old to new."""
    width, mask = len(new.chars), _changed(old, new)
    rest = _rest(new) if erase else width
    late = mask.find(1, rest) if mask.count(1, rest) >= _REST else width
    for start, end in _joined(new, y, _spans(new, mask[:late])):
        yield from _span_strokes(y, new, start, end, erase)
    if late < width:
        yield Stroke(y, late, new.styles[-1], width - late, None, rest=True)


def _clearing(y: int, new: Row) -> Stroke | None:
    """Erases a row to the commonest blank of what it is to be; None if there is none."""
    cells = zip(new.chars, new.styles, strict=True)
    blanks = Counter(style for char, style in cells if char == " " and erasable(style))
    if not blanks or UNKNOWN in new.chars:
        return None
    ((style, _),) = blanks.most_common(1)
    return Stroke(y, 0, style, len(new.chars), None, rest=True)


def _changed(old: Row, new: Row) -> bytes:
    """A 1 for each cell that differs, but for those of which nothing is wanted."""
    styles = map(ne, old.styles, new.styles)
    mask = bytes(map(or_, map(ne, old.chars, new.chars), styles))
    if UNKNOWN in new.chars:
        mask = bytes(map(and_, mask, map(ne, new.chars, repeat(UNKNOWN))))
    return mask


def _rest(row: Row) -> int:
    """The column from which all cells are alike blanks that erasing gives."""
    style = row.styles[-1]
    if row.chars[-1] != " " or not erasable(style):
        return len(row.chars)
    styles = map(ne, row.styles, repeat(style))
    return bytes(map(or_, map(ne, row.chars, repeat(" ")), styles)).rfind(1) + 1


def _spans(row: Row, mask: bytes) -> Iterator[tuple[int, int]]:
    """Neighbouring 1s as spans, each of whole characters."""
    start = mask.find(1)
    while start >= 0:
        end = mask.find(0, start)
        end = len(mask) if end < 0 else end
        yield _whole(row, start, end)
        start = mask.find(1, end)


def _whole(row: Row, start: int, end: int) -> tuple[int, int]:
    """A span, grown so that it cuts no wide character."""
    while start and row.chars[start] == "":
        start -= 1
    while end < len(row.chars) and row.chars[end] == "":
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
    if end - start > WIDEST_REPEAT or UNKNOWN in row.chars[start:end]:
        return False
    styles = row.styles[start - 1 : end + 1]
    repeated = len("".join(row.chars[start:end]).encode())
    repeated += sum(len(change(a, b)) for a, b in pairwise(styles))
    skipped = len(move((y, start), (y, end))) + len(change(styles[0], styles[-1]))
    return repeated <= skipped


def _span_strokes(y: int, row: Row, start: int, end: int, erase: bool) -> Iterator[Stroke]:
    """The strokes of a span, a style at a time, with many blanks erased rather than written."""
    styles = row.styles[start:end]
    turns = bytes(map(ne, styles, styles[1:]))
    x = start
    while x < end:
        last = turns.find(1, x - start)
        after = end if last < 0 else start + last + 1
        style, text = row.styles[x], "".join(row.chars[x:after])
        if erase and _MANY_BLANKS in text and len(text) == after - x and erasable(style):
            for piece in filter(None, _BLANKS.split(text)):
                blank = _BLANKS.fullmatch(piece)
                yield Stroke(y, x, style, len(piece), None if blank else piece)
                x += len(piece)
        else:
            yield Stroke(y, x, style, after - x, text)
        x = after
