"""What is there at every moment of the walk: help, palette, themes, keys in their order."""

from __future__ import annotations

from pathlib import Path

from schemawalk.design.file import load
from schemawalk.design.model import Design
from tests.tui.conftest import opened
from tui import keys


def saved(folder: Path) -> Design:
    """The design on disk."""
    return load(folder / "schemawalk.toml")


async def test_the_help_names_the_key_that_draws_anew(folder: Path) -> None:
    """For a screen that something else has written on."""
    async with opened(folder) as walker:
        await walker.press("question_mark")
        assert "ctrl+l" in "".join(
            str(each.render()) for each in walker.pilot.app.screen.query("Static")
        )


async def test_the_theme_changes_with_a_key(folder: Path) -> None:
    """Dark and light are one key apart."""
    async with opened(folder) as walker:
        before = walker.pilot.app.theme
        await walker.press("c")
        assert walker.pilot.app.theme != before
        assert walker.pilot.app.theme.startswith("schemawalk-")


async def test_the_help_lists_every_key(folder: Path) -> None:
    """A question mark shows them all; enter closes it again."""
    async with opened(folder) as walker:
        await walker.press("question_mark")
        seen = ""
        for _ in range(6):
            seen += walker.shown
            await walker.press("pagedown")
        assert all(words in seen for _, words in keys.table())
        await walker.press("enter")
        assert walker.session.place.step == "sources"
        assert "9 steps from 3 documents" in walker.shown


async def test_every_key_has_an_action_and_every_binding_an_id(folder: Path) -> None:
    """Ids let people map keys anew; no key calls something that does not exist."""
    async with opened(folder) as walker:
        for binding in keys.BINDINGS:
            name = binding.action.partition("(")[0].rpartition(".")[2]
            owner = walker.pilot.app if binding.action.startswith("app.") else walker.screen
            assert binding.id
            assert hasattr(owner, f"action_{name}")


async def test_the_command_palette_knows_the_walk(folder: Path) -> None:
    """What keys do can be found by name."""
    async with opened(folder) as walker:
        await walker.press("ctrl+p", *"quick way")
        await walker.until(lambda: "Quick way or taught way" in walker.shown)
        await walker.press("enter", "enter")
        await walker.until(lambda: walker.session.taught)


async def test_keys_pressed_in_one_go_are_worked_off_in_their_order(folder: Path) -> None:
    """Typing ahead on a slow line does what it would have done on a fast one."""
    async with opened(folder) as walker:
        await walker.pilot.press("enter", "down", "down", "down", "t")
        await walker.settle()
        assert walker.view.question_id == "stack.framework"
