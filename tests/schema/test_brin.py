"""A BRIN is made where rows lie as they came, and stay so."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Index
from tests.schema.designs import entity, fact, link, pattern


def visits(**more: object) -> Design:
    """Millions of visits, read by a stretch of time; a clean-up job runs."""
    visit = entity(
        "Visit", fact("visit", "path", required="start"),
        fact("visit", "created_at", required="start", default="now"),
        fact("visit", "expires_at", required="start"),
        archetype="event", rows=5_000_000, **more,
    )  # fmt: skip
    asked = pattern("traffic", "visit", range="created_at")
    keeping = Keeping(cleanup="job")
    return Design(entities=(visit,), access_patterns=(asked,), keeping=keeping)


def indexes(design: Design) -> list[tuple[str, list[str], tuple[str, ...]]]:
    def said(index: Index) -> tuple[str, list[str], tuple[str, ...]]:
        return index.method, [part.column for part in index.parts], index.serves

    return [said(index) for index in derive(design).schema.table("visits").indexes]


@pytest.mark.parametrize("kept", [{}, {"keep_for": "forever"}])
def test_what_stays_for_ever_has_a_brin(kept: dict[str, object]) -> None:
    assert indexes(visits(**kept)) == [("brin", ["created_at"], ("traffic",))]


def test_what_is_purged_row_by_row_has_a_btree_which_the_purge_shares() -> None:
    design = visits(keep_for="90 days")
    (seen, *facts) = (a for a in design.entities[0].attributes if a.name != "expires_at")
    visit = design.entities[0].model_copy(update={"attributes": (seen, *facts)})
    only = design.model_copy(update={"entities": (visit,)})
    assert indexes(only) == [("btree", ["created_at"], ("traffic", "visits_purge"))]


def test_a_purge_by_another_moment_frees_space_as_well() -> None:
    assert indexes(visits(keep_for="90 days")) == [
        ("btree", ["created_at"], ("traffic",)),
        ("btree", ["expires_at"], ("visits_purge",)),
    ]


@pytest.mark.parametrize("gone", [{"deletion": "soft"}, {"deletion": "archive"}])
def test_what_is_hidden_is_written_anew_elsewhere(gone: dict[str, object]) -> None:
    assert [method for method, *_ in indexes(visits(**gone))] == ["btree"]


def test_parts_that_are_dropped_as_a_whole_leave_the_order_as_it_is() -> None:
    split = visits(keep_for="90 days", partition="range", partition_by="expires_at")
    assert indexes(split) == [("brin", ["created_at"], ("traffic",))]


def test_a_table_that_was_to_be_split_and_cannot_be_is_purged_row_by_row() -> None:
    """What refers to it needs a key that no part can keep unique."""
    split = visits(keep_for="90 days", partition="range", partition_by="expires_at")
    note = entity("Note", fact("note", "text", required="start"))
    held = split.model_copy(update={
        "entities": (*split.entities, note),
        "relationships": (link("visit", "note", on_delete="cascade"),),
    })  # fmt: skip
    assert [method for method, *_ in indexes(held)] == ["btree", "btree"]
