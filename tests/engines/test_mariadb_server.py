"""The throw-away MariaDB: it is there when asked for, and never any longer."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest

from schemawalk.engines.engine import EngineError
from schemawalk.engines.mariadb_server import BINARIES, Server, find_programs, throw_away_server

WAIT_SECONDS = 15
HOLDER = """
import time
from schemawalk.engines.mariadb_server import throw_away_server
with throw_away_server() as server:
    print(server.pid, server.folder, flush=True)
    time.sleep(600)
"""

try:
    find_programs()
except EngineError as missing:
    pytest.skip(str(missing), allow_module_level=True)


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
    """A new server answers in Unicode and UTC, opens no port, and leaves nothing behind."""
    with throw_away_server() as server:
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
        socket = str(server.folder / "socket")
        with pymysql.connect(unix_socket=socket, user="root") as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT @@character_set_server, @@time_zone, @@skip_networking")
            assert cursor.fetchone() == ("utf8mb4", "+00:00", 1)
    assert _gone(server)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could run it as root")
def test_it_never_runs_as_root() -> None:
    """Neither its process nor its files are root's."""
    with throw_away_server() as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
        assert server.folder.stat().st_uid != 0


def test_an_error_ends_it() -> None:
    """An exception inside the context stops the server like its end does."""
    with pytest.raises(RuntimeError, match="boom"), throw_away_server() as server:
        raise RuntimeError("boom")
    assert _gone(server)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
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


def test_programs_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wrong choice is named."""
    monkeypatch.setenv(BINARIES, str(tmp_path))
    with pytest.raises(EngineError, match=rf"{BINARIES} is .*, but there is no mariadbd in it"):
        find_programs()


def test_no_programs_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says which package has them."""
    monkeypatch.delenv(BINARIES, raising=False)
    monkeypatch.setattr("schemawalk.engines.mariadb_server.shutil.which", lambda *_, **__: None)
    with pytest.raises(EngineError, match=r"There is no MariaDB .* mariadb-server-core"):
        find_programs()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the server's user can reach: pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="schemawalk-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_server_that_does_not_start_says_why(
    monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    """What the program said last is in the sentence."""
    for name in ("mariadbd", "mariadb-install-db"):
        program = open_folder / name
        program.write_text("#!/bin/sh\necho 'no room'\nexit 3\n")
        program.chmod(0o755)
    monkeypatch.setenv(BINARIES, str(open_folder))
    with (
        pytest.raises(EngineError, match="MariaDB does not start: mariadb-install-db failed: no r"),
        throw_away_server(),
    ):
        pass
