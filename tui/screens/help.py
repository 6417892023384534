"""Lists the keys."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import keys
from tui.paint import joined
from tui.safe import column, safe


class HelpScreen(ModalScreen[None]):
    """All keys and what they do; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,b,question_mark,f1,space", "dismiss", "close", id="close")
    ]

    def compose(self) -> ComposeResult:
        rows = keys.table()
        lines = [safe("Keys", "bold $accent"), safe("")]
        lines += [joined((safe(column(shown, 26), "bold"), safe(does))) for shown, does in rows]
        lines += [safe(""), safe("Letters are text inside a field: there the function keys hold.",
                                 "$muted"), safe("Enter closes this.", "$muted")]  # fmt: skip
        with VerticalScroll(classes="box"):
            yield Static(joined(lines, "\n"), markup=False)
