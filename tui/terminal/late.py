"""Keys before the screen is there, and a terminal's answer after it: the one kept, the other not.

On a slow line the terminal's answer arrives when the keyboard is listened to already, where it
would be taken for keys.
"""

from __future__ import annotations

import os
import select
import time
from codecs import getincrementaldecoder
from typing import Final

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.background import Heard, split

LONGEST: Final = 5.0
"""Seconds after the start in which an answer may come late."""
TICK: Final = 0.1
"""Seconds after which what was typed is a key, and not the beginning of something longer."""

NO_KEYS: Final = (b"\x1b]", b"\x1b[?")
"""How an answer begins, and no key does."""


class LateDriver(LinuxDriver):
    """The terminal, after it was asked something: see `heard`."""

    heard = Heard()
    """What the terminal said before the screen was there."""

    def run_input_thread(self) -> None:
        """First what was typed already, then keys without the late answer, then all that comes."""
        cls = type(self)
        heard, cls.heard = cls.heard, Heard()
        self._parser = XTermParser()
        self._decode = getincrementaldecoder("utf-8")(errors="ignore").decode
        self._pass_on(heard.typed)
        if heard.late:
            self._until_answered()
        super().run_input_thread()

    def _until_answered(self) -> None:
        """Pass keys on until the answer has come, or none will come any more."""
        end, kept, late = time.monotonic() + LONGEST, b"", True
        while (late or kept) and time.monotonic() < end and not self.exit_event.is_set():
            if not select.select([self.fileno], [], [], TICK)[0]:
                if not kept.startswith(NO_KEYS):
                    self._pass_on(kept)
                    kept = b""
                continue
            piece = os.read(self.fileno, 4096)
            if not piece:
                break
            keys, kept, answered = split(kept + piece)
            late = late and not answered
            self._pass_on(keys)
        if not kept.startswith(NO_KEYS):
            self._pass_on(kept)

    def _pass_on(self, keys: bytes) -> None:
        """Let the app have keys, and those whose waiting for more is over."""
        text = self._decode(keys)
        for event in (*(self._parser.feed(text) if text else ()), *self._parser.tick()):
            self.process_message(event)
