"""The session: places, drafts and changes, without any screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemawalk.design.errors import DesignChanged
from tui.place import Place, load_place, save_place
from tui.session import Session
from tui.views import view_of
from wizard_steps import walk


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    """A session on a new folder."""
    made = Session.open(folder, lambda _: None)
    yield made
    made.close()


def test_a_place_is_kept_and_read_again(tmp_path: Path) -> None:
    """All of its parts."""
    place = Place("entities", "entity.user.owner", "user", ("report", "team"), "review")
    save_place(tmp_path, place)
    assert load_place(tmp_path) == place


@pytest.mark.parametrize("content", ["", "[]", '{"step": 3}', "{", '{"step": "x", "row": 1}'])
def test_a_place_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    """The walk then begins at the first step that is not done."""
    (tmp_path / ".schemawalk").mkdir()
    (tmp_path / ".schemawalk" / "place.json").write_text(content)
    assert load_place(tmp_path) is None


def test_a_place_whose_question_is_gone_becomes_its_step(folder: Path, session: Session) -> None:
    """Another answer may have taken the question away."""
    session.close()
    save_place(folder, Place("entities", "entity.ghost.owner"))
    again = Session.open(folder, lambda _: None)
    assert again.place == Place("entities")
    again.close()


def test_the_walk_ends_at_its_last_step(session: Session) -> None:
    """Taking the last proposal stays there."""
    for _ in range(20):
        session.take()
    assert session.place.step == "write"


def test_a_change_that_could_not_be_saved_is_made_after_reading_again(
    folder: Path, session: Session
) -> None:
    """Theirs and ours are both in the file."""
    path = folder / "schemawalk.toml"
    session.go("unsaid", "unsaid.audit")
    path.write_text(path.read_text().replace('name = "Plumbline"', 'name = "Ajax"'))
    with pytest.raises(DesignChanged):
        session.answer(("yes",))
    session.reload()
    assert session.design.product.name == "Ajax"
    assert session.design.unsaid.audit == "yes"


def test_the_panel_looks_at_what_is_proposed(session: Session) -> None:
    """At a proposal the panel shows what taking it would bring."""
    session.go("entities")
    assert not session.design.entities
    assert session.shown_design.entities


def test_rows_of_every_step_lead_to_questions(session: Session) -> None:
    """What can be seen can be asked about."""
    for step in [each.id for each in walk.WALK if each.trees]:
        session.go(step)
        for row in session.proposal.rows:
            session.go(step)
            assert session.walk_row(row.id), (step, row.id)
            assert session.question is not None
            assert step in (session.question.step, session.place.origin)
        session.go(step)
        session.take()


LEFT = {"entities": "report", "relationships": "user_document", "columns": "user.name",
        "access": ""}  # fmt: skip


@pytest.mark.parametrize("step_id", LEFT)
def test_a_row_left_out_stays_in_sight(session: Session, step_id: str) -> None:
    """After its step was taken it is marked, and one key takes it back in."""
    while session.place.step != step_id:
        session.take()
    before = {row.id for row in session.proposal.rows}
    row_id = LEFT[step_id] or next(row.id for row in session.proposal.rows if row.optional)
    session.leave_out(row_id)
    session.take()
    session.neighbour(-1)
    shown = view_of(session).lines
    assert [line.id for line in shown if line.detail == "left out"] == [row_id]
    assert {row.id for row in session.proposal.rows} == before
    assert row_id in session.design.dropped
    session.leave_out(row_id)
    assert row_id not in session.design.dropped
    assert "left out" not in [line.detail for line in view_of(session).lines]
    session.take()
    session.neighbour(-1)
    assert {row.id for row in session.proposal.rows} == before
