"""What stays in the scrollback: short, narrow, plain, and enough to go on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from schemawalk.design.model import Design
from schemawalk.design.whole import Product
from tests.terminal import Starter
from tests.tui.conftest import EXAMPLE, opened
from tui.transcript import MOST, parting, transcript
from wizard_steps import walk
from wizard_steps.sources import read_into


@pytest.fixture(scope="module")
def begun() -> Design:
    """The example's documents, and nothing answered."""
    return read_into(Design(), EXAMPLE.parent)


@pytest.fixture(scope="module")
def stacked(begun: Design) -> Design:
    """The first two steps taken."""
    return walk.propose(walk.propose(begun, "sources").design, "stack").design


@pytest.fixture(scope="module")
def taken(begun: Design) -> Design:
    """The whole walk taken."""
    return walk.take_all(begun)


def test_each_step_has_its_title_its_headline_and_its_answers(
    begun: Design, stacked: Design
) -> None:
    """Prompt, answer, and why, below one rail."""
    lines = transcript(begun, stacked, 100)
    assert lines[0] == f"┌  Schemawalk · {stacked.product.name}"
    assert any(line.startswith("◇  Sources: 9 steps from 3 documents") for line in lines)
    (stack,) = (line for line in lines if line.startswith("◇  Stack: PostgreSQL 16"))
    answered = [q for q in walk.questions(stacked, "stack") if q.answer is not None]
    earlier = {q.id: q.answer for q in walk.questions(begun)}
    new = [q for q in answered if q.answer != earlier.get(q.id)]
    assert stack.endswith(f"· {len(new)} answers")
    text = " ".join(" ".join(line.lstrip("│ ") for line in lines).split())
    for asked in new:
        assert f"{asked.prompt} → {asked.label(asked.answer[0])}" in text
        assert asked.because in text
    assert all(line[0] in "┌│◇" for line in lines)


def test_nothing_answered_is_said(begun: Design) -> None:
    """Somebody only looked."""
    assert "◇  Nothing was answered this time" in transcript(begun, begun, 80)


def test_what_was_answered_before_is_not_told_again(stacked: Design, taken: Design) -> None:
    """Only this session's answers are there."""
    lines = transcript(stacked, taken, 80)
    assert not any("Sources" in line or line.startswith("◇  Stack") for line in lines)
    assert any(line.startswith("◇  Entities") for line in lines)


def test_a_long_walk_stays_short(begun: Design, taken: Design) -> None:
    """Hundreds of answers are counted; the lines are those of a screen or two."""
    end = parting("acme", walk.progress(taken), ["a/b.sql", "a/c.sql"], 100)
    lines = transcript(begun, taken, 100) + end
    assert len(lines) <= MOST
    more = [int(line.split()[-2]) for line in lines if "… and" in line]
    assert more
    assert sum(more) > 100


def test_own_answers_come_first(taken: Design) -> None:
    """Of many answers those are shown that somebody thought about, with the reason."""
    asked = walk.questions(taken, "access")[-1]
    other = next(o.value for o in asked.options if (o.value,) != asked.answer)
    after = walk.answer(taken, asked.id, (other,), why="we measured it")
    lines = transcript(Design(steps=taken.steps), after, 100)
    text = "\n".join(lines)
    assert f"→ {asked.label(other)}" in text
    assert "we measured it" in text


@settings(max_examples=30, deadline=None)
@given(width=st.integers(10, 130))
def test_no_line_is_wider_than_the_terminal(begun: Design, taken: Design, width: int) -> None:
    """However narrow it is; below 24 columns it is made for those."""
    assert max(map(cell_len, transcript(begun, taken, width))) <= max(width, 24)


def test_text_from_outside_is_only_text(stacked: Design) -> None:
    """Nothing that a terminal obeys, no line break, wide characters counted as wide."""
    name = "\x1b]0;owned\x07日本語" * 10 + "\n\u202e"
    hostile = stacked.model_copy(update={"product": Product(name=name)})
    end = parting("a\x1b[2J b'\n", (1, 2), ["x\x1b[31m/\ny.sql"], 60)
    for line in (*transcript(Design(), hostile, 60), *end):
        assert line.isprintable()
    assert all(cell_len(line) <= 60 for line in transcript(Design(), hostile, 60))


def test_the_end_says_how_to_go_on() -> None:
    """Commands that can be copied as they are, also for a folder with blanks."""
    lines = parting("my acme", (41, 58), ["out/sql/1.sql", "out/doc.md"], 30)
    text = "\n".join(lines)
    assert lines[0] == "◇  41 of 58 answered, all saved"
    assert "Written: 2 files in out" in text
    for command in (
        "schemawalk 'my acme'",
        "schemawalk questions 'my acme' --answers > answers.toml",
        "schemawalk answer NEW --answers answers.toml",
    ):
        assert f"│    {command}" in lines
    assert "Written" not in "\n".join(parting("acme", (0, 1), [], 80))
    assert "1 file in" in "\n".join(parting("acme", (0, 1), ["a/b"], 80))


async def test_the_screen_remembers_where_it_began(folder: Path) -> None:
    """What was answered since it opened, and taken back again is not told."""
    async with opened(folder) as walker:
        await walker.press("enter", "enter", "u")
        text = "\n".join(walker.screen.last_words())
    assert "◇  Sources" in text
    assert "◇  Stack" not in text


def test_leaving_prints_it_below_the_shell(folder: Path, starter: Starter) -> None:
    """After the full screen is gone, so that it stays."""
    with starter.start(folder) as terminal:
        terminal.until("9 steps from 3 documents")
        terminal.press("enter")
        terminal.until("PostgreSQL 16")
        terminal.press("q")
        terminal.until_gone()
        _, _, after = terminal.output.decode().rpartition("\x1b[?1049l")
    assert "◇  Sources: 9 steps from 3 documents" in after
    assert f"schemawalk questions {folder} --answers > answers.toml" in after
    assert starter.exit_code(terminal) == 0
