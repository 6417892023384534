"""What is drawn at a given width: nothing is lost that one must read, and no row is wasted."""

from __future__ import annotations

from pathlib import Path

from rich.cells import cell_len

from schemawalk.delivery import Delivery, work_for
from schemawalk.design.model import Design
from schemawalk.writers.output import Entry, Plan
from tui import paint
from tui.branches import Branch
from tui.layout import shortened, wrapped
from tui.upper import upper
from tui.views import Line, View
from tui.writing import Writing, write_view
from wizard_steps.walk import step

LONG = "It has one writer at a time, and several people write here."


def _card(width: int, label: str) -> str:
    line = Line("a", LONG, "told in the document", label=label)
    view = View("several", "SQLite", question_id="q", prompt="Why not?", lines=(line,))
    rows = paint.card_rows(view, width, 7)
    made = paint.card(line, view, width, rows)
    assert all(each.cell_length <= width for each in made)
    return "\n".join(each.plain for each in made)


def test_the_card_shows_the_whole_title_with_what_is_said_of_it() -> None:
    """A title that the list cuts short can be read below it, however narrow the window is."""
    for width in (30, 49, 60, 100):
        card = _card(width, "recommended")
        assert LONG in " ".join(card.split())
        assert "(recommended)" in card
        assert "told in the document" in " ".join(card.split())


def test_a_text_that_goes_on_ends_at_a_whole_word() -> None:
    """The ellipsis follows a word, and the line stays within its width."""
    text = "A club's app on one small server can live in a SQLite file, for good."
    for width in range(12, 50):
        (last,) = shortened(wrapped(text, width), 1, width)
        words = last.plain.removesuffix("…").split()
        assert cell_len(last.plain) <= width
        assert words == text.split()[: len(words)]


def test_a_tree_of_one_question_takes_no_rows_for_others() -> None:
    """Rows that the tree does not need are air around it."""
    node = Branch("q", "What happens?", "", "here")
    view = View("question", "Team and user", question_id="q", prompt="What happens?",
                note="Recommended: this", tree=(node,))  # fmt: skip
    assert len(upper(view, 60, 6, why=False).lines) == 6


def test_the_files_of_a_folder_stand_together() -> None:
    """Each folder is named once, with all of its files below it, the outer before the inner."""
    paths = ("out/sql/1.up.sql", "out/schema.sql", "out/alembic/env.py", "out/sql/1.down.sql",
             "out/schema.md")  # fmt: skip
    walk = Writing(Design(), Path())
    entries = tuple(Entry(path, "create") for path in paths)
    walk.delivery = Delivery(work_for(Design()), {}, Plan(Path(), entries, ()))
    walk.phase = "planned"
    titles = [line.title for line in write_view(walk, step("write"), "").lines]
    assert titles[: titles.index("To be proven on")] == [
        "schema.sql", "schema.md", "alembic", "env.py", "sql", "1.up.sql", "1.down.sql"
    ]  # fmt: skip
