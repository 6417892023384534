"""The full-screen program: its themes, its way in, and every way out of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual import work
from textual.app import SystemCommand
from textual.screen import Screen

from tui.screens.wizard import WizardScreen
from tui.terminal.background import Heard
from tui.terminal.lifecycle import leave_on_hangup, leave_on_signals
from tui.themed import ThemedApp


class WizardApp(ThemedApp):
    """The walk through one folder's design."""

    TITLE = "Schemawalk"

    def __init__(self, folder: Path, heard: Heard | None = None) -> None:
        """Prepare for a folder; nothing of it is read before the first paint."""
        super().__init__(heard)
        self.folder = folder
        self.parting = ""
        """Why the design cannot be opened; said on stderr when the screen is gone."""
        self.last_words: list[str] = []
        """What to say on stdout when the screen is gone."""

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
                self.last_words = screen.last_words() if code == 0 else []
                screen.close()
        self.exit(return_code=code)

    def refuse(self, sentence: str) -> None:
        """Close the program, because the design cannot be opened."""
        self.parting = sentence
        self.exit(return_code=3)

    def tell_theme(self, words: str) -> None:
        """Say on the screen which theme it is now."""
        screen = self.screen_stack[0]
        if isinstance(screen, WizardScreen) and screen.session:
            screen.say(words)

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text into the terminal's clipboard, inside tmux also into that around it."""
        from tui.terminal import clipboard

        text = clipboard.copyable(text)
        if clipboard.too_long(text):
            return
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.sequence(text, tmux=bool(os.environ.get("TMUX"))))
            self._driver.flush()

    def action_command_palette(self) -> None:
        """Every command by its name, in a list that narrows as one types.

        Textual's own list of commands ends the program when a key comes while it is being filled.
        """
        if isinstance(self.screen, WizardScreen) and self.screen.session:
            self._choose_command(self.screen)

    @work
    async def _choose_command(self, screen: WizardScreen) -> None:
        from tui.screens.pick import command

        await command(screen, list(self.get_system_commands(screen)))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        if isinstance(screen, WizardScreen):
            yield from screen.commands()
        yield from self.theme_commands()
