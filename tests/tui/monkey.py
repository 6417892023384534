"""A monkey at the keys: random keys, clicks and sizes; nothing may crash, hang, or get lost.

python -m tests.tui.monkey [--keys 10000] [--seeds 20] [--first 0]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import OutOfBounds, Pilot

from schemawalk.design.file import NAME, load
from tests.terminal import ROOT
from tui import keys as bindings
from tui.app import WizardApp
from tui.screens.wizard import WizardScreen

DOCUMENTS = ROOT / "examples" / "compliance-saas" / "product-guidelines"
SIZES = ((60, 20), (80, 24), (120, 40), (40, 12), (200, 60), (76, 23), (110, 32))
LONGEST_KEY = 60.0
"""Seconds that one key may take before it counts as a hang: a key can prove a whole schema."""
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789'\",;:-_()[]{}<>=%€äß漢字🙂"
PASTES = (
    "status in ('a', 'b')",
    "\x1b[31mred\x1b[0m",
    "a\nb\nc",
    "x" * 5000,
    "[/bold]",
    "漢字 👩‍👩‍👧‍👦",
)
MOVES = ("up", "down", "pageup", "pagedown", "home", "end", "enter", "space", "escape", "tab",
         "shift+tab", "left", "right", "backspace", "delete", "ctrl+p")  # fmt: skip
LEAVING = frozenset("q,ctrl+q,f10".split(","))
"""Keys that leave: bound ones, but a monkey that only leaves sees nothing."""
BOUND = tuple(
    key for binding in bindings.BINDINGS for key in binding.key.split(",") if key not in LEAVING
)
MOST_AT_ONCE = 20
"""Keys that come in one burst, as from somebody who types ahead."""


@dataclass
class Trip:
    """One seed's trip: what was done, and what is wrong."""

    seed: int
    keys: int = 0
    starts: int = 0
    last: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def note(self, *done: str) -> None:
        """Remember what was done; each counts as a key."""
        self.keys += len(done)
        self.last = [*self.last, *done][-60:]


def presses(source: random.Random) -> Iterator[str]:
    """Keys without end: moves and bound keys more often than letters."""
    while True:
        kind = source.random()
        if kind < 0.45:
            yield source.choice(MOVES)
        elif kind < 0.75:
            yield source.choice(BOUND)
        elif kind < 0.752:
            yield source.choice(sorted(LEAVING))
        else:
            yield source.choice(LETTERS)


async def trip(result: Trip, wanted: int, folder: Path) -> None:
    """Press `wanted` keys, starting again whenever the monkey leaves; raises on any fault."""
    source = random.Random(result.seed)
    keys = presses(source)
    while result.keys < wanted:
        result.starts += 1
        app = WizardApp(folder)
        async with app.run_test(size=source.choice(SIZES)) as pilot:
            await _until_open(app, pilot)
            while result.keys < wanted and app.return_code is None and app.is_running:
                burst = [next(keys) for _ in range(source.randint(1, MOST_AT_ONCE))]
                await _one(burst, source, app, pilot, result)
                same(app, folder)
            same(app, folder)
            app.leave()
        load(folder / NAME)


async def _until_open(app: WizardApp, pilot: Pilot[None]) -> None:
    end = time.monotonic() + LONGEST_KEY
    while _screen(app).view is None:
        assert time.monotonic() < end, "it does not open"
        await pilot.pause(0.01)


async def _one(
    burst: list[str], source: random.Random, app: WizardApp, pilot: Pilot[None], result: Trip
) -> None:
    """One thing that the monkey does: mostly a burst of keys."""
    began = time.monotonic()
    rare = source.random()
    async with asyncio.timeout(LONGEST_KEY):
        if rare < 0.1:
            size = source.choice(SIZES)
            result.note(f"size{size}")
            await pilot.resize_terminal(*size)
        elif rare < 0.15 and app.focused is not None:
            text = source.choice(PASTES)
            result.note(f"paste{text[:9]!r}")
            app.focused.post_message(Paste(text))
            await pilot.pause()
        elif rare < 0.3:
            width, height = app.size
            spot = (source.randrange(width), source.randrange(height))
            result.note(f"click{spot}")
            with contextlib.suppress(OutOfBounds):
                await pilot.click(offset=spot)
        else:
            result.note(*burst)
            for key in burst:
                type_ahead(app, key)
            await pilot.pause()
    result.slowest = max(result.slowest, time.monotonic() - began)


def type_ahead(app: WizardApp, key: str) -> None:
    """Send a key as a terminal does, without waiting for what it does."""
    name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
    character = {"space": " ", "enter": "\r", "tab": "\t"}.get(key, key if len(key) == 1 else None)
    assert app._driver is not None
    app._driver.send_message(Key(name, character))


def same(app: WizardApp, folder: Path) -> None:
    """What the program shows is what is on disk: no answer is only in memory, none is lost."""
    session = _screen(app).session
    if session is not None:
        assert load(folder / NAME) == session.design


def _screen(app: WizardApp) -> WizardScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, WizardScreen)
    return screen


def main() -> int:
    """Send the monkeys one after the other; a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    wanted = parser.parse_args()
    os.environ["EDITOR"] = os.environ["VISUAL"] = "true"
    faults = 0
    for seed in range(wanted.first, wanted.first + wanted.seeds):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "acme"
            shutil.copytree(DOCUMENTS, folder / "product-guidelines")
            began = time.monotonic()
            done = Trip(seed)
            try:
                asyncio.run(trip(done, wanted.keys, folder))
            except Exception as fault:
                faults += 1
                print(f"seed {seed}, after {done.keys} keys: {type(fault).__name__}: {fault}\n"
                      f"  {' '.join(done.last)}", flush=True)  # fmt: skip
                continue
            design = load(folder / NAME)
            print(f"seed {seed}: {done.keys} keys, {done.starts} starts, slowest key "
                  f"{done.slowest:.2f} s, {len(design.done)} steps done, "
                  f"{time.monotonic() - began:.0f} s in all", flush=True)  # fmt: skip
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
