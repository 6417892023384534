"""Rules about reads that have an index, and cannot use it as they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.language.expression import names, weighed
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.model import Index, Table
from schemawalk.schema.review.rule import Found, Matter, Rule, Said


def _served(matter: Matter) -> Iterator[tuple[Table, Index, AccessPattern]]:
    """Each index with each access pattern that it is there for."""
    for table in matter.schema.tables:
        for index in table.indexes:
            for pattern_id in index.serves:
                if pattern_id in matter.patterns:
                    yield table, index, matter.patterns[pattern_id]


def _columns_of(matter: Matter, pattern: AccessPattern, reference: str) -> tuple[str, ...]:
    """The columns that an access pattern means by an attribute or a relationship."""
    found = matter.placed.get(f"{pattern.entity}.{reference}") or matter.placed.get(reference)
    return tuple(column.name for _, column in found or ())


def _against_the_grain(matter: Matter) -> Found:
    """Sorts in two directions that an index runs through in others."""
    for table, index, pattern in _served(matter):
        if len(pattern.sort) < 2 or index.method != "btree":
            continue
        descending = {part.column: part.descending for part in index.parts}
        wanted = {
            column: each.startswith("-")
            for each in pattern.sort
            for column in _columns_of(matter, pattern, each.lstrip("-"))
        }
        turned = {descending[c] != wanted[c] for c in wanted if c in descending}
        if len(turned) > 1:
            yield Said(
                pattern.id,
                f'"{pattern.name}" sorts by {", ".join(pattern.sort)}, and {index.name} of '
                f"{table.name} runs the other way in one of them: the rows are sorted at each "
                "read.",
                "Let the index have the directions of the sort.",
            )


def _unproven(matter: Matter) -> Found:
    """Values that are passed where an index has only the rows of one of them."""
    for table, index, pattern in _served(matter):
        if index.predicate is None or index.unique:
            continue
        fixed = weighed(index.predicate)
        asked = (*pattern.equals, *pattern.among, *filter(None, (pattern.range,)))
        passed = [c for each in asked for c in _columns_of(matter, pattern, each) if c in fixed]
        if passed:
            yield Said(
                pattern.id,
                f'"{pattern.name}" passes a value for {passed[0]}, of which {index.name} of '
                f"{table.name} knows one alone: the plan that is kept cannot count on it.",
                f"Write {passed[0]} into the query as it is fixed, or compare it and fix nothing.",
                ((f"access.{pattern.id}.fixed", _of_others(matter, pattern, passed[0])),),
            )


def _of_others(matter: Matter, pattern: AccessPattern, column: str) -> tuple[str, ...]:
    """The conditions that say nothing of a column."""
    return tuple(
        text for text in pattern.fixed
        if column not in {c for name in _named(text) for c in _columns_of(matter, pattern, name)}
    )  # fmt: skip


def _named(condition: str) -> tuple[str, ...]:
    try:
        return names(parse(condition))
    except ExpressionError:
        return ()


RULES: Final = (
    Rule("sort-direction-mismatch", "warning", "",
         "An index is read forwards or backwards, never both ways at once.", _against_the_grain),
    Rule("partial-predicate-not-provable", "warning", "P",
         "A plan for any value cannot use an index that has the rows of one value.", _unproven),
)  # fmt: skip
"""What stands between a read and its index."""
