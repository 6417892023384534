"""Copies text to the clipboard of the terminal, also over SSH and inside tmux, by OSC 52."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from schemawalk.printable import printable

LONGEST: Final = 74_994
"""Bytes of text that are sent at most: as base64 within the 100,000 that terminals take at once."""


def sequence(text: str, *, tmux: bool = False) -> str:
    """What the terminal is sent to have a text in its clipboard.

    Inside tmux it is sent twice: once for tmux itself (set-clipboard on), and once wrapped, for the
    terminal around it (allow-passthrough on).
    """
    plain = f"\x1b]52;c;{b64encode(text.encode()).decode()}\a"
    return f"{plain}{passed_through(plain)}" if tmux else plain


def passed_through(plain: str) -> str:
    """A sequence as tmux hands it on to the terminal around it: every escape doubled."""
    doubled = plain.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"


def copyable(text: str) -> str:
    """The text without what a terminal obeys, and without blanks at the ends of its lines."""
    return "\n".join(line.rstrip() for line in printable(text).strip("\n").split("\n"))


def too_long(text: str) -> bool:
    """Whether terminals would drop it."""
    return len(text.encode()) > LONGEST


def notice(what: str, text: str) -> str:
    """One sentence on what was copied, or on why it was not."""
    count = f"{len(text):,} characters"
    if too_long(text):
        return f"Not copied: {what} is too long for a terminal's clipboard ({count})"
    return f"Copied: {what}, {count}"
