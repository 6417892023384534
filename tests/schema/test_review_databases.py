"""What the review says is true of the database at hand, and can be done there."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, pattern, shop
from tests.schema.keyed import farm
from tests.schema.test_review_rules import DOUBTFUL

DATABASES = ("postgresql", "mysql", "mariadb", "sqlite", "mongodb")
TITLES = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite",
          "mongodb": "MongoDB"}  # fmt: skip


def on(design: Design, database: str) -> tuple[Finding, ...]:
    stack = design.stack.model_copy(update={"database": database, "version": None})
    return review(design.model_copy(update={"stack": stack})).findings


def where(design: Design, rule: str) -> set[str]:
    """The databases on which the rule says something."""
    return {name for name in DATABASES if rule in {each.rule for each in on(design, name)}}


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("rule", DOUBTFUL)
def test_no_other_database_is_spoken_of(rule: str, database: str) -> None:
    others = {title for name, title in TITLES.items() if name != database}
    for finding in on(DOUBTFUL[rule][0], database):
        said = f"{finding.message} {finding.fix}"
        assert not [title for title in others if title in said], said


def test_a_native_enum_is_made_by_postgresql_alone() -> None:
    """The others have a text with a CHECK, which is replaced like any other."""
    assert where(DOUBTFUL["native-enum"][0], "native-enum") == {"postgresql"}


def test_what_parts_cost_is_said_where_there_are_parts() -> None:
    visit = entity("Visit", fact("visit", "at", kind="moment", required="start"),
                   partition="range", partition_by="at", rows=90_000_000)  # fmt: skip
    design = Design(entities=(visit,))
    assert where(design, "partition-widens-keys") == {"postgresql"}
    for name in ("mysql", "mariadb", "sqlite"):
        assert f"{name}-refused-partition" in {each.rule for each in on(design, name)}


def test_indexes_apart_are_told_of_where_they_are_made() -> None:
    asked = pattern("tagged", "post", contains="tags", contains_how="list", sort=("title",),
                    rows=50_000)  # fmt: skip
    made = where(farm(access_patterns=(asked,)), "search-apart")
    assert made & {"postgresql", "sqlite", "mariadb"} == {"postgresql"}


def test_mongodb_keeps_no_words_for_itself() -> None:
    assert where(DOUBTFUL["reserved-word"][0], "reserved-word") == set(DATABASES) - {"mongodb"}


def test_where_no_key_is_checked_a_circle_has_a_first_document() -> None:
    ring = (link("a", "b", on_delete="cascade"), link("b", "a", on_delete="cascade"))
    design = Design(entities=(entity("A"), entity("B")), relationships=ring)
    assert where(design, "fk-cycle-not-insertable") == set(DATABASES) - {"mongodb"}


def test_a_required_key_that_is_emptied_fails_as_each_database_has_it() -> None:
    bad = link("customer", "order", optional="no", on_delete="set-null")
    design = shop(relationships=(bad,), access_patterns=())
    said = {d: f.message for d in DATABASES for f in on(design, d)
            if f.rule == "set-null-on-not-null"}  # fmt: skip
    assert "real row" in said["postgresql"]
    assert "InnoDB makes no such key" in said["mariadb"]


def test_an_index_on_a_list_finds_its_items_in_mongodb() -> None:
    paper = entity("Paper", fact("paper", "labels", kind="list", required="start"), rows=100_000)
    asked = pattern("labelled", "paper", equals=("labels",))
    design = Design(entities=(paper,), access_patterns=(asked,))
    assert where(design, "wrong-access-method") == set(DATABASES) - {"mongodb"}


@pytest.mark.parametrize(
    ("database", "partial"),
    [("postgresql", True), ("sqlite", True), ("mysql", False), ("mariadb", False)],
)
def test_a_partial_index_is_advised_where_there_are_such(database: str, *, partial: bool) -> None:
    found = on(DOUBTFUL["low-selectivity-index"][0], database)
    (fix,) = (each.fix for each in found if each.rule == "low-selectivity-index")
    assert ("partial" in fix) == partial


def test_how_long_a_text_an_index_takes_is_each_databases_own() -> None:
    bad = DOUBTFUL["index-too-wide"][0]
    assert where(bad, "index-too-wide") == {"postgresql", "sqlite", "mongodb"}
    assert "mariadb-lossy-text-in-key" in {each.rule for each in on(bad, "mariadb")}
    told = {d: f.message for d in DATABASES for f in on(bad, d) if f.rule == "index-too-wide"}
    assert ["2,700" in told[name] for name in ("postgresql", "sqlite")] == [True, False]


def test_a_reference_gets_a_foreign_key_where_there_are_such() -> None:
    car = entity("Car", fact("car", "owner", kind="reference", required="start"))
    for name in DATABASES:
        (found,) = (
            f for f in on(Design(entities=(car,)), name) if f.rule == "reference-without-fk"
        )
        assert ("foreign key" in found.fix) == (name != "mongodb")


def test_a_promise_is_broken_by_a_key_where_there_are_such() -> None:
    links = (
        link("user", "post", on_delete="cascade"),
        link("post", "report", on_delete="restrict"),
    )
    things = (entity("User"), entity("Post"), entity("Report"))
    design = Design(entities=things, relationships=links)
    said = {d: f.message for d in DATABASES for f in on(design, d)
            if f.rule == "privacy-delete-blocked"}  # fmt: skip
    assert "fk_reports_post_id_posts" in said["mariadb"]
    assert "fk_" not in said["mongodb"]


def test_a_sum_that_is_off_is_said_of_the_database_by_its_name() -> None:
    ware = entity("Ware", fact("ware", "price", kind="decimal", required="start"))
    assert where(Design(entities=(ware,)), "inexact-money") == {"sqlite"}
    (found,) = (f for f in on(Design(entities=(ware,)), "sqlite") if f.rule == "inexact-money")
    assert "and SQLite keeps those" in found.message


def test_what_nothing_speaks_of_is_silent_everywhere() -> None:
    assert {d for d in DATABASES for f in on(shop(), d) if f.severity == "error"} == set()
