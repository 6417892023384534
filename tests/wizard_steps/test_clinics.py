"""Tenants by default: who signs in may come before their clinic, everybody else is one clinic's."""

from __future__ import annotations

from functools import cache

import pytest

from schemawalk.design.model import Design, Entity, Step
from schemawalk.design.whole import Product, Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from schemawalk.schema.review import review
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.things import Policy
from wizard_steps import walk

STEPS = (
    ("Sign up", "A doctor signs up with their e-mail address and a password."),
    ("Set up the clinic", "The doctor creates a clinic and invites colleagues. No clinic may ever "
     "see another clinic's patients."),
    ("Register a patient", "A doctor registers a patient with name, e-mail address, phone number "
     "and date of birth."),
    ("Book an appointment", "The doctor books an appointment for a patient with a start and an "
     "end. They see the appointments of the day."),
    ("Write a note", "After the appointment the doctor writes a note about the patient."),
)  # fmt: skip


@cache
def taken() -> Design:
    """Every proposal taken as it is."""
    steps = tuple(Step(id=title.lower(), title=title, text=text) for title, text in STEPS)
    stack = Stack(database="postgresql", version="18", tenancy="shared")
    return walk.take_all(Design(product=Product(name="Ward"), stack=stack, steps=steps))


@cache
def schema() -> Schema:
    return derive(taken()).schema


def of(design: Design, entity_id: str) -> Entity:
    return Lookup(design).entities[entity_id]


def test_whoever_a_step_says_signs_up_has_the_password() -> None:
    assert of(taken(), "doctor").origin == "unsaid.sign_in"
    assert "doctor.password_hash" in {a.id for a in of(taken(), "doctor").attributes}
    assert "patient.password_hash" not in {a.id for a in of(taken(), "patient").attributes}


def test_those_that_must_not_see_each_other_are_the_tenants() -> None:
    assert of(taken(), "clinic").archetype == "group"


def test_a_patient_is_of_one_clinic_and_a_policy_keeps_it_so() -> None:
    assert not schema().table("patients").column("clinic_id").nullable
    closed = {policy.table for policy in schema().things(Policy)}
    assert closed >= {"clinics", "patients", "appointments"}


def test_who_signs_in_and_their_sessions_come_before_the_clinic() -> None:
    assert schema().table("doctors").column("clinic_id").nullable
    assert of(taken(), "doctor").tenant == of(taken(), "session").tenant == "no"


def test_two_clinics_may_have_the_same_patient_and_learn_nothing_of_it() -> None:
    found = {(table.name, unique.columns) for table in schema().tables for unique in table.uniques}
    assert ("patients", ("clinic_id", "email")) in found
    assert ("doctors", ("email",)) in found


def test_nothing_of_it_is_warned_about() -> None:
    found = review(taken()).findings
    assert [f for f in found if f.severity != "hint"] == []
    assert "tenant-account-open" in {f.rule for f in found}


@pytest.mark.parametrize("tenants", [("appointment",), ()])
def test_a_patient_that_somebody_leaves_out_is_found(tenants: tuple[str, ...]) -> None:
    design = walk.answer(taken(), "tenancy.tables", tenants)
    rules = {f.rule for f in review(design).findings if f.severity == "warning"}
    assert "policy-on-parents-only" in rules


def test_a_patient_of_several_clinics_is_found_until_somebody_says_that_all_may_read_it() -> None:
    """A link to several clinics gives no one clinic whose row it could be."""
    link = next(x for x in taken().relationships if {x.a, x.b} == {"clinic", "patient"})
    design = walk.answer(taken(), f"relationship.{link.id}.many_a", "yes")
    open_ones = tuple(e.model_copy(update={"tenant": None}) for e in design.entities)
    design = walk.take_all(design.model_copy(update={"entities": open_ones}))
    assert of(design, "patient").tenant == "no"
    found = {f.subject for f in review(design).findings if f.rule == "tenant-personal-open"}
    assert found == {"patient"}
    said = walk.answer(design, "tenancy.tables", ("appointment",), why="one patient, one record")
    assert "tenant-personal-open" not in {f.rule for f in review(said).findings}
