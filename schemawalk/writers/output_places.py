"""Where a file may be written: inside its folder, through no link that leads out of it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

HOME: Final = ".schemawalk"
"""Folder under the root in which the program remembers what it wrote."""

LONGEST: Final = 255
"""Longest name of a file or folder, in bytes, that common file systems take."""


class OutputError(Exception):
    """Nothing was written; the message says which file, what is wrong, and what to do."""


class MixedError(OutputError):
    """Nothing was written: migrations for another database would lie beside the new files."""


def checked(path: str) -> str:
    """The path itself, when it is a plain way down from the root.

    Raises OutputError for one that is absolute, climbs with `..`, or has a name that a file cannot
    have.
    """
    for name in path.split("/"):
        if name in ("", ".", "..") or "\x00" in name or "\\" in name:
            raise OutputError(
                f"{path!r} is no path inside the folder: rename what it is made from."
            )
        if len(name.encode(errors="replace")) > LONGEST:
            raise OutputError(f"{path!r} has a name longer than {LONGEST} bytes: shorten it.")
    return path


def place(root: Path, path: str) -> Path:
    """The real file behind a path under `root`, links followed, where a file may be written.

    Raises OutputError when a link leads outside the root, a folder is there, or a file stands where
    a folder must.
    """
    real = inside(root, path)
    _refuse_blocked(root.resolve(), real, path)
    return real


def inside(root: Path, path: str) -> Path:
    """What is really behind a path under `root`; raises OutputError when that lies outside it."""
    try:
        base = root.resolve()
        real = (base / checked(path)).resolve()
    except (OSError, RuntimeError) as error:
        raise OutputError(f"{path} cannot be followed: {error}; remove the link.") from error
    if not real.is_relative_to(base):
        raise OutputError(
            f"{path} is a link that leads outside {root}: remove it, or write to another folder."
        )
    return real


def _refuse_blocked(base: Path, real: Path, path: str) -> None:
    if real.is_dir():
        raise OutputError(f"{path} is a folder where a file must go: move it away.")
    for folder in reversed(real.relative_to(base).parents):
        if os.path.lexists(base / folder) and not (base / folder).is_dir():
            name = folder.as_posix() if folder.parts else str(base)
            raise OutputError(f"{name} is a file where a folder must be: move it away.")


def refuse_collisions(paths: Iterable[str]) -> None:
    """Raises OutputError when two paths are one file on some systems, or one lies in the other."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            raise OutputError(
                f"{seen[folded]} and {path} are the same file where case does not count: "
                "rename one of the things they are made from."
            )
        seen[folded] = path
        names = folded.split("/")
        folders.update({"/".join(names[:end]): path for end in range(1, len(names))})
    for folded in seen.keys() & folders.keys():
        raise OutputError(
            f"{seen[folded]} would have to be a file and, for {folders[folded]}, a folder: "
            "rename one of the things they are made from."
        )
