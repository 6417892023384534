"""What an example holds can be decided by answers: those that it prints make its schema again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from click.testing import CliRunner

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.design.file import NAME, load
from schemawalk.design.model import Design
from schemawalk.examples_folder import copy_example
from schemawalk.schema.derive import derive


@pytest.fixture(params=["compliance-saas", "rehearsal-rooms"], scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An example, and what its printed answers make of its documents alone."""
    home = tmp_path_factory.mktemp("examples")
    copy_example(request.param, home / "told", answered=True)
    copy_example(request.param, home / "again", answered=False)
    assert not (home / "again" / NAME).exists()
    printed = CliRunner().invoke(cli, ["questions", str(home / "told"), "--answers"]).stdout
    assert not re.findall(r"^#\? (?!\"review).*", printed, re.MULTILINE), "all is answered"
    said = ["answer", str(home / "again"), "--answers", "-"]
    done = CliRunner().invoke(cli, said, input=printed)
    assert (done.exit_code, done.stderr) == (0, "")
    return load(home / "told" / NAME), load(home / "again" / NAME)


def test_its_answers_make_the_same_schema(both: tuple[Design, Design]) -> None:
    """Tables, columns, keys, rules, indexes, comments, and all that stands around them."""
    told, again = map(derive, both)
    assert again.schema.tables == told.schema.tables
    assert again.schema == told.schema


def test_its_answers_keep_ids_and_names(both: tuple[Design, Design]) -> None:
    """Made by hand or not: migrations find things by them."""
    told, again = both
    for kind in ("entities", "access_patterns", "rules", "finishes", "waivers"):
        names = [[_called(part) for part in getattr(design, kind)] for design in both]
        assert names[0] == names[1], kind
    links = [[(x.id, x.a, x.b) for x in design.relationships] for design in both]
    assert links[0] == links[1]
    assert {a.id: a.name for e in told.entities for a in e.attributes} == {
        a.id: a.name for e in again.entities for a in e.attributes
    }


def test_its_answers_keep_what_is_said_once(both: tuple[Design, Design]) -> None:
    """Product, stack, what journeys never say, and how rows are kept."""
    told, again = both
    for part in ("product", "stack", "unsaid", "keeping", "sources", "steps"):
        assert getattr(again, part) == getattr(told, part)


def _called(part: Any) -> tuple[str, ...]:
    return tuple(str(getattr(part, key, "")) for key in ("id", "name", "says", "rule", "subject"))
