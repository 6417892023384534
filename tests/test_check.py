"""The command `check`: what it finds, in which words, what it fixes, and what it exits with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.design.file import NAME, DesignFile, load
from schemawalk.design.model import Design
from tests.schema.designs import entity, fact, link

PLATE = fact("car", "plate", kind="identifier", unique="alone", required="optional",
             purpose="its plate")  # fmt: skip
STAMP = fact("car", "made_at", required="start", default="now", purpose="when it was made")
WARNED = Design(entities=(entity("Car", PLATE, STAMP, origin="user", created_by="system"),))
BROKEN = WARNED.model_copy(update={
    "entities": (*WARNED.entities, entity("Wheel", STAMP.model_copy(update={"id": "wheel.made_at"}),
                                          origin="user")),
    "relationships": (link("car", "wheel", on_delete="set-null"),),
})  # fmt: skip


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved(tmp_path, WARNED)


def saved(folder: Path, design: Design) -> Path:
    with DesignFile.open(folder) as file:
        file.save(design)
    return folder


def as_json(folder: Path, *options: str) -> Any:
    return json.loads(run("check", folder, "--json", *options).stdout)


def test_findings_stand_by_gravity_and_rule_within_eighty_columns(tmp_path: Path) -> None:
    result = run("check", saved(tmp_path, BROKEN))
    said = result.stdout
    assert result.exit_code == 1
    assert said.index("ERRORS") < said.index("set-null-on-not-null") < said.index("WARNINGS")
    assert said.index("WARNINGS") < said.index("nullable-unique")
    assert "InnoDB refuses the table; any other takes it" in said
    assert "--fix set-null-on-not-null:car_wheel" in said
    assert max(map(len, said.splitlines())) <= 80
    assert said.splitlines()[-1].startswith("1 error, ")


def test_warnings_are_counted_and_stand_in_the_way_only_when_asked_to(folder: Path) -> None:
    assert run("check", folder).exit_code == 0
    assert run("check", folder, "--strict").exit_code == 1


def test_what_is_accepted_is_told_with_its_reason_and_satisfies_the_strict(folder: Path) -> None:
    before = {f["rule"] for f in as_json(folder)["findings"] if f["severity"] == "warning"}
    for rule in before:
        subject = next(f["subject"] for f in as_json(folder)["findings"] if f["rule"] == rule)
        question = ".".join(("review", rule, subject, "decide"))
        answered = run("answer", folder, question, "accept", "--why", "Cars from abroad have none.")
        assert answered.exit_code == 0, answered.output
    result = run("check", folder, "--strict")
    assert result.exit_code == 0, result.output
    assert "ACCEPTED" in result.stdout
    assert "Accepted: Cars from abroad have none." in result.stdout
    assert result.stdout.rstrip().endswith(f"{len(before)} accepted.")
    assert {f["waiver"] for f in as_json(folder)["waived"]} == {"Cars from abroad have none."}


def test_a_fix_is_saved_as_one_change(tmp_path: Path) -> None:
    saved(tmp_path, BROKEN)
    result = run("check", tmp_path, "--fix", "set-null-on-not-null", "--fix",
                 "nullable-unique:car.plate")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Fixed set-null-on-not-null:car_wheel" in result.stdout
    design = load(tmp_path / NAME)
    assert design.relationships[0].optional == "yes"
    assert design.entities[0].attributes[0].required == "start"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nullable-uniqe", "Did you mean nullable-unique"),
        ("nullable-unique:car.made_at", "is not found here"),
        ("entity-untraced:wheel", "is not found here"),
    ],
)
def test_what_cannot_be_fixed_is_said_and_nothing_is_saved(
    folder: Path, name: str, said: str
) -> None:
    before = (folder / NAME).read_text()
    result = run("check", folder, "--fix", "nullable-unique", "--fix", name)
    assert result.exit_code == 1
    assert said in result.stderr
    assert (folder / NAME).read_text() == before


def test_what_only_somebody_can_tell_is_not_fixed(tmp_path: Path) -> None:
    twice = (link("car", "wheel", on_delete="cascade"),
             link("car", "wheel", id="again", on_delete="cascade"))  # fmt: skip
    saved(tmp_path, BROKEN.model_copy(update={"relationships": twice}))
    result = run("check", tmp_path, "--fix", "duplicate-fk")
    assert result.exit_code == 1
    assert "Only you can tell" in result.stderr


def test_programs_get_findings_with_their_answers_and_the_checklists(folder: Path) -> None:
    found = as_json(folder)
    one = next(f for f in found["findings"] if f["rule"] == "nullable-unique")
    assert one["answers"] == {"attribute.car.plate.required": ["start"]}
    assert {"rule", "severity", "subject", "message", "why", "fix", "waiver"} <= one.keys()
    lines = {v["line"]: v["holds"] for group in found["checklist"] for v in group["verdicts"]}
    assert lines["Business keys are unique"] is False
    assert lines["Foreign keys are indexed"] is None


def test_a_mistake_stands_in_the_way_of_writing(tmp_path: Path) -> None:
    result = run("write", saved(tmp_path, BROKEN))
    assert result.exit_code == 1
    assert "set-null-on-not-null" in result.stdout
    assert "nullable-unique" not in result.stdout, "warnings do not"
    assert not list(tmp_path.rglob("*.sql"))


def test_the_same_reason_is_said_once(tmp_path: Path) -> None:
    """What a database cannot hold has one reason, however many rules tell of it."""
    stack = BROKEN.stack.model_copy(update={"database": "sqlite"})
    exact = fact("car", "worth", kind="decimal", precision=12, scale=4, required="start")
    place = fact("car", "address", kind="ip-address", required="start")
    car = WARNED.entities[0].model_copy(update={"attributes": (PLATE, STAMP, exact, place)})
    design = WARNED.model_copy(update={"stack": stack, "entities": (car,)})
    said = run("check", saved(tmp_path, design)).stdout
    assert {"sqlite-lossy-numeric", "sqlite-lossy-inet"} <= set(said.split())
    assert said.count("only the program keeps, or nobody") == 1
