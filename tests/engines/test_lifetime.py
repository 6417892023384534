"""Hidden rows, versions, states and rules hold on real databases."""

from __future__ import annotations

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.derive import derive
from tests.engines.migrations import migration, outcome
from tests.schema.designs import entity, fact, link


def bookings() -> Design:
    """Rooms that are booked: hidden when deleted, counted when changed, checked by state."""
    status = fact("booking", "status", values=("held", "paid", "failed"), required="start",
                  default="'held'", must_hold=("paid: paid_at is not null",
                                               "failed: error_message is not null"))  # fmt: skip
    return Design(
        entities=(
            entity("House", fact("house", "name", required="start", unique="alone")),
            entity("Room", fact("room", "name", required="start", unique="together",
                                unique_with=("house_room",))),
            entity("Booking", status, fact("booking", "paid_at"), fact("booking", "error_message"),
                   fact("booking", "day", required="start")),
        ),
        relationships=(link("house", "room", on_delete="cascade"),
                       link("room", "booking", on_delete="restrict")),
        keeping=Keeping(deletion="soft", locking="version"),
        rules=(Rule(id="one", says="A room is booked once a day", entity="booking",
                    kept_by="unique", over=("room_booking", "day")),),
    )  # fmt: skip


def test_what_lives_for_a_time_is_proven(engine: Engine) -> None:
    schema = derive(bookings()).schema
    assert sum(index.unique for table in schema.tables for index in table.indexes) == 3
    proof = prove(engine, *migration(schema, engine))
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert "rooms: refuses the same house_id, name twice" in made
