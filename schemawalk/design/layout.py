"""The text of a design file cut into its tables, so that one can change and the others stay.

A file is a tree of tables.  Each keeps its own text: the blank lines and comments that lead to
its header, the header, its keys, and the tables inside it.  Joining the texts gives the file
back, byte for byte.  Only text that `tomllib` has accepted may be cut: the scanner knows where
things end, not whether they are right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from schemawalk.design.spelling import Data, Path

_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
_HEADER = re.compile(r"[ \t]*(\[\[?)")
_KEY = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|("(?:\\.|[^"\\])*"|'[^']*'))[ \t]*""")
_PLAIN_PAIR = re.compile(
    r"""[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*("(?:\\.|[^"\\\n])*"|[^\s"'\[\]{}#]+)[ \t]*\n"""
)
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\''''
    r"""|\#[^\n]*|[\[{]|[\]}]|\n|[^"'\#\[\]{}\n]+""",
    re.DOTALL,
)
_CLOSING = re.compile(r"(?:[ \t]*#[^\n]*\n)+(?=[ \t]*\n)")
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


class Statement(NamedTuple):
    """A header or a `key = value`, with its offsets; `end` is past the end of its last line."""

    start: int
    end: int
    key: tuple[str, ...]
    header: str
    """`[`, `[[`, or empty for a `key = value`."""
    value: slice


@dataclass(slots=True)
class Table:
    """One table of the file with its own text; the root has no header."""

    path: tuple[str, ...] = ()
    lead: str = ""
    """Blank lines and comments before the header."""
    header: str = ""
    body: str = ""
    """The keys, with the comments among and right below them."""
    children: list[Table] = field(default_factory=list)
    foot: str = ""
    """Comments after the last table inside."""
    start: int = 0
    """Offset of the header in the text that was cut."""
    removed: dict[object, tuple[Table, Data]] = field(default_factory=dict)
    """Tables taken out, by name and key: an undo brings them back with their comments."""

    @property
    def name(self) -> str:
        """Last word of the header."""
        return self.path[-1]

    def called(self, name: str) -> list[Table]:
        """The tables of this name inside this one, in the order of the file."""
        return [child for child in self.children if child.name == name]

    def text(self) -> str:
        """This table as it stands in the file."""
        return "".join(self._texts())

    def _texts(self) -> Iterator[str]:
        yield self.lead
        yield self.header
        yield self.body
        for child in self.children:
            yield from child._texts()
        yield self.foot


def statements(text: str) -> Iterator[Statement]:
    """The headers and pairs of a valid TOML text that ends with a newline, in order.

    Raises:
        ValueError: the text is no valid TOML (most such texts are cut somehow instead).
    """
    position = _past(_GAP, text, 0)
    while position < len(text):
        header = _HEADER.match(text, position)
        found = _header(text, position, header) if header else _pair(text, position)
        if found.end <= position:
            raise ValueError(f"not TOML at offset {position}")
        yield found
        position = _past(_GAP, text, found.end)


def _past(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _header(text: str, start: int, bracket: re.Match[str]) -> Statement:
    key, position = _key(text, bracket.end())
    end = text.index("\n", position) + 1
    return Statement(start, end, key, bracket[1], slice(0, 0))


def _pair(text: str, start: int) -> Statement:
    if plain := _PLAIN_PAIR.match(text, start):
        return Statement(start, plain.end(), (plain[1],), "", slice(*plain.span(2)))
    key, position = _key(text, start)
    begin = _past(_SPACE, text, position + 1)
    close, end = _value_end(text, begin)
    return Statement(start, end, key, "", slice(begin, close))


def _key(text: str, position: int) -> tuple[tuple[str, ...], int]:
    """A dotted key and the offset of what follows it."""
    words: list[str] = []
    while found := _KEY.match(text, position):
        words.append(found[1] or next(iter(tomllib.loads(f"{found[2]} = 0"))))
        position = found.end()
        if text[position] != ".":
            break
        position += 1
    return tuple(words), position


def _value_end(text: str, position: int) -> tuple[int, int]:
    """Where a value ends, and where its line does."""
    depth = 0
    close = position
    while token := _TOKEN.match(text, position):
        position = token.end()
        depth += _DEPTH.get(token[0], 0)
        if token[0] == "\n" and depth == 0:
            break
        if not token[0].startswith("#") and token[0].strip():
            close = token.start() + len(token[0].rstrip())
    return close, position


def layout(text: str) -> Table:
    """Cut a valid TOML text into its tables."""
    root = Table()
    table, begin, end = root, 0, 0
    for statement in statements(text):
        if statement.header:
            tail = _closing_comments(text[end : statement.start])
            table.body = text[begin : end + tail]
            table = _open(root, statement, text, end + tail)
            begin = statement.end
        end = statement.end
    tail = _closing_comments(text[end:] + "\n")
    table.body = text[begin : end + tail]
    root.foot = text[end + tail :]
    return root


def _closing_comments(gap: str) -> int:
    """Length of the comments right below a table's keys, apart from what leads to the next."""
    found = _CLOSING.match(gap)
    return found.end() if found else 0


def _open(root: Table, header: Statement, text: str, begin: int) -> Table:
    table = Table(header.key, text[begin : header.start], text[header.start : header.end])
    table.start = header.start
    _parent(root, header.key).children.append(table)
    return table


def _parent(root: Table, path: tuple[str, ...]) -> Table:
    """The table that a header belongs to: at each level the last one of that name."""
    parent = root
    for depth, name in enumerate(path[:-1], 1):
        last = next((child for child in reversed(parent.children) if child.name == name), None)
        if last is None:
            last = Table(path[:depth])
            parent.children.append(last)
        parent = last
    return parent


def line_of(text: str, root: Table, path: Path) -> int:
    """The line, counted from 1, of what `path` names, or of the nearest table around it.

    `root` is the layout of `text`, not edited since.
    """
    table, rest = root, path
    while rest:
        index = rest[1] if len(rest) > 1 and isinstance(rest[1], int) else 0
        inside = table.called(str(rest[0]))
        if index >= len(inside):
            break
        table, rest = inside[index], rest[2:] if rest[1:2] == (index,) else rest[1:]
    offset = table.start
    if rest:
        offset = _offset_in(table, rest)
    return text.count("\n", 0, offset) + 1


def _offset_in(table: Table, path: Path) -> int:
    """Offset of the key of a table that shares the most words with `path`, or of the table."""
    words = [step for step in path if isinstance(step, str)]
    begin = table.start + len(table.header)
    best, offset = 0, table.start
    for statement in statements(table.body):
        same = _shared(statement.key, words)
        if same > best:
            best, offset = same, begin + statement.start
    return offset


def _shared(key: tuple[str, ...], words: list[str]) -> int:
    count = 0
    for one, other in zip(key, words, strict=False):
        if one != other:
            break
        count += 1
    return count
