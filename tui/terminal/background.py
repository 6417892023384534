"""Whether the terminal's background is dark or light: the terminal is asked, then the environment.

The question is written before the screen's library is imported, and the answer read after that, so
that nobody waits for it.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal

Ground = Literal["dark", "light", ""]
"""Empty when nobody knows."""

QUESTION: Final = b"\x1b]11;?\x07\x1b[c"
"""OSC 11 asks for the background; DA1, which nearly every terminal answers, ends the waiting."""

PATIENCE: Final = 0.1
"""Seconds from the question until an answer is not waited for any more."""

LIGHT: Final = 0.18
"""Relative luminance from which a background is light: half of the lightness that eyes see."""

_COLOUR: Final = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F/]+)(?:\x07|\x1b\\)")
_ATTRIBUTES: Final = re.compile(rb"\x1b\[\?[0-9;]*c")
_BEGUN: Final = re.compile(rb"\x1b(?:\][^\x07\x1b]*\x1b?|\[(?:\?[0-9;]*)?)?\Z")
"""The beginning of an answer whose end has not arrived."""
_DUMB: Final = ("linux", "dumb", "")
"""Values of TERM of terminals that would print the question."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back from the terminal."""

    ground: Ground = ""
    typed: bytes = b""
    """What somebody typed meanwhile: keys that are not lost."""
    late: bool = False
    """Whether an answer may still come."""


class Asked:
    """A question that the terminal was asked; `heard` is its answer."""

    def __init__(self, source: int | None = None) -> None:
        """Listen on a descriptor; without one nobody was asked."""
        self._source = source
        self._since = time.monotonic()

    def heard(self) -> Heard:
        """The answer; waits for it only as long as patience lasts since the question."""
        if self._source is None:
            return Heard()
        data = b""
        while not _ATTRIBUTES.search(data) and self._more(self._source, data):
            piece = os.read(self._source, 4096)
            if not piece:
                break
            data += piece
        return understood(data)

    def _more(self, source: int, data: bytes) -> bool:
        """Whether something came in time; an answer that has begun is given as long again."""
        patience = PATIENCE * (2 if data and _BEGUN.search(data) else 1)
        left = max(0.0, self._since + patience - time.monotonic())
        return bool(select.select([source], [], [], left)[0])


@contextmanager
def asking(*, wanted: bool = True) -> Iterator[Asked]:
    """Ask the terminal, and give what listens to it; gives the terminal back at the end.

    Nobody is asked who is not `wanted`, is no terminal, or would not understand.
    """
    fits = os.environ.get("TERM", "") not in _DUMB
    if not (wanted and fits and sys.stdin.isatty() and sys.stdout.isatty()):
        yield Asked()
        return
    import termios

    source, target = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(source)
    quiet = termios.tcgetattr(source)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[6][termios.VMIN], quiet[6][termios.VTIME] = 1, 0
    termios.tcsetattr(source, termios.TCSANOW, quiet)
    try:
        sys.stdout.flush()
        os.write(target, QUESTION)
        yield Asked(source)
    finally:
        with suppress(termios.error):
            termios.tcsetattr(source, termios.TCSANOW, before)


def understood(data: bytes) -> Heard:
    """The background that an answer tells, apart from what somebody typed meanwhile."""
    told = _COLOUR.search(data)
    typed, begun, complete = split(data)
    return Heard(ground_of(told[1].decode()) if told else "", typed + begun, not complete)


def split(data: bytes) -> tuple[bytes, bytes, bool]:
    """Keys without answers, what may be the beginning of an answer, whether the last one came."""
    keys = _ATTRIBUTES.sub(b"", _COLOUR.sub(b"", data))
    begun = _BEGUN.search(keys)
    at = begun.start() if begun else len(keys)
    return keys[:at], keys[at:], bool(_ATTRIBUTES.search(data))


def ground_of(colour: str) -> Ground:
    """Dark or light: a colour as terminals tell it, `RRRR/GGGG/BBBB` in one to four digits each.

    The luminance is that of WCAG 2.2.
    """
    parts = colour.split("/")[:3]
    if len(parts) < 3 or not all(parts):
        return ""
    shares = [int(part, 16) / (16 ** len(part) - 1) for part in parts]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    bright = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "light" if bright > LIGHT else "dark"


def told_by(environment: Mapping[str, str] = os.environ) -> Ground:
    """What COLORFGBG says, which some terminals set: the number of the background comes last."""
    number = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not number.isdecimal():
        return ""
    return "light" if number in ("7", "15") else "dark"
