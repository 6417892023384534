"""Rules over several facts of one thing: asked where its facts call for one, taken from anybody."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Entity
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS
from tests.wizard_steps.designs import taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError

RULES = "facts.document.rules"


def with_facts(*names: str) -> Design:
    """The usual design, whose documents have some facts more."""
    known = walk.question(taken(), "facts.document.which").answer or ()
    design = walk.answer(taken(), "facts.document.which", (*known, *names))
    return design.model_copy(update={"done": tuple(s for s in design.done if s != "columns")})


def checks(design: Design) -> str:
    table = derive(design).schema.table("documents")
    return " ".join(DIALECTS["postgresql"].sql(check.expression) for check in table.checks)


def document(design: Design) -> Entity:
    return next(entity for entity in design.entities if entity.id == "document")


def test_the_usual_walk_is_not_longer() -> None:
    """What archetypes bring has its rules already."""
    assert [q.id for q in walk.questions(taken()) if q.node == "rules" and q.tree == "facts"] == []


@pytest.mark.parametrize(
    ("facts", "rule", "sql"),
    [
        (("starts_at", "ends_at"), "ends_at > starts_at", "ends_at > starts_at"),
        (("valid_from_date", "valid_until_date"), None, ""),
        (("issued_on", "due_on"), "due_on >= issued_on", "due_on >= issued_on"),
        (("is_sold", "sold_at"), "is_sold implies sold_at is not null", "sold_at IS NOT NULL"),
    ],
)
def test_facts_that_belong_together_call_for_a_rule(
    facts: tuple[str, ...], rule: str | None, sql: str
) -> None:
    """Two moments, or a yes and its moment; taken with the step, it is a CHECK."""
    design = with_facts(*facts)
    if rule is None:
        rule = f"{facts[1]} >= {facts[0]}"
    asked = walk.question(design, RULES)
    assert (asked.answer, asked.recommended) == (None, (rule,))
    assert asked.because
    design = walk.propose(design, "columns").design
    assert document(design).rules == (rule,)
    assert sql in checks(design)


def test_a_rule_that_is_turned_down_stays_away() -> None:
    design = walk.answer(with_facts("starts_at", "ends_at"), RULES, ())
    assert document(walk.propose(design, "columns").design).rules == ()
    again = walk.answer(design, RULES, ("ends_at > starts_at",))
    assert document(again).rules == ("ends_at > starts_at",)


def test_what_a_fact_says_itself_is_not_said_again() -> None:
    design = with_facts("starts_at", "ends_at")
    design = walk.answer(design, "attribute.document.ends_at.rules", ("ends_at > starts_at",))
    assert RULES not in {question.id for question in walk.questions(design)}


def test_who_comes_with_a_rule_can_say_it() -> None:
    """Though nothing calls for one; from then on it is among the questions."""
    assert RULES not in {question.id for question in walk.questions(taken())}
    own = "postgresql: file_size_bytes % 2 = 0"
    design = walk.answer(taken(), RULES, ("file_size_bytes < 9", own))
    assert RULES in {question.id for question in walk.questions(design)}
    assert "file_size_bytes < 9" in checks(design)
    assert "file_size_bytes % 2 = 0" in checks(design)
    assert document(walk.answer(design, RULES, ())).rules == ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("size >", "is not a rule: expected a column"),
        ("pages > 3", "The document has no pages: it has .*file_size_bytes"),
        ("file_size_bytes > 'big'", "does not fit: file_size_bytes is a number and 'big' is text"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(rule: str, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        walk.answer(taken(), RULES, (rule,))
