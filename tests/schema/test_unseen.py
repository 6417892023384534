"""Whoever works for no tenant, or does not know it yet: what jobs may do, and what is said."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Product, Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Finding, Schema
from schemawalk.schema.review import review
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import AllRows, Grant, Role
from tests.schema.designs import entity, fact, link, pattern


def houses(**keeping: object) -> Design:
    """Houses share tables; guests have a time, a worker sends letters, pages show houses."""
    known = Keeping(policies="database", cleanup="job", restore_days=30)
    return Design(
        product=Product(name="Inn"),
        stack=Stack(tenancy="shared", database="postgresql"),
        keeping=known.model_copy(update=keeping),
        entities=(
            entity("House", fact("house", "slug", required="start", unique="alone"),
                   fact("house", "name"), archetype="group"),
            entity("Guest", fact("guest", "name", required="start"), tenant="yes",
                   deletion="soft"),
            entity("Letter", fact("letter", "status", required="start"), tenant="yes"),
        ),
        relationships=(link("house", "guest", on_delete="cascade"),
                       link("guest", "letter", on_delete="cascade")),
        access_patterns=(
            pattern("letters to send", "letter", equals=("status",), who="worker"),
            pattern("the page of a house", "house", equals=("slug",), who="look"),
            pattern("guests by name", "guest", equals=("name",), who="look"),
        ),
    )  # fmt: skip


def schema(**keeping: object) -> Schema:
    return derive(houses(**keeping)).schema


def found(rule: str, **keeping: object) -> dict[str, Finding]:
    return {f.subject: f for f in review(houses(**keeping)).findings if f.rule == rule}


def test_jobs_may_do_what_their_routines_and_workers_do_and_no_more() -> None:
    granted = [g for g in schema().things(Grant) if g.role == "inn_jobs"]
    assert {on: set(g.privileges) for g in granted for on in g.on} == {
        "guests": {"SELECT", "UPDATE", "DELETE"},
        "letters": {"SELECT", "UPDATE"},
        "guests_purge": {"EXECUTE"},
    }
    assert {each.table for each in schema().things(AllRows)} == {"guests", "letters"}


def test_the_program_may_call_no_routine() -> None:
    granted = [g for g in schema().things(Grant) if g.role == "inn_app"]
    assert all("EXECUTE" not in grant.privileges for grant in granted)
    assert [r.role for r in schema().things(Routine)] == ["inn_jobs"]


@pytest.mark.parametrize("database", ["sqlite", "mariadb"])
def test_where_there_are_no_policies_nobody_is_let_past_one(database: str) -> None:
    fitted = fit(schema(), database).schema
    assert fitted.things(AllRows) == ()
    assert (fitted.things(Role) == ()) == (database == "sqlite")


def test_a_role_without_any_right_is_not_made() -> None:
    """What it would call is not there on that database."""
    design = houses(cleanup="by-hand")
    letters = design.entities[2].model_copy(
        update={"summed": "parent", "summed_by": "guest_letter"}
    )
    update = {"entities": (*design.entities[:2], letters), "access_patterns": ()}
    made = derive(design.model_copy(update=update)).schema
    assert "inn_jobs" in {role.name for role in made.things(Role)}
    assert "inn_jobs" not in {r.name for r in fit(made, "postgresql").schema.things(Role)}


def test_what_would_find_no_row_is_said_where_nobody_has_a_role() -> None:
    assert found("job-sees-nothing") == {}
    said = found("job-sees-nothing", roles="none")
    assert set(said) == {"guest", "letters to send"}
    assert said["guest"].severity == "warning"
    assert said["guest"].answers == (("connecting.roles", ("program",)),)


def test_what_one_row_of_all_tenants_has_may_be_asked_before_the_tenant_is_known() -> None:
    said = found("looked-up-before-tenant")
    assert set(said) == {"the page of a house"}
    assert "slug" in said["the page of a house"].message
    asked = ("access.the page of a house.before_tenant", ("one",))
    assert said["the page of a house"].answers == (asked,)


def test_who_loses_rights_is_named_once() -> None:
    messages = [f.message for f in fit(schema(roles="program-and-readers"), "sqlite").findings]
    (said,) = (message for message in messages if "no rights" in message)
    assert said.startswith("inn_app, inn_reader, inn_jobs on SQLite")
