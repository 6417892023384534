"""The guided session: both ways of walking, the tree, the panels, filters, reasons, the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.tui.conftest import Walker, opened
from tests.tui.test_walk import saved, to_question
from wizard_steps import walk

SIZES = ((60, 20), (80, 24), (120, 40))


async def all_taken(walker: Walker) -> None:
    """Every step's proposal taken; at the first step again."""
    for each in walk.WALK[:-1]:
        walker.session.go(each.id)
        walker.session.take()
    walker.session.go("sources")
    walker.screen.show()
    await walker.settle()


def panel(walker: Walker) -> str:
    """What the side panel says."""
    return " ".join(str(walker.screen.query_one("#side-text", Static).content).split())


# The two ways


async def test_m_begins_the_questions_of_the_step_and_tells_why(folder: Path) -> None:
    """The taught way asks, says why it matters, and gives an example."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "m")
        step = [q.id for q in walker.session.facts.questions if q.step == "unsaid"]
        assert walker.view.question_id == step[0]
        assert "Why it matters" in walker.shown
        assert "For example" in walker.shown
        assert "taught way" in walker.shown


async def test_the_taught_way_leads_through_all_subjects_to_the_proposal(folder: Path) -> None:
    """Enter answers as recommended; at the end of a tree comes the next subject, at last a list."""
    async with opened(folder, (60, 20)) as walker:
        await walker.press("enter", "enter", "enter")
        walker.session.toggle_taught()
        asked = []
        while walker.session.question:
            asked.append(walker.session.question)
            walker.session.answer(walker.session.question.recommended)
        assert len({q.subject for q in asked}) > 9
        assert len({q.id for q in asked}) == len(asked)
        assert all(q.answer is not None for q in walker.session.facts.questions
                   if q.step == "entities")  # fmt: skip
        assert walker.session.place.step == "entities"
        walker.screen.show()
        await walker.press("enter")
        assert walker.session.place.step == "relationships"
        assert walker.session.question is not None


async def test_both_ways_come_to_the_same_tables(folder: Path) -> None:
    """Whole proposals, or every question answered as it is proposed."""
    async with opened(folder, (60, 20)) as walker:
        session = walker.session
        for each in ("sources", "stack", "unsaid"):
            assert session.place.step == each
            session.take()
        whole = session.proposal.design
        session.toggle_taught()
        while session.question:
            asked = session.question
            session.answer(asked.recommended if asked.answer is None else asked.answer)
        assert session.proposal.design.entities == whole.entities


async def test_switching_in_the_middle_of_a_question_keeps_place_and_text(folder: Path) -> None:
    """The same question, the same words in the field, either way."""
    async with opened(folder) as walker:
        await to_question(walker, "stack.framework")
        walker.screen.desk.field.value = ""
        await walker.press(*"half a wo", "f11")
        assert walker.session.taught
        assert walker.view.question_id == "stack.framework"
        assert walker.screen.desk.field.value == "half a wo"
        await walker.press("r", "d", "f11")
        assert not walker.session.taught
        assert walker.screen.desk.field.value == "half a word"


async def test_the_way_is_remembered(folder: Path) -> None:
    """The next start goes on in the taught way, at the same question."""
    async with opened(folder) as walker:
        await walker.press("enter", "m")
        asked = walker.view.question_id
    async with opened(folder) as walker:
        assert walker.session.taught
        assert walker.view.question_id == asked


async def test_back_in_the_taught_way_crosses_subjects_and_steps(folder: Path) -> None:
    """The questions of a step are one line, its proposal is at the end of it."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "m")
        questions = [q.id for q in walker.session.facts.questions if q.step == "entities"]
        await to_question(walker, questions[2])
        await walker.press("b")
        assert walker.view.question_id == questions[1]
        await to_question(walker, questions[0])
        await walker.press("b")
        assert (walker.session.place.step, walker.view.kind) == ("unsaid", "proposal")
        await walker.press("b")
        assert walker.session.question is not None
        assert walker.session.question.step == "unsaid"


async def test_a_step_gone_through_is_taught_from_the_row_at_hand(folder: Path) -> None:
    """Whoever took everything whole can still have it explained, from here."""
    async with opened(folder) as walker:
        await all_taken(walker)
        await walker.press("o", "j", *"relationships", "enter", "down", "m")
        assert walker.session.question is not None
        row = walker.session.place.row
        assert row == walker.session.proposal.rows[1].id
        assert walker.session.question.subject == row


async def test_undo_and_redo_work_in_the_taught_way(folder: Path) -> None:
    """Back to the question whose answer is taken back, and still taught."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "m")
        asked = walker.view.question_id
        await walker.press("end", "enter")
        assert walker.view.question_id != asked
        await walker.press("u")
        assert walker.view.question_id == asked
        assert walker.session.taught
        await walker.press("r")
        assert "Done again" in walker.shown


async def test_an_answer_that_unasks_others_says_so(folder: Path) -> None:
    """What becomes of earlier answers is told when it happens."""
    async with opened(folder) as walker:
        await all_taken(walker)
        await to_question(walker, "entity.report.persists")
        await walker.press("end", "enter")
        assert "Not asked any more" in walker.session.notice


async def test_the_quick_way_ends_at_the_proposal_after_one_tree(folder: Path) -> None:
    """Walking a row does not lead into the next subject."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "t")
        for _ in range(20):
            if walker.view.kind == "proposal":
                break
            await walker.press("enter")
        assert walker.session.place.step == "entities"
        assert walker.session.place.row == "team"


# The tree


@pytest.mark.parametrize("size", SIZES)
async def test_question_recommendation_and_options_are_on_the_screen(
    folder: Path, size: tuple[int, int]
) -> None:
    """However much path and teaching there is."""
    async with opened(folder, size) as walker:
        await all_taken(walker)
        await walker.press("m")
        for each in walker.session.facts.questions[::29]:
            await to_question(walker, each.id)
            shown = " ".join(walker.shown.split())
            assert each.prompt.split()[0] in shown
            if walker.view.note:
                assert walker.view.note[:10] in shown
            if walker.view.lines and walker.view.kind != "field":
                line = walker.screen.desk.line
                assert line is not None
                assert line.title[:8] in walker.shown, each.id


async def test_the_tree_shows_path_question_outlook_and_outcome(folder: Path) -> None:
    """One line a node, in the order in which they are asked."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press("enter", "enter", "enter", "t", "enter", "enter")
        lines = [line[23:74] for line in walker.shown.splitlines()]
        path = [line for line in lines if "├─ " in line]
        here = next(i for i, line in enumerate(lines) if "├▸ " in line)
        ahead = [i for i, line in enumerate(lines) if "┆  " in line]
        end = next(i for i, line in enumerate(lines) if "└─ " in line)
        assert len(path) == 2
        assert ahead
        assert here < min(ahead) <= max(ahead) < end
        assert "table of its own" in lines[end]


async def test_sample_rows_stand_above_the_options(folder: Path) -> None:
    """What a delete would take along is seen before it is chosen; the panel shows all of it."""
    async with opened(folder, (80, 24)) as walker:
        await all_taken(walker)
        endings = [q for q in walker.session.facts.questions if q.tree == "ending"]
        samples = walk.shows(walker.session.design, endings[0].id)
        await to_question(walker, endings[0].id)
        assert samples[0] in walker.shown
        assert samples[-1] not in walker.shown
        await walker.press("s", "s", "s")
        await walker.until(lambda: " ".join(samples[-1].split()) in panel(walker))


# Filter, reason, documents


async def test_a_slash_narrows_the_list_and_escape_ends_it(folder: Path) -> None:
    """The words are seen, the line at hand stays at hand."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "slash", *"repor")
        assert [line.title for line in walker.view.lines] == ["Report"]
        assert "Filter, 1 left: repor" in walker.shown
        await walker.press("escape")
        assert len(walker.view.lines) > 1
        assert walker.screen.desk.line is not None
        assert walker.screen.desk.line.id == "report"
        assert "Filter" not in walker.shown


async def test_enter_acts_on_the_filtered_row(folder: Path) -> None:
    """A proposal's row is walked, an option is chosen; the proposal is not taken by mistake."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "slash", *"repor", "enter")
        assert walker.view.question_id.startswith("entity.report.")
        assert saved(folder).done == ("sources", "stack", "unsaid")
        await to_question(walker, "unsaid.sign_in")
        await walker.press("slash", *"nobody", "enter")
        assert saved(folder).unsaid.sign_in == "none"


async def test_backspace_on_nothing_ends_the_filter(folder: Path) -> None:
    """As it does in other programs."""
    async with opened(folder) as walker:
        await walker.press("enter", "slash", "x", "backspace", "backspace")
        assert "Filter" not in walker.shown
        at = walker.screen.desk.at
        assert at is not None
        await walker.press("up")
        assert walker.screen.desk.at == at - 1


async def test_a_reason_goes_with_the_answer_and_into_the_tree(folder: Path) -> None:
    """Typed before the answer, kept with it, shown in the trail; escape leaves the question be."""
    async with opened(folder, (120, 40)) as walker:
        await to_question(walker, "unsaid.audit")
        await walker.press("e", "escape")
        assert walker.view.question_id == "unsaid.audit"
        await walker.press("e", *"the auditors ask", "enter")
        assert walker.view.question_id == "unsaid.audit"
        assert "the auditors ask" in walker.shown
        await walker.press("home", "enter")
        note = next(n for n in saved(folder).notes if n.id == "unsaid.audit")
        assert note.why == "the auditors ask"
        await to_question(walker, "unsaid.audit")
        await walker.press("e")
        assert walker.screen.desk.asking.field.value == "the auditors ask"
        await walker.press("escape", "s", "s")
        await walker.until(lambda: "because the auditors ask" in panel(walker))


async def test_a_reason_can_be_given_after_the_answer(folder: Path) -> None:
    """At an answered question it is kept at once; while it is typed it survives a restart."""
    async with opened(folder) as walker:
        await to_question(walker, "unsaid.audit")
        await walker.press("end", "enter")
        await to_question(walker, "unsaid.audit")
        await walker.press("e", *"nobody ch")
    async with opened(folder) as walker:
        await walker.press("e", *"ecks", "enter")
        note = next(n for n in saved(folder).notes if n.id == "unsaid.audit")
        assert note.why == "nobody checks"


async def test_changed_documents_are_told_and_read_again_with_d(folder: Path) -> None:
    """What they tell otherwise is named; afterwards it is in the design."""
    async with opened(folder) as walker:
        await all_taken(walker)
    journey = folder / "product-guidelines" / "00-user-journey.md"
    journey.write_text(journey.read_text().replace("## ", "## ", 1) + "\n\nMore.\n")
    text = journey.read_text()
    assert "Upload a document" in text
    journey.write_text(text.replace("Upload a document", "Upload a folder of documents"))
    async with opened(folder, (120, 40)) as walker:
        shown = " ".join(walker.shown.split())
        assert "Changed since it was read" in shown
        await walker.press("d")
        assert "Read again" in " ".join(walker.shown.split())
        assert "Upload a folder of documents" in [s.title for s in saved(folder).steps]


async def test_jumping_says_how_a_question_stands(folder: Path) -> None:
    """The state is among the words that are searched."""
    async with opened(folder) as walker:
        await to_question(walker, "unsaid.sign_in")
        await walker.press("i", "j", *"unknown")
        assert "Who signs in" in walker.shown
        await walker.press("enter")
        assert walker.view.question_id == "unsaid.sign_in"


async def test_a_second_look_names_what_fits_now(folder: Path) -> None:
    """Beside why an answer needs another look stands what is recommended by now."""
    (folder / "product-guidelines" / "02-tech-stack.md").unlink()
    async with opened(folder) as walker:
        await walker.press("enter", "enter")
        walker.session.go("stack", "stack.database")
        walker.session.answer(("sqlite",))
        walker.session.go("stack", "stack.version")
        walker.screen.show()
        note = walker.view.note
        assert note.startswith("Look again: ")
        assert "Recommended: 3." in note
