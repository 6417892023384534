"""A finding leads to the question whose answer settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, shop
from wizard_steps import walk
from wizard_steps.mending import LEADS_TO, mended_by

SCHEMA = Path(__file__).resolve().parents[2] / "schemawalk" / "schema"


def begins_with(design: Design, rule: str, subject: str) -> str:
    found = mended_by(walk.questions(design), rule, subject)
    return found[0].id if found else ""


@pytest.mark.parametrize("rule", sorted(LEADS_TO))
def test_each_place_is_a_question_of_the_walk(rule: str) -> None:
    """Each tree and node is there, and something in the schema says the rule."""
    for place in LEADS_TO[rule]:
        tree, _, node = place.partition(".")
        assert not node or node in walk.tree(tree).by_id, place
    assert any(f'"{rule}"' in path.read_text() for path in SCHEMA.rglob("*.py"))


def test_rows_that_are_kept_without_an_end_lead_to_how_long_they_are_kept() -> None:
    """And not to whether a payout must still be there tomorrow."""
    amount = fact("payout", "amount", kind="whole-number", required="start")
    payout = entity("Payout", amount, keep_for="10 years")
    design = Design(entities=(payout,), keeping=Keeping(cleanup="job"))
    assert ("keep-without-end", "payout") in {(f.rule, f.subject) for f in review(design).findings}
    assert begins_with(design, "keep-without-end", "payout") == "retention.payout.deletion"


@pytest.mark.parametrize(
    ("rule", "subject", "question"),
    [
        ("set-null-on-not-null", "customer_order", "ending.customer_order.on_delete"),
        ("inexact-money", "customer.email", "attribute.customer.email.kind"),
        ("all-columns-nullable", "customer.email", "facts.customer.which"),
        ("random-uuid-clustered", "orders", "stack.identifiers"),
        ("a-rule-of-tomorrow", "customer", ""),
    ],
)
def test_the_question_is_about_the_subject_its_whole_or_the_design(
    rule: str, subject: str, question: str
) -> None:
    design = shop(relationships=(link("customer", "order", on_delete="set-null"),))
    assert begins_with(design, rule, subject).replace("..", ".") == question
