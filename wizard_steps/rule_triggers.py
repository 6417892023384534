"""What a trigger looks at to keep a rule, and how the rule is said to it."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.schema.language.expression import names
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import Meaning, meaning_of, misfit
from schemawalk.schema.model import Type
from schemawalk.schema.names import words
from schemawalk.schema.tables.lifetime import GONE, deletion_of
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Condition, Node, Scene
from wizard_steps.columns import a_rule
from wizard_steps.overlaps import ALL, condition, take
from wizard_steps.proposing.duties import named_in, parents
from wizard_steps.proposing.lasting import looks

_MOST: Final = re.compile(
    r"\b(?:at most|no more than|a maximum of|up to|limited to)\s+(\w+)", re.IGNORECASE
)
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "no one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_ONCE: Final = re.compile(
    r"\b(never|not|cannot)\b.{0,20}\bchange|\bimmutable\b|\bonce\b.{0,20}\b(set|given|signed)\b",
    re.IGNORECASE,
)
_WRITTEN: Final = re.compile(
    r"\bappend[- ]only\b|\bnever (?:be )?(?:deleted|removed|erased)\b|\bonly (?:ever )?added\b",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(r"\bonly\b|\bunless\b|\bmust not\b.*\bof an?\b", re.IGNORECASE)

LOOKS: Final = {
    "row": "at the row itself",
    "count": "at how many there are",
    "parent": "at what it belongs to",
    "once": "at what was there before",
    "written": "at nothing: rows are only added",
}
"""What a trigger looks at, in few words."""


def _home(scene: Scene) -> Entity | None:
    return scene.lookup.home(scene.subject.entity)


def _keys(scene: Scene) -> tuple[Choice, ...]:
    """The parents of the entity's rows."""
    entity = _home(scene)
    found = parents(scene.lookup, entity) if entity else ()
    return tuple(
        Choice(link, " ".join(words(parent.name)), "by its foreign key") for link, parent in found
    )


def _has_parents(scene: Scene) -> bool:
    return bool(_keys(scene))


def _looks_at(scene: Scene) -> Advice:
    says, entity = scene.subject.says, _home(scene)
    looked = looks(scene.lookup, entity, says) if entity else ("", "")
    if looked[0]:
        return Advice((looked[0],), looked[1])
    if _WRITTEN.search(says):
        return Advice(("written",), "what was written must stay")
    if _ONCE.search(says):
        return Advice(("once",), "the sentence speaks of what was there before")
    if _has_parents(scene) and _MOST.search(says):
        return Advice(("count",), "the sentence counts")
    if _has_parents(scene) and _ONLY.search(says) and _parent(scene).value:
        return Advice(("parent",), "the sentence speaks of what it belongs to")
    return Advice(("row",), "one row tells whether it holds")


def _parent(scene: Scene) -> Advice:
    entity = _home(scene)
    named = {each.id for each in named_in(scene.lookup, scene.subject.says)}
    found = tuple(parents(scene.lookup, entity)) if entity else ()
    link = next((link for link, parent in found if parent.id in named), "")
    if link:
        return Advice((link,), "the sentence names it")
    return Advice((found[0][0],) if found else (), "the sentence names none of them")


def _most(scene: Scene) -> Advice:
    found = _MOST.search(scene.subject.says)
    said = found[1].lower() if found else ""
    number = _NUMBERS.get(said, int(said) if said.isdecimal() else None)
    if number is None:
        return Advice(("1",), "the sentence says no number")
    return Advice((str(number),), "the sentence says so")


def whose(scene: Scene) -> Entity | None:
    """The entity whose columns the rule's expression speaks of."""
    link = scene.lookup.relationships.get(scene.subject.parent or "")
    if scene.subject.looks_at != "parent" or link is None:
        return _home(scene)
    ends = scene.lookup.ends(link)
    return ends[0] if ends else _home(scene)


def fits(scene: Scene, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless the expression speaks of the entity's own attributes."""
    entity = whose(scene)
    if entity is None or not values:
        return
    expression = parse(values[0])
    known = _hiding(scene, entity)
    known |= {a.id.partition(".")[2]: meaning_of(a) for a in entity.attributes}
    keys = {f"{' '.join(words(p.name))}_id" for _, p in parents(scene.lookup, entity)}
    unknown = [name for name in names(expression) if name not in known and name not in keys]
    if unknown:
        raise AnswerError(f"{entity.name} has no {unknown[0]}; it has {', '.join(known)}.")
    if wrong := misfit(expression, known):
        raise AnswerError(f"{values[0]!r} is not a rule: {wrong}.")


def _hiding(scene: Scene, entity: Entity) -> dict[str, Meaning]:
    """The column that takes a row out of sight, where deleting one means that."""
    column = GONE.get(deletion_of(entity, scene.design, scene.lookup))
    return {column[0]: Meaning(Type("timestamptz"))} if column else {}


def looks_at(*looks: str) -> Condition:
    """Whether a trigger keeps the rule, and looks at one of these."""
    return lambda scene: scene.subject.kept_by == "trigger" and scene.subject.looks_at in looks


def _a_rule_or_all(text: str) -> None:
    if text != ALL:
        a_rule(text)


def _fits_or_all(scene: Scene, values: tuple[str, ...]) -> None:
    if values != (ALL,):
        fits(scene, values)


TRIGGER_NODES: Final = (
    Node(
        "looks_at", "looks_at", 'What must a trigger look at to keep "{rule}"?',
        "It fires at each row that is written, whatever program writes it.", _looks_at,
        (
            Choice("row", "the row itself", "refused when a condition over {a_thing} is false; "
                   "unlike a CHECK it may ask what time it is", "expression"),
            Choice("count", "how many there are", "at most so many {things} of one parent; two "
                   "requests at the same moment wait for each other", "parent",
                   offered=_has_parents),
            Choice("parent", "what it belongs to", "refused when the parent's row is not as it "
                   "must be at that moment", "parent", offered=_has_parents),
            Choice("once", "what was there before", "what has a value keeps it", "over"),
            Choice("written", "nothing: rows are only ever added", "each change and each delete "
                   "of {a_thing} is refused"),
        ),
        example="\"At most three at a time\" counts rows; \"only while it is open\" looks at the "
        "parent; \"a number is given once\" looks at what was there.",
    ),
    Node(
        "parent", "parent", 'To what do the {things} belong that "{rule}" speaks of?',
        "The trigger finds the others, or the one that decides, by this key.", _parent, _keys,
        asked=looks_at("count", "parent"), then="most",
        example="Three loans at most: of one member, or of one branch?",
    ),
    Node(
        "most", "most", "How many {things} may one have?",
        "One more is refused.", _most, form="number", asked=looks_at("count"), then="among",
        example="With 3, the fourth row is refused, also when two of them come at once.",
    ),
    Node(
        "among", "expression", "Which {things} count?",
        "What is over need not count. Write it in columns of {things}, or take all.",
        lambda _: Advice((ALL,), "the sentence does not say that some do not count"),
        (Choice(ALL, "all of them", "each row counts"),),
        own_words=True, check=_a_rule_or_all, fits=_fits_or_all, get=condition, set=take,
        asked=looks_at("count"), then="of_parent",
        example="With status = 'open' only those count that are not over.",
    ),
    Node(
        "of_parent", "expression", 'What must hold of the parent for "{rule}"?',
        "Written in columns of the parent, as in: status = 'open'.",
        lambda _: Advice((), "the sentence does not say it in columns"),
        form="text", check=a_rule, fits=fits, asked=looks_at("parent"),
        example="Only courts that are open are booked: is_open = true.",
    ),
)  # fmt: skip
"""What is asked about a rule that a trigger keeps, besides an expression over its own columns."""
