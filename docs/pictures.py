"""Takes the README's pictures from the running program: `make pictures`.

The wizard walks the example by keys, headless, and exports what it shows at the main moments.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from html import unescape
from pathlib import Path

from textual.pilot import Pilot

from schemawalk.examples_folder import copy_example
from tui.app import WizardApp

FOLDER = Path(__file__).parent / "pictures"
SIZE = (120, 34)
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


async def walk(folder: Path) -> None:
    """The quick way through the example, with a look at a question on the way."""
    app = WizardApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        take(app, "entities")
        await press(pilot, "enter")
        await press(pilot, "t", "enter", "enter")
        take(app, "question")
        await press(pilot, "b", "b", "b", "enter", "enter", "enter", "enter", "enter", "enter")
        await press(pilot, "enter")
        take(app, "plan")
        await press(pilot, "enter")
        take(app, "proof")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "compliance-saas"
        copy_example("compliance-saas", folder, answered=False)
        asyncio.run(walk(folder))


if __name__ == "__main__":
    main()
