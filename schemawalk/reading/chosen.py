"""Reads a document line by line: what each line is about, and what it turns down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemawalk.reading.markdown import Block, Line, blocks, cells, plain
from schemawalk.reading.stack_words import (
    INSTEAD_OF,
    LABELS,
    NOT_A_CHOICE,
    TURNED_DOWN_HEADING,
    TURNED_DOWN_LINE,
)

LONGEST_LINE = 2000
SHORT_LINE = 60

_ITEM = re.compile(r"^\s*(?:[-*+•>]|\d{1,3}[.)])\s+")
_LABEL = re.compile(r"\s*([A-Za-z][^:|\n]{1,48}?)\s*(?::|\s[–—-]\s|→)\s*(?=\S)")
_BARE_LABEL = re.compile(
    r"\s*(?:\*\*|__)([^*_\n]{2,80})(?:\*\*|__)\s*:?\s*$|\s*([^\n|]{2,60}):\s*$"
)
_STRUCK = re.compile(r"~~[^~\n]{0,200}~~")
_BRACKETED = re.compile(r"\([^()\n]{0,200}\)")
_CLAUSE = re.compile(
    r"(?<=[.;!?])\s+|,?\s+but\s+|\s+—\s+"
    r"|,?\s+(?:and|so|then)\s+(?:we\s+)?(?=chose|picked|went|decided|selected|settled)"
)
_VERSION_HEADER = re.compile(r"version", re.I)


@dataclass(frozen=True)
class Said:
    """One line: its words, what its label is about, and whether it was turned down."""

    file: str
    line: int
    quote: str
    """The whole line, without Markdown."""
    text: str
    """What the line says, without what it turns down."""
    label: str = ""
    about: str = ""
    """A row of LABELS; `nothing` when the label asks for nothing we want; empty without label."""
    below: str = ""
    """What the label of the list, or the heading, that it stands under is about."""
    value: str = ""
    version: str = ""
    heading: str = ""
    columns: str = ""
    """The header of the table that it is a row of."""
    turned_down: bool = False


def said_in(text: str, file: str) -> Iterator[Said]:
    """Yield the lines of a text that say something, headings included, in order."""
    for block in blocks(text):
        rejected = _is_turned_down(block)
        if block.title:
            yield _said(block, (block.line, block.title), file, rejected=rejected)
        yield from _body(block, file, rejected)


def _is_turned_down(block: Block) -> bool:
    return any(TURNED_DOWN_HEADING.search(title) for title in (*block.enclosing, block.title))


def _body(block: Block, file: str, rejected: bool) -> Iterator[Said]:
    header: tuple[str, ...] = ()
    below = _about_heading(block)
    below_label = False
    for number, raw in block.body:
        line = (number, raw[:LONGEST_LINE])
        text = line[1].strip()
        if not text or text.startswith(("```", "~~~")):
            below_label = below_label and not text
            header = ()
        elif text.startswith("|") and "|" in text[1:]:
            row = cells(text)
            yield from _table_line(block, header, row, line, file, rejected or below_label)
            header = header or row
        else:
            label = _opens_list(line[1])
            if label is not None:
                below_label = TURNED_DOWN_HEADING.search(label) is not None
                below = about(label) or _about_heading(block)
            elif _ends_list(line[1]):
                below_label, below = False, _about_heading(block)
            said = _said(block, line, file, rejected=rejected or below_label)
            yield replace(said, below=below if _is_short(line[1]) else "")


def _about_heading(block: Block) -> str:
    over = block.enclosing[-1] if block.enclosing else ""
    return about(block.title) or about(over)


def _is_short(raw: str) -> bool:
    """A sentence below a heading may speak of anything; an entry of a list answers the heading."""
    return _ITEM.match(raw) is not None or len(raw) <= SHORT_LINE


def _opens_list(raw: str) -> str | None:
    """Return the label of a line that is nothing but a label: `**Alternatives considered**:`."""
    match = _BARE_LABEL.match(_ITEM.sub("", raw, count=1))
    return (match[1] or match[2]) if match else None


def _ends_list(raw: str) -> bool:
    return raw.lstrip().startswith("**") and not _ITEM.match(raw)


def _said(block: Block, line: Line, file: str, *, rejected: bool) -> Said:
    quote = plain(_ITEM.sub("", line[1], count=1))
    text = kept(quote)
    base = Said(file, line[0], quote.replace("~~", ""), text, heading=_headings(block))
    if rejected or not text.strip():
        return replace(base, turned_down=True)
    match = _LABEL.match(text)
    if match is None or len(match[1].split()) > 5:
        return base
    value = text[match.end() :].strip()
    turned_down = TURNED_DOWN_HEADING.search(match[1]) is not None
    return replace(
        base, label=match[1], about=about(match[1]), value=value, turned_down=turned_down
    )


def _headings(block: Block) -> str:
    return " / ".join((*block.enclosing, block.title))


def about(label: str) -> str:
    """Return what a label asks for, `nothing` when it is none of ours, or empty when unknown."""
    if NOT_A_CHOICE.search(label):
        return "nothing"
    return next((name for name, pattern in LABELS if pattern.search(label)), "")


def kept(text: str) -> str:
    """Return a line without the clauses and names that it turns down."""
    text = _STRUCK.sub(" ", text)
    clauses = [clause for clause in _CLAUSE.split(text) if not TURNED_DOWN_LINE.search(clause)]
    if not clauses and (open_text := _BRACKETED.sub(" ", text)) != text:
        clauses = [part for part in _CLAUSE.split(open_text) if not TURNED_DOWN_LINE.search(part)]
    return INSTEAD_OF.sub(" ", "".join(map(_ended, clauses[:-1])) + "".join(clauses[-1:]))


def _ended(clause: str) -> str:
    """The clause with what stands between it and the next: its own mark, where it has one."""
    return f"{clause} " if clause.endswith((".", ";", "!", "?")) else f"{clause}. "


def _table_line(
    block: Block,
    header: Sequence[str],
    row: Sequence[str],
    line: Line,
    file: str,
    rejected: bool,
) -> Iterator[Said]:
    """A row `| Database | PostgreSQL | 15+ | why |`: label, value, and perhaps a version."""
    if not header or not any(cell.strip(":- ") for cell in row):
        return
    quote = " | ".join(row)
    down = rejected or _is_turned_down_row(header, row)
    first, value = row[0], row[1] if len(row) > 1 else ""
    version = _cell_under(header, row, _VERSION_HEADER)
    yield Said(
        file=file,
        line=line[0],
        quote=quote,
        text=kept(value),
        label=first,
        about=about(first),
        value=kept(value).strip(),
        version=version,
        heading=_headings(block),
        columns=" | ".join(header),
        turned_down=down,
    )


def _is_turned_down_row(header: Sequence[str], row: Sequence[str]) -> bool:
    """A row says no in a short cell; a table of options lists rivals under its first header."""
    short = (cell for cell in row if len(cell) <= 40)
    says_no = any(TURNED_DOWN_LINE.search(cell) or cell.strip().lower() == "no" for cell in short)
    return says_no or TURNED_DOWN_HEADING.search(header[0]) is not None


def _cell_under(header: Sequence[str], row: Sequence[str], wanted: re.Pattern[str]) -> str:
    pairs = zip(header, row, strict=False)
    return next((cell for name, cell in pairs if wanted.search(name)), "")
