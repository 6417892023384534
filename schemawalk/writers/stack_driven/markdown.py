"""Text as Markdown: what comes from outside stays text, whatever characters it is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from schemawalk.writers.sql_layout import plain


class Markdown(str):
    """A string that is Markdown already and goes to the page as it is."""

    __slots__ = ()


REMEMBERED: Final = 16_384
"""Texts whose Markdown is kept: the same names and reasons come again and again."""

_SPECIAL = re.compile(
    r"[\\`*\[\]<|~]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|^[-+>#=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"
)
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_TICKS = re.compile(r"`+")
_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the reading direction, and so never go out raw."""


@lru_cache(maxsize=REMEMBERED)
def inline(text: str) -> Markdown:
    """Any text on one line that reads the same in a paragraph, a heading and a table's cell."""
    return Markdown(_SPECIAL.sub(r"\\\g<0>", plain(text)))


@lru_cache(maxsize=REMEMBERED)
def code(text: str) -> Markdown:
    """A name or a piece of SQL in a code span, safe in a table's cell too.

    A span can hold neither a backtick nor, in a cell, a bar: such a text is shown as text.
    """
    said = plain(text)
    if not said or "`" in said or "|" in said:
        return inline(said)
    return Markdown(f"`{said}`")


def codes(texts: Iterable[str]) -> Markdown:
    """Several code spans, with commas."""
    return Markdown(", ".join(map(code, texts)))


def listed(texts: Iterable[str], most: int = 6) -> Markdown:
    """Texts with commas; after `most` of them only how many more there are."""
    shown = [finalize(text) for text in texts]
    rest = len(shown) - most
    more = [f"and {rest:,} more"] if rest > 0 else []
    return Markdown(", ".join(shown[:most] + more))


def phrase(words: str, *parts: object) -> Markdown:
    """A sentence of ours with `{}` where text from outside or another piece of Markdown goes."""
    return Markdown(words.format(*map(finalize, parts)))


def link(name: str) -> Markdown:
    """A link to the definition of the table of that name."""
    return Markdown(f"[{inline(name)}](#{name})")


def links(names: Iterable[str], most: int = 12) -> Markdown:
    """Links to several tables; after `most` of them only how many more there are."""
    return listed(map(link, names), most)


def fenced(text: str, language: str = "") -> Markdown:
    """A code block, its fence longer than any row of backticks inside."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = _RAW.sub("\N{REPLACEMENT CHARACTER}", text).rstrip("\n")
    return Markdown(f"{fence}{language}\n{body}\n{fence}")


def as_json(row: Mapping[str, object]) -> Markdown:
    """A block of JSON, a line for each key; what should not go out raw is written as escapes."""
    pairs = (f"  {_ENCODE(name)}: {_ENCODE(value)}" for name, value in row.items())
    text = "{\n" + ",\n".join(pairs) + "\n}"
    return fenced(_RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", text), "json")


def finalize(value: object) -> str:
    """What a template's expression becomes on the page; numbers get thousands separators.

    Raises whatever an undefined value raises when it is used.
    """
    if type(value) is Markdown:
        return value
    if isinstance(value, str):
        return inline(value)
    if isinstance(value, int):
        return f"{value:,}"
    return inline(str(value))
