"""Who asks to be forgotten leaves nothing that tells about them, and no rule stands in the way."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from schemawalk.schema.derive import Derived, derive
from schemawalk.schema.language.expression import Value
from schemawalk.schema.routine import Routine
from tests.lasting import museum
from tests.schema.designs import entity, fact, link


def forgets(derived: Derived) -> dict[str, Routine]:
    return {r.table: r for r in derived.schema.things(Routine) if r.purpose == "forget"}


def cleared(routine: Routine) -> dict[str, Value]:
    return {each.column: each.value for each in routine.cleared}


def test_everything_that_tells_is_overwritten() -> None:
    members = forgets(derive(museum()))["members"]
    assert cleared(members) == {
        "email": "forgotten-*@example.org", "full_name": None, "password_hash": "*",
    }  # fmt: skip
    (secret,) = (each for each in members.cleared if each.column == "password_hash")
    assert secret.random == 64


def test_a_persons_own_routine_calls_those_of_the_rest() -> None:
    found = forgets(derive(museum()))
    assert found["members"].before_it == ("notes_forget", "exhibits_forget")
    assert found["notes"].cleared == ()
    assert found["notes"].column == "member_id"
    assert cleared(found["exhibits"]) == {"lender_phone": None}


def test_a_key_to_the_person_is_emptied_where_it_may_be() -> None:
    visit = entity("Visit", archetype="event", forget="anonymise")
    design = Design(
        entities=(entity("Member", fact("member", "email", sensitivity="personal")), visit),
        relationships=(link("member", "visit", optional="yes"),),
    )
    assert cleared(forgets(derive(design))["visits"]) == {"member_id": None}


def test_a_key_that_a_row_must_have_stays_and_leads_to_nobody() -> None:
    note = entity("Note", fact("note", "text", required="start", sensitivity="personal"),
                  forget="anonymise")  # fmt: skip
    alone = {"optional": "yes", "one_of_form": "keys", "on_delete": "restrict"}
    design = Design(
        entities=(entity("Member", fact("member", "email", sensitivity="personal")),
                  entity("Team"), note),
        relationships=(link("member", "note", one_of=("team_note",), **alone),
                       link("team", "note", one_of=("member_note",), **alone)),
        keeping=Keeping(forget="anonymise"),
    )  # fmt: skip
    assert cleared(forgets(derive(design))["notes"]) == {"text": "forgotten"}


@pytest.mark.parametrize(("ending", "gone"), [("cascade", True), ("set-null", False)])
def test_rows_that_a_person_takes_along_are_not_promised_to_stay(ending: str, gone: bool) -> None:
    member = entity("Member", fact("member", "email", sensitivity="personal"), forget="delete")
    note = entity("Note", fact("note", "text", sensitivity="personal"), forget="anonymise")
    optional = "no" if gone else "yes"
    design = Design(entities=(member, note), relationships=(
        link("member", "note", on_delete=ending, optional=optional),))  # fmt: skip
    derived = derive(design)
    said = [p.subject for p in derived.problems if p.rule == "forget-takes-along"]
    assert said == (["note"] if gone else [])
    assert (forgets(derived)["notes"].cleared == ()) is gone


def test_what_a_trigger_demands_is_not_emptied() -> None:
    guest = entity("Guest", fact("guest", "who", sensitivity="personal"))
    rule = Rule(id="named", says="A guest has a name", entity="guest", kept_by="trigger",
                looks_at="row", expression="who is not null")  # fmt: skip
    design = Design(entities=(guest,), rules=(rule,), keeping=Keeping(forget="anonymise"))
    assert cleared(forgets(derive(design))["guests"]) == {"who": "forgotten"}


def test_a_duty_to_keep_leaves_rows_alone() -> None:
    bill = entity("Bill", fact("bill", "payer", sensitivity="personal"), forget="keep")
    assert forgets(derive(Design(entities=(bill,), keeping=Keeping(forget="delete")))) == {}


@pytest.mark.parametrize(
    ("about", "value"),
    [
        ({"required": "start"}, "forgotten"),
        ({"required": "start", "unique": "alone"}, "forgotten-*"),
        ({"required": "start", "length": 5}, "-"),
        ({"required": "start", "rules": ("who in ('x', 'y')",)}, "x"),
        ({"required": "start", "kind": "phone"}, "+0000000"),
        ({"required": "start", "kind": "date"}, "1900-01-01"),
        ({"required": "start", "kind": "whole-number", "rules": ("who >= 18",)}, 18),
        ({"required": "start", "kind": "json"}, "{}"),
        ({}, None),
    ],
)
def test_what_stands_in_its_place_breaks_no_rule(about: dict[str, object], value: Value) -> None:
    guest = entity("Guest", fact("guest", "who", sensitivity="personal", **about))
    derived = derive(Design(entities=(guest,), keeping=Keeping(forget="anonymise")))
    assert cleared(forgets(derived)["guests"]) == {"who": value}


def test_what_must_be_there_is_not_emptied() -> None:
    guest = entity("Guest", fact("guest", "who", sensitivity="personal"), fact("guest", "nick"),
                   rules=("present(who, nick) >= 1",))  # fmt: skip
    derived = derive(Design(entities=(guest,), keeping=Keeping(forget="anonymise")))
    assert cleared(forgets(derived)["guests"]) == {"who": "forgotten"}


def test_what_nothing_neutral_can_replace_is_said() -> None:
    guest = entity("Guest", fact("guest", "who", sensitivity="personal", required="start",
                                 rules=("who matches '^[A-Z]{9}$'",)))  # fmt: skip
    derived = derive(Design(entities=(guest,), keeping=Keeping(forget="anonymise")))
    assert forgets(derived) == {}
    (said,) = (p for p in derived.problems if p.rule == "forget-not-possible")
    assert "guests.who" in said.message


def test_earlier_versions_are_forgotten_too_and_last() -> None:
    guest = entity("Guest", fact("guest", "who", sensitivity="personal", required="start"),
                   archetype="person", versions="history")  # fmt: skip
    found = forgets(derive(Design(entities=(guest,), keeping=Keeping(forget="anonymise"))))
    assert found["guests"].after_it == ("guests_history_forget",)
    assert cleared(found["guests_history"]) == {"who": "forgotten"}
