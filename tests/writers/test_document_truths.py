"""The document says what the schema beside it does: policies, retention, versions, and its keys."""

from __future__ import annotations

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design, Entity, Relationship, Step
from schemawalk.design.whole import Keeping, Stack
from schemawalk.writers.documents import files
from tests.schema.designs import entity, fact, link, pattern
from tests.schema.keyed import club, farm
from tests.writers.markdown_reader import section
from tests.writers.test_documents import full

GUARDED = Keeping(policies="database", versions="history", deletion="real", cleanup="job",
                  restore_days=30, forget="anonymise")  # fmt: skip


def guarded(**update: object) -> Design:
    """Clubs whose rows policies keep apart, with a history of what changes."""
    return club(keeping=GUARDED, **update)


def on(database: str, design: Design) -> str:
    """The whole document, on another database."""
    return files(work_for(design, database))["07-database-schema.md"]


def test_policies_are_told_where_there_are_some() -> None:
    text = section(full(guarded()), "Stack and tenancy")
    assert "Row-level policies keep tenants apart" in text
    assert "holds no row-level policies" not in text
    assert "| [bookings_history](#bookings_history) | its own `club_id`" in text
    assert "bookings_history" not in text.partition("Tables of no tenant")[2]


def test_where_there_are_none_the_program_must_ask() -> None:
    document = on("mariadb", guarded())
    assert "holds no row-level policies" in section(document, "Stack and tenancy")
    kept = section(document, "Keeping, retention and privacy")
    assert "by the program's own queries: the schema on MariaDB holds no policies" in kept


def test_nobody_is_kept_apart_where_nobody_shares() -> None:
    design = Design(stack=Stack(tenancy="none"), keeping=GUARDED,
                    entities=(entity("Thing", fact("thing", "name")),))  # fmt: skip
    assert "One group's rows" not in full(design)


def test_what_is_hidden_is_kept_until_its_routine_comes() -> None:
    text = section(full(guarded()), "Keeping, retention and privacy")
    assert "Where the table below says nothing else, deleted rows are gone." in text
    row = "`deleted_at` is set | 30 days after `deleted_at`; then `bookings_purge` removes them"
    assert row in text


def test_a_history_is_not_what_an_update_names_a_version_of() -> None:
    versioned = Keeping(versions="history", locking="version")
    text = section(full(club(keeping=versioned)), "Earlier states and concurrent changes")
    told = next(line for line in text.splitlines() if "names the version" in line)
    assert "[bookings](#bookings)" in told
    assert "_history" not in told


def test_a_column_is_named_once_where_several_keys_hold_it() -> None:
    said = section(full(guarded()), "Relationships")
    held = next(line for line in said.splitlines() if "One note has many tags" in line)
    assert held.count("`note_tags.club_id`") == 1


def test_each_key_of_an_unusual_form_has_its_reason() -> None:
    tied = section(full(guarded()), "Relationships")
    assert "| `bookings (club_id, court_id)` | `courts (club_id, id)` |" in tied
    assert "both belong to the same club" in tied
    said = section(full(farm()), "Relationships")
    assert "### Natural keys" in said
    assert "ON UPDATE" in said.partition("### Natural keys")[2]
    assert "### Keys that wait for COMMIT" in said
    assert "refer to each other, and neither could have its first row" in said
    arcs = said.partition("### Exactly one of several parents")[2]
    assert "which have a row each" in arcs or "have a row each under their own id" in arcs


@pytest.mark.parametrize(
    ("database", "words"),
    [("postgresql", "@@ plainto_tsquery('simple', 'value')"), ("mariadb", "MATCH (body) AGAINST")],
)
def test_a_search_is_asked_as_its_index_answers_it(database: str, words: str) -> None:
    design = Design(
        entities=(entity("Page", fact("page", "body", kind="long-text", required="start")),),
        access_patterns=(pattern("Search", "page", contains="body", contains_how="words",
                                 index="yes"),),
    )  # fmt: skip
    assert words in section(on(database, design), "Index strategy")


def test_a_stretch_of_time_is_compared_with_another() -> None:
    """A moment is like no text."""
    facts = (fact("visit", "starts_at", required="start"), fact("visit", "ends_at"))
    asked = pattern("Now", "visit", contains="starts_at", contains_how="time", index="yes")
    design = Design(entities=(entity("Visit", *facts),), access_patterns=(asked,))
    assert "ILIKE" not in full(design)
    assert "tstzrange(starts_at, ends_at) && tstzrange(" in full(design)
    assert "AND ends_at > " in on("sqlite", design)


def test_texts_that_are_alike_are_asked_for_as_their_index_answers_it() -> None:
    """A part of the text would not find what is misspelt."""
    asked = pattern("Search", "page", contains="name", contains_how="similar", index="yes")
    page = entity("Page", fact("page", "name", required="start"))
    text = full(Design(entities=(page,), access_patterns=(asked,)))
    assert "name % 'value'" in text
    assert "ILIKE" not in text


@pytest.mark.parametrize(("fixed", "left_out"), [((), 1), (("deleted_at is not null",), 0)])
def test_a_query_leaves_out_what_was_deleted(fixed: tuple[str, ...], left_out: int) -> None:
    page = entity("Page", fact("page", "name", required="start"), deletion="soft")
    asked = pattern("By name", "page", equals=("name",), fixed=fixed)
    text = section(full(Design(entities=(page,), access_patterns=(asked,))), "Index strategy")
    assert text.count("AND deleted_at IS NULL") == left_out


def test_only_what_points_to_the_deleted_is_emptied() -> None:
    text = section(full(guarded()), "What happens when something is deleted")
    assert "with `booking_id` emptied" in text
    assert "`club_id, booking_id` emptied" not in text


def test_an_example_row_says_what_its_columns_are_for() -> None:
    country = entity("Country", fact("country", "code", kind="identifier", required="start"),
                     identity=("code",), key="natural", seeds=("code = 'DE'",))  # fmt: skip
    shop = entity("Shop", fact("shop", "currency"), fact("shop", "time_zone"))
    text = full(Design(entities=(country, shop), relationships=(link("country", "shop"),)))
    for said in ('"country_code": "DE"', '"currency": "EUR"', '"time_zone": "Europe/Berlin"'):
        assert said in text


def test_a_relationship_answered_the_other_way_round_is_read_from_the_one_to_the_many() -> None:
    steps = (Step(id="s", title="Start"),)
    entities = tuple(
        Entity(id=name, name=name.title(), steps=("s",), persists="yes", owner="system")
        for name in ("book", "shelf")
    )
    turned = Relationship(id="x", a="book", b="shelf", many_b="no", many_a="yes", optional="no")
    design = Design(
        stack=Stack(database="postgresql"),
        steps=steps,
        entities=entities,
        relationships=(turned,),
    )
    said = section(full(design), "Relationships")
    assert "One shelf has many books. | One book belongs to exactly one shelf." in said
