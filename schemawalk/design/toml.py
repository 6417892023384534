"""Values, keys and tables as TOML text that a person likes to read."""

from __future__ import annotations

import math
import re
from typing import Any

from schemawalk.design.layout import Table
from schemawalk.design.spelling import Data

WIDTH = 100
"""A list that does not fit in this many columns gets one line for each item."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]')
_ESCAPED_IN_LINES = re.compile(
    r'\\|"""|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]'
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"""': '\\"\\"\\"'}


def is_tables(value: object) -> bool:
    """Whether a value is written as a table or as tables, and not behind an equals sign."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def key_text(key: str) -> str:
    """A key, quoted where it must be."""
    return key if _BARE.fullmatch(key) else _one_line(key)


def value_text(value: Any) -> str:
    """A value as it stands behind `key =`; text of several lines keeps its lines."""
    if isinstance(value, str) and "\n" in value:
        return _lines(value)
    if isinstance(value, list):
        return _list(value)
    return item_text(value)


def item_text(value: Any) -> str:
    """A value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _one_line(value)
        case list():
            return f"[{', '.join(map(item_text, value))}]"
        case dict():
            pairs = (f"{key_text(key)} = {item_text(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return repr(value)


def _list(values: list[Any]) -> str:
    line = item_text(values)
    if len(line) <= WIDTH:
        return line
    return "[\n" + "".join(f"  {item_text(value)},\n" for value in values) + "]"


def _one_line(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _lines(text: str) -> str:
    return f'"""\n{_ESCAPED_IN_LINES.sub(_escape, text)}"""'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def pair_text(key: str, value: Any) -> str:
    """One line (or more) `key = value`."""
    return f"{key_text(key)} = {value_text(value)}\n"


def new_table(path: tuple[str, ...], data: Data, *, array: bool) -> Table:
    """A table that was not in the file before, after a blank line."""
    name = ".".join(map(key_text, path))
    header = f"[[{name}]]\n" if array else f"[{name}]\n"
    values = {key: value for key, value in data.items() if not is_tables(value)}
    body = "".join(pair_text(key, value) for key, value in values.items())
    table = Table(path, "\n", header, body)
    for key, value in data.items():
        if key not in values:
            table.children += new_tables((*path, key), value)
    return table


def new_tables(path: tuple[str, ...], value: Any) -> list[Table]:
    """The table or tables that a value is written as."""
    if isinstance(value, dict):
        return [new_table(path, value, array=False)]
    return [new_table(path, item, array=True) for item in value]
