"""Answers in a file: what it may look like, what is refused, and what is left when it is taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.design.file import NAME, load
from schemawalk.design.model import Design, Note
from tests.courtside import documents
from tui.session import Session
from wizard_steps import walk
from wizard_steps.asking.answers import Entry, apply
from wizard_steps.asking.given import Given
from wizard_steps.commands import answers_file
from wizard_steps.commands.answers_file import AnswersError, read


def run(*arguments: object, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documents(tmp_path / "courtside")


def notes(folder: Path) -> dict[str, Note]:
    return {note.id: note for note in load(folder / NAME).notes}


# What a file may look like


@pytest.mark.parametrize(
    "text",
    [
        '"stack.database" = "sqlite"',
        "[stack]\ndatabase = 'sqlite'",
        'stack.database = "sqlite"',
        '"stack.database" = { value = "sqlite" }',
        '["stack.database"]\nvalue = "sqlite"',
        '{"stack.database": "sqlite"}',
        '{"stack": {"database": {"value": "sqlite"}}}',
    ],
)
def test_an_answer_may_stand_in_many_ways(text: str) -> None:
    (entry,) = read(text, "a")
    assert (entry.id, entry.given.values) == ("stack.database", ("sqlite",))


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("true", ("yes",)), ("false", ("no",)), ("5000", ("5000",)), ('"x"', ("x",)),
        ('["a", "b, c"]', ("a", "b, c")), ("[]", ()), ("16.2", ("16.2",)),
    ],
)  # fmt: skip
def test_values_are_text_as_one_would_type_it(value: str, values: tuple[str, ...]) -> None:
    (entry,) = read(f'"a.b" = {value}', "a")
    assert entry.given.values == values


def test_a_table_carries_the_reason_and_what_is_not_known() -> None:
    one, other = read('"a.b" = {value = "x", why = "so"}\n"c.d" = {unknown = true}', "a")
    assert (one.given.values, one.given.why, one.given.unknown) == (("x",), "so", False)
    assert other.given.unknown


def test_null_in_json_is_no_answer() -> None:
    assert read('{"a.b": null}', "a") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\n"a.b" = 2026-01-01', "file.toml:2: a.b"),
        ('[a]\nb = [["x"]]', "file.toml:2: a.b"),
        ('"a.b" = { value = "x", unknown = "maybe" }', "file.toml:1: a.b"),
        ('"a.b" = "x"\n[a]\nb = "y"', "answered twice"),
        ('{"a.b": 1, "a.b": 2}', "a.b stands there twice"),
        ("a = = b", "file.toml is neither TOML nor JSON"),
        ("[" * 2000, "file.toml is neither TOML nor JSON"),
        ('{"a": ' * 5000, "file.toml is neither TOML nor JSON"),
    ],
)
def test_what_is_no_answer_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(AnswersError, match=r"file\.toml") as caught:
        read(text, "file.toml")
    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)


# What is refused


def test_nothing_is_saved_when_one_answer_is_refused(folder: Path, tmp_path: Path) -> None:
    """All or nothing: the good answer beside a bad one is not kept either."""
    file = tmp_path / "mine.toml"
    file.write_text('# mine\n"stack.database" = "postgresql"\n"unsaid.audit" = "perhaps"\n')
    result = run("answer", folder, "--answers", file)
    assert result.exit_code == 1
    assert f"{file}:3: " in result.stderr
    assert "'perhaps' is not an answer to unsaid.audit: yes, no." in result.stderr
    assert not (folder / NAME).exists()


def test_a_misspelt_id_is_met_with_the_one_that_was_meant(folder: Path) -> None:
    result = run("answer", folder, "--answers", "-", stdin='"stack.databse" = "sqlite"')
    assert result.exit_code == 1
    assert "standard input:1: " in result.stderr
    assert "Did you mean stack.database?" in result.stderr


def test_one_misspelt_id_on_the_command_line_too(folder: Path) -> None:
    run("answer", folder, "--defaults")
    result = run("answer", folder, "unsaid.audits", "yes")
    assert result.exit_code == 1
    assert "Did you mean unsaid.audit?" in result.stderr
    assert run("answer", folder, "nonsense.entirely", "yes").stderr.count("Did you mean") == 0


def test_answers_that_nothing_asks_for_can_be_passed_over(folder: Path) -> None:
    text = '"stack.database" = "postgresql"\n"entity.ghost.persists" = "no"\n'
    result = run("answer", folder, "--answers", "-", "--skip-unasked", stdin=text)
    assert "Passed over" in result.stderr
    assert load(folder / NAME).stack.database == "postgresql"
    wrong = '"stack.database" = "dbase"\n'
    assert run("answer", folder, "--answers", "-", "--skip-unasked", stdin=wrong).exit_code == 1
    assert load(folder / NAME).stack.database == "postgresql"


def test_of_many_refused_answers_the_first_are_named(folder: Path) -> None:
    text = "".join(f'"entity.ghost{i}.persists" = "no"\n' for i in range(50))
    result = run("answer", folder, "--answers", "-", stdin=text)
    assert result.stderr.count("standard input:") == 20
    assert "and 30 more" in result.stderr
    listed = json.loads(run("answer", folder, "--answers", "-", "--json", stdin=text).stdout)
    assert (listed["saved"], len(listed["refused"])) == (False, 50)


# What is left


def test_missing_answers_are_listed_one_a_line_with_their_prompt(folder: Path) -> None:
    """The answers given are saved: the file is right, the design is not finished."""
    result = run("answer", folder, "--answers", "-", stdin='"unsaid.audit" = "no"\n')
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert any(line.startswith("unsaid.groups: ") and line.endswith("?") for line in lines)
    assert not any(line.startswith("unsaid.audit: ") for line in lines)
    assert load(folder / NAME).unsaid.audit == "no"


def test_defaults_fill_the_rest_and_say_what_they_took(folder: Path) -> None:
    text = '"unsaid.audit" = "yes"\n'
    result = run("answer", folder, "--answers", "-", "--defaults", stdin=text)
    assert "unsaid.groups = " in result.stdout
    taken = [line for line in result.stdout.splitlines() if line.startswith("  unsaid.groups = ")]
    assert ", because " in taken[0]
    assert "  unsaid.audit = " not in result.stdout
    assert load(folder / NAME).unsaid.audit == "yes"
    assert "Audit entry" in {e.name for e in load(folder / NAME).entities}


def test_answers_come_before_what_they_let_recommend(folder: Path) -> None:
    """What is recommended for keys follows from the answer in the file, not from the usual one."""
    usual = json.loads(run("answer", folder, "--defaults", "--json").stdout)
    (keys,) = [d for d in usual["defaults"] if d["id"] == "stack.identifiers"]
    assert keys["value"] == "uuid"
    (folder / NAME).unlink()
    text = '"stack.offline" = "no"\n"stack.guessable" = "yes"\n'
    run("answer", folder, "--answers", "-", "--defaults", stdin=text)
    assert load(folder / NAME).stack.identifiers == "bigint"


def test_programs_get_what_was_done_as_json(folder: Path) -> None:
    text = '"unsaid.audit" = "no"\n'
    result = run("answer", folder, "--answers", "-", "--defaults", "--json", stdin=text)
    said = json.loads(result.stdout)
    assert said["saved"] is True
    assert said["given"] == ["unsaid.audit"]
    assert said["answered"] + len(said["missing"]) == said["total"]
    assert {"id", "value", "because"} == set(said["defaults"][0])


def test_an_answer_that_is_in_the_design_already_changes_nothing(folder: Path) -> None:
    """What a document said stays said by the document."""
    run("answer", folder, "--defaults")
    before = (folder / NAME).read_bytes()
    run("answer", folder, "--answers", "-", stdin='"stack.database" = "sqlite"\n')
    assert (folder / NAME).read_bytes() == before
    assert notes(folder)["stack.database"].by == "document"


def test_an_unknown_answer_is_settled_by_the_same_value(folder: Path) -> None:
    run("answer", folder, "--answers", "-", "--defaults",
        stdin='"unsaid.audit" = { unknown = true }')  # fmt: skip
    assert notes(folder)["unsaid.audit"].unknown
    value = load(folder / NAME).unsaid.audit
    run("answer", folder, "--answers", "-", stdin=f'"unsaid.audit" = "{value}"')
    assert "unsaid.audit" not in notes(folder) or not notes(folder)["unsaid.audit"].unknown


def test_a_reason_is_kept_with_its_answer(folder: Path) -> None:
    text = '"unsaid.audit" = { value = "yes", why = "the auditors ask for it" }'
    run("answer", folder, "--answers", "-", stdin=text)
    assert notes(folder)["unsaid.audit"].why == "the auditors ask for it"


def test_the_wizard_can_take_back_what_a_file_answered(folder: Path) -> None:
    """Answers from outside are one change of the history, with a name."""
    run("answer", folder, "--defaults")
    run("answer", folder, "--answers", "-", stdin='"unsaid.audit" = "yes"')
    run("answer", folder, "product.name", "Deuce")
    session = Session.open(folder, lambda _: None)
    session.undo()
    assert session.design.product.name == "Courtside"
    session.undo()
    assert session.design.unsaid.audit == "no"
    assert session.notice == "Undone: Answers from standard input"
    session.close()


# What is printed


def test_the_printed_file_says_the_same_when_it_is_read_again(folder: Path) -> None:
    run("answer", folder, "--defaults")
    design = load(folder / NAME)
    asked = walk.questions(design)
    toml = answers_file.as_toml(design)
    read_back = {entry.id: entry for entry in read(toml, "a")}
    undecided = (None, ("leave",))  # what the review finds, and nobody accepted
    assert list(read_back) == [q.id for q in asked if q.answer not in undecided]
    for question in asked:
        entry = read_back.get(question.id)
        if entry and not entry.given.unknown:
            labels = tuple(question.label(value) for value in question.answer or ())
            assert entry.given.values in (question.answer, labels)
    as_json = json.dumps(answers_file.as_json(design))
    assert {e.id: e.given for e in read(as_json, "a")} == {i: e.given for i, e in read_back.items()}


def test_lines_of_the_printed_file_are_found_again(folder: Path) -> None:
    run("answer", folder, "--defaults")
    toml = answers_file.as_toml(load(folder / NAME))
    lines = toml.splitlines()
    for entry in read(toml, "a"):
        assert lines[entry.line - 1].startswith(f'"{entry.id}" = ')


def test_a_journey_that_was_typed_in_is_in_the_file_too(tmp_path: Path) -> None:
    """Then not even documents are needed to make the same design again."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    journey = ["Upload: the user uploads a document", "Pay: the user pays an invoice"]
    text = json.dumps({"product.name": "Quay", "product.journey": journey})
    assert run("answer", first, "--answers", "-", "--defaults", stdin=text).exit_code == 0
    printed = run("questions", first, "--answers").stdout
    assert run("answer", second, "--answers", "-", stdin=printed).exit_code == 0
    assert (second / NAME).read_text() == (first / NAME).read_text()
    assert [step.title for step in load(second / NAME).steps] == ["Upload", "Pay"]


@pytest.mark.parametrize(
    "typed",
    [
        "Club - Court",
        "Court - Club as owner",
        "Player - Player as coach",
        "Club - Booking as past host",
    ],
)
def test_own_pairs_are_printed_as_one_would_type_them(folder: Path, typed: str) -> None:
    """Their ids mean nothing to a new design; the same words make the same ids."""
    run("answer", folder, "--defaults")
    before = walk.question(load(folder / NAME), "links.which").answer or ()
    text = f'"links.which" = {json.dumps([*before, typed])}'
    assert run("answer", folder, "--answers", "-", "--defaults", stdin=text).exit_code == 0
    printed = run("questions", folder, "--answers").stdout
    assert f'"{typed}"' in printed
    again = documents(folder.parent / "again")
    assert run("answer", again, "--answers", "-", stdin=printed).exit_code == 0
    assert load(again / NAME).relationships == load(folder / NAME).relationships


def test_open_questions_stand_there_as_comments(folder: Path) -> None:
    run("answer", folder, "--answers", "-", stdin='"unsaid.audit" = "no"')
    printed = run("questions", folder, "--answers").stdout
    assert '\n"unsaid.audit" = "no"\n' in printed
    assert '\n#? "unsaid.groups" = ' in printed
    assert "(recommended)" in printed
    as_json = json.loads(run("questions", folder, "--answers", "--json").stdout)
    assert as_json["unsaid.audit"] == "no"
    assert as_json["unsaid.groups"] is None


def test_options_that_contradict_each_other_are_refused(folder: Path) -> None:
    run("answer", folder, "--defaults")
    assert run("questions", folder, "--toml").exit_code == 2
    assert run("questions", folder, "--answers", "--toml", "--json").exit_code == 2
    assert run("questions", folder, "--answers", "--open").exit_code == 2
    assert run("answer", folder, "--answers", "x.toml", "--why", "so").exit_code == 2
    assert run("answer", folder, "unsaid.audit", "--unknown", "--why", "so").exit_code == 2


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(name=HOSTILE, why=HOSTILE)
def test_any_text_survives_the_file(name: str, why: str) -> None:
    """Quotes, line ends, control signs, brackets: what was answered is what is read."""
    start = walk.answer(Design(), "product.name", "x")
    entry = Entry("product.name", Given((name.strip() or "x",), why.strip()))
    design = apply(start, [entry]).design
    printed = answers_file.as_toml(design)
    (back,) = [e for e in read(printed, "a") if e.id == "product.name"]
    assert back.given.values == (design.product.name,)
    note = next((n for n in design.notes if n.id == "product.name"), Note(id="product.name"))
    assert back.given.why == note.why
