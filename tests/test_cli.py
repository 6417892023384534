"""The commands: what they print, what they exit with, and what never reaches a user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli


def run(*arguments: object, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin)


def run_json(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "compliance"
    assert run("new", folder, "--example", "compliance-saas", "--answered").exit_code == 0
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy of the example, with every question answered."""
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    assert run("answer", copy, "--defaults").exit_code == 0
    return copy


def test_new_copies_an_example_and_never_over_something(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    assert run("new", target, "--example", "compliance-saas").exit_code == 0
    assert (target / "product-guidelines" / "00-user-journey.md").is_file()
    assert not (target / "schemawalk.toml").exists()
    again = run("new", target, "--example", "compliance-saas")
    assert again.exit_code == 3
    assert "exists already" in again.stderr


def test_new_without_an_example_makes_an_empty_design(tmp_path: Path) -> None:
    assert run("new", tmp_path / "mine").exit_code == 0
    assert run_json("questions", tmp_path / "mine")


def test_an_unknown_example_names_those_that_exist(tmp_path: Path) -> None:
    result = run("new", tmp_path / "x", "--example", "nonsense")
    assert result.exit_code == 2
    assert "compliance-saas" in result.stderr


def test_read_finds_steps_candidates_and_stack(finished: Path) -> None:
    found = run_json("read", finished / "product-guidelines")
    assert found["stack"]["database"]["value"] == "postgresql"
    assert {"id", "title", "line", "candidates"} == set(found["steps"][0])
    assert {"name", "score", "because"} == set(found["steps"][0]["candidates"][0])
    scores = [c["score"] for c in found["candidates"]]
    assert scores == sorted(scores, reverse=True)


def test_read_of_nothing_is_one_sentence(tmp_path: Path) -> None:
    result = run("read", tmp_path / "missing.md")
    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1
    assert "missing.md" in result.stderr


def test_questions_have_the_keys_that_programs_rely_on(finished: Path) -> None:
    first = run_json("questions", finished)[0]
    assert {"id", "step", "tree", "node", "subject", "prompt", "options", "recommended", "because",
            "answer", "state"} <= set(first)  # fmt: skip


def test_only_open_questions_can_be_listed(folder: Path) -> None:
    assert run_json("questions", folder, "--open") == []
    assert run("answer", folder, "stack.database", "--unknown").exit_code == 0
    assert [q["id"] for q in run_json("questions", folder, "--open")] == ["stack.database"]


def test_an_answer_changes_the_schema(folder: Path) -> None:
    assert run("answer", folder, "entity.framework.persists", "no").exit_code == 0
    assert "frameworks" not in {t["name"] for t in run_json("show", folder)["tables"]}


def test_a_refused_answer_changes_nothing(folder: Path) -> None:
    before = (folder / "schemawalk.toml").read_bytes()
    result = run("answer", folder, "stack.database", "dbase")
    assert result.exit_code == 1
    assert "postgresql" in result.stderr
    assert (folder / "schemawalk.toml").read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        '"stack.identifiers" = "bigint"\n"entity.document.rows" = 5000\n',
        "[stack]\nidentifiers = 'bigint'\n[entity.document]\nrows = 5000\n",
        '{"stack.identifiers": "bigint", "entity": {"document": {"rows": 5000}}}',
    ],
)
def test_answers_come_from_a_file_as_toml_or_json(folder: Path, text: str) -> None:
    result = run("answer", folder, "--answers", "-", stdin=text)
    assert result.exit_code == 0, result.output
    assert run_json("show", folder)["tables"][0]["columns"][0]["type"] == "bigint"


def test_of_answers_of_which_one_fits_nothing_none_is_kept(folder: Path) -> None:
    before = (folder / "schemawalk.toml").read_bytes()
    text = '"stack.identifiers" = "bigint"\n"stack.colour" = "red"\n'
    result = run("answer", folder, "--answers", "-", stdin=text)
    assert result.exit_code == 1
    assert "stack.colour" in result.stderr
    assert (folder / "schemawalk.toml").read_bytes() == before


@pytest.mark.parametrize("value", ["-1", "-created_at", "-h"])
def test_a_value_may_begin_with_a_minus(folder: Path, value: str) -> None:
    """It is told from an option: an option has two dashes, or is one that there is."""
    result = run("answer", folder, "product.name", value)
    if value == "-h":
        assert "Usage:" in result.stdout
        result = run("answer", folder, "--", "product.name", value)
    assert result.exit_code == 0, result.output
    assert tomllib.loads((folder / "schemawalk.toml").read_text())["product"]["name"] == value
    assert run("answer", folder, "--nonsense", "product.name", "x").exit_code == 2


def test_options_may_stand_behind_values(folder: Path) -> None:
    assert run("answer", folder, "product.name", "-7", "--why", "it is").exit_code == 0
    design = tomllib.loads((folder / "schemawalk.toml").read_text())
    assert {"product.name": "it is"}.items() <= {
        n["id"]: n.get("why") for n in design["note"]
    }.items()


def test_what_an_answer_puts_in_doubt_is_said(folder: Path) -> None:
    said = run_json("answer", folder, "unsaid.sign_in", "none")
    assert said["saved"] is True
    assert said["given"] == ["unsaid.sign_in"]
    assert {"answered", "total", "missing", "look_again"} <= set(said)


def test_one_way_of_showing_at_a_time(finished: Path) -> None:
    for pair in (("--erd", "--sql"), ("--sql", "--json"), ("--trail", "document", "--erd")):
        result = run("show", finished, *pair)
        assert result.exit_code == 2
        assert "Choose one of --erd, --sql, --json and --trail" in result.stderr


def test_a_misspelt_name_is_met_with_the_one_that_was_meant(finished: Path) -> None:
    assert "Did you mean document?" in run("show", finished, "--trail", "documnet").stderr


PROGRAM = (sys.executable, "-c", "from tui.main import main; main()")


@pytest.mark.parametrize("command", ["questions", "show", "check", "manual"])
def test_nobody_listening_ends_a_command_without_a_word(finished: Path, command: str) -> None:
    """As a shell reports it of other programs: 141, and nothing on stderr."""
    folder = [] if command == "manual" else [str(finished)]
    ran = subprocess.run(
        ["bash", "-c", '"$@" | true; echo "${PIPESTATUS[0]}"', "-", *PROGRAM, command, *folder],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.strip() in ("141", "0")  # 0: it had said all before the reader was gone
    assert ran.stderr == ""


def test_a_closed_pipe_is_seen_for_certain(finished: Path) -> None:
    """The reader is gone before the first word: sixty lines do not fit into nothing."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [*PROGRAM, "questions", str(finished)], stdout=writer, stderr=subprocess.PIPE, timeout=60
    )
    os.close(writer)
    assert ran.returncode == 141
    assert ran.stderr == b""


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_nobody_listening_to_the_help_ends_it_as_quietly(option: str) -> None:
    """The first line was enough for whoever asked."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run([*PROGRAM, option], stdout=writer, stderr=subprocess.PIPE, timeout=60)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_reading_much_is_said_meanwhile_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = tmp_path / "journey.md"
    step = "## Step {0}: Send a letter\n- **User Action**: The user sends letter {0}.\n\n"
    journey.write_text("".join(step.format(i) for i in range(4000)))
    monkeypatch.setattr("schemawalk.cli.on_terminal", lambda: True)
    said = run("read", journey)
    assert "Reading 0.3 MB" in said.stderr
    assert said.stderr.index("Reading") < said.stderr.index("\r")
    monkeypatch.setattr("schemawalk.cli.on_terminal", lambda: False)
    assert "MB" not in run("read", journey).stderr
    journey.write_text(step.format(1))
    monkeypatch.setattr("schemawalk.cli.on_terminal", lambda: True)
    assert "MB" not in run("read", journey).stderr


def test_every_recommendation_can_be_taken_at_once(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    run("new", target, "--example", "compliance-saas")
    assert run("answer", target, "--defaults").exit_code == 0
    assert run_json("questions", target, "--open") == []
    assert {"users", "documents"} <= {t["name"] for t in run_json("show", target)["tables"]}


def test_check_is_quiet_about_the_example_and_loud_about_a_mistake(folder: Path) -> None:
    assert run("check", folder).exit_code == 0
    toml = (folder / "schemawalk.toml").read_text()
    assert 'on_delete = "cascade"' in toml
    (folder / "schemawalk.toml").write_text(
        toml.replace('on_delete = "cascade"', 'on_delete = "set-null"', 1)
    )
    result = run("check", folder, "--json")
    assert result.exit_code == 1
    assert "set-null-on-not-null" in result.stdout


def test_show_gives_the_derived_schema(finished: Path) -> None:
    tables = {t["name"]: t for t in run_json("show", finished)["tables"]}
    assert {"columns", "references", "on_delete", "because"} <= set(
        tables["documents"]["foreign_keys"][0]
    )
    assert {"name", "type", "nullable", "default"} <= set(tables["documents"]["columns"][0])
    assert tables["assessment_frameworks"]["primary_key"] == ["assessment_id", "framework_id"]


def test_show_draws_writes_and_tells(finished: Path) -> None:
    assert "assessments" in run("show", finished, "--erd").stdout
    assert "CREATE TABLE documents" in run("show", finished, "--sql").stdout
    assert "CASCADE" in run("show", finished, "--trail", "user_documents").stdout
    assert run("show", finished, "--trail", "nonsense").exit_code == 2


def test_a_design_for_mongodb_is_shown_and_written_and_nowhere_proven(folder: Path) -> None:
    """Exit code 3: a server could not be used."""
    path = folder / "schemawalk.toml"
    path.write_text(path.read_text().replace('database = "postgresql"', 'database = "mongodb"'))
    assert "db.createCollection(" in run("show", folder, "--sql").stdout
    assert '"type": "binData"' in run("show", folder, "--json").stdout
    result = run("write", folder)
    assert result.exit_code == 0, result.output
    assert {path.name for path in folder.rglob("*.js")} == {
        "0001_initial.js", "0001_initial.down.js",
    }  # fmt: skip
    assert not list(folder.rglob("*.sql"))
    result = run("prove", folder)
    assert result.exit_code == 3
    assert "No MongoDB server can be started here" in result.stderr


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    result = run("write", folder, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "0001_initial.up.sql" in result.stdout
    assert sorted(folder.rglob("*")) == before


def test_write_writes_and_the_second_time_changes_nothing(folder: Path) -> None:
    assert run("write", folder).exit_code == 0
    code = folder / "product-guidelines" / "07-database-schema"
    assert (code / "migrations" / "sql" / "0001_initial.up.sql").is_file()
    assert (folder / "product-guidelines" / "07-database-schema.md").is_file()
    again = run("write", folder)
    assert again.exit_code == 0
    assert "update" not in again.stdout
    assert "create" not in again.stdout


def test_a_file_that_somebody_edited_is_never_overwritten(folder: Path) -> None:
    run("write", folder)
    document = folder / "product-guidelines" / "07-database-schema.md"
    document.write_text("mine now\n")
    run("write", folder)
    assert document.read_text() == "mine now\n"
    assert document.with_name(document.name + ".new").is_file()


def test_a_migration_that_was_written_is_never_rewritten(folder: Path) -> None:
    run("write", folder)
    up = next(folder.rglob("0001_initial.up.sql"))
    before = up.read_text()
    run("answer", folder, "stack.identifiers", "bigint")
    result = run("write", folder)
    assert result.exit_code == 1
    assert up.read_text() == before
    assert run("write", folder, "--restart").exit_code == 0
    assert up.read_text() != before


def test_only_some_outputs_can_be_written(folder: Path, tmp_path: Path) -> None:
    result = run("write", folder, "--only", "mermaid", "--to", tmp_path / "out")
    assert result.exit_code == 0, result.output
    written = [
        p for p in (tmp_path / "out").rglob("*") if p.is_file() and ".schemawalk" not in str(p)
    ]
    assert [p.name for p in written] == ["erd.mmd"]
    assert run("write", folder, "--only", "nonsense").exit_code == 2


def test_prove_on_sqlite_holds(finished: Path) -> None:
    found = run_json("prove", finished, "--on", "sqlite")
    assert found["ok"] is True
    (engine,) = found["engines"]
    assert {"name", "version", "ok", "checks"} <= set(engine)
    assert len(engine["checks"]) > 50
    assert all({"name", "ok", "detail"} <= set(check) for check in engine["checks"])


def test_a_folder_without_a_design_says_how_to_start(tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert result.exit_code == 3
    assert "schemawalk.toml" in result.stderr
    assert "new" in result.stderr


def test_a_broken_design_is_explained_with_its_line_and_left_alone(folder: Path) -> None:
    path = folder / "schemawalk.toml"
    path.write_text("format = 1\n[product\n")
    result = run("check", folder)
    assert result.exit_code == 3
    assert "schemawalk.toml:2" in result.stderr
    assert path.read_text() == "format = 1\n[product\n"


def test_hostile_text_never_reaches_the_terminal_raw(folder: Path) -> None:
    path = folder / "schemawalk.toml"
    hostile = 'summary = "\\u001b]52;c;aGk=\\u0007 [/foo] \\u202e"'
    toml = path.read_text()
    start = toml.index("summary = ")
    path.write_text(toml[:start] + hostile + toml[toml.index("\n", start) :])
    for command in ("check", "questions", "show"):
        result = run(command, folder)
        assert "\x1b" not in result.output
        assert "\u202e" not in result.output


def test_help_fits_a_screen_and_names_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) <= 30
    for command in ("new", "read", "questions", "answer", "check", "show", "write", "prove"):
        assert f"\n  {command} " in result.stdout


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert run("write", tmp_path, "--nonsense").exit_code == 2
    assert run("answer", "only-an-id").exit_code == 2


def test_the_hint_works_for_a_folder_that_is_called_like_a_command(tmp_path: Path) -> None:
    said = run("new", tmp_path / "check", "--example", "compliance-saas").stdout
    assert f"Next: schemawalk walk {tmp_path / 'check'}" in said


def test_answers_that_are_none_are_wrong_usage(folder: Path) -> None:
    assert run("answer", folder, "--answers", "-", stdin="").exit_code == 2
    assert run("answer", folder, "product.name").exit_code == 2
    assert run("answer", folder, "stack.version", "abc").exit_code == 1


def test_what_cannot_be_read_at_all_exits_with_3(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("")
    assert run("read", tmp_path / "empty.md").exit_code == 3


def test_no_table_is_nothing_to_prove(tmp_path: Path) -> None:
    run("new", tmp_path / "mine")
    assert run("prove", tmp_path / "mine", "--on", "sqlite").exit_code == 1
