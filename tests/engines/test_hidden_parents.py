"""Nothing new for what is out of sight: a rule on the parent, beside jobs and made-up rows."""

from __future__ import annotations

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping, Stack
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.derive import derive
from tests.engines.migrations import migration, outcome
from tests.schema.designs import entity, fact, link

BANDS = Design(
    entities=(
        entity("Band", fact("band", "name", required="start"), deletion="soft", keep_for="1 year"),
        entity("Booking", fact("booking", "note", required="start")),
    ),
    relationships=(link("band", "booking", on_delete="restrict"),),
    keeping=Keeping(cleanup="job", restore_days=30),
    rules=(
        Rule(id="rest", says="Only a band that was not deleted books", entity="booking",
             kept_by="trigger", looks_at="parent", parent="band_booking",
             expression="deleted_at is null"),
    ),
)  # fmt: skip
"""Bands are hidden first and removed later; none that is hidden gets another booking."""


def test_what_referred_to_a_row_before_it_was_hidden_still_keeps_it(engine: Engine) -> None:
    """The clean-up is tried with a booking that was made while the band could be seen."""
    proof = prove(engine, *migration(derive(BANDS).schema, engine))
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert "bands_purge: leaves what bookings still refers to" in made
    assert any("bookings_band_id_rule" in name for name in made)


def test_the_rows_of_each_tenant_are_begun_with_what_can_be_seen(postgresql_url: str) -> None:
    """What is made up to try a policy obeys the rule on the parent, too."""
    house = entity("House", fact("house", "name", required="start"), archetype="group")
    things = tuple(each.model_copy(update={"tenant": "yes"}) for each in BANDS.entities)
    design = BANDS.model_copy(update={
        "entities": (house, *things),
        "relationships": (*BANDS.relationships, link("house", "band", on_delete="restrict"),
                          link("house", "booking", on_delete="restrict")),
        "stack": Stack(tenancy="shared"),
        "keeping": BANDS.keeping.model_copy(update={"policies": "database"}),
    })  # fmt: skip
    with open_engine("postgresql", postgresql_url) as engine:
        assert outcome(prove(engine, *migration(derive(design).schema, engine))) == []
