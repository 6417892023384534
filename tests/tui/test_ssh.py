"""A line that drops: nothing is lost, nobody is left behind, and the next start goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemawalk.design.errors import DesignLocked
from schemawalk.design.file import DesignFile
from tests.ssh import SSHD, Sshd
from tests.terminal import PROGRAM, Terminal, environment

pytestmark = pytest.mark.skipif(SSHD is None, reason="needs openssh-server")

GONE_WITHIN = 30.0
"""Seconds in which a program without a line has ended; sshd takes some to notice."""


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with Sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


def over_ssh(terminal: Terminal, sshd: Sshd, folder: Path) -> None:
    terminal.run(sshd.command([*PROGRAM, str(folder)], environment()))


def at_a_field(terminal: Terminal) -> None:
    """Go to a question that takes words, and type some."""
    terminal.until("9 steps from 3 documents")
    terminal.press("enter")
    terminal.until("PostgreSQL 16")
    terminal.press(*["down"] * 3)
    terminal.press("t")
    terminal.until("Which framework serves")
    terminal.type(" and wings")
    terminal.until("fastapi and wings")


def let_go(folder: Path) -> None:
    """Wait until nobody holds the design any more."""
    end = time.monotonic() + GONE_WITHIN
    while time.monotonic() < end:
        try:
            DesignFile.open(folder).close()
        except DesignLocked:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("somebody still holds the design")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "silent"])
def test_a_dropped_line_goes_on_where_it_was(folder: Path, sshd: Sshd, how: signal.Signals) -> None:
    """The client dies, or goes silent: the program ends, the text being typed is there again."""
    with Terminal() as terminal:
        over_ssh(terminal, sshd, folder)
        at_a_field(terminal)
        saved = (folder / "schemawalk.toml").read_bytes()
        os.kill(terminal.pid, how)
        let_go(folder)
    assert (folder / "schemawalk.toml").read_bytes() == saved
    with Terminal() as terminal:
        over_ssh(terminal, sshd, folder)
        terminal.until("fastapi and wings")
        terminal.until("Which framework serves")
        terminal.press("ctrl+q")
        terminal.until_gone()
        assert terminal.exit_code() == 0
