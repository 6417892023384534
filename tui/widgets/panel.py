"""The panel at the side, made in a thread so that no key waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual import work
from textual.app import ComposeResult
from textual.containers import ScrollableContainer, Vertical
from textual.events import Resize
from textual.widgets import Static

from tui.widgets.drawn import Drawn

if TYPE_CHECKING:
    from tui.side.panel import Look

PAUSE: Final = 0.12
"""Seconds that one stays at a line before what it changes is worked out."""


class Panel(Vertical):
    """Views of what follows from a design, one at a time."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._wanted: Look | None = None
        self._filled = 0
        """Cells for which the panel was filled last."""

    def compose(self) -> ComposeResult:
        yield Drawn(id="side-title")
        with ScrollableContainer(id="side-scroll", can_focus=False):
            yield Static(id="side-text", markup=False)

    def show(self, look: Look) -> None:
        """Show one view of a design, as soon as there is room for it; the same is not made anew."""
        before, self._wanted = self._wanted, look
        if not look.same_as(before) or self._filled != self._width:
            self.fill(hurry=before is None or before.tab != look.tab)

    def on_resize(self, _: Resize) -> None:
        if self._wanted and self._filled != self._width:
            self.fill(hurry=True)

    @property
    def _width(self) -> int:
        return self.query_one("#side-scroll").scrollable_content_region.width - 1

    @work(exclusive=True)
    async def fill(self, *, hurry: bool) -> None:
        """Make the text in a thread; what follows the line at hand waits until one stays there."""
        from tui.side import panel as side

        look, width = self._wanted, self._width
        if look is None or width <= 0:
            return
        self.query_one("#side-title", Drawn).show(lambda cells: side.title(look.tab, cells))
        if not hurry and look.tab in ("tree", "change"):
            await asyncio.sleep(PAUSE)
        made = await asyncio.to_thread(side.content, look, width)
        self._filled = width
        text = self.query_one("#side-text", Static)
        text.update(made)
        if hurry or look.tab in ("tree", "change"):
            self.query_one("#side-scroll").scroll_home(animate=False)

    def scroll_by(self, lines: int) -> None:
        """Move the text up or down."""
        self.query_one("#side-scroll").scroll_relative(y=lines, animate=False)
