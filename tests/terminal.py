"""A terminal for tests: programs on a pseudo-terminal, their screen, and keys to press.

Run as a program it is a starter: it imports the wizard once and forks it for every start, so that a
test can start it dozens of times.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

ROOT = Path(__file__).parents[1]

PROGRAM = (sys.executable, "-c", "from tui.main import main; main()")
"""The program as a user starts it; the folder follows."""

KEYS = {
    "enter": b"\r", "tab": b"\t", "shift+tab": b"\x1b[Z", "space": b" ", "escape": b"\x1b",
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D",
    "end": b"\x1b[F", "pagedown": b"\x1b[6~", "backspace": b"\x7f",
    "ctrl+q": b"\x11", "ctrl+c": b"\x03", "f1": b"\x1bOP",
    "f2": b"\x1bOQ", "f3": b"\x1bOR", "f4": b"\x1bOS", "f8": b"\x1b[19~",
}  # fmt: skip

_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[(?:[<>=][0-9;]*[A-Za-z]|\?[0-9;]*(?:\$p|u|c))")

LONGEST_WAIT = 60.0
"""Seconds after which something that should be on the screen will not come any more."""


class Gone(Exception):  # noqa: N818
    """The program closed its terminal."""


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program under test: a terminal of many colours, no user's wishes."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    fixed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT),
             "XDG_CONFIG_HOME": os.devnull}  # fmt: skip
    return {"LC_ALL": "C.UTF-8", **kept, **fixed, **(changes or {})}


class Terminal:
    """One program on a pseudo-terminal."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.master, self.slave = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.output = bytearray()
        """Every byte that the program sent."""
        self.presses = 0
        self.pid = 0
        self.closed = False
        self.answers: dict[bytes, bytes] = {b"\x1b[c": b"\x1b[?62;22c"}
        """What the terminal answers to which question: DA1, as nearly every terminal does."""
        self.resize(columns, rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.hang_up()

    def run(self, argv: Sequence[str], changes: Mapping[str, str] | None = None) -> None:
        """Start a program on the terminal, as its own session."""
        process = subprocess.Popen(
            argv, stdin=self.slave, stdout=self.slave, stderr=self.slave, cwd=ROOT,
            env=environment(changes), start_new_session=True, preexec_fn=_take_terminal,
        )  # fmt: skip
        self.pid = process.pid
        self._process = process

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, and tell the program."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)
        self.screen.resize(rows, columns)

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        if not self.closed:
            self.closed = True
            self._let_go()
            os.close(self.master)

    def _let_go(self) -> None:
        """Close our side of the program's end: once it has it open itself, and not before."""
        if self.slave >= 0:
            os.close(self.slave)
            self.slave = -1

    def press(self, *keys: str) -> None:
        """Press keys, by name; a single character is itself."""
        for key in keys:
            self.presses += 1
            os.write(self.master, KEYS.get(key) or key.encode())

    def type(self, text: str) -> None:
        """Type a text, a key a character."""
        self.press(*text)

    def pump(self, seconds: float) -> bool:
        """Read once; whether something came.  Raises Gone when the program has closed."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            data = b""
        if not data:
            raise Gone
        self._let_go()
        self._answer(data)
        self.output += data
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        return True

    def _answer(self, data: bytes) -> None:
        """Say what a terminal says when it is asked."""
        for question, said in self.answers.items():
            if question in data:
                os.write(self.master, said)

    @property
    def text(self) -> str:
        """The screen as text, a line a row."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, wanted: str | Callable[[str], bool], seconds: float = LONGEST_WAIT) -> str:
        """Read until the screen holds a text, or fulfils a condition; gives the screen."""
        check = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        while not check(self.text):
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {wanted!r}:\n{self.text}")
            self.pump(0.05)
        return self.text

    def until_quiet(self, quiet: float = 0.3) -> str:
        """Read until nothing came for a while in which the program did nothing; gives the screen.

        A program that a busy machine lets wait is not quiet: its threads are ready to run.
        """
        work = self._work()
        while self.pump(quiet) or work is None or self._work() != work:
            work = self._work()
        return self.text

    def _work(self) -> list[str] | None:
        """The processor time of each thread; None when one of them is not asleep."""
        times = []
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{self.pid}/task").iterdir():
                fields = (thread / "stat").read_text().rpartition(")")[2].split()
                if fields[0] == "R":
                    return None
                times.append(f"{thread.name}:{fields[11]}:{fields[12]}")
        return times

    def until_gone(self, seconds: float = LONGEST_WAIT) -> None:
        """Read until the program has let go of the terminal."""
        end = time.monotonic() + seconds
        with contextlib.suppress(Gone):
            while time.monotonic() < end:
                self.pump(0.1)
            raise AssertionError(f"still there:\n{self.text}")

    def exit_code(self, seconds: float = LONGEST_WAIT) -> int:
        """The exit code of what `run` started; negative for a signal."""
        return self._process.wait(seconds)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Starter:
    """A process that has imported the wizard and forks it for every start."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.terminal"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, cwd=ROOT, env=environment(), text=True,
        )  # fmt: skip
        self._answer()

    def start(self, folder: Path, columns: int = 80, rows: int = 24) -> Terminal:
        """The wizard on a folder, in a terminal of its own."""
        terminal = Terminal(columns, rows)
        terminal.pid = self._ask(do="start", folder=str(folder), tty=os.ttyname(terminal.slave))
        return terminal

    def exit_code(self, terminal: Terminal) -> int:
        """How the wizard of a terminal ended; waits for it.  Negative for a signal."""
        return int(self._ask(do="wait", pid=terminal.pid))

    def close(self) -> None:
        """End the starter."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)

    def _ask(self, **request: Any) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


def _serve() -> None:
    """Import once, read the example's dictionaries once, then fork for each request."""
    from schemawalk.design.model import Design
    from tui.launch import open_wizard
    from wizard_steps import walk
    from wizard_steps.sources import read_into

    for name in ("tui.app", "tui.views", "tui.widgets.desk", "tui.writing"):
        import_module(name)
    walk.take_all(read_into(Design(), ROOT / "examples" / "compliance-saas"))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "wait":
            _, status = os.waitpid(request["pid"], 0)
            print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            _become(request["tty"])
            os._exit(open_wizard(Path(request["folder"])))
        print(json.dumps(pid), flush=True)


def _become(tty: str) -> None:
    """Make the terminal this process's own, and its standard streams."""
    os.setsid()
    handle = os.open(tty, os.O_RDWR)
    fcntl.ioctl(handle, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(handle, number)


if __name__ == "__main__":
    _serve()
