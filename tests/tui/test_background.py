"""Asking the terminal for its background: quick, and without a trace in what is typed."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal import PROGRAM, ROOT, Terminal, environment
from tui import themes
from tui.terminal import background
from tui.terminal.background import Asked, Heard, understood

WHITE = b"\x1b]11;rgb:ffff/ffff/ffff\x07"
BLACK = b"\x1b]11;rgb:0000/0000/0000\x1b\\"
ATTRIBUTES = b"\x1b[?62;22c"


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (WHITE + ATTRIBUTES, Heard("light")),
        (BLACK + ATTRIBUTES, Heard("dark")),
        (b"\x1b]11;rgb:fb/fa/f7\x07" + ATTRIBUTES, Heard("light")),
        (b"\x1b]11;rgba:0000/2b2b/3636/ffff\x07" + ATTRIBUTES, Heard("dark")),
        (ATTRIBUTES, Heard("")),
        (b"", Heard("", late=True)),
        (b"q" + WHITE + b"j" + ATTRIBUTES + b"k", Heard("light", b"qjk")),
        (b"\x1b[A", Heard("", b"\x1b[A", late=True)),
        (b"\x1b]11;rgb:ff", Heard("", b"\x1b]11;rgb:ff", late=True)),
        (b"\x1b]11;rgb:///\x07" + ATTRIBUTES, Heard("")),
    ],
)
def test_what_an_answer_tells(answer: bytes, heard: Heard) -> None:
    """The colour in any of its forms; what somebody typed meanwhile is kept apart."""
    assert understood(answer) == heard


@given(st.text("0123456789abcdefABCDEF/", max_size=30))
def test_no_colour_breaks_it(colour: str) -> None:
    """Whatever a terminal says."""
    assert background.ground_of(colour) in ("dark", "light", "")


@pytest.mark.parametrize(
    ("value", "ground"),
    [("0;15", "light"), ("15;default;0", "dark"), ("0;7", "light"), ("7", "light"),
     ("15;default", ""), ("", "")],
)  # fmt: skip
def test_colorfgbg(value: str, ground: str) -> None:
    """The number of the background is the last one."""
    assert background.told_by({"COLORFGBG": value}) == ground


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal: ours, and the program's."""
    ours, theirs = pty.openpty()
    settings = termios.tcgetattr(theirs)
    settings[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_a_terminal_that_answers_is_not_waited_for(line: tuple[int, int]) -> None:
    """With the attributes the answer is complete."""
    os.write(line[0], WHITE + ATTRIBUTES)
    asked = Asked(line[1])
    started = time.monotonic()
    assert asked.heard() == Heard("light")
    assert time.monotonic() - started < background.PATIENCE / 2


def test_a_silent_terminal_is_waited_for_shortly(line: tuple[int, int]) -> None:
    """Patience counts from the question: what was done meanwhile is not waited again."""
    asked = Asked(line[1])
    started = time.monotonic()
    assert asked.heard() == Heard("", late=True)
    assert time.monotonic() - started < background.PATIENCE * 3
    assert Asked(None).heard() == Heard()
    time.sleep(background.PATIENCE)
    started = time.monotonic()
    assert asked.heard().late
    assert time.monotonic() - started < background.PATIENCE / 2


def test_an_answer_in_pieces_is_one(line: tuple[int, int]) -> None:
    """A slow line cuts where it likes."""
    os.write(line[0], WHITE[:9])
    rest = threading.Timer(background.PATIENCE * 0.8, os.write, (line[0], WHITE[9:] + ATTRIBUTES))
    rest.start()
    assert Asked(line[1]).heard() == Heard("light")
    rest.join()


def test_nobody_is_asked_where_output_is_no_terminal(line: tuple[int, int]) -> None:
    """Not a byte goes into a file or a pipe."""
    program = (
        "from tui.terminal.background import asking\nwith asking() as asked: print(asked.heard())"
    )
    ran = subprocess.run([sys.executable, "-c", program], stdin=line[1], capture_output=True,
                         cwd=ROOT, env=environment(), check=True)  # fmt: skip
    assert ran.stdout.decode().strip() == repr(Heard())


def asks(terminal: Terminal) -> bool:
    """Whether the program asked for the background."""
    return background.QUESTION in terminal.output


def grounds(terminal: Terminal) -> set[str]:
    """Names of the themes whose background was sent."""
    found = re.findall(rb"48;2;(\d+);(\d+);(\d+)", bytes(terminal.output))
    colours = {"#" + "".join(f"{int(part):02x}" for part in parts) for parts in found}
    return {n for n in ("dark", "light") if themes.palette(n).ground["background"] in colours}


@pytest.mark.parametrize(
    ("answer", "changes", "name", "asked"),
    [
        (WHITE, {}, "light", True),
        (BLACK, {"COLORFGBG": "0;15"}, "dark", True),
        (b"", {"COLORFGBG": "0;15"}, "light", True),
        (WHITE, {"SCHEMAWALK_THEME": "dark"}, "dark", False),
        (WHITE, {"TERM": "linux"}, "dark", False),
    ],
)
def test_the_colours_fit_the_terminal(
    folder: Path, answer: bytes, changes: dict[str, str], name: str, asked: bool
) -> None:
    """What the terminal says, then what the environment says, and first of all the user's wish."""
    with Terminal() as terminal:
        terminal.answers = {background.QUESTION: answer + ATTRIBUTES}
        terminal.run([*PROGRAM, str(folder)], changes)
        terminal.until("9 steps from 3 documents")
        assert asks(terminal) == asked
        assert grounds(terminal) == {name}


def test_a_late_answer_presses_no_key(folder: Path) -> None:
    """On a slow line it comes when keys are listened to: none of its letters does anything."""
    with Terminal() as terminal:
        terminal.answers = {}
        terminal.run([*PROGRAM, str(folder)])
        terminal.until("9 steps from 3 documents")
        before = terminal.until_quiet()
        for piece in (WHITE[:7], WHITE[7:] + ATTRIBUTES[:4], ATTRIBUTES[4:]):
            os.write(terminal.master, piece)
            terminal.until_quiet(0.15)
        assert terminal.until_quiet() == before
        terminal.press("enter")
        terminal.until("PostgreSQL 16")
        terminal.press("q")
        terminal.until_gone()
        assert terminal.exit_code() == 0


def test_keys_before_the_first_picture_are_not_lost(folder: Path) -> None:
    """Who types at once is heard, though the terminal is asked at that moment."""
    with Terminal() as terminal:
        terminal.answers = {background.QUESTION: b"q" + WHITE + ATTRIBUTES}
        terminal.run([*PROGRAM, str(folder)])
        terminal.until_gone()
        assert terminal.exit_code() == 0


def test_a_terminal_without_answers_costs_nothing_but_colours(folder: Path) -> None:
    """Keys work while the answer is still hoped for: also escape, which begins like one."""
    with Terminal() as terminal:
        terminal.answers = {}
        terminal.run([*PROGRAM, str(folder)])
        terminal.until("9 steps from 3 documents")
        terminal.press("enter")
        terminal.until("PostgreSQL 16")
        terminal.press("escape")
        terminal.until("9 steps from 3 documents")
        terminal.press("j")
        terminal.until("Jump to")
