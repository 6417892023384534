"""Says what can be done here, what the step decides, and what every key does."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import keys
from tui.layout import joined
from tui.safe import column, safe

if TYPE_CHECKING:
    from tui.views import View
    from wizard_steps.asking.steps import Step

KEYS: Final = 18
"""Cells for the keys of an action."""


class HelpScreen(ModalScreen[None]):
    """What one needs to know here first, then all keys; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,b,question_mark,f1,space", "dismiss", "close", id="close"),
        Binding("down,j", "scroll(1)", "down", id="down"),
        Binding("up,k", "scroll(-1)", "up", id="up"),
        Binding("pagedown", "scroll(10)", "further down", id="page-down"),
        Binding("pageup", "scroll(-10)", "further up", id="page-up"),
    ]

    def __init__(self, step: Step, view: View) -> None:
        super().__init__()
        self._step = step
        self._view = view
        self._page = VerticalScroll(classes="box", can_focus=False)

    def compose(self) -> ComposeResult:
        with self._page:
            yield Static(joined(self._lines(), "\n"), markup=False)

    def _lines(self) -> list[Content]:
        here = keys.sensible(self._view.kind, self._view.useless)
        ids = {binding.id for binding in here}
        others = [b for b in keys.BINDINGS if b.id not in ids | keys.UNSAID]
        lines = [
            safe(f"Step {self._step.title}", "bold $accent"), safe(self._step.intro), safe(""),
            safe("Here", "bold $accent"), *(_line(*keys.row(binding)) for binding in here),
        ]  # fmt: skip
        if others:
            lines += [safe(""), safe("Elsewhere", "bold $accent"),
                      *(_line(*keys.row(binding)) for binding in others)]  # fmt: skip
        return [*lines, safe(""), *_remarks()]

    def action_scroll(self, by: int) -> None:
        """Move the text."""
        self._page.scroll_relative(y=by, animate=False)


def _line(shown: str, does: str) -> Content:
    return joined((safe(column(shown, KEYS), "bold"), safe(does)))


def _remarks() -> list[Content]:
    return [
        safe("Letters are text inside a field: there the function keys hold.", "$muted"),
        safe("ctrl+p lists all actions and themes. Arrows scroll, enter closes this.", "$muted"),
    ]
