"""Writing again after the database has changed, and starting the program as a module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.design.file import dumps
from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.design.whole import Stack
from tests.tui.conftest import opened

CODE = Path("product-guidelines") / "07-database-schema"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def everything(folder: Path) -> dict[str, bytes]:
    """Every file that was written, by path."""
    found = (path for path in (folder / "product-guidelines").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def choose(folder: Path, database: str) -> None:
    """A design of one table, for a database."""
    name = Attribute(id="note.name", name="name", kind="short-text", required="start")
    note = Entity(id="note", name="Note", origin="user", created_by="system", attributes=(name,))
    design = Design(stack=Stack.model_validate({"database": database}), entities=(note,))
    (folder / "schemawalk.toml").write_text(dumps(design))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder that was written for PostgreSQL."""
    choose(tmp_path, "postgresql")
    assert run("write", tmp_path).exit_code == 0
    return tmp_path


@pytest.mark.parametrize("database", ["mariadb", "mongodb"])
def test_files_for_another_database_are_named_and_nothing_is_written(
    written: Path, database: str
) -> None:
    """Whether the new files would replace the old migrations or lie beside them."""
    before = everything(written)
    choose(written, database)
    dry = run("write", written, "--dry-run")
    real = run("write", written)
    assert (dry.exit_code, real.exit_code) == (1, 1)
    for said in (dry.output, real.output):
        assert "0001_initial.up.sql  (" in said
        assert "it is for PostgreSQL" in said
        assert "`write --restart` writes the migrations anew" in " ".join(said.split())
    assert everything(written) == before
    assert "Written" not in real.output


def test_starting_anew_takes_the_other_database_away(written: Path) -> None:
    """Nothing for PostgreSQL is left, and writing once more changes nothing."""
    choose(written, "mongodb")
    assert run("write", written, "--restart").exit_code == 0
    assert not [path for path in everything(written) if path.endswith(".sql")]
    again = run("write", written)
    assert again.exit_code == 0
    assert "Nothing to change" in again.output


async def test_the_screen_says_the_same_and_writes_nothing(written: Path) -> None:
    """The plan says it, and enter does not write."""
    before = everything(written)
    choose(written, "mariadb")
    async with opened(written) as walker:
        await walker.press("o", "enter")
        assert "is for PostgreSQL" in walker.view.note or "are for PostgreSQL" in walker.view.note
        await walker.press("enter")
    assert everything(written) == before


def test_the_program_is_a_module_too(tmp_path: Path) -> None:
    """`python -m schemawalk` is the command, wherever one is."""
    done = subprocess.run(
        (sys.executable, "-m", "schemawalk", "check", "."),
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3
    assert "schemawalk: schemawalk.toml does not exist" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("entity.note.tenant", "note"), ("note.nam", "note.name"), ("nots", "note")],
)
def test_the_trail_of_something_unknown_names_what_was_meant(
    written: Path, typed: str, meant: str
) -> None:
    """A question's id means what it asks about."""
    said = run("show", written, "--trail", typed)
    assert said.exit_code == 2
    assert f"Did you mean {meant}?" in said.output
