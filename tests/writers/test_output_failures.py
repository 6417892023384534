"""Files on disk: a write that fails undoes itself, and one that dies leaves no half file."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemawalk.writers.output import OutputError, Plan, apply, plan
from tests.writers.test_output import actions, tree, write

CALLS = ("open", "replace", "fsync", "unlink", "link", "mkdir", "rmdir", "fchmod")
"""What a write asks of the system."""

OLD = {"a.txt": "old a\n", "gone/b.txt": "old b\n", "c.txt": "old c\n"}
NEW = {"a.txt": "new a\n", "c.txt": "new c\n", "made/here/d.txt": "new d\n"}
LATER = {"a.txt": "later a\n", "c.txt": "new c\n", "made/here/d.txt": "later d\n"}
LAST = {"a.txt": "last a\n", "c.txt": "last c\n", "made/here/d.txt": "last d\n"}


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syncs are counted but not waited for: hundreds of writes are made here."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


def apply_with(made: Plan, before_call: Callable[[int], None]) -> None:
    """Apply a plan; `before_call` is told the number of each call to the system, from 0."""
    numbers = iter(range(1_000_000))

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            before_call(next(numbers))
            return real(*arguments, **more)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, watched(getattr(os, name)))
        apply(made)


def prepared(root: Path, old: dict[str, str]) -> Plan:
    """A folder with `old` written, and the plan to write NEW over it."""
    root.mkdir()
    write(root, old)
    return plan(NEW, root, clean=True)


def calls_of_a_write(root: Path, old: dict[str, str]) -> range:
    """The numbers of all calls that a write from `old` to NEW makes."""
    seen: list[int] = []
    apply_with(prepared(root, old), seen.append)
    return range(len(seen))


def everything(root: Path) -> dict[str, bytes | None]:
    """Every file and folder, hidden ones and the program's own too."""
    found = sorted(root.rglob("*"))
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in found}


def outputs(root: Path) -> dict[str, str]:
    """All files but those that the next write cleans."""
    return {p: t for p, t in tree(root).items() if not Path(p).name.startswith(".schemawalk-")}


def assert_clean(root: Path, files: dict[str, str]) -> None:
    """Exactly these files, and nothing of the program's but its memory."""
    assert tree(root) == files
    assert [p.name for p in (root / ".schemawalk").iterdir()] == ["written.json"]
    folders = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_dir()}
    assert folders == {".schemawalk", "made", "made/here"}


def stopping(number: int, error: BaseException) -> Callable[[int], None]:
    """Raise an error at the call of that number."""

    def stop(at: int) -> None:
        if at == number:
            raise error

    return stop


def outcome(made: Plan, stop: Callable[[int], None]) -> BaseException | None:
    """What applying a plan ends with."""
    try:
        apply_with(made, stop)
    except (OutputError, KeyboardInterrupt) as error:
        return error
    return None


@pytest.mark.parametrize("old", [OLD, {}], ids=["again", "first"])
def test_a_failure_at_any_point_leaves_all_as_it_was_or_all_done(
    tmp_path: Path, old: dict[str, str]
) -> None:
    """Whichever call to the system fails: an error means nothing happened, none means all did."""
    said: list[str] = []
    for number in calls_of_a_write(tmp_path / "count", old):
        root = tmp_path / str(number)
        made = prepared(root, old)
        before = everything(root)
        error = outcome(made, stopping(number, OSError(errno.ENOSPC, "No space left on device")))
        if error is None:
            assert outputs(root) == NEW
        else:
            said.append(str(error))
            assert everything(root) == before
        write(root, NEW, clean=True)
        assert tree(root) == NEW
    assert len(said) > 10
    assert all("the disk is full; free some space" in each for each in said)


def test_an_interrupt_at_any_point_leaves_all_as_it_was_or_all_done(tmp_path: Path) -> None:
    """Ctrl+C is no answer to whether half of it is wanted."""
    for number in calls_of_a_write(tmp_path / "count", OLD):
        root = tmp_path / str(number)
        made = prepared(root, OLD)
        before = everything(root)
        assert isinstance(outcome(made, stopping(number, KeyboardInterrupt())), KeyboardInterrupt)
        assert everything(root) == before or outputs(root) == NEW
        write(root, NEW, clean=True)
        assert_clean(root, NEW)


@pytest.mark.parametrize("old", [OLD, {}], ids=["again", "first"])
def test_a_kill_at_any_point_leaves_each_file_old_or_new_and_is_cleaned_up_after(
    tmp_path: Path, old: dict[str, str]
) -> None:
    """kill -9, then a write of something else: no half file, no leftovers, nothing taken as a
    user's change."""
    for number in calls_of_a_write(tmp_path / "count", old):
        root = tmp_path / str(number)
        _killed_at(prepared(root, old), number)
        for path, text in outputs(root).items():
            assert text in (old.get(path), NEW.get(path))
        assert old.keys() & NEW.keys() <= outputs(root).keys()
        assert "beside" not in actions(write(root, LATER, clean=True)).values()
        assert_clean(root, LATER)


def _killed_at(made: Plan, number: int) -> None:
    """Apply a plan in a process that is killed just before the call of that number."""

    def die(at: int) -> None:
        if at == number:
            os.kill(os.getpid(), signal.SIGKILL)

    _killed_in(lambda: apply_with(made, die))


def _killed_in(run: Callable[[], None]) -> None:
    """Run something, which kills its process, in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def test_a_write_that_was_killed_twice_still_knows_what_is_its_own(tmp_path: Path) -> None:
    """The second one dies before it has put anything in place."""

    def die(done: int, _total: int, _path: str) -> None:
        if done == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    for number in calls_of_a_write(tmp_path / "count", OLD)[::3]:
        root = tmp_path / str(number)
        _killed_at(prepared(root, OLD), number)
        again = plan(LATER, root, clean=True)
        _killed_in(lambda made=again: apply(made, die))  # type: ignore[misc]
        assert "beside" not in actions(write(root, LAST, clean=True)).values()
        assert_clean(root, LAST)


def test_every_content_is_on_the_disk_before_any_file_gets_its_name(tmp_path: Path) -> None:
    """Else a power cut could leave a name without its content."""
    made = prepared(tmp_path / "root", OLD)
    synced: set[int] = set()
    early: list[str] = []

    def replace(source: Any, target: Any, *, real: Callable[..., None] = os.replace) -> None:
        if Path(source).stat().st_ino not in synced:
            early.append(str(target))
        real(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: synced.add(os.fstat(handle).st_ino))
        patch.setattr(os, "replace", replace)
        apply(made)
    assert early == []
    assert outputs(tmp_path / "root") == NEW


@pytest.mark.parametrize("works", [True, False])
def test_a_disk_that_knows_no_second_names_will_do(tmp_path: Path, works: bool) -> None:
    """Old contents are copied there; a failure puts them back all the same."""
    made = prepared(tmp_path / "root", OLD)
    before = everything(tmp_path / "root")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "link", refuse)
        if works:
            apply(made)
            assert outputs(tmp_path / "root") == NEW
        else:
            patch.setattr(Path, "unlink", refuse_to(tmp_path / "root/gone/b.txt"))
            with pytest.raises(OutputError, match=r"gone/b\.txt cannot be written: permission"):
                apply(made)
            assert everything(tmp_path / "root") == before


def refuse_to(path: Path) -> Callable[..., None]:
    """`Path.unlink` that is not allowed to remove one file."""
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == path:
            raise OSError(errno.EPERM, "Operation not permitted")
        real(self, missing_ok)

    return unlink


def test_a_failure_after_a_kill_still_knows_what_is_its_own(tmp_path: Path) -> None:
    """A write that died, one that failed, one that works."""
    for number in calls_of_a_write(tmp_path / "count", OLD)[::3]:
        root = tmp_path / str(number)
        _killed_at(prepared(root, OLD), number)
        again, before = plan(LATER, root, clean=True), (root / "a.txt").read_text()
        (root / "a.txt").write_text("mine\n")
        with pytest.raises(OutputError, match=r"a\.txt has changed"):
            apply(again)
        (root / "a.txt").write_text(before)
        assert "beside" not in actions(write(root, LATER, clean=True)).values()
        assert_clean(root, LATER)


def test_a_folder_that_gets_in_the_way_after_the_plan_undoes_the_write(tmp_path: Path) -> None:
    """The sentence names it."""
    made = prepared(tmp_path / "root", OLD)
    (tmp_path / "root/made/here/d.txt").mkdir(parents=True)
    before = everything(tmp_path / "root")
    with pytest.raises(OutputError, match=r"made/here/d\.txt is a folder where a file must go"):
        apply(made)
    assert everything(tmp_path / "root") == before


def test_what_cannot_be_put_back_is_kept_and_named(tmp_path: Path) -> None:
    """The disk breaks in the middle and stays broken: the old content is not thrown away."""
    made = prepared(tmp_path / "root", OLD)
    replaced: list[str] = []

    def broken(source: Any, target: Any, *, real: Callable[..., None] = os.replace) -> None:
        replaced.append(str(target))
        if len(replaced) > 2 and not str(target).endswith(".json"):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", broken)
        with pytest.raises(OutputError, match=r"kept in (\S+\.old)\.$") as failure:
            apply(made)
    kept = Path(str(failure.value).split("kept in ")[1].rstrip("."))
    assert kept.read_text() == "old a\n"
    assert (tmp_path / "root/a.txt").read_text() == "new a\n"
    write(tmp_path / "root", LATER, clean=True)
    assert kept.exists()
