"""Puts a whole file in place of another, so that a reader sees the old one or the new one."""

from __future__ import annotations

import os
from pathlib import Path


def replace(path: Path, data: bytes, *, mode: int | None = None, durable: bool = True) -> None:
    """Write `data` beside `path` and rename it into place.

    Args:
        path: The file to replace or to make; a link is followed.
        data: The new content.
        mode: Permission bits of the new file; those of the umask when None.
        durable: Whether file and folder are synced, so that even a power cut loses neither.

    Raises:
        OSError: Nothing was replaced.
    """
    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name}.new")
    try:
        _write(beside, data, mode, durable=durable)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def _write(path: Path, data: bytes, mode: int | None, *, durable: bool) -> None:
    # Left over by a process that was killed; made anew so that no planted link is followed.
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as file:
        if mode is not None:
            os.fchmod(handle, mode)
        file.write(data)
        file.flush()
        if durable:
            os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
