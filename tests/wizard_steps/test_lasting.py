"""Sentences that say that rows stay: kept by a trigger where one can, and never in silence."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Step
from tests.wizard_steps.designs import start
from wizard_steps import walk


def told(sentence: str) -> Design:
    """The usual walk, taken whole, of a journey that says one sentence more."""
    more = Step(id="more", title="Look after it", text=sentence, file="journey.md", line=7)
    design = start()
    return walk.take_all(design.model_copy(update={"steps": (*design.steps, more)}))


def kept_by(design: Design) -> walk.Question:
    (rule,) = design.rules
    return walk.question(design, f"rule.{rule.id}.kept_by")


@pytest.mark.parametrize(
    "sentence",
    [
        "A document that was assessed is never deleted.",
        "A framework cannot be deleted while assessments use it.",
        "An assessment must not be changed after it completed.",
    ],
)
def test_what_nothing_keeps_is_a_rule_that_says_so(sentence: str) -> None:
    """With the line of the journey, and what it means that only the program keeps it."""
    design = told(sentence)
    asked = kept_by(design)
    assert (design.rules[0].says, asked.answer) == (sentence, ("application",))
    (note,) = (n for n in design.notes if n.id == asked.id)
    assert (note.by, note.source) == ("document", "journey.md:7")
    assert "nothing in the database keeps it" in note.why


def test_what_stays_is_what_is_spoken_of_first() -> None:
    (rule,) = told("A framework that has assessments cannot be deleted.").rules
    assert rule.entity == "framework"


def test_rows_that_nobody_changes_are_only_ever_added() -> None:
    design = told("A usage event is never changed.")
    assert kept_by(design).answer == ("trigger",)
    assert design.rules[0].looks_at == "written"


def test_a_fact_that_is_named_keeps_its_value() -> None:
    design = told("The name of a framework cannot be changed once it is published.")
    assert kept_by(design).answer == ("trigger",)
    assert (design.rules[0].looks_at, design.rules[0].over) == ("once", ("name",))


def test_only_what_is_said_to_be_the_same_is_unique() -> None:
    """What else the sentence names may be the same as often as it likes."""
    sentence = "A framework has a code, a name and a date, and never comes twice for the same code."
    (rule,) = told(sentence).rules
    assert (rule.entity, rule.kept_by, rule.over) == ("framework", "unique", ("code",))


def test_nothing_else_is_unique_when_what_is_said_is_not_kept() -> None:
    sentence = "A framework has a name, and never comes twice for the same reference."
    design = told(sentence)
    assert (design.rules[0].kept_by, design.rules[0].over) == ("application", None)
    assert "no fact is kept under that name" in kept_by(design).because
