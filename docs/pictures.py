"""Takes the README's pictures from the running program: `make pictures`.

The wizard walks the example by keys, headless, and exports what it shows at the main moments.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from html import unescape
from pathlib import Path

from textual.pilot import Pilot

from schemawalk.examples_folder import copy_example
from tui.app import WizardApp
from tui.screens.wizard import WizardScreen

FOLDER = Path(__file__).parent / "pictures"
SIZE = (120, 36)
SMALL = (80, 24)
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
"""Fonts from elsewhere: a picture should need nothing but itself."""


_INDENTED = re.compile(
    r'x="([\d.]+)"( y="[\d.]+") textLength="([\d.]+)"([^>]*)>((?:&#160;)+)([^<]+)<'
)
"""A text that begins with spaces; some viewers leave those out."""


def _moved(found: re.Match[str]) -> str:
    """The same text without its leading spaces, as much further to the right."""
    left, top, length, rest, spaces, text = found.groups()
    count = len(spaces) // len("&#160;")
    cells = count + len(unescape(text))
    shift = float(length) * count / cells
    return (
        f'x="{float(left) + shift:.1f}"{top} textLength="{float(length) - shift:.1f}"{rest}>{text}<'
    )


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the screen has nothing left to do."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, WizardScreen)
    while screen.view is None:
        await pilot.pause(0.01)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, one after the other, each time waiting for what follows."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def take(app: WizardApp, name: str) -> None:
    """Keep what is on the screen as an SVG."""
    picture = _FONT_FACE.sub("", app.export_screenshot(title="schemawalk"))
    picture = _INDENTED.sub(_moved, picture)
    (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
    print(f"{name}.svg")


def at(app: WizardApp) -> str:
    """The step that is shown."""
    screen = app.screen_stack[0]
    assert isinstance(screen, WizardScreen)
    assert screen.session is not None
    return screen.session.place.step


async def to(app: WizardApp, pilot: Pilot[None], step: str) -> None:
    """Take proposals until a step is reached."""
    while at(app) != step:
        await press(pilot, "enter")


async def walk(folder: Path) -> None:
    """The quick way through the example, with a look at questions on the way."""
    app = WizardApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await to(app, pilot, "entities")
        take(app, "entities")
        await to(app, pilot, "relationships")
        await press(pilot, "t", "enter", "enter")
        take(app, "question")
        await press(pilot, "b", "b", "b")
        await to(app, pilot, "states")
        take(app, "states")
        await to(app, pilot, "endings")
        await press(pilot, "down", "t")
        take(app, "ending")
        await press(pilot, "b")
        await to(app, pilot, "access")
        take(app, "access")
        await to(app, pilot, "write")
        await press(pilot, "enter")
        take(app, "plan")
        await press(pilot, "enter")
        take(app, "proof")


async def small(folder: Path) -> None:
    """The same in the smallest window that is comfortable, in light colours."""
    app = WizardApp(folder)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "c")
        await to(app, pilot, "relationships")
        await press(pilot, "m")
        take(app, "small")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XDG_CONFIG_HOME"] = f"{temporary}/config"
        folder = Path(temporary) / "compliance-saas"
        copy_example("compliance-saas", folder, answered=False)
        asyncio.run(walk(folder))
        folder = Path(temporary) / "small" / "compliance-saas"
        copy_example("compliance-saas", folder, answered=False)
        asyncio.run(small(folder))


if __name__ == "__main__":
    main()
