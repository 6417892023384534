"""One writer at a time, and nobody is locked out by the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemawalk.design.errors import DesignLocked
from schemawalk.design.file import NAME, DesignFile, load
from schemawalk.design.lock import state_folder

HOLDER = """
import sys
from pathlib import Path
from schemawalk.design.file import DesignFile
with DesignFile.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the folder open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_has_the_design(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    """The sentence names the process and since when."""
    sentence = (
        rf"open in process {holder.pid} on .+, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d; close it"
    )
    with pytest.raises(DesignLocked, match=sentence):
        DesignFile.open(tmp_path)


def test_a_reader_needs_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """Somebody may look at a design that is open elsewhere."""
    assert holder.poll() is None
    (tmp_path / NAME).write_text('[product]\nname = "P"\n')
    assert load(tmp_path / NAME).product.name == "P"


def test_the_lock_of_a_killed_process_is_free(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    """kill -9 leaves no lock behind, whatever the file still says."""
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert str(holder.pid) in (tmp_path / ".schemawalk" / "lock").read_text()
    with DesignFile.open(tmp_path):
        assert str(os.getpid()) in (tmp_path / ".schemawalk" / "lock").read_text()


def test_the_lock_is_free_after_closing(tmp_path: Path) -> None:
    """And held until then, in the same process too."""
    with DesignFile.open(tmp_path), pytest.raises(DesignLocked, match=str(os.getpid())):
        DesignFile.open(tmp_path)
    DesignFile.open(tmp_path).close()


def test_git_keeps_what_was_written_and_no_ones_own_walk(tmp_path: Path) -> None:
    """The fingerprints belong to the project; history, draft and lock to one person."""
    state = state_folder(tmp_path)
    for name in ("written.json", "history.jsonl", "lock"):
        (state / name).write_text("x")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert sorted(listed) == [".schemawalk/.gitignore", ".schemawalk/written.json"]
