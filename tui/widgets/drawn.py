"""A piece of the screen that is drawn for its width, and again when the width changes."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.events import Click, Resize
from textual.message import Message
from textual.widgets import Static

Draw = Callable[[int], Content]


class Drawn(Static):
    """Text that a function makes for a number of cells."""

    class Clicked(Message):
        """Somebody clicked on a cell of the text."""

        def __init__(self, drawn: Drawn, x: int, y: int) -> None:
            super().__init__()
            self.drawn = drawn
            self.x = x
            self.y = y

    def __init__(self, *, id: str, classes: str = "") -> None:
        super().__init__(Content(""), id=id, classes=classes, markup=False)
        self._draw: Draw = lambda _: Content("")

    def show(self, draw: Draw) -> None:
        """Draw with another function from now on."""
        self._draw = draw
        self._redraw()

    def on_resize(self, _: Resize) -> None:
        self._redraw()

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        if at is not None:
            self.post_message(self.Clicked(self, at.x, at.y))

    def _redraw(self) -> None:
        width = self.content_region.width
        if width > 0:
            made = self._draw(width)
            if made != self.content or getattr(made, "spans", None) != getattr(
                self.content, "spans", None
            ):
                self.update(made)
