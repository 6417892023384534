"""Sends a terminal the cells that changed, where Textual would send whole regions."""

from __future__ import annotations

import os
from importlib import import_module
from inspect import Parameter, signature
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual._compositor import ChopsUpdate, LayoutUpdate
    from textual.screen import Screen

    from tui.terminal.shadow import Shadow

OFF: Final = "SCHEMAWALK_STOCK_OUTPUT"
"""Environment variable that leaves all output to Textual, unless it is empty or 0."""

PLAIN: Final = "\x1b[m"
"""Ends every style."""

NEEDED: Final = (
    ("textual.app", "App._display", "self screen renderable"),
    ("textual._compositor", "LayoutUpdate", "strips region"),
    ("textual._compositor", "ChopsUpdate", "chops spans chop_ends"),
    ("textual.driver", "Driver.stop_application_mode", "self"),
    ("textual.strip", "Strip.render", "self console"),
    ("textual.strip", "Strip.render_ansi", "style color_system"),
    ("textual.strip", "Strip.crop", "self start end"),
    ("textual._ansi_sequences", "SYNC_START", None),
    ("textual._ansi_sequences", "SYNC_END", None),
    ("rich.style", "Style._ansi", None),
    ("rich.cells", "get_character_cell_size", "character unicode_version"),
)
"""What is not promised by the libraries: module, name, and its parameters if it is called."""

NEEDED_OF_APP: Final = (
    "_batch_count", "_closed", "_driver", "_running", "_sync_available", "cursor_position",
    "console._color_system",
)  # fmt: skip
"""What a Textual app has that is not promised."""


def missing(app: App[None]) -> str:
    """What an app lacks, or has in another form, so that its output is left alone; empty if not."""
    for module, name, parameters in NEEDED:
        try:
            found = attrgetter(name)(import_module(module))
        except (ImportError, AttributeError):
            return f"{module}.{name}"
        if parameters is not None and _parameters(found) != parameters:
            return f"{module}.{name}"
    for name in NEEDED_OF_APP:
        try:
            attrgetter(name)(app)
        except AttributeError:
            return f"App.{name}"
    return ""


def _parameters(found: object) -> str:
    if not callable(found):
        return ""
    stars = (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
    given = signature(found).parameters.values()
    return " ".join(one.name for one in given if one.kind not in stars)


def erases(terminal: str | None) -> bool:
    """Whether a kind of terminal erases with the background at hand (terminfo's bce and ech)."""
    import _curses as curses

    try:
        curses.setupterm(terminal, 1)
        return curses.tigetflag("bce") > 0 and bool(curses.tigetstr("ech"))
    except curses.error:
        return False


class CellApp(App[None]):
    """An app that sends its terminal only what differs from what is there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "paint_anew", "draw the screen anew", id="paint-anew", show=False)
    ]
    """Also behind a window and while a folder is opened, where the keys of the walk are not."""

    stock: bool | None = None
    """Whether all output is left to Textual; None before the first."""
    _shadow: Shadow | None = None
    _erases: bool | None = None
    _thread: object = None
    """What writes to the terminal; it is another one after the terminal was somebody else's."""

    def on_mount(self) -> None:
        # Textual itself paints nothing when the shell lets the program go on.
        self.app_resume_signal.subscribe(self, lambda _: self.action_paint_anew())

    def action_paint_anew(self) -> None:
        """Send the whole screen, for one that something else has written on."""
        self._forget()
        self.screen.refresh(layout=True)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self.stock is None:
            self.stock = os.environ.get(OFF, "") not in ("", "0") or bool(missing(self))
        if self.stock or renderable is None or not self._is_seen():
            super()._display(screen, renderable)
            return
        sequence = self._cells(renderable)
        if sequence is None:
            self._forget()
            super()._display(screen, renderable)
            return
        self._send(sequence)
        self.post_display_hook()

    def _is_seen(self) -> bool:
        """Whether Textual would send anything at all now."""
        live = self._running and not self._closed and not self.is_headless
        return live and not self._batch_count and self._driver is not None

    def _send(self, sequence: str) -> None:
        if sequence and self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    def _forget(self) -> None:
        """Know no more what the terminal shows; it writes in no style from now on."""
        if self._shadow is not None and self._shadow.style:
            self._send(PLAIN)
        self._shadow = None

    def _cells(self, renderable: RenderableType) -> str | None:
        """What to send for an update; None when Textual is to send it."""
        from textual._compositor import ChopsUpdate, LayoutUpdate

        if not isinstance(renderable, (ChopsUpdate, LayoutUpdate)):
            return None  # as it is for programs that run inline, below a prompt
        try:
            return self._difference(renderable)
        except Exception:  # whatever is wrong here, Textual's own output is right
            self.stock = True
            return None

    def _difference(self, update: ChopsUpdate | LayoutUpdate) -> str:
        from textual._ansi_sequences import SYNC_END, SYNC_START

        from tui.terminal.shadow import pieces_of

        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        sequence = self._current_shadow().show(pieces_of(update), (y, x), self.console)
        if sequence and self._sync_available:
            return f"{SYNC_START}{sequence}{SYNC_END}"
        return sequence

    def _current_shadow(self) -> Shadow:
        """The shadow; a new one if the terminal may show something else by now."""
        from tui.terminal.shadow import Shadow

        thread = getattr(self._driver, "_writer_thread", None)
        if self._shadow is None or thread is not self._thread:
            self._begin(thread)
        size = (self.size.width, self.size.height)
        if self._shadow is None or self._shadow.size != size:
            style = self._shadow.style if self._shadow else ""
            self._shadow = Shadow(*size, erase=bool(self._erases), style=style)
        return self._shadow

    def _begin(self, thread: object) -> None:
        """Get to know a terminal that was just made this program's own."""
        self._shadow, self._thread = None, thread
        if self._erases is None:
            self._erases = erases(os.environ.get("TERM"))
            _leave_plain(self)


def _leave_plain(app: CellApp) -> None:
    """See to it that the terminal is given back in no style, when leaving and when suspended."""
    driver = app._driver
    if driver is not None:
        stop = driver.stop_application_mode

        def stop_plain() -> None:
            app._forget()
            stop()

        setattr(driver, "stop_application_mode", stop_plain)  # noqa: B010
