"""Sentences that say that rows stay as they are: which of them a trigger can keep, and how."""

from __future__ import annotations

import re
from typing import Final

from schemawalk.design.model import Attribute, Entity, Rule
from schemawalk.schema.names import words
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.tree import Advice

KIND: Final = "lasting"
"""The kind of such sentences, as the reading of the journey tells it."""
_ADDED_ONLY: Final = re.compile(
    r"\bappend[- ]only\b|\bimmutable\b|\bonly (?:ever )?added\b"
    r"|\bnever (?:be )?(?:changed|edited|altered|overwritten|rewritten)\b",
    re.IGNORECASE,
)
_ONE_DAY: Final = re.compile(
    r"\b(?:once|after|when|while|until|unless|if|as long as|that (?:was|is|were|has))\b",
    re.IGNORECASE,
)
"""Says that it does not hold from the start, but from some moment on."""
_ONCE: Final = re.compile(r"\bonce\b|\bafter\b|\bnever\b.{0,20}\bchange", re.IGNORECASE)
_GONE: Final = re.compile(r"\b(?:deleted|removed|erased)\b", re.IGNORECASE)
_STAMPS: Final = frozenset(("created_at", "updated_at"))
_OPEN: Final = (
    "a program with the right to delete or change rows can do it all the same; a role without that "
    "right, or a trigger of your own, would refuse it"
)


def looks(lookup: Lookup, entity: Entity, sentence: str) -> tuple[str, str]:
    """At what a trigger looks that keeps the sentence as it is said, and why; empty for none.

    Rows that nobody ever changes may be kept from changes and deletes altogether; a fact that is
    named keeps the value that it once has.  What is never deleted and still changes is neither.
    """
    for_good = _ADDED_ONLY.search(sentence) and not _ONE_DAY.search(sentence)
    if for_good and not lookup.archetype(entity).mutable:
        return "written", "such rows are only ever added"
    if _ONCE.search(sentence) and not _GONE.search(sentence) and named_facts(entity, sentence):
        return "once", "what has its value keeps it"
    return "", ""


def named_facts(entity: Entity, sentence: str) -> tuple[str, ...]:
    """The facts of an entity that a sentence names, but for those that tell its state."""
    said = set(words(sentence)) | {word.rstrip("s") for word in words(sentence)}
    return tuple(
        attribute.id.partition(".")[2]
        for attribute in entity.attributes
        if set(words(attribute.name)) <= said and _is_a_value(attribute)
    )


def _is_a_value(attribute: Attribute) -> bool:
    return attribute.name not in _STAMPS and attribute.kind != "one-of"


def kept(lookup: Lookup, entity: Entity, rule: Rule) -> Advice:
    """What keeps such a sentence: a trigger where one can, else the program, with what that means.

    The line of the journey that says so goes with it.
    """
    if why := looks(lookup, entity, rule.says)[1]:
        return Advice(("trigger",), why)
    telling = (step for step in lookup.design.steps if step.id in rule.steps and step.file)
    source = next((f"{step.file}:{step.line}" for step in telling), "")
    return Advice(("application",), f"nothing in the database keeps it: {_OPEN}", source)
