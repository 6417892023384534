"""Files on disk: what is planned for each, and that nobody's work is ever overwritten."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from schemawalk.writers.output import (
    Entry,
    MixedError,
    OutputError,
    apply,
    describe,
    plan,
)
from tests.writers.on_disk import FIRST, ONCE, SECOND, actions, tree, write


def test_planning_changes_nothing(tmp_path: Path) -> None:
    """A dry run is a plan that is not applied."""
    made = plan(FIRST, tmp_path / "new", once=ONCE)
    assert set(actions(made).values()) == {"create"}
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_as_they_are_with_their_folders(tmp_path: Path) -> None:
    """UTF-8, the same line ends, nothing besides."""
    write(tmp_path / "new", FIRST)
    assert tree(tmp_path / "new") == FIRST
    assert [p.name for p in (tmp_path / "new/.schemawalk").iterdir()] == ["written.json"]


def test_writing_twice_touches_nothing(tmp_path: Path) -> None:
    """Not even the time of a file, or of the memory."""
    write(tmp_path, FIRST)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    made = write(tmp_path, FIRST)
    assert made.idle
    assert set(actions(made).values()) == {"same"}
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_a_file_that_nobody_changed_is_updated(tmp_path: Path) -> None:
    """The usual case: an answer changed."""
    write(tmp_path, FIRST)
    assert actions(write(tmp_path, {**SECOND, "migrations/1.sql": "CREATE 1;\n"})) == {
        "a.txt": "update",
        "deep/er/b.txt": "same",
        "migrations/1.sql": "same",
    }
    assert (tmp_path / "a.txt").read_text() == "two\n"


def test_a_file_that_somebody_changed_keeps_their_change(tmp_path: Path) -> None:
    """Ours goes beside it, and is kept up to date there."""
    write(tmp_path, FIRST)
    (tmp_path / "a.txt").write_text("mine\n")
    for text in ("two\n", "three\n"):
        made = write(tmp_path, {**FIRST, "a.txt": text})
        assert made.entries[0] == Entry("a.txt", "beside", "you changed it: ours is in a.txt.new")
        assert tree(tmp_path) == {**FIRST, "a.txt": "mine\n", "a.txt.new": text}


def test_a_file_that_was_there_before_stays(tmp_path: Path) -> None:
    """The first write into a project that has such a file already."""
    (tmp_path / "a.txt").write_text("theirs\n")
    made = write(tmp_path, FIRST)
    assert made.entries[0].detail == "it was there before: ours is in a.txt.new"
    assert tree(tmp_path) == {**FIRST, "a.txt": "theirs\n", "a.txt.new": "one\n"}


def test_a_file_beside_that_somebody_changed_stays_too(tmp_path: Path) -> None:
    """They may be merging in it: ours takes the next name."""
    (tmp_path / "a.txt").write_text("theirs\n")
    write(tmp_path, FIRST)
    (tmp_path / "a.txt.new").write_text("half merged\n")
    write(tmp_path, FIRST)
    assert (tmp_path / "a.txt.new").read_text() == "half merged\n"
    assert (tmp_path / "a.txt.new2").read_text() == "one\n"


def test_a_file_beside_goes_when_ours_was_taken_over(tmp_path: Path) -> None:
    """Once both are the same there is nothing left to compare."""
    (tmp_path / "a.txt").write_text("theirs\n")
    write(tmp_path, FIRST)
    (tmp_path / "a.txt").write_text("one\n")
    assert actions(write(tmp_path, FIRST))["a.txt.new"] == "stale"
    assert tree(tmp_path) == FIRST


def test_a_file_that_is_as_ours_would_be_is_ours(tmp_path: Path) -> None:
    """Whoever wrote it: from then on it is updated."""
    (tmp_path / "a.txt").write_text("one\n")
    assert actions(write(tmp_path, FIRST))["a.txt"] == "same"
    assert actions(write(tmp_path, SECOND))["a.txt"] == "update"


def test_a_file_that_somebody_deleted_is_written_again(tmp_path: Path) -> None:
    """It is an output still."""
    write(tmp_path, FIRST)
    (tmp_path / "a.txt").unlink()
    assert actions(write(tmp_path, FIRST))["a.txt"] == "create"
    assert tree(tmp_path) == FIRST


def test_a_file_that_is_no_output_any_more_stays_and_is_said_each_time(tmp_path: Path) -> None:
    """A tool was taken out of the design; nothing goes before somebody asks for it."""
    write(tmp_path, FIRST)
    for _ in range(2):
        made = write(tmp_path, {"a.txt": "one\n"})
        assert actions(made) == {
            "a.txt": "same", "deep/er/b.txt": "stale", "migrations/1.sql": "stale"
        }  # fmt: skip
        assert [entry.detail for entry in made.entries[1:]] == [
            "no output any more: left; `write --clean` removes it",
            "no output any more: a migration stays; `write --restart` removes it while nobody has "
            "run it",
        ]
        assert not made.refused
    assert tree(tmp_path) == FIRST


def test_what_is_left_over_is_removed_with_its_empty_folders_when_asked(tmp_path: Path) -> None:
    """A migration may have been run: it goes only where everything is begun anew."""
    write(tmp_path, FIRST)
    write(tmp_path, {"a.txt": "one\n"}, clean=True)
    assert sorted(tree(tmp_path)) == ["a.txt", "migrations/1.sql"]
    assert not (tmp_path / "deep").exists()
    write(tmp_path, {"a.txt": "one\n"}, restart=True)
    assert sorted(tree(tmp_path)) == ["a.txt"]


def test_migrations_for_another_database_are_never_mixed_with_new_files(tmp_path: Path) -> None:
    """They are named before anything is written, with what to do."""
    write(tmp_path, FIRST, database="postgresql")
    made = plan(SECOND, tmp_path, once=ONCE, database="mariadb")
    assert made.entries[-1].detail.startswith("it is for PostgreSQL; a migration is written once;")
    assert made.mixed.startswith("migrations/1.sql is for PostgreSQL: nothing was written. ")
    assert made.refused
    with pytest.raises(MixedError, match="`write --restart` writes the migrations anew"):
        apply(made)
    assert tree(tmp_path) == FIRST
    assert not plan(FIRST, tmp_path, once=ONCE, database="postgresql").mixed


def test_migrations_that_another_database_leaves_over_are_in_the_way_too(tmp_path: Path) -> None:
    """Scripts beside SQL that nobody can run any more; starting anew takes that away."""
    write(tmp_path, FIRST, database="postgresql")
    scripts = {"a.txt": "one\n", "deep/er/b.txt": "zwei é\n", "migrations/1.js": "db.x\n"}
    with pytest.raises(MixedError, match="for PostgreSQL"):
        write(tmp_path, scripts, database="mongodb")
    assert tree(tmp_path) == FIRST
    write(tmp_path, scripts, database="mongodb", restart=True)
    assert tree(tmp_path) == scripts


def test_a_stale_file_that_somebody_changed_is_left_and_said(tmp_path: Path) -> None:
    """It is theirs now."""
    write(tmp_path, FIRST)
    (tmp_path / "deep/er/b.txt").write_text("mine\n")
    made = write(tmp_path, {"a.txt": "one\n"})
    details = {entry.path: entry.detail for entry in made.entries}
    assert details["deep/er/b.txt"] == "no output any more, but you changed it: left"
    assert (tmp_path / "deep/er/b.txt").read_text() == "mine\n"


def test_writing_some_outputs_only_leaves_the_others(tmp_path: Path) -> None:
    """They are remembered, and updated when they are written next."""
    write(tmp_path, FIRST)
    apply(plan({"a.txt": "two\n"}, tmp_path, once=ONCE, complete=False))
    assert tree(tmp_path) == {**FIRST, "a.txt": "two\n"}
    assert actions(write(tmp_path, {**FIRST, "deep/er/b.txt": "drei\n"}))["deep/er/b.txt"] == "update"  # fmt: skip  # noqa: E501


def test_a_migration_is_never_rewritten_and_that_is_a_refusal(tmp_path: Path) -> None:
    """Somebody may have run it; the plan says how to get a new one."""
    write(tmp_path, FIRST)
    made = write(tmp_path, SECOND)
    assert [entry.path for entry in made.refused] == ["migrations/1.sql"]
    assert "`write --restart`" in made.refused[0].detail
    assert tree(tmp_path) == {**SECOND, "migrations/1.sql": "CREATE 1;\n"}
    assert [e.path for e in write(tmp_path, SECOND).refused] == ["migrations/1.sql"]


def test_a_migration_that_nobody_ran_can_be_started_again(tmp_path: Path) -> None:
    """With `restart` it is a file like any other."""
    write(tmp_path, FIRST)
    made = write(tmp_path, SECOND, restart=True)
    assert made.refused == ()
    assert tree(tmp_path) == SECOND


def test_a_migration_that_somebody_changed_is_no_refusal_while_the_design_stays(
    tmp_path: Path,
) -> None:
    """There is nothing to migrate; their change stays."""
    write(tmp_path, FIRST)
    (tmp_path / "migrations/1.sql").write_text("mine\n")
    made = write(tmp_path, FIRST)
    assert (actions(made)["migrations/1.sql"], made.refused) == ("kept", ())
    assert [entry.path for entry in write(tmp_path, SECOND).refused] == ["migrations/1.sql"]


def test_starting_again_does_not_overwrite_a_migration_that_somebody_changed(
    tmp_path: Path,
) -> None:
    """Ours goes beside it."""
    write(tmp_path, FIRST)
    (tmp_path / "migrations/1.sql").write_text("mine\n")
    write(tmp_path, SECOND, restart=True)
    assert (tmp_path / "migrations/1.sql").read_text() == "mine\n"
    assert (tmp_path / "migrations/1.sql.new").read_text() == "CREATE 2;\n"


def test_a_migration_stays_when_it_is_no_output_any_more(tmp_path: Path) -> None:
    """It is history; only starting again takes it away."""
    write(tmp_path, FIRST)
    rest = {"a.txt": "one\n", "migrations/2.sql": "CREATE 2;\n"}
    write(tmp_path, rest, clean=True)
    assert tree(tmp_path) == {**rest, "migrations/1.sql": "CREATE 1;\n"}
    write(tmp_path, rest, restart=True)
    assert tree(tmp_path) == rest


def test_the_rights_of_a_file_stay(tmp_path: Path) -> None:
    """A file that was made executable, or private, is so after an update."""
    write(tmp_path, FIRST)
    (tmp_path / "a.txt").chmod(0o750)
    write(tmp_path, SECOND)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o750


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path: Path) -> None:
    """The umask decides, as for any program."""
    before = os.umask(0o027)
    try:
        write(tmp_path, FIRST)
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_the_memory_says_what_was_written_and_is_stable(tmp_path: Path) -> None:
    """The same outputs give the same bytes, in whatever order they come."""
    write(tmp_path / "one", FIRST)
    write(tmp_path / "two", dict(reversed(FIRST.items())))
    texts = [(tmp_path / name / ".schemawalk/written.json").read_text() for name in ("one", "two")]
    assert texts[0] == texts[1]
    files = json.loads(texts[0])["files"]
    assert list(files) == sorted(FIRST)
    assert set(files["a.txt"]) == {"sha256", "version", "once", "database"}
    assert [files[path]["once"] for path in files] == [False, False, True]


def test_describe_lists_action_path_and_detail(tmp_path: Path) -> None:
    """One row a file, in the outputs' order."""
    (tmp_path / "a.txt").write_text("theirs\n")
    assert describe(plan(FIRST, tmp_path)) == [
        ("beside", "a.txt", "it was there before: ours is in a.txt.new"),
        ("create", "deep/er/b.txt", ""),
        ("create", "migrations/1.sql", ""),
    ]


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    """For every file that is written, the memory among them."""
    seen: list[tuple[int, int, str]] = []
    apply(plan(FIRST, tmp_path), lambda *at: seen.append(at))
    assert seen == [
        (0, 4, "a.txt"),
        (1, 4, "deep/er/b.txt"),
        (2, 4, "migrations/1.sql"),
        (3, 4, ".schemawalk/written.json"),
        (4, 4, ""),
    ]


def test_two_writes_at_once_do_not_mix(tmp_path: Path) -> None:
    """The second is refused while the first is under way."""
    write(tmp_path, FIRST)
    inside, go_on = threading.Event(), threading.Event()

    def wait(_done: int, _total: int, _path: str) -> None:
        inside.set()
        go_on.wait(10)

    first = threading.Thread(target=apply, args=(plan(SECOND, tmp_path, once=ONCE), wait))
    first.start()
    assert inside.wait(10)
    with pytest.raises(OutputError, match="Another schemawalk is writing"):
        apply(plan({"a.txt": "three\n"}, tmp_path, once=ONCE))
    go_on.set()
    first.join()
    assert (tmp_path / "a.txt").read_text() == "two\n"
