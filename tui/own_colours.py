"""How the terminal's own colours are shown: faint text dimmed, the line at hand reversed whole."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import Color as RichColour
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

BRIGHT_BLACK: Final = 8

_USUAL: Final = RichColour.default()
_REVERSED: Final = Style(color=_USUAL, bgcolor=_USUAL, dim=False, reverse=True)
_FAINT: Final = Style(color=_USUAL, dim=True)


class OwnColours(LineFilter):
    """Takes colours that cannot be relied on out of what is drawn.

    Bright black is the ground itself in some palettes: as a text it becomes the usual text dimmed,
    as a ground the usual colours reversed.  Other colours on reversed ground would tear the line
    at hand into patches, and exact colours, which Textual's own styles have here and there, would
    not fit the palette: both become the usual ones.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments of one line with other styles."""
        return [
            Segment(text, style and _shown(style), control) for text, style, control in segments
        ]


@lru_cache(1024)
def _shown(style: Style) -> Style:
    colour, ground = style.color, style.bgcolor
    if style.reverse or (ground is not None and ground.number == BRIGHT_BLACK):
        return style + _REVERSED
    if colour is not None and colour.number == BRIGHT_BLACK:
        style += _FAINT
    elif colour is not None and colour.triplet is not None:
        style += Style(color=_USUAL)
    if ground is not None and ground.triplet is not None:
        style += Style(bgcolor=_USUAL)
    return style
