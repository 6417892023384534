"""Tenants in keys: whose a row is, and that it points only to what belongs to the same."""

from __future__ import annotations

from schemawalk.design.whole import Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.model import ForeignKey, Schema, Table
from tests.schema.designs import link, pattern
from tests.schema.keyed import club


def made(**update: object) -> Schema:
    derived = derive(club(**update))
    assert derived.problems == ()
    return derived.schema


def key(table: Table, to: str) -> ForeignKey:
    (found,) = (k for k in table.foreign_keys if k.references == to)
    return found


def test_a_tenants_table_gets_the_tenant_where_it_has_none() -> None:
    bookings = made().table("bookings")
    assert not bookings.column("club_id").nullable
    assert key(bookings, "clubs").columns == ("club_id",)


def test_a_key_to_the_group_that_is_there_is_the_tenants() -> None:
    players = made().table("players")
    assert [c.name for c in players.columns].count("club_id") == 1
    assert key(players, "clubs").source == "club_player"


def test_a_child_cannot_point_into_another_tenant() -> None:
    found = key(made().table("bookings"), "courts")
    assert found.columns == ("club_id", "court_id")
    assert found.referenced_columns == ("club_id", "id")
    assert ("club_id", "id") in {u.columns for u in made().table("courts").uniques}


def test_a_tenants_own_row_points_only_to_what_is_its_own() -> None:
    """The owner of a club is one of its own players, although clubs have no column for a club."""
    owner = link("player", "club", on_delete="restrict", checked="at-commit")
    clubs = made(relationships=(*club().relationships, owner)).table("clubs")
    found = key(clubs, "players")
    assert found.columns == ("id", "player_id")
    assert found.referenced_columns == ("club_id", "id")


def test_a_join_table_belongs_to_the_tenant_of_its_ends() -> None:
    pairs = made().table("note_tags")
    assert {k.columns for k in pairs.foreign_keys} == {
        ("club_id",), ("club_id", "note_id"), ("club_id", "tag_id"),
    }  # fmt: skip
    assert pairs.primary_key.columns == ("club_id", "note_id", "tag_id")


def test_only_what_pointed_to_the_parent_is_emptied() -> None:
    found = key(made().table("notes"), "bookings")
    assert (found.on_delete, found.emptied) == ("SET NULL", ("booking_id",))


def test_before_15_and_on_sqlite_one_key_empties_and_one_ties() -> None:
    for database, version in (("postgresql", "14"), ("sqlite", None)):
        notes = fit(made(), database, version).schema.table("notes")
        empties, ties = (k for k in notes.foreign_keys if k.references == "bookings")
        assert (empties.columns, empties.on_delete) == (("booking_id",), "SET NULL")
        assert (ties.columns, ties.on_delete) == (("club_id", "booking_id"), "NO ACTION")
    later = fit(made(), "postgresql", "15").schema.table("notes")
    assert key(later, "bookings").emptied == ("booking_id",)


def test_the_tenant_comes_first_in_uniques_and_indexes() -> None:
    assert ("club_id", "name") in {u.columns for u in made().table("courts").uniques}
    indexed = [tuple(p.column for p in i.parts) for i in made().table("bookings").indexes]
    assert ("club_id", "court_id", "starts_at") in indexed
    assert all(columns[0] == "club_id" for columns in indexed)


def test_whoever_works_for_all_tenants_reads_them_in_one_order() -> None:
    asked = pattern("oldest first", "booking", sort=("starts_at",), who="worker")
    indexed = made(access_patterns=(asked,)).table("bookings").indexes
    (found,) = (index for index in indexed if asked.id in index.serves)
    assert [part.column for part in found.parts] == ["starts_at"]


def test_what_goes_with_its_parents_goes_with_its_tenant() -> None:
    assert key(made().table("bookings"), "clubs").on_delete == "CASCADE"
    assert key(made().table("tags"), "clubs").on_delete == "RESTRICT"


def test_without_shared_tables_nothing_is_added() -> None:
    separate = made(stack=Stack(tenancy="separate"))
    assert "club_id" not in {c.name for c in separate.table("bookings").columns}
    assert key(separate.table("bookings"), "courts").columns == ("court_id",)


def test_a_tenant_that_may_be_missing_is_said_and_ties_nothing() -> None:
    loose = link("club", "court", optional="yes", on_delete="set-null")
    links = tuple(loose if x.id == loose.id else x for x in club().relationships)
    derived = derive(club(relationships=links))
    assert [p.rule for p in derived.problems] == ["tenant-optional"]
    assert derived.problems[0].severity == "warning"
