"""The throw-away MySQL: found where it is MySQL's own, and never there any longer than it must."""

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

import pymysql
import pytest

from schemawalk.engines.engine import EngineError
from schemawalk.engines.mariadb_server import (
    BINARIES,
    MYSQL_BINARIES,
    Server,
    find_mysql,
    has_mysql,
    throw_away_server,
)
from tests.conftest import UNPACKED

WAIT_SECONDS = 15
HOLDER = """
import time
from schemawalk.engines.mariadb_server import throw_away_server
with throw_away_server("mysql") as server:
    print(server.pid, server.folder, flush=True)
    time.sleep(600)
"""
NEEDS_MYSQL = pytest.mark.skipif(not has_mysql(), reason="there is no MySQL here")


def _gone(server: Server) -> bool:
    """Whether neither the process nor the folder is left, within some seconds."""
    for _ in range(WAIT_SECONDS * 20):
        if not Path(f"/proc/{server.pid}").exists() and not server.folder.exists():
            return True
        time.sleep(0.05)
    return False


@NEEDS_MYSQL
def test_it_serves_and_goes() -> None:
    """A new server answers in Unicode and UTC, opens no port, and leaves nothing behind."""
    with throw_away_server("mysql") as server:
        assert server.url("x").startswith("mysql://root@localhost/x?")
        if os.geteuid() == 0:
            assert server.folder.stat().st_uid != 0
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0
        socket = str(server.folder / "socket")
        with pymysql.connect(unix_socket=socket, user="root") as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT @@character_set_server, @@time_zone, @@skip_networking")
            assert cursor.fetchone() == ("utf8mb4", "+00:00", 1)
    assert _gone(server)


@NEEDS_MYSQL
def test_it_does_not_outlive_its_process() -> None:
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
        server = Server(Path(folder.strip()), int(pid), "mysql")
        assert Path(f"/proc/{pid}").exists()
        holder.send_signal(signal.SIGKILL)
        holder.wait(WAIT_SECONDS)
    assert _gone(server)


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that nobody but its owner can reach."""
    with tempfile.TemporaryDirectory(prefix="schemawalk-test-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root runs it as themselves")
@pytest.mark.skipif(not (UNPACKED / "mariadb").exists(), reason="there is no MariaDB to move")
def test_a_server_runs_from_where_its_user_cannot_go(
    monkeypatch: pytest.MonkeyPatch, closed_folder: Path
) -> None:
    """A clone may be in a home that is closed: what is needed of it is copied."""
    shutil.copytree(UNPACKED / "mariadb", closed_folder / "mariadb", symlinks=True)
    folders = (str(closed_folder / "mariadb" / name) for name in ("bin", "sbin"))
    monkeypatch.setenv(BINARIES, os.pathsep.join(folders))
    with throw_away_server() as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert _gone(server)


def _mysqld(folder: Path, says: str) -> None:
    program = folder / "mysqld"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("says", "found"),
    [
        ("mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)", True),
        ("mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64", False),
    ],
)
def test_a_program_of_that_name_is_asked_what_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, *, found: bool
) -> None:
    """MariaDB has one so called as well."""
    _mysqld(tmp_path, says)
    monkeypatch.setenv(MYSQL_BINARIES, str(tmp_path))
    assert has_mysql() is found


def test_a_link_to_mariadb_is_not_even_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its packages come with one."""
    (tmp_path / "mariadbd").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "mariadbd").chmod(0o755)
    (tmp_path / "mysqld").symlink_to("mariadbd")
    monkeypatch.setenv(MYSQL_BINARIES, str(tmp_path))
    with pytest.raises(EngineError, match=rf"{MYSQL_BINARIES} is .*, but there is no mysqld of My"):
        find_mysql()


def test_no_program_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says which package has it."""
    monkeypatch.delenv(MYSQL_BINARIES, raising=False)
    monkeypatch.setattr("schemawalk.engines.mariadb_server.shutil.which", lambda *_, **__: None)
    with pytest.raises(EngineError, match=r"There is no MySQL .* mysql-server-core"):
        find_mysql()


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program said last is in the sentence."""
    with tempfile.TemporaryDirectory(prefix="schemawalk-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        _mysqld(Path(folder), "Ver 9.9 no room'; [ $# = 2 ] || exit 3; echo '")
        monkeypatch.setenv(MYSQL_BINARIES, folder)
        with (
            pytest.raises(EngineError, match=r"MySQL does not start: mysqld failed: .* no room"),
            throw_away_server("mysql"),
        ):
            pass
