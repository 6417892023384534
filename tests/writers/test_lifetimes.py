"""The document tells how rows live: states, rules, retention, versions, growth and seeds."""

from __future__ import annotations

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from tests.schema.designs import entity, fact, link
from tests.writers.markdown_reader import section
from tests.writers.test_documents import full

STATUS = fact(
    "booking", "status", values=("held", "paid", "lost"), required="start", default="'held'",
    transitions=("held -> paid: the guest pays", "held -> lost"), guarded_by="application",
    must_hold=("paid: paid_at is not null",),
)  # fmt: skip


def bookings(**keeping: object) -> Design:
    return Design(
        entities=(
            entity("Guest", fact("guest", "email", sensitivity="personal", protection="mask")),
            entity("Booking", STATUS, fact("booking", "paid_at", required="start"),
                   deletion="archive", keep_for="10 years", growth="tenfold", rows=200_000,
                   partition="range", partition_by="paid_at", cache="seconds", cache_seconds=30,
                   seeds=("status = 'held'",)),
        ),
        relationships=(link("guest", "booking"),),
        keeping=Keeping.model_validate(keeping),
        rules=(Rule(id="r", says="Two bookings | must not overlap", entity="booking",
                    kept_by="exclusion"),),
    )  # fmt: skip


def test_states_say_what_may_follow_and_what_must_hold() -> None:
    text = section(full(bookings()), "States and rules")
    assert "| `held` | paid (the guest pays), lost | – |" in text
    assert "| `paid` | nothing: final | `paid_at is not null` |" in text
    assert "refused by the program" in text


def test_rules_say_where_they_hold_and_break_no_table() -> None:
    text = section(full(bookings()), "States and rules")
    assert r"Two bookings \| must not overlap" in text
    assert "an exclusion constraint" in text


def test_retention_and_privacy_are_told() -> None:
    text = section(full(bookings(deletion="soft", restore_days=30, forget="anonymise")),
                   "Keeping, retention and privacy")  # fmt: skip
    assert "hidden, and can be restored" in text
    assert "restored for 30 days" in text
    assert "`archived_at` is set | 10 years" in text
    assert "| `guests.email` | personal | shown in part, through `guests_masked` |" in text
    assert "`deleted_at` is set" in text


def test_growth_is_arithmetic() -> None:
    text = section(full(bookings(replicas="no")), "Growth and caches")
    assert "200,000 | 2,222,200,000 | by range over `paid_at`" in text
    assert "30 seconds" in text
    assert "Every read comes from the one server" in text


def test_versions_and_seeds_are_told() -> None:
    document = full(bookings(locking="version", stamps="trigger", versions="log", made_up_rows=20))
    text = section(document, "Earlier states and concurrent changes")
    assert "A trigger keeps `updated_at` true." in text
    assert "names the version that it read" in text
    assert "a log of who changed what" in text
    text = section(document, "Seeds")
    assert "status = 'held'" in text
    assert "20 rows are made up" in text


def test_what_nobody_decided_is_left_out() -> None:
    document = full(Design(entities=(entity("Thing", fact("thing", "name")),)))
    for title in ("States and rules", "Seeds", "Growth and caches", "Keeping, retention"):
        assert title not in document
