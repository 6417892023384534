"""What somebody wishes of every walk, kept in the config folder: own themes, the theme chosen."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

NAME: Final = "state.toml"


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where wishes are kept: below XDG_CONFIG_HOME, else where the system keeps them."""
    base = environment.get("XDG_CONFIG_HOME", "")
    if base.startswith("/"):  # a relative one is to be ignored, says the XDG specification
        return Path(base) / "schemawalk"
    if sys.platform in ("darwin", "win32"):
        import click

        return Path(click.get_app_dir("schemawalk"))
    return Path(environment.get("HOME") or "/", ".config", "schemawalk")


def themes_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the user's own themes are."""
    return folder(environment) / "themes"


def remembered_theme(environment: Mapping[str, str] = os.environ) -> str:
    """The theme that was chosen last; nothing when none was, or it cannot be read."""
    with suppress(OSError, ValueError):
        found = tomllib.loads((folder(environment) / NAME).read_text(encoding="utf-8"))
        theme = found.get("theme")
        return theme if isinstance(theme, str) else ""
    return ""


def remember_theme(name: str, environment: Mapping[str, str] = os.environ) -> None:
    """Keep the theme for the next walk; a disk that refuses costs only the memory of it."""
    from schemawalk.design.atomic import replace

    with suppress(OSError):
        place = folder(environment)
        place.mkdir(parents=True, exist_ok=True)
        replace(place / NAME, f'theme = "{name}"\n'.encode(), durable=False)


def colours_decided(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's background makes no difference, because the theme is known."""
    told = environment.get("NO_COLOR") or environment.get("SCHEMAWALK_THEME", "").strip()
    return bool(told) or bool(remembered_theme(environment))
