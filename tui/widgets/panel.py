"""The panel at the side: the diagram, the SQL, or the trail, made in a thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import ScrollableContainer, Vertical
from textual.events import Resize
from textual.widgets import Static

from tui.widgets.drawn import Drawn

if TYPE_CHECKING:
    from schemawalk.design.model import Design
    from tui.side import Tab


class Panel(Vertical):
    """Three views of what follows from a design, one at a time."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._wanted: tuple[Design, Tab, str] | None = None

    def compose(self) -> ComposeResult:
        yield Drawn(id="side-title")
        with ScrollableContainer(id="side-scroll", can_focus=False):
            yield Static(id="side-text", markup=False)

    def show(self, design: Design, tab: Tab, subject: str) -> None:
        """Show one view of a design, as soon as there is room for it."""
        self._wanted = (design, tab, subject)
        self.fill()

    def on_resize(self, _: Resize) -> None:
        if self._wanted:
            self.fill()

    @work(exclusive=True)
    async def fill(self) -> None:
        """Make the text in a thread, so that no key waits for it."""
        from tui import side

        width = self.query_one("#side-scroll").size.width - 1
        if self._wanted is None or width <= 0:
            return
        design, tab, subject = self._wanted
        made = await asyncio.to_thread(side.content, design, tab, subject, width)
        self.query_one("#side-title", Drawn).show(lambda cells: side.title(tab, cells))
        text = self.query_one("#side-text", Static)
        text.set_class(tab == "trail", "prose")
        text.update(made)

    def scroll_by(self, lines: int) -> None:
        """Move the text up or down."""
        self.query_one("#side-scroll").scroll_relative(y=lines, animate=False)
