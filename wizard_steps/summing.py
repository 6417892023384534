"""What is counted and summed up from many rows, and whether the sums are kept."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.sentences import many, one
from schemawalk.schema.tables.archetypes import TAKES_TIME
from schemawalk.schema.tables.volume import rows_of
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, always
from wizard_steps.proposing.calls import MANY_ROWS, moments

_ADDED_UP: Final = ("whole-number", "decimal", "money")
"""Kinds of facts that make sense as a sum."""
_COUNTED: Final = frozenset(("event", "money", "line", *TAKES_TIME))
"""Archetypes whose rows are what numbers are made of."""


def _called(scene: Scene) -> str | None:
    """Why the numbers of an entity are worth a question; None when nobody shows any."""
    if not (_parents(scene) or moments(scene.subject)):
        return None
    for _, parent in scene.lookup.parents(scene.subject.id):
        if shown := _now_and_then(parent):
            return f"{shown.name} of {one(parent)} is computed now and then"
    spoken = scene.design.unsaid.metrics == "yes"
    if spoken and scene.lookup.archetype(scene.subject).id in _COUNTED:
        return "numbers are shown that are computed from many rows"
    return None


def _now_and_then(parent: Entity) -> Attribute | None:
    found = (a for a in parent.attributes if a.computed == "now-and-then")
    return next((a for a in found if kind_of(a).id == "computed"), None)


def _parents(scene: Scene, *, itself: bool = False) -> tuple[Choice, ...]:
    """What it belongs to; with `itself` also those of its own kind that stand above it."""
    return tuple(
        Choice(link.id, f"its {one(parent)}", f"a line for each {one(parent)}")
        for link, parent in scene.lookup.parents(scene.subject.id)
        if itself or parent.id != scene.subject.id
    )


def _all_parents(scene: Scene) -> tuple[Choice, ...]:
    return _parents(scene, itself=True)


def _summed(scene: Scene) -> Advice:
    days, parents = bool(moments(scene.subject)), bool(_parents(scene))
    if days and parents:
        return Advice(("parent-day",), "sums of days can be added to weeks and months")
    return Advice(("parent" if parents else "day",), "it is what the rows say")


def _by(scene: Scene) -> Advice:
    for link, parent in scene.lookup.parents(scene.subject.id):
        if _now_and_then(parent):
            return Advice((link.id,), f"{one(parent)} shows such a number")
    offered = _parents(scene) or _all_parents(scene)
    return Advice(tuple(choice.value for choice in offered[:1]), "it comes first")


def _days(scene: Scene) -> tuple[Choice, ...]:
    return tuple(
        Choice(a.id.partition(".")[2], a.name, "the day of that moment, in UTC")
        for a in moments(scene.subject)
    )


def _day(scene: Scene) -> Advice:
    return Advice(tuple(choice.value for choice in _days(scene)[:1]), "every row has it")


def _numbers(scene: Scene) -> tuple[Choice, ...]:
    """What is added up as it stands; amounts in several currencies are not."""
    mixed = {a.id.partition(".")[2] for a in scene.subject.attributes if a.currency == "per-row"}
    return tuple(choice for choice in _all_numbers(scene) if choice.value not in mixed)


def _all_numbers(scene: Scene) -> tuple[Choice, ...]:
    return tuple(
        Choice(a.id.partition(".")[2], a.name,
               "added up" if a.currency != "per-row" else "added up in each currency")
        for a in scene.subject.attributes
        if kind_of(a).id in _ADDED_UP
    )  # fmt: skip


def _sums(scene: Scene) -> Advice:
    return Advice(tuple(c.value for c in _numbers(scene)), "what can be added up usually is asked")


def _summary(scene: Scene) -> Advice:
    rows = rows_of(scene.subject, scene.lookup)
    apart = scene.subject.tenant == "yes" or scene.subject is scene.lookup.log
    if scene.design.keeping.policies == "database" and apart:
        return Advice(("asked",), "what is kept would pass the policies of its table")
    if rows < MANY_ROWS:
        return Advice(("asked",), f"{rows:,} rows a year are added up while one waits")
    return Advice(("kept",), f"{rows:,} rows a year are too many to add up at each visit")


def _is_summed(scene: Scene) -> bool:
    return scene.subject.summed not in (None, "no")


def _outcome(scene: Scene) -> str:
    entity: Entity = scene.subject
    if not _is_summed(scene):
        return "not summed up" if entity.summed else "open"
    by = {"parent": "for each parent", "day": "for each day", "parent-day": "for each parent and "
          "day"}[entity.summed or ""]  # fmt: skip
    kept = "kept" if entity.summary != "asked" else "added up at each read"
    return f"{many(entity)} counted {by}, {kept}"


SUMMING: Final = Tree(
    "summing",
    "Numbers from many rows",
    "growth",
    "tables",
    (
        Node(
            "summed", "summed", "For what are {things} counted and summed up?",
            "A number on a page is asked for at each visit, and is the same most of the time.",
            _summed,
            (
                Choice("no", "for nothing", "whoever wants a number writes the query"),
                Choice("parent", "for each row that they belong to", "a view with one line for "
                       "each", "summed_by", offered=lambda scene: bool(_all_parents(scene))),
                Choice("day", "for each day", "a view with one line a day", "summed_by",
                       offered=lambda scene: bool(moments(scene.subject))),
                Choice("parent-day", "for each of both", "a view with one line for each on each "
                       "day", "summed_by",
                       offered=lambda scene: bool(_all_parents(scene)
                                                  and moments(scene.subject))),
            ),
            example="How many {things} were there on 14 May? One line has the answer.",
        ),
        Node(
            "summed_by", "summed_by", "By what that they belong to are {things} summed up?",
            "One line for each.", _by, _all_parents, then="summed_day",
            asked=lambda scene: "parent" in (scene.subject.summed or ""),
            example="One line for each that has a {thing} at all.",
        ),
        Node(
            "summed_day", "summed_day", "The day of what counts?",
            "A day begins at midnight in UTC, for everybody.", _day, _days, then="sums",
            asked=lambda scene: "day" in (scene.subject.summed or ""),
            example="What was added on 14 May at 23:30 UTC counts for 14 May.",
        ),
        Node(
            "sums", "sums", "What is added up besides their number?",
            "An average is a sum by a number: keep both, and divide when it is shown.",
            _sums, _all_numbers, form="several", then="summary",
            asked=lambda scene: _is_summed(scene) and bool(_numbers(scene)),
            aside=lambda scene: _is_summed(scene) and bool(_all_numbers(scene)),
            example="The number of {things} and what they amount to, side by side.",
        ),
        Node(
            "summary", "summary", "Are the sums kept, or added up at each read?",
            "What is kept answers at once, and is as old as its last refresh.", _summary,
            (
                Choice("kept", "kept, refreshed now and then", "a materialised view, where the "
                       "database has them; a job refreshes it"),
                Choice("asked", "added up at each read", "a plain view: always right"),
            ),
            asked=_is_summed,
            example="At 10:05 a page shows the sums of 10:00, and waits for nobody.",
        ),
    ),
    _outcome,
    _called,
    aside=always,
)  # fmt: skip
