"""What tests of the terminal UI start from: a folder with documents, and the app on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.terminal import ROOT, Starter
from tui.app import WizardApp
from tui.screens.wizard import WizardScreen
from tui.session import Session
from tui.views import View

EXAMPLE = ROOT / "examples" / "compliance-saas" / "product-guidelines"


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own themes, nor the theme that somebody chose last."""
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)
    for name in ("SCHEMAWALK_THEME", "COLORFGBG", "NO_COLOR", "TMUX"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A team's documents, and nothing else."""
    shutil.copytree(EXAMPLE, tmp_path / "acme" / "product-guidelines")
    return tmp_path / "acme"


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """Starts the wizard on real terminals."""
    made = Starter()
    yield made
    made.close()


class Walker:
    """The app under a pilot, in the words of a user."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    @property
    def screen(self) -> WizardScreen:
        """The one screen of the walk."""
        screen = self.pilot.app.screen_stack[0]
        assert isinstance(screen, WizardScreen)
        return screen

    @property
    def session(self) -> Session:
        """What the screen shows."""
        assert self.screen.session is not None
        return self.screen.session

    @property
    def view(self) -> View:
        """What the middle shows."""
        assert self.screen.view is not None
        return self.screen.view

    @property
    def shown(self) -> str:
        """The whole screen as text."""
        app = self.pilot.app
        lines = app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in lines)

    async def press(self, *keys: str) -> None:
        """Press keys, each after the one before has been worked off."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        await self.until(lambda: not self.busy)

    @property
    def busy(self) -> bool:
        """Whether the folder is being opened, or files are written, or the panel is filled."""
        if self.pilot.app.return_code is not None:
            return False
        waits = {"load", "write", "fill"}
        running = any(w.is_running and w.name in waits for w in self.pilot.app.workers)
        return running or self.screen.view is None

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that takes its time in a thread."""
        for _ in range(3000):
            if condition():
                await self.pilot.pause()
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"waited in vain:\n{self.shown}")


@asynccontextmanager
async def opened(folder: Path, size: tuple[int, int] = (100, 32)) -> AsyncIterator[Walker]:
    """The app on a folder, when it shows where somebody left it."""
    app = WizardApp(folder)
    async with app.run_test(size=size) as pilot:
        walker = Walker(pilot)
        await walker.settle()
        yield walker
        app.leave()
