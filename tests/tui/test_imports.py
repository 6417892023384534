"""What may be imported before the first paint: the screen's own library, and nothing slow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.terminal import ROOT, environment

LATE = (
    "tomlkit", "sqlparse", "jinja2", "psycopg", "simplemma", "pygments.lexers.sql", "alembic",
    "wizard_steps", "schemawalk.design", "schemawalk.schema", "schemawalk.writers",
    "schemawalk.engines", "schemawalk.reading", "textual.widgets._text_area",
    "textual.widgets._markdown",
)  # fmt: skip
"""Modules, with everything in them, that the first paint must not wait for."""

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from tui.app import WizardApp
from tui.screens.shown import ShownScreen

seen = []

def load(self):
    seen.extend(sys.modules)
    self.app.exit()
ShownScreen.load = load

async def main():
    app = WizardApp(Path(sys.argv[1]))
    async with app.run_test() as pilot:
        await pilot.pause()
asyncio.run(main())
print(json.dumps(seen))
"""


def modules_at_first_paint(folder: Path) -> list[str]:
    """What `sys.modules` holds when the skeleton is on the screen."""
    argv = [sys.executable, "-c", PROGRAM, str(folder)]
    ran = subprocess.run(
        argv, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(ran.stdout)
    return found


def test_nothing_slow_is_imported_before_the_first_paint(folder: Path) -> None:
    """The skeleton needs neither the design nor the walk nor what they stand on."""
    loaded = modules_at_first_paint(folder)
    assert "tui.screens.wizard" in loaded
    early = [m for m in loaded for late in LATE if m == late or m.startswith(f"{late}.")]
    assert early == []
