"""The house: what the project's own files promise."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_every_pinned_requirement_is_the_constraint_that_is_installed() -> None:
    """A fresh machine gets the versions that the tests ran with."""
    constraints = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    )
    pinned = re.findall(
        r'"([A-Za-z0-9_.-]+)(?:\[\w+\])?==([^"]+)"', (ROOT / "pyproject.toml").read_text()
    )
    known = {name.lower().replace("_", "-"): version for name, version in constraints.items()}
    assert pinned
    for name, version in pinned:
        if name != "hatchling":
            assert known[name.lower().replace("_", "-")] == version


@pytest.mark.parametrize("command", ["schemawalk"])
def test_the_command_is_installed(command: str) -> None:
    (entry,) = metadata.entry_points(group="console_scripts", name=command)
    assert entry.value == "tui.main:main"


def test_help_and_version_need_nothing_heavy() -> None:
    """Commands load what they need when they need it."""
    program = (
        "import sys; from click.testing import CliRunner; import wizard_steps.commands.walking; "
        "import tui.main; from schemawalk.cli import cli; "
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0; "
        "heavy = {'textual', 'tomlkit', 'jinja2', 'sqlparse', 'psycopg', 'simplemma', 'pydantic'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "[]"
