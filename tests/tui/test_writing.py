"""The last step: the plan, the files, the proofs, and what stands in the way of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from schemawalk.design.file import dumps, load
from schemawalk.design.model import Attribute, Design, Entity, Relationship, Stack
from tests.tui.conftest import Walker, opened
from tui.writing import Writing

OUT = Path("product-guidelines") / "07-database-schema"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a design of two tables, which is soon written and proven."""
    return with_ending(tmp_path, "cascade")


def with_ending(folder: Path, ending: str) -> Path:
    """A design in which a user's notes meet an ending when the user is deleted."""
    name = {"kind": "short-text", "required": "start"}
    design = Design(
        stack=Stack(database="postgresql"),
        entities=tuple(
            Entity(id=each, name=each.title(), origin="user", created_by="system", attributes=(
                Attribute.model_validate({"id": f"{each}.name", "name": "name", **name}),
            ))
            for each in ("user", "note")
        ),
        relationships=(
            Relationship.model_validate({
                "id": "user_note", "a": "user", "b": "note", "many_b": "yes", "many_a": "no",
                "optional": "no", "on_delete": ending,
            }),
        ),
    )  # fmt: skip
    (folder / "schemawalk.toml").write_text(dumps(design))
    return folder


async def at_writing(walker: Walker) -> None:
    """Be at the last step, with the plan shown."""
    await walker.press("o", "enter")


async def test_the_plan_names_every_file_and_writes_none(small: Path) -> None:
    """What would be written is seen first."""
    async with opened(small) as walker:
        await at_writing(walker)
        assert "schema.sql" in walker.shown
        assert "new" in walker.view.prompt
        assert not (small / OUT).exists()


async def test_writing_is_followed_by_the_proof(small: Path) -> None:
    """Each check of both databases is listed with its mark."""
    async with opened(small) as walker:
        await at_writing(walker)
        await walker.press("enter")
        assert (small / OUT / "schema.sql").exists()
        assert "✓ PostgreSQL" in walker.view.prompt
        assert "✓ SQLite" in walker.view.prompt
        assert {line.mark for line in walker.view.lines if not line.heading} == {"✓"}


async def test_a_second_plan_changes_nothing(small: Path) -> None:
    """Files that are as they should be are said to be so."""
    async with opened(small) as walker:
        await at_writing(walker)
        await walker.press("enter")
    async with opened(small) as walker:
        await at_writing(walker)
        assert "as it is" in walker.view.prompt
        assert "new" not in walker.view.prompt


async def test_a_proof_can_be_stopped(small: Path) -> None:
    """Back stops it at the next check; the files stay."""
    async with opened(small) as walker:
        await at_writing(walker)
        await walker.pilot.press("enter")
        await walker.until(lambda: "Proving" in walker.shown)
        await walker.press("b")
        assert "Stopped while proving" in walker.shown
        assert (small / OUT / "schema.sql").exists()


async def test_without_a_driver_the_other_database_is_proven(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said what is missing and how to install it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    async with opened(small, (160, 40)) as walker:
        await at_writing(walker)
        await walker.press("enter")
        assert "✓ SQLite" in walker.view.prompt
        assert "PostgreSQL: not tried" in walker.view.prompt
        assert "schemawalk[postgresql]" in walker.shown


async def test_an_error_of_the_review_stands_before_the_files(tmp_path: Path) -> None:
    """Nothing is written; enter leads to the finding, t to its question."""
    async with opened(with_ending(tmp_path, "set-null")) as walker:
        await at_writing(walker)
        assert "The review found errors" in walker.shown
        await walker.press("enter")
        assert walker.session.place.step == "review"
        assert "error: " in walker.shown
        assert not (tmp_path / OUT).exists()
        await walker.press("t")
        assert walker.view.question_id.startswith("relationship.user_note.")
        for _ in range(9):
            if walker.view.kind == "proposal":
                break
            await walker.press("enter")
        assert walker.session.place.step == "review"


def test_a_blocked_plan_is_never_written(tmp_path: Path) -> None:
    """Also when it is asked for again and again, without a screen in between."""
    folder = with_ending(tmp_path, "set-null")
    writing = Writing(load(folder / "schemawalk.toml"), folder)
    for _ in range(3):
        writing.run(lambda *_: None)
    assert writing.blocked
    assert writing.phase == "planned"
    assert not (folder / OUT).exists()
