"""Text from outside, made harmless for a terminal: the only way it leads there."""

from __future__ import annotations

import re

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)
"""C0 without newline and tab, C1, bidirectional controls, separators, lone surrogates."""


def printable(text: str) -> str:
    """The text without anything that a terminal obeys; line breaks and tabs stay."""
    return _HARMFUL.sub("", text)


def one_line(text: str) -> str:
    """The same on one line, every run of blanks a single space."""
    return " ".join(printable(text).split())
