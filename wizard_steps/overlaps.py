"""What is asked where nothing may overlap: which rows count, and whether the last day does."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import Attribute, Design, Rule
from schemawalk.schema.kinds import kind_of
from wizard_steps.asking.subjects import COLLECTIONS
from wizard_steps.asking.tree import Advice, Choice, Scene

ALL: Final = "all"
"""The answer that every row counts; kept as the condition that is always true."""
_TRUE: Final = "true"
_OFF: Final = re.compile(
    r"^(?:cancel|declin|reject|refus|expir|void|withdr|revok|no_?show|failed|abandon)",
    re.IGNORECASE,
)
"""How states begin in which a row takes no time of anybody's any more."""
_NIGHTS: Final = re.compile(
    r"\b(?:overnight|(?:night|stay|rental|lodging|letting|tenanc|lease)(?:s|y|ies)?|rent(?:s|ed)?"
    r"|check(?:s|ed)?[-_ ]?(?:in|out)|arriv(?:es?|als?)|depart(?:s|ures?)?|hotels?|guests?)\b",
    re.IGNORECASE,
)
"""Words for what is left on the day on which the next one comes."""


def counted(scene: Scene) -> tuple[Choice, ...]:
    """All rows, or those in no state that frees the time again."""
    found = tuple(
        Choice(text, text, "what was called off leaves its time to others")
        for attribute in _facts(scene)
        if (text := _condition(attribute))
    )
    return (*found, Choice(ALL, "all of them", "every row keeps its time, whatever became of it"))


def counted_advice(scene: Scene) -> Advice:
    first = counted(scene)[0]
    if first.value == ALL:
        return Advice((ALL,), "it has no state in which it would not count")
    return Advice((first.value,), "some of its states free the time again")


def in_days(scene: Scene) -> bool:
    """Whether an exclusion compares stretches of whole days."""
    rule: Rule = scene.subject
    kinds = {a.id.partition(".")[2]: kind_of(a).id for a in _facts(scene)}
    ends = (rule.over or ())[-2:]
    return rule.kept_by == "exclusion" and [kinds.get(end) for end in ends] == ["date", "date"]


def last_day_advice(scene: Scene) -> Advice:
    """Nights are counted from day to day; of all else the last day is a day like the others."""
    home = scene.lookup.home(scene.subject.entity)
    said = (scene.subject.says, home.name if home else "", *(scene.subject.over or ())[-2:])
    if found := _NIGHTS.search(" ".join(said).replace("_", " ")):
        return Advice(("free",), f'"{found[0].lower()}" speaks of nights: one leaves and the next '
                      "comes on the same day")  # fmt: skip
    return Advice(("counts",), "what lasts whole days lasts until its last one is over")


def condition(scene: Scene) -> tuple[str, ...] | None:
    """What was answered; None while it was not."""
    text = scene.subject.expression
    return None if text is None else (ALL if text == _TRUE else text,)


def take(design: Design, rule_id: str, values: tuple[str, ...]) -> Design:
    """Keeps the condition with its rule."""
    rule: Rule = next(each for each in design.rules if each.id == rule_id)
    text = _TRUE if values[0] == ALL else values[0]
    changed = rule.model_copy(update={"expression": text})
    return COLLECTIONS["rules"].put(design, rule_id, changed)


def _facts(scene: Scene) -> tuple[Attribute, ...]:
    home = scene.lookup.home(scene.subject.entity)
    return home.attributes if home else ()


def _condition(attribute: Attribute) -> str:
    """The condition that a fixed list's values are none of those that free the time."""
    if kind_of(attribute).id != "one-of":
        return ""
    name = attribute.id.partition(".")[2]
    off = ["'" + v.replace("'", "''") + "'" for v in attribute.values or () if _OFF.match(v)]
    if not off or len(off) == len(attribute.values or ()):
        return ""
    return f"{name} <> {off[0]}" if len(off) == 1 else f"{name} not in ({', '.join(off)})"
