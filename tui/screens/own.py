"""Adds what the documents do not name: a noun, an attribute, a relationship, a rule…"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.safe import safe
from tui.screens.pick import Pick, PickScreen
from tui.widgets.field import Field

if TYPE_CHECKING:
    from tui.screens.wizard import WizardScreen
    from tui.session import Session


class NameScreen(ModalScreen[str]):
    """Gives a name that was typed; empty when none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,shift+tab", "dismiss('')", "back", id="back")
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._field = Field()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(safe(self._title, "bold $accent"), markup=False)
            yield self._field
            yield Static(safe("enter adds it   shift+tab back", "$muted"), markup=False)

    def on_mount(self) -> None:
        self._field.focus()

    def action_choose(self) -> None:
        """Give what was typed."""
        self.dismiss(self._field.value.strip())


async def add_own(screen: WizardScreen, session: Session) -> None:
    """Ask for what the step lets one add, and be at its first question."""
    match session.place.step:
        case "entities":
            await _noun(screen, session)
        case "columns":
            await _attribute(screen, session)
        case "relationships":
            await _relationship(screen, session)
        case step:
            asked = session.facts.questions
            which = [q for q in asked if q.step == step and q.node == "which" and not q.subject]
            if which:
                screen.attempt(lambda: session.go(step, which[0].id))
            else:
                screen.say("Nothing can be added in this step")


async def _picked(screen: WizardScreen, title: str, entries: tuple[tuple[str, str], ...]) -> str:
    picks = [Pick(each, words) for each, words in entries]
    chosen = await screen.app.push_screen_wait(PickScreen(title, picks))
    return chosen.id if chosen else ""


async def _noun(screen: WizardScreen, session: Session) -> None:
    step = await _picked(screen, "Which step speaks of it?", session.journey_steps())
    if step:
        screen.attempt(lambda: session.add_nouns(step))


async def _attribute(screen: WizardScreen, session: Session) -> None:
    entity = await _picked(screen, "A fact about which entity?", session.entities())
    if not entity:
        return
    name = await screen.app.push_screen_wait(NameScreen("What is the fact called?"))
    if name:
        screen.attempt(lambda: session.add_attribute(entity, name))


async def _relationship(screen: WizardScreen, session: Session) -> None:
    a = await _picked(screen, "One of which entity …", session.entities())
    b = await _picked(screen, "… has how many of which?", session.entities()) if a else ""
    if b:
        screen.attempt(lambda: session.add_relationship(a, b))
