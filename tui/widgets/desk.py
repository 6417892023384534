"""Everything that is seen of the walk: rail, middle, side panel, and the lines at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from tui import keys, paint
from tui.safe import safe
from tui.widgets.drawn import Drawn
from tui.widgets.field import Field
from tui.widgets.panel import Panel
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from tui.session import Mark
    from tui.views import Line, View

AROUND: Final = 17
"""Rows that are taken by all but the path that led to a question."""


class Desk(Vertical):
    """The furniture of the one screen; every part is updated in place."""

    def compose(self) -> ComposeResult:
        yield Drawn(id="head")
        with Horizontal(id="body"):
            yield Drawn(id="rail")
            with Vertical(id="middle"):
                yield Static(id="title", markup=False)
                yield Drawn(id="path")
                yield Drawn(id="prompt")
                yield Field(id="field")
                yield Rows(id="rows")
                yield Drawn(id="card")
            yield Panel(id="side")
        yield Drawn(id="say")
        yield Drawn(id="keys")

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    @property
    def line(self) -> Line | None:
        """The line at hand."""
        return self.query_one(Rows).line

    @property
    def field(self) -> Field:
        """Where one types."""
        return self.query_one(Field)

    @property
    def panel(self) -> Panel:
        """What follows so far."""
        return self.query_one(Panel)

    def show_steps(self, marks: Sequence[tuple[str, Mark]], progress: tuple[int, int]) -> None:
        """The rail, and the line that stands for it in small windows."""
        self.query_one("#rail", Drawn).show(lambda w: paint.rail(marks, progress, w))
        self.query_one("#head", Drawn).show(lambda w: paint.head(marks, progress, w))

    def show_view(self, view: View) -> None:
        """The middle, with the focus where the next key belongs."""
        self.query_one("#title", Static).update(paint.title(view))
        self.show_path(view)
        self.query_one("#prompt", Drawn).show(lambda _: paint.prompt(view))
        self._show_field(view)
        rows = self.query_one(Rows)
        rows.show(view.lines, view.at)
        typing = view.kind == "field" or (view.kind == "several" and not view.lines)
        self.screen.set_focus(self.field if typing else rows if view.lines else None)

    def show_path(self, view: View) -> None:
        """The questions before, as many as there is height for."""
        most = max(1, self.app.size.height - AROUND)
        piece = self.query_one("#path", Drawn)
        piece.display = bool(view.path)
        piece.show(lambda width: paint.path(view, width, most))

    def _show_field(self, view: View) -> None:
        field = self.field
        field.display = view.typed is not None
        if view.typed:
            with self.app.prevent(Input.Changed):
                field.value = view.typed.text
            field.placeholder = view.typed.placeholder
            field.cursor_position = len(field.value)

    def show_card(self, view: View, *, why: bool) -> None:
        """All about the line at hand."""
        line = self.line
        piece = self.query_one("#card", Drawn)
        piece.display = line is not None or (why and bool(view.why))
        piece.show(lambda _: paint.card(line, view, why=why))

    def show_keys(self, kind: str, useless: frozenset[str]) -> None:
        """The keys that matter here."""
        entries = keys.entries(kind, useless, typing=self.field.has_focus)
        self.query_one("#keys", Drawn).show(lambda width: paint.keys(entries, width))

    def show_progress(self, doing: str, done: int, total: int, name: str) -> None:
        """Work under way, in place of the prompt."""
        self.query_one("#prompt", Drawn).show(
            lambda width: paint.progress(doing, done, total, name, width)
        )

    def say(self, words: str, *, complaint: bool = False) -> None:
        """One sentence above the keys."""
        piece = self.query_one("#say", Drawn)
        piece.set_class(complaint, "complaint")
        piece.show(lambda _: safe(words))

    def to_line(self, at: int | None) -> None:
        """Put another line at hand."""
        rows = self.query_one(Rows)
        with self.app.prevent(OptionList.OptionHighlighted):
            rows.highlighted = at

    @property
    def at(self) -> int | None:
        """The number of the line at hand."""
        return self.query_one(Rows).at

    def focus_field(self) -> None:
        """Type own words."""
        self.screen.set_focus(self.field)

    def focus_lines(self) -> None:
        """Move through the lines."""
        self.screen.set_focus(self.query_one(Rows))
