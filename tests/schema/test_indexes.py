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


def test_membership_comes_behind_equality_and_before_sort() -> None:
    asked = pattern("p", "order", equals=("customer_order",), among=("status",),
                    sort=("-created_at",))  # fmt: skip
    (found,) = indexes(asked).values()
    assert columns(found) == ["customer_id", "status", "-created_at"]


def test_a_range_that_is_also_sorted_by_stands_once_with_its_direction() -> None:
    asked = pattern("p", "order", equals=("customer_order",), range="created_at",
                    sort=("-created_at",))  # fmt: skip
    (found,) = indexes(asked).values()
    assert columns(found) == ["customer_id", "-created_at"]


def test_what_a_condition_fixes_to_one_value_stays_out_of_the_key() -> None:
    asked = pattern("p", "order", equals=("status",), sort=("created_at",),
                    fixed=("status = 'open'",))  # fmt: skip
    (found,) = [i for i in indexes(asked).values() if i.predicate]
    assert columns(found) == ["created_at"]
    several = asked.model_copy(update={"fixed": ("status in ('open', 'paid')",)})
    (found,) = [i for i in indexes(several).values() if i.predicate]
    assert columns(found) == ["status", "created_at"]


def searched(**more: object) -> Design:
    post = entity("Post", fact("post", "tags", required="start"), fact("post", "body"),
                  fact("post", "created_at", required="start", default="now"))  # fmt: skip
    return Design(entities=(post,), access_patterns=(pattern("p", "post", **more),))


def test_a_search_leaves_its_other_parts_to_an_index_of_their_own_and_says_so() -> None:
    derived = derive(searched(contains="tags", sort=("-created_at",)))
    made = {i.method: columns(i) for i in derived.schema.table("posts").indexes}
    assert made == {"gin": ["tags"], "btree": ["-created_at"]}
    (problem,) = derived.problems
    assert (problem.rule, problem.severity) == ("search-apart", "hint")
    assert "created_at" in problem.message


def test_a_search_that_is_not_needed_says_nothing() -> None:
    derived = derive(searched(contains="tags", sort=("-created_at",), index="no"))
    assert derived.schema.table("posts").indexes == ()
    assert derived.problems == ()


def test_words_in_a_text_leave_the_other_parts_their_index() -> None:
    derived = derive(searched(contains="body", contains_how="words", sort=("-created_at",)))
    assert [columns(i) for i in derived.schema.table("posts").indexes] == [["-created_at"]]
    assert [(p.rule, p.severity) for p in derived.problems] == [("text-search", "hint")]


def test_a_column_that_is_not_there_is_said_even_where_no_index_is_wanted() -> None:
    (problem,) = derive(searched(contains="colour", index="no")).problems
    assert problem.rule == "unknown-access"


def test_a_pattern_that_names_a_column_that_is_not_there_is_a_finding() -> None:
    design = shop(access_patterns=(pattern("p", "order", equals=("colour",)),))
    (problem,) = derive(design).problems
    assert (problem.rule, problem.subject) == ("unknown-access", "p")
    assert "colour" in problem.message
