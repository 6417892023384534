"""The program on a real terminal: by keys alone to proven files, and every way of being ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from schemawalk.design.file import load
from tests.terminal import PROGRAM, Gone, Starter, Terminal
from wizard_steps import walk

MOST_KEYS = 120

SHOWS = ("9 steps from 3 documents", "PostgreSQL 16")
"""What the first two steps show of the documents."""


def at_step(number: int) -> Callable[[str], bool]:
    """Whether the screen is at a step: on the rail, or on the line that stands for it."""
    title = walk.WALK[number].title
    here = (f"▸ {title}", f"{number + 1}/{len(walk.WALK)} {title}")
    return lambda text: any(each in text for each in here)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_keys_alone_lead_from_documents_to_proven_files(
    folder: Path, size: tuple[int, int]
) -> None:
    """Enter a step, enter for the plan, enter to write: then the files are there and proven."""
    with Terminal(*size) as terminal:
        terminal.run([*PROGRAM, str(folder)])
        terminal.until(SHOWS[0])
        for number in range(len(walk.WALK)):
            terminal.until(at_step(number))
            terminal.press("enter")
        terminal.until("Nothing is written yet")
        assert not (folder / "product-guidelines" / "07-database-schema").exists()
        terminal.press("enter")
        terminal.until(lambda text: "PostgreSQL:" in text and "SQLite:" in text)
        terminal.press("q")
        terminal.until_gone()
        assert terminal.exit_code() == 0
        assert terminal.presses <= MOST_KEYS
    written = folder / "product-guidelines" / "07-database-schema" / "migrations" / "sql"
    assert "CREATE TABLE" in (written / "0001_initial.up.sql").read_text()


def walked(text: str) -> str:
    """What a screen says of step, progress, path, question and answers: all above the card."""
    return text.partition("─" * 30)[0]


def test_kill_at_any_point_loses_no_answer(folder: Path, starter: Starter) -> None:
    """kill -9 after each key: the next start shows the same place, and the file is the same."""
    design = folder / "schemawalk.toml"
    keys = ["enter", "enter", "enter", "down", "t", *["enter"] * 6, "b", "b", "enter", "b", "b",
            "b", "b", "b", "space", "down"]  # fmt: skip
    terminal = starter.start(folder)
    terminal.until(SHOWS[0])
    for key in keys:
        terminal.press(key)
        before = walked(terminal.until_quiet())
        os.kill(terminal.pid, signal.SIGKILL)
        starter.exit_code(terminal)
        terminal.hang_up()
        saved, answers = design.read_bytes(), load(design)
        terminal = starter.start(folder)
        terminal.until(lambda text, place=before: walked(text) == place)
        assert design.read_bytes() == saved
        assert load(design) == answers
    terminal.__exit__(None, None, None)
    assert len(answers.done) >= 3


def test_kill_in_the_middle_of_saving_leaves_a_design(folder: Path, starter: Starter) -> None:
    """Whatever the moment, the file opens and holds all answers but perhaps the one in flight."""
    done = -1
    for wait in (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08):
        with starter.start(folder) as terminal:
            terminal.until("▸")
            terminal.until(lambda text: "Opening" not in text and "Reading" not in text)
            terminal.press("enter")
            time.sleep(wait)
            os.kill(terminal.pid, signal.SIGKILL)
            starter.exit_code(terminal)
        now = len(load(folder / "schemawalk.toml").done)
        assert now in (done, done + 1) or done < 0
        done = now


def test_typed_text_survives_a_kill(folder: Path, starter: Starter) -> None:
    """What was typed into a field is there again."""
    with starter.start(folder) as terminal:
        terminal.until(SHOWS[0])
        terminal.press("enter", "down", "down", "down", "t")
        terminal.until("Which framework")
        terminal.type(" and wings")
        terminal.until("fastapi and wings")
        os.kill(terminal.pid, signal.SIGKILL)
        starter.exit_code(terminal)
    with starter.start(folder) as terminal:
        terminal.until("fastapi and wings")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_a_signal_ends_it_in_good_order(
    folder: Path, starter: Starter, number: int, code: int
) -> None:
    """The design is saved, the terminal is given back, the exit code names the signal."""
    with starter.start(folder) as terminal:
        terminal.until(SHOWS[0])
        terminal.press("enter")
        terminal.until(SHOWS[1])
        os.kill(terminal.pid, number)
        terminal.until_gone()
        assert starter.exit_code(terminal) == code
        assert b"\x1b[?1049l" in terminal.output
    assert load(folder / "schemawalk.toml").done == ("sources",)


def test_it_ends_when_the_terminal_is_closed(folder: Path, starter: Starter) -> None:
    """A dropped line leaves no process behind."""
    with starter.start(folder) as terminal:
        terminal.until(SHOWS[0])
        terminal.hang_up()
        assert starter.exit_code(terminal) == 129


def test_it_ends_when_the_terminal_is_closed_and_nobody_says_so(folder: Path) -> None:
    """Under nohup there is no signal: the hangup of the terminal itself is enough."""
    deaf = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    keep = "import asyncio; import tui.terminal.lifecycle as l; l.SIGNALS = (); "
    program = deaf + keep + "from tui.main import main; main()"
    with Terminal() as terminal:
        terminal.run([sys.executable, "-c", program, str(folder)])
        terminal.until(SHOWS[0])
        terminal.hang_up()
        assert terminal.exit_code(20) == 129


@pytest.mark.parametrize("keys", [[], ["enter", "down", "down", "down", "t", "x"]])
def test_nothing_is_sent_while_nobody_does_anything(
    folder: Path, starter: Starter, keys: list[str]
) -> None:
    """No blinking, no clock: a slow line stays free, at a list as in a field."""
    with starter.start(folder) as terminal:
        terminal.until(SHOWS[0])
        terminal.press(*keys)
        terminal.until_quiet(1.0)
        assert not terminal.pump(1.5)


def test_a_second_program_on_the_same_folder_is_refused(folder: Path, starter: Starter) -> None:
    """One sentence, exit code 3, and the first goes on."""
    with starter.start(folder) as first:
        first.until(SHOWS[0])
        with starter.start(folder) as second:
            second.until_gone()
            assert b"this design is open in process" in second.output
            assert starter.exit_code(second) == 3
        first.press("enter")
        first.until(SHOWS[1])


def test_a_broken_design_is_one_sentence(folder: Path, starter: Starter) -> None:
    """The line is named, nothing is overwritten."""
    (folder / "schemawalk.toml").write_text("format = 1\n[product\n")
    with starter.start(folder) as terminal:
        with pytest.raises(Gone):
            terminal.until("never")
        assert starter.exit_code(terminal) == 3
        assert b"schemawalk.toml:2" in terminal.output
    assert (folder / "schemawalk.toml").read_text() == "format = 1\n[product\n"
