"""Regular expressions that mean the same in every database, in JavaScript and here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?.?|[*+?}]\+|.", re.DOTALL)
_CLASSES: Final = frozenset("dwsDWS")


def unshared(pattern: str) -> str:
    """What in the pattern not every engine knows, as the end of a sentence; empty when nothing."""
    for piece in pieces(pattern):
        if piece.startswith("\\") and piece[1:].isalnum() and piece[1:] not in _CLASSES:
            return f"uses {piece}, which means something else elsewhere"
        if piece.startswith("(?") and piece != "(?:":
            return f"uses {piece}, which not every database knows"
        if len(piece) == 2 and piece[1] == "+" and piece[0] in "*+?}":
            return f"uses {piece}, which not every database knows"
        if "[:" in piece and piece.startswith("["):
            return "uses [: :], which JavaScript does not know: list the characters, as in [a-z]"
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text, as databases see it."""
    return _compiled(pattern).search(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Python's `$` also stands before a last line break, and its dot for anything but one.
    spelled = "".join(r"\Z" if piece == "$" else piece for piece in pieces(pattern))
    return re.compile(spelled, re.DOTALL | re.ASCII)


def pieces(pattern: str) -> Iterator[str]:
    """Escapes, brackets and single characters, in order."""
    return (found.group() for found in _PIECE.finditer(pattern))
