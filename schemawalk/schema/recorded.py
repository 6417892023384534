"""Answers that the document tells and the SQL does not carry yet: each said before it is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute, Design
from schemawalk.schema.around.rule_triggers import is_said
from schemawalk.schema.around.trails import trail_of
from schemawalk.schema.kinds import by_database, is_hidden
from schemawalk.schema.tables.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row: what it is, where it was answered, and what has to be done by hand."""

    what: str
    question: str
    """Id of the question, or of the tree, that is to be answered otherwise to avoid it."""
    by_hand: str
    subjects: Callable[[Design, Lookup], tuple[str, ...]]
    """What it concerns in a design; nothing when it was not chosen."""


def _facts(wanted: Callable[[Attribute], bool]) -> Callable[[Design, Lookup], tuple[str, ...]]:
    def found(design: Design, lookup: Lookup) -> tuple[str, ...]:
        every = (a for e in design.entities if lookup.persists(e) for a in e.attributes)
        return tuple(attribute.id for attribute in every if wanted(attribute))

    return found


def _rules(design: Design, _: Lookup) -> tuple[str, ...]:
    kept = (rule for rule in design.rules if rule.kept_by == "trigger" and not is_said(rule))
    return tuple(f'"{rule.says}"' for rule in kept)


def _events(design: Design, lookup: Lookup) -> tuple[str, ...]:
    return tuple(e.name for e in lookup.tables if trail_of(design, lookup, e) == "events")


RECORDED: Final = (
    Recorded("states that are computed from events", "keeping.versions", "write each event into a "
             "table of its own and compute the present from it, in the program: what a row says "
             "now is kept as a row", _events),
    Recorded("encryption and hashes by the program", "attribute", "let nothing else write these "
             "columns", _facts(lambda a: is_hidden(a) and not by_database(a))),
    Recorded("rules that a trigger keeps and that are not said in columns", "rule",
             "say what the trigger looks at, or write it by hand", _rules),
)  # fmt: skip
"""Everything of that kind; a row goes when a writer carries it."""

MOST_NAMED: Final = 3


def recorded(design: Design, lookup: Lookup) -> Iterator[tuple[str, str, str]]:
    """Subject, message and fix for each kind that the design makes use of."""
    for row in RECORDED:
        found = row.subjects(design, lookup)
        if found:
            more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
            named = ", ".join(found[:MOST_NAMED]) + more
            yield (
                row.question,
                f"{row.what[:1].upper()}{row.what[1:]} ({named}): decided and documented, but not "
                "in the SQL.",
                f"Until then, {row.by_hand}.",
            )
