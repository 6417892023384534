"""Documents that changed between two runs re-open what they touch, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.model import Design
from wizard_steps import walk
from wizard_steps.asking.changed import changed_documents, reread
from wizard_steps.sources import named, read_into

JOURNEY = """# User journey: Courtside

## Step 1: Join a club
The player joins a club. The club sees only its own players.

## Step 2: Book a court
The player books a court for an hour. The booking is kept with its start and end.

## Step 3: Pay
The player pays for the booking.
"""
STACK = """# Tech stack

- Database: PostgreSQL 16
- Language: Python 3.12
- Framework: FastAPI
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "user-journey.md").write_text(JOURNEY)
    (tmp_path / "tech-stack.md").write_text(STACK)
    return tmp_path


@pytest.fixture
def design(folder: Path) -> Design:
    return walk.take_all(named(read_into(Design(), folder), folder))


def looked_at(design: Design) -> set[str]:
    return {note.id for note in design.notes if note.look_again}


def test_untouched_documents_change_nothing(folder: Path, design: Design) -> None:
    assert changed_documents(design, folder) == ()
    again, said = reread(design, folder)
    assert (again, said) == (design, ())


def test_a_changed_step_reopens_its_nouns_and_no_other(folder: Path, design: Design) -> None:
    text = JOURNEY.replace("for an hour", "for an hour and a coach")
    (folder / "user-journey.md").write_text(text)
    assert changed_documents(design, folder) == ("user-journey.md",)
    again, said = reread(design, folder)
    book = next(step for step in design.steps if "Book" in step.title)
    assert len(said) == 1
    assert 'Book a court" reads otherwise (user-journey.md:6)' in said[0]
    assert f"nouns.{book.id}.which" in looked_at(again)
    others = {f"nouns.{step.id}.which" for step in design.steps if step.id != book.id}
    assert not others & looked_at(again)
    assert "coach" in again.steps[1].text
    assert again.entities == design.entities, "what was answered stays"
    assert changed_documents(again, folder) == ()


def test_moved_lines_are_no_change(folder: Path, design: Design) -> None:
    (folder / "user-journey.md").write_text(JOURNEY.replace("## Step 2", "\n\n## Step 2"))
    again, said = reread(design, folder)
    assert said == ()
    assert not looked_at(again)
    assert again.steps[1].line == design.steps[1].line + 2


def test_a_renamed_step_keeps_its_id(folder: Path, design: Design) -> None:
    (folder / "user-journey.md").write_text(JOURNEY.replace("Book a court", "Reserve a court"))
    again, said = reread(design, folder)
    assert [step.id for step in again.steps] == [step.id for step in design.steps]
    assert again.steps[1].title.endswith("Reserve a court")
    assert len(said) == 1


def test_what_only_a_lost_step_spoke_of_is_looked_at_again(folder: Path, design: Design) -> None:
    alone = next(e for e in design.entities if len(e.steps) == 1 and "court" in e.id)
    lost = next(step for step in design.steps if step.id == alone.steps[0])
    start = JOURNEY.index("## Step 2")
    text = JOURNEY[:start] + JOURNEY[JOURNEY.index("## Step 3") :]
    (folder / "user-journey.md").write_text(text)
    again, said = reread(design, folder)
    assert f'step "{lost.title}" is told no more' in said
    assert f"entity.{alone.id}.persists" in looked_at(again)
    assert next(e for e in again.entities if e.id == alone.id).steps == ()


def test_a_new_step_is_opened(folder: Path, design: Design) -> None:
    text = JOURNEY + "\n## Step 4: Rate the coach\nThe player rates the coach with stars.\n"
    (folder / "user-journey.md").write_text(text)
    again, _ = reread(design, folder)
    new = again.steps[-1]
    assert f"nouns.{new.id}.which" in looked_at(again)
    assert walk.to_look_at(again) == {"entities"}


def test_a_restated_fact_of_the_stack_is_looked_at_again(folder: Path, design: Design) -> None:
    (folder / "tech-stack.md").write_text(STACK.replace("PostgreSQL 16", "PostgreSQL 18"))
    again, said = reread(design, folder)
    assert again.stack.version == "16", "nothing is overwritten in silence"
    assert "stack.version" in looked_at(again)
    assert any("tech-stack.md:3 now says" in sentence for sentence in said)
