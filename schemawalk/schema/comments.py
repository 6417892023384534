"""What a comment says of a table, a column or a role: people's words on one plain line."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

LONGEST_OF_COLUMN: Final = 1024
"""Characters that MySQL and MariaDB keep of a column's comment (their manuals, COMMENT)."""
LONGEST_OF_TABLE: Final = 2048
"""Characters that they keep of a table's."""

_UNSEEN: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Marks that turn the reading direction: they can make a comment look like code."""
_SEPARATORS: Final = frozenset(("Cc", "Cs", "Zl", "Zp", "Zs"))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text on one line, without control characters and marks that turn the direction."""
    if not text.isprintable():
        text = "".join(_seen(character) for character in text)
    return " ".join(text.split())


def _seen(character: str) -> str:
    if character in _UNSEEN:
        return ""
    return " " if unicodedata.category(character) in _SEPARATORS else character


def sentence(purpose: str, because: str) -> str:
    """What a comment says of a thing: what it is for, or else why it is there."""
    return plain(purpose).rstrip(".") or plain(because).rstrip(".")


def shortened(said: str, longest: int) -> str:
    """What is kept of a comment where only so many characters are."""
    return said if len(said) <= longest else said[: longest - 1] + "…"
