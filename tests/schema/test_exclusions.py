"""Rules that stretches of time do not overlap."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Rule
from schemawalk.design.whole import Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import Derived, derive
from schemawalk.schema.dialects.key_sql import exclusion
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Exclusion
from schemawalk.schema.things import Apart, Extension
from tests.schema.designs import entity, fact
from tests.schema.keyed import NO_OVERLAP, club


def derived(**update: object) -> Derived:
    return derive(club(rules=(NO_OVERLAP.model_copy(update=update),)))


def only(found: Derived) -> Exclusion:
    (rule,) = found.schema.table("bookings").exclusions
    return rule


def test_an_exclusion_compares_the_same_and_the_stretch_among_rows_that_count() -> None:
    assert " ".join(exclusion(only(derived()), POSTGRESQL)) == (
        "EXCLUDE USING gist (club_id WITH =, court_id WITH =, "
        "tstzrange(starts_at, ends_at) WITH &&) "
        "WHERE (deleted_at IS NULL AND status <> 'cancelled')"
    )


def test_all_of_a_tenants_rows_are_kept_apart_and_nobody_elses() -> None:
    assert only(derived(over=("starts_at", "ends_at"))).columns == ("club_id",)


def test_what_tenants_share_is_taken_for_all_of_them_and_that_is_said() -> None:
    """Two clubs must not book the one court that both use, whoever was first."""
    shared = tuple(
        each.model_copy(update={"tenant": "no"}) if each.id == "court" else each
        for each in club().entities
    )
    links = tuple(each for each in club().relationships if each.id != "club_court")
    found = derive(club(entities=shared, relationships=links, rules=(NO_OVERLAP,)))
    assert only(found).columns == ("court_id",)
    assert [p.subject for p in found.problems if p.rule == "overlap-across-tenants"] == [
        "no_overlap"
    ]


def test_every_row_may_count() -> None:
    """The condition that is always true is none; rows that are hidden never count."""
    predicate = only(derived(expression="true")).predicate
    assert predicate is not None
    assert POSTGRESQL.sql(predicate) == "deleted_at IS NULL"


def test_what_ends_does_so_after_it_began() -> None:
    rules = [POSTGRESQL.sql(c.expression) for c in derived().schema.table("bookings").checks]
    assert "ends_at > starts_at" in rules


def test_the_extension_is_there_only_when_something_else_is_compared() -> None:
    assert [e.name for e in derived().schema.things(Extension)] == ["btree_gist"]
    alone = derive(club(rules=(NO_OVERLAP.model_copy(update={"over": ("starts_at", "ends_at")}),),
                        stack=Stack()))  # fmt: skip
    assert only(alone).columns == ()
    assert alone.schema.things(Extension) == ()


@pytest.mark.parametrize(
    ("kind", "between"),
    [("date", "daterange"), ("whole-number", "int4range"), ("decimal", "numrange")],
)
def test_days_and_numbers_are_kept_apart_too(kind: str, between: str) -> None:
    seats = entity("Seat", fact("seat", "first", kind=kind), fact("seat", "last", kind=kind))
    rule = Rule(id="r", says="No two overlap", entity="seat", kept_by="exclusion",
                over=("first", "last"))  # fmt: skip
    made = derive(club(entities=(seats,), relationships=(), access_patterns=(), rules=(rule,)))
    (found,) = made.schema.table("seats").exclusions
    assert exclusion(found, POSTGRESQL)[0].startswith(f"EXCLUDE USING gist ({between}(")


@pytest.mark.parametrize(
    ("last_day", "between", "order"),
    [
        ("free", "daterange(first, last)", "last > first"),
        ("counts", "daterange(first, last, '[]')", "last >= first"),
        (None, "daterange(first, last, '[]')", "last >= first"),
    ],
)
def test_a_single_day_is_a_stretch_where_the_last_day_counts(
    last_day: str | None, between: str, order: str
) -> None:
    """Left open, it counts: what is refused wrongly is seen, what is let in wrongly is not."""
    stay = entity("Stay", fact("stay", "first", kind="date"), fact("stay", "last", kind="date"))
    rule = Rule.model_validate({"id": "r", "says": "No two overlap", "entity": "stay",
                                "kept_by": "exclusion", "over": ("first", "last"),
                                "last_day": last_day})  # fmt: skip
    made = derive(club(entities=(stay,), relationships=(), access_patterns=(), rules=(rule,)))
    table = made.schema.table("stays")
    assert f"({between} WITH &&)" in exclusion(table.exclusions[0], POSTGRESQL)[0]
    assert order in [POSTGRESQL.sql(check.expression) for check in table.checks]
    (trigger,) = fit(made.schema, "sqlite").schema.things(Apart)
    assert trigger.last_counts is (last_day != "free")


@pytest.mark.parametrize("over", [("starts_at",), ("court_booking", "starts_at", "status")])
def test_what_is_no_stretch_is_a_finding(over: tuple[str, ...]) -> None:
    found = derived(over=over)
    assert [p.rule for p in found.problems] == ["exclusion-not-possible"]
    assert found.schema.table("bookings").exclusions == ()


def test_triggers_stand_for_it_on_sqlite_with_an_index_to_look_through() -> None:
    fitted = fit(derived().schema, "sqlite")
    bookings = fitted.schema.table("bookings")
    assert bookings.exclusions == ()
    (trigger,) = fitted.schema.things(Apart)
    same = ("club_id", "court_id")
    assert (trigger.columns, trigger.start, trigger.end) == (same, "starts_at", "ends_at")
    indexed = [tuple(part.column for part in index.parts) for index in bookings.indexes]
    assert (*same, "starts_at") in indexed
    assert fitted.schema.things(Extension) == ()


def test_where_nothing_stands_for_it_the_loss_is_said() -> None:
    fitted = fit(derived().schema, "mysql")
    assert fitted.schema.table("bookings").exclusions == ()
    said = [f for f in fitted.findings if f.rule == "mysql-refused-exclusion"]
    emulated = fitted.schema.things(Apart)
    assert bool(said) != bool(emulated), "either it is kept in another way, or its loss is said"
