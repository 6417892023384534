"""Whether the last day counts is asked where a stretch is of days, and nowhere else."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.schema.derive import derive
from tests.schema.designs import entity, fact
from tests.schema.keyed import club
from tests.wizard_steps.test_keys import asked
from wizard_steps import walk


def kept_apart(what: str, says: str, kind: str = "date") -> Design:
    """Rows of which no two may be at the same time."""
    local = what.lower()
    ends = (fact(local, name, kind=kind) for name in ("starts", "ends"))
    rule = Rule(id="one", says=says, entity=local, kept_by="exclusion", over=("starts", "ends"),
                expression="true")  # fmt: skip
    return Design(entities=(entity(what, *ends),), rules=(rule,))


def test_it_is_asked_of_days_and_not_of_moments() -> None:
    says = "No two sales overlap"
    assert asked(kept_apart("Sale", says), "last_day") == {"rule.one.last_day"}
    assert asked(kept_apart("Sale", says, "moment"), "last_day") == set()
    assert asked(club(), "last_day") == set()


@pytest.mark.parametrize(
    ("what", "says", "recommended"),
    [
        ("Sale", "No two sales overlap", "counts"),
        ("Absence", "Nobody is away twice on one day", "counts"),
        ("Stay", "No two stays overlap", "free"),
        ("Booking", "A room is never rented twice for one night", "free"),
        ("Booking", "Check-in and check-out of two bookings never overlap", "free"),
    ],
)
def test_nights_leave_their_last_day_to_the_next(what: str, says: str, recommended: str) -> None:
    question = walk.question(kept_apart(what, says), "rule.one.last_day")
    assert question.recommended == (recommended,)


def test_the_answer_is_what_the_database_keeps() -> None:
    for answer, counts in (("counts", True), ("free", False)):
        design = walk.answer(kept_apart("Sale", "Never two"), "rule.one.last_day", answer)
        (table,) = derive(design).schema.tables
        assert table.exclusions[0].last_counts is counts
