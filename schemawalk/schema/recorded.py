"""Answers that the document tells and the SQL does not carry yet: each said before it is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row: what it is, where it was answered, and what has to be done by hand."""

    what: str
    question: str
    """Id of the question, or of the tree, that is to be answered otherwise to avoid it."""
    by_hand: str
    subjects: Callable[[Design, Lookup], tuple[str, ...]]
    """What it concerns in a design; nothing when it was not chosen."""


def _entities(
    wanted: Callable[[Design, Entity], bool],
) -> Callable[[Design, Lookup], tuple[str, ...]]:
    return lambda design, lookup: tuple(e.name for e in lookup.tables if wanted(design, e))


def _facts(wanted: Callable[[Attribute], bool]) -> Callable[[Design, Lookup], tuple[str, ...]]:
    def found(design: Design, lookup: Lookup) -> tuple[str, ...]:
        every = (a for e in design.entities if lookup.persists(e) for a in e.attributes)
        return tuple(attribute.id for attribute in every if wanted(attribute))

    return found


def _whole(wanted: Callable[[Design], bool]) -> Callable[[Design, Lookup], tuple[str, ...]]:
    return lambda design, _: ("the whole design",) if wanted(design) else ()


def _rules(design: Design, _: Lookup) -> tuple[str, ...]:
    kept = ("exclusion", "key", "trigger")
    return tuple(f'"{rule.says}"' for rule in design.rules if rule.kept_by in kept)


def _one_of(design: Design, _: Lookup) -> tuple[str, ...]:
    forms = ("parent", "type-id")
    return tuple(x.id for x in design.relationships if x.one_of and x.one_of_form in forms)


RECORDED: Final = (
    Recorded("row-level security", "tenancy.policies", "write policies, or filter in the program",
             _whole(lambda d: d.keeping.policies == "database")),
    Recorded("triggers that keep updated_at", "keeping.stamps", "set it in the program",
             _whole(lambda d: d.keeping.stamps == "trigger")),
    Recorded("history", "keeping.versions", "write the log or history tables and what fills them",
             _entities(lambda d, e: (e.versions or d.keeping.versions or "no") != "no")),
    Recorded("the clean-up job", "keeping.cleanup", "schedule the DELETEs",
             _whole(lambda d: d.keeping.cleanup == "job")),
    Recorded("triggers that refuse a transition", "states", "check it in the program",
             _facts(lambda a: a.guarded_by == "trigger" and bool(a.transitions))),
    Recorded("masking views, encryption and hashes", "attribute", "protect the columns by hand",
             _facts(lambda a: a.protection in ("mask", "encrypt", "hash"))),
    Recorded("exactly one of several parents, in that form", "relationship",
             "choose keys, or check it in the program", _one_of),
    Recorded("exclusions, composite keys and rule triggers", "rule", "write them by hand", _rules),
    Recorded("partitions", "volume", "partition before the table is big",
             _entities(lambda _, e: e.partition not in (None, "no"))),
    Recorded("reference rows", "reference", "insert them before the first user comes",
             _entities(lambda _, e: bool(e.seeds))),
    Recorded("development rows", "seeds.made_up_rows", "make them up",
             _whole(lambda d: bool(d.keeping.made_up_rows))),
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
