"""The few things that are done to a disk, each so that it lasts: write, keep, sync, remove."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

_REASONS: Final = {
    errno.ENOSPC: "the disk is full; free some space and write again",
    errno.EDQUOT: "your share of the disk is used up; free some space and write again",
    errno.EACCES: "permission is denied; allow it, or write to another folder",
    errno.EPERM: "permission is denied; allow it, or write to another folder",
    errno.EROFS: "the disk is read-only; write to another folder",
    errno.EISDIR: "a folder is in the way; move it away",
    errno.ENOTDIR: "a file stands where a folder must be; move it away",
}


def sentence(error: OSError, path: str) -> str:
    """Why a path cannot be written, and what to do."""
    reason = _REASONS.get(error.errno or 0) or f"{error.strerror or error}; write again"
    return f"{path} cannot be written: {reason}."


def write_synced(path: Path, content: bytes, like: Path | None = None) -> None:
    """Make a file with all its content on the disk, with the rights of `like` if that exists."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as file:
        if like is not None and like.exists():
            _take_rights(handle, like.stat())
        file.write(content)
        file.flush()
        os.fsync(handle)


def _take_rights(handle: int, rights: os.stat_result) -> None:
    # Only root may give a file away; for anybody else it is their own already.
    with suppress(PermissionError):
        os.fchown(handle, rights.st_uid, rights.st_gid)
    os.fchmod(handle, stat.S_IMODE(rights.st_mode))


def keep(target: Path, second: Path) -> None:
    """Give a file's content a second name; a link needs no room when it has to come back."""
    try:
        second.hardlink_to(target)
    except OSError:
        shutil.copy2(target, second)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; not every file system can, and none needs it to be right."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, adding each that was not there to `made`."""
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir()
            made.append(each)


def remove_folders(made: list[Path]) -> None:
    """Remove folders, last made first, but those that hold something."""
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def remove_empty(folder: Path, base: Path) -> None:
    """Remove a folder and those above it, below `base`, as long as they are empty."""
    with suppress(OSError):
        while folder != base:
            folder.rmdir()
            folder = folder.parent
