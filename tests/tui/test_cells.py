"""A terminal shows the same with the changed cells alone as with all that Textual would send."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pyte
import pytest
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Footer, Header, Input, OptionList

from tests.terminal import ROOT
from tui.app import WizardApp
from tui.terminal import cells
from tui.terminal.cells import OFF, CellApp
from tui.terminal.shadow import Shadow

SIZES = ((100, 30), (60, 20), (130, 36), (80, 24))

WORDS = (
    "plain", "数据库 schema", "日本語のテーブル", "ﾊﾝｶｸ", "👍 yes", "👨‍👩‍👧‍👦 family", "🇫🇷🇩🇪 flags",
    "❤️ heart", "e\u0301tude combined", "👍🏽 tone", "שלום right to left", "क्षि", "─── ✓ ● ★ …",
    "✅ done", "\u200bzero", "a longer line that fills the row from its one end to its other end",
)  # fmt: skip


@pytest.fixture(autouse=True)
def many_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same terminal wherever the tests run."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


class Sink:
    """A terminal as a Textual program has it, and all that it was sent."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        self.sent = ""
        self.feed("\x1b[?7l")

    def feed(self, data: str) -> None:
        """Take what is sent."""
        self.sent += data
        self._stream.feed(data)

    @property
    def cells(self) -> list[list[Any]]:
        """All that is seen: characters, colours, marks."""
        lines, columns = self.screen.lines, self.screen.columns
        return [[self.screen.buffer[y][x] for x in range(columns)] for y in range(lines)]


class TwoTerminals(HeadlessDriver):
    """Writes on the terminal that is at hand, or on both."""

    shown: Sink
    wanted: Sink
    to: Sequence[Sink] = ()
    sent: Sequence[int] = (0, 0)
    """Characters sent to both before the terminals at hand."""
    inline = False

    @property
    def is_headless(self) -> bool:
        return False

    @property
    def is_inline(self) -> bool:
        return self.inline

    @property
    def can_suspend(self) -> bool:
        return True

    def write(self, data: str) -> None:
        for sink in self.to:
            sink.feed(data)

    def start_application_mode(self) -> None:
        """As the real one does: another thread writes, and the screen is not what it was."""
        self._writer_thread = object()
        self.sent = [a + len(b.sent) for a, b in zip(self.sent, self.to, strict=False)] or [0, 0]
        self.shown = Sink(*self._get_terminal_size())
        self.wanted = Sink(*self._get_terminal_size())
        self.to = (self.shown, self.wanted)
        super().start_application_mode()


class Twice(CellApp):
    """Sends each update in both ways, and compares what two terminals show after it."""

    compared = 0

    @property
    def terminals(self) -> TwoTerminals:
        """The driver."""
        assert isinstance(self._driver, TwoTerminals)
        return self._driver

    def _display(self, screen: Any, renderable: Any) -> None:
        driver = self.terminals
        driver.to = (driver.wanted,)
        App._display(self, screen, renderable)
        driver.to = (driver.shown,)
        super()._display(screen, renderable)
        driver.to = (driver.shown, driver.wanted)
        if driver.shown.cells != driver.wanted.cells:
            self.exit(message="differs")
            raise AssertionError(difference(driver.shown, driver.wanted))
        cursors = (driver.shown.screen.cursor, driver.wanted.screen.cursor)
        assert (cursors[0].x, cursors[0].y) == (cursors[1].x, cursors[1].y)
        self.compared += 1


def difference(shown: Sink, wanted: Sink) -> str:
    """The first cells that differ."""
    rows = enumerate(zip(shown.cells, wanted.cells, strict=True))
    found = [
        f"{y}:{x} {a} instead of {b}"
        for y, (one, other) in rows
        for x, (a, b) in enumerate(zip(one, other, strict=True))
        if a != b
    ]
    return "\n".join(found[:5])


class Window(Twice):
    """Something of everything: a field, a long list of difficult words, lines above and below."""

    BINDINGS: ClassVar = [("ctrl+t", "note", "A note")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield Input(placeholder="type")
        yield OptionList(*(f"{word} {number}" for number in range(4) for word in WORDS))
        yield Footer()

    def action_note(self) -> None:
        """Show something on top of everything."""
        self.notify("数据 ❤️ saved", timeout=60)


class Plain(Twice):
    """A list."""

    def compose(self) -> ComposeResult:
        yield OptionList("one", "two")


class Wizard(Twice, WizardApp):
    """The program itself."""

    CSS_PATH: ClassVar = [ROOT / "tui" / path for path in WizardApp.CSS_PATH]


@asynccontextmanager
async def running(app: Twice, size: tuple[int, int] = SIZES[0]) -> AsyncIterator[Pilot[None]]:
    """An app whose output is seen."""
    app.driver_class = TwoTerminals
    async with app.run_test(headless=False, size=size) as pilot:
        await pilot.pause()
        yield pilot


async def resize(pilot: Pilot[None], app: Twice, size: tuple[int, int]) -> None:
    """Give both terminals another size, then tell the app."""
    for sink in (app.terminals.shown, app.terminals.wanted):
        sink.screen.resize(size[1], size[0])
    await pilot.resize_terminal(*size)
    await pilot.pause()


@pytest.mark.parametrize("seed", [1, 2])
async def test_any_keys_in_any_size_show_the_same(seed: int) -> None:
    """Typing, scrolling, the command palette, notes, other sizes, back from an editor."""
    app, chance = Window(), random.Random(seed)
    keys = ["tab", "shift+tab", *["down"] * 6, *["up"] * 3, "pagedown", "pageup", "end", "home",
            "ctrl+p", "escape", *"abc", "backspace", "数", "❤", "ctrl+t", "ctrl+l"]  # fmt: skip
    async with running(app) as pilot:
        for number in range(80):
            await pilot.press(chance.choice(keys))
            if number % 25 == 24:
                await resize(pilot, app, chance.choice(SIZES))
            if number % 40 == 39:
                with app.suspend():
                    pass
                await pilot.pause()
        assert app.stock is False
        assert app.compared > 30
        assert app.terminals.sent[0] < app.terminals.sent[1]


async def test_the_walk_shows_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program itself: steps, questions, panel, help, jump, dark and light, other sizes."""
    monkeypatch.setattr("tui.app.leave_on_hangup", lambda _: None)
    app, chance = Wizard(folder), random.Random(4)
    keys = [*["down"] * 8, *["up"] * 3, "space", "t", "b", "b", "s", "w", "u", "r", "j", "escape",
            "question_mark", "c", "pagedown", "i", "end"]  # fmt: skip
    async with running(app) as pilot:
        while "Opening" in app.terminals.shown.screen.display[1] or not app.screen.query("Desk"):
            await pilot.pause(0.02)
        for number in range(60):
            await pilot.press("enter" if number % 9 == 0 else chance.choice(keys))
            if number % 20 == 19:
                await resize(pilot, app, chance.choice(SIZES))
        assert app.stock is False
        assert app.compared > 30
        app.leave()


async def test_a_screen_that_was_written_on_is_painted_anew() -> None:
    """ctrl+l sends everything again, whatever is thought to be there."""
    app = Plain()
    async with running(app) as pilot:
        before = app.terminals.shown.cells
        app.terminals.write("\x1b[m\x1b[2;1HBroadcast message\x1b[5;1H\x1b[J")
        assert app.terminals.shown.cells != before
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.terminals.shown.cells == before


async def test_a_terminal_that_was_somebody_elses_is_not_trusted() -> None:
    """After the driver has begun anew, also an update of a part is whole."""
    app = Plain()
    async with running(app) as pilot:
        app.terminals.start_application_mode()
        await pilot.press("down")
        assert "two" in app.terminals.shown.screen.display[2]


async def test_the_terminal_is_given_back_in_no_style() -> None:
    """Nothing is left of its colours, neither at the end nor for an editor."""
    app = Plain()
    async with running(app) as pilot:
        await pilot.press("down")
        assert app.terminals.shown.screen.cursor.attrs.bg != "default"
        app.terminals.stop_application_mode()
        assert app.terminals.shown.screen.cursor.attrs.bg == "default"


async def stock_output(app: Twice) -> bool:
    """Whether all that is sent is what Textual would have sent, byte for byte."""
    async with running(app) as pilot:
        await pilot.press("a", "tab", "down", "down")
        await resize(pilot, app, SIZES[3])
        await pilot.press("down")
        return app.terminals.shown.sent == app.terminals.wanted.sent


async def test_cells_are_sent_where_textual_is_as_it_was() -> None:
    """What the other tests turn off is on."""
    assert not await stock_output(Window())


async def test_a_variable_leaves_the_output_to_textual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set, nothing is saved; set to 0, it is as if it were not set."""
    monkeypatch.setenv(OFF, "1")
    assert await stock_output(Window())
    monkeypatch.setenv(OFF, "0")
    assert not await stock_output(Window())


async def test_another_textual_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A method that takes other parameters: nobody knows what it means, so nothing is hooked."""
    original = Strip.render_ansi

    def render_ansi(_: type[Strip], style: Any, system: Any) -> str:
        return original(style, system)

    monkeypatch.setattr(Strip, "render_ansi", classmethod(render_ansi))
    assert cells.missing(Window()) == "textual.strip.Strip.render_ansi"
    assert await stock_output(Window())


@pytest.mark.parametrize(
    "gone", ["textual._compositor.LayoutUpdate", "textual._ansi_sequences.SYNC_END"]
)
def test_what_is_gone_is_named(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class or a constant that is not there any more is found before it is needed."""
    assert cells.missing(Window()) == ""
    monkeypatch.delattr(gone)
    assert cells.missing(Window()) == gone


def test_an_app_without_an_attribute_is_left_to_itself() -> None:
    """The app's own state is looked at too."""
    app = Window()
    del app._sync_available
    assert cells.missing(app) == "App._sync_available"


async def test_a_mistake_costs_bytes_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in the difference, Textual's own output is sent, from then on."""

    def fails(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr(Shadow, "show", fails)
    app = Window()
    assert await stock_output(app)
    assert app.stock


async def test_inline_programs_are_left_to_textual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below a prompt nobody knows where the cursor is."""
    monkeypatch.setattr(TwoTerminals, "inline", True)
    app = Window()
    async with running(app) as pilot:
        await pilot.press("a", "b")
        assert app._shadow is None


@pytest.mark.parametrize(
    ("terminal", "answer"), [("xterm-256color", True), ("vt220", False), ("no-such-one", False)]
)
def test_terminals_erase_as_their_description_says(terminal: str, answer: bool) -> None:
    """xterm with the background at hand; the vt220 not; one that nobody knows not either."""
    program = f"from tui.terminal.cells import erases; print(erases({terminal!r}))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == str(answer)
