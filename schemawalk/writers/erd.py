"""The schema as text to look at: tables in boxes, lines between them, every reference in words.

Where lines would be hard to follow, or the page is too narrow for them, each table stands above a
list of those that refer to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.writers.erd_canvas import box, cells, cut, padded
from schemawalk.writers.erd_drawing import drawn
from schemawalk.writers.erd_layout import links
from schemawalk.writers.keys import always_unique, may_be_absent
from schemawalk.writers.sql_layout import plain
from schemawalk.writers.work import Files, Work, header

WIDTH: Final = 80
"""Cells in a line of the file."""
NARROWEST: Final = 20
"""Cells in a line below which nothing can be told."""
MOST_DRAWN: Final = 24
"""Tables beyond which a drawing takes more time to follow than a list."""

_ITSELF: Final = " ↺"
_LEGEND: Final = {
    "╨": "╨ many refer to one",
    "╥": "╥ many above refer to one",
    "↺": "↺ refers to itself",
    "──<": "──< many",
    "─── ": "─── at most one",
    "╌": "╌╌ may refer to none",
}
"""Marks and what they mean; only those that are there are explained."""


def files(work: Work) -> Files:
    """The diagram for a page of 80 columns."""
    return {"erd.txt": header("#") + "\n" + diagram(work.schema)}


def diagram(schema: Schema, width: int = WIDTH) -> str:
    """The diagram in lines of at most `width` terminal cells, at least 20; ends in a newline."""
    if not schema.tables:
        return "No tables yet.\n"
    width = max(width, NARROWEST)
    parts = list(_drawing(schema, width) or _listing(schema, width))
    text = "\n".join(part for part in parts if part)
    legend = [said for mark, said in _LEGEND.items() if mark in text]
    return "\n".join(filter(None, (text, _flowing(legend, width))))


def _drawing(schema: Schema, width: int) -> Sequence[str]:
    """The boxes with their lines, tables apart, all references; empty when it is no help."""
    linked = links(schema)
    if not linked or len(schema.tables) > MOST_DRAWN:
        return ()
    joined = {name for link in linked for name in (link.upper, link.lower)}
    labels = _labels(schema, width)
    shown = {name: label for name, label in labels.items() if name in joined}
    text = drawn(shown, linked, width, crossings=len(joined) // 3)
    if text is None:
        return ()
    apart = _boxes([label for name, label in labels.items() if name not in joined], width)
    references = _references(schema)
    return text, apart, _aligned(references, width) or _grouped(references, width)


def _listing(schema: Schema, width: int) -> Sequence[str]:
    """Each table in its box above those that refer to it; then those that nothing refers to."""
    labels, references = _labels(schema, width), _references(schema)
    parents = list(dict.fromkeys(reference.parent for reference in references))
    lines = _branch_lines(references, width)
    blocks = ["".join(_block(labels[name], lines[name])) for name in parents]
    others = [label for name, label in labels.items() if name not in parents]
    return [*blocks, _boxes(others, width)]


def _labels(schema: Schema, width: int) -> dict[str, str]:
    """What stands in each table's box."""
    labels = {}
    for table in schema.tables:
        itself = any(key.references == table.name for key in table.foreign_keys)
        room = width - 4 - (cells(_ITSELF) if itself else 0)
        labels[table.name] = cut(table.name, room) + (_ITSELF if itself else "")
    return labels


def _boxes(labels: Sequence[str], width: int) -> str:
    """Boxes side by side, in as many rows as they need."""
    rows: list[list[str]] = []
    room = 0
    for label in labels:
        if cells(label) + 4 > room:
            rows.append([])
            room = width
        rows[-1].append(label)
        room -= cells(label) + 5
    return "".join(
        " ".join(pieces) + "\n" for row in rows for pieces in zip(*map(box, row), strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Reference:
    """A foreign key in words, its parent first."""

    parent: str
    """As it is: two names may look alike."""
    line: str
    child: str
    columns: str
    action: str


def _references(schema: Schema) -> list[_Reference]:
    """All references, those to the first table first."""
    order = {table.name: at for at, table in enumerate(schema.tables)}
    found = sorted(schema.references(), key=lambda pair: order[pair[1].references])
    return [_reference(table, key) for table, key in found]


def _reference(table: Table, key: ForeignKey) -> _Reference:
    line = "╌╌" if may_be_absent(table, key) else "──"
    foot = line[0] if always_unique(table, key.columns) else "<"
    child, columns = plain(table.name), plain(", ".join(key.columns))
    return _Reference(key.references, line + foot, child, columns, key.on_delete)


def _aligned(references: Sequence[_Reference], width: int) -> str:
    """One line a reference, in columns; empty when a line would be too long."""
    rows = [(r.parent, r.line, r.child, r.columns, r.action) for r in references]
    return _in_columns([[cut(cell, width) for cell in row] for row in rows], width)


def _in_columns(rows: Sequence[Sequence[str]], width: int) -> str:
    wide = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    if sum(wide) + 2 * len(wide) - 2 > width:
        return ""
    return "".join(
        "  ".join(map(padded, row, wide)).replace("<  ", "< ").rstrip() + "\n" for row in rows
    )


def _grouped(references: Sequence[_Reference], width: int) -> str:
    """Each parent on a line above those that refer to it."""
    lines = _branch_lines(references, width)
    return "".join(cut(parent, width) + "\n" + "".join(below) for parent, below in lines.items())


def _branch_lines(references: Sequence[_Reference], width: int) -> Mapping[str, list[str]]:
    """Lines below each parent: a branch to each child, on one line when all of them fit."""
    children = max((cells(r.child) for r in references), default=0)
    columns = max((cells(r.columns) for r in references), default=0)
    folded = 6 + children + 2 + columns + 2 + len("NO ACTION") > width
    lines: dict[str, list[str]] = {}
    for at, reference in enumerate(references):
        last = at + 1 == len(references) or references[at + 1].parent != reference.parent
        below = lines.setdefault(reference.parent, [])
        if folded:
            below.extend(_folded(reference, last, width))
        else:
            said = padded(reference.child, children) + "  " + padded(reference.columns, columns)
            below.append(f"{_branch(reference, last)} {said}  {reference.action}\n")
    return lines


def _folded(reference: _Reference, last: bool, width: int) -> Iterator[str]:
    """A branch on two lines: the child, then columns and action below it."""
    yield f"{_branch(reference, last)} {cut(reference.child, width - 6)}\n"
    stem = " " if last else "│"
    columns = cut(reference.columns, width - 8 - len(reference.action) - 2)
    yield f" {stem}      {columns}  {reference.action}\n"


def _branch(reference: _Reference, last: bool) -> str:
    return f" {'└' if last else '├'}{reference.line}"


def _block(label: str, lines: Sequence[str]) -> Iterator[str]:
    top, middle, bottom = box(label)
    yield f"{top}\n{middle}\n└┬{bottom[2:]}\n"
    yield from lines


def _flowing(pieces: Sequence[str], width: int) -> str:
    """Pieces on as few lines as they fit on."""
    lines: list[str] = []
    for piece in pieces:
        if lines and cells(lines[-1]) + 3 + cells(piece) <= width:
            lines[-1] += "   " + piece
        else:
            lines.append(cut(piece, width))
    return "".join(line + "\n" for line in lines)
