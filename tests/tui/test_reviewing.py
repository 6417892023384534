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
from tui.views import Line

MADE = fact("car", "made_at", required="start", default="now", purpose="when it was made")
PLATE = fact("car", "plate", kind="identifier", unique="alone", required="optional",
             purpose="its plate")  # fmt: skip
WHEEL = entity("Wheel", MADE.model_copy(update={"id": "wheel.made_at"}), origin="user",
               created_by="system")  # fmt: skip
DESIGN = Design(
    entities=(entity("Car", PLATE, MADE, origin="user", created_by="system"), WHEEL),
    relationships=(link("car", "wheel", on_delete="set-null"),),
)
ERROR, PLATES = "set-null-on-not-null: car_wheel", "nullable-unique: car.plate"
"""What the review finds, as the card calls it."""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder whose design has an error and a warning, opened at the review."""
    with DesignFile.open(tmp_path) as file:
        file.save(DESIGN)
    save_place(tmp_path, Place("review"))
    return tmp_path


def titled(line: Line | None) -> str:
    return f"{line.title}: {line.short}" if line and line.short else ""


def titles(walker: Walker) -> list[str]:
    """What is found and not accepted."""
    return [titled(line) for line in walker.view.lines if line.label != "accepted"]


async def to(walker: Walker, title: str) -> None:
    """Move to the finding of that title."""
    for _ in walker.view.lines:
        if titled(walker.screen.desk.line) == title:
            break
        await walker.press("down")
    assert titled(walker.screen.desk.line) == title


async def test_the_finding_at_hand_is_read_whole_at_80_by_24(made: Path) -> None:
    """What, what to do, why and the rule; and the keys that act on it."""
    async with opened(made, (80, 24)) as walker:
        await to(walker, ERROR)
        shown = " ".join(" ".join(line[22:] for line in walker.shown.splitlines()).split())
        assert "the delete would fail on a real row" in shown
        assert "choose CASCADE or RESTRICT" in shown
        assert "set-null-on-not-null" in shown
        assert "f fix   v accept   w read on" in walker.shown


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
        assert PLATES not in titles(walker)
        assert "1 accepted" in walker.shown
        (waiver,) = load(made / NAME).waivers
        assert (waiver.rule, waiver.reason) == ("nullable-unique", "None_abroad.")
        await to(walker, PLATES)
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
        await to(walker, "duplicate-fk: again")
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
        assert "f fix" not in walker.shown


async def test_after_a_fix_the_next_finding_is_at_hand(made: Path) -> None:
    """The one that followed, the gravest first; after the last of the list, the gravest."""
    twice = link("car", "wheel", id="again", on_delete="cascade")
    with DesignFile.open(made) as file:
        file.save(DESIGN.model_copy(update={"relationships": (*DESIGN.relationships, twice)}))
    async with opened(made, (80, 24)) as walker:
        found = [title for title in titles(walker) if title]
        assert found[0] == ERROR
        assert len(found) > 2
        await to(walker, ERROR)
        await walker.press("f")
        assert titled(walker.screen.desk.line) == found[1]
        await to(walker, found[-1])
        left = [title for title in titles(walker) if title]
        await walker.press("v", *"for_now", "enter")
        assert titled(walker.screen.desk.line) == left[0]


async def test_back_from_the_questions_the_next_finding_is_at_hand(made: Path) -> None:
    """Also when an answer settles what was found, question by question."""
    async with opened(made, (80, 24)) as walker:
        await to(walker, ERROR)
        await walker.press("t")
        assert walker.view.question_id == "ending.car_wheel.on_delete"
        await walker.press("home", "enter")
        for _ in range(9):
            if walker.view.kind == "proposal":
                break
            await walker.press("enter")
        assert ERROR not in titles(walker)
        assert titled(walker.screen.desk.line) == next(each for each in titles(walker) if each)


async def test_the_rail_tells_of_an_error_until_it_is_settled(made: Path) -> None:
    async with opened(made, (80, 24)) as walker:
        await walker.press("enter", "b", "b")
        assert "! Review" in walker.shown
        await walker.press("enter")
        await to(walker, ERROR)
        await walker.press("f", "b")
        assert "✓ Review" in walker.shown


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_findings_stand_by_severity_with_rule_and_subject(
    made: Path, size: tuple[int, int]
) -> None:
    """Neither is cut short, and each severity is said once."""
    async with opened(made, size) as walker:
        headings = [line.title for line in walker.view.lines if line.heading]
        assert headings[:2] == ["1 error", "1 warning"]
        await to(walker, ERROR)
        row = next(line for line in walker.shown.splitlines() if "✗ " in line)
        assert "set-null-on-not-null" in row
        assert "car_wheel" in row
        assert "error: " not in walker.shown


async def test_one_key_shows_a_long_finding_whole_in_a_small_window(tmp_path: Path) -> None:
    """What the card cuts short is read with a key, and the list is back with the same key."""
    owner, part = "Car of somebody who lives abroad and comes", "Wheel that was taken off it once"
    cars, wheels = (entity(name, origin="user", created_by="system") for name in (owner, part))
    joined = link(cars.id, wheels.id, on_delete="set-null")
    with DesignFile.open(tmp_path) as file:
        file.save(Design(entities=(cars, wheels), relationships=(joined,)))
    save_place(tmp_path, Place("review"))
    async with opened(tmp_path, (60, 20)) as walker:
        await to(walker, f"set-null-on-not-null: {joined.id}")
        before = walker.shown
        end = "fails at the first delete."
        assert end not in " ".join(before.split())
        await walker.press("w")
        assert end in " ".join(walker.shown.split())
        assert "✗ set-null-on-not-null" in walker.shown
        await walker.press("w")
        assert walker.shown == before


def test_plain_prompts_fix_and_accept_by_number(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session.open(made, lambda _: None)
    numbers = {row.title: at for at, row in enumerate(session.proposal.rows, 1)}
    lines = iter((
        f"accept {numbers[ERROR]} because I say so",
        f"accept {numbers[PLATES]}",
        f"accept {numbers[PLATES]} because cars from abroad have none",
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


def test_what_nobody_wrote_down_leads_to_where_it_is_said(tmp_path: Path) -> None:
    """No step asks for it, as there is a sentence already: a finding leads there all the same."""
    plate = PLATE.model_copy(update={"purpose": ""})
    with DesignFile.open(tmp_path) as file:
        file.save(DESIGN.model_copy(update={"entities": (entity("Car", plate, MADE), WHEEL)}))
        save_place(tmp_path, Place("review"))
        session = Session(tmp_path, file)
        assert session.walk_row("review.undocumented-object.car")
        assert session.place.question == "entity.car.purpose"
        session.answer(("The cars that we own.",))
        assert file.design.entities[0].purpose == "The cars that we own."
