"""Says that somebody else changed the design, and asks what to do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.safe import safe
from tui.widgets.paged import PagedList


class ChangedScreen(ModalScreen[bool]):
    """True to read the design again; False to look at the answer first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b,q", "dismiss(False)", "not now", id="not-now")
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(safe("The design was changed by somebody else", "bold $warn"),
                         markup=False)  # fmt: skip
            yield Static(
                safe("schemawalk.toml on disk is not the one that was read here. Theirs stays as "
                     "it is. Your answer is kept.\n"),
                markup=False,
            )  # fmt: skip
            yield PagedList(
                Option(safe("Read the design again, and put my answer in it")),
                Option(safe("Not now: leave my answer on the screen")),
                markup=False, compact=True,
            )  # fmt: skip

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index == 0)
