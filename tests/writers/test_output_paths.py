"""Files on disk: no path, link or memory leads out of the folder, and each refusal says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemawalk.writers.output import OutputError, apply, plan
from tests.writers.on_disk import FIRST, ONCE, SECOND, actions, tree, write


@pytest.mark.parametrize(
    "path",
    ["../out.txt", "/out.txt", "a/../../out.txt", "", "a//b", "./a", "a\\b", "a\x00b", "x" * 256],
)
def test_a_path_that_is_no_plain_way_down_is_refused(tmp_path: Path, path: str) -> None:
    """Names come from people: none can climb out of the folder."""
    with pytest.raises(OutputError, match=r"is no path inside the folder|longer than 255 bytes"):
        plan({path: "text"}, tmp_path / "root")


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    """A linked file, a linked folder, and one that leads nowhere yet."""
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    (root / "deep").mkdir(parents=True)
    (root / "a.txt").symlink_to(outside / "not-there-yet")
    (root / "deep/er").symlink_to(outside)
    for path in ("a.txt", "deep/er/b.txt"):
        with pytest.raises(OutputError, match=f"{path} is a link that leads outside"):
            plan({path: "text"}, root)
    assert list(outside.iterdir()) == []


def test_the_memory_behind_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    """The program's own folder is no exception."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root/.schemawalk").symlink_to(tmp_path / "outside")
    with pytest.raises(OutputError, match="leads outside"):
        write(tmp_path / "root", FIRST)


def test_a_link_inside_the_folder_is_followed_and_stays(tmp_path: Path) -> None:
    """Some projects keep one file under two names."""
    write(tmp_path, FIRST)
    (tmp_path / "a.txt").rename(tmp_path / "real.txt")
    (tmp_path / "a.txt").symlink_to("real.txt")
    write(tmp_path, SECOND)
    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "two\n"


def test_two_outputs_that_are_one_file_through_a_link_are_refused(tmp_path: Path) -> None:
    """One would overwrite the other."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").symlink_to("a.txt")
    with pytest.raises(OutputError, match=r"b\.txt and a\.txt lead to the same file"):
        plan({"a.txt": "x", "b.txt": "y"}, tmp_path)


def test_links_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    """In a sentence."""
    (tmp_path / "a.txt").symlink_to("a.txt")
    with pytest.raises(OutputError, match="remove the link"):
        plan({"a.txt": "x"}, tmp_path)


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("A.txt", "a.txt"), "same file where case does not count"),
        (("é", "e\u0301"), "same file where case does not count"),
        (("a", "a/b"), "would have to be a file and, for a/b, a folder"),
        ((".schemawalk/written.json",), "the program's own folder"),
    ],
)
def test_paths_that_get_in_each_others_way_are_refused(
    tmp_path: Path, paths: tuple[str, ...], said: str
) -> None:
    """On every system alike, also on those that could hold both."""
    with pytest.raises(OutputError, match=said):
        plan(dict.fromkeys(paths, "text"), tmp_path)


def test_a_folder_where_a_file_must_go_is_said_before_anything_is_done(tmp_path: Path) -> None:
    """And a file where a folder must be."""
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "deep").write_text("a file\n")
    with pytest.raises(OutputError, match=r"a\.txt is a folder where a file must go"):
        plan({"a.txt": "x"}, tmp_path)
    with pytest.raises(OutputError, match="deep is a file where a folder must be"):
        plan({"deep/er/b.txt": "x"}, tmp_path)


def test_a_file_that_changes_between_plan_and_write_stops_the_write(tmp_path: Path) -> None:
    """What was shown is what is done, or nothing is."""
    write(tmp_path, FIRST)
    made = plan({**FIRST, "a.txt": "two\n", "deep/er/b.txt": "x"}, tmp_path, once=ONCE)
    (tmp_path / "deep/er/b.txt").write_text("just now\n")
    with pytest.raises(OutputError, match=r"deep/er/b\.txt has changed since this was planned"):
        apply(made)
    assert tree(tmp_path) == {**FIRST, "deep/er/b.txt": "just now\n"}


def test_text_that_no_file_can_hold_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Half of a surrogate pair has no bytes."""
    with pytest.raises(OutputError, match=r"a\.txt would hold half a character"):
        plan({"a.txt": "x\ud800"}, tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {"a.txt": 1}}', "\xff"])
def test_a_memory_that_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    """With what happens when it is deleted."""
    write(tmp_path, FIRST)
    (tmp_path / ".schemawalk/written.json").write_text(text, encoding="latin-1")
    with pytest.raises(OutputError, match=r"written\.json cannot be read .*delete it"):
        plan(FIRST, tmp_path)
    (tmp_path / ".schemawalk/written.json").unlink()
    assert actions(plan(SECOND, tmp_path))["a.txt"] == "beside"


def test_a_memory_that_names_files_outside_cannot_have_them_removed(tmp_path: Path) -> None:
    """It may come with a project that somebody else made."""
    write(tmp_path / "root", FIRST)
    memory = tmp_path / "root/.schemawalk/written.json"
    files = json.loads(memory.read_text())["files"]
    memory.write_text(json.dumps({"files": {"../victim.txt": files["a.txt"]}}))
    (tmp_path / "victim.txt").write_text("one\n")
    with pytest.raises(OutputError, match="is no path inside the folder"):
        write(tmp_path / "root", {})
    assert (tmp_path / "victim.txt").exists()
