"""The cells in a real terminal: a slow line is enough, and a shell in between is painted over."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.line import Line
from tests.terminal import PROGRAM
from tui.terminal.cells import OFF


@contextmanager
def at_first_step(
    folder: Path, size: tuple[int, int] = (100, 30), **changes: str
) -> Iterator[Line]:
    """The program on a folder with documents, as soon as it shows the first step."""
    with Line(*size) as line:
        line.run([*PROGRAM, str(folder)], changes)
        line.until("9 steps from 3 documents")
        line.until_quiet()
        yield line


def test_a_slow_line_is_enough(folder: Path) -> None:
    """Bytes at 100x30: the start, an arrow key, a typed character, and nothing in between."""
    with at_first_step(folder) as line:
        assert len(line.output) <= 10_000
        assert max(line.cost(key) for key in ("down", "down", "up", "down")) <= 500
        line.press("enter", "down", "down", "down", "t")
        line.until("Which framework")
        line.until_quiet()
        assert max(line.cost(key) for key in "and wings") <= 150
        assert line.cost() == 0


def test_a_list_that_scrolls_is_no_more(folder: Path) -> None:
    """Arrow keys through the longest list, to its end and back: on average, and most of them."""
    with at_first_step(folder) as line:
        line.press("enter", "enter", "enter", "enter", "enter")
        line.until("facts about")
        line.until_quiet()
        costs = [line.cost(key) for key in ("down",) * 30 + ("up",) * 30]
        assert sum(costs) / len(costs) <= 500
        assert sum(cost > 500 for cost in costs) <= len(costs) / 10


def test_the_program_shows_the_same_with_and_without(folder: Path, tmp_path: Path) -> None:
    """On real terminals: step by step, question by question, with the panel and without."""
    keys = ["down", "enter", "t", "b", "enter", "enter", "s", "s", "enter", "enter",
            *["down"] * 13, "t", "w"]  # fmt: skip
    other = tmp_path / "again" / folder.name
    shutil.copytree(folder, other)
    with at_first_step(folder) as one, at_first_step(other, **{OFF: "1"}) as two:
        for key in keys:
            one.press(key)
            two.cost(key)
            one.until_quiet()
            assert one.cells == two.cells, key
        assert len(one.output) < len(two.output) / 5


def test_coming_back_from_the_shell_paints_everything(folder: Path) -> None:
    """Suspended by the shell and resumed, the screen is as it was, on a terminal that is not."""
    with at_first_step(folder) as line:
        before = line.cells
        os.kill(line.pid, signal.SIGTSTP)
        line.until_quiet()
        assert b"\x1b[m" in line.output[line.output.rindex(b"\x1b[?2004l") - 60 :]
        line.screen.reset()
        os.kill(line.pid, signal.SIGCONT)
        line.until("9 steps from 3 documents")
        line.until_quiet()
        assert line.cells == before
