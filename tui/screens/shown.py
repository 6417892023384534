"""The one screen of the walk as it is seen: first a word, then the desk, updated in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from tui.layout import joined
from tui.safe import safe

if TYPE_CHECKING:
    from schemawalk.design.model import Design
    from tui.app import WizardApp
    from tui.session import Session
    from tui.side.panel import Aim, Tab
    from tui.views import View
    from tui.widgets.desk import Desk
    from tui.writing import Writing

NARROW: Final = 76
"""Columns below which the rail becomes one line."""
WIDE: Final = 110
"""Columns from which the side panel stands beside the middle."""
LOW: Final = 23
"""Rows below which the screen does without air."""
PAUSE: Final = 0.4
"""Seconds after the first view before anything is loaded that it does not need."""
TALL: Final = 32
"""Rows from which there is room to say why each question matters."""


class ShownScreen(Screen[None]):
    """First a word that the folder is being opened; then the desk."""

    AUTO_FOCUS = None
    app: WizardApp

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.session: Session | None = None
        self.view: View | None = None
        self.writing: Writing | None = None
        self._tab: Tab | None = None
        self._why: bool | None = None
        self._busy = ""
        self._proven_on: tuple[str, ...] | None = None
        """The databases that somebody chose to prove on; None for the usual ones."""
        self._asked = ""
        """What the line at the bottom asks for: a filter, a reason, or nothing."""

    def compose(self) -> ComposeResult:
        yield Static(self._opening(f"Opening {self._folder} …"), id="opening", markup=False)

    def _opening(self, words: str) -> Content:
        return joined((safe("Schemawalk", "bold $accent"), safe(words, "$muted")), "\n")

    def on_mount(self) -> None:
        self._size_classes()
        self.call_after_refresh(self.load)

    @work
    async def load(self) -> None:
        """Open the folder behind the first paint, and show where somebody left it."""
        try:
            self.session = await asyncio.to_thread(_opened, self._folder, self._tell_from_thread)
        except _refusals() as error:
            self.app.refuse(str(error))
            return
        from tui.widgets.desk import Desk

        await self.mount(Desk())
        self.desk.rows.when_moved = self._line_changed
        self.show()
        await self.query_one("#opening").remove()
        if "entities" not in self.session.design.done:
            self.set_timer(PAUSE, self._warm)

    def _warm(self) -> None:
        """While somebody reads the first step, load what the proposal of entities needs."""
        if self.session:
            asyncio.get_running_loop().run_in_executor(None, _warmed, self.session.design)

    def _tell_from_thread(self, words: str) -> None:
        opening = self.query_one("#opening", Static)
        self.app.call_from_thread(opening.update, self._opening(words))

    # Showing

    @property
    def desk(self) -> Desk:
        """All that is seen; there once the folder is open."""
        from tui.widgets.desk import Desk

        return self.query_one(Desk)

    def on_resize(self, _: Resize) -> None:
        self._size_classes()
        if self.view:
            self._show_side()
            self.call_after_refresh(self._share_rows)  # its parts have their new width by then

    def _size_classes(self) -> None:
        width, height = self.app.size
        self.set_class(width < NARROW, "narrow")
        self.set_class(width < WIDE, "small")
        self.set_class(height < LOW, "low")
        self.set_class(height < TALL, "short")
        self.set_class(bool(self.tab), "with-side")

    @property
    def tab(self) -> Tab:
        """The side panel that is open: the diagram in a wide window, none in a small one."""
        if self._tab is None:
            return "erd" if self.app.size.width >= WIDE else ""
        return self._tab

    @property
    def why(self) -> bool:
        """Whether it is told why a question matters: when taught, and in a tall window."""
        if self._why is not None:
            return self._why
        taught = self.session is not None and self.session.taught
        return taught or self.app.size.height >= TALL

    def show(self) -> None:
        """Show where the session is."""
        session = self.session
        if session is None:
            return
        from tui.paint import Standing

        self.view = self._made_view(session)
        self.desk.show_steps(Standing(session.marks(), session.facts.progress, session.taught))
        self.desk.show_view(self.view, why=self.why)
        self.say(session.notice)
        self._show_keys()
        self._show_side()

    def _made_view(self, session: Session) -> View:
        from tui.views import view_of

        if session.place.step != "write" or session.question:
            self.writing = None
            return view_of(session)
        from tui.writing import Writing, write_view

        if self.writing is None or self.writing.design is not session.design:
            self.writing = Writing(session.design, self._folder, self._proven_on)
        return write_view(self.writing, session.step, session.proposal.headline)

    def _line_changed(self) -> None:
        """Another line is at hand; `WizardScreen` tells the session."""

    def _show_card(self) -> None:
        if self.view:
            self.desk.show_card(self.view)

    @property
    def kind(self) -> str:
        """What the line of keys is about."""
        if self.view is None:
            return "opening"
        here = "panel" if self.covered else self.view.kind
        return "busy" if self._busy else self._asked or here

    def _show_keys(self) -> None:
        if self.view:
            self.desk.show_keys(self.kind, self.view.useless)

    def _show_side(self) -> None:
        before = self.has_class("with-side")
        self._size_classes()
        session = self.session
        if session and self.tab:
            from tui.side.panel import Look

            aim = self._aim(session)
            look = Look(self.tab, session.design, session.proposal.design, aim)
            self.desk.panel.show(look)
        if self.view and before != self.has_class("with-side"):
            self.call_after_refresh(self._share_rows)
        if self.view:
            self.desk.focus_view(self.view, stay=True)
            self._show_keys()

    @property
    def covered(self) -> bool:
        """Whether a panel stands where the question or the proposal stands otherwise."""
        return bool(self.tab) and self.has_class("small")

    def uncover(self) -> bool:
        """Close a panel that hides what a key is about; whether there was one."""
        covered = self.covered
        if covered:
            self._tab = ""
            self._show_side()
        return covered

    def _share_rows(self) -> None:
        """Share the rows anew: the middle has become wider or narrower."""
        if self.view:
            self.desk.share_rows(self.view, why=self.why)

    def _aim(self, session: Session) -> Aim:
        """What the panel is about."""
        from tui.side.panel import Aim

        place, view, line = session.place, self.view, self.desk.line
        value: tuple[str, ...] | None = None
        if view and view.kind == "question" and line:
            value = (line.id,)
        elif view and view.kind == "several":
            value = view.chosen
        elif view and view.kind == "field":
            value = (self.desk.field.value.strip(),)
        return Aim(place.step, place.question, "" if place.question else place.row, value,
                   place.without)  # fmt: skip

    def say(self, words: str, *, complaint: bool = False) -> None:
        """One sentence above the keys."""
        self.desk.say(words, complaint=complaint)


def _opened(folder: Path, tell: Callable[[str], None]) -> Session:
    """The session of a folder, with what the first view needs computed; blocks."""
    from tui.session import Session
    from tui.views import view_of

    session = Session.open(folder, tell)
    _ = session.facts.progress
    view_of(session)
    return session


def _warmed(design: Design) -> None:
    """Make the proposal once: its dictionaries stay in memory."""
    from wizard_steps import walk

    with suppress(Exception):  # whoever needs it meets the error, in its place
        walk.propose(design, "entities")


def _refusals() -> tuple[type[Exception], ...]:
    from schemawalk.design.errors import DesignError

    return (DesignError,)
