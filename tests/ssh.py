"""A real sshd on the loopback, for one user and one key, thrown away after the test."""

from __future__ import annotations

import getpass
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
READY = 20.0
"""Seconds within which the server answers, or never will."""

_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile {folder}/pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
ClientAliveInterval 1
ClientAliveCountMax 2
"""


class Sshd:
    """An SSH server that lets in whoever runs the tests, from this machine only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        for name in ("host", "user"):
            key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(key, check=True)
        config = folder / "sshd_config"
        config.write_text(_CONFIG.format(port=self.port, folder=folder))
        self._process = subprocess.Popen(
            [str(SSHD), "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> Self:
        end = time.monotonic() + READY
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise AssertionError("sshd does not answer")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(10)

    def command(self, argv: Sequence[str], changes: dict[str, str]) -> list[str]:
        """The client's command that runs a program on a terminal of the server."""
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR",
                   "IdentitiesOnly=yes")  # fmt: skip
        settings = [f"{name}={value}" for name, value in changes.items()]
        remote = shlex.join(["env", *settings, *argv])
        flags = [part for option in options for part in ("-o", option)]
        return ["ssh", "-tt", "-F", "none", *flags, "-i", str(self.folder / "user"), "-p",
                str(self.port), f"{getpass.getuser()}@127.0.0.1", remote]  # fmt: skip
