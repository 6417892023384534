"""Keys that the tenant leads: as strict as before, and one index does for two."""

from __future__ import annotations

from schemawalk.design.model import Design, Entity
from schemawalk.design.whole import Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link


def rooms(database: str = "postgresql", **code: object) -> Design:
    """Rooms and bands of one house, which bands use which room, and a code for each booking."""
    things: tuple[Entity, ...] = tuple(
        entity(name, fact(name.lower(), "name", required="start"), tenant="yes", archetype="thing")
        for name in ("Room", "Band", "Booking", "Code")
    )
    return Design(
        entities=(entity("House", archetype="group"), *things),
        relationships=(
            *(link("house", each.id, on_delete="cascade") for each in things),
            link("room", "band", many_a="yes", on_delete="cascade", on_delete_b="cascade"),
            link("booking", "code", many_b="no", on_delete="cascade", **code),
        ),
        stack=Stack.model_validate({"database": database, "tenancy": "shared"}),
    )


def begun(schema: Schema, table: str) -> list[tuple[str, ...]]:
    """What each index of a table is over, those of its keys too."""
    found = schema.table(table)
    indexes = [tuple(part.column for part in index.parts) for index in found.indexes]
    return [found.primary_key.columns, *(u.columns for u in found.uniques), *indexes]


def test_a_join_table_has_two_indexes_for_three_foreign_keys() -> None:
    schema = derive(rooms()).schema
    assert begun(schema, "room_bands") == [
        ("house_id", "room_id", "band_id"), ("house_id", "band_id"),
    ]  # fmt: skip
    assert len(schema.table("room_bands").foreign_keys) == 3


def test_one_to_one_is_unique_together_with_the_tenant_that_its_key_is_tied_to() -> None:
    """A booking is of one house, so that it cannot have a second code in another one."""
    schema = derive(rooms()).schema
    assert begun(schema, "codes") == [("id",), ("house_id", "booking_id")]
    tied = next(k for k in schema.table("codes").foreign_keys if k.references == "bookings")
    assert (tied.columns, tied.referenced_columns) == (("house_id", "booking_id"),
                                                      ("house_id", "id"))  # fmt: skip


def test_no_foreign_key_is_left_without_its_index() -> None:
    found = {finding.rule for finding in review(rooms()).findings}
    assert not found & {"fk-not-indexed", "prefix-redundant-index", "nullable-unique"}


def test_what_may_be_without_its_parent_is_still_unique_with_one() -> None:
    design = rooms(optional="yes")
    assert ("house_id", "booking_id") in begun(derive(design).schema, "codes")
    assert "nullable-unique" not in {finding.rule for finding in review(design).findings}


def test_where_nothing_ties_a_row_to_its_tenant_its_own_key_stays_unique() -> None:
    """MongoDB checks no reference: two houses could each have a code for one booking."""
    schema = derive(rooms("mongodb")).schema
    assert ("booking_id",) in begun(schema, "codes")
    assert schema.table("room_bands").primary_key.columns == ("room_id", "band_id")
