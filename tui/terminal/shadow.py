"""What the terminal shows, and what to send so that it shows an update."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from textual.strip import Strip

from tui.terminal.frames import HALF, Row, difference, letter
from tui.terminal.sequences import Pen, Place

if TYPE_CHECKING:
    from rich.console import Console
    from rich.style import Style
    from textual._compositor import ChopsUpdate, LayoutUpdate

Cells: TypeAlias = tuple[str, str]
"""Characters and the letters of their styles, one each a cell."""

EMOJI: Final = 0x1F000
"""The first character of the planes in which terminals differ about widths."""


Piece: TypeAlias = tuple[int, Strip, bool]
"""A column, the strip that begins in it, and whether Textual sends it without a move before."""


def pieces_of(update: ChopsUpdate | LayoutUpdate) -> dict[int, list[Piece]]:
    """What an update shows, by row: the strips that Textual would send, and in that order."""
    from textual._compositor import LayoutUpdate

    found: dict[int, list[Piece]] = {}
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            row = found.setdefault(y, [])
            x = update.region.x
            for strip in strips:
                row.append((x, strip, bool(row)))
                x += strip.cell_length
    else:
        for y, start, end in update.spans:
            found.setdefault(y, []).extend(_within(update, y, start, end))
    return found


def _within(update: ChopsUpdate, y: int, start: int, end: int) -> Iterator[Piece]:
    """The strips of one row that lie in a span, cut off at its end but not at its start."""
    for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
        if strip is None or x >= end or stop <= start:
            continue
        whole = x >= start and stop <= end
        yield x, strip if whole else strip.crop(0, min(stop, end) - x), False


@lru_cache(8192)
def glyphs(text: str) -> str | None:
    """The text, a character a cell; None when nobody can be sure which cells it fills.

    Terminals differ about the width of joined and combined characters, of emoji, and of what is
    not assigned, and about where they show what runs from right to left.
    """
    if text.isascii():
        return text if text.isprintable() else None
    widths = [_sure_width(char) for char in text]
    if not all(widths):
        return None
    return "".join(char + HALF * (width - 1) for char, width in zip(text, widths, strict=True))


@lru_cache(4096)
def _sure_width(char: str) -> int:
    """The number of cells that every terminal gives a character; 0 when they may differ."""
    category = unicodedata.category(char)
    if category[0] in "MC" or unicodedata.bidirectional(char) in ("R", "AL", "AN"):
        return 0
    if get_character_cell_size(char) == 2:
        agreed = unicodedata.east_asian_width(char) in "WF" and category[0] != "S"
        return 2 if agreed else 0
    return get_character_cell_size(char) if ord(char) < EMOJI else 0


def cells_of(strip: Strip, system: ColorSystem) -> Cells | None:
    """A strip's characters and styles; None when nobody can be sure which cells it fills."""
    chars: list[str] = []
    styles: list[str] = []
    for text, style, control in strip:
        found = glyphs(text)
        if found is None or control or (style is not None and style.link):
            return None
        chars.append(found)
        styles.append(letter(_parameters(style, system)) * len(found))
    line = "".join(chars)
    return (line, "".join(styles)) if len(line) == strip.cell_length else None


def _parameters(style: Style | None, system: ColorSystem) -> str:
    """The parameters that follow a reset; Rich keeps them once they are made."""
    if style is None:
        return ""
    known = style._ansi
    return Strip.render_ansi(style, system) if known is None else known


class Shadow:
    """What the terminal shows, as far as it is known."""

    def __init__(self, width: int, height: int, *, erase: bool, style: str = "") -> None:
        """Know nothing of a screen but the style that it writes in.

        `erase` says whether it erases with the background at hand.
        """
        self.size = (width, height)
        self.style = style
        """What the terminal would write in."""
        self._erase = erase
        self._cursor: Place | None = None
        self._rows = [Row.unknown(width) for _ in range(height)]
        self._strips: list[dict[int, Strip]] = [{} for _ in range(height)]
        """Per row the strips that are shown whole, by column."""
        self._unsure: list[list[tuple[int, str, bool]] | None] = [None] * height
        """Per row what was sent last, where nobody can be sure which cells it filled."""

    def show(self, pieces: Mapping[int, list[Piece]], cursor: Place, console: Console) -> str:
        """What to send so that an update, given by row, is seen, and the cursor is in its place."""
        pen = Pen(None, self.style)  # others may have moved the cursor
        system = console._color_system or ColorSystem.TRUECOLOR
        turned: dict[int, tuple[Row, Row]] = {}
        unsure: list[int] = []
        for y, row_pieces in pieces.items():
            row = self._wanted(y, row_pieces, system)
            if row is None:
                unsure.append(y)
            elif row is not self._rows[y]:
                turned[y] = self._rows[y], row
                self._rows[y] = row
        difference(pen, turned, erase=self._erase)
        for y in unsure:
            self._show_unsure(pen, y, pieces[y], console)
        if pen.written or cursor != self._cursor:
            pen.move(cursor)
        self._cursor, self.style = cursor, pen.style
        return pen.written

    def _wanted(self, y: int, pieces: Sequence[Piece], system: ColorSystem) -> Row | None:
        """The row with the pieces in it; None when nobody can be sure which cells they fill."""
        strips, row = self._strips[y], self._rows[y]
        for x, strip, _ in pieces:
            below = strips.get(x)
            if below is strip or below == strip:
                continue
            cells = cells_of(strip, system)
            if cells is None or x + len(cells[0]) > self.size[0]:
                strips.clear()
                return None
            end = x + len(cells[0])
            if (row.text[x:end], row.styles[x:end]) != cells:
                row = row.put(x, *cells)
            _lay(strips, x, strip)
            self._unsure[y] = None
        return row

    def _show_unsure(self, pen: Pen, y: int, pieces: Sequence[Piece], console: Console) -> None:
        """Send whole pieces, as Textual does, unless they are what was sent to the row last."""
        sent = [(x, strip.render(console), follows) for x, strip, follows in pieces]
        if sent == self._unsure[y]:
            return
        row, system = self._rows[y], console._color_system or ColorSystem.TRUECOLOR
        placed = True
        for (x, strip, follows), (_, sequence, _) in zip(pieces, sent, strict=True):
            if not follows:
                pen.wear("")
                pen.move((y, x))
            pen.verbatim(sequence)
            row = row.forget(x)
            cells = cells_of(strip, system)
            placed = (placed or not follows) and cells is not None
            if placed and cells and x + len(cells[0]) <= self.size[0]:
                row = row.put(x, *cells)
        joins = any(_joins_what_is_before(strip) for _, strip, _ in pieces)
        self._rows[y], self._unsure[y] = row, None if joins else sent
        if joins and y:
            self._forget_last(y - 1)

    def _forget_last(self, y: int) -> None:
        """Know not what the last column of a row shows."""
        self._rows[y] = self._rows[y].forget(self.size[0])
        self._strips[y].clear()


def _joins_what_is_before(strip: Strip) -> bool:
    """Whether a strip begins with what changes the character before it, each time it is sent."""
    text = strip.text[:1]
    return bool(text) and get_character_cell_size(text) == 0


def _lay(strips: dict[int, Strip], x: int, strip: Strip) -> None:
    """Note that a strip is shown whole, and those below it are not any more."""
    below = strips.get(x)
    if below is None or below.cell_length != strip.cell_length:
        end = x + strip.cell_length
        for other, old in list(strips.items()):
            if other < end and x < other + old.cell_length:
                del strips[other]
    strips[x] = strip
