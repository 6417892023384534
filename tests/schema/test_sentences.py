"""What is said of tables, keys and roles, in the product's own words."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from schemawalk.schema.names import plural, plural_for_ids, snake
from schemawalk.schema.sentences import ending_sentence, many, one, read_back
from tests.schema.designs import entity, fact, link

MEMBER, BOOKING, HOUSE = (entity(name) for name in ("Member", "Booking", "House"))


def test_a_role_that_is_done_by_somebody_is_said_as_a_deed() -> None:
    there, back = read_back(link("member", "booking", role="confirmed_by", optional="yes"),
                            MEMBER, BOOKING)  # fmt: skip
    assert there == "One member has many bookings, confirmed by them."
    assert back == "One booking is confirmed by at most one member."
    assert ending_sentence("set-null", MEMBER, BOOKING, "confirmed_by") == (
        "Delete a member: their bookings stay, and no longer say by whom they were confirmed."
    )


def test_a_role_that_is_a_noun_is_named() -> None:
    there, back = read_back(link("member", "house", role="owner"), MEMBER, HOUSE)
    assert there == "One member has many houses, as their owner."
    assert back == "One house belongs to exactly one member, its owner."
    _, back = read_back(link("house", "house", optional="yes"), HOUSE, HOUSE)
    assert back == "One house belongs to at most one house, its parent."


@pytest.mark.parametrize(
    ("name", "single", "several"),
    [
        ("Gear", "piece of gear", "pieces of gear"),
        ("Night staff", "member of night staff", "members of night staff"),
        ("Series", "series", "series"),
        ("Ear", "ear", "ears"),
    ],
)
def test_what_is_not_counted_comes_in_pieces(name: str, single: str, several: str) -> None:
    made = entity(name)
    assert (one(made), many(made)) == (single, several)
    assert plural(snake(name)) == ("ears" if name == "Ear" else snake(name))


def test_an_id_keeps_the_plural_that_it_was_made_with() -> None:
    assert [plural_for_ids(noun) for noun in ("gear", "staff", "room")] == [
        "gears", "staff", "rooms",
    ]  # fmt: skip


def schema(*facts: object, **more: object) -> Schema:
    made = entity("Visit", *facts, **more)  # type: ignore[arg-type]
    return derive(Design(entities=(entity("Patient", archetype="person"), made),
                         relationships=(link("patient", "visit"),))).schema  # fmt: skip


def test_a_table_is_described_by_what_a_row_is() -> None:
    table = schema(archetype="dealing", owner="patient").table("visits")
    assert table.purpose == "One visit of a patient: something agreed on, and kept or called off."


def test_a_comment_says_how_sensitive_a_fact_is_where_it_is_to() -> None:
    told = fact("visit", "note", purpose="what was found", sensitivity="personal",
                protection="comment")  # fmt: skip
    quiet = fact("visit", "place", purpose="where it was", sensitivity="internal",
                 protection="comment")  # fmt: skip
    table = schema(told, quiet).table("visits")
    assert table.column("note").purpose == "what was found (personal data)"
    assert table.column("place").purpose == "where it was"


def test_latitude_and_longitude_are_told_apart() -> None:
    table = schema(fact("visit", "spot", kind="coordinates", purpose="where it was")).table(
        "visits"
    )
    said = {table.column(f"spot_{part}").purpose for part in ("latitude", "longitude")}
    assert said == {"where it was (latitude)", "where it was (longitude)"}


def test_unique_indexes_are_named_as_unique_constraints_are() -> None:
    table = schema(fact("visit", "code", unique="alone"), deletion="archive").table("visits")
    (unique,) = (index for index in table.indexes if index.unique)
    assert unique.name == "uq_visits_code_where_archived_at"
    assert unique.because == "no two visits share it, among those that were not archived"
