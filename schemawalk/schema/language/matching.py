"""Regular expressions that mean the same in every database, in JavaScript and here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?.?|[*+?}]\+|.", re.DOTALL)
_SPELLED: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t-\r"}
"""The characters of a class: each engine has others of its own beyond ASCII."""
_SAME: Final = frozenset("dwsDWStnrf")
"""Letters that mean the same behind a backslash, the classes once they are spelled out."""
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_COUNTED: Final = re.compile(r"\{(?:\d*,)?(\d+)\}")
_ENDLESS: Final = frozenset(("*", "+", "{", "(", ")", "(?", "(?:", "|", "^", "$"))
"""Pieces behind which a text may be of any length, or of one of several."""


def unshared(pattern: str) -> str:
    """What in the pattern not every engine knows, as the end of a sentence; empty when nothing."""
    for piece in pieces(pattern):
        if piece.startswith("\\") and piece[1:].isalnum() and piece[1:] not in _SAME:
            return f"uses {piece}, which means something else elsewhere"
        if piece == "{" and "{," in pattern:
            return "uses {, } without a first number, which not every engine reads as 0"
        if piece.startswith("(?") and piece != "(?:":
            return f"uses {piece}, which not every database knows"
        if len(piece) == 2 and piece[1] == "+" and piece[0] in "*+?}":
            return f"uses {piece}, which not every database knows"
        if piece.startswith("[") and (found := _odd_inside(piece)):
            return found
        if "[:" in piece and piece.startswith("["):
            return "uses [: :], which JavaScript does not know: list the characters, as in [a-z]"
    return ""


def _odd_inside(bracket: str) -> str:
    """What within brackets some engine refuses or reads in another way; empty when nothing."""
    for letter in _ESCAPE.findall(bracket):
        if letter in "DWS":
            return f"uses \\{letter} within brackets, which PostgreSQL does not know"
        if letter.isalnum() and letter not in _SAME:
            return f"uses \\{letter}, which means something else elsewhere"
    return ""


def spelled_out(pattern: str) -> str:
    """The pattern with its classes as lists of characters: \\w has no letters beyond ASCII."""
    return "".join(map(_spelled, pieces(pattern)))


def _spelled(piece: str) -> str:
    if piece.startswith("["):
        return _ESCAPE.sub(lambda found: _SPELLED.get(found[1], found[0]), piece)
    letter = piece[1:] if piece.startswith("\\") else ""
    characters = _SPELLED.get(letter.lower(), "")
    if not characters:
        return piece
    return f"[{'^' if letter.isupper() else ''}{characters}]"


def longest(pattern: str) -> int | None:
    """The most characters of a text that matches as a whole; None where there is no such number.

    Only for what is anchored at both ends and has neither groups nor alternatives.
    """
    found = _COUNTED.split(pattern.removeprefix("^").removesuffix("$"))
    if not (pattern.startswith("^") and pattern.endswith("$")) or pattern.endswith("\\$"):
        return None
    most = 0
    for plain, counted in zip(found[::2], (*found[1::2], None), strict=True):
        parts = list(pieces(plain))
        if any(part in _ENDLESS for part in parts):
            return None
        most += len(parts) - parts.count("?")
        most += int(counted) - 1 if counted is not None else 0
    return most


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
