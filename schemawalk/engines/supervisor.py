"""Keeps a throw-away database server alive exactly as long as the process that asked for it.

A program of its own, run by `supervision` with the standard library alone: it reads an order from
its arguments, starts the server, says so on one line, and waits for its input to end.  That is a
pipe, so it ends however the other process ends, kill -9 included.  Then the server is stopped and
its folder removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

Server = subprocess.Popen[bytes]

START_SECONDS = 60
STOP_SECONDS = 10
POSTGRESQL_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "max_locks_per_transaction": "1024",
}
"""Nothing here outlives the proof, so nothing is made to survive a crash; no port is opened."""
MARIADB_SETTINGS = {
    "skip-networking": "",
    "skip-name-resolve": "",
    "skip-log-bin": "",
    "innodb-flush-method": "nosync",
    "innodb-use-native-aio": "0",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "0",
    "innodb-log-file-size": "8M",
    "innodb-buffer-pool-size": "32M",
    "performance-schema": "0",
    "character-set-server": "utf8mb4",
    "default-time-zone": "+00:00",
}
"""The same for MariaDB, which is told by options; an empty one has no value."""
MYSQL_SETTINGS = {
    "skip-networking": "",
    "skip-name-resolve": "",
    "skip-log-bin": "",
    "mysqlx": "OFF",
    "secure-file-priv": "NULL",
    "auto-generate-certs": "OFF",
    "caching-sha2-password-auto-generate-rsa-keys": "OFF",
    "innodb-flush-method": "nosync",
    "innodb-use-native-aio": "0",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "OFF",
    "innodb-redo-log-capacity": "8M",
    "innodb-buffer-pool-size": "64M",
    "innodb-dedicated-server": "OFF",
    "performance-schema": "OFF",
    "character-set-server": "utf8mb4",
    "default-time-zone": "+00:00",
}
"""The same for MySQL."""


class StartError(Exception):
    """The server did not start; the message says why."""


def main() -> int:
    """Serve one order: `{"database", "folder", "programs", "user"}`; a line of JSON answers."""
    order = json.loads(sys.argv[1])
    folder = Path(order["folder"])
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        return _supervised(order, folder)
    except BrokenPipeError:
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _supervised(order: Mapping[str, Any], folder: Path) -> int:
    server: subprocess.Popen[bytes] | None = None
    start = STARTS[order["database"]]
    programs = [Path(program) for program in order["programs"]]
    try:
        server = start(folder, programs, _as_user(folder, order["user"]))
        _answer({"server": server.pid})
        _wait_for_the_end()
    except StartError as error:
        _answer({"error": str(error)})
        return 1
    finally:
        if server:
            _stop(server, ENDS[order["database"]])
    return 0


def _answer(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


def _wait_for_the_end() -> None:
    ended = threading.Event()

    def read() -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    ended.wait()


def _as_user(folder: Path, user: int | None) -> dict[str, Any]:
    """How the server's programs are run: in its folder, in one language, as somebody harmless."""
    theirs = ("PG", "MYSQL", "MARIADB")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    env = {**kept, "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    ways: dict[str, Any] = {"cwd": folder, "env": env, "stdin": subprocess.DEVNULL}
    if user is not None:
        os.chown(folder, user, user)
        ways |= {"user": user, "group": user, "extra_groups": []}
    return ways


def _postgresql(folder: Path, programs: list[Path], ways: dict[str, Any]) -> Server:
    """A server from the folder with PostgreSQL's programs."""
    binaries, version = _readable(folder, programs[0], ways)
    data, log = folder / "data", folder / "log"
    with log.open("wb") as written:
        output: dict[str, Any] = {"stdout": written, "stderr": subprocess.STDOUT}
        making: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "postgres"]
        making += [*_choices(version), "-A", "trust", "--no-sync"]
        if subprocess.run(making, check=False, **ways, **output).returncode:
            raise StartError(f"initdb failed: {_last_line(log)}")
        settings = [f"--{name}={value}" for name, value in POSTGRESQL_SETTINGS.items()]
        command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", folder, *settings]
        server = subprocess.Popen(command, start_new_session=True, **ways, **output)
    try:
        _wait_until_ready(server, partial(_says_ready, data / "postmaster.pid"), log)
    except BaseException:
        _stop(server, ENDS["postgresql"])
        raise
    return server


def _says_ready(status: Path) -> bool:
    with contextlib.suppress(OSError):
        return "ready" in status.read_text()
    return False


def _mariadb(folder: Path, programs: list[Path], ways: dict[str, Any]) -> Server:
    """A server from two programs: mariadbd, and mariadb-install-db which makes its own tables."""
    daemon, installer = _reachable(folder, programs, ways)
    making = (installer, "--auth-root-authentication-method=normal", "--skip-test-db")
    return _by_options(folder, daemon, making, MARIADB_SETTINGS, ways)


def _mysql(folder: Path, programs: list[Path], ways: dict[str, Any]) -> Server:
    """A server from one program, which makes its own tables first."""
    (daemon,) = _reachable(folder, programs, ways)
    return _by_options(folder, daemon, (daemon, "--initialize-insecure"), MYSQL_SETTINGS, ways)


def _by_options(
    folder: Path,
    daemon: Path,
    making: Sequence[str | Path],
    settings: Mapping[str, str],
    ways: dict[str, Any],
) -> Server:
    """A server that is told everything by options; `making` is what makes its own tables."""
    log, socket = folder / "log", folder / "socket"
    options = [f"--{name}={value}".rstrip("=") for name, value in settings.items()]
    # In the system's folder a killed server's files would stand in the way of a later one's.
    temporary = folder / "tmp"
    temporary.mkdir()
    if "user" in ways:
        os.chown(temporary, ways["user"], ways["user"])
    options = ["--no-defaults", f"--datadir={folder / 'data'}", f"--tmpdir={temporary}", *options]
    ways = {**ways, "env": {**ways["env"], "TMPDIR": str(temporary)}}
    with log.open("wb") as written:
        output: dict[str, Any] = {"stdout": written, "stderr": subprocess.STDOUT}
        program, *how = making
        if subprocess.run([program, *options, *how], check=False, **ways, **output).returncode:
            raise StartError(f"{Path(program).name} failed: {_complaint(log)}")
        places = [f"--socket={socket}", f"--pid-file={folder / 'pid'}"]
        command: list[str | Path] = [daemon, *options, *places]
        server = subprocess.Popen(command, start_new_session=True, **ways, **output)
    try:
        _wait_until_ready(server, socket.exists, log)
    except BaseException:
        _stop(server, signal.SIGKILL)
        raise
    return server


def _reachable(folder: Path, programs: list[Path], ways: dict[str, Any]) -> list[Path]:
    """The programs, or a copy of their installation when the server's user may not run them."""
    if all(_may_run(program, ways) for program in programs):
        return programs
    installation = programs[0].parent.parent
    if installation.is_relative_to("/usr"):
        raise StartError(f"{programs[0]} may be run by few, and not by the server's user")
    target = folder / "programs"
    shutil.copytree(installation, target, symlinks=True)
    return [target / program.relative_to(installation) for program in programs]


def _may_run(program: Path, ways: dict[str, Any]) -> bool:
    asked: list[str | Path] = ["test", "-r", program, "-a", "-x", program]
    return not subprocess.run(asked, check=False, **ways).returncode


def _choices(version: int) -> list[str]:
    """Unicode in code point order: built into the server since 17, the system's before."""
    choices = ["-E", "UTF8"]
    if version >= 17:
        choices += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        choices += ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]
    # Sizes that are given are not tried out, which saves a seventh of the time.
    sizes = ("max_connections", "shared_buffers") if version >= 16 else ()
    return choices + [f"-c{name}={POSTGRESQL_SETTINGS[name]}" for name in sizes]


def _wait_until_ready(server: Server, ready: Callable[[], bool], log: Path) -> None:
    for _ in range(START_SECONDS * 100):
        if server.poll() is not None:
            raise StartError(f"the server ended at once: {_last_line(log)}")
        if ready():
            return
        time.sleep(0.01)
    raise StartError(f"the server was not ready after {START_SECONDS} seconds")


def _complaint(log: Path) -> str:
    """The first line of a log that speaks of an error; the last one when none does."""
    lines = log.read_text(errors="replace").splitlines()
    return next((line.strip() for line in lines if "ERROR" in line), _last_line(log))


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _readable(folder: Path, binaries: Path, ways: dict[str, Any]) -> tuple[Path, int]:
    """The binaries, or a copy when the server's user may not run them; and their major version."""
    version = _version(binaries, ways)
    if version is None:
        binaries = _copied(folder, binaries)
        version = _version(binaries, ways)
    if version is None:
        raise StartError(f"{binaries / 'postgres'} does not run")
    return binaries, version


def _version(binaries: Path, ways: dict[str, Any]) -> int | None:
    with contextlib.suppress(OSError):
        told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, **ways)
        if found := re.search(rb"PostgreSQL\) (\d+)", told.stdout):
            return int(found[1])
    return None


def _copied(folder: Path, binaries: Path) -> Path:
    """A copy of the installation, with the libraries that a wheel keeps beside its package."""
    installation = binaries.resolve().parent
    package = installation.parent
    target = folder / "programs" / package.name / installation.name
    unused = shutil.ignore_patterns("include", "*.a", "doc", "man")
    shutil.copytree(installation, target, symlinks=True, ignore=unused)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
    return target / binaries.name


def _stop(server: Server, end: signal.Signals) -> None:
    """End it without ceremony: what it would still write is removed at once."""
    if server.poll() is None:
        server.send_signal(end)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


ENDS = {"postgresql": signal.SIGQUIT, "mariadb": signal.SIGKILL, "mysql": signal.SIGKILL}
"""What ends a server at once: PostgreSQL's has processes of its own to end, others have none."""

STARTS: dict[str, Callable[[Path, list[Path], dict[str, Any]], Server]] = {
    "postgresql": _postgresql,
    "mariadb": _mariadb,
    "mysql": _mysql,
}


if __name__ == "__main__":
    sys.exit(main())
