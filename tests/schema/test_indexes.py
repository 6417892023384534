"""Indexes: each one earned by an access pattern or a foreign key, none twice."""

from __future__ import annotations

import pytest

from schemawalk.design.model import AccessPattern, Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.index_sql import index_body
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Index
from schemawalk.schema.things import Extension
from tests.schema.designs import entity, fact, pattern, shop
from tests.schema.keyed import farm


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


def test_each_way_of_searching_has_its_kind_of_index() -> None:
    schema = derive(farm()).schema
    assert {i.name: index_body(i, POSTGRESQL) for i in schema.table("posts").indexes
            if i.method != "btree"} == {
        "ix_posts_body_words": "USING gin (to_tsvector('simple', body))",
        "ix_posts_meta": "USING gin (meta)",
        "ix_posts_starts_on_time": "USING gist (daterange(starts_on, ends_on, '[]'))",
        "ix_posts_tags": "USING gin (tags)",
        "ix_posts_title_similar": "USING gin (title gin_trgm_ops)",
    }  # fmt: skip
    assert [e.name for e in schema.things(Extension)] == ["pg_trgm"]


def test_a_stretch_of_time_of_what_is_only_added_to_has_a_brin() -> None:
    (found,) = derive(farm()).schema.table("visits").indexes
    assert (found.method, columns(found)) == ("brin", ["created_at"])


@pytest.mark.parametrize(
    "changed", [{"rows": 1_000}, {"sort": ("created_at",)}, {"equals": ("path",)}]
)
def test_few_rows_an_order_or_an_equality_want_a_btree(changed: dict[str, object]) -> None:
    asked = pattern("p", "visit", **{"range": "created_at", **changed})
    (found,) = derive(farm(access_patterns=(asked,))).schema.table("visits").indexes
    assert found.method == "btree"


def test_texts_in_any_case_are_indexed_in_one_case() -> None:
    posts = fit(derive(farm()).schema, "postgresql").schema.table("posts")
    (found,) = (i for i in posts.indexes if i.serves == ("mail",))
    assert index_body(found, POSTGRESQL) == "(lower(email))"


def test_a_key_that_begins_with_the_primary_key_needs_no_index() -> None:
    assert derive(farm()).schema.table("documents").indexes == ()


def test_what_sqlite_cannot_index_is_said_and_a_brin_becomes_a_btree() -> None:
    fitted = fit(derive(farm()).schema, "sqlite")
    (found,) = fitted.schema.table("visits").indexes
    assert found.method == "btree"
    rules = {f.rule for f in fitted.findings}
    assert rules >= {"sqlite-refused-gin", "sqlite-refused-fulltext", "sqlite-refused-trigram",
                     "sqlite-refused-gist", "sqlite-lossy-brin"}  # fmt: skip


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


def test_words_in_a_text_have_an_index_beside_that_of_the_other_parts() -> None:
    derived = derive(searched(contains="body", contains_how="words", sort=("-created_at",)))
    made = {i.method: columns(i) for i in derived.schema.table("posts").indexes}
    assert made == {"fulltext": ["body"], "btree": ["-created_at"]}
    assert [(p.rule, p.severity) for p in derived.problems] == [("search-apart", "hint")]


def test_a_column_that_is_not_there_is_said_even_where_no_index_is_wanted() -> None:
    (problem,) = derive(searched(contains="colour", index="no")).problems
    assert problem.rule == "unknown-access"


def test_a_pattern_that_names_a_column_that_is_not_there_is_a_finding() -> None:
    design = shop(access_patterns=(pattern("p", "order", equals=("colour",)),))
    (problem,) = derive(design).problems
    assert (problem.rule, problem.subject) == ("unknown-access", "p")
    assert "colour" in problem.message


@pytest.mark.parametrize("condition", ["total_cents = 'much'", "created_at >= 'today'"])
def test_a_condition_that_does_not_fit_its_columns_is_an_error(condition: str) -> None:
    """No database would take the index, or it would freeze the day on which it was made."""
    orders = pattern("Orders", "order", equals=("customer_order",), fixed=(condition,))
    derived = derive(shop(access_patterns=(orders,)))
    (found,) = (p for p in derived.problems if p.rule == "broken-access")
    assert found.severity == "error"
    assert condition in found.message
