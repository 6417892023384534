"""The themes: readable on every ground, chosen by the environment, silent without colour."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tests.terminal import PROGRAM, Terminal
from tui import themes

SETTINGS = re.compile(rb"\x1b\[([0-9;]+)m")
COLOURS = (*range(40, 48), *range(90, 98), *range(100, 108))
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of usual size."""


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 to 1, as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Ratio of two colours, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", themes.NAMES)
def test_every_text_reads_on_every_ground(name: str) -> None:
    """No role of text falls below the contrast that people need."""
    palette = themes.palette(name)
    weak = {
        (text, ground): round(contrast(palette.text[text], palette.ground[ground]), 2)
        for text, ground in product(palette.text, palette.ground)
        if contrast(palette.text[text], palette.ground[ground]) < LEAST_CONTRAST
    }
    assert weak == {}


def test_both_themes_know_the_same_roles() -> None:
    """A style that names a role works in both."""
    assert themes.palette("dark").roles.keys() == themes.palette("light").roles.keys()


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "dark"),
        ({"SCHEMAWALK_THEME": "light"}, "light"),
        ({"SCHEMAWALK_THEME": "Dark", "COLORFGBG": "0;15"}, "dark"),
        ({"COLORFGBG": "0;15"}, "light"),
        ({"COLORFGBG": "15;default;0"}, "dark"),
        ({"SCHEMAWALK_THEME": "pink"}, "dark"),
    ],
)
def test_the_environment_says_which_theme(environment: dict[str, str], name: str) -> None:
    """Our own variable first, then the terminal's, then dark."""
    assert themes.wanted(environment) == name


def test_without_colour_no_colour_is_sent(folder: Path) -> None:
    """NO_COLOR leaves marks, weight and reverse; no text has a colour of its own."""
    with Terminal() as terminal:
        terminal.run([*PROGRAM, str(folder)], {"NO_COLOR": "1"})
        terminal.until("9 steps from 3 documents")
        terminal.until_quiet()
        sent = bytes(terminal.output)
    settings = {code for found in SETTINGS.findall(sent) for code in found.split(b";")}
    assert not settings & {b"38", b"48", *(str(n).encode() for n in (*range(30, 38), *COLOURS))}
    assert b"7" in settings
