"""The plain prompts as a program: in a pipe, under signals, beside other programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schemawalk.design.file import NAME, load
from schemawalk.examples_folder import copy_example
from tests.courtside import documents
from tests.tui.aloud import assert_read_aloud
from wizard_steps.walk import WALK

PROGRAM = (sys.executable, "-c", "from tui.main import main; main()")


STEPS = [""] * (len(WALK) - 1)
"""Enter at each step's list, up to the plan."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documents(tmp_path / "courtside")


def pipe(folder: Path, *lines: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real program, with these lines on its standard input."""
    return subprocess.run(
        (*PROGRAM, str(folder)),
        input="".join(f"{line}\n" for line in lines),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_first_line_says_what_this_is_and_why(folder: Path) -> None:
    said = pipe(folder)
    assert "plain prompts (this is not a terminal)" in said.stdout.splitlines()[0]
    assert "help" in said.stdout.splitlines()[0]
    assert "ACCESSIBLE" in pipe(folder, ACCESSIBLE="1").stdout.splitlines()[0]


def test_the_whole_walk_ends_with_proven_files(tmp_path: Path) -> None:
    """Enter takes each step's list; then the plan is written and proven on both databases."""
    folder = tmp_path / "walk"
    copy_example("compliance-saas", folder, answered=False)
    said = pipe(folder, *STEPS, "write")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Proven on PostgreSQL" in said.stdout
    assert "Proven on SQLite" in said.stdout
    assert (folder / "product-guidelines" / "07-database-schema.md").is_file()
    assert "users" in next(folder.rglob("0001_initial.up.sql")).read_text()
    assert_read_aloud(said.stdout)


def test_a_pipe_shows_what_was_said_to_it(folder: Path) -> None:
    """Nobody saw it being typed: question and answer stand beside each other in the record."""
    assert "help: go 2\n" in pipe(folder, "go 2").stdout


def test_the_end_of_input_saves_leaves_and_says_how_to_go_on(folder: Path) -> None:
    said = pipe(folder, "", "")
    assert said.returncode == 0
    assert "Saved: " in said.stdout
    assert f"Go on with: schemawalk {folder}" in said.stdout
    assert load(folder / NAME).done == ("sources", "stack")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_with_everything_saved(folder: Path, number: signal.Signals) -> None:
    program = subprocess.Popen(
        (*PROGRAM, str(folder)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert program.stdin
    assert program.stdout
    program.stdin.write("\n")
    program.stdin.flush()
    for line in program.stdout:
        if line.startswith("Step 2 of"):
            break
    program.send_signal(number)
    said, _ = program.communicate(timeout=60)
    assert program.returncode == 128 + number
    assert "Go on with: " in said
    assert load(folder / NAME).done == ("sources",)


def test_nobody_listening_ends_it_without_a_word(folder: Path) -> None:
    ran = subprocess.run(
        ["bash", "-c", f'yes "" | "$@" "{folder}" | head -1; echo "${{PIPESTATUS[1]}}"', "-",
         *PROGRAM],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "141"
    assert "Traceback" not in ran.stderr


def test_a_broken_design_is_one_sentence_and_left_alone(folder: Path) -> None:
    (folder / NAME).write_text("format = [\n")
    said = pipe(folder)
    assert said.returncode == 3
    assert "Traceback" not in said.stderr
    assert said.stderr.startswith("schemawalk: ")
    assert (folder / NAME).read_text() == "format = [\n"


def test_a_folder_without_documents_is_asked_for_its_journey(tmp_path: Path) -> None:
    said = pipe(tmp_path, "Upload: the user uploads a document", "", "leave")
    assert "Which steps does a user" in said.stdout
    assert [step.title for step in load(tmp_path / NAME).steps] == ["Upload"]


def test_hostile_words_reach_no_terminal(folder: Path) -> None:
    """Neither from documents nor from what is typed and said again."""
    journey = folder / "product-guidelines" / "00-user-journey.md"
    evil = "\x1b]52;c;aGk=\x07 \u202e[/foo] \x9b31m"
    journey.write_text(journey.read_text().replace("Book a court", f"Book a court {evil}"))
    typed = (
        "",
        "",
        "",
        "",
        "find court",
        "",
        "go links.which",
        f"+{evil}",
        "sql",
        "all",
        "trail user",
    )
    said = pipe(folder, *typed)
    assert "court" in said.stdout
    for sign in ("\x1b", "\x07", "\u202e", "\x9b"):
        assert sign not in said.stdout + said.stderr
