"""A terminal at the end of a slow line: it counts the bytes that each key leads to."""

from __future__ import annotations

import os
import time
from typing import Any

from tests.terminal import Terminal

ASKS_FOR_SYNC = b"\x1b[?2026$p"
KNOWS_SYNC = b"\x1b[?2026;2$y"
"""Question whether updates can be shown at once, and what modern terminals answer."""


class Line(Terminal):
    """Answers what modern terminals answer, and counts."""

    _heard = 0

    def pump(self, seconds: float) -> bool:
        came = super().pump(seconds)
        if ASKS_FOR_SYNC in self.output[self._heard :]:
            os.write(self.master, KNOWS_SYNC)
        self._heard = len(self.output)
        return came

    def cost(self, *keys: str) -> int:
        """Bytes that keys lead to, until there are no more."""
        before = len(self.output)
        self.press(*keys)
        self.until_quiet()
        return len(self.output) - before

    def cost_within(self, seconds: float, *keys: str) -> int:
        """Bytes that come within a time after keys; for programs that are never quiet."""
        before, end = len(self.output), time.monotonic() + seconds
        self.press(*keys)
        while time.monotonic() < end:
            self.pump(0.02)
        return len(self.output) - before

    @property
    def cells(self) -> list[list[Any]]:
        """All that is seen: characters, colours, marks."""
        lines, columns = self.screen.lines, self.screen.columns
        return [[self.screen.buffer[y][x] for x in range(columns)] for y in range(lines)]
