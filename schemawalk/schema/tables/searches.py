"""Indexes that look inside a value: parts of JSON, items, words, similar texts, stretches of time.

None of them holds an order or a plain equality beside what it looks into, and each finds only what
its own operator asks for.
"""

from __future__ import annotations

from typing import Final, Literal

from schemawalk.design.model import AccessPattern
from schemawalk.schema.dialects.search_functions import EXTENTS
from schemawalk.schema.language.expression import Call, Name
from schemawalk.schema.model import Extent, IndexPart, Method
from schemawalk.schema.tables.draft import Draft

How = Literal["json", "list", "words", "similar", "time"]

_TEXTS: Final = frozenset(("text", "varchar"))
TRIGRAMS: Final = "pg_trgm"
"""The extension of PostgreSQL that cuts texts into threes."""


def how_searched(pattern: AccessPattern, draft: Draft, column: str) -> How | None:
    """How the pattern searches in the column, as answered where its type allows that.

    None when the type holds nothing to look into.
    """
    type_ = next((c.type.name for c in draft.every_column() if c.name == column), "")
    if type_ == "json" or type_ == "list":
        return "json" if type_ == "json" else "list"
    if type_ in _TEXTS:
        return "similar" if pattern.contains_how == "similar" else "words"
    if type_ in EXTENTS and pattern.contains_how == "time":
        return "time"
    return None


def search_part(how: How, draft: Draft, column: str) -> tuple[Method, IndexPart] | None:
    """The method and the part of the index; None when an exclusion serves already, or no end is."""
    match how:
        case "json" | "list":
            return "gin", IndexPart(column)
        case "words":
            return "fulltext", IndexPart(column)
        case "similar":
            return "gin", IndexPart(column, operators="trigram")
        case "time":
            return _stretch(draft, column)


def _stretch(draft: Draft, start: str) -> tuple[Method, IndexPart] | None:
    """What lies between a beginning and its end, which stands behind it in the table."""
    if any(rule.start == start and not rule.columns for rule in draft.exclusions):
        return None
    end = end_of(draft, start)
    if not end:
        return None
    between = Call(_extent(draft, start), (Name(start), Name(end)))
    return "gist", IndexPart(start, expression=between, operators="range")


def _extent(draft: Draft, start: str) -> Extent:
    """What lies between the two: as the exclusion has it; a day alone is looked for as well."""
    for rule in draft.exclusions:
        if rule.start == start:
            return rule.extent
    types = {column.name: column.type.name for column in draft.every_column()}
    extent = EXTENTS[types[start]]
    return "whole_days" if extent == "days" else extent


def end_of(draft: Draft, start: str) -> str:
    """The column with which a stretch ends: of an exclusion, or the next one of the same type."""
    for rule in draft.exclusions:
        if rule.start == start:
            return rule.end
    columns = {column.name: column.type for column in draft.every_column()}
    names = list(columns)
    later = (name for name in names[names.index(start) + 1 :] if columns[name] == columns[start])
    return next(later, "")
