"""The plain prompts: the same walk line by line, in a pipe, with nothing drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemawalk.design.file import NAME, load
from schemawalk.design.model import Design
from tests.courtside import documents
from tests.tui.aloud import assert_read_aloud
from tui.plain.prompts import PlainWalk
from tui.plain.spoken import Pager, Progress, sentence, signed_numbers, spoken
from tui.session import Session
from wizard_steps.walk import WALK

STEPS = [""] * (len(WALK) - 1)
"""Enter at each step's list, up to the plan."""

Talk = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documents(tmp_path / "courtside")


@pytest.fixture
def talk(folder: Path, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Say these lines to the prompts, and hear what they say from then on."""

    def said(*lines: str) -> str:
        session = Session.open(folder, lambda _: None)
        left = iter(lines)
        capsys.readouterr()
        try:
            PlainWalk(session, lambda _: next(left, None)).walk()
        finally:
            session.close()
        return capsys.readouterr().out

    return said


@pytest.fixture
def design(folder: Path) -> Callable[[], Design]:
    return lambda: load(folder / NAME)


# The whole program


# Lists


def test_nothing_is_written_before_it_is_asked_for(folder: Path, talk: Talk) -> None:
    said = talk(*STEPS, "leave")
    assert "Nothing is written yet." in said
    assert not list(folder.rglob("*.sql"))


def test_the_next_start_goes_on_at_the_same_step(talk: Talk) -> None:
    talk("", "", "leave")
    said = talk()
    assert f"Step 3 of {len(WALK)}, Unsaid." in said
    assert "Step 1 of" not in said


def test_rows_are_left_out_and_in_by_numbers_and_ranges(talk: Talk) -> None:
    said = talk("", "", "", "-2,4-5", "+4", "-2", "again", "leave")
    left, back, already = (
        re.search(rf"^{words}: (.*)\.$", said, re.MULTILINE)
        for words in ("Left out", "Taken back in", "Left out already")
    )
    assert left
    assert back
    assert already
    assert len(left[1].split(", ")) == 3
    assert back[1] == left[1].split(", ")[1]
    assert already[1] == left[1].split(", ")[0]
    assert said.split("Left out already")[1].count(": left out. ") == 2


def test_what_is_left_out_is_not_in_the_design(talk: Talk, design: Callable[[], Design]) -> None:
    talk("", "", "", "leave")
    before = talk("-1", "again", "leave")
    (gone,) = re.findall(r"^1\. (.*): left out\.", before, re.MULTILINE)
    talk("", "leave")
    assert gone not in {entity.name for entity in design().entities}


def test_rows_that_must_stay_say_so(talk: Talk) -> None:
    said = talk("go 2", "-1", "leave")
    assert "Must stay: database. A number walks such a row." in said


def test_several_numbers_walk_nothing(talk: Talk) -> None:
    said = talk("go 2", "1,2", "leave")
    assert "You typed: 1,2. One number walks that row; -2,4-6 leaves rows out." in said


def test_one_row_is_read_again(talk: Talk) -> None:
    said = talk("go 3", "row 2-3", "leave")
    assert "\nRow 2 of " in said
    assert "\nRow 3 of " in said


def test_long_lists_come_page_by_page(talk: Talk) -> None:
    said = talk(*STEPS[:5], "more", "all", "leave")
    pages = [int(each) for each in re.findall(r"^(\d+)\. ", said.split("Columns")[1], re.M)]
    assert pages == sorted(pages)
    assert '"more" reads on' in said
    assert "Lines 21 to " in said or "Lines 1 to 20" in said
    assert len(pages) == len(set(pages)) > 20


def test_a_list_is_not_read_twice(talk: Talk) -> None:
    """After a word the place is named in short; "again" reads it all."""
    said = talk("go 3", "why", "why", "leave")
    assert said.count("\n2. ") == 1 + said.split("Step 3")[0].count("\n2. ")
    assert '"again" reads them.' in said


# Questions


def test_a_row_is_walked_through(talk: Talk, design: Callable[[], Design]) -> None:
    said = talk("go 2", "1", "1", "leave")
    assert "Which database will Courtside use?" in said
    assert design().stack.database == "postgresql"
    assert "Before: Which database will Courtside use? PostgreSQL." in said


def test_a_value_a_label_or_a_number_answers(talk: Talk, design: Callable[[], Design]) -> None:
    for said in ("postgresql", "PostgreSQL", "1", "= postgresql"):
        talk("go stack.database", "sqlite", "leave")
        assert design().stack.database == "sqlite"
        talk("go stack.database", said, "leave")
        assert design().stack.database == "postgresql"


def test_back_undo_redo_and_unknown_work_at_a_question(
    talk: Talk, design: Callable[[], Design]
) -> None:
    said = talk("go 2", "1", "1", "undo", "redo", "", "back", "unknown", "summary", "leave")
    assert "Undone" in said
    assert "Done again" in said
    notes = {note.id: note for note in design().notes}
    assert notes["stack.database"].unknown


def test_an_answer_that_does_not_fit_is_explained_and_asked_again(talk: Talk) -> None:
    said = talk("go 2", "1", "dbase", "back", "leave")
    assert "You typed: dbase. 'dbase' is not an answer to stack.database" in said
    assert said.count("Which database will") == 2
    assert said.rindex("Stack: ") > said.index("You typed")


def test_a_reason_goes_with_an_answer_or_after_it(talk: Talk, design: Callable[[], Design]) -> None:
    said = talk("go 2", "1", "1 because two write at once", "back", "why", "leave")
    assert "Your reason: two write at once." in said
    talk("go unsaid.audit", "1", "because the auditors ask", "leave")
    whys = {note.id: note.why for note in design().notes}
    assert whys["stack.database"] == "two write at once"
    assert whys["unsaid.audit"] == "the auditors ask"


def test_why_tells_why_it_matters_and_an_example(talk: Talk) -> None:
    said = talk("help", "why", "go unsaid.audit", "why", "leave")
    assert "These words work everywhere:" in said
    assert "Why it matters: " in said
    assert "For example: " in said


def test_several_answers_are_chosen_added_and_taken_away(
    talk: Talk, design: Callable[[], Design]
) -> None:
    """Numbers choose anew; a plus adds, also words of one's own; a minus takes away."""

    def named() -> list[str]:
        step = design().steps[0].id
        return [e.name for e in design().entities if step in e.steps]

    talk("", "", "", "", "leave")
    which = f"go nouns.{design().steps[0].id}.which"
    before = named()
    talk(which, "+Racket", "leave")
    assert named() == [*before, "Racket"]
    said = talk(which, "again", "leave")
    (number,) = re.findall(r"^(\d+)\. Racket", said.split("must be remembered?")[1], re.M)[:1]
    talk(which, f"-{number}", "leave")
    assert named() == before
    talk(which, "none", "leave")
    assert named() == []


def test_an_equals_sign_makes_any_word_an_answer(talk: Talk, design: Callable[[], Design]) -> None:
    talk("go product.name", "= undo", "leave")
    assert design().product.name == "undo"


def test_sample_rows_are_shown_before_a_delete_is_decided(talk: Talk) -> None:
    ending = next(step for step in WALK if step.id == "endings")
    at = WALK.index(ending)
    said = talk(*STEPS[:at], "1", "leave")
    assert "Look at this first." in said


# Everywhere


def test_one_goes_to_steps_and_questions_by_words(talk: Talk) -> None:
    assert f"Step 4 of {len(WALK)}, Entities." in talk("go entities", "leave")
    assert f"Step 4 of {len(WALK)}, Entities." in talk("go 4", "leave")
    assert "Who signs in" in talk("go who signs in", "leave")
    assert "You typed: go nowhere." in talk("go nowhere", "leave")


def test_find_lists_what_matches_and_a_number_goes_there(talk: Talk) -> None:
    said = talk("find people", "2", "leave")
    (wanted,) = re.findall(r"^2\. [^,]*, (.*\?)", said, re.MULTILINE)
    assert said.count(wanted) == 2
    assert "You typed: find xyzzy." in talk("find xyzzy", "leave")


def test_what_is_open_can_be_listed_and_gone_to(talk: Talk) -> None:
    said = talk("open", "x", "", "leave")
    assert "(open)" in said
    assert "You typed: x. That is none of the numbers." in said


def test_what_follows_so_far_can_be_heard(talk: Talk) -> None:
    said = talk(*STEPS, "summary", "diagram", "changes", "trail booking", "findings", "leave")
    assert re.search(r"^bookings: id, ", said, re.MULTILINE)
    assert "belongs to players by player_id" in said or "It belongs to " in said
    assert "Entity" in said.split("trail")[0] or "Booking" in said
    assert_read_aloud(said)


def test_the_sql_and_the_drawn_diagram_are_there_too(talk: Talk) -> None:
    said = talk(*STEPS, "sql", "all", "diagram drawn", "all", "leave")
    assert "CREATE TABLE bookings" in said
    assert "bookings" in said.split("CREATE TABLE")[-1]


def test_changes_say_what_an_option_would_do(talk: Talk) -> None:
    said = talk(*STEPS, "go stack.identifiers", "changes 1", "changes 2", "leave")
    assert re.search(r"The answer .* changes \d+ lines of the schema", said)
    assert "New: " in said
    assert "Gone: " in said


def test_the_taught_way_asks_one_by_one_with_reasons(talk: Talk) -> None:
    said = talk("go 3", "teach", "", "", "quick", "leave")
    assert said.count("Why it matters: ") >= 2
    assert "Taught way" in said
    assert "Quick way" in said


def test_documents_are_read_again(folder: Path, talk: Talk) -> None:
    talk("", "leave")
    journey = folder / "product-guidelines" / "00-user-journey.md"
    journey.write_text(journey.read_text().replace("for an hour", "for two hours"))
    said = talk("reread", "leave")
    assert "Book a court" in said


def test_own_things_can_be_added(talk: Talk, design: Callable[[], Design]) -> None:
    """A noun where a step speaks of it; the list of its questions is chosen from."""
    talk("", "", "", "", "go entities", "add Racket", "1", "leave")
    assert "Racket" in {entity.name for entity in design().entities}


def test_somebody_elses_change_is_met_with_a_question(folder: Path) -> None:
    session = Session.open(folder, lambda _: None)

    def lines() -> Iterator[str]:
        yield "go unsaid.audit"
        path = folder / NAME
        path.write_text(path.read_text().replace('name = "Courtside"', 'name = "Ajax"'))
        yield "1"
        yield "reload"
        yield "leave"

    left = lines()
    PlainWalk(session, lambda _: next(left, None)).walk()
    session.close()
    assert load(folder / NAME).product.name == "Ajax"
    assert load(folder / NAME).unsaid.audit == "yes"


# Words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("-2,4-6", [("-", 2), ("-", 4), ("-", 5), ("-", 6)]),
        ("3", [("", 3)]),
        ("+1 -2", [("+", 1), ("-", 2)]),
        ("7", None), ("0", None), ("6-4", None), ("-x", None), ("1.5", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_of_rows(said: str, meant: object) -> None:
    assert signed_numbers(said, 6) == meant


def test_signs_become_words() -> None:
    assert spoken("Team 1:N User · 3 → 4 — so") == "Team one-to-many User, 3 to 4, so"
    assert sentence("  ├ Is it? yes") == "Is it? yes."
    assert sentence("") == ""


def test_progress_is_at_most_a_line_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter(range(100))
    clock = [0.0]

    def time() -> float:
        clock[0] = next(now) / 4
        return clock[0]

    progress = Progress("Proving", time)
    for done in range(1, 21):
        progress(done, 20, "unique users.email")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 5
    assert said[0] == "Proving: 20 percent, unique users.email."


def test_nothing_more_is_said_to_be_nothing_more(capsys: pytest.CaptureFixture[str]) -> None:
    pager = Pager()
    pager.more()
    assert "nothing more" in capsys.readouterr().out


def test_an_answer_can_be_written_in_an_editor(
    talk: Talk, design: Callable[[], Design], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the editor leaves is the answer; its help is not part of it."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "sed -i '1s/^.*/Love Game/'")
    talk("go product.name", "edit", "leave")
    assert design().product.name == "Love Game"
    assert "There is no text to edit here." in talk("go unsaid.audit", "edit", "leave")


def test_adding_without_a_name_leads_to_the_question(talk: Talk) -> None:
    said = talk(*STEPS[:5], "go relationships", "add", "leave")
    assert "belong together" in said
    assert "Several answers are possible" in said


def test_an_own_word_that_fits_nothing_is_explained(talk: Talk) -> None:
    said = talk(*STEPS[:5], "go links.which", "+Ghost", "leave")
    assert "You typed: +Ghost." in said
    assert "'Ghost' is no pair" in talk("go relationships", "add Ghost", "leave")
