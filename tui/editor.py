"""Text in the user's own editor: on a page with help below it, and back."""

from __future__ import annotations

import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemawalk.printable import one_line, printable

CUT: Final = "# ------------------------ 8< ------------------------"
"""Above it is the text, below it the help."""
WIDTH: Final = 78
"""Columns of the help."""
NONE: Final = "No editor found: set VISUAL or EDITOR to one, for example EDITOR=nano"
ENDING: Final = (signal.SIGHUP, signal.SIGTERM)
"""Signals that end the walk, and so the editor."""
USUAL: Final = ("nano", "vi")
"""What is looked for when neither VISUAL nor EDITOR is set."""


class EditorError(Exception):
    """No editor is set or found; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a text in the editor."""

    text: str
    problem: str = ""
    """Why the text is as it was, in one sentence; empty when the editor ended well."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is opened in the editor."""

    text: str
    """Lines that somebody may change."""
    help: Sequence[str] = ()
    """Sentences to read while doing so."""

    @property
    def comments(self) -> tuple[str, ...]:
        """The help as lines that are not part of the text."""
        from textwrap import wrap

        lines = (line for said in self.help for line in wrap(one_line(said), WIDTH - 2) or [""])
        return (CUT, "# Nothing from the line above on belongs to the text.",
                *(f"# {line}".rstrip() for line in lines))  # fmt: skip

    def written(self) -> str:
        """The file that the editor opens."""
        return "\n".join((printable(self.text), "", *self.comments, ""))

    def read_back(self, written: str) -> str:
        """The text of the file that the editor leaves behind."""
        lines = printable(written.removeprefix("\ufeff")).splitlines()
        cut = [at for at, line in enumerate(lines) if line.strip() == CUT]
        kept = lines[: cut[-1]] if cut else [x for x in lines if x not in self.comments]
        return "\n".join(line.rstrip() for line in kept).strip("\n")


def command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The editor and its arguments: VISUAL, EDITOR, or what is usually there.

    Raises EditorError when there is none.
    """
    for name in ("VISUAL", "EDITOR"):
        if asked := environment.get(name, "").strip():
            return _parts(name, asked)
    for usual in USUAL:
        if shutil.which(usual, path=environment.get("PATH")):
            return [usual]
    raise EditorError(NONE)


def _parts(name: str, asked: str) -> list[str]:
    try:
        return shlex.split(asked)
    except ValueError:
        raise EditorError(f"{name} has a quote without an end: {one_line(asked)}") from None


def edit(page: Page, argv: Sequence[str], environment: Mapping[str, str] = os.environ) -> Edited:
    """Open the page in an editor, wait for it, and give the text that it leaves behind.

    The text is as it was when the editor cannot be started or ends with an error.  The file is
    removed, except when the editor crashed after it had saved something: then it is named.
    """
    folder = Path(tempfile.mkdtemp(prefix="schemawalk-"))
    path, kept = folder / "answer.md", False
    try:
        path.write_text(page.written(), encoding="utf-8")
        code = _run([*argv, str(path)], environment)
        written = path.read_text(encoding="utf-8", errors="replace")
        kept = code < 0 and written != page.written()
        if code:
            return Edited(page.text, _broken_off(argv[0], code, path if kept else None))
        return Edited(page.read_back(written))
    except OSError as error:
        name = one_line(argv[0])
        return Edited(page.text, f"{name} cannot be used: {error.strerror}; your text is as it was")
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _run(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the editor on this terminal; gives its exit code, negative for a signal.

    Ctrl+c is the editor's own business as long as it runs: it does not end the walk.  What is to
    end the walk ends the editor first.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with subprocess.Popen(argv, env=environment, preexec_fn=_hear_signals) as process:
            for number in ENDING:
                signal.signal(number, lambda number, _: process.send_signal(number))
            with _ended_by_hangup(process):
                return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


@contextmanager
def _ended_by_hangup(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the editor when the terminal goes away, also where no signal says so, as under nohup."""
    over, end = os.pipe()

    def watch() -> None:
        poll = select.poll()
        poll.register(sys.__stdin__.fileno() if sys.__stdin__ else over, 0)
        poll.register(over, 0)  # only its other end's closing is told
        if over not in dict(poll.poll()):
            process.send_signal(signal.SIGHUP)
        os.close(over)

    watcher = threading.Thread(target=watch, name="editor-hangup", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        os.close(end)
        watcher.join()


def _hear_signals() -> None:
    for number in (signal.SIGINT, *ENDING):
        signal.signal(number, signal.SIG_DFL)


def _broken_off(name: str, code: int, path: Path | None) -> str:
    name = one_line(name)
    ended = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    saved = f"; what it had saved is in {path}" if path else ""
    return f"{name} {ended}; your text is as it was{saved}"
