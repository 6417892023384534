"""The walk on the full screen: what keys do to the design and to what is seen."""

from __future__ import annotations

from pathlib import Path

from schemawalk.design.file import load
from schemawalk.design.model import Design
from tests.tui.conftest import Walker, opened
from wizard_steps import walk


def saved(folder: Path) -> Design:
    """The design on disk."""
    return load(folder / "schemawalk.toml")


async def to_question(walker: Walker, question_id: str) -> None:
    """Be at a question, as a jump would."""
    walker.session.go(walker.session.facts.by_id[question_id].step, question_id)
    walker.screen.show()
    await walker.settle()


async def test_opening_reads_the_documents_and_proposes_their_steps(folder: Path) -> None:
    """A new folder opens with what its documents say, saved."""
    async with opened(folder) as walker:
        assert "9 steps from 3 documents" in walker.shown
        assert "Sign in and join a team" in walker.shown
        assert len(saved(folder).steps) == 9


async def test_enter_takes_the_proposal_and_goes_to_the_next_step(folder: Path) -> None:
    """What was proposed is on disk before the next step is seen."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter")
        assert walker.session.place.step == "unsaid"
        assert saved(folder).stack.identifiers == "uuid"
        assert saved(folder).done == ("sources", "stack")


async def test_a_row_left_out_stays_out_of_the_design(folder: Path) -> None:
    """Space leaves the row at hand out; taking the proposal drops its subject."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter")
        titles = [line.title for line in walker.view.lines]
        await walker.press(*["down"] * titles.index("Report"), "space")
        assert "left out" in walker.shown
        await walker.press("enter")
        assert "report" not in [entity.id for entity in saved(folder).entities]
        assert "report" in saved(folder).dropped


async def test_a_row_left_out_can_be_taken_back_in(folder: Path) -> None:
    """Space twice is as if it was never pressed."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "space", "space")
        assert "left out" not in [line.detail for line in walker.view.lines]
        await walker.press("enter")
        assert saved(folder).dropped == ()


async def test_t_asks_the_questions_of_a_row_one_by_one(folder: Path) -> None:
    """The tree is walked to its end, and the proposal tells what it came to."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "t")
        assert walker.view.prompt == "Must a user still be there tomorrow?"
        await walker.press("enter")
        assert walker.view.path == (("Must a user still be there tomorrow?", "yes"),)
        for _ in range(20):
            if walker.view.kind == "proposal":
                break
            await walker.press("enter")
        assert walker.view.kind == "proposal"
        assert walker.session.notice == "User: table of its own"
        assert saved(folder).entities[0].created_by is not None


async def test_choosing_another_option_is_saved_before_the_next_question(folder: Path) -> None:
    """The design on disk holds the answer when the next question is seen."""
    async with opened(folder) as walker:
        await to_question(walker, "unsaid.sign_in")
        await walker.press("end", "enter")
        assert walker.view.question_id == "unsaid.groups"
        assert saved(folder).unsaid.sign_in == "none"


async def test_back_leads_through_the_tree_to_the_proposal_and_the_step_before(
    folder: Path,
) -> None:
    """Each way of going back goes one further."""
    async with opened(folder) as walker:
        await walker.press("enter")
        await to_question(walker, "stack.version")
        await walker.press("shift+tab")
        assert walker.view.question_id == "stack.database"
        await walker.press("b")
        assert walker.view.kind == "proposal"
        await walker.press("left")
        assert walker.session.place.step == "sources"


async def test_an_answer_that_does_not_fit_is_refused_and_stays_in_the_field(folder: Path) -> None:
    """Back works with it too, and it is still there when one returns."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "enter")
        await to_question(walker, "entity.user.rows")
        before = walker.session.path
        walker.screen.desk.field.value = ""
        await walker.press(*"many", "enter")
        assert "not a whole number" in walker.shown
        assert walker.screen.desk.field.value == "many"
        await walker.press("shift+tab")
        assert walker.view.question_id == before[-1].id
        await walker.press("enter")
        assert walker.view.question_id == "entity.user.rows"
        assert walker.screen.desk.field.value == "many"


async def test_letters_are_text_while_a_field_is_typed_into(folder: Path) -> None:
    """Keys that are commands elsewhere end up in the field; function keys still work."""
    async with opened(folder, (100, 24)) as walker:
        await to_question(walker, "stack.framework")
        walker.screen.desk.field.value = ""
        await walker.press(*"quijotes")
        assert walker.screen.desk.field.value == "quijotes"
        await walker.press("f2")
        assert "Why it matters" in walker.shown
        await walker.press("enter")
        assert saved(folder).stack.framework == "quijotes"


async def test_an_empty_field_takes_what_is_recommended(folder: Path) -> None:
    """Enter on nothing is not an empty answer when there is a recommendation."""
    async with opened(folder) as walker:
        await to_question(walker, "stack.version")
        walker.screen.desk.field.value = ""
        await walker.press("enter")
        assert saved(folder).stack.version == "16"


async def test_undo_and_redo_go_back_and_forth_and_to_where_it_was(folder: Path) -> None:
    """The answer, the place and the words come back."""
    async with opened(folder) as walker:
        await to_question(walker, "unsaid.sign_in")
        await walker.press("end", "enter", "u")
        assert saved(folder).unsaid.sign_in is None
        assert walker.view.question_id == "unsaid.sign_in"
        assert "Undone" in walker.shown
        await walker.press("r")
        assert saved(folder).unsaid.sign_in == "none"


async def test_undo_survives_a_restart(folder: Path) -> None:
    """What was done before the program was left can be undone after."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter")
    async with opened(folder) as walker:
        await walker.press("u")
        assert saved(folder).done == ("sources",)


async def test_w_tells_why_a_question_matters(folder: Path) -> None:
    """In a window without room it is told on demand, and goes away again."""
    async with opened(folder, (100, 24)) as walker:
        await to_question(walker, "unsaid.audit")
        why = "What was not written down when it happened"
        assert why not in walker.shown
        await walker.press("w")
        assert why in walker.shown
        await walker.press("w")
        assert why not in walker.shown


async def test_i_takes_the_default_and_notes_an_open_question(folder: Path) -> None:
    """ "I don't know yet" is an answer, and is remembered as one."""
    async with opened(folder) as walker:
        await to_question(walker, "unsaid.audit")
        await walker.press("i")
        assert saved(folder).unsaid.audit == "no"
        note = next(n for n in saved(folder).notes if n.id == "unsaid.audit")
        assert note.unknown
        assert "Noted as open" in walker.shown


async def test_j_jumps_to_a_question_by_its_words(folder: Path) -> None:
    """Typing narrows the list; enter goes there."""
    async with opened(folder) as walker:
        await walker.press("j", *"provable", "enter")
        assert walker.view.question_id == "unsaid.audit"


async def test_j_jumps_to_a_question_by_its_id(folder: Path) -> None:
    """The id that an answers file and the documents speak of."""
    async with opened(folder) as walker:
        await walker.press("j", *"unsaid.aud", "enter")
        assert walker.view.question_id == "unsaid.audit"


async def test_several_answers_are_ticked_and_own_words_added(folder: Path) -> None:
    """Space ticks, a leads to the field for own words, enter there adds them."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "enter")
        await to_question(walker, "nouns.upload-a-document.which")
        await walker.press("a", *"folder", "enter")
        assert "folder" in walker.view.chosen
        await walker.press("enter")
        entity = next(e for e in saved(folder).entities if e.id == "folder")
        assert entity.steps == ("upload-a-document",)


async def test_a_adds_a_fact_and_asks_about_it(folder: Path) -> None:
    """An own attribute is in the design, and its first question is shown."""
    async with opened(folder) as walker:
        await walker.press(*["enter"] * 5, "a", *"document", "enter", *"page count", "enter")
        assert walker.view.question_id == "attribute.document.page_count.kind"
        document = next(e for e in saved(folder).entities if e.id == "document")
        assert document.attributes[-1].name == "page_count"


async def test_a_adds_a_relationship_between_two_entities(folder: Path) -> None:
    """Both ends are chosen from lists; then the tree asks how many of each."""
    async with opened(folder) as walker:
        await walker.press(*["enter"] * 4, "a", *"report", "enter", *"invoice", "enter")
        assert walker.view.prompt == "Can one report have several invoices?"
        assert "report_invoice" in [link.id for link in saved(folder).relationships]


async def test_the_side_panel_shows_sql_and_trail(folder: Path) -> None:
    """The panel follows the design that is proposed."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press("enter", "enter", "enter", "s")
        await walker.until(lambda: "CREATE TABLE" in walker.shown)
        await walker.press("t", "s")
        await walker.until(lambda: "Entity identification: User" in walker.shown)


async def test_the_panel_takes_the_whole_place_of_the_middle_in_a_small_window(
    folder: Path,
) -> None:
    """It is drawn for the width that it has; back closes it."""
    async with opened(folder, (80, 24)) as walker:
        await walker.press(*["enter"] * 5, "s")
        await walker.until(lambda: "teams" in walker.shown)
        assert max(len(line) for line in walker.shown.splitlines()[2:-2]) > 60
        await walker.press("b")
        assert "facts about 9 entities" in walker.shown


async def test_resizing_keeps_the_question_the_choice_and_the_text(folder: Path) -> None:
    """From 60x20 to 120x40 and back nothing is lost and everything is seen."""
    async with opened(folder, (60, 20)) as walker:
        await to_question(walker, "unsaid.sign_in")
        await walker.press("down")
        for size in ((120, 40), (60, 20), (200, 60)):
            await walker.pilot.resize_terminal(*size)
            await walker.settle()
            assert "Who signs in to Plumbline, and how?" in walker.shown
            line = walker.screen.query_one("#rows").line  # type: ignore[attr-defined]
            assert line.id == "password"
        await to_question(walker, "stack.framework")
        await walker.press(*"abc")
        await walker.pilot.resize_terminal(60, 20)
        await walker.settle()
        assert walker.screen.desk.field.value.endswith("abc")
        assert walker.screen.desk.field.has_focus


async def test_a_small_window_shows_the_step_on_one_line(folder: Path) -> None:
    """At 60x20 the rail gives way to a line."""
    async with opened(folder, (60, 20)) as walker:
        await walker.press("enter")
        done, total = walker.session.facts.progress
        line = f"2/{len(walk.WALK)} Stack {done} of {total} answered"
        assert " ".join(walker.shown.splitlines()[0].split()) == line


async def test_the_text_being_typed_comes_back_after_a_restart(folder: Path) -> None:
    """A draft is kept for its question, and forgotten when it is answered."""
    async with opened(folder) as walker:
        await to_question(walker, "stack.framework")
        walker.screen.desk.field.value = ""
        await walker.press(*"half a wo")
    async with opened(folder) as walker:
        assert walker.view.question_id == "stack.framework"
        assert walker.screen.desk.field.value == "half a wo"
        await walker.press("r", "d", "enter")
        assert saved(folder).stack.framework == "half a word"
    async with opened(folder) as walker:
        assert walker.session.draft("stack.framework") is None


async def test_leaving_and_starting_again_lands_on_the_same_row(folder: Path) -> None:
    """Step, row and what is left out are as they were."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "down", "down", "space", "down")
        place = walker.session.place
    async with opened(folder) as walker:
        assert walker.session.place == place
        assert walker.view.lines[2].detail == "left out"


async def test_a_journey_that_no_document_tells_is_typed_in(tmp_path: Path) -> None:
    """Enter on an empty proposal asks for the steps, one a line."""
    async with opened(tmp_path) as walker:
        assert "No journey found" in walker.shown
        await walker.press("enter")
        await walker.press(*"Book: a member books a room", "enter", *"Pay", "enter", "enter")
        assert [step.title for step in saved(tmp_path).steps] == ["Book", "Pay"]


async def test_a_design_changed_by_somebody_else_is_not_overwritten(folder: Path) -> None:
    """A choice is offered; reading again puts the answer into theirs."""
    async with opened(folder) as walker:
        await to_question(walker, "unsaid.audit")
        path = folder / "schemawalk.toml"
        path.write_text(path.read_text() + "\n# by hand\n")
        await walker.press("home", "enter")
        assert "changed by somebody else" in walker.shown
        assert "# by hand" in path.read_text()
        await walker.press("enter")
        assert saved(folder).unsaid.audit == "yes"
        assert "# by hand" in path.read_text()


async def test_a_document_that_changed_is_told(folder: Path) -> None:
    """Opening again says which document differs from what was read."""
    async with opened(folder):
        pass
    journey = folder / "product-guidelines" / "00-user-journey.md"
    journey.write_text(journey.read_text() + "\n\nMore.\n")
    async with opened(folder) as walker:
        assert "Changed since it was read" in walker.shown
        assert "00-user-journey.md" in walker.shown


async def test_an_answer_that_others_relied_on_marks_their_step(folder: Path) -> None:
    """The rail shows where to look again."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press(*["enter"] * 10)
        await to_question(walker, "entity.document.archetype")
        await walker.press("home", "enter")
        again = [q.step for q in walker.session.facts.questions if q.state == "look again"]
        assert again
        walker.session.go("write")
        walker.screen.show()
        await walker.settle()
        titles = {each.id: each.title for each in walk.WALK}
        assert f"\n  ! {titles[again[0]]}" in walker.shown


async def test_j_leads_to_what_nobody_asked(folder: Path) -> None:
    """What an entity is for can be said, though every entity has a sentence of its own already."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "enter")
        entity = saved(folder).entities[0]
        await walker.press("j", *f"entity.{entity.id}.purpose", "enter")
        assert walker.view.question_id == f"entity.{entity.id}.purpose"
        await walker.press(*"Our own words", "enter")
        assert saved(folder).entities[0].purpose == "Our own words"
