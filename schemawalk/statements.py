"""Scripts cut into statements, so that an error can say which one it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_PIECE: Final = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'
    |'(?:[^']|'')*'
    |"(?:[^"]|"")*"
    |`(?:[^`]|``)*`
    |(?<!\w)\$(?P<tag>\w*)\$.*?\$(?P=tag)\$
    |(?P<end>;)""",
    re.VERBOSE | re.DOTALL,
)
"""What may hide a semicolon, and the semicolon itself."""


def _always(_text: str) -> bool:
    return True


def statements(script: str, complete: Callable[[str], bool] = _always) -> tuple[str, ...]:
    """The statements of `script`, comments before them included, without their semicolons.

    `complete` says whether a text that ends in a semicolon is a whole statement: inside a SQLite
    trigger it is not.
    """
    found: list[str] = []
    start = seen = 0
    content = False
    for piece in _PIECE.finditer(script):
        content = content or bool(script[seen : piece.start()].strip())
        seen = piece.end()
        if not piece["end"]:
            content = content or not piece["comment"]
        elif content and complete(script[start:seen]):
            found.append(script[start : piece.start()].strip())
            start, content = seen, False
        elif not content:
            start = seen
    if content or script[seen:].strip():
        found.append(script[start:].strip())
    return tuple(found)


_DELIMITER: Final = re.compile(r"^DELIMITER[ \t]+(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE)


def delimited(script: str) -> tuple[str, ...]:
    """The statements of a script in which `DELIMITER` lines say what ends a statement from there.

    So do the clients of MySQL and MariaDB: the body of a routine or a trigger has semicolons.
    """
    found: list[str] = []
    start, end = 0, ";"
    for line in (*_DELIMITER.finditer(script), None):
        stretch = script[start : line.start() if line else len(script)]
        found += statements(stretch) if end == ";" else _ended(stretch, end)
        if line:
            start, end = line.end(), line[1]
    return tuple(found)


def _ended(stretch: str, end: str) -> list[str]:
    pieces = re.split(re.escape(end) + r"[ \t]*(?:\n|\Z)", stretch)
    return [piece.strip() for piece in pieces if piece.strip()]
