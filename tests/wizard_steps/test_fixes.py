"""A fix settles what it is for and breaks nothing else; where it would not, nothing is changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.design.file import NAME, DesignFile, load
from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, shop
from tests.schema.rentals import rentals
from tests.wizard_steps.designs import taken
from wizard_steps.asking.question import AnswerError
from wizard_steps.reviewed import Matter, can_be_fixed, fixed, matters

EXAMPLES = Path(__file__).parents[2] / "examples"
DATABASES = ("postgresql", "mariadb", "sqlite", "mongodb")
PLATE = fact("car", "plate", kind="identifier", unique="alone", required="optional")
CAR = Design(entities=(entity("Car", PLATE, origin="user", created_by="system"),))


def example(name: str) -> Design:
    return load(EXAMPLES / name / NAME)


def on(design: Design, database: str) -> Design:
    stack = design.stack.model_copy(update={"database": database, "version": None})
    return design.model_copy(update={"stack": stack})


def found(design: Design, *severities: str) -> set[tuple[str, str]]:
    findings = review(design).findings
    return {(f.rule, f.subject) for f in findings if not severities or f.severity in severities}


def offered(design: Design, known: frozenset[str] = frozenset()) -> Iterator[Matter]:
    for matter in matters(design).values():
        if not matter.is_accepted and matter.id not in known and can_be_fixed(design, matter):
            yield matter


# What is refused


def wrong(question: str, value: str) -> Matter:
    """What is found about the plate, with an answer that does not settle it."""
    (finding,) = matters(CAR)["nullable-unique.car.plate"].findings
    said = Finding(finding.rule, finding.severity, finding.subject, finding.message,
                   answers=((question, (value,)),))  # fmt: skip
    return Matter(said.rule, said.subject, (said,))


def test_a_fix_after_which_the_same_is_found_is_refused() -> None:
    with pytest.raises(AnswerError) as refused:
        fixed(CAR, wrong("attribute.car.plate.sensitivity", "internal"))
    assert str(refused.value).startswith(
        "Nothing was changed: nullable-unique.car.plate would be found all the same."
    )


def test_a_fix_that_brings_an_error_is_refused() -> None:
    with pytest.raises(AnswerError) as refused:
        fixed(CAR, wrong("attribute.car.plate.kind", "one-of"))
    assert str(refused.value).startswith("Nothing was changed: ")


def test_an_error_that_was_there_already_is_no_reason_to_refuse() -> None:
    wheel = entity("Wheel", fact("wheel", "status", kind="one-of"), origin="user")
    design = CAR.model_copy(update={"entities": (*CAR.entities, wheel)})
    assert ("enum-like-without-check", "wheel.status") in found(design, "error")
    after = fixed(design, matters(design)["nullable-unique.car.plate"])
    assert after.entities[0].attributes[0].required == "start"


def test_the_command_saves_nothing_when_one_of_its_fixes_is_refused(tmp_path: Path) -> None:
    odd = entity("Badge", fact("badge", "note", kind="short-text", required="start",
                               values=("a\x1b",)), origin="user")  # fmt: skip
    design = Design(entities=(*CAR.entities, odd))
    with DesignFile.open(tmp_path) as file:
        file.save(design)
    before = (tmp_path / NAME).read_bytes()
    fixes = ("--fix", "nullable-unique", "--fix", "control-characters:badge.note")
    result = CliRunner().invoke(cli, ["check", str(tmp_path), *fixes])
    assert result.exit_code != 0
    assert "Fixed" not in result.output
    assert (tmp_path / NAME).read_bytes() == before
    said = CliRunner().invoke(cli, ["check", str(tmp_path)]).output
    assert "--fix nullable-unique:car.plate" in said
    assert "--fix control-characters" not in said, "a note is not asked for its values"


# What is offered


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("name", ["rehearsal-rooms", "compliance-saas"])
def test_each_fix_offered_in_an_example_works_alone(name: str, database: str) -> None:
    bare = on(example(name), database).model_copy(update={"waivers": ()})
    known = found(bare, "error", "warning")
    for matter in offered(bare):
        after = fixed(bare, matter)
        assert (matter.rule, matter.subject) not in found(after), matter.id
        assert found(after, "error", "warning") <= known, matter.id


CARS = Design(entities=(
    entity("Car", fact("car", "name", required="start"), fact("car", "iban", kind="short-text"),
           fact("car", "photo", kind="bytes"), fact("car", "is_new", required="optional"),
           fact("car", "sold_at", kind="date", default="'now()'"), owner="ghost"),
    entity("Bus", fact("bus", "number", kind="identifier", required="start"), key="natural",
           identity=("number",)),
))  # fmt: skip


@pytest.mark.parametrize("design", [
    shop(), rentals(), taken(), CARS, on(CARS, "sqlite"), on(taken(), "mariadb"),
    shop(relationships=(link("customer", "order", on_delete="set-null"),), access_patterns=()),
])  # fmt: skip
def test_each_fix_offered_for_a_design_made_by_hand_works_alone(design: Design) -> None:
    known = found(design, "error", "warning")
    for matter in offered(design):
        after = fixed(design, matter)
        assert (matter.rule, matter.subject) not in found(after), matter.id
        assert found(after, "error", "warning") <= known, matter.id


FACT: tuple[dict[str, Any], ...] = (
    *({"kind": kind} for kind in ("decimal", "date", "short-text", "one-of", "json", "list",
                                  "bytes", "computed")),
    *({"required": required} for required in ("optional", "start", None)),
    {"values": None}, {"default": "'now()'"}, {"default": "nonsense("}, {"unique": "alone"},
    {"name": "iban", "kind": "short-text"}, {"name": "price", "kind": "short-text"},
    {"name": "status", "kind": "short-text"}, {"kind": "json", "searched": ("score",)},
)  # fmt: skip
LINK: tuple[dict[str, Any], ...] = (
    *({"on_delete": value} for value in ("cascade", "set-null", "restrict", None)),
    {"on_delete": "set-null", "optional": "no"}, {"one_of_form": "type-id"}, {"optional": "yes"},
    {"many_a": "yes", "payload": "no"},
)  # fmt: skip
PATTERN: tuple[dict[str, Any], ...] = (
    *({"contains_how": how} for how in ("json", "list", "words", "similar", "time")),
    {"index": "no", "rows": 90_000, "often": "daily"}, {"fixed": ("created_at > now()",)},
)  # fmt: skip
"""What somebody may write into a design file by mistake."""


def mistaken(design: Design, dice: random.Random) -> Design:
    """The design with one thing in it changed."""
    if dice.random() < 0.5:
        home = dice.choice([each for each in design.entities if each.attributes])
        one = dice.choice(home.attributes)
        worse = one.model_copy(update=dice.choice(FACT))
        facts = tuple(worse if each is one else each for each in home.attributes)
        made = home.model_copy(update={"attributes": facts})
        every = tuple(made if each is home else each for each in design.entities)
        return design.model_copy(update={"entities": every})
    field, changes = dice.choice((("relationships", LINK), ("access_patterns", PATTERN)))
    several = getattr(design, field)
    at = dice.randrange(len(several))
    changed = several[at].model_copy(update=dice.choice(changes))
    return design.model_copy(update={field: (*several[:at], changed, *several[at + 1 :])})


@pytest.mark.parametrize("name", ["rehearsal-rooms", "compliance-saas"])
def test_each_fix_offered_for_one_mistake_in_an_example_works_alone(name: str) -> None:
    """`fixed` refuses what does not settle the matter, or brings an error: it never has to."""
    dice, plain = random.Random(f"mistakes in {name}"), example(name)
    known = frozenset(matters(plain))
    tried = 0
    for _ in range(25):
        design = mistaken(plain, dice)
        for matter in offered(design, known):
            fixed(design, matter)
            tried += 1
    assert tried >= 8


def test_a_table_split_in_parts_is_known_by_its_id() -> None:
    """The parts' column stands in the key beside it, and nobody chose it for that."""
    found = review(example("rehearsal-rooms").model_copy(update={"waivers": ()})).findings
    assert {f.subject for f in found if f.rule == "natural-or-string-pk"} == {"country"}


def test_what_is_computed_from_whole_numbers_is_exact_everywhere() -> None:
    rules = {f.rule for f in review(on(example("rehearsal-rooms"), "sqlite")).findings}
    assert "inexact-money" not in rules
    share = fact("line", "price_total", kind="computed", computed="quantity * rate",
                 required="start")  # fmt: skip
    line = entity("Line", fact("line", "quantity", kind="whole-number", required="start"),
                  fact("line", "rate", kind="decimal", required="start"), share)  # fmt: skip
    bad = Design(entities=(line,), stack=Stack(database="sqlite"))
    (said,) = (f for f in review(bad).findings if f.rule == "inexact-money")
    assert (said.subject, said.answers) == ("line.price_total", ())


def test_what_is_called_created_at_and_is_none_becomes_a_moment() -> None:
    day = fact("bus", "created_at", kind="date", required="start")
    design = Design(entities=(entity("Bus", day),))
    after = fixed(design, matters(design)["no-audit-timestamps.bus"])
    assert [(a.name, a.kind) for a in after.entities[0].attributes] == [("created_at", "moment")]
