"""How things are called in the database: from people's words to names that every engine takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from typing import Final

LONGEST: Final = 63
"""Longest name in bytes that PostgreSQL keeps whole (its NAMEDATALEN - 1); it cuts in silence."""

_HASH_LENGTH: Final = 8
_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[\W_]+")

IRREGULAR: Final[Mapping[str, str]] = {
    "analysis": "analyses",
    "child": "children",
    "criterion": "criteria",
    "datum": "data",
    "foot": "feet",
    "goose": "geese",
    "inventory": "inventories",
    "leaf": "leaves",
    "man": "men",
    "medium": "media",
    "mouse": "mice",
    "person": "people",
    "quiz": "quizzes",
    "shelf": "shelves",
    "tooth": "teeth",
    "woman": "women",
    "half": "halves",
    "knife": "knives",
    "life": "lives",
    "hero": "heroes",
    "potato": "potatoes",
}
"""Plurals that no rule gives."""

MASS: Final = frozenset((
    "advice", "baggage", "bedding", "cash", "clothing", "cutlery", "equipment", "evidence",
    "feedback", "footage", "freight", "furniture", "gear", "hardware", "homework", "information",
    "inspiration", "jewellery", "jewelry", "knowledge", "laundry", "luggage", "machinery",
    "merchandise", "metadata", "middleware", "money", "music", "news", "personnel", "research",
    "software", "firmware", "staff", "traffic", "weather",
))  # fmt: skip
"""Nouns that are not counted: a part of them is a piece of them."""
SAME: Final = frozenset((
    "aircraft", "cattle", "deer", "fish", "headquarters", "livestock", "means", "offspring",
    "police", "series", "sheep", "species", "stock",
))  # fmt: skip
"""Nouns that are counted, and the same for one and for many."""
_LEARNED: Final = (MASS | SAME) - frozenset((
    "equipment", "feedback", "information", "money", "news", "series", "staff", "stock",
))  # fmt: skip
"""Nouns whose plural in an id has an s all the same: an id, once made, stays."""

_ENDINGS: Final = (
    (re.compile(r"(.*[^aeiou])y\Z"), r"\1ies"),
    (re.compile(r"(.*(?:s|x|z|ch|sh))\Z"), r"\1es"),
)
"""First match wins; anything else takes an s."""


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a name in lower case: "Usage event", "UsageEvent" and "usage_event" alike."""
    plain = unicodedata.normalize("NFKC", text)
    return tuple(_NOT_WORD.sub(" ", _WORD_BREAK.sub(" ", plain)).lower().split())


def last_word(text: str) -> str:
    """What an English compound is: its last word; empty when it has none."""
    return next(reversed(words(text)), "")


@lru_cache(maxsize=8192)
def snake(text: str) -> str:
    """A name in snake_case; never empty, never starting with a digit.

    Letters of any script stay.  A text without a letter gets a name from its hash, so that two
    such texts get two names.
    """
    joined = "_".join(words(text))
    if not joined:
        return "unnamed_" + _digest(text)
    kept_by_sqlite = joined.startswith("sqlite_")
    return f"n_{joined}" if joined[0].isdigit() or kept_by_sqlite else joined


def pascal(text: str) -> str:
    """A name in PascalCase, for classes and models."""
    return "".join(word[:1].upper() + word[1:] for word in snake(text).split("_"))


def camel(text: str) -> str:
    """A name in camelCase."""
    made = pascal(text)
    return made[:1].lower() + made[1:]


def plural(word: str) -> str:
    """The plural of an English noun or of the last word of a snake_case name."""
    head, separator, last = word.rpartition("_")
    return head + separator + (last if last in MASS or last in SAME else _plural(last))


def plural_for_ids(word: str) -> str:
    """The plural that permanent ids are made of: what is learned about a noun changes none."""
    head, _, last = word.rpartition(" ")
    return f"{head} {_plural(last) if last in _LEARNED else plural(last)}".strip()


def table_name(name: str, counted: str | None) -> str:
    """A table's name from an entity's: `documents`, or `document` where `counted` is "singular"."""
    return snake(name) if counted == "singular" else plural(snake(name))


def _plural(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in IRREGULAR.values() or not word.isascii():
        return word
    if word.endswith("sis"):
        return word[:-2] + "es"
    for pattern, replacement in _ENDINGS:
        if pattern.match(word):
            return pattern.sub(replacement, word)
    return word + "s"


def fitted(name: str, longest: int = LONGEST) -> str:
    """The name itself, or when it is too long its beginning with a hash of the whole.

    The same name gives the same result on every machine; two long names that share their beginning
    stay apart.
    """
    if len(name) <= longest and (name.isascii() or len(name.encode()) <= longest):
        return name
    room = longest - _HASH_LENGTH - 1
    start = name.encode()[:room].decode(errors="ignore").rstrip("_")
    return f"{start}_{_digest(name)}"


def unique(wanted: str, taken: Iterable[str], longest: int = LONGEST) -> str:
    """`wanted`, fitted, with a number behind it when it is taken already."""
    seen = taken if isinstance(taken, (set, Set)) else set(taken)
    name, number = fitted(wanted, longest), 2
    while name in seen:
        name = fitted(f"{wanted}_{number}", longest)
        number += 1
    return name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_HASH_LENGTH]
