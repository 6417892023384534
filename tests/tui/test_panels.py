"""The side panel, the mouse and the help: what is seen beside the walk."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Static

from tests.tui.conftest import opened
from tests.tui.test_guided import all_taken, panel
from tests.tui.test_walk import saved, to_question
from wizard_steps import walk


async def test_the_change_panel_shows_what_the_option_at_hand_does(folder: Path) -> None:
    """Lines with a plus come, lines with a minus go; it follows the highlight."""
    async with opened(folder, (120, 40)) as walker:
        await all_taken(walker)
        await to_question(walker, "entity.report.persists")
        await walker.press("s", "s", "s")
        await walker.until(lambda: "stay as they are" in panel(walker))
        await walker.press("down")
        await walker.until(lambda: "- table reports" in panel(walker))
        assert saved(folder).entities


async def test_the_change_panel_says_that_there_are_no_tables_yet(folder: Path) -> None:
    """Another database changes every type: not "the same tables" because there are none."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press("enter")
        await to_question(walker, "stack.database")
        await walker.press("s", "s", "s")
        await walker.until(lambda: "no tables yet" in panel(walker))
        await walker.press("down")
        await walker.until(lambda: "If the answer is: MySQL" in panel(walker))
        assert "no tables yet" in panel(walker)


async def test_another_database_changes_the_types(folder: Path) -> None:
    """As soon as there are tables they are compared, with those of MongoDB too."""
    async with opened(folder, (120, 40)) as walker:
        await all_taken(walker)
        await to_question(walker, "stack.database")
        await walker.press("s", "s", "s")
        await walker.until(lambda: "stay as they are" in panel(walker))
        assert "the same tables" not in panel(walker)
        assert "SQLite: +" in panel(walker)
        assert "MongoDB: +" in panel(walker)
        labels = [line.title for line in walker.view.lines]
        await walker.press(*["down"] * labels.index("MongoDB"))
        await walker.until(lambda: "binData" in panel(walker))


async def test_the_change_panel_shows_what_a_row_brings(folder: Path) -> None:
    """A row of the proposal of entities brings its table."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press("enter", "enter", "enter", "down", "s", "s", "s")
        await walker.until(lambda: "+ table teams" in panel(walker))


async def test_the_open_panel_lists_what_is_unknown_and_found(folder: Path) -> None:
    """Questions answered with "I don't know", and the findings by severity."""
    async with opened(folder, (120, 40)) as walker:
        await all_taken(walker)
        await to_question(walker, "unsaid.sign_in")
        await walker.press("i", "s", "s", "s", "s")
        await walker.until(lambda: "Who signs in to Plumbline" in panel(walker))


async def test_the_panel_is_not_made_anew_for_another_line(folder: Path) -> None:
    """The diagram has nothing to do with the highlight."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press("enter", "enter", "enter")
        await walker.until(lambda: "users" in panel(walker))
        text = walker.screen.query_one("#side-text", Static)
        before = text.content
        await walker.press("down", "down")
        assert text.content is before


async def test_the_card_keeps_its_height_while_one_moves(folder: Path) -> None:
    """What one reads stays where it is, however much there is to say about each line."""
    async with opened(folder, (80, 24)) as walker:
        await walker.press("enter", "enter", "enter", "t", "enter")
        desk = walker.screen.desk
        regions, cards = set(), set()
        for _ in desk.rows.options:
            await walker.press("down")
            regions.add(desk.rows.region)
            cards.add(len(str(walker.screen.query_one("#card", Static).content).splitlines()))
        assert len(cards) > 1
        assert len(regions) == 1


# The mouse


async def test_a_click_on_the_rail_goes_to_the_step(folder: Path) -> None:
    """The mouse does what keys do, and is never needed."""
    async with opened(folder) as walker:
        await walker.pilot.click("#rail", offset=(4, 3))
        await walker.settle()
        assert walker.session.place.step == walk.WALK[2].id


async def test_a_click_on_a_tab_shows_its_panel(folder: Path) -> None:
    """By the place of its name."""
    async with opened(folder, (120, 40)) as walker:
        await walker.press("enter", "enter", "enter")
        at = walker.screen.query_one("#side-title", Static)
        x = str(at.content).index("Open") + at.content_region.x - at.region.x
        await walker.pilot.click("#side-title", offset=(x, 0))
        await walker.settle()
        assert walker.screen.tab == "open"


async def test_a_click_on_a_question_before_goes_back_to_it(folder: Path) -> None:
    """A line of the tree is its question."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "enter", "t", "enter", "enter")
        first = walker.session.path[0].id
        upper = walker.screen.query_one("#upper", Static)
        y = next(y for y, line in enumerate(str(upper.content).splitlines()) if "├─ " in line)
        await walker.pilot.click("#upper", offset=(6, y))
        await walker.settle()
        assert walker.view.question_id == first


async def test_help_begins_with_where_one_is(folder: Path) -> None:
    """What the step decides, the keys that hold here, then the others; it scrolls."""
    async with opened(folder, (60, 20)) as walker:
        await walker.press("enter", "enter", "enter", "question_mark")
        shown = " ".join(walker.shown.replace("│", " ").split())
        assert "Step Entities" in shown
        assert "What must the product remember?" in shown
        before = walker.shown
        await walker.press("pagedown")
        assert walker.shown != before


async def test_nothing_is_answered_or_typed_behind_a_panel(folder: Path) -> None:
    """In a small window a panel hides the question: enter shows it again, letters are no text."""
    async with opened(folder, (80, 24)) as walker:
        await walker.press("t")
        asked, text = walker.session.place.question, walker.screen.desk.field.value
        await walker.press("tab", "x", "enter")
        assert walker.session.place.question == asked
        assert walker.screen.desk.field.value == text
        await walker.press("enter")
        assert walker.session.place.question != asked


async def test_arrows_compare_answers_behind_the_change_panel(folder: Path) -> None:
    """Where the panel hides the list, it follows the arrows, and choosing comes after."""
    async with opened(folder, (80, 24)) as walker:
        await walker.press("enter", "t", *"ssss", "down")
        assert walker.screen.tab == "change"
        assert walker.screen.desk.at == 1
        await walker.press("enter")
        assert not walker.screen.has_class("with-side")
        assert walker.screen.desk.at == 1


async def test_a_resize_in_mid_question_shares_the_rows_anew(folder: Path) -> None:
    """After a window was made small, the list begins where the part above it ends."""
    async with opened(folder, (200, 60)) as walker:
        await walker.press("enter", "t", "s", "s", "s", "s", "s")
        await walker.pilot.resize_terminal(80, 24)
        await walker.pilot.pause()
        await walker.pilot.pause()
        desk = walker.screen.desk
        upper, rows = desk.query_one("#upper", Static), desk.rows
        assert rows.region.y == upper.region.bottom
        assert upper.region.height == str(upper.content).count("\n") + 1
        assert rows.region.height >= min(5, len(walker.view.lines))


async def test_a_list_to_pick_from_leaves_its_keys_in_sight(folder: Path) -> None:
    """However small the window is, the line below the list stands inside the box."""
    for size in ((100, 32), (80, 24), (60, 20), (44, 14)):
        async with opened(folder, size) as walker:
            await walker.pilot.press("ctrl+p")
            await walker.pilot.pause()
            await walker.pilot.pause()
            box = walker.pilot.app.screen.query_one(".box")
            hint = list(box.query(Static))[-1]
            assert "enter" in str(hint.content)
            assert box.content_region.contains_region(hint.region)
            await walker.pilot.press("escape")
