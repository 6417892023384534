"""An app in one of the themes: which one it begins with, and how another is chosen."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import PurePath
from typing import ClassVar

from textual.app import SystemCommand
from textual.driver import Driver
from textual.filter import LineFilter

from tui import preferences, themes
from tui.own_colours import OwnColours
from tui.terminal import background
from tui.terminal.background import Heard
from tui.terminal.cells import CellApp


class ThemedApp(CellApp):
    """An app that knows the program's themes and the user's own."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["wizard.tcss", "own_colours.tcss"]

    def __init__(self, heard: Heard | None = None) -> None:
        """Begin in the theme that is wished for; `heard` is what the terminal said of itself."""
        without = _without_colour()
        self._heard = heard or Heard()
        self._own_colours = OwnColours()
        super().__init__(ansi_color=True if without else None)
        self.shelf = themes.shelf(preferences.themes_folder())
        for made in self.shelf.palettes.values():
            self.register_theme(themes.theme(made))
        self.theme_problem = self._problem()
        """One sentence about a theme that cannot be used; empty when all can."""
        self.palette = themes.WITHOUT_COLOUR if without else self._wanted()
        self.theme = themes.title(self.palette)

    def _wanted(self) -> str:
        ground = self._heard.ground or background.told_by()
        remembered = preferences.remembered_theme()
        return themes.wanted(names=self.shelf.names, remembered=remembered, ground=ground)

    def _problem(self) -> str:
        asked, problems = themes.asked_for(), list(self.shelf.problems)
        if asked and asked not in self.shelf.names:
            known = ", ".join(self.shelf.names)
            problems.insert(0, f"SCHEMAWALK_THEME: there is no theme {asked}; there are {known}")
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return f"{problems[0]}{more}" if problems else ""

    def get_driver_class(self) -> type[Driver]:
        """What reads the keys: with an eye on an answer of the terminal that comes late."""
        if not (self._heard.late or self._heard.typed):
            return super().get_driver_class()
        from tui.terminal.late import LateDriver

        LateDriver.heard = self._heard
        return LateDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Every colour role, also under a theme that knows none of them."""
        return themes.palette("dark").roles

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What is done to each line before it is sent."""
        filters = super().get_line_filters()
        return [self._own_colours, *filters] if self.native_ansi_color else filters

    def show_theme(self, name: str) -> None:
        """Change to a theme, and begin with it the next time."""
        if self.no_color:
            self.tell_theme("NO_COLOR is set: there are no colours to choose")
            return
        self.palette = name
        self.theme = themes.title(name)
        preferences.remember_theme(name)
        self.tell_theme(f"Colours: {name}")

    def tell_theme(self, words: str) -> None:
        """Say which theme it is now."""

    def action_toggle_theme(self) -> None:
        """The next theme."""
        self.show_theme(self.shelf.after(self.palette))

    def theme_commands(self) -> Iterable[SystemCommand]:
        """Each theme by its name, for the command palette."""
        for name in self.shelf.names:
            now = ", as now" if name == self.palette else ""
            told = f"{themes.WORDS.get(name, 'your own')}{now}"
            yield SystemCommand(f"Colours: {name}", told, partial(self.show_theme, name))


def _without_colour() -> bool:
    """Whether NO_COLOR asks for none; an empty one does not, and Textual is not to see it."""
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]
    return "NO_COLOR" in os.environ
