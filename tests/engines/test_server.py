"""The throw-away PostgreSQL server: it is there when asked for, and never any longer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from schemawalk.engines.engine import EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.server import BINARIES, Server, find_binaries, throw_away_server
from tests.engines.migrations import migration, outcome
from tests.schemas import library

WAIT_SECONDS = 15
HOLDER = """
import signal, sys, time
from schemawalk.engines.server import throw_away_server
# A shell's background jobs ignore an interrupt, and so do their children.
signal.signal(signal.SIGINT, signal.default_int_handler)
with throw_away_server() as server:
    print(server.pid, server.folder, flush=True)
    time.sleep(600)
"""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _gone(server: Server) -> bool:
    """Whether neither the process nor the folder is left, within some seconds."""
    for _ in range(WAIT_SECONDS * 20):
        if not _alive(server.pid) and not server.folder.exists():
            return True
        time.sleep(0.05)
    return False


def test_it_serves_and_goes() -> None:
    """A new server answers in Unicode and UTC, and leaves nothing behind."""
    with throw_away_server() as server, psycopg.connect(server.url()) as connection:
        asked = "SELECT current_setting('server_encoding'), current_setting('timezone')"
        assert connection.execute(asked).fetchone() == ("UTF8", "UTC")
        assert connection.execute("SELECT 'a' < 'B', lower('É')").fetchone() == (False, "é")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert _gone(server)


def test_an_error_ends_it() -> None:
    """An exception inside the context stops the server like its end does."""
    with pytest.raises(RuntimeError, match="boom"), throw_away_server() as server:
        raise RuntimeError("boom")
    assert _gone(server)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_does_not_outlive_its_process(number: signal.Signals) -> None:
    """Neither the server nor its folder, not even after kill -9."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert holder.stdout
    with holder.stdout as said:
        pid, folder = said.readline().split(maxsplit=1)
        server = Server(Path(folder.strip()), int(pid))
        assert _alive(server.pid)
        holder.send_signal(number)
        holder.wait(WAIT_SECONDS)
    assert _gone(server)


@pytest.mark.skipif(sys.platform != "linux", reason="looks up a process's parent in /proc")
def test_it_goes_even_when_its_supervisor_was_killed() -> None:
    """Then this process cleans up itself."""
    with throw_away_server() as server:
        status = Path(f"/proc/{server.pid}/stat").read_text()
        os.kill(int(status.rpartition(")")[2].split()[1]), signal.SIGKILL)
    assert _gone(server)


def test_binaries_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wrong choice is named."""
    monkeypatch.setenv(BINARIES, str(tmp_path))
    with pytest.raises(EngineError, match=rf"{BINARIES} is .*, but there is no initdb"):
        find_binaries()


def test_no_binaries_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the wheel and a system server the sentence says what to install."""
    monkeypatch.delenv(BINARIES, raising=False)
    monkeypatch.setattr("schemawalk.engines.server._SYSTEM", tmp_path)
    monkeypatch.setattr("schemawalk.engines.server.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"pip install 'schemawalk\[postgresql\]'"):
        find_binaries()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the server's user can reach: pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="schemawalk-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_server_that_does_not_start_says_why(open_folder: Path) -> None:
    """What the program said last is in the sentence."""
    for name in ("initdb", "postgres"):
        program = open_folder / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.0'\nexit 3\n")
        program.chmod(0o755)
    with (
        pytest.raises(EngineError, match="PostgreSQL does not start: initdb failed: postgres"),
        throw_away_server(open_folder),
    ):
        pass


def _other_versions() -> list[Path]:
    wheel = find_binaries().parents[1] / "pginstall" / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return [path for path in (wheel, *system) if (path / "initdb").exists()]


@pytest.mark.parametrize("binaries", _other_versions(), ids=lambda path: path.parent.name)
def test_older_versions_prove_as_well(binaries: Path) -> None:
    """RESTRICT has another SQLSTATE before 18; the proof is the same."""
    with throw_away_server(binaries) as server, open_engine("postgresql", server.url()) as engine:
        assert not engine.version.startswith("18")
        assert outcome(prove(engine, *migration(library(), engine))) == []


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root's private folders are closed to the server"
)
def test_binaries_below_a_private_folder_are_copied(tmp_path: Path) -> None:
    """A virtual environment below /root serves, and its folder's mode stays as it is."""
    original = find_binaries().parent
    package = tmp_path / "site-packages" / original.parent.name
    unused = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(original, package / original.name, symlinks=True, ignore=unused)
    libraries = original.parent.with_name(f"{original.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, package.with_name(libraries.name))
    tmp_path.chmod(0o700)
    with throw_away_server(package / original.name / "bin") as server:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (server.folder / "programs").is_dir()
        assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert _gone(server)
