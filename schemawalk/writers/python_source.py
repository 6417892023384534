"""Python source laid out as ruff and black leave it, from strings, constants and calls."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

WIDTH: Final = 100
"""Columns of a line."""
INDENT: Final = "    "

_SIMPLE = re.compile(r"[ !#-\[\]-~]*\Z")
"""Printable ASCII without double quotes and backslashes: needs no escape between double quotes."""
_ESCAPED = re.compile(r"\\.|\"", re.DOTALL)
_WORD = re.compile(r"\S*\s*")


@dataclass(slots=True)
class Text:
    """A string constant, which may go over several lines when it is long."""

    value: str
    line: str = field(init=False)
    """The whole on one line; as for the other nodes, made once, because it is asked for often."""

    def __post_init__(self) -> None:
        self.line = literal(self.value)


@dataclass(slots=True)
class Call:
    """A head and what stands in its brackets: a call, a list, a dict, a subscript."""

    head: str
    arguments: tuple[Node, ...] = ()
    brackets: str = "()"
    line: str = field(init=False)

    def __post_init__(self) -> None:
        inside = ", ".join([flat(argument) for argument in self.arguments])
        lone = not self.head and self.brackets == "()" and len(self.arguments) == 1
        end = f",{self.brackets[1]}" if lone else self.brackets[1]
        self.line = f"{self.head}{self.brackets[0]}{inside}{end}"


@dataclass(slots=True)
class Named:
    """A keyword argument or an item of a dict; `prefix` is `name=` or `"name": `."""

    prefix: str
    value: Node
    line: str = field(init=False)

    def __post_init__(self) -> None:
        self.line = self.prefix + flat(self.value)


Node: TypeAlias = str | Text | Call | Named
"""A plain `str` is source already."""


def literal(text: str) -> str:
    """A string constant with the quotes that a formatter would choose."""
    if _SIMPLE.match(text):
        return f'"{text}"'
    # A double quote in front makes repr choose single quotes whatever follows.
    single = repr('"' + text)[2:-1]
    if text.count('"') > text.count("'"):
        return f"'{single}'"
    return '"' + _ESCAPED.sub(_for_double_quotes, single) + '"'


def _for_double_quotes(found: re.Match[str]) -> str:
    return {"\\'": "'", '"': '\\"'}.get(found.group(), found.group())


def named(name: str, value: Node) -> Named:
    """A keyword argument."""
    return Named(name + "=", value)


def item(key: str, value: Node) -> Named:
    """An item of a dict."""
    return Named(literal(key) + ": ", value)


def width(text: str) -> int:
    """Columns that the text takes: wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def flat(node: Node) -> str:
    """The node on one line."""
    return node if isinstance(node, str) else node.line


def laid(node: Node, indent: str = "", before: str = "", after: str = "") -> str:
    """The node behind `before` on a line, over several lines when one is too short.

    The first line comes without its indent.
    """
    if isinstance(node, str):
        return before + node + after
    line = before + node.line + after
    if len(indent) + width(line) <= WIDTH:
        return line
    match node:
        case Named(prefix, Text(value)):
            return before + prefix + _bracketed(value, indent) + after
        case Named(prefix, value):
            return laid(value, indent, before + prefix, after)
        case Text(value):
            return before + _pieces(value, indent, WIDTH - len(indent) - len(after)) + after
        case Call(head, arguments, brackets) if arguments:
            inner = indent + INDENT
            lines = "".join(f"{inner}{laid(a, inner, '', ',')}\n" for a in arguments)
            return f"{before}{head}{brackets[0]}\n{lines}{indent}{brackets[1]}{after}"
        case _:
            return line


def _bracketed(text: str, indent: str) -> str:
    """A long constant as a value: in brackets of its own, as formatters leave it."""
    inner = indent + INDENT
    return f"(\n{inner}{_pieces(text, inner, WIDTH - len(inner))}\n{indent})"


def _pieces(text: str, indent: str, room: int) -> str:
    """A constant as neighbouring constants of `room` columns at most, which Python joins.

    Each of its own lines begins a new one.
    """
    lines = text.split("\n")
    ended = [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
    pieces = [piece for line in ended or [""] for piece in _split(line, room)]
    return f"\n{indent}".join(map(literal, pieces))


def _split(text: str, room: int) -> list[str]:
    """The text in pieces whose constants fit into `room` columns, cut after spaces if possible."""
    pieces = [""]
    for word in _words(text, room):
        if width(literal(pieces[-1] + word)) > room:
            pieces.append("")
        pieces[-1] += word
    return [piece for piece in pieces if piece] or [""]


def _words(text: str, room: int) -> list[str]:
    """The text cut after its spaces, and within a word that is longer than a line."""
    words = []
    for word in _WORD.findall(text):
        words += [word] if width(literal(word)) <= room else list(word)
    return words


def assigned(target: str, annotation: str, value: Call, indent: str = "") -> str:
    """`target: Outer[annotation] = value`, broken where a formatter breaks it.

    `annotation` is a subscript with one pair of outermost brackets.
    """
    start = f"{target}: {annotation} = "
    opening = value.head + value.brackets[0]
    if _fits(indent + start + (opening if value.arguments else value.line)):
        return indent + laid(value, indent, start)
    inner = indent + INDENT
    if _fits(f"{indent}{start}("):
        return f"{indent}{start}(\n{inner}{laid(value, inner)}\n{indent})"
    outer, _, inside = annotation.partition("[")
    head = f"{indent}{target}: {outer}[\n{inner}{inside[:-1]}\n{indent}"
    return head + laid(value, indent, "] = ")


def _fits(line: str) -> bool:
    return width(line) <= WIDTH


def sequence(nodes: Sequence[Node]) -> Call:
    """A tuple."""
    return Call("", tuple(nodes))


def listed(nodes: Sequence[Node]) -> Call:
    """A list."""
    return Call("", tuple(nodes), "[]")


def mapping(items: Sequence[Named]) -> Call:
    """A dict of `item`s."""
    return Call("", tuple(items), "{}")
