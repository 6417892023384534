"""The panel at the side: the diagram, the SQL, or the trail, made in a thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import ScrollableContainer, Vertical
from textual.widgets import Static

from tui.widgets.drawn import Drawn

if TYPE_CHECKING:
    from schemawalk.design.model import Design
    from tui.side import Tab


class Panel(Vertical):
    """Three views of what follows from a design, one at a time."""

    def compose(self) -> ComposeResult:
        yield Drawn(id="side-title")
        with ScrollableContainer(id="side-scroll", can_focus=False):
            yield Static(id="side-text", markup=False)

    @work(exclusive=True)
    async def show(self, design: Design, tab: Tab, subject: str) -> None:
        """Show one view of a design; no key waits for it."""
        from tui import side

        width = self.query_one("#side-scroll").size.width or self.app.size.width // 3
        made = await asyncio.to_thread(side.content, design, tab, subject, width - 1)
        self.query_one("#side-title", Drawn).show(lambda cells: side.title(tab, cells))
        text = self.query_one("#side-text", Static)
        text.set_class(tab == "trail", "prose")
        text.update(made)

    def scroll_by(self, lines: int) -> None:
        """Move the text up or down."""
        self.query_one("#side-scroll").scroll_relative(y=lines, animate=False)
