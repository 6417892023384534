"""The same answers by keys on the full screen, line by line in a pipe, and from a file.

Whichever way they were given, the design is the same.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import pytest
from click.testing import CliRunner
from textual import events

import wizard_steps.commands.walking  # noqa: F401  (adds its commands)
from schemawalk.cli import cli
from schemawalk.delivery import work_for
from schemawalk.design.file import NAME, dumps, load
from schemawalk.design.model import Design, Note
from schemawalk.examples_folder import copy_example
from schemawalk.writers import sql
from tests.courtside import documents
from tests.tui.conftest import Walker, opened
from tui.plain.prompts import PlainWalk
from tui.session import Session
from wizard_steps import walk

pytestmark = pytest.mark.xdist_group("three ways")
"""The walk by keys is made once."""


@dataclass(frozen=True)
class Take:
    """A step's list is taken, without the rows that are left out."""

    step: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A question is answered, perhaps with a reason; no value: I don't know yet."""

    question: str
    value: str = ""
    why: str = ""


@dataclass(frozen=True)
class Add:
    """Words of one's own are added to a question with several answers."""

    question: str
    words: str


Act = Take | Answer | Add

REST = tuple(Take(step.id) for step in walk.WALK[walk.WALK.index(walk.step("states")) + 1 : -1])

WALKED: tuple[Act, ...] = (
    Take("sources"),
    Answer("stack.identifiers", "bigint", "the numbers are printed on tickets"),
    Take("stack"),
    Answer("unsaid.audit", "yes"),
    Answer("unsaid.notifications"),
    Answer("unsaid.audit", "no"),
    Take("unsaid"),
    Take("entities", ("book",)),
    Add("nouns.cancel-a-booking.which", "Racket"),
    Take("entities"),
    Answer("entity.racket.rows", "250"),
    Take("relationships", ("player_session",)),
    Add("links.which", "Club - Court"),
    Take("relationships"),
    Take("columns", ("court.address",)),
    Add("facts.booking.which", "price_cents"),
    Take("columns"),
    Take("states"),
    Add("asked.which", "clubs see bookings of a court, newest first"),
    *REST,
)
"""Everything that somebody can do: rows left out, own words, reasons, a changed answer."""


# By keys


async def by_keys(folder: Path) -> Design:
    async with opened(folder, (80, 24)) as walker:
        for act in WALKED:
            await press(walker, act)
    return load(folder / NAME)


async def press(walker: Walker, act: Act) -> None:
    """Do one act as somebody at the keyboard does it."""
    match act:
        case Take(step, without):
            if walker.session.place.step != step or walker.view.kind != "proposal":
                await jump(walker, walk.step(step).title)
            for row in without:
                await to_line(walker, row)
                await walker.press("space")
            await walker.press("enter")
        case Add(question, words):
            await jump(walker, question)
            await walker.press("a")
            await paste(walker, words)
            await walker.press("enter", "enter")
        case Answer(question, "", _):
            await jump(walker, question)
            await walker.press("f3")
        case Answer(question, value, why):
            await jump(walker, question)
            if why:
                await walker.press("ctrl+r")
                await paste(walker, why)
                await walker.press("enter")
            if walker.view.kind == "field":
                await walker.press("ctrl+u")
                await paste(walker, value)
                await walker.press("enter")
            else:
                await to_line(walker, value)
                await walker.press("enter")


async def jump(walker: Walker, place: str) -> None:
    """Go to a step by its title, or to a question by its words, as the list has them."""
    places = [(p.id, p.words.casefold()) for p in walker.session.matches()]
    (wanted,) = {words for i, words in places if place.casefold() in (i, words)}
    listed = {word: [w for _, w in places if word in w] for word in wanted.split()}
    word = min(listed, key=lambda each: len(each) + listed[each].index(wanted))
    await walker.press("f4")
    await paste(walker, word)
    await walker.press(*["down"] * listed[word].index(wanted), "enter")


async def paste(walker: Walker, text: str) -> None:
    """Text comes into the field at hand as a terminal pastes it: in one go."""
    walker.pilot.app.post_message(events.Paste(text))
    await walker.settle()


async def to_line(walker: Walker, wanted: str) -> None:
    """Move to a line, step by step; headings between are passed over."""
    lines = [line.id for line in walker.view.lines if not line.heading]
    line = walker.screen.desk.line
    by = lines.index(wanted) - lines.index(line.id if line else lines[0])
    await walker.pilot.press(*["down" if by > 0 else "up"] * abs(by))
    await walker.settle()
    assert walker.screen.desk.line
    assert walker.screen.desk.line.id == wanted


# Through a pipe


def by_plain_prompts(folder: Path, elsewhere: Path) -> Design:
    """The real program on a pipe; what is to be said is found out in another folder."""
    said = list(lines(elsewhere))
    subprocess.run(
        [sys.executable, "-c", "from tui.main import main; main()", str(folder)],
        input="".join(f"{line}\n" for line in said), env={**os.environ}, capture_output=True,
        text=True, check=True, timeout=120,
    )  # fmt: skip
    return load(folder / NAME)


def lines(folder: Path) -> list[str]:
    """What somebody says who hears the numbers of rows."""
    session = Session.open(folder, lambda _: None)
    said: list[str] = []

    def heard() -> Iterator[str]:
        for act in WALKED:
            yield from say(session, act)

    left = heard()

    def ask(_: str) -> str | None:
        line = next(left, None)
        said.extend([line] if line is not None else [])
        return line

    PlainWalk(session, ask).walk()
    session.close()
    return said


def say(session: Session, act: Act) -> Iterator[str]:
    match act:
        case Take(step, without):
            yield f"go {step}"
            ids = [row.id for row in session.proposal.rows]
            if without:
                yield "-" + ",".join(str(ids.index(row) + 1) for row in without)
            yield ""
        case Add(question, words):
            yield f"go {question}"
            yield f"+{words}"
        case Answer(question, "", _):
            yield f"go {question}"
            yield "unknown"
        case Answer(question, value, why):
            yield f"go {question}"
            yield f"{value} because {why}" if why else value


# From a file


def answers(folder: Path, text: str, *options: str) -> Design:
    arguments = ["answer", str(folder), "--answers", "-", *options]
    result = CliRunner().invoke(cli, arguments, input=text, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return load(folder / NAME)


def exported(folder: Path, *options: str) -> str:
    result = CliRunner().invoke(cli, ["questions", str(folder), "--answers", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


FILE = """
"stack.identifiers" = { value = "bigint", why = "the numbers are printed on tickets" }

[unsaid]
audit = "no"        # once answered otherwise
notifications = { unknown = true }

[nouns]
sign-up.which = ["Player", "Club"]
book-a-court.which = ["Player", "Club", "Court", "Booking"]
cancel-a-booking.which = ["Player", "Club", "Court", "Booking", "Racket"]

[entity.racket]
rows = 250

[links]
which = ["club_player", "player_booking", "player_racket", "court_booking", "court_racket",
         "racket_booking", "Club - Court"]

[facts]
court.which = ["name", "created_at", "updated_at"]
booking.which = ["status", "cancelled_at", "created_at", "updated_at", "price_cents"]
"""
"""The same answers as somebody writes them into a file; the rest is as recommended."""


def asked(design: Design) -> str:
    """What is asked of the data, as one line of a file: by the names that people read."""
    names = [pattern.name for pattern in design.access_patterns]
    return f"[asked]\nwhich = {json.dumps(names)}\n"


# The comparison


def differences(one: Design, other: Design, *, but: tuple[str, ...] = ()) -> list[str]:
    """The lines in which two design files differ.

    What was turned down counts in any order, notes by their question, but for those named.
    """
    before, after = (dumps(_ordered(design, but)).splitlines() for design in (one, other))
    return list(unified_diff(before, after, n=1, lineterm=""))[2:]


def _ordered(design: Design, but: tuple[str, ...]) -> Design:
    notes = (note for note in design.notes if not (but and note.id.endswith(but)))
    ordered = {"dropped": tuple(sorted(design.dropped)), "notes": sorted_by_id(notes)}
    return design.model_copy(update=ordered)


def in_order_of(design: Design, other: Design) -> Design:
    """The design with its entities in the order of another's."""
    places = [entity.id for entity in other.entities]
    entities = sorted(design.entities, key=lambda entity: places.index(entity.id))
    return design.model_copy(update={"entities": tuple(entities)})


def sorted_by_id(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: note.id))


def tables(design: Design) -> str:
    work = work_for(design)
    return sql.up(work.schema, work.dialect)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder walked by keys."""
    folder = documents(tmp_path_factory.mktemp("keys") / "courtside")
    asyncio.run(by_keys(folder))
    return folder


def test_the_walk_did_what_it_should(walked: Path) -> None:
    """Each act of the walk is in the design: otherwise all three ways would agree on nothing."""
    design = load(walked / NAME)
    entities = {entity.id: entity for entity in design.entities}
    notes = {note.id: note for note in design.notes}
    assert "book" not in entities
    assert "book" in design.dropped
    assert entities["racket"].rows == 250
    assert "club_court" in {link.id for link in design.relationships}
    assert "player_session" in design.dropped
    names = {fact.name for entity in design.entities for fact in entity.attributes}
    assert "price_cents" in names
    assert "clubs see bookings of a court, newest first" in {
        pattern.name for pattern in design.access_patterns
    }
    assert "address" not in names
    assert notes["unsaid.notifications"].unknown
    assert notes["stack.identifiers"].why == "the numbers are printed on tickets"
    assert design.unsaid.audit == "no"
    assert not [q.id for q in walk.questions(design) if q.answer is None]


def test_the_plain_prompts_give_the_same_design(walked: Path, tmp_path: Path) -> None:
    folder = documents(tmp_path / "plain" / "courtside")
    design = by_plain_prompts(folder, documents(tmp_path / "rehearsal" / "courtside"))
    assert differences(design, load(walked / NAME)) == []


def test_a_file_gives_the_same_design(walked: Path, tmp_path: Path) -> None:
    """Only the lists are answered by name here, and so have notes of their own."""
    folder = documents(tmp_path / "courtside")
    by_hand = load(walked / NAME)
    design = answers(folder, FILE + asked(by_hand), "--defaults")
    assert differences(design, by_hand, but=(".which",)) == []
    assert tables(design) == tables(by_hand)


@pytest.mark.parametrize("form", ["--toml", "--json"])
def test_the_answers_printed_from_a_design_give_it_again(
    walked: Path, tmp_path: Path, form: str
) -> None:
    """Nothing is assumed: every answer is in the file, with its reason and its author."""
    folder = documents(tmp_path / "courtside")
    design = answers(folder, exported(walked, form))
    assert differences(design, load(walked / NAME)) == []


def test_the_order_of_a_file_makes_no_difference(walked: Path, tmp_path: Path) -> None:
    """But for the entities of a new design, which stand in it."""
    given = json.loads(exported(walked, "--json"))
    backwards = json.dumps(dict(reversed(given.items())))
    folder = documents(tmp_path / "courtside")
    made, by_hand = answers(folder, backwards), load(walked / NAME)
    assert differences(in_order_of(made, by_hand), by_hand) == []


def test_the_examples_answers_give_the_example_again(tmp_path: Path) -> None:
    """From the documents of the example: its recommendations, printed and read again."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        copy_example("compliance-saas", folder, answered=False)
    run = CliRunner().invoke(cli, ["answer", str(first), "--defaults"])
    assert run.exit_code == 0, run.output
    design = answers(second, exported(first))
    assert differences(design, load(first / NAME)) == []
    assert tables(design) == tables(load(first / NAME))
