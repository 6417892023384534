"""A throw-away server, kept by a supervisor: there as long as its context and its process are."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemawalk.engines.engine import EngineError
from schemawalk.engines.supervisor import ENDS

_NOBODY: Final = 65534
"""Database servers refuse to run as root; this user owns nothing, and needs no account."""
_LONGEST_FOLDER: Final = 70
"""Bytes: a socket's whole path must stay below 104 (macOS) or 108 (Linux)."""
_STOP_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Running:
    """A server process, and the private folder with its socket and its data."""

    folder: Path
    pid: int


@contextmanager
def supervised(database: str, title: str, *programs: Path) -> Iterator[Running]:
    """A new server of `database`, removed when the context ends.

    `programs` are PostgreSQL's folder, MariaDB's two programs, or MySQL's one.
    Raises EngineError when the server does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="schemawalk-", dir=_temporary()))
    supervisor = _supervisor(database, folder, programs)
    pid = None
    try:
        pid = _started(supervisor, title)
        yield Running(folder, pid)
    finally:
        _end(supervisor)
        if pid and supervisor.returncode < 0:
            # Somebody killed the supervisor: what it would have done is done here.
            _stop(pid, database)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(pid: int, database: str) -> None:
    """End an orphaned server, and wait a little: it must not write into what is being removed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, ENDS[database])
        for _ in range(_STOP_SECONDS * 10):
            os.kill(pid, 0)
            time.sleep(0.1)


def _temporary() -> Path:
    """A folder for temporary folders with a short path, which the server's user can reach."""
    usual = Path(tempfile.gettempdir()).resolve()
    fits = len(os.fsencode(usual)) <= _LONGEST_FOLDER and not set(str(usual)) & set(",\"'")
    return usual if fits and (os.geteuid() != 0 or _open_to_all(usual)) else Path("/tmp")


def _open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def _supervisor(database: str, folder: Path, programs: tuple[Path, ...]) -> subprocess.Popen[str]:
    order = {
        "database": database,
        "folder": str(folder),
        "programs": [str(program.absolute()) for program in programs],
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


def _started(supervisor: subprocess.Popen[str], title: str) -> int:
    assert supervisor.stdout
    line = supervisor.stdout.readline()
    answer = json.loads(line) if line else {"error": "its supervisor ended"}
    if "error" in answer:
        raise EngineError(f"{title} does not start: {answer['error']}")
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
