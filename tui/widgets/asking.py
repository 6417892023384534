"""The line at the bottom that asks for a few words: a filter, a reason."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from tui.safe import safe
from tui.widgets.field import Field


class AskField(Field):
    """A field that backspace leaves once it is empty."""

    def action_delete_left(self) -> None:
        """One character less; the way back when there is none."""
        if self.value:
            super().action_delete_left()
        else:
            self.screen.action_back()  # type: ignore[attr-defined]


class Asking(Horizontal):
    """A word, and the field after it."""

    def compose(self) -> ComposeResult:
        yield Static(id="asking-label", markup=False)
        yield AskField(id="asking-field")

    @property
    def field(self) -> Field:
        """Where one types."""
        return self.query_one(AskField)

    def show(self, label: str) -> None:
        """Say what is asked."""
        self.query_one(Static).update(safe(label, "bold $accent"))
