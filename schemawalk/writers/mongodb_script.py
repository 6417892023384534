"""Scripts for mongosh: calls of `db` whose arguments are literals, so that text is never code."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemawalk.schema.rendering.mongo_filter import Made
from schemawalk.writers.sql_layout import WIDTH, plain

_PLAIN: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_PROTOTYPE: Final = "__proto__"
"""As a plain key of a literal it would not be a field: it would set the object's prototype."""
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with a comment above it."""

    value: Any
    note: str


def comment(text: str, indent: str = "") -> str:
    """The text as `//` lines that end in a newline; empty when there is nothing to say."""
    said = plain(text)
    if not said:
        return ""
    start = f"{indent}// "
    room = max(WIDTH - len(start), 40)
    lines = textwrap.wrap(said, room, break_long_words=False, break_on_hyphens=False)
    return "".join(f"{start}{line}\n" for line in lines)


def call(method: str, *arguments: Any, on: tuple[str, str] | None = None) -> str:
    """A statement that calls a method of `db`, or of what a method of `db` gives for a name."""
    receiver = f"db.{on[0]}({literal(on[1])})" if on else "db"
    first = f"{receiver}.{method}("
    if not arguments:
        return f"{first});\n"
    shown = [literal(argument) for argument in arguments]
    if all("\n" not in text for text in shown[:-1]):
        *others, last = shown
        line = first + ", ".join(others) + (", " if others else "")
        if len(line) + 1 > WIDTH:
            return _in_lines(first, arguments)
        if "\n" in last or len(line) + len(last) + 2 <= WIDTH:
            return f"{line}{last});\n"
        return f"{line}{literal(arguments[-1], broken=True)});\n"
    return _in_lines(first, arguments)


def _in_lines(first: str, arguments: tuple[Any, ...]) -> str:
    inner = "".join(f"{_INDENT}{literal(each, _INDENT)},\n" for each in arguments)
    return f"{first}\n{inner});\n"


def literal(value: Any, indent: str = "", *, before: int = 0, broken: bool = False) -> str:
    """The value as JavaScript; on one line where it fits, unless it is to be `broken`.

    `before` is how much stands before it on its line, besides the indent.
    """
    line = None if broken else _on_one_line(value)
    if line is not None and len(indent) + before + len(line) < WIDTH:
        return line
    match value:
        case Mapping() if value:
            return "{\n" + "".join(_members(value, indent + _INDENT)) + indent + "}"
        case list() | tuple() if value:
            return "[\n" + "".join(_items(value, indent + _INDENT)) + indent + "]"
        case _:
            return _scalar(value)


def _members(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, inner in value.items():
        start = f"{key(name)}: "
        yield f"{indent}{start}{literal(inner, indent, before=len(start))},\n"


def _items(values: list[Any] | tuple[Any, ...], indent: str) -> Iterator[str]:
    for each in values:
        value, note = (each.value, each.note) if isinstance(each, Noted) else (each, "")
        yield f"{comment(note, indent)}{indent}{literal(value, indent)},\n"


def _on_one_line(value: Any) -> str | None:
    """The value without a line break; None where a comment in it needs one."""
    match value:
        case Noted():
            return None
        case Mapping():
            inner = [(key(name), _on_one_line(each)) for name, each in value.items()]
            if any(text is None for _, text in inner):
                return None
            return "{ " + ", ".join(f"{n}: {t}" for n, t in inner) + " }" if inner else "{}"
        case list() | tuple():
            texts = [_on_one_line(each) for each in value]
            return None if None in texts else f"[{', '.join(t for t in texts if t is not None)}]"
        case _:
            return _scalar(value)


def key(name: str) -> str:
    """The name of a member: plain where that is safe, else in quotes."""
    if name == _PROTOTYPE:
        return f'["{name}"]'
    return name if _PLAIN.fullmatch(name) else _scalar(name)


def _scalar(value: Any) -> str:
    if isinstance(value, Made):
        return f"{value.by}({_scalar(value.text)})"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return f'NumberLong("{value}")'
    said = json.dumps(value, ensure_ascii=False)
    return said if said.isprintable() else "".join(map(_seen, said))


def _seen(character: str) -> str:
    """The character, or the escape for one that nobody would see."""
    return character if character.isprintable() else json.dumps(character)[1:-1]
