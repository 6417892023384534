"""The manual page: made from the commands, up to date, and clean for those who format it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import tui.main  # noqa: F401  (adds the wizard)
import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from docs.manual import TARGET, page, roff
from schemawalk.cli import cli

ROOT = Path(__file__).parent.parent


def test_the_page_in_the_package_is_up_to_date() -> None:
    """A command, option or key that changed needs `make manual`."""
    assert TARGET.read_text() == page()


def test_the_command_prints_it() -> None:
    result = CliRunner().invoke(cli, ["manual"])
    assert result.exit_code == 0
    assert result.stdout == page()


def test_every_command_and_option_is_on_it() -> None:
    text = page().replace("\\-", "-")
    for name, command in cli.commands.items():
        assert f'.SS "schemawalk {name} ' in text
        for option in (o for p in command.params for o in p.opts if o.startswith("--")):
            assert option in text


@pytest.mark.parametrize(
    "section",
    ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "KEYS", "PLAIN PROMPTS", "FILES",
     "ENVIRONMENT", "EXIT STATUS", "EXAMPLES"],
)  # fmt: skip
def test_every_section_is_there_once(section: str) -> None:
    assert page().count(f"\n.SH {section}\n") == 1


def test_text_is_shown_as_it_is() -> None:
    """No dot, quote, backslash, minus or accent is taken for a request."""
    assert roff(".TH is no request") == r"\&.TH is no request"
    assert roff("'quoted' \\x -1 …") == r"\(aqquoted\(aq \ex \-1 \[u2026]"


needs_mandoc = pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")


@needs_mandoc
def test_mandoc_has_nothing_to_complain_about() -> None:
    said = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", TARGET], capture_output=True, text=True
    )
    assert said.stdout + said.stderr == ""


@needs_groff
def test_groff_has_nothing_to_complain_about() -> None:
    said = subprocess.run(
        ["groff", "-man", "-ww", "-T", "utf8", TARGET], capture_output=True, text=True
    )
    assert said.stderr == ""
    assert "because TEXT" in " ".join(said.stdout.split())
    assert "schemawalk answer" in said.stdout


def test_the_wheel_puts_it_where_man_looks() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared = config["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {"schemawalk/schemawalk.1": "share/man/man1/schemawalk.1"}
    assert (ROOT / "schemawalk" / "schemawalk.1").is_file()


def test_printing_it_needs_no_screen() -> None:
    """The page was made before: nothing heavy is loaded to show it."""
    program = (
        "import sys; import tui.main, wizard_steps.commands.walking; "
        "from schemawalk.cli import cli; "
        "from click.testing import CliRunner; "
        "assert CliRunner().invoke(cli, ['manual']).exit_code == 0; "
        "print(sorted({'textual', 'pydantic'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout.strip() == "[]", said.stderr
