"""Everything that is seen of the walk: rail, middle, side panel, and the lines at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tui import keys, paint
from tui.branches import Drawn as DrawnTree
from tui.layout import joined
from tui.safe import safe
from tui.upper import upper
from tui.widgets.asking import Asking
from tui.widgets.drawn import Drawn
from tui.widgets.field import Field
from tui.widgets.panel import Panel
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from tui.paint import Standing
    from tui.views import Line, View

MOST_ROWS: Final = {"low": 5, "short": 6, "": 10}
"""Rows of the list for which the part above it makes room, by the class of the window."""
FIELD: Final = 2
"""Rows of the field and the blank one after it."""
CARD: Final = {"low": 3, "short": 4, "": 7}
"""Most rows of the card, without its border, by the class of the window."""
MORE: Final = 3
"""Rows that the card may take from a list whose lines want to be read whole."""
BESIDE: Final = 4
"""Rows that it leaves when somebody reads on: the title, what was found, one line, its border."""


class Desk(Vertical):
    """The furniture of the one screen; every part is updated in place."""

    def __init__(self) -> None:
        super().__init__()
        self._above = DrawnTree((), ())

    def compose(self) -> ComposeResult:
        yield Drawn(id="head")
        with Horizontal(id="body"):
            yield Drawn(id="rail")
            with Vertical(id="middle"):
                yield Drawn(id="upper")
                yield Field(id="field")
                yield Rows(id="rows")
                yield Drawn(id="card")
            yield Panel(id="side")
        with Vertical(id="foot"):
            yield Asking(id="asking")
        yield Drawn(id="keys")
        yield Drawn(id="say")

    def on_mount(self) -> None:
        self.rows.focus()

    @property
    def rows(self) -> Rows:
        """The list in the middle."""
        return self.query_one(Rows)

    @property
    def line(self) -> Line | None:
        """The line at hand."""
        return self.rows.line

    @property
    def field(self) -> Field:
        """Where one types an answer."""
        return self.query_one("#field", Field)

    @property
    def asking(self) -> Asking:
        """The line at the bottom that asks for a few words."""
        return self.query_one(Asking)

    @property
    def panel(self) -> Panel:
        """What follows so far."""
        return self.query_one(Panel)

    def _piece(self, name: str) -> Drawn:
        return self.query_one(f"#{name}", Drawn)

    def show_steps(self, standing: Standing) -> None:
        """The rail, and the line that stands for it in small windows."""
        rail = self._piece("rail")
        rail.show(lambda width: paint.rail(standing, width, rail.content_region.height))
        self._piece("head").show(lambda width: paint.head(standing, width))

    def show_view(self, view: View, *, why: bool) -> None:
        """The middle, with the focus where the next key belongs."""
        self._show_field(view)
        self.share_rows(view, why=why, at=view.at)
        self.focus_view(view)

    def focus_view(self, view: View, *, stay: bool = False) -> None:
        """Let the next key go to what is seen: nothing is typed behind a panel.

        `stay` leaves somebody who types own words in their field.
        """
        focused, screen = self.screen.focused, self.screen
        if focused is self.asking.field:
            return
        if screen.has_class("small") and screen.has_class("with-side"):
            screen.set_focus(None)
            return
        typing = view.kind == "field" or (view.kind == "several" and not view.lines)
        own = stay and view.kind == "several" and focused is self.field
        screen.set_focus(self.field if typing or own else self.rows if view.lines else None)

    def share_rows(self, view: View, *, why: bool, at: int | None = None) -> None:
        """Share the rows of the middle among its parts, and draw them."""
        width, height = self._middle()
        card = self._card_rows(view, width, height, whole=why)
        below = card + (1 if card else 0) + (FIELD if view.typed else 0)
        room = height - below - self._rows_wanted(view, width)
        self._above = upper(view, width, room, why=why)
        self._piece("upper").show(
            lambda cells: joined(upper(view, cells, room, why=why).lines, "\n")
        )
        self._piece("card").styles.height = card + 1 if card else 0
        self._piece("card").display = bool(card)
        rows = self.rows
        here = at if at is not None else rows.at or 0
        rows.show(view.lines, here, height - below - len(self._above.lines))
        self.show_card(view)

    def _middle(self) -> tuple[int, int]:
        """Cells and rows of the middle's content, also before it was drawn for the first time."""
        columns, rows = self.app.size
        screen = self.screen
        around = 2 + (not screen.has_class("low")) + screen.has_class("narrow")
        drawn = self._piece("upper").content_region.width
        return drawn or columns - (4 if screen.has_class("narrow") else 26), rows - around

    @property
    def _window(self) -> str:
        """The class of the window by its rows."""
        return next((name for name in ("low", "short") if self.screen.has_class(name)), "")

    def _card_rows(self, view: View, width: int, height: int, *, whole: bool) -> int:
        """Rows for the card; as many as are needed where somebody wants to read it whole."""
        most = CARD[self._window] + (MORE if view.read_whole else 0)
        if whole and view.read_whole:
            most = max(most, height - BESIDE)
        return paint.card_rows(view, width, most)

    def _rows_wanted(self, view: View, width: int) -> int:
        """Rows for the list: two a line, where one would cut it short and there is room."""
        most, count = MOST_ROWS[self._window], len(view.lines)
        return min(most, count * 2 if 2 * count <= most and paint.is_cut(view.lines, width - 2)
                   else count)  # fmt: skip

    def _show_field(self, view: View) -> None:
        field = self.field
        field.display = view.typed is not None
        if view.typed:
            with self.app.prevent(Input.Changed):
                field.value = view.typed.text
            field.placeholder = view.typed.placeholder
            field.cursor_position = len(field.value)

    def show_card(self, view: View) -> None:
        """All about the line at hand."""
        line, card = self.line, self._piece("card")
        height = card.styles.height
        most = int(height.value) - 1 if height else 0
        card.show(lambda width: joined(paint.card(line, view, width, most), "\n"))

    def show_keys(self, kind: str, useless: frozenset[str]) -> None:
        """The keys that matter here."""
        typing = isinstance(self.screen.focused, Field)
        entries = keys.entries(kind, useless, typing=typing)
        self._piece("keys").show(lambda width: paint.keys(entries, width))

    def show_progress(self, title: str, doing: str, done: int, total: int, name: str) -> None:
        """Work under way, in place of the prompt."""
        self._piece("upper").show(
            lambda width: paint.progress(title, doing, done, total, name, width)
        )

    def say(self, words: str, *, complaint: bool = False) -> None:
        """One sentence above the keys."""
        piece = self._piece("say")
        piece.set_class(complaint, "complaint")
        piece.show(lambda _: safe(words))

    def ask(self, label: str, text: str) -> None:
        """Ask for a few words at the bottom, with some in the field already."""
        self._piece("say").display = False
        self.asking.display = True
        self.asking.show(label)
        with self.app.prevent(Input.Changed):
            self.asking.field.value = text
        self.asking.field.cursor_position = len(text)
        self.screen.set_focus(self.asking.field)

    def end_asking(self) -> None:
        """The sentence again in place of the question at the bottom."""
        if self.asking.display:
            self.asking.display = False
            self._piece("say").display = True
            self.screen.set_focus(None)

    def narrow(self, lines: Sequence[Line], at: int) -> None:
        """Show other lines of the same list, in the same place."""
        self.rows.show(lines, at, self.rows.size.height)

    def question_at(self, row: int) -> str:
        """Id of the question that is drawn at a row of the part above the list."""
        return self._above.ids[row] if row < len(self._above.ids) else ""

    def to_line(self, at: int | None) -> None:
        """Put another line at hand."""
        self.rows.put(at)

    def move(self, by: int) -> None:
        """Put a line further up or down at hand."""
        for _ in range(abs(by)):
            self.rows.action_cursor_down() if by > 0 else self.rows.action_cursor_up()

    @property
    def at(self) -> int | None:
        """The number of the line at hand."""
        return self.rows.at

    def focus_field(self) -> None:
        """Type own words."""
        self.screen.set_focus(self.field)

    def focus_lines(self) -> None:
        """Move through the lines."""
        self.screen.set_focus(self.rows)
