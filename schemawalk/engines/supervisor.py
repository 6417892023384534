"""Keeps a throw-away PostgreSQL server alive exactly as long as the process that asked for it.

A program of its own, run by `server` with the standard library alone: it reads an order from its
arguments, starts the server, says so on one line, and waits for its input to end.  The input is a
pipe, so it ends however the other process ends, kill -9 included.  Then the server is stopped and
its folder removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 10
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "max_locks_per_transaction": "1024",
}
"""Nothing here outlives the proof, so nothing is made to survive a crash; no port is opened."""


class StartError(Exception):
    """The server did not start; the message says why."""


def main() -> int:
    """Serve one order: `{"folder", "binaries", "user"}`; the answer is a line of JSON."""
    order = json.loads(sys.argv[1])
    folder = Path(order["folder"])
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        return _supervised(folder, Path(order["binaries"]), order["user"])
    except BrokenPipeError:
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _supervised(folder: Path, binaries: Path, user: int | None) -> int:
    server: subprocess.Popen[bytes] | None = None
    try:
        server = _started(folder, binaries, _as_user(folder, user))
        _answer({"server": server.pid})
        _wait_for_the_end()
    except StartError as error:
        _answer({"error": str(error)})
        return 1
    finally:
        if server:
            _stop(server)
    return 0


def _answer(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


def _wait_for_the_end() -> None:
    ended = threading.Event()

    def read() -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    ended.wait()


def _as_user(folder: Path, user: int | None) -> dict[str, Any]:
    """How the server's programs are run: in its folder, in one language, as somebody harmless."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env = {**kept, "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    ways: dict[str, Any] = {"cwd": folder, "env": env, "stdin": subprocess.DEVNULL}
    if user is not None:
        os.chown(folder, user, user)
        ways |= {"user": user, "group": user, "extra_groups": []}
    return ways


def _started(folder: Path, binaries: Path, ways: dict[str, Any]) -> subprocess.Popen[bytes]:
    binaries, version = _readable(folder, binaries, ways)
    data, log = folder / "data", folder / "log"
    with log.open("wb") as written:
        output: dict[str, Any] = {"stdout": written, "stderr": subprocess.STDOUT}
        making: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "postgres"]
        making += [*_choices(version), "-A", "trust", "--no-sync"]
        if subprocess.run(making, check=False, **ways, **output).returncode:
            raise StartError(f"initdb failed: {_last_line(log)}")
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", folder, *settings]
        server = subprocess.Popen(command, start_new_session=True, **ways, **output)
    try:
        _wait_until_ready(server, data / "postmaster.pid", log)
    except BaseException:
        _stop(server)
        raise
    return server


def _choices(version: int) -> list[str]:
    """Unicode in code point order: built into the server since 17, the system's before."""
    choices = ["-E", "UTF8"]
    if version >= 17:
        choices += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        choices += ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]
    # Sizes that are given are not tried out, which saves a seventh of the time.
    sizes = ("max_connections", "shared_buffers") if version >= 16 else ()
    return choices + [f"-c{name}={SETTINGS[name]}" for name in sizes]


def _wait_until_ready(server: subprocess.Popen[bytes], status: Path, log: Path) -> None:
    for _ in range(START_SECONDS * 100):
        if server.poll() is not None:
            raise StartError(f"the server ended at once: {_last_line(log)}")
        with contextlib.suppress(OSError):
            if "ready" in status.read_text():
                return
        time.sleep(0.01)
    raise StartError(f"the server was not ready after {START_SECONDS} seconds")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _readable(folder: Path, binaries: Path, ways: dict[str, Any]) -> tuple[Path, int]:
    """The binaries, or a copy when the server's user may not run them; and their major version."""
    version = _version(binaries, ways)
    if version is None:
        binaries = _copied(folder, binaries)
        version = _version(binaries, ways)
    if version is None:
        raise StartError(f"{binaries / 'postgres'} does not run")
    return binaries, version


def _version(binaries: Path, ways: dict[str, Any]) -> int | None:
    with contextlib.suppress(OSError):
        told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, **ways)
        if found := re.search(rb"PostgreSQL\) (\d+)", told.stdout):
            return int(found[1])
    return None


def _copied(folder: Path, binaries: Path) -> Path:
    """A copy of the installation, with the libraries that a wheel keeps beside its package."""
    installation = binaries.resolve().parent
    package = installation.parent
    target = folder / "programs" / package.name / installation.name
    unused = shutil.ignore_patterns("include", "*.a", "doc", "man")
    shutil.copytree(installation, target, symlinks=True, ignore=unused)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
    return target / binaries.name


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
