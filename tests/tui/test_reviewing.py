"""The review step: a finding is fixed with a key, or accepted with a key and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.file import NAME, DesignFile, load
from schemawalk.design.model import Design
from tests.schema.designs import entity, fact, link
from tests.tui.conftest import Walker, opened
from tui.place import Place, save_place
from tui.plain.prompts import PlainWalk
from tui.session import Session

MADE = fact("car", "made_at", required="start", default="now", purpose="when it was made")
PLATE = fact("car", "plate", kind="identifier", unique="alone", required="optional",
             purpose="its plate")  # fmt: skip
WHEEL = entity("Wheel", MADE.model_copy(update={"id": "wheel.made_at"}), origin="user",
               created_by="system")  # fmt: skip
DESIGN = Design(
    entities=(entity("Car", PLATE, MADE, origin="user", created_by="system"), WHEEL),
    relationships=(link("car", "wheel", on_delete="set-null"),),
)
ERROR, PLATES = "error: car_wheel", "warning: car.plate"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder whose design has an error and a warning, opened at the review."""
    with DesignFile.open(tmp_path) as file:
        file.save(DESIGN)
    save_place(tmp_path, Place("review"))
    return tmp_path


def titles(walker: Walker) -> list[str]:
    return [line.title for line in walker.view.lines]


async def to(walker: Walker, title: str) -> None:
    """Move to the finding of that title."""
    while walker.screen.desk.line is None or walker.screen.desk.line.title != title:
        await walker.press("down")


async def test_the_finding_at_hand_is_read_whole_at_80_by_24(made: Path) -> None:
    """What, what to do, why and the rule; and the keys that act on it."""
    async with opened(made, (80, 24)) as walker:
        await to(walker, ERROR)
        shown = " ".join(" ".join(line[22:] for line in walker.shown.splitlines()).split())
        assert "the delete would fail on a real row" in shown
        assert "choose CASCADE or RESTRICT" in shown
        assert "set-null-on-not-null" in shown
        assert "f fix it   v accept it" in walker.shown


async def test_one_key_fixes_the_finding_at_hand(made: Path) -> None:
    async with opened(made, (80, 24)) as walker:
        await to(walker, ERROR)
        await walker.press("f")
        assert ERROR not in titles(walker)
        assert "Fixed: set-null-on-not-null" in walker.shown
        assert load(made / NAME).relationships[0].optional == "yes"
        await walker.press("u")
        assert load(made / NAME).relationships[0].optional == "no"


async def test_one_key_and_a_reason_accept_it_and_the_key_again_takes_that_back(
    made: Path,
) -> None:
    async with opened(made, (80, 24)) as walker:
        await to(walker, PLATES)
        await walker.press("v", *"None abroad.".replace(" ", "_"), "enter")
        assert "waived: car.plate" in titles(walker)
        (waiver,) = load(made / NAME).waivers
        assert (waiver.rule, waiver.reason) == ("nullable-unique", "None_abroad.")
        await to(walker, "waived: car.plate")
        await walker.press("v")
        assert PLATES in titles(walker)
        assert load(made / NAME).waivers == ()


async def test_an_error_is_not_accepted_and_a_reason_can_be_left_unsaid(made: Path) -> None:
    async with opened(made, (80, 24)) as walker:
        await to(walker, ERROR)
        await walker.press("v")
        assert "An error cannot be accepted" in walker.shown
        await to(walker, PLATES)
        await walker.press("v", *"Half", "escape")
        assert load(made / NAME).waivers == ()
        await walker.press("v")
        assert "Half" in walker.shown, "what was typed is kept"


async def test_what_only_somebody_can_tell_leads_to_its_questions(made: Path) -> None:
    twice = link("car", "wheel", id="again", on_delete="cascade")
    with DesignFile.open(made) as file:
        file.save(DESIGN.model_copy(update={"relationships": (*DESIGN.relationships, twice)}))
    async with opened(made, (80, 24)) as walker:
        await to(walker, "warning: again")
        await walker.press("f")
        assert walker.session.question is not None
        assert walker.session.question.subject == "again"
        assert "Only you can tell" in walker.shown


async def test_the_keys_of_the_review_do_nothing_elsewhere(made: Path) -> None:
    async with opened(made, (80, 24)) as walker:
        await walker.press("b")
        before = load(made / NAME)
        await walker.press("f", "v")
        assert load(made / NAME) == before
        assert "fix it" not in walker.shown


def test_plain_prompts_fix_and_accept_by_number(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session.open(made, lambda _: None)
    numbers = {row.title: at for at, row in enumerate(session.proposal.rows, 1)}
    lines = iter((
        f"waive {numbers[ERROR]} because I say so",
        f"waive {numbers[PLATES]}",
        f"waive {numbers[PLATES]} because cars from abroad have none",
        f"fix {numbers[ERROR]}",
        "fix 99", "leave",
    ))  # fmt: skip
    try:
        PlainWalk(session, lambda _: next(lines, None)).walk()
    finally:
        session.close()
    said = capsys.readouterr().out
    assert "An error cannot be accepted" in said
    assert "Say why, as in" in said
    assert "Fixed: set-null-on-not-null." in said
    assert "Say the number of a finding" in said
    design = load(made / NAME)
    assert [waiver.reason for waiver in design.waivers] == ["cars from abroad have none"]
    assert design.relationships[0].optional == "yes"
