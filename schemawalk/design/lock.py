"""Keeps a second writer away from a folder for as long as the first one lives."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from schemawalk.design.errors import DesignError, DesignLocked, plain, reason

STATE = ".schemawalk"
"""Folder, beside the design file, for what only the program reads."""


UNSHARED = """\
# One person's walk: everything here but the fingerprints of what was written.
*
!.gitignore
!written.json
"""
"""What git leaves out of the state folder."""


def state_folder(folder: Path) -> Path:
    """`.schemawalk` in `folder`, made when it is not there.

    Raises:
        OSError: It cannot be made.
    """
    state = folder / STATE
    state.mkdir(exist_ok=True)
    unshared = state / ".gitignore"
    if not unshared.exists():
        unshared.write_text(UNSHARED, encoding="utf-8")
    return state


class Lock:
    """An advisory lock on `.schemawalk/lock`.

    The operating system holds it for the open file, so it ends with the process, however that
    ends; what is written in the file only tells others who has it.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            DesignLocked: Another writer has it.
            DesignError: The lock file cannot be made.
        """
        try:
            path = state_folder(folder) / "lock"
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            raise DesignError(
                f"{plain(str(folder))}: cannot be written ({reason(error)}); "
                "make it yours, or work in another folder"
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise self._refused(error) from None
        self._sign(f"{os.getpid()} {socket.gethostname()} {_now()}\n")

    def _refused(self, error: OSError) -> DesignError:
        holder = os.pread(self._file, 500, 0).decode("utf-8", "replace").split()
        os.close(self._file)
        if not isinstance(error, BlockingIOError):
            return DesignError(f"this folder cannot be locked ({reason(error)}); use a local disk")
        who = "another process"
        if len(holder) == 3:
            pid, host, since = map(plain, holder)
            who = f"process {pid} on {host}, since {since.replace('T', ' ')}"
        return DesignLocked(f"this design is open in {who}; close it there first")

    def _sign(self, text: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def release(self) -> None:
        """Let the next writer in; the file stays, since taking it away would race with them."""
        if self._file < 0:
            return
        with suppress(OSError):
            os.ftruncate(self._file, 0)
        os.close(self._file)
        self._file = -1


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")
