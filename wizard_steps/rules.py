"""What keeps a rule: a CHECK, UNIQUE, an exclusion, a key, a trigger, or only the program."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity, Rule
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import names
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import meaning_of, misfit
from schemawalk.schema.names import words
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.listed import by_subject
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import Row
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.columns import a_rule
from wizard_steps.overlaps import (
    ALL,
    condition,
    counted,
    counted_advice,
    in_days,
    last_day_advice,
    take,
)
from wizard_steps.proposing.duties import about, ends_of, kind_said, named_in, parents
from wizard_steps.proposing.lasting import KIND, kept
from wizard_steps.proposing.stretches import length_rule
from wizard_steps.rule_triggers import LOOKS, TRIGGER_NODES, looks_at

_AT_LEAST: Final = re.compile(r"\b(?:at least|minimum of|no less than)\s+(\d+)", re.IGNORECASE)
_AT_MOST: Final = re.compile(
    r"\b(?:at most|no more than|maximum of|up to|limited to|not exceed)\s+(\d+)", re.IGNORECASE
)
_BETWEEN: Final = re.compile(r"\b(?:between|from)\s+(\d+)\s+(?:and|to)\s+(\d+)", re.IGNORECASE)
_POSITIVE: Final = re.compile(
    r"\bpositive\b|\bnot be (?:negative|zero)\b|\bgreater than (?:0|zero)\b", re.IGNORECASE
)
_LIMIT: Final = re.compile(r"\b(?:up to|at most|no more|max\w*|limit\w*|larger|bigger|exceeds?)\b")
_SIZE: Final = re.compile(r"\b(\d+)\s?(KB|MB|GB)\b")
_UNITS: Final = {"KB": 1024, "MB": 1024**2, "GB": 1024**3}
"""Bytes a unit, in the larger of its two meanings: nothing that fits either is refused."""
_HAS: Final = re.compile(r"\b(?:has|have|had|holds?|gets?)\b", re.IGNORECASE)
"""Says whose the rows are that must not overlap: "a doctor never has two shifts at once"."""
_SAME: Final = re.compile(
    r"\b(?:(?:for|with|of|ha(?:ve|s)|shares?|uses?|gets?) the same|shares? (?:an?|the|one)"
    r"|unique(?! (?:per|in|within|among)\b)) ((?:[\w-]+ ?){1,4})",
    re.IGNORECASE,
)
"""Says what two may not both have: "never twice for the same reference"."""
_EMPTY: Final = re.compile(r"\bnot be (?:empty|blank)\b", re.IGNORECASE)


def _home(scene: Scene) -> Entity | None:
    return scene.lookup.home(scene.subject.entity)


def _mentioned(entity: Entity, sentence: str) -> tuple[Attribute, ...]:
    """The attributes that a sentence speaks of, by all words of their names."""
    said = set(words(sentence)) | {word.rstrip("s") for word in words(sentence)}
    plain = (a for a in entity.attributes if a.name not in ("created_at", "updated_at"))
    return tuple(a for a in plain if set(words(a.name)) <= said)


def expression_for(entity: Entity, sentence: str) -> str:
    """The rule that a sentence says of one column, as it is written here; empty when none is seen.

    "A rating is between 1 and 5" → `rating between 1 and 5`.
    """
    for attribute in _mentioned(entity, sentence):
        name = attribute.id.partition(".")[2]
        text = kind_of(attribute).type.name == "text"
        what = f"length({name})" if text else name
        if not text and kind_of(attribute).type.name not in ("integer", "bigint", "numeric"):
            continue
        if bounds := _BETWEEN.search(sentence):
            return f"{what} between {bounds[1]} and {bounds[2]}"
        if least := _AT_LEAST.search(sentence):
            return f"{what} >= {least[1]}"
        if most := _AT_MOST.search(sentence):
            return f"{what} <= {most[1]}"
        if text and _EMPTY.search(sentence):
            return f"not blank({name})"
        if not text and _POSITIVE.search(sentence):
            return f"{name} > 0"
    return length_rule(entity, sentence) or _size_for(entity, sentence)


def _size_for(entity: Entity, sentence: str) -> str:
    """The limit in bytes that a sentence says ("up to 200 MB"), for what counts bytes."""
    counts = (a.id.partition(".")[2] for a in entity.attributes if a.name.endswith("_bytes"))
    name, said = next(counts, ""), _SIZE.search(sentence)
    if not name or said is None or not _LIMIT.search(sentence):
        return ""
    return f"{name} <= {int(said[1]) * _UNITS[said[2]]}"


def over_for(
    lookup: Lookup, entity: Entity, sentence: str, *, spans: bool = False
) -> tuple[str, ...]:
    """The relationships and attributes that a sentence says to be unique together."""
    said = named_in(lookup, sentence)
    named = {each.id for each in said}
    links = tuple(link for link, parent in parents(lookup, entity) if parent.id in named)
    if spans:
        whose = bool(said) and said[0].id != entity.id and _HAS.search(sentence)
        return () if not ends_of(entity) or (whose and not links) else (*links, *ends_of(entity))
    compared = _SAME.search(sentence)
    told = compared[1] if compared else sentence
    facts = tuple(a.id.partition(".")[2] for a in _mentioned(entity, told))
    if compared and not facts:
        return ()
    if len(links) + len(facts) < 2 and not facts:
        return ()
    return (*links, *facts)


def _kept_by(scene: Scene) -> Advice:
    entity, kind = _home(scene), kind_said(scene)
    if entity is None:
        return Advice(("application",), "what it speaks of is not kept")
    if expression_for(entity, scene.subject.says):
        return Advice(("check",), "one row tells whether it holds")
    if kind == KIND:
        return kept(scene.lookup, entity, scene.subject)
    if kind == "unique" and over_for(scene.lookup, entity, scene.subject.says):
        return Advice(("unique",), "two rows would have to be the same")
    if kind == "unique" and _SAME.search(scene.subject.says):
        return Advice(("application",), "no fact is kept under that name: once it is among the "
                      "columns, UNIQUE keeps it")  # fmt: skip
    spanned = kind == "exclusion" and _keeps_apart(scene)
    if spanned and over_for(scene.lookup, entity, scene.subject.says, spans=True):
        return Advice(("exclusion",), "it is about times that must not overlap")
    return Advice(("application",), "nothing in one row tells whether it holds")


def _keeps_apart(scene: Scene) -> bool:
    """Whether the database, or triggers in it, can refuse what overlaps."""
    return scene.design.stack.database != "mongodb"


def _fits_all(scene: Scene, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless it is every row, or a condition on the entity's own attributes."""
    if values[0] != ALL:
        _fits(scene, values)


def _refs(scene: Scene) -> tuple[Choice, ...]:
    entity = _home(scene)
    if entity is None:
        return ()
    keys = (Choice(link, f"its {' '.join(words(parent.name))}", "the foreign key")
            for link, parent in parents(scene.lookup, entity))  # fmt: skip
    facts = (Choice(a.id.partition(".")[2], a.name, "a column") for a in entity.attributes)
    return (*keys, *facts)


def _over(scene: Scene) -> Advice:
    entity = _home(scene)
    spans = scene.subject.kept_by == "exclusion"
    value = over_for(scene.lookup, entity, scene.subject.says, spans=spans) if entity else ()
    return Advice(value, "the sentence names them" if value else "the sentence names none of them")


def _expression(scene: Scene) -> Advice:
    entity = _home(scene)
    text = expression_for(entity, scene.subject.says) if entity else ""
    if text:
        return Advice((text,), "the sentence says so")
    return Advice((), "the sentence does not say it in numbers: write it in columns")


def _fits(scene: Scene, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless the expression speaks of the entity's own attributes."""
    entity = _home(scene)
    expression = parse(values[0])
    if entity is None:
        return
    known = {a.id.partition(".")[2]: meaning_of(a) for a in entity.attributes}
    keys = {f"{' '.join(words(parent.name))}_id" for _, parent in parents(scene.lookup, entity)}
    unknown = [name for name in names(expression) if name not in known and name not in keys]
    if unknown:
        raise AnswerError(f"{entity.name} has no {unknown[0]}; it has {', '.join(known)}.")
    if wrong := misfit(expression, known):
        raise AnswerError(f"{values[0]!r} is not a rule: {wrong}.")


def _tables(scene: Scene) -> tuple[Choice, ...]:
    return tuple(
        Choice(entity.id, entity.name, f"checked where {entity.name.lower()} rows are written",
               "kept_by")
        for entity in scene.lookup.tables
    )  # fmt: skip


def _whose(scene: Scene) -> Advice:
    entity = about(scene.lookup, scene.subject.says, kind_said(scene)) or _home(scene)
    home = entity.id if entity else scene.lookup.tables[0].id
    return Advice((home,), "the sentence names it")


def _move(design: Design, rule_id: str, values: tuple[str, ...]) -> Design:
    """Takes whose rows it speaks of; what was said in columns of others goes."""
    rules = []
    for rule in design.rules:
        if rule.id == rule_id and rule.entity != values[0]:
            update = {"entity": values[0], "expression": None, "over": None, "parent": None}
            rule = rule.model_copy(update=update)
        rules.append(rule)
    return design.model_copy(update={"rules": tuple(rules)})


KEEPS: Final = {
    "check": "a CHECK on {things}",
    "unique": "UNIQUE",
    "exclusion": "an exclusion constraint",
    "key": "composite foreign keys",
    "trigger": "a trigger",
    "application": "the application",
}
"""What keeps a rule, in words."""


def _outcome(scene: Scene) -> str:
    rule: Rule = scene.subject
    if rule.kept_by is None:
        return "open"
    said = f"kept by {KEEPS[rule.kept_by]}"
    if rule.kept_by == "trigger" and rule.looks_at:
        return f"{said} that looks {LOOKS[rule.looks_at]}"
    if rule.expression and rule.kept_by == "check":
        return f"{said}: {rule.expression}"
    return f"{said} over {', '.join(rule.over)}" if rule.over else said


RULE: Final = Tree(
    "rule",
    "Rule",
    "states",
    "rules",
    (
        Node(
            "entity", "entity", 'Whose rows does "{rule}" speak of?',
            "The rule is checked when such a row is written.", _whose, _tables, then="kept_by",
            set=_move,
            example="\"No court is booked twice\" speaks of bookings: the court's own row does "
            "not change.",
        ),
        Node(
            "kept_by", "kept_by", 'What keeps "{rule}"?',
            "Ask where it must hold: in one row, between rows of one table, or across tables.",
            _kept_by,
            (
                Choice("check", "a CHECK", "looks at one row of {things}; refused at once, for "
                       "every program", "expression"),
                Choice("unique", "UNIQUE", "no two {things} with the same values, also under two "
                       "requests at the same moment", "over"),
                Choice("exclusion", "an exclusion constraint", "no two {things} whose times "
                       "overlap: PostgreSQL has it, with btree_gist; elsewhere triggers stand "
                       "for it", "over", offered=_keeps_apart),
                Choice("key", "composite foreign keys", "what {things} point to must belong to "
                       "the same parent: its id becomes part of each key", "over"),
                Choice("trigger", "a trigger", "may look at other rows and tables; slower, and "
                       "must lock against a second request", "looks_at"),
                Choice("application", "the application", "nothing refuses it in the database: a "
                       "test must show that the program does"),
            ),
            example="Two people book the last place in the same second: the application sees one "
            "place twice, UNIQUE refuses the second row.",
        ),
        *TRIGGER_NODES,
        Node(
            "expression", "expression", 'How is "{rule}" said in columns of {things}?',
            "For instance: ends_at > starts_at, or status = 'paid' implies paid_at is not null.",
            _expression, form="text", check=a_rule, fits=_fits,
            asked=lambda scene: scene.subject.kept_by == "check" or looks_at("row")(scene),
            example="\"A rating is between 1 and 5\" is written: rating between 1 and 5.",
        ),
        Node(
            "over", "over", 'Which columns of {things} does "{rule}" compare?',
            "Columns that are compared as a whole: the same in all of them is the same.",
            _over, _refs, form="several",
            asked=lambda scene: scene.subject.kept_by in ("unique", "exclusion", "key")
            or looks_at("once")(scene),
            then="last_day",
            example="One review a person and product: the keys of both, together.",
        ),
        Node(
            "last_day", "last_day", "Does the last day of {a_thing} count?",
            "A stretch of days has a last one: ask whether the next may begin on it.",
            last_day_advice,
            (
                Choice("counts", "it counts", "the next begins the day after; {a_thing} of one "
                       "day begins and ends on the same date", "counted"),
                Choice("free", "it is free again", "the next may begin on the day on which this "
                       "one ends; none begins and ends on the same date", "counted"),
            ),
            then="counted",
            asked=in_days,
            example="A sale until Sunday is still on that Sunday; a guest who stays until Sunday "
            "leaves the room to the one who comes that day.",
        ),
        Node(
            "counted", "expression", "Which {things} take their time from others?",
            "What was called off should free its time again, unless you keep it for good.",
            counted_advice, counted, own_words=True, check=a_rule, fits=_fits_all,
            get=condition, set=take,
            asked=lambda scene: scene.subject.kept_by == "exclusion",
            example="Somebody cancels Friday at six; a minute later somebody else books it.",
        ),
    ),
    _outcome,
    lambda scene: None if _home(scene) is None else "",
)  # fmt: skip


def rule_rows(design: Design) -> tuple[Row, ...]:
    """One row a rule; leaving it out leaves the rule out."""
    return tuple(by_subject(design, (RULE,), optional=True))
