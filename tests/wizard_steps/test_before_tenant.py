"""Whether something is asked before the tenant is known: who is asked, and the one-key fix."""

from __future__ import annotations

from typing import Any

from schemawalk.schema.derive import derive
from schemawalk.schema.routine import Routine
from tests.schema.test_finders import EMAIL, MEMBER, clubs
from wizard_steps import walk
from wizard_steps.reviewed import fixed, matters

QUESTION = "access.members by e-mail.before_tenant"
ACCOUNT = MEMBER.model_copy(update={"archetype": "person", "origin": "unsaid.sign_in"})


def asked(*design: Any) -> Any:
    return {q.id: q for q in walk.questions(clubs(*design))}.get(QUESTION)


def test_it_is_asked_of_what_one_row_of_all_tenants_has() -> None:
    alone = EMAIL.model_copy(update={"unique": "alone"})
    assert asked(None, MEMBER.model_copy(update={"attributes": (alone,)})) is not None
    assert asked(None, MEMBER) is None


def test_what_lets_somebody_in_is_recommended_to_be_looked_for() -> None:
    assert asked(None, ACCOUNT).recommended == ("all",)


def test_one_key_makes_the_function() -> None:
    design = clubs(None, ACCOUNT)
    matter = matters(design)["looked-up-before-tenant.members by e-mail"]
    made = derive(fixed(design, matter)).schema
    assert "members_by_email" in {routine.name for routine in made.things(Routine)}
