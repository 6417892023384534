"""The plain prompts: the same walk line by line, in a pipe, with nothing drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemawalk.design.file import NAME, load
from schemawalk.examples_folder import copy_example

PROGRAM = (sys.executable, "-c", "from tui.main import main; main()")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy_example("compliance-saas", tmp_path / "walk", answered=False)
    return tmp_path / "walk"


def talk(folder: Path, *lines: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Say these lines to the prompts and hear what they say."""
    return subprocess.run(
        (*PROGRAM, str(folder)),
        input="".join(f"{line}\n" for line in lines),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_first_line_says_what_this_is_and_why(folder: Path) -> None:
    said = talk(folder)
    assert "plain prompts (this is not a terminal)" in said.stdout.splitlines()[0]
    assert "ACCESSIBLE" in talk(folder, ACCESSIBLE="1").stdout.splitlines()[0]


def test_the_whole_walk_ends_with_proven_files(folder: Path) -> None:
    """Enter takes each step's list; then the plan is written and proven on both databases."""
    said = talk(folder, *[""] * 10, "write")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "✓ postgresql" in said.stdout
    assert "✓ sqlite" in said.stdout
    assert (folder / "product-guidelines" / "07-database-schema.md").is_file()
    assert "users" in next(folder.rglob("0001_initial.up.sql")).read_text()


def test_nothing_is_written_before_it_is_asked_for(folder: Path) -> None:
    talk(folder, *[""] * 10, "leave")
    assert not list(folder.rglob("*.sql"))


def test_the_end_of_input_saves_and_leaves(folder: Path) -> None:
    said = talk(folder, "", "")
    assert said.returncode == 0
    assert "Saved:" in said.stdout
    assert load(folder / NAME).done == ("sources", "stack")


def test_the_next_start_goes_on_at_the_same_step(folder: Path) -> None:
    talk(folder, "", "", "leave")
    said = talk(folder)
    assert "Step 3 of 11, Unsaid." in said.stdout
    assert "Step 1 of 11" not in said.stdout


def test_a_row_can_be_left_out_and_walked_through(folder: Path) -> None:
    said = talk(folder, "", "", "", "-1", "", "leave")
    assert ": left out." in said.stdout
    walked = talk(folder, "go 2", "1", "2", "leave")
    assert "Which database will" in walked.stdout
    assert load(folder / NAME).stack.database == "sqlite"


def test_back_undo_redo_and_unknown_work_at_a_question(folder: Path) -> None:
    said = talk(folder, "go 2", "1", "2", "undo", "redo", "", "back", "unknown", "summary", "leave")
    assert "Undone" in said.stdout
    assert "Done again" in said.stdout
    notes = {note.id: note for note in load(folder / NAME).notes}
    assert notes["stack.database"].unknown


def test_an_answer_that_does_not_fit_is_explained_and_asked_again(folder: Path) -> None:
    said = talk(folder, "go 2", "1", "dbase", "leave")
    assert "! 'dbase' is not an answer to stack.database: postgresql, sqlite." in said.stdout
    assert said.stdout.count("Which database will") == 2


def test_why_and_help_are_answered_anywhere(folder: Path) -> None:
    said = talk(folder, "help", "why", "go 2", "1", "why", "leave")
    assert "Everywhere:" in said.stdout
    assert "Types, constraints and what must be emulated" in said.stdout


def test_a_folder_without_documents_is_asked_for_its_journey(tmp_path: Path) -> None:
    said = talk(tmp_path, "Upload: the user uploads a document", "", "leave")
    assert "Which steps does a user" in said.stdout
    assert [step.title for step in load(tmp_path / NAME).steps] == ["Upload"]


def test_nothing_is_drawn(folder: Path) -> None:
    assert "\x1b" not in talk(folder, "", "", "", "leave").stdout


def test_a_broken_design_is_one_sentence_and_left_alone(folder: Path) -> None:
    (folder / NAME).write_text("format = [\n")
    said = talk(folder)
    assert said.returncode == 3
    assert "Traceback" not in said.stderr
    assert said.stderr.startswith("schemawalk: ")
    assert (folder / NAME).read_text() == "format = [\n"
