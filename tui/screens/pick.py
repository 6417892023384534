"""Asks for one of many things: a list that narrows as one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.layout import joined
from tui.safe import cut, safe
from tui.widgets.field import Field

if TYPE_CHECKING:
    from textual.app import SystemCommand

    from tui.screens.wizard import WizardScreen
    from tui.session import Session

MOST_SHOWN: Final = 200
"""Entries that are drawn; typing narrows the rest."""
WIDEST: Final = 64
"""Cells of an entry in a window that has room for it."""
HIGHEST: Final = 24
"""Rows of the list in a window that has room for them."""
AROUND: Final = 8
"""Rows of the box that are not the list: border, air, title, field, keys."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to choose, by the words that are searched."""

    id: str
    words: str
    state: str = ""

    @property
    def searched(self) -> str:
        """What is typed is looked for in this."""
        return f"{self.words} {self.state}".casefold()


class PickScreen(ModalScreen[Pick | None]):
    """Gives what was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,shift+tab", "dismiss(None)", "back", id="back"),
        Binding("down", "move(1)", "down", id="down"),
        Binding("up", "move(-1)", "up", id="up"),
        Binding("pagedown", "move(10)", "further down", id="page-down"),
        Binding("pageup", "move(-10)", "further up", id="page-up"),
    ]

    def __init__(self, title: str, picks: Sequence[Pick], does: str = "goes there") -> None:
        super().__init__()
        self._title = title
        self._does = does
        self._all = tuple(picks)
        self._found = self._all
        self._text = ""
        self._field = Field(placeholder="type to narrow")
        self._list = OptionList(markup=False, compact=True)
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(safe(self._title, "bold $accent"), markup=False)
            yield self._field
            yield self._list
            yield Static(safe(f"enter {self._does}   shift+tab back", "$muted"), markup=False)

    def on_resize(self, event: Resize) -> None:
        self._list.styles.max_height = max(1, min(HIGHEST, event.size.height * 90 // 100 - AROUND))

    def on_mount(self) -> None:
        self._field.focus()
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self._text:
            self._narrow(event.value)

    def action_choose(self) -> None:
        """Give what is at hand among what matches the text."""
        if self._text != self._field.value:
            self._narrow(self._field.value)
        at = self._list.highlighted
        self.dismiss(self._found[at] if at is not None and at < len(self._found) else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])

    def action_move(self, by: int) -> None:
        if self._list.option_count:
            at = (self._list.highlighted or 0) + by
            self._list.highlighted = min(max(at, 0), self._list.option_count - 1)

    def _narrow(self, text: str) -> None:
        self._text = text
        words = text.casefold().split()
        found = [p for p in self._all if all(word in p.searched for word in words)]
        named = [p for p in self._all if words and p not in found and
                 all(word in f"{p.searched} {p.id.casefold()}" for word in words)]  # fmt: skip
        self._found = (*found, *named)[:MOST_SHOWN]
        width = min(WIDEST, self.app.size.width * 94 // 100 - 8)
        self._list.set_options([Option(_line(pick, width)) for pick in self._found])
        self._list.highlighted = 0 if self._found else None


def _line(pick: Pick, width: int) -> Content:
    state = f"  {pick.state}" if pick.state else ""
    return joined((safe(cut(pick.words, width - len(state))), safe(state, "$warn")))


async def command(screen: WizardScreen, offered: Sequence[SystemCommand]) -> None:
    """Ask for one of some commands by its name, and do it."""
    picks = [Pick(str(i), each.title, each.help) for i, each in enumerate(offered)]
    chosen = await screen.app.push_screen_wait(PickScreen("What to do", picks, "does it"))
    if chosen and (result := offered[int(chosen.id)].callback()) is not None:
        await result


async def jump(screen: WizardScreen, session: Session) -> None:
    """Ask for a step or a question, and be there."""
    found = {place.id: place for place in session.matches()}
    picks = [Pick(place.id, place.words, place.state) for place in found.values()]
    chosen = await screen.app.push_screen_wait(PickScreen("Jump to", picks))
    if chosen:
        screen.attempt(lambda: session.visit(found[chosen.id]))
