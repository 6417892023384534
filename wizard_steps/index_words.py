"""Says which index a pattern gets, what covers it already, or why it deserves none."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import AccessPattern, Attribute, Relationship
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.names import snake
from schemawalk.schema.tables.indexes import (
    FEW_ROWS,
    grows_in_order,
    is_needed,
    references,
    rows_of,
)
from schemawalk.schema.tables.lookup import Lookup

DECISIVE: Final = 100_000
"""Rows from which an index decides whether an answer comes in time."""
_SEARCHES: Final = {
    "words": "full text (GIN)",
    "similar": "trigrams (GIN)",
    "time": "stretches of time (GiST)",
    "json": "GIN",
    "list": "GIN",
}
"""What the index is called that serves a way of searching."""
FEW_VALUES: Final = 5
"""Of a list of so few values each is so frequent that an index on it alone saves little."""
HOT: Final = re.compile(
    r"^(?:updated|last_\w+|modified|heartbeat)_at$|(?:^|_)(?:count|counter|views|likes|balance)$"
)
"""Columns that change nearly whenever their row is used: each change would move the index too."""


def column_of(lookup: Lookup, pattern: AccessPattern, reference: str) -> str:
    """The column that a reference of the pattern stands for, without its direction."""
    plain = reference.lstrip("-")
    link = lookup.relationships.get(plain)
    if link is not None:
        return key_column(lookup, link)
    attribute = _attribute(lookup, pattern, plain)
    return snake(attribute.name) if attribute else plain


def key_column(lookup: Lookup, link: Relationship) -> str:
    """The foreign key's column: `user_id`, or after the role of the one it points at."""
    ends = lookup.ends(link)
    if link.role or ends is None:
        return f"{snake(link.role or link.a)}_id"
    return "parent_id" if ends[0].id == ends[1].id else f"{snake(ends[0].name)}_id"


def _attribute(lookup: Lookup, pattern: AccessPattern, reference: str) -> Attribute | None:
    home = lookup.home(pattern.entity)
    ids = (pattern.entity, home.id if home else "")
    return next((a for i in ids if (a := lookup.attributes.get(f"{i}.{reference}"))), None)


def index_words(lookup: Lookup, pattern: AccessPattern) -> str:
    """The index that the pattern asks for: "index on user_id, created_at desc"."""
    parts = [_part(lookup, pattern, reference) for reference in references(pattern)]
    made = [f"index on {', '.join(parts)}"] if parts else []
    if made and grows_in_order(pattern, lookup):
        made = [f"BRIN on {parts[0]}"]
    if found := search_words(lookup, pattern):
        made.insert(0, found)
    if not made:
        return "no index: nothing is compared or sorted"
    beside = ", ".join(column_of(lookup, pattern, each) for each in pattern.covering)
    include = f", with {beside} beside it" if beside else ""
    where = f" where {' and '.join(pattern.fixed)}" if pattern.fixed else ""
    return " and ".join(made) + include + where


def _part(lookup: Lookup, pattern: AccessPattern, reference: str) -> str:
    name = column_of(lookup, pattern, reference)
    return f"{name} desc" if reference.startswith("-") else name


def search_words(lookup: Lookup, pattern: AccessPattern) -> str:
    """The index that finds what lies inside a value; empty when nothing is searched within."""
    if not pattern.contains:
        return ""
    attribute = _attribute(lookup, pattern, pattern.contains)
    inside = attribute is not None and kind_of(attribute).id in ("json", "list")
    kind = "GIN" if inside else _SEARCHES[pattern.contains_how or "words"]
    return f"{kind} on {column_of(lookup, pattern, pattern.contains)}"


def covered_by(lookup: Lookup, pattern: AccessPattern) -> str:
    """What has an index already that begins with what this pattern needs; empty when nothing."""
    mine = references(pattern)
    if not mine or pattern.contains or pattern.covering:
        return ""
    if len(mine) == 1 and not pattern.fixed:
        if mine[0] in lookup.relationships:
            return "its foreign key"
        attribute = _attribute(lookup, pattern, mine[0])
        if attribute is not None and attribute.unique == "alone":
            return f"the UNIQUE on {snake(attribute.name)}"
    earlier = True
    for other in lookup.patterns_of(pattern.entity):
        if other.id == pattern.id:
            earlier = False
        elif _covers(lookup, other, pattern, mine, earlier=earlier):
            return f'"{other.name}"'
    return ""


def _covers(
    lookup: Lookup, other: AccessPattern, pattern: AccessPattern, mine: tuple[str, ...],
    *, earlier: bool,
) -> bool:  # fmt: skip
    theirs = references(other)
    same = other.entity == pattern.entity and set(other.fixed) == set(pattern.fixed)
    begins = theirs[: len(mine)] == mine and (len(theirs) > len(mine) or earlier)
    return same and begins and is_needed(other, rows_of(other, lookup))


def why_not(lookup: Lookup, pattern: AccessPattern) -> str:
    """Why it deserves no index; empty when it deserves one."""
    mine, rows = references(pattern), rows_of(pattern, lookup)
    if not mine and not pattern.contains and not pattern.fixed:
        return "nothing is compared or sorted"
    if not mine and pattern.contains and lookup.design.stack.database == "sqlite":
        return f"no index of SQLite finds what is within {pattern.contains}"
    if not mine and not pattern.contains:
        return "a condition alone: sort or compare something too"
    if rows < FEW_ROWS:
        return f"{rows:,} rows fit a few pages"
    if pattern.often == "rarely":
        return "asked rarely, while every write would pay for it"
    return _of_its_columns(lookup, pattern, mine, rows)


def _of_its_columns(
    lookup: Lookup, pattern: AccessPattern, mine: tuple[str, ...], rows: int
) -> str:
    """Columns that few values, or many changes, make a poor key."""
    facts = [_attribute(lookup, pattern, each.lstrip("-")) for each in mine]
    if len(mine) == 1 and not pattern.fixed and not pattern.contains and (alone := facts[0]):
        values = 2 if kind_of(alone).id == "yes-no" else len(alone.values or ())
        if kind_of(alone).id in ("yes-no", "one-of") and 0 < values <= FEW_VALUES:
            return f"{alone.name} alone has {values} values: each would find too many rows"
    hot = next((fact.name for fact in facts if fact and HOT.search(fact.name)), "")
    if hot and (rows < DECISIVE or pattern.often != "constantly"):
        return f"{hot} changes at nearly every use, and the index with it"
    return ""


def outcome(lookup: Lookup, pattern: AccessPattern) -> str:
    """What the pattern's answers come to: its index, what covers it, or why there is none."""
    reason = why_not(lookup, pattern)
    if pattern.index == "no":
        return f"no index: {reason or 'as decided'}"
    if pattern.index is None and reason:
        return f"no index: {reason}"
    covering = covered_by(lookup, pattern)
    return f"already covered by {covering}" if covering else index_words(lookup, pattern)
