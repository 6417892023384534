"""Makes ids from titles: short, in kebab case, ASCII, and each used once."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """Return a title as kebab-case ASCII, cut at a word; empty when it has no Latin letter."""
    ascii_only = unicodedata.normalize("NFKD", title[:400]).encode("ascii", "ignore").decode()
    made = _NOT_PLAIN.sub("-", ascii_only.lower().replace("'", "")).strip("-")
    if len(made) <= LONGEST:
        return made
    return made[:LONGEST].rpartition("-")[0] or made[:LONGEST]


def unused(name: str, used: dict[str, int]) -> str:
    """Return `name`, numbered if it is in `used` already, and note the result in `used`."""
    made = name
    while made in used:
        used[name] = used.get(name, 1) + 1
        made = f"{name}-{used[name]}"
    used[made] = 1
    return made
