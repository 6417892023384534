"""The user's own editor: what goes in, what comes back, and that nothing is ever lost."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal import PROGRAM, Terminal
from tests.tui.conftest import opened
from tui import editor
from tui.editor import CUT, EditorError, Page, command, edit

PAGE = Page("one\n# two", ("What is it?", "", "Why it matters: " + "so " * 40))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=200))
def test_what_is_not_changed_comes_back_as_it_was(text: str) -> None:
    """Also lines that look like comments; blanks at ends of lines do not count."""
    page = Page(text.strip(), PAGE.help)
    assert page.read_back(page.written()) == text.strip()


def test_the_help_is_no_text() -> None:
    """It is commented, narrow, and below the line that cuts it off."""
    _, _, below = PAGE.written().partition(CUT)
    assert all(
        line.startswith("#") and len(line) <= editor.WIDTH for line in below.split("\n")[1:-1]
    )
    assert PAGE.read_back(f"new\nlines  \n\n{CUT}\nwhatever\n") == "new\nlines"


def test_without_the_cut_the_help_still_is_no_text() -> None:
    """Somebody may delete that line, or everything but their text."""
    written = PAGE.written().replace(CUT + "\n", "")
    assert PAGE.read_back(written) == "one\n# two"
    assert PAGE.read_back("") == ""


@pytest.mark.parametrize(
    ("environment", "argv"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "'/my apps/ed' -n"}, ["/my apps/ed", "-n"]),
    ],
)
def test_which_editor(environment: dict[str, str], argv: list[str]) -> None:
    """VISUAL, then EDITOR, each with its arguments."""
    assert command(environment) == argv


def test_the_usual_editors_are_looked_for(tmp_path: Path) -> None:
    """Nano where it is, else vi, else a sentence that says what to set."""
    with pytest.raises(EditorError, match="set VISUAL or EDITOR"):
        command({"PATH": str(tmp_path)})
    for name in ("vi", "nano"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert command({"PATH": str(tmp_path)}) == [name]
    with pytest.raises(EditorError, match="EDITOR has a quote without an end"):
        command({"EDITOR": "ed 'x"})


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files for editors are made."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def script(folder: Path, lines: str) -> list[str]:
    """An editor that does what the lines of Python say with the file `path`."""
    path = folder / "editor.py"
    path.write_text(
        f"import os, signal, sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{lines}"
    )
    return [sys.executable, str(path)]


@pytest.mark.parametrize(
    ("lines", "text", "problem", "left"),
    [
        ("path.write_text('new')", "new", "", 0),
        ("path.with_suffix('.new').write_text('new'); path.with_suffix('.new').rename(path)",
         "new", "", 0),
        ("path.write_bytes(b'a\\r\\n\\xff\\x1b]0;x\\x07b')", "a\n\ufffd]0;xb", "", 0),
        ("path.write_text('new'); sys.exit(1)", PAGE.text, "ended with code 1", 0),
        ("os.kill(os.getpid(), signal.SIGKILL)", PAGE.text, "was ended by signal 9", 0),
        ("path.write_text('new'); os.kill(os.getpid(), signal.SIGKILL)",
         PAGE.text, "what it had saved is in", 1),
        ("path.unlink()", PAGE.text, "your text is as it was", 0),
        ("os.kill(os.getppid(), signal.SIGINT); path.write_text('new')", "new", "", 0),
        ("if signal.getsignal(signal.SIGINT) != signal.SIG_IGN: path.write_text('x')", "x", "", 0),
    ],
)  # fmt: skip
def test_what_becomes_of_the_text(
    tmp_path: Path, scratch: Path, lines: str, text: str, problem: str, left: int
) -> None:
    """An error keeps the text; a crash keeps even what was saved; the file is removed otherwise."""
    edited = edit(PAGE, script(tmp_path, lines))
    assert edited.text == text
    assert problem in edited.problem
    assert bool(problem) == bool(edited.problem)
    files = [path for path in scratch.rglob("*") if path.is_file()]
    assert len(files) == left
    assert all(str(path) in edited.problem and path.read_text() == "new" for path in files)
    assert len(list(scratch.iterdir())) == left


@pytest.mark.parametrize("name", ["/no/such/editor", ""])
def test_an_editor_that_cannot_be_started_is_said(scratch: Path, name: str) -> None:
    """With the text as it was, and no file left."""
    edited = edit(PAGE, [name])
    assert edited.text == PAGE.text
    assert edited.problem.startswith(f"{name} cannot be used")
    assert list(scratch.iterdir()) == []


def test_the_file_is_nobody_elses(tmp_path: Path, scratch: Path) -> None:
    """Other users of the machine cannot read what is being written."""
    assert scratch.is_dir()
    seen = tmp_path / "seen"
    edit(PAGE, script(tmp_path, f"Path({str(seen)!r}).write_text(oct(path.parent.stat().st_mode))"))
    assert seen.read_text().endswith("700")


# On the screen


async def test_where_no_editor_can_have_the_screen_it_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where there is no text at all."""
    monkeypatch.setenv("EDITOR", "true")
    async with opened(folder) as walker:
        await walker.press("ctrl+e")
        assert "There is no text to edit here" in walker.shown
        await walker.press("enter", "down", "down", "down", "t", "ctrl+e")
        assert "The terminal cannot be given to an editor here" in walker.shown
        assert walker.view.typed is not None


DEAF = """
import signal
import tui.terminal.lifecycle

signal.signal(signal.SIGHUP, signal.SIG_IGN)
tui.terminal.lifecycle.SIGNALS = ()
from tui.main import main

main()
"""
"""The program as it is under nohup: nobody tells it that the terminal is gone."""


def ready(
    terminal: Terminal, folder: Path, argv: list[str], program: tuple[str, ...] = PROGRAM
) -> None:
    """At the field for the framework, in which a few words were typed."""
    terminal.run([*program, str(folder)], {"VISUAL": " ".join(argv)})
    terminal.until("9 steps from 3 documents")
    terminal.press("enter", "down", "down", "down", "t")
    terminal.until("Which framework")
    terminal.type(" and wings")
    terminal.until("fastapi and wings")


def test_a_text_goes_through_the_editor(folder: Path, tmp_path: Path) -> None:
    """On a real terminal: suspended, edited, back again, and answered with enter."""
    lines = """
text = path.read_text()
assert text.startswith("fastapi and wings\\n"), text
assert "# Product" not in text and "Which framework" in text
print("here is the editor", flush=True)
assert sys.stdin.readline() == "typed line\\n"
path.write_text("django\\n  and rest\\n\\n")
"""
    with Terminal() as terminal:
        ready(terminal, folder, script(tmp_path, lines))
        terminal.press("\x05")
        terminal.until("here is the editor")
        terminal.type("typed line\r")
        terminal.until("django and rest")
        assert "Taken from the editor" in terminal.text
        assert terminal.output.count(b"\x1b[?1049h") == 2
        terminal.press("enter")
        terminal.until(lambda text: "Taken" not in text)
        terminal.press("q")
        terminal.until_gone()
        assert terminal.exit_code() == 0
    assert '"django and rest"' in (folder / "schemawalk.toml").read_text()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("path.write_text('lost'); sys.exit(3)", "ended with code 3; your text is as it was"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was ended by signal 11"),
    ],
)
def test_an_editor_that_breaks_off_loses_nothing(
    folder: Path, tmp_path: Path, lines: str, said: str
) -> None:
    """The text in the field is there again, and the screen says what happened."""
    with Terminal(100, 24) as terminal:
        ready(terminal, folder, script(tmp_path, lines))
        terminal.press("\x05")
        terminal.until(said)
        terminal.until("fastapi and wings")
        terminal.type("!")
        terminal.until("fastapi and wings!")


def test_ctrl_c_in_the_editor_is_the_editors_business(folder: Path, tmp_path: Path) -> None:
    """It reaches the editor and does not end the walk."""
    lines = """
def heard(*_):
    path.write_text("interrupted")
    sys.exit(0)
signal.signal(signal.SIGINT, heard)
print("waiting", flush=True)
signal.pause()
"""
    with Terminal() as terminal:
        ready(terminal, folder, script(tmp_path, lines))
        terminal.press("\x05")
        terminal.until("waiting")
        terminal.press("ctrl+c")
        terminal.until("interrupted")
        terminal.press("enter")
        terminal.until(lambda text: "Taken" not in text)


@pytest.mark.parametrize("program", [PROGRAM, (sys.executable, "-c", DEAF)], ids=["", "nohup"])
def test_a_closed_terminal_ends_editor_and_walk(
    folder: Path, tmp_path: Path, program: tuple[str, ...]
) -> None:
    """A dropped line: the text typed before is kept as a draft."""
    pid = tmp_path / "pid"
    with Terminal() as terminal:
        lines = f"Path({str(pid)!r}).write_text(str(os.getpid()))\n"
        lines += "print('editor is up', flush=True); signal.pause()"
        ready(terminal, folder, script(tmp_path, lines), program)
        terminal.press("\x05")
        terminal.until("editor is up")
        terminal.hang_up()
        assert terminal.exit_code(20) == 128 + signal.SIGHUP
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    with Terminal() as terminal:
        terminal.run([*PROGRAM, str(folder)])
        terminal.until("fastapi and wings")


def test_several_answers_are_lines(tmp_path: Path) -> None:
    """A journey without documents: one step a line, with those typed before on top."""
    folder = tmp_path / "empty"
    folder.mkdir()
    lines = """
text = path.read_text()
assert text.startswith("Look around\\n\\n"), text
path.write_text("Look around\\nBuy: pay\\n\\nBuy: pay\\n  Leave  \\n" + text.partition("\\n\\n")[2])
"""
    with Terminal(100, 30) as terminal:
        terminal.run([*PROGRAM, str(folder)], {"EDITOR": " ".join(script(tmp_path, lines))})
        terminal.until("No journey found")
        terminal.press("enter")
        terminal.until("Which steps does")
        terminal.type("Look around")
        terminal.until("Look around")
        terminal.press("\x05")
        terminal.until("Taken from the editor")
        for step in ("■ Look around", "■ Buy: pay", "■ Leave"):
            assert terminal.text.count(step) == 1
        terminal.press("enter")
        terminal.until(lambda text: "Taken" not in text)
        terminal.until_quiet()
    saved = (folder / "schemawalk.toml").read_text()
    assert all(f'title = "{title}"' in saved for title in ("Look around", "Buy", "Leave"))
