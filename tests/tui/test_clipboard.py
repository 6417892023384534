"""Copying over the terminal: exactly the text, in exactly one well-formed sequence."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemawalk.delivery import work_for
from schemawalk.design.file import load
from schemawalk.writers.sql import up
from tests.terminal import PROGRAM, Terminal
from tests.tui.conftest import opened
from tui.terminal import clipboard
from wizard_steps import walk

PLAIN = re.compile(r"(?<!\x1b)\x1b\]52;c;([A-Za-z0-9+/]*=*)\x07")
WRAPPED = re.compile(r"\x1bPtmux;\x1b\x1b\]52;c;([A-Za-z0-9+/]*=*)\x07\x1b\\")


def copied(sequence: str, form: re.Pattern[str] = PLAIN) -> list[str]:
    """The texts that a terminal would put into its clipboard."""
    return [b64decode(payload, validate=True).decode() for payload in form.findall(sequence)]


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_what_is_sent_is_the_text(text: str) -> None:
    """Whatever it holds: no byte of it is seen by the terminal except as base64."""
    sent = clipboard.sequence(text)
    assert PLAIN.fullmatch(sent)
    assert copied(sent) == [text]


def test_inside_tmux_both_terminals_are_told() -> None:
    """Once for tmux itself, once wrapped for the terminal around it."""
    sent = clipboard.sequence("a table", tmux=True)
    assert copied(sent) == ["a table"]
    assert copied(sent, WRAPPED) == ["a table"]
    assert WRAPPED.sub("", PLAIN.sub("", sent)) == ""


def test_nothing_that_a_terminal_obeys_is_copied() -> None:
    """Pasted into a shell it must not become another thing."""
    assert clipboard.copyable("a\x1b]0;b\x07\tc  \n\u202ed\x9b\n\n") == "a]0;b\tc\nd"


def test_too_much_for_a_terminal_is_said() -> None:
    """With how much it is; and what fits is sent within what terminals take at once."""
    fits = "x" * clipboard.LONGEST
    assert len(clipboard.sequence(fits)) <= 100_001
    assert clipboard.notice("SQL", "x" * 4210) == "Copied: SQL, 4,210 characters"
    assert clipboard.notice("SQL", fits + "y").startswith("Not copied: SQL is too long")
    assert clipboard.too_long("é" * (clipboard.LONGEST // 2 + 1))


@pytest.mark.parametrize("tmux", ["", "/tmp/tmux-0/default,1,0"])
def test_the_terminal_gets_the_whole_sql(folder: Path, tmux: str) -> None:
    """What the panel holds, also below its edge: once, and inside tmux once more, wrapped."""
    with Terminal(110, 24) as terminal:
        terminal.run([*PROGRAM, str(folder)], {"TMUX": tmux})
        terminal.until("9 steps from 3 documents")
        terminal.press("enter", "enter", "enter", "enter", "s")
        terminal.until("CREATE TABLE")
        terminal.until_quiet()
        terminal.output.clear()
        terminal.press("y")
        terminal.until("Copied: SQL")
        terminal.until_quiet()
        sent, shown = terminal.output.decode(), terminal.text
    design = walk.propose(load(folder / "schemawalk.toml"), "relationships").design
    work = work_for(design)
    sql = clipboard.copyable(up(work.schema, work.dialect))
    assert copied(sent) == [sql]
    assert copied(sent, WRAPPED) == ([sql] if tmux else [])
    assert sent.count("]52;") == (2 if tmux else 1)
    assert f"Copied: SQL, {len(sql):,} characters" in shown


async def test_without_a_panel_what_is_at_hand_is_copied(folder: Path) -> None:
    """A row of a proposal, an answer of a question, the text in a field; the words say which."""
    async with opened(folder) as walker:
        await walker.press("enter", "y")
        assert walker.pilot.app.clipboard.startswith("database\npostgresql\n")
        assert "Copied: the row" in walker.shown
        await walker.press("t", "y")
        assert walker.pilot.app.clipboard.startswith("Which database")
        assert "PostgreSQL" in walker.pilot.app.clipboard
        assert "Copied: the answer" in walker.shown
        await walker.press("b", "down", "down", "down", "t")
        assert walker.view.kind == "field"
        await walker.press("y", "ctrl+y")
        assert walker.pilot.app.clipboard == "fastapiy"
        assert "Copied: your text, 8 characters" in walker.shown


async def test_an_empty_panel_is_not_copied(folder: Path) -> None:
    """The sentence that there is no table yet is no diagram."""
    async with opened(folder, (120, 32)) as walker:
        await walker.press("y")
        assert "There is nothing to copy here" in walker.shown
        assert walker.pilot.app.clipboard == ""


async def test_what_is_too_long_is_not_sent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminals drop it without a word, so it is said before."""
    monkeypatch.setattr(clipboard, "LONGEST", 10)
    async with opened(folder) as walker:
        await walker.press("y")
        assert "Not copied: the row is too long" in walker.shown
        assert walker.pilot.app.clipboard == ""
