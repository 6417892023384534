"""Runs the judges that are written in JavaScript, and installs what they need when it is absent."""

from __future__ import annotations

import fcntl
import functools
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
PATIENCE = 300
"""Seconds that npm and a judge may take."""


def judged(script: str, *arguments: object, given: object = None) -> Any:
    """What `script` prints as JSON, with `given` as JSON on its standard input.

    Raises AssertionError with the script's own words when it fails.
    """
    return json.loads(run("node", HERE / script, *arguments, given=json.dumps(given)))


def run(
    *command: object, given: str = "", cwd: Path = HERE, env: Mapping[str, str] | None = None
) -> str:
    """What a command prints, after the judges are installed; raises AssertionError if it fails."""
    install()
    done = subprocess.run(
        [str(word) for word in command],
        input=given,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}{done.stderr}"
    return done.stdout


@functools.cache
def install() -> None:
    """Have the judges' packages in `node_modules`, in exactly the versions of `package.json`."""
    assert shutil.which("npm"), "these tests need Node.js 20 or newer, with npm"
    with (HERE / ".install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _installed():
            _npm_install()


def _npm_install() -> None:
    command = ("npm", "install", "--no-audit", "--no-fund")
    done = subprocess.run(
        command, cwd=HERE, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"


def _installed() -> bool:
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    return all(_version(name) == version for name, version in wanted.items())


def _version(package: str) -> str | None:
    manifest = MODULES / package / "package.json"
    return json.loads(manifest.read_text())["version"] if manifest.is_file() else None
