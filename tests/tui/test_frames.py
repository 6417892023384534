"""Only what changed is sent, and the terminal shows all of it: rows, styles, wide characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.terminal.frames import HALF, UNKNOWN, Row, difference, letter, style_of
from tui.terminal.sequences import Pen, change, move
from tui.terminal.shadow import Piece, Shadow, glyphs

WIDTH, HEIGHT = 30, 4

STYLES = (
    "", "1", "3;4", "7", "1;38;2;228;231;235;48;2;20;23;28", "38;2;162;172;185;48;2;20;23;28",
    "48;2;20;23;28", "48;5;17", "31;44", "97;100", "9;38;5;200", "4;48;2;38;56;74", "39;49",
    "1;2",
)  # fmt: skip

TEXTS = (
    "a", "bc", " ", "   ", " " * 7, " " * 13, "──────", "✓ ", "● name", "数据", "日本語 ", "héllo",
)  # fmt: skip
"""Of which every terminal knows how wide they are."""

UNSURE = (
    "👍", "👨‍👩‍👧‍👦", "🇫🇷🇩🇪", "❤️", "e\u0301", "👍🏽", "क्षि", "שלום", "\u200b", "\u0301", "✅",
)  # fmt: skip
"""Of which terminals differ."""


def screen() -> tuple[pyte.Screen, pyte.Stream]:
    """A terminal as a Textual program has it: lines are not wrapped."""
    made = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(made)
    stream.feed("\x1b[?7l")
    return made, stream


def cells(made: pyte.Screen) -> list[list[Any]]:
    """All that is seen: characters, colours, marks."""
    return [[made.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A row of pieces of text, each in a style."""
    row, x = Row.filled(" ", WIDTH, draw(st.sampled_from(STYLES))), 0
    while x < WIDTH:
        text, style = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(STYLES))
        found = glyphs(text) or ""
        if x + len(found) > WIDTH:
            break
        row = row.put(x, found, letter(style) * len(found))
        x += len(found)
    return row


def frames() -> st.SearchStrategy[list[Row]]:
    """All rows of a screen."""
    return st.lists(rows(), min_size=HEIGHT, max_size=HEIGHT)


def paint(stream: pyte.Stream, frame: list[Row]) -> None:
    """Write every cell for itself, each with its whole style."""
    for y, row in enumerate(frame):
        for x, (char, style) in enumerate(zip(row.text, row.styles, strict=True)):
            if char != HALF:
                stream.feed(f"\x1b[{y + 1};{x + 1}H\x1b[0;{style_of(style) or 0}m{char}")
    stream.feed("\x1b[m")


@given(frames(), frames(), st.booleans())
def test_any_frame_becomes_any_other(before: list[Row], after: list[Row], erase: bool) -> None:
    """After the sequence each cell is as if the frame had been written cell by cell."""
    shown, stream = screen()
    paint(stream, before)
    pen = Pen()
    difference(pen, dict(enumerate(zip(before, after, strict=True))), erase=erase)
    stream.feed(pen.written)
    wanted, other = screen()
    paint(other, after)
    assert cells(shown) == cells(wanted)


@given(frames(), st.data())
def test_unknown_cells_are_written_again(frame: list[Row], data: st.DataObject) -> None:
    """What nobody knows of the terminal is written, whatever it shows there."""
    shown, stream = screen()
    paint(stream, data.draw(frames()))
    pen = Pen()
    difference(pen, {y: (Row.unknown(WIDTH), new) for y, new in enumerate(frame)}, erase=True)
    stream.feed(pen.written)
    wanted, other = screen()
    paint(other, frame)
    assert cells(shown) == cells(wanted)


@given(frames())
def test_nothing_is_sent_for_what_is_there(frame: list[Row]) -> None:
    """The same frame once more costs nothing."""
    pen = Pen()
    difference(pen, {y: (row, row) for y, row in enumerate(frame)}, erase=True)
    assert pen.written == ""


@given(st.sampled_from(STYLES), st.sampled_from(STYLES))
def test_a_change_of_style_is_a_change_to_that_style(before: str, after: str) -> None:
    """Colours and marks are as after a reset, and it is never longer than a reset."""
    shown, stream = screen()
    stream.feed(f"\x1b[0;{before or 0}m{change(before, after)}x")
    wanted, other = screen()
    other.feed(f"\x1b[0;{after or 0}mx")
    assert cells(shown) == cells(wanted)
    assert len(change(before, after)) <= len(f"\x1b[0;{after or 0}m")


def test_every_move_arrives() -> None:
    """From any place to any other, in no more bytes than by its coordinates."""
    places = list(product(range(HEIGHT), range(WIDTH)))
    for start, goal in product(places[::3], places):
        shown, stream = screen()
        stream.feed(f"\x1b[{start[0] + 1};{start[1] + 1}H{move(start, goal)}")
        assert (shown.cursor.y, shown.cursor.x) == goal
        assert len(move(start, goal)) <= len(f"\x1b[{goal[0] + 1};{goal[1] + 1}H")


def test_one_changed_character_is_a_few_bytes() -> None:
    """A place, a style and the character; not the row."""
    style = "38;2;1;2;3"
    old = Row("a line of thirty cells, always", letter(style) * WIDTH)
    new = old.put(7, "x", letter(style))
    pen = Pen()
    difference(pen, {2: (old, new)}, erase=True)
    assert pen.written == f"\x1b[3;8H\x1b[{style}mx"


def test_long_blanks_are_erased() -> None:
    """Blanks to the end of the row cost three bytes, whatever their number."""
    old = Row.filled("x", WIDTH, "")
    pen = Pen((0, 0))
    difference(pen, {0: (old, Row.filled(" ", WIDTH, ""))}, erase=True)
    assert pen.written == "\x1b[K"


def test_underlined_blanks_are_written() -> None:
    """Terminals erase without the line."""
    old = Row.filled("x", WIDTH, "4")
    pen = Pen((0, 0))
    difference(pen, {0: (old, Row.filled(" ", WIDTH, "4"))}, erase=True)
    assert pen.written == "\x1b[4m" + " " * WIDTH


def test_half_of_a_wide_character_is_never_written() -> None:
    """A change beside or in place of a wide character covers the whole of it."""
    one, two = letter(""), letter("") * 2
    row = Row.filled(" ", WIDTH, "").put(4, "数" + HALF, two)
    assert row.put(5, "x", one).text[4] == UNKNOWN
    assert row.put(3, "日" + HALF, two).text[5] == UNKNOWN


def test_after_a_wide_character_the_place_is_right() -> None:
    """One wide character for another, and a change far behind it, which arrives in its column."""
    two, rest = letter("") * 2, WIDTH - 3
    old = Row("日" + HALF + "-" * rest + "x", letter("") * WIDTH)
    new = old.put(0, "数" + HALF, two).put(WIDTH - 2, "y", letter(""))
    shown, stream = screen()
    pen = Pen()
    difference(pen, {0: (old, new)}, erase=True)
    stream.feed(pen.written)
    assert (shown.cursor.x, shown.buffer[0][WIDTH - 2].data) == (WIDTH - 1, "y")


@pytest.mark.parametrize("text", UNSURE)
def test_nobody_is_sure_of_these(text: str) -> None:
    """Joined, combined, flagged and turned characters fill a number of cells that differs."""
    assert glyphs(text) is None


@pytest.mark.parametrize("text", TEXTS)
def test_everybody_agrees_about_these(text: str) -> None:
    """Letters, boxes, marks and CJK."""
    assert (glyphs(text) or "").replace(HALF, "") == text


COLOURS = tuple(
    map(
        Style.parse,
        ("", "bold", "#e4e7eb on #14171c", "on blue", "underline red"),
    )
)


@st.composite
def updates(draw: st.DrawFn) -> dict[int, list[Piece]]:
    """Strips in some places, also of text that nobody is sure of."""
    found: dict[int, list[Piece]] = {}
    for y in draw(st.lists(st.integers(0, HEIGHT - 1), min_size=1, max_size=HEIGHT, unique=True)):
        x = draw(st.integers(0, WIDTH // 2))
        row = found.setdefault(y, [])
        for number in range(draw(st.integers(1, 3))):
            drawn = draw(strips())
            row.append((x, drawn, bool(number) and draw(st.booleans())))
            x += drawn.cell_length
    return found


@st.composite
def strips(draw: st.DrawFn) -> Strip:
    """A few segments."""
    texts = st.one_of(st.sampled_from(TEXTS), st.sampled_from(UNSURE))
    segments = [
        Segment(draw(texts), draw(st.sampled_from(COLOURS))) for _ in range(draw(st.integers(1, 3)))
    ]
    return Strip(segments).crop(0, WIDTH // 6)


def play(made: Sequence[dict[int, list[Piece]]], *, erase: bool = True) -> None:
    """Show updates in both ways, and compare two terminals after each."""
    console = Console(color_system="truecolor", force_terminal=True)
    shadow = Shadow(WIDTH, HEIGHT, erase=erase)
    shown, stream = screen()
    wanted, other = screen()
    for update in made:
        stream.feed(shadow.show(update, (0, 0), console))
        whole = [
            ("" if follows else f"\x1b[{y + 1};{x + 1}H") + strip.render(console)
            for y, pieces in update.items()
            for x, strip, follows in pieces
        ]
        other.feed("".join(whole))
        assert cells(shown) == cells(wanted)


@given(st.lists(updates(), max_size=6), st.booleans())
def test_any_updates_show_what_textual_would_show(
    made: list[dict[int, list[Piece]]], erase: bool
) -> None:
    """After each update the terminal is cell for cell as if the strips had been sent whole."""
    play(made, erase=erase)


def strip(text: str) -> Strip:
    """Text in no style."""
    return Strip([Segment(text, Style())])


FLAGS, TONE = "🇫🇷🇩🇪", "👍🏽"
WHOLE = "a line of thirty cells, always"

OVERFLOWS: dict[str, list[dict[int, list[Piece]]]] = {
    "what lay behind it is sent again": [
        {0: [(0, strip(WHOLE), False)]},
        {0: [(0, strip(TONE), False)]},
        {0: [(2, strip(WHOLE[2:8]), False)]},
    ],
    "what was sent right after it is not where it should be": [
        {0: [(0, strip(TONE), False), (2, strip("xyz"), True)]},
        {0: [(2, strip("xyz"), False)]},
    ],
    "it is sent again when something else was there": [
        {0: [(0, strip(FLAGS), False)]},
        {0: [(0, strip("zzzzzzzz"), False)]},
        {0: [(0, strip(FLAGS), False)]},
    ],
    "what it joined in the row above is sent again": [
        {0: [(0, strip(WHOLE), False)]},
        {1: [(0, strip("\u0301a"), False)]},
        {0: [(0, strip(WHOLE), False)]},
    ],
}


@pytest.mark.parametrize("made", OVERFLOWS.values(), ids=OVERFLOWS.keys())
def test_text_of_unsure_width_is_not_trusted(made: list[dict[int, list[Piece]]]) -> None:
    """A terminal may fill more cells with it than Textual thinks: then all the same is shown."""
    play(made)


def test_text_of_unsure_width_is_sent_once() -> None:
    """The same row again costs nothing."""
    console = Console(color_system="truecolor", force_terminal=True)
    shadow = Shadow(WIDTH, HEIGHT, erase=True)
    sent = [shadow.show({0: [(0, strip(FLAGS), False)]}, (0, 0), console) for _ in range(2)]
    assert FLAGS in sent[0]
    assert sent[1] == ""


def test_each_style_is_put_on_once() -> None:
    """Two lines that take turns with a background: neither it nor the ink changes twice."""
    inks, plain, lit = ("38;2;1;2;3", "38;2;4;5;6"), "48;2;7;8;9", "48;2;10;11;12"

    def line(ground: str) -> Row:
        half = WIDTH // 2
        left, right = (letter(f"{ink};{ground}") for ink in inks)
        return Row("x" * WIDTH, left * half + right * half)

    pen = Pen()
    difference(pen, {0: (line(lit), line(plain)), 1: (line(plain), line(lit))}, erase=True)
    changes = pen.written.count("38;2;") + pen.written.count("48;2;")
    assert changes == len(inks) + 3
