"""An answer puts in doubt what stood on it, and nothing else; taken back, it leaves no doubt."""

from __future__ import annotations

import random

import pytest

from schemawalk.design.model import Design
from tests.wizard_steps.designs import taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError, Question


def marks(design: Design) -> set[str]:
    return {note.id for note in design.notes if note.look_again}


def other_answer(dice: random.Random, asked: Question) -> tuple[str, ...]:
    """An option that is not the answer, or one more or one less of several."""
    option = dice.choice(asked.options).value
    if asked.form == "one":
        return (option,)
    given = asked.answer or ()
    return tuple(v for v in given if v != option) if option in given else (*given, option)


def choosable(design: Design) -> list[Question]:
    """The questions with options, but for the review: it is looked over for each."""
    asked = walk.questions(design)
    return [q for q in asked if q.options and q.form in ("one", "several") and q.tree != "review"]


@pytest.mark.parametrize("seed", range(12))
def test_only_what_followed_another_recommendation_is_in_doubt(seed: int) -> None:
    """Or what can be given no more; and never an answer that says the same in other words."""
    dice = random.Random(seed)
    design = taken()
    for _ in range(4):
        asked = dice.choice(choosable(design))
        try:
            new = walk.answer(design, asked.id, other_answer(dice, asked))
        except AnswerError:
            continue
        for question_id in marks(new) - marks(design) - {asked.id}:
            was, now = walk.question(design, question_id), walk.question(new, question_id)
            refused = now.form in ("text", "number") or now.own_words
            refused = refused or not set(now.answer or ()) <= {o.value for o in now.options}
            followed = sorted(was.answer or ()) == sorted(was.recommended)
            on_purpose = asked.tree == "finish" or was.answer != now.answer
            changed = sorted(was.recommended) != sorted(now.recommended)
            assert refused or on_purpose or (followed and changed), (asked.id, question_id)
        design = new


@pytest.mark.parametrize(
    ("question_id", "value"),
    [
        ("stack.identifiers", "bigint"),
        ("attribute.document.file_name.unique", "alone"),
        ("relationship.assessment_framework.many_b", "no"),
        ("entity.session.archetype", "event"),
        ("unsaid.audit", "yes"),
    ],
)
def test_reasons_that_were_taken_as_proposed_follow(question_id: str, value: str) -> None:
    """They count tables and keys: another number is no reason to doubt what was not chosen."""
    design = walk.answer(taken(), question_id, value)
    assert not [each for each in marks(design) if each.startswith("alternative.")]
    told = {a.id: a for a in design.alternatives}
    for each in walk.questions(design):
        if each.tree == "alternative" and each.node == "why_not" and each.recommended:
            assert told[each.subject].why_not == each.recommended


def test_an_answer_of_ones_own_is_not_doubted_when_the_advice_changes() -> None:
    """Who decided against it had a reason that still stands."""
    own = walk.answer(taken(), "entity.document.rows", "77")
    design = walk.answer(own, "entity.document.archetype", "event")
    assert walk.question(own, "entity.document.rows").recommended != (
        walk.question(design, "entity.document.rows").recommended
    )
    assert "entity.document.rows" not in marks(design)
    followed = walk.answer(taken(), "entity.document.archetype", "event")
    assert "entity.document.rows" in marks(followed)


def test_another_order_of_the_same_is_the_same() -> None:
    """A noun that moves to the end of the list is no other noun."""
    asked = walk.question(taken(), "found.which")
    assert asked.answer is not None
    without = tuple(name for name in asked.answer if name != "User")
    assert not [i for i in marks(walk.answer(taken(), asked.id, without)) if "nouns." in i]
