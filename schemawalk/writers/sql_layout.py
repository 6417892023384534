"""How SQL looks on the page: where long lines fold, and how people's words become comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schemawalk.schema.comments import plain as plain
from schemawalk.schema.comments import sentence as sentence

WIDTH: Final = 100
"""Columns that a line may take before it is folded."""

_TOKEN = re.compile(r"""(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[^\s'"])+|\s+""")
_BEFORE: Final = frozenset(("AND", "OR", "||", "REFERENCES", "ON"))
"""Words that a folded line may begin with."""
_CLAUSES: Final = _BEFORE | {"FROM", "JOIN", "RETURNS", "WHERE"}
"""Those of statements that are folded as a whole."""


def remark(text: str, indent: str = "") -> str:
    """The text as `--` lines that end in a newline; empty when there is nothing to say."""
    said = plain(text)
    if not said:
        return ""
    start = f"{indent}-- "
    if len(start) + len(said) <= WIDTH:
        return f"{start}{said}\n"
    return "".join(f"{start}{line}\n" for line in wrapped(said, WIDTH - len(start)))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Words with single spaces between them as lines of at most `width`, longer only where a word
    is; as `textwrap` does it, which takes ten times as long."""
    line, *words = text.split(" ")
    for word in words:
        if len(line) + len(word) >= width:
            yield line
            line = word
        else:
            line += f" {word}"
    yield line


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


def narrow(text: str) -> str:
    """Statements with their long lines folded where they are SQL: data and remarks stay whole."""
    lines, quoted = [], False
    for line in text.split("\n"):
        plain_sql = not line.lstrip().startswith("--")
        odd = plain_sql and line.count("'") % 2 == 1
        lines.append(_narrowed(line) if plain_sql and not quoted and not odd else line)
        quoted ^= odd
    return "\n".join(lines)


def _narrowed(line: str) -> str:
    """A line of SQL on as many lines as it needs, each further one indented below it."""
    body = line.lstrip(" ")
    start = " " * (len(line) - len(body))
    if len(line) <= WIDTH or "".join(_TOKEN.findall(body)) != body:
        return line
    lines, indent = [start], f"{start}    "
    for chunk in _chunks(body, _CLAUSES):
        if lines[-1].strip() and len(lines[-1]) + len(chunk.rstrip()) > WIDTH:
            lines.append(indent)
        lines[-1] += chunk
    return "\n".join(each.rstrip(" ") for each in lines)


def _chunks(text: str, before: frozenset[str] = _BEFORE) -> Iterator[str]:
    """The text cut where a reader would: after a comma, and before a word that joins."""
    chunk = ""
    for token in _TOKEN.findall(text):
        if chunk.endswith(" ") and (token in before or chunk.endswith(", ")):
            yield chunk
            chunk = ""
        chunk += token
    yield chunk
