"""What is out of sight and still accepted, and what is kept from a moment that never comes."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from schemawalk.schema.things import ParentRule
from tests.schema.designs import entity, fact, link
from wizard_steps.reviewed import fixed, matters

OPEN = "hidden-parent-open.room_booking"
NEVER = "keep-never-begins.bill.status"


def rooms(deletion: str = "archive", archetype: str = "dealing", **more: object) -> Design:
    """Bookings of rooms that are archived one day."""
    things = (entity("Room", fact("room", "name", required="start"), deletion=deletion),
              entity("Booking", fact("booking", "note", required="start"), archetype=archetype,
                     deletion="real"))  # fmt: skip
    ending = {"on_delete": "restrict", **more}
    return Design(entities=things, relationships=(link("room", "booking", **ending),))


@pytest.mark.parametrize(
    ("deletion", "column", "done"),
    [("archive", "archived_at", "archived"), ("soft", "deleted_at", "deleted")],
)
def test_what_is_out_of_sight_is_still_booked_until_one_key_says_not(
    deletion: str, column: str, done: str
) -> None:
    design = rooms(deletion)
    matter = matters(design)[OPEN]
    assert matter.severity == "hint"
    assert f"A room that was {done} is still there for a key" in matter.message
    after = fixed(design, matter)
    (rule,) = derive(after).schema.things(ParentRule)
    assert (rule.table, rule.parent) == ("bookings", "rooms")
    assert column in str(rule.rule)
    assert OPEN not in matters(after)


@pytest.mark.parametrize(
    "design",
    [
        rooms("real"),
        rooms(archetype="message"),
        rooms(optional="yes", on_delete="set-null"),
        rooms(on_delete="cascade"),
    ],
    ids=["rows go at once", "told afterwards", "may be without one", "goes with it"],
)
def test_nothing_is_said_where_nothing_is_begun_with_what_is_gone(design: Design) -> None:
    assert "hidden-parent-open" not in {each.rule for each in review(design).findings}


def bills(*must_hold: str, **more: object) -> Design:
    """Bills that are kept for ten years after they were completed."""
    status = fact(
        "bill",
        "status",
        kind="one-of",
        values=("open", "paid", "void"),
        required="start",
        default="'open'",
        kept_by="developers",
        must_hold=must_hold,
        guarded_by="trigger",
        starts=("open",),
        transitions=("open -> paid: it arrived", "open -> void: it was wrong"),
    )
    done = fact("bill", "completed_at", kind="moment", **{"required": "later", **more})
    bill = entity("Bill", status, done, archetype="money", keep_for="10 years", deletion="real")
    return Design(entities=(bill,), keeping=Keeping(cleanup="job"))  # fmt: skip


def test_a_last_state_without_the_moment_from_which_it_is_kept_is_said_and_mended() -> None:
    design = bills("paid: completed_at is not null")
    matter = matters(design)[NEVER]
    assert "one that is void can be without it" in matter.message
    after = fixed(design, matter)
    assert NEVER not in matters(after)
    assert len(after.entities[0].attributes[0].must_hold or ()) == 2


def test_where_each_last_state_has_its_moment_nothing_is_said() -> None:
    demanded = bills("paid: completed_at is not null", "void: completed_at is not null")
    for design in (demanded, bills(required="start")):
        assert NEVER not in matters(design)
