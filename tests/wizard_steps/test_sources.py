"""Sources: what is taken from documents, and what the product is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from wizard_steps import walk
from wizard_steps.sources import named, read_into

JOURNEY = "### Step 1: Upload\n- **User Action**: The user uploads a document.\n"


def opened(folder: Path, heading: str) -> Design:
    (folder / "user-journey.md").write_text(f"{heading}\n\n{JOURNEY}")
    return named(read_into(Design(), folder), folder)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("# User Journey: Courtside", "Courtside"),
        ("# Courtside: User Journey & Role Mapping", "Courtside"),
        ("# Courtside Pro - Complete Flow Documentation", "Courtside Pro"),
        ("# User Journeys", "my app"),
        ("# User Journey: A Platform On Which Everybody Finds A Court", "my app"),
        ("no heading at all", "my app"),
    ],
)
def test_the_product_is_called_what_its_documents_call_it(
    tmp_path: Path, heading: str, name: str
) -> None:
    folder = tmp_path / "my-app"
    folder.mkdir()
    assert opened(folder, heading).product.name == name


def test_facts_fill_what_is_empty_and_never_what_was_answered(tmp_path: Path) -> None:
    (tmp_path / "tech-stack.md").write_text("# Stack\n\n**Database**: PostgreSQL 16\n")
    answered = Design(stack=Stack(database="sqlite"))
    design = read_into(answered, tmp_path)
    assert design.stack.database == "sqlite"
    assert design.stack.version is None, "16 is a version of the other database"
    fresh = read_into(Design(), tmp_path)
    assert fresh.stack.database == "postgresql"
    assert [n.source for n in fresh.notes if n.id == "stack.database"] == ["tech-stack.md:3"]


def test_the_name_that_is_known_is_recommended(tmp_path: Path) -> None:
    """The document's, or the folder's, and what somebody says instead."""
    design = opened(tmp_path, "# User Journey: Courtside")
    assert walk.question(design, "product.name").recommended == ("Courtside",)
    assert walk.question(Design(), "product.name").recommended == ("the product",)
    other = walk.answer(design, "product.name", "Baseline")
    asked = walk.question(other, "product.name")
    assert (asked.recommended, asked.because) == (("Baseline",), "as you call it")


def test_a_folder_without_a_journey_is_told_so_early(tmp_path: Path) -> None:
    """At the sources, after an answer that names no step, and again before entities are chosen."""
    design = named(read_into(Design(), tmp_path), tmp_path)
    said = (
        walk.propose(design, "sources").headline,
        walk.outcome(walk.answer(design, "product.journey", ()), "product", ""),
        walk.propose(design, "entities").headline,
    )
    assert all("No journey found: type its steps" in each for each in said)
    typed = walk.answer(design, "product.journey", ("Book a court",))
    assert walk.outcome(typed, "product", "") == "1 step"
    assert "No journey" not in walk.propose(typed, "entities").headline
