"""Splits Markdown (or plain text) into headed blocks and its tables into rows, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

Line = tuple[int, str]
"""A line's number, counted from 1, and its text."""

PSEUDO_LEVEL = 7
"""Level of a heading that is no Markdown heading: a bold or plain line `Step 1: …`."""

LONGEST_TITLE = 120

MOST_HEADINGS = 20_000
"""Further headings of a text count as its last block's lines: no document by people has as many."""

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)$")
_STEP_LINE = re.compile(r"(?:\*\*|__)?(?:step|phase|stage)\s+\d{1,4}\s*[:.–—-]", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(```|~~~)")
_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*$")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_COMMENT = re.compile(r"<!--[^<]*-->")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with the lines below it, up to the next heading of any level."""

    level: int
    title: str
    line: int
    above: tuple[str, ...]
    """Titles of the headings that enclose it, the outermost first."""
    body: tuple[Line, ...]
    top: str = ""
    """The document's own title: its only heading of level 1."""

    @property
    def enclosing(self) -> tuple[str, ...]:
        """Titles above it, besides the document's own."""
        return self.above[1:] if self.top and self.above[:1] == (self.top,) else self.above

    @property
    def text(self) -> str:
        """The body as text, without blank lines around it."""
        return "\n".join(text for _, text in self.body).strip("\n").rstrip()


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table: its header cells, and per row the line and the cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def plain(text: str) -> str:
    """Return one line without Markdown's emphasis, code marks, links, and comments."""
    text = _COMMENT.sub("", text) if "<!--" in text else text
    text = _LINK.sub(r"\1", text) if "](" in text else text
    return _EMPHASIS.sub("", text).strip()


def blocks(text: str) -> list[Block]:
    """Return the headed blocks of a text in order; text above the first heading has level 0."""
    lines = text.split("\n")
    fenced = fenced_lines(lines)
    found: list[Block] = []
    open_titles: list[tuple[int, str]] = []
    level, title, line, body = 0, "", 1, list[Line]()
    for number, raw in enumerate(lines, start=1):
        full = len(found) >= MOST_HEADINGS
        heading = None if full or number in fenced else _heading(lines, number)
        if heading is None:
            if number != line + 1 or not _is_underlined(lines, line):
                body.append((number, raw))
            continue
        found.append(_block(level, title, line, open_titles, body))
        level, title = heading
        line, body = number, []
        open_titles = [entry for entry in open_titles if entry[0] < level] + [heading]
    found.append(_block(level, title, line, open_titles, body))
    tops = [block.title for block in found if block.level == 1]
    top = tops[0] if len(tops) == 1 else ""
    return [replace(block, top=top) for block in found if block.level or block.text.strip()]


def _block(
    level: int, title: str, line: int, open_titles: Sequence[tuple[int, str]], body: list[Line]
) -> Block:
    above = tuple(text for depth, text in open_titles if depth < level)
    return Block(level, title, line, above, tuple(body))


def _heading(lines: Sequence[str], number: int) -> tuple[int, str] | None:
    raw = lines[number - 1]
    if match := _HEADING.match(raw):
        return len(match[1]), plain(match[2].rstrip().rstrip("#"))[:LONGEST_TITLE]
    if len(raw) <= LONGEST_TITLE and _STEP_LINE.match(raw):
        return PSEUDO_LEVEL, plain(raw).rstrip(": ")
    if _is_underlined(lines, number):
        return (1 if lines[number].startswith("=") else 2), plain(raw)
    return None


def _is_underlined(lines: Sequence[str], number: int) -> bool:
    raw = lines[number - 1]
    if number >= len(lines) or not raw[:1].isalnum() or len(raw) > LONGEST_TITLE:
        return False
    alone = number == 1 or not lines[number - 2].strip()
    return alone and _UNDERLINE.match(lines[number]) is not None


def fenced_lines(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines inside code fences; a fence never closed fences nothing."""
    fenced: set[int] = set()
    opened: tuple[int, str] | None = None
    for number, raw in enumerate(lines, start=1):
        mark = _FENCE.match(raw)
        if mark is None:
            continue
        if opened is None:
            opened = (number, mark[1])
        elif mark[1] == opened[1]:
            fenced.update(range(opened[0], number + 1))
            opened = None
    return frozenset(fenced)


def tables(body: Sequence[Line]) -> Iterator[Table]:
    """Yield the pipe tables in a body: a header, a line of dashes, and rows."""
    at = 0
    while at < len(body) - 1:
        if "|" in body[at][1] and _is_separator(body[at + 1][1]):
            end = at + 2
            while end < len(body) and "|" in body[end][1]:
                end += 1
            rows = tuple((number, cells(raw)) for number, raw in body[at + 2 : end])
            yield Table(cells(body[at][1]), rows)
            at = end
        else:
            at += 1


def cells(raw: str) -> tuple[str, ...]:
    """Return the cells of one table row, without Markdown."""
    inner = raw.strip().removeprefix("|").removesuffix("|")
    return tuple(plain(cell) for cell in _CELL.split(inner))


def _is_separator(raw: str) -> bool:
    stripped = raw.strip()
    return "|" in stripped and not stripped.strip("|:- \t") and "-" in stripped
