"""Undo and redo, in this session and the next, whatever happened to the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemawalk.design.history import LIMIT, OUTSIDE, History
from schemawalk.design.model import Design
from schemawalk.design.patch import diff, patched
from schemawalk.design.spelling import to_file
from schemawalk.design.whole import Product
from tests.design.designs import changed, designs, typical

START = typical(entities=2, attributes=1)


def named(name: str | int) -> Design:
    """A design that differs from the others by the name of its product."""
    return START.model_copy(update={"product": Product(name=str(name))})


def log(folder: Path) -> Path:
    """Where the history is kept."""
    return folder / ".schemawalk" / "history.jsonl"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """A history with two changes."""
    history = History(tmp_path, START)
    history.push(named("a"), "Name a")
    history.push(named("b"), "Name b")
    return history


def undone(history: History) -> list[str]:
    """The names of all the designs that undo leads to."""
    names = []
    while design := history.undo():
        names.append(design.product.name)
    return names


def test_a_new_history_has_nothing_to_undo(tmp_path: Path) -> None:
    """And nothing to redo, and asking changes nothing."""
    history = History(tmp_path, START)
    assert (history.can_undo, history.can_redo) == (False, False)
    assert (history.undo(), history.redo()) == (None, None)
    assert (history.undo_label, history.redo_label) == (None, None)


def test_undo_and_redo_walk_the_line_of_designs(history: History) -> None:
    """Each names the change that it takes back or does again."""
    assert history.undo_label == "Name b"
    assert history.undo() == named("a")
    assert (history.undo_label, history.redo_label) == ("Name a", "Name b")
    assert history.undo() == START
    assert history.undo() is None
    assert history.redo() == named("a")
    assert history.redo() == named("b")
    assert history.redo() is None


def test_a_change_after_an_undo_ends_the_redo(history: History) -> None:
    """The line goes on from where one stands."""
    history.undo()
    history.push(named("c"), "Name c")
    assert not history.can_redo
    assert history.undo() == named("a")


def test_a_change_of_nothing_is_no_change(history: History) -> None:
    """Saving twice does not make undo do nothing."""
    history.push(named("b"), "Again")
    assert history.undo() == named("a")


def test_undo_and_redo_survive_a_restart(tmp_path: Path, history: History) -> None:
    """The next session stands at the same place of the same line."""
    history.undo()
    again = History(tmp_path, named("a"))
    assert (again.undo_label, again.redo_label) == ("Name a", "Name b")
    assert again.redo() == named("b")
    assert History(tmp_path, named("b")).undo() == named("a")


def test_a_file_edited_by_hand_is_a_change_that_can_be_undone(
    tmp_path: Path, history: History
) -> None:
    """What was on disk wins, and undo leads to what was there before."""
    assert history.can_undo
    again = History(tmp_path, named("by hand"))
    assert again.undo_label == OUTSIDE
    assert again.undo() == named("b")


@pytest.mark.parametrize("torn", range(1, 60))
def test_a_line_that_a_kill_tore_costs_one_change_at_most(
    tmp_path: Path, history: History, torn: int
) -> None:
    """What came before can be undone, and what comes after is kept as well."""
    assert history.can_undo
    content = log(tmp_path).read_bytes()
    log(tmp_path).write_bytes(content[:-torn])
    again = History(tmp_path, named("a"))
    again.push(named("c"), "Name c")
    assert undone(History(tmp_path, named("c"))) == ["a", START.product.name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\x00" * 300,
        b'{"format":1}\n',
        b'{"format":99,"first":{}}\n',
        b'{"format":1,"first":[]}\n',
        b'{"format":1,"first":{}}\n{"move":-5}\n',
        b'{"format":1,"first":{}}\n{"label":"x","patch":{"in":{"entity":{"order":["q"]}}}}\n',
        b'{"format":1,"first":{"product":{"name":5}}}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_broken_log_costs_no_more_than_itself(tmp_path: Path, content: bytes) -> None:
    """The history starts anew, whatever the file holds, and undo never raises."""
    log(tmp_path).parent.mkdir()
    log(tmp_path).write_bytes(content)
    history = History(tmp_path, START)
    history.push(named("a"), "Name a")
    assert history.undo() == START
    undone(history)
    assert not history.can_undo
    assert undone(History(tmp_path, named("z"))) != []


def test_a_log_that_cannot_be_written_leaves_undo_in_memory(tmp_path: Path) -> None:
    """A read-only folder costs the history of the next session, not of this one."""
    (tmp_path / ".schemawalk").write_text("in the way")
    history = History(tmp_path, START)
    history.push(named("a"), "Name a")
    assert history.undo() == START


def test_the_history_is_bounded(tmp_path: Path) -> None:
    """However long a session is, the log holds no more than twice the designs that are kept."""
    history = History(tmp_path, named(0))
    longest = 0
    for number in range(1, 3 * LIMIT):
        history.push(named(number), f"Name {number}")
        longest = max(longest, len(log(tmp_path).read_bytes().splitlines()))
    assert longest <= 2 * LIMIT
    last = [str(number) for number in range(3 * LIMIT - 2, 2 * LIMIT - 1, -1)]
    assert undone(History(tmp_path, named(3 * LIMIT - 1))) == last
    assert undone(history) == last


def test_walking_to_and_fro_does_not_grow_the_log(tmp_path: Path, history: History) -> None:
    """Undo and redo are lines too."""
    for _ in range(2 * LIMIT):
        history.undo()
        history.redo()
    assert len(log(tmp_path).read_bytes().splitlines()) <= 2 * LIMIT
    assert undone(History(tmp_path, named("b"))) == ["a", START.product.name]


def test_one_answer_is_a_short_line(tmp_path: Path) -> None:
    """A line holds what changed, not the design."""
    design = typical(entities=40)
    history = History(tmp_path, design)
    for name in ("a", "b"):
        design = design.model_copy(update={"product": Product(name=name)})
        history.push(design, name)
    last = log(tmp_path).read_bytes().splitlines()[-1]
    assert json.loads(last)["label"] == "b"
    assert len(last) < 200


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_a_patch_makes_the_new_design_of_the_old_one(data: st.DataObject) -> None:
    """For any two designs, after a way through JSON."""
    old = data.draw(designs())
    new = data.draw(changed(old))
    patch = json.loads(json.dumps(diff(to_file(old), to_file(new))))
    assert patched(to_file(old), patch) == to_file(new)
