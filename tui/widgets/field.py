"""A line to type into, whose enter is worked off before the next key."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from schemawalk.printable import printable

_BREAKS = str.maketrans("\n\t", "  ")


class Field(Input):
    """A field without a blinking cursor; enter is the screen's action `choose`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.choose", show=False)]

    def __init__(self, *, id: str | None = None, placeholder: str = "") -> None:
        super().__init__(id=id, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """What is typed, pasted or put here, on one line and without control characters."""
        return printable(value).translate(_BREAKS)
