"""Outside text on its way to a widget: without anything that a terminal or a markup obeys."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from schemawalk.printable import one_line, printable


def safe(text: str, style: str = "") -> Content:
    """The text as content of a widget, in one style; never markup, never a control character.

    This is the only way by which text from documents, designs and databases reaches the screen.
    """
    return Content.styled(printable(text).expandtabs(4), style)


def cut(text: str, width: int) -> str:
    """The text on one line of at most `width` cells, with an ellipsis when something is missing."""
    line = one_line(text)
    if cell_len(line) <= width:
        return line
    return set_cell_size(line, width - 1).rstrip() + "…" if width > 1 else "…"[:width]


def column(text: str, width: int) -> str:
    """The text cut, and filled with blanks to exactly `width` cells."""
    line = cut(text, width)
    return line + " " * (width - cell_len(line))
