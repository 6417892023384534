"""Indexes: each one earned by an access pattern or a foreign key, none twice."""

from __future__ import annotations

import pytest

from schemawalk.design.model import AccessPattern, Design
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects import POSTGRESQL
from schemawalk.schema.model import Index
from tests.schema.designs import entity, fact, pattern, shop


def indexes(*patterns: AccessPattern) -> dict[str, Index]:
    made = derive(shop(access_patterns=patterns)).schema.table("orders")
    return {index.name: index for index in made.indexes}


def columns(index: Index) -> list[str]:
    return [("-" if p.descending else "") + p.column for p in index.parts]


def test_equality_comes_before_sort_and_sort_before_range() -> None:
    asked = pattern("p", "order", range="total_cents", sort=("-created_at",),
                    equals=("status", "customer_order"))  # fmt: skip
    (found,) = [i for i in indexes(asked).values() if "status" in i.name]
    assert columns(found) == ["status", "customer_id", "-created_at", "total_cents"]


def test_a_foreign_key_has_an_index_of_its_own() -> None:
    assert [columns(i) for i in indexes().values()] == [["customer_id"]]


def test_a_foreign_key_is_served_by_a_longer_index_that_begins_with_it() -> None:
    asked = pattern("theirs", "order", equals=("customer_order",), sort=("-created_at",))
    (only,) = indexes(asked).values()
    assert columns(only) == ["customer_id", "-created_at"]
    assert only.serves == ("theirs", "fk_orders_customer_id_customers")


def test_a_fixed_condition_makes_the_index_partial() -> None:
    asked = pattern("open ones", "order", sort=("created_at",), fixed=("status = 'open'",))
    (partial,) = [i for i in indexes(asked).values() if i.predicate]
    assert partial.predicate is not None
    assert POSTGRESQL.sql(partial.predicate) == "status = 'open'"
    assert partial.name == "ix_orders_created_at_where_status"


@pytest.mark.parametrize(
    "why_not", [{"rows": 500}, {"often": "rarely"}, {"index": "no"}, {"equals": ()}]
)
def test_some_patterns_deserve_no_index(why_not: dict[str, object]) -> None:
    asked = pattern("p", "order", **{"equals": ("status",), **why_not})
    assert [columns(i) for i in indexes(asked).values()] == [["customer_id"]]


def test_an_answer_overrules_the_size_of_the_table() -> None:
    asked = pattern("p", "order", equals=("status",), rows=10, index="yes")
    assert ["status"] in [columns(i) for i in indexes(asked).values()]


def test_the_index_of_a_unique_constraint_is_not_made_again() -> None:
    asked = pattern("by mail", "customer", equals=("email",))
    made = derive(shop(access_patterns=(asked,))).schema.table("customers")
    assert made.indexes == ()


def test_searching_inside_json_needs_gin() -> None:
    entity_with_tags = entity("Post", fact("post", "tags", required="start"), fact("post", "body"))
    design = Design(entities=(entity_with_tags,),
                    access_patterns=(pattern("by tag", "post", contains="tags"),
                                     pattern("by word", "post", contains="body")))  # fmt: skip
    derived = derive(design)
    assert [i.method for i in derived.schema.table("posts").indexes] == ["gin"]
    assert [p.subject for p in derived.problems] == ["by word"], "text has no default for GIN"


def test_a_pattern_that_names_a_column_that_is_not_there_is_a_finding() -> None:
    design = shop(access_patterns=(pattern("p", "order", equals=("colour",)),))
    (problem,) = derive(design).problems
    assert (problem.rule, problem.subject) == ("unknown-access", "p")
    assert "colour" in problem.message
