"""How SQL looks on the page: where long lines fold, and how people's words become comments."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

WIDTH: Final = 100
"""Columns that a line may take before it is folded."""

_TOKEN = re.compile(r"""(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[^\s'"])+|\s+""")
_BEFORE: Final = frozenset(("AND", "OR", "||", "REFERENCES", "ON"))
"""Words that a folded line may begin with."""

_UNSEEN: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Marks that turn the reading direction: they can make a comment look like code."""
_SEPARATORS: Final = frozenset(("Cc", "Cs", "Zl", "Zp", "Zs"))


def plain(text: str) -> str:
    """The text on one line, without control characters and marks that turn the direction."""
    if not text.isprintable():
        text = "".join(_seen(character) for character in text)
    return " ".join(text.split())


def _seen(character: str) -> str:
    if character in _UNSEEN:
        return ""
    return " " if unicodedata.category(character) in _SEPARATORS else character


def remark(text: str, indent: str = "") -> str:
    """The text as `--` lines that end in a newline; empty when there is nothing to say."""
    said = plain(text)
    if not said:
        return ""
    start = f"{indent}-- "
    if len(start) + len(said) <= WIDTH:
        return f"{start}{said}\n"
    lines = textwrap.wrap(said, WIDTH - len(start), break_long_words=False, break_on_hyphens=False)
    return "".join(f"{start}{line}\n" for line in lines)


def sentence(purpose: str, because: str) -> str:
    """What a comment says of a thing: what it is for, or else why it is there."""
    return plain(purpose).rstrip(".") or plain(because).rstrip(".")


def pieces(text: str, width: int) -> Iterator[str]:
    """The text cut after spaces into pieces of at most `width`, longer only where a word is."""
    if len(text) <= width:
        yield text
        return
    piece = ""
    for word in re.findall(r"\S+\s*|\s+", text):
        if piece and len(piece) + len(word) > width:
            yield piece
            piece = ""
        piece += word
    yield piece


@lru_cache(maxsize=1024)
def folded(text: str, indent: str, first: int = 0) -> str:
    """SQL on as many lines as it needs, never folded inside quotes.

    `first` is how much of the first line is taken already; further lines start with `indent`.
    """
    if first + len(text) <= WIDTH:
        return text
    lines, room = [""], WIDTH - first
    for chunk in _chunks(text):
        if lines[-1] and len(lines[-1]) + len(chunk.rstrip()) > room:
            lines.append("")
            room = WIDTH - len(indent)
        lines[-1] += chunk
    return f"\n{indent}".join(line.rstrip(" ") for line in lines)


def _chunks(text: str) -> Iterator[str]:
    """The text cut where a reader would: after a comma, and before a word that joins."""
    chunk = ""
    for token in _TOKEN.findall(text):
        if chunk.endswith(" ") and (token in _BEFORE or chunk.endswith(", ")):
            yield chunk
            chunk = ""
        chunk += token
    yield chunk
