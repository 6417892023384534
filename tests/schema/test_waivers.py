"""Waivers: what is accepted for a reason is told apart, and a reason hides nothing else."""

from __future__ import annotations

import pytest

from schemawalk.design.errors import DesignError
from schemawalk.design.file import dumps, loads
from schemawalk.design.model import Design, Step, Waiver
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link

PLATE = fact("car", "plate", unique="alone", required="optional")
BAD = Design(entities=(entity("Car", PLATE, origin="user"),))


def waiver(rule: str = "nullable-unique", subject: str = "car.plate", reason: str = "It may be.",
           ) -> Waiver:  # fmt: skip
    return Waiver(rule=rule, subject=subject, reason=reason)


def waived(*waivers: Waiver, design: Design = BAD) -> Design:
    return design.model_copy(update={"waivers": waivers})


def test_a_waived_finding_is_told_with_its_reason() -> None:
    found = review(waived(waiver()))
    assert [(f.rule, f.subject, f.waiver) for f in found.waived] == [
        ("nullable-unique", "car.plate", "It may be.")
    ]
    assert "nullable-unique" not in {f.rule for f in found.findings}


def test_without_a_reason_nothing_is_waived() -> None:
    found = review(waived(waiver(reason="")))
    assert found.waived == ()
    assert "nullable-unique" in {f.rule for f in found.findings}


def test_of_another_subject_nothing_is_waived() -> None:
    found = review(waived(waiver(subject="car.name")))
    assert "nullable-unique" in {f.rule for f in found.findings}
    assert found.waived == ()


def test_a_waiver_for_what_no_longer_happens_is_a_hint() -> None:
    good = Design(entities=(entity("Car", fact("car", "plate", required="start"), origin="user"),))
    (hint,) = (f for f in review(waived(waiver(), design=good)).findings
               if f.rule == "waiver-unneeded")  # fmt: skip
    assert hint.severity == "hint"
    assert hint.answers == (("review.nullable-unique.car.plate.decide", ("leave",)),)


def test_a_waiver_of_a_misspelt_rule_is_an_error_that_names_the_rule() -> None:
    found = review(waived(waiver("nullable-uniqe")))
    (said,) = (f for f in found.findings if f.rule == "waiver-misspelt")
    assert (said.severity, said.subject) == ("error", "nullable-uniqe:car.plate")
    assert said.fix.startswith("Did you mean nullable-unique?")
    assert found.blocked
    assert "nullable-unique" in {f.rule for f in found.findings}


def test_what_a_database_refuses_cannot_be_waived() -> None:
    bad = link("a", "b", optional="no", on_delete="set-null")
    design = Design(entities=(entity("A"), entity("B")), relationships=(bad,))
    rule = waiver("set-null-on-not-null", "a_b")
    found = review(waived(rule, design=design))
    assert found.blocked
    assert {"set-null-on-not-null", "waiver-refused"} <= {f.rule for f in found.findings}


def test_a_table_that_no_step_needs_can_be_there_for_a_reason() -> None:
    steps = (Step(id="s", title="Drive"),)
    design = Design(entities=(entity("Car"),), steps=steps)
    assert review(design).blocked
    assert not review(waived(waiver("entity-untraced", "car"), design=design)).blocked


def test_two_waivers_of_one_thing_are_refused_with_their_lines() -> None:
    text = dumps(waived(waiver()))
    twice = text + text[text.index("[[waiver]]") :]
    with pytest.raises(DesignError, match=r"there twice, first on line \d+; remove one of them"):
        loads(twice)


def test_waivers_are_kept_in_the_file_and_found_again() -> None:
    design = waived(waiver(), waiver("all-columns-nullable", "car"))
    text = dumps(design)
    assert text.count("[[waiver]]") == 2
    assert 'reason = "It may be."' in text
    assert loads(text) == design
