"""What tests ask of a Markdown document: its tables, code blocks, links and anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_CELL_END = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"[^\w\- ]")


@lru_cache(maxsize=8)
def tokens(text: str) -> list[Token]:
    """The document as CommonMark with tables reads it."""
    return MarkdownIt("commonmark").enable("table").parse(text)


def rows_by_table(text: str) -> list[list[int]]:
    """For each table, the number of cells in every one of its source lines."""
    lines = text.splitlines()
    found = []
    for token in tokens(text):
        if token.type == "table_open" and token.map:
            rows = lines[slice(*token.map)]
            found.append([len(_CELL_END.findall(row.strip())) - 1 for row in rows])
    return found


def lines_like_rows(text: str) -> int:
    """How many source lines outside code blocks begin with a bar."""
    lines = text.splitlines()
    inside = {n for t in tokens(text) if t.type == "fence" and t.map for n in range(*t.map)}
    return sum(line.startswith("|") for n, line in enumerate(lines) if n not in inside)


def blocks(text: str, language: str) -> list[str]:
    """The contents of all code blocks of one language."""
    return [t.content for t in tokens(text) if t.type == "fence" and t.info == language]


def headings(text: str) -> list[str]:
    """The text of every heading, as it is read."""
    found = tokens(text)
    return [
        "".join(c.content for c in found[n + 1].children or () if c.type in ("text", "code_inline"))
        for n, token in enumerate(found)
        if token.type == "heading_open"
    ]


def anchors(text: str) -> list[str]:
    """Anchors of headings as GitHub makes them, numbered when one comes again."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings(text):
        anchor = _MARKS.sub("", heading.lower()).replace(" ", "-")
        count = seen.get(anchor, 0)
        seen[anchor] = count + 1
        found.append(f"{anchor}-{count}" if count else anchor)
    return found


def links(text: str) -> Iterator[str]:
    """Where every link leads."""
    for token in tokens(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def raw_html(text: str) -> list[str]:
    """All HTML that a renderer would pass on."""
    return [
        part.content
        for token in tokens(text)
        for part in (token, *(token.children or ()))
        if part.type in ("html_block", "html_inline")
    ]


def section(text: str, title: str) -> str:
    """The part of a document below one numbered heading."""
    body = re.split(rf"^## \d+\. {re.escape(title)}$", text, flags=re.M)[1]
    return re.split(r"^## ", body, flags=re.M)[0]


def cells(row: str) -> list[str]:
    """The cells of one source line of a table."""
    return [cell.strip() for cell in _CELL_END.split(row.strip())[1:-1]]
