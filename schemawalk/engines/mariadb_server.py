"""A throw-away MariaDB or MySQL: found, started on a private socket, always removed again."""

from __future__ import annotations

import os
import shutil
import subprocess
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
MYSQL_BINARIES: Final = "SCHEMAWALK_MYSQL_BIN"
"""The same for MySQL."""

PROGRAMS: Final = ("mariadbd", "mariadb-install-db")
PACKAGE: Final = "mariadb-server-core (Debian, Ubuntu) or mariadb-server (elsewhere)"
MYSQL_PROGRAM: Final = "mysqld"
MYSQL_PACKAGE: Final = "mysql-server-core (Debian, Ubuntu) or mysql-community-server (elsewhere)"
_PLACES: Final = ("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec")
"""Where the programs are when they are not on the path: a server is no everyday command."""
_ANSWERS_IN: Final = 10
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; it is there for its own process alone."""

    folder: Path
    pid: int
    database: str = "mariadb"
    """Which of the two it is, as in `Stack.database`."""

    def url(self, database: str = "") -> str:
        """The URL of one of its databases; the socket is in a folder that nobody else can enter."""
        socket = quote(str(self.folder / "socket"))
        return f"{self.database}://root@localhost/{quote(database, safe='')}?unix_socket={socket}"


@contextmanager
def throw_away_server(database: str = "mariadb") -> Iterator[Server]:
    """A new server without a database, for as long as the context lasts and this process lives.

    Raises EngineError when there is none of the one asked for, or when it does not start.
    """
    real = database == "mysql"
    programs = (find_mysql(),) if real else find_programs()
    with supervised(database, "MySQL" if real else "MariaDB", *programs) as running:
        yield Server(running.folder, running.pid, database)


def find_programs() -> tuple[Path, ...]:
    """MariaDB's server and what makes its own tables: those asked for, or the system's.

    Raises EngineError when there is none; it says what to install.
    """
    asked = os.environ.get(BINARIES)
    found = [shutil.which(program, path=_places(asked)) for program in PROGRAMS]
    if all(found):
        return tuple(Path(program) for program in found if program)
    missing = PROGRAMS[found.index(None)]
    if asked:
        raise EngineError(f"{BINARIES} is {asked}, but there is no {missing} in it.")
    raise EngineError(f"There is no MariaDB to prove with ({missing}); its package is {PACKAGE}.")


def find_mysql() -> Path:
    """MySQL's server, which makes its own tables: the one asked for, or the system's.

    Raises EngineError when there is none; it says what to install.
    """
    asked = os.environ.get(MYSQL_BINARIES)
    found = shutil.which(MYSQL_PROGRAM, path=_places(asked))
    if found and _is_mysql(Path(found)):
        return Path(found)
    if asked:
        raise EngineError(f"{MYSQL_BINARIES} is {asked}, but there is no mysqld of MySQL in it.")
    raise EngineError(
        f"There is no MySQL to prove with ({MYSQL_PROGRAM}); its package is {MYSQL_PACKAGE}."
    )


def has_mysql() -> bool:
    """Whether a MySQL can be started here."""
    try:
        return bool(find_mysql())
    except EngineError:
        return False


def _is_mysql(program: Path) -> bool:
    """Whether a program of that name is MySQL's own: MariaDB's packages have a link so called."""
    if "mariadb" in program.resolve().name:
        return False
    try:
        told = subprocess.run(
            [program, "--no-defaults", "--version"],
            capture_output=True,
            check=True,
            timeout=_ANSWERS_IN,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return b"mariadb" not in told.stdout.lower()


def _places(asked: str | None) -> str:
    return asked or os.pathsep.join((os.environ.get("PATH", ""), *_PLACES))
