"""Completion: in real shells where they are installed, and by the protocol that they speak."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import tui.main  # noqa: F401  (adds the wizard)
import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.completion import VARIABLE
from schemawalk.examples_folder import copy_example

PROGRAM = "from tui.main import main; main()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished design, with a program called `schemawalk` beside it."""
    place = tmp_path_factory.mktemp("completion")
    copy_example("compliance-saas", place / "design", answered=True)
    program = place / "bin" / "schemawalk"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{PROGRAM}\n")
    program.chmod(0o755)
    return place


def environment(folder: Path) -> dict[str, str]:
    root = str(Path(__file__).parent.parent)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": root, "HOME": str(folder)}


def completed(folder: Path, *words: str, inside: str = "design") -> list[str]:
    """What the program answers to a shell, as bash asks it; the last word is being typed."""
    asked = {VARIABLE: "bash_complete", "COMP_WORDS": "\n".join(("schemawalk", *words)),
             "COMP_CWORD": str(len(words))}  # fmt: skip
    said = subprocess.run(
        [folder / "bin" / "schemawalk"], env=environment(folder) | asked, cwd=folder / inside,
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert said.stderr == ""
    return said.stdout.splitlines()


def plain(lines: list[str]) -> set[str]:
    return {line.removeprefix("plain,") for line in lines if line.startswith("plain,")}


def test_commands_and_folders_come_first(folder: Path) -> None:
    found = completed(folder, "")
    assert {"answer", "questions", "write", "walk"} <= plain(found)
    assert found[0] == "dir,"


def test_a_folder_is_followed_by_the_options_of_the_wizard(folder: Path) -> None:
    assert "--plain" in plain(completed(folder, "design", "--pl", inside="."))


def test_question_ids_are_completed_in_the_folder_or_with_it(folder: Path) -> None:
    assert "stack.database" in plain(completed(folder, "answer", "stack.d"))
    assert "stack.database" in plain(completed(folder, "answer", "design", "stack.d", inside="."))
    assert plain(completed(folder, "answer", "stack.d", inside=".")) == set()


def test_answers_are_completed_with_the_options_of_the_question(folder: Path) -> None:
    assert {"postgresql", "sqlite"} <= plain(completed(folder, "answer", "stack.database", ""))
    assert plain(completed(folder, "answer", "stack.database", "sql")) == {"sqlite"}
    assert plain(completed(folder, "answer", "design", "stack.database", "sql", inside=".")) == {
        "sqlite"
    }


def test_of_several_answers_the_last_is_completed(folder: Path) -> None:
    found = plain(completed(folder, "answer", "migration.tools", "alembic,pri"))
    assert found == {"alembic,prisma"}
    assert plain(completed(folder, "write", "--only", "sql,merm")) == {"sql,mermaid"}


def test_names_of_entities_outputs_databases_and_examples(folder: Path) -> None:
    assert {"document", "document.status"} <= plain(completed(folder, "show", "--trail", "doc"))
    assert plain(completed(folder, "prove", "--on", "sq")) == {"sqlite"}
    assert plain(completed(folder, "new", "x", "--example", "comp")) == {"compliance-saas"}
    assert plain(completed(folder, "completion", "")) == {"bash", "zsh", "fish"}


def test_blanks_are_escaped_as_bash_wants_them(folder: Path) -> None:
    found = plain(completed(folder, "answer", "nouns.settle-the-month.which", "Usage"))
    assert r"Usage\ event" in found


def test_a_broken_design_completes_nothing_and_complains_of_nothing(folder: Path) -> None:
    broken = folder / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "schemawalk.toml").write_text("format = [")
    assert plain(completed(folder, "answer", "stack.", inside="broken")) == set()
    assert plain(completed(folder, "show", "--trail", "", inside="broken")) == set()


def test_an_unknown_shell_is_wrong_usage() -> None:
    assert CliRunner().invoke(cli, ["completion", "csh"]).exit_code == 2


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


def script(shell: str) -> str:
    return CliRunner().invoke(cli, ["completion", shell], catch_exceptions=False).stdout


def say(folder: Path, *command: str) -> str:
    ran = subprocess.run(
        command, env=environment(folder), cwd=folder / "design", capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@needs("bash")
def test_bash_completes(folder: Path) -> None:
    """A real bash loads the script and calls the function that it registered."""
    program = script("bash") + (
        "\ncomplete -p schemawalk\n"
        "COMP_WORDS=(schemawalk answer stack.d)\nCOMP_CWORD=2\n"
        "_schemawalk_completion schemawalk stack.d answer\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    said = say(folder, "bash", "--norc", "-c", program)
    assert "-F _schemawalk_completion schemawalk" in said
    assert said.splitlines()[-1] == "stack.database"


@needs("zsh")
def test_zsh_completes(folder: Path) -> None:
    """A real zsh loads the script; what it would add is caught."""
    program = (
        "compdef() { print registered $2; }\n" + script("zsh") + "\n"
        "compadd() { print -l -- ${(P)@[-1]}; }\n"
        "_describe() { print -l -- ${(P)3}; }\n"
        "words=(schemawalk answer stack.d)\nCURRENT=3\n_schemawalk_completion\n"
    )
    said = say(folder, "zsh", "-f", "-c", program)
    assert "registered schemawalk" in said
    assert "stack.database" in said


@needs("fish")
def test_fish_completes(folder: Path) -> None:
    """A real fish completes a line as if it had been typed."""
    program = script("fish") + '\ncomplete -C "schemawalk answer stack.d"\n'
    assert "stack.database" in say(folder, "fish", "--no-config", "-c", program)
