"""What one answer does to the others: marks and reasons, nothing orphaned, nothing in silence."""

from __future__ import annotations

import pytest

from tests.wizard_steps.designs import start, taken
from wizard_steps import walk
from wizard_steps.asking.given import Given
from wizard_steps.asking.question import AnswerError

STATUS = "attribute.assessment.status"


def test_answers_that_are_asked_no_more_are_emptied_and_named() -> None:
    before = taken()
    assert walk.question(before, f"{STATUS}.values").answer
    after = walk.answer(before, f"{STATUS}.kind", "short-text")
    asked = {q.id for q in walk.questions(after)}
    assert f"{STATUS}.values" not in asked
    assessment = next(e for e in after.entities if e.id == "assessment")
    status = next(a for a in assessment.attributes if a.name == "status")
    assert (status.values, status.kept_by) == (None, None)
    assert any("Which values" in prompt for prompt in walk.no_longer_asked(before, after))


def test_an_answer_of_another_tree_about_the_same_thing_goes_too() -> None:
    linked = walk.answer(taken(), "relationship.user_document.many_a", "yes")
    linked = walk.answer(linked, "ending.user_document.on_delete_b", "restrict")
    plain = walk.answer(linked, "relationship.user_document.many_a", "no")
    link = next(r for r in plain.relationships if r.id == "user_document")
    assert link.on_delete_b is None


def test_nothing_speaks_of_a_noun_that_was_taken_out() -> None:
    design = taken()
    for step in design.steps:
        asked = walk.question(design, f"nouns.{step.id}.which")
        kept = tuple(name for name in asked.answer or () if name != "Document")
        design = walk.answer(design, asked.id, kept)
    assert "document" not in {e.id for e in design.entities}
    assert not [r for r in design.relationships if "document" in (r.a, r.b)]
    assert not [p for p in design.access_patterns if p.entity == "document"]
    assert not [e for e in design.entities if e.owner == "document"]


def test_what_is_not_remembered_is_asked_nothing_more() -> None:
    design = walk.answer(taken(), "entity.document.persists", "no")
    about = {q.subject for q in walk.questions(design)}
    assert "user_document" not in about
    assert not about & {p.id for p in design.access_patterns if p.entity == "document"}


def test_many_answers_at_once_are_the_same_as_one_by_one() -> None:
    wanted = {
        "relationship.user_document.optional": ("yes",),
        "ending.user_document.on_delete": ("set-null",),
        "stack.identifiers": ("bigint",),
    }
    one_by_one = taken()
    for question_id, values in wanted.items():
        one_by_one = walk.answer(one_by_one, question_id, values)
    at_once, refused = walk.answer_all(taken(), {i: Given(v) for i, v in wanted.items()})
    assert refused == {}
    assert at_once == one_by_one


def test_answers_can_come_in_any_order() -> None:
    given = {
        "ending.user_document.on_delete": Given(("set-null",)),
        "relationship.user_document.optional": Given(("yes",)),
    }
    design, refused = walk.answer_all(taken(), given)
    assert refused == {}
    assert walk.question(design, "ending.user_document.on_delete").answer == ("set-null",)


def test_what_was_not_taken_says_why() -> None:
    given = {"stack.database": Given(("oracle",)), "nothing.asks.this": Given(("x",))}
    design, refused = walk.answer_all(start(), given)
    assert design.stack.database is None
    assert refused.keys() == given.keys()
    assert "postgresql" in refused["stack.database"]


def test_a_reason_can_be_given_later_and_taken_back() -> None:
    design = walk.explain(taken(), "stack.identifiers", "we sync offline")
    assert [n.why for n in design.notes if n.id == "stack.identifiers"] == ["we sync offline"]
    assert design.stack == taken().stack
    with pytest.raises(AnswerError, match="no answer yet"):
        walk.explain(start(), "stack.identifiers", "too early")
