"""What can be wrong with a design file, each said in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60


class DesignError(Exception):
    """The design file cannot be read or written; the text says where, what, and what to do."""


class DesignChanged(DesignError):  # noqa: N818
    """The file on disk is not the one that was read: somebody else wrote it in between."""


class DesignLocked(DesignError):  # noqa: N818
    """Another Schemawalk has this folder open for writing."""


def plain(text: str) -> str:
    """`text` with everything that a terminal could obey written as an escape."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def shown(value: object) -> str:
    """A value as a reader of TOML knows it, cut to a length that fits in a sentence."""
    match value:
        case str():
            cut = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
            return f'"{plain(cut)}"'
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
        case _:
            return plain(str(value))


def reason(error: OSError) -> str:
    """The words of the operating system, without numbers and paths."""
    return (error.strerror or type(error).__name__).lower()


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of some words that was probably meant; empty when none is like it.

    One that is spelled alike, or else the only one that begins with the word, or begins it.
    """
    if len(word) > _LONGEST:
        return ""  # nobody mistypes that much, and comparing would take as long as it is
    known = tuple(words)
    close = get_close_matches(word, known, 1)
    if close:
        return close[0]
    longer = [each for each in known if each and (each.startswith(word) or word.startswith(each))]
    return longer[0] if len(longer) == 1 and word else ""
