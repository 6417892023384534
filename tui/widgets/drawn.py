"""A piece of the screen that is drawn for its width, and again when the width changes."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

Draw = Callable[[int], Content]


class Drawn(Static):
    """Text that a function makes for a number of cells."""

    def __init__(self, *, id: str, classes: str = "") -> None:
        super().__init__(Content(""), id=id, classes=classes, markup=False)
        self._draw: Draw = lambda _: Content("")

    def show(self, draw: Draw) -> None:
        """Draw with another function from now on."""
        self._draw = draw
        self._redraw()

    def on_resize(self, _: Resize) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width = self.content_region.width
        if width > 0:
            made = self._draw(width)
            if made != self.content or getattr(made, "spans", None) != getattr(
                self.content, "spans", None
            ):
                self.update(made)
