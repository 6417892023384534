"""The themes: colour roles from `themes/*.toml` as Textual themes, and which one to start with."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from textual.theme import Theme

NAMES: Final = ("dark", "light")


@dataclass(frozen=True)
class Palette:
    """One theme file: colours by role, as `#rrggbb`."""

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


@cache
def palette(name: str) -> Palette:
    """The palette of `dark` or `light`."""
    text = files("themes").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return Palette(**tomllib.loads(text))


def theme(name: str) -> Theme:
    """The palette as a theme that Textual can show."""
    made = palette(name)
    ground, text = made.ground, made.text
    return Theme(
        made.name,
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
        variables={**made.roles, "border": made.line["line"], "border-blurred": made.line["line"],
                   "block-cursor-text-style": "none"},
    )  # fmt: skip


def wanted(environment: Mapping[str, str] = os.environ) -> str:
    """`dark` or `light`: as SCHEMAWALK_THEME says, else as COLORFGBG does, else dark."""
    asked = environment.get("SCHEMAWALK_THEME", "").strip().lower()
    if asked in NAMES:
        return asked
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if ground in ("7", "15") else "dark"


def other(name: str) -> str:
    """The theme that a toggle leads to."""
    return "light" if name == "dark" else "dark"
