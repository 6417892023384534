"""Keys without sense, and keys that come too early: nothing crashes, hangs, or gets lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.file import NAME, load
from tests.tui.conftest import opened
from tests.tui.monkey import Trip, trip, type_ahead


@pytest.mark.parametrize("seed", [10, 14])
async def test_a_monkey_breaks_nothing(
    folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random keys, clicks, pastes and sizes: what is shown is always what is on disk."""
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("VISUAL", "true")
    done = Trip(seed)
    await trip(done, 300, folder)
    assert done.keys >= 300
    assert load(folder / NAME).steps


@pytest.mark.parametrize("opener", ["ctrl+p", "j", "question_mark", "s"])
async def test_keys_that_come_before_a_list_is_laid_out_pass(folder: Path, opener: str) -> None:
    """Whoever types ahead of a slow line does not end the program."""
    async with opened(folder) as walker:
        for key in ("enter", opener, "pagedown", "pageup", "end", "pagedown", "escape", "escape"):
            type_ahead(walker.screen.app, key)
        await walker.pilot.pause(0.2)
        await walker.settle()
        assert walker.pilot.app.is_running
        assert "sources" in walker.session.design.done


async def test_keys_after_the_one_that_leaves_do_nothing(folder: Path) -> None:
    """The design is closed by then: the answers that came too late are not half taken."""
    async with opened(folder) as walker:
        await walker.press("enter")
        before = load(folder / NAME)
        for key in ("q", "enter", "space", "u", "enter"):
            type_ahead(walker.screen.app, key)
        await walker.pilot.pause(0.2)
        assert walker.pilot.app.return_code == 0
    assert load(folder / NAME) == before
