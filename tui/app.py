"""The full-screen program: its themes, its way in, and every way out of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from textual.app import App, SystemCommand
from textual.screen import Screen

from tui import themes
from tui.lifecycle import leave_on_hangup, leave_on_signals
from tui.screens.wizard import WizardScreen


class WizardApp(App[None]):
    """The walk through one folder's design."""

    TITLE = "Schemawalk"
    CSS_PATH = "wizard.tcss"

    def __init__(self, folder: Path) -> None:
        """Prepare for a folder; nothing of it is read before the first paint."""
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.folder = folder
        self.parting = ""
        """Why the design cannot be opened; said on stderr when the screen is gone."""
        self.last_words: list[str] = []
        """What to say on stdout when the screen is gone."""
        self._palette = themes.wanted()
        for name in themes.NAMES:
            self.register_theme(themes.theme(name))
        self.theme = themes.palette(self._palette).name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Every colour role, also under a theme that knows none of them."""
        return themes.palette("dark").roles

    def get_default_screen(self) -> Screen[None]:
        """The one screen of the walk."""
        return WizardScreen(self.folder)

    def on_mount(self) -> None:
        if self.no_color:
            self.add_class("no-color")
        leave_on_signals(self.leave)
        if not self.is_headless:
            leave_on_hangup(self.leave)

    def leave(self, code: int = 0) -> None:
        """Close the program; all answers are on disk already."""
        for screen in self.screen_stack:
            if isinstance(screen, WizardScreen):
                self.last_words = screen.last_words()
                screen.close()
        self.exit(return_code=code)

    def refuse(self, sentence: str) -> None:
        """Close the program, because the design cannot be opened."""
        self.parting = sentence
        self.exit(return_code=3)

    def action_toggle_theme(self) -> None:
        """From dark to light and back."""
        self._palette = themes.other(self._palette)
        self.theme = themes.palette(self._palette).name

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        yield SystemCommand("Colours", "Dark or light", self.action_toggle_theme)
        if isinstance(screen, WizardScreen):
            yield SystemCommand("Undo", "Take the last answer back", screen.action_undo)
            yield SystemCommand("Redo", "Give it again", screen.action_redo)
            yield SystemCommand("Jump", "To any step or question", screen.action_jump)
            yield SystemCommand("Write", "The plan, the files, the proof", screen.action_write)
            yield SystemCommand("Keys", "What each key does", screen.action_help)
        yield SystemCommand("Leave", "Everything is saved", self.leave)
