"""The themes: colour roles from `themes/*.toml` and the user's own files, as Textual themes."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from textual.theme import Theme

WORDS: Final = {
    "dark": "light text on a dark ground",
    "light": "dark text on a light ground",
    "contrast": "high contrast on black",
    "contrast-light": "high contrast on white",
    "colour-blind": "no red beside green, on a dark ground",
    "colour-blind-light": "no red beside green, on a light ground",
    "ansi": "the terminal's own sixteen colours",
}
"""Each theme in a few words."""

NAMES: Final = tuple(WORDS)
"""The themes that come with the program, in the order in which a key leads through them."""

WITHOUT_COLOUR: Final = "ansi"
"""The theme that is left when NO_COLOR takes its colours away: weight, dimness and reverse."""

ROLES: Final = {
    "ground": ("background", "panel", "cursor", "field"),
    "text": ("text", "muted", "accent", "good", "warn", "bad"),
    "line": ("line",),
}
"""The tables of a theme file, and the colours that each must name."""

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_EXACT: Final = re.compile(r"#[0-9a-fA-F]{6}")
_HUES: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_OWN: Final = frozenset(
    ("ansi_default", *(f"ansi_{hue}" for hue in _HUES), *(f"ansi_bright_{hue}" for hue in _HUES))
)
"""The terminal's own colours."""


_TEXTUALS: Final = {
    "ansi-background": "ansi_default", "ansi-foreground": "ansi_default",
    "block-cursor-foreground": "ansi_default", "block-cursor-background": "ansi_bright_black",
    "input-selection-background": "ansi_cyan", "input-selection-foreground": "ansi_black",
}  # fmt: skip
"""What Textual's own styles name under a theme of the terminal's colours."""


class ThemeError(ValueError):
    """A theme file that cannot be used; the message says which, where, and what is wrong."""


@dataclass(frozen=True)
class Palette:
    """One theme file: colours by role, all as `#rrggbb` or all as `ansi_…`."""

    name: str
    dark: bool
    ground: Mapping[str, str]
    """What text stands on: background, panel, cursor, field."""
    text: Mapping[str, str]
    """Text and signs: text, muted, accent, good, warn, bad."""
    line: Mapping[str, str]
    """Rules between parts of the screen."""

    @property
    def roles(self) -> dict[str, str]:
        """Every role that styles may name, as `$role`."""
        return {**self.text, **self.line, "cursor": self.ground["cursor"],
                "field": self.ground["field"]}  # fmt: skip

    @property
    def own(self) -> bool:
        """Whether the colours are the terminal's own."""
        return self.text["text"] in _OWN


@dataclass(frozen=True)
class Shelf:
    """All themes that can be shown, and what was wrong with those that cannot."""

    palettes: Mapping[str, Palette]
    problems: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The themes in the order in which a key leads through them."""
        return tuple(self.palettes)

    def after(self, name: str) -> str:
        """The theme that the key leads to next."""
        return self.names[(self.names.index(name) + 1) % len(self.names)]


def shelf(folder: Path | None = None) -> Shelf:
    """The program's themes and the user's own from a folder, which may take a name over."""
    palettes, problems = {name: palette(name) for name in NAMES}, []
    for path in sorted(folder.glob("*.toml")) if folder else ():
        try:
            made = parsed(str(path), _read(path))
        except ThemeError as error:
            problems.append(str(error))
        else:
            palettes[made.name] = made
    return Shelf(palettes, tuple(problems))


def _read(path: Path) -> str:
    try:
        if not path.is_file():
            raise ThemeError(f"{path}: this theme is not a file")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ThemeError(f"{path}: this theme is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ThemeError(f"{path}: this theme cannot be read: {error.strerror}") from None


@cache
def palette(name: str) -> Palette:
    """The palette of one of the program's own themes."""
    path = f"{name}.toml"
    return parsed(path, files("themes").joinpath(path).read_text(encoding="utf-8"))


def parsed(path: str, text: str) -> Palette:
    """The palette that a theme file describes; raises ThemeError."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{path}: this theme is no TOML: {error}") from None
    if unknown := sorted(found.keys() - {"name", "dark", *ROLES}):
        raise ThemeError(f"{path}: {unknown[0]} means nothing in a theme; take it out")
    name, dark = found.get("name"), found.get("dark")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ThemeError(f'{path}: name must be small letters, digits and dashes: name = "mine"')
    if not isinstance(dark, bool):
        raise ThemeError(f"{path}: dark must be true or false")
    made = Palette(name, dark, **{table: _table(path, found, table) for table in ROLES})
    _one_kind(path, made)
    return made


def _table(path: str, found: dict[str, Any], table: str) -> dict[str, str]:
    """The colours of one table, each of them checked; raises ThemeError."""
    given = found.get(table)
    if not isinstance(given, dict):
        raise ThemeError(f"{path}: [{table}] is missing; it holds {', '.join(ROLES[table])}")
    if unknown := sorted(given.keys() - set(ROLES[table])):
        raise ThemeError(f"{path}: {unknown[0]} is no role of [{table}]; take it out")
    for role in ROLES[table]:
        colour = given.get(role)
        if not isinstance(colour, str) or not (_EXACT.fullmatch(colour) or colour in _OWN):
            said = f"is {colour!r}" if role in given else "is missing"
            raise ThemeError(f"{path}: {role} in [{table}] {said}; "
                             "write a colour like #a1b2c3 or ansi_bright_blue")  # fmt: skip
    return dict(given)


def _one_kind(path: str, made: Palette) -> None:
    """Raise ThemeError where exact colours and the terminal's own stand side by side."""
    for table in (made.ground, made.text, made.line):
        for role, colour in table.items():
            if (colour in _OWN) != made.own:
                raise ThemeError(f"{path}: {role} is {colour}, but text is {made.text['text']}; "
                                 "write all colours as #rrggbb, or all as ansi_…")  # fmt: skip


def title(name: str) -> str:
    """What a theme is called inside Textual, apart from Textual's own."""
    return f"schemawalk-{name}"


def theme(made: Palette) -> Theme:
    """The palette as a theme that Textual can show."""
    ground, text, line = made.ground, made.text, made.line["line"]
    return Theme(
        title(made.name),
        primary=text["accent"],
        secondary=text["muted"],
        accent=text["accent"],
        success=text["good"],
        warning=text["warn"],
        error=text["bad"],
        foreground=text["text"],
        background=ground["background"],
        surface=ground["background"],
        panel=ground["panel"],
        dark=made.dark,
        text_alpha=1.0,
        ansi=made.own,
        variables={**made.roles, "border": line, "border-blurred": line, "panel": ground["panel"],
                   "text-muted": text["muted"], "text-disabled": text["muted"],
                   "block-cursor-text-style": "none", **(_TEXTUALS if made.own else {})},
    )  # fmt: skip


def wanted(
    environment: Mapping[str, str] = os.environ,
    names: Sequence[str] = NAMES,
    remembered: str = "",
    ground: str = "",
) -> str:
    """The theme to begin with.

    What SCHEMAWALK_THEME says holds before the theme that was chosen last, and that before the
    terminal's `ground`, "dark" or "light", where it is known.
    """
    asked = asked_for(environment)
    return next((name for name in (asked, remembered, ground) if name in names), "dark")


def asked_for(environment: Mapping[str, str] = os.environ) -> str:
    """What SCHEMAWALK_THEME says, or nothing."""
    return environment.get("SCHEMAWALK_THEME", "").strip().lower()
