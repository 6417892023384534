"""The last step: the plan, the files, the proofs, and what stands in the way of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from schemawalk.design.file import dumps, load
from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.design.whole import Stack
from tests.tui.conftest import Walker, opened
from tui.screens.wizard import WizardScreen
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


def chosen(walker: Walker) -> list[str]:
    """The lines of the databases that are proven on."""
    return [line.id for line in walker.view.lines if line.mark == "●"]


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
        checks = [line for line in walker.view.lines if not line.id.startswith("on.")]
        assert {line.mark for line in checks if not line.heading} == {"✓"}


async def test_a_second_plan_changes_nothing(small: Path) -> None:
    """Files that are as they should be are said to be so."""
    async with opened(small) as walker:
        await at_writing(walker)
        await walker.press("enter")
    async with opened(small) as walker:
        await at_writing(walker)
        files = [line for line in walker.view.lines if line.mark == "·"]
        assert f"{len(files)} as they are" in walker.view.prompt
        assert "new" not in walker.view.prompt
        assert "Nothing is left to write" in walker.shown
        assert "Nothing is written yet" not in walker.shown


async def test_what_enter_does_is_said_before(small: Path) -> None:
    """It writes and proves, and where; esc stops the proof at the next check, the files stay."""
    async with opened(small) as walker:
        await at_writing(walker)
        said = " ".join(walker.view.note.split())
        assert said.startswith("Nothing is written yet. Enter writes all of it or nothing, then")
        assert "proves it on PostgreSQL, SQLite" in said
        assert "esc stops the proof" in said
        await walker.pilot.press("enter")
        await walker.until(lambda: "Proving" in walker.shown)
        assert " written" in walker.shown, "also while it is proven"
        assert "  new" not in walker.shown
        await walker.press("escape")
        assert "Stopped while proving" in walker.shown
        assert walker.view.prompt.endswith(" written")
        assert (small / OUT / "schema.sql").exists()


async def test_where_it_is_proven_can_be_chosen(small: Path) -> None:
    """Space takes a database out or in, on the way to the plan and after it."""
    async with opened(small) as walker:
        await walker.press("o")
        assert chosen(walker)[:2] == ["on.postgresql", "on.sqlite"], "the design's own comes first"
        for _ in chosen(walker)[1:]:
            await walker.press("down", "space")
        assert chosen(walker) == ["on.postgresql"]
        await walker.press("enter")
        assert "then proves it on PostgreSQL; esc" in " ".join(walker.view.note.split())
        await walker.press("home", "space")
        assert "Space chooses among the databases" in walker.shown
        await walker.press("b", "o")
        assert chosen(walker) == ["on.postgresql"], "it is kept while one is elsewhere"


async def test_it_is_proven_where_somebody_chose(small: Path) -> None:
    async with opened(small) as walker:
        await walker.press("o", "space")
        for name in chosen(walker):
            if name != "on.sqlite":
                walker.screen.writing.toggle(name)  # type: ignore[union-attr]
        await walker.press("enter", "enter")
        assert [line.split(":")[0] for line in walker.view.prompt.splitlines()] == ["✓ SQLite"]


async def test_how_far_it_is_is_said_once(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bar in percent that never goes back, and one line with how far each database is."""
    told: list[tuple[int, int]] = []
    shown = WizardScreen._show_progress

    def kept(self: WizardScreen, done: int, total: int, name: str) -> None:
        shown(self, done, total, name)
        if self.writing and self.writing.busy == "proving":
            told.append((done, total))
            drawn = str(self.desk.query_one("#upper").render())
            assert drawn.count("%") <= 1

    monkeypatch.setattr(WizardScreen, "_show_progress", kept)
    async with opened(small) as walker:
        await at_writing(walker)
        await walker.press("enter")
    assert {total for _, total in told} == {100}
    assert told == sorted(told)
    assert told[-1][0] > 90


async def test_what_nobody_foresaw_is_said_and_ends_the_work(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("schemawalk.delivery.deliver", broken)
    async with opened(small) as walker:
        await at_writing(walker)
        assert "Something unforeseen happened (ValueError: no such thing)." in walker.shown
        assert "b stop" not in walker.shown


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
        assert "1 error" in walker.shown
        assert not (tmp_path / OUT).exists()
        await walker.press("t")
        assert walker.view.question_id == "ending.user_note.on_delete"
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
