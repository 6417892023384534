"""The themes: readable on every ground, told apart by every eye, chosen by wish or environment."""

from __future__ import annotations

import math
import re
from itertools import combinations, product
from pathlib import Path

import pytest

from tests.terminal import PROGRAM, Terminal
from tests.tui.conftest import Walker, opened
from tui import preferences, themes, views, writing

SETTINGS = re.compile(rb"\x1b\[([0-9;]+)m")
LEAST_CONTRAST = {"contrast": 7.0, "contrast-light": 7.0}
"""WCAG 2.2, success criteria 1.4.6 for these, and 1.4.3 with 4.5 for the others."""
EXACT = [name for name in themes.NAMES if not themes.palette(name).own]

APART = 20.0
"""Least distance of two colours in CIELAB (CIE 1976); 2.3 is what an eye can just see."""

VISIONS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What linear red, green and blue become: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, at
severity 1.0."""


def linear(colour: str) -> list[float]:
    """Red, green and blue of `#rrggbb`, from 0 to 1, in proportion to light."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1, as WCAG defines it."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Ratio of two colours, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def seen(colour: str, vision: str) -> list[float]:
    """The colour, linear, as an eye of that kind sees it."""
    parts = linear(colour)
    rows = VISIONS.get(vision, ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    return [min(1, max(0, sum(a * b for a, b in zip(row, parts, strict=True)))) for row in rows]


def lab(parts: list[float]) -> tuple[float, float, float]:
    """Linear red, green and blue in CIELAB, for white D65."""
    red, green, blue = parts
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 216 / 24389 else 841 / 108 * v + 4 / 29 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distances(name: str, vision: str) -> dict[tuple[str, str], float]:
    """How far the three roles that judge are from each other, for one kind of eye."""
    text = themes.palette(name).text
    spots = {role: lab(seen(text[role], vision)) for role in ("good", "warn", "bad")}
    return {(a, b): math.dist(spots[a], spots[b]) for a, b in combinations(spots, 2)}


@pytest.mark.parametrize("name", EXACT)
def test_every_text_reads_on_every_ground(name: str) -> None:
    """No role of text falls below the contrast that people need."""
    palette, least = themes.palette(name), LEAST_CONTRAST.get(name, 4.5)
    found = {
        (text, ground): round(contrast(palette.text[text], palette.ground[ground]), 2)
        for text, ground in product(palette.text, palette.ground)
    }
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


@pytest.mark.parametrize("name", EXACT)
async def test_everything_that_is_drawn_reads(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what Textual colours itself: the SQL, the list of commands, fields, placeholders."""
    monkeypatch.setenv("SCHEMAWALK_THEME", name)
    async with opened(folder, (120, 36)) as walker:
        weak = drawn_weakly(walker, name)
        await walker.press("enter", "enter", "enter", "space", "s")
        await walker.until(lambda: "CREATE TABLE" in walker.shown)
        weak |= drawn_weakly(walker, name)
        for opener in ("j", "question_mark", "ctrl+p"):
            await walker.press(opener)
            await walker.pilot.pause(0.2)
            weak |= drawn_weakly(walker, name)
            await walker.press("escape")
    assert weak == set()


def drawn_weakly(walker: Walker, name: str) -> set[tuple[str, str, str]]:
    """Words, their colour and ground, where they read badly.

    Below a list that lies on top the rest is faded on purpose: there only the list counts.
    """
    app = walker.pilot.app
    palette, least = themes.palette(name), LEAST_CONTRAST.get(name, 4.5)
    above = len(app.screen_stack) > 1
    grounds = {c for role, c in palette.ground.items() if not (above and role == "background")}
    found = set()
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None:
                continue
            text, ground = (c.get_truecolor().hex for c in (style.color, style.bgcolor))
            worded = re.search(r"\w", segment.text) is not None
            if worded and ground in grounds and contrast(text, ground) < least:
                found.add((segment.text.strip(), text, ground))
    return found


@pytest.mark.parametrize("vision", ["usual", *VISIONS])
@pytest.mark.parametrize("name", ["colour-blind", "colour-blind-light"])
def test_good_and_bad_are_apart_for_every_eye(name: str, vision: str) -> None:
    """Whoever cannot tell red from green, or blue from yellow, tells good, warn and bad apart."""
    close = {pair: d for pair, d in distances(name, vision).items() if d < APART}
    assert close == {}


def test_the_usual_colours_would_not_do_for_every_eye() -> None:
    """The measure is one: the green and the red of the dark theme are one to some eyes."""
    assert distances("dark", "deuteranopia")["good", "bad"] < APART / 2


async def test_no_mark_means_something_by_its_colour_alone(folder: Path) -> None:
    """Wherever two marks differ in colour, they are different signs."""
    colours: dict[tuple[str, str], set[str]] = {}
    async with opened(folder, (100, 40)) as walker:
        for key in ("enter", "enter", "enter", "space", "t", "b", "enter", "enter", "enter"):
            view = walker.view
            for line in view.lines:
                if line.mark.strip():
                    colours.setdefault((view.kind, line.mark), set()).add(line.role)
            await walker.press(key)
    assert {role for roles in colours.values() for role in roles} >= {"good", "muted"}
    assert {sign: roles for sign, roles in colours.items() if len(roles) > 1} == {}


@pytest.mark.parametrize("table", [views._SORTS, writing._ACTIONS])
def test_marks_of_another_colour_are_another_sign(table: dict[str, tuple[str, ...]]) -> None:
    """Findings and files to be written: error, warning and hint; new, changed and yours."""
    roles: dict[str, set[str]] = {}
    for sign, role, *_ in table.values():
        roles.setdefault(sign, set()).add(role)
    assert {sign: found for sign, found in roles.items() if len(found) > 1} == {}
    assert len(roles) >= 3


async def test_the_steps_differ_in_their_signs(folder: Path) -> None:
    """What is done, at hand, and open reads without any colour."""
    async with opened(folder) as walker:
        await walker.press("enter")
        assert "✓ Sources" in walker.shown
        assert "▸ Stack" in walker.shown
        assert "· Unsaid" in walker.shown


def test_all_themes_know_the_same_roles() -> None:
    """A style that names a role works in each."""
    dark = themes.palette("dark").roles.keys()
    assert [name for name in themes.NAMES if themes.palette(name).roles.keys() != dark] == []


@pytest.mark.parametrize(
    ("environment", "remembered", "ground", "name"),
    [
        ({}, "", "", "dark"),
        ({}, "", "light", "light"),
        ({}, "contrast", "light", "contrast"),
        ({}, "gone", "light", "light"),
        ({"SCHEMAWALK_THEME": "light"}, "contrast", "", "light"),
        ({"SCHEMAWALK_THEME": " Dark "}, "", "light", "dark"),
        ({"SCHEMAWALK_THEME": "pink"}, "", "", "dark"),
    ],
)
def test_which_theme_it_begins_with(
    environment: dict[str, str], remembered: str, ground: str, name: str
) -> None:
    """What the environment asks for, then what was chosen last, then the terminal's background."""
    assert themes.wanted(environment, themes.NAMES, remembered, ground) == name


# The user's own themes and choice


def own_theme(config: Path, file: str, **changes: str) -> Path:
    """A copy of the dark theme with lines replaced, in the user's config folder."""
    text = (Path(themes.__file__).parents[1] / "themes" / "dark.toml").read_text()
    for key, line in changes.items():
        text = re.sub(rf"^{key} = .*$", line, text, flags=re.MULTILINE)
    path = config / "schemawalk" / "themes" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config folder of one's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


async def test_the_key_leads_through_all_themes_and_the_choice_stays(
    folder: Path, config: Path
) -> None:
    """Also through the user's own; the next start begins with the theme that was chosen last."""
    own_theme(config, "night.toml", name='name = "night"')
    names = []
    async with opened(folder) as walker:
        for _ in range(len(themes.NAMES) + 1):
            await walker.press("c")
            names.append(walker.shown.partition("Colours: ")[2].split()[0])
    assert names == [*themes.NAMES[1:], "night", "dark"]
    async with opened(folder) as walker:
        await walker.press("c", "c")
    assert preferences.remembered_theme() == "contrast"
    async with opened(folder) as walker:
        assert walker.pilot.app.theme == themes.title("contrast")


async def test_a_choice_that_cannot_be_kept_still_holds(folder: Path) -> None:
    """A config folder that nobody can write is no reason to fail."""
    async with opened(folder) as walker:
        await walker.press("c")
        assert "Colours: light" in walker.shown
    assert preferences.remembered_theme() == ""


async def test_the_palette_calls_themes_by_their_names(folder: Path, config: Path) -> None:
    """Typing a name and enter is enough."""
    own_theme(config, "night.toml", name='name = "night"', accent='accent = "#aabbcc"')
    async with opened(folder) as walker:
        await walker.press("ctrl+p", *"night")
        await walker.pilot.pause(0.5)
        assert "Colours: night" in walker.shown
        await walker.press("enter")
        assert walker.pilot.app.theme_variables["accent"].lower() == "#aabbcc"


def test_an_own_theme_may_take_a_name_over(config: Path) -> None:
    """A file that says that it is `light` is the light theme from then on."""
    own_theme(config, "mine.toml", name='name = "light"', accent='accent = "#aabbcc"')
    shelf = themes.shelf(preferences.themes_folder())
    assert shelf.names == themes.NAMES
    assert shelf.palettes["light"].text["accent"] == "#aabbcc"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": 'name = "Night!"'}, "name must be small letters, digits and dashes"),
        ({"name": ""}, "name must be"),
        ({"dark": 'dark = "yes"'}, "dark must be true or false"),
        ({"accent": 'accent = "teal"'}, "accent in [text] is 'teal'; write a colour like #a1b2c3"),
        ({"accent": ""}, "accent in [text] is missing"),
        ({"accent": 'accent = "ansi_red"'}, "write all colours as #rrggbb, or all as ansi_"),
        ({"line": 'lines = "#000000"'}, "lines is no role of [line]"),
        ({"cursor": 'cursor = "#26384a'}, "line 9"),
        ({"dark": 'dark = true\nbold = "x"'}, "bold means nothing in a theme"),
    ],
)
async def test_a_broken_theme_is_one_sentence(
    folder: Path, config: Path, changes: dict[str, str], said: str
) -> None:
    """File and line or key are named, and the walk begins in the usual colours."""
    path = own_theme(config, "night.toml", **changes)
    shelf = themes.shelf(preferences.themes_folder())
    assert shelf.names == themes.NAMES
    (problem,) = shelf.problems
    assert problem.startswith(f"{path}: ")
    assert said in problem
    async with opened(folder, (200, 32)) as walker:
        assert "night.toml: " in " ".join(walker.shown.split())
        assert walker.pilot.app.theme == themes.title("dark")


async def test_a_theme_that_nobody_knows_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SCHEMAWALK_THEME with a slip of the pen."""
    monkeypatch.setenv("SCHEMAWALK_THEME", "drak")
    async with opened(folder) as walker:
        assert "SCHEMAWALK_THEME: there is no theme drak" in walker.shown


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/schemawalk"),
        ({"XDG_CONFIG_HOME": "", "HOME": "/h"}, "/h/.config/schemawalk"),
        ({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, "/h/.config/schemawalk"),
    ],
)
def test_where_wishes_are_kept(
    environment: dict[str, str], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the XDG specification says; a relative folder does not count."""
    monkeypatch.setattr("sys.platform", "linux")
    assert preferences.folder(environment) == Path(place)


# On a real terminal


def sent(folder: Path, **changes: str) -> tuple[bytes, Terminal]:
    """Everything that is sent while one walks a little and opens what can be opened."""
    with Terminal(110, 30) as terminal:
        terminal.run([*PROGRAM, str(folder)], changes)
        terminal.until("9 steps from 3 documents")
        terminal.press("enter", "enter", "enter", "s")
        terminal.until("CREATE TABLE")
        for key, shows in (("j", "Jump to"), ("?", "Step Entities"), ("\x10", "What to do")):
            terminal.press(key)
            terminal.until(shows)
            terminal.until_quiet(0.2)
            terminal.press("escape")
            terminal.until(lambda text, shows=shows: shows not in text)
        terminal.until_quiet()
        return bytes(terminal.output), terminal


def codes(output: bytes) -> set[int]:
    """All numbers that set a style."""
    return {int(code or 0) for found in SETTINGS.findall(output) for code in found.split(b";")}


def test_the_terminals_own_colours_are_all_that_is_sent(folder: Path) -> None:
    """Neither exact colours nor those of the 256: the palette of the terminal holds."""
    output, _ = sent(folder, SCHEMAWALK_THEME="ansi")
    used = codes(output)
    assert not used & {38, 48}
    assert {31, 32, 33, 36} & used, "the signs have a colour"
    assert 2 in used, "faint text is dimmed"


def test_without_colour_no_colour_is_sent(folder: Path) -> None:
    """NO_COLOR leaves marks, weight, dimness and reverse; no text has a colour of its own."""
    output, terminal = sent(folder, NO_COLOR="1")
    assert codes(output) <= {0, 1, 2, 4, 7, 22, 24, 27, 39, 49}
    rows = [[row[at].reverse for at in range(30, 40)] for row in terminal.screen.buffer.values()]
    assert sum(all(row) for row in rows) == 1, "the row at hand is reversed"


def test_an_empty_no_color_asks_for_nothing(folder: Path) -> None:
    """As no-color.org says: only when it is not empty."""
    with Terminal() as terminal:
        terminal.run([*PROGRAM, str(folder)], {"NO_COLOR": ""})
        terminal.until("9 steps from 3 documents")
        assert codes(bytes(terminal.output)) >= {38, 48}
