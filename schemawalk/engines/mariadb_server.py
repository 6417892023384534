"""A throw-away MariaDB server: found, started on a private socket, always removed again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from schemawalk.engines.engine import EngineError
from schemawalk.engines.supervision import supervised

BINARIES: Final = "SCHEMAWALK_MARIADB_BIN"
"""Environment variable: folders, separated like those of PATH, with the programs to use instead."""

PROGRAMS: Final = ("mariadbd", "mariadb-install-db")
PACKAGE: Final = "mariadb-server-core (Debian, Ubuntu) or mariadb-server (elsewhere)"
_PLACES: Final = ("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec")
"""Where the programs are when they are not on the path: a server is no everyday command."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; it is there for its own process alone."""

    folder: Path
    pid: int

    def url(self, database: str = "") -> str:
        """The URL of one of its databases; the socket is in a folder that nobody else can enter."""
        socket = quote(str(self.folder / "socket"))
        return f"mariadb://root@localhost/{quote(database, safe='')}?unix_socket={socket}"


@contextmanager
def throw_away_server() -> Iterator[Server]:
    """A new server without a database, for as long as the context lasts and this process lives.

    Raises EngineError when there is no MariaDB, or when it does not start.
    """
    with supervised("mariadb", "MariaDB", *find_programs()) as running:
        yield Server(running.folder, running.pid)


def find_programs() -> tuple[Path, ...]:
    """The server and what makes its own tables: those asked for, or the system's.

    Raises EngineError when there is none; it says what to install.
    """
    asked = os.environ.get(BINARIES)
    places = asked or os.pathsep.join((os.environ.get("PATH", ""), *_PLACES))
    found = [shutil.which(program, path=places) for program in PROGRAMS]
    if all(found):
        return tuple(Path(program) for program in found if program)
    missing = PROGRAMS[found.index(None)]
    if asked:
        raise EngineError(f"{BINARIES} is {asked}, but there is no {missing} in it.")
    raise EngineError(f"There is no MariaDB to prove with ({missing}); its package is {PACKAGE}.")
