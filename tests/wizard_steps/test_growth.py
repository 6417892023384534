"""Growth: size, partitions, copies, caches, and what a document database embeds."""

from __future__ import annotations

import pytest

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship
from schemawalk.design.whole import Stack
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.volume import rows_in_five_years
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError

CREATED = Attribute(id="visit.created_at", name="created_at", kind="moment", required="start")
READ = AccessPattern(id="p", name="Visits of May", entity="visit", range="created_at")
PLACE = Relationship(id="shop_visit", a="shop", b="visit", many_b="yes", many_a="no")


def visits(rows: int = 1_000_000, *, database: str = "postgresql", **update: object) -> Design:
    """Visits of shops, which are read by time."""
    visit = Entity(id="visit", name="Visit", archetype="event", rows=rows, attributes=(CREATED,))
    shop = Entity(id="shop", name="Shop", archetype="group", rows=100)
    return Design(
        stack=Stack.model_validate({"database": database}),
        entities=(shop, visit.model_copy(update=update)),
        relationships=(PLACE,),
        access_patterns=(READ,),
    )


def asked(design: Design) -> set[str]:
    return {q.id for q in walk.questions(design, "growth")}


def test_size_is_asked_of_events_and_of_big_tables_alone() -> None:
    assert walk.question(visits(), "volume.visit.growth").called == (
        "visits reach 1,000,000 rows a year and are read by created_at"
    )
    assert "volume.shop.growth" not in asked(visits())
    guessed = Design(entities=(Entity(id="page", name="Page", archetype="thing", rows=100_000),))
    assert not asked(guessed), "what an archetype usually has is no evidence"
    said = Design(entities=(Entity(id="page", name="Page", archetype="thing", rows=150_000),))
    assert asked(said) == {"volume.page.growth"}


@pytest.mark.parametrize(
    ("growth", "rows"),
    [("steady", 5_000_000), ("doubles", 31_000_000), ("tenfold", 11_111_000_000)],
)
def test_five_years_are_added_up(growth: str, rows: int) -> None:
    design = walk.answer(visits(), "volume.visit.growth", growth)
    lookup = Lookup(design)
    assert rows_in_five_years(lookup.entities["visit"], lookup) == rows


def test_partitions_are_asked_beyond_ten_million_rows_and_advised_beyond_a_hundred() -> None:
    steady = walk.answer(visits(), "volume.visit.growth", "steady")
    assert "volume.visit.partition" not in asked(steady)
    doubled = walk.answer(visits(), "volume.visit.growth", "doubles")
    assert walk.question(doubled, "volume.visit.partition").recommended == ("no",)
    tenfold = walk.answer(visits(), "volume.visit.growth", "tenfold")
    assert walk.question(tenfold, "volume.visit.partition").recommended == ("range",)


def test_a_range_needs_a_moment_and_a_list_needs_values() -> None:
    plain = walk.answer(visits(attributes=()), "volume.visit.growth", "tenfold")
    offered = {o.value for o in walk.question(plain, "volume.visit.partition").options}
    assert offered == {"no", "hash"}
    timed = walk.answer(visits(tenant="yes"), "volume.visit.growth", "tenfold")
    offered = {o.value for o in walk.question(timed, "volume.visit.partition").options}
    assert offered == {"no", "range", "list", "hash"}


def test_what_splits_the_rows_follows_from_the_way() -> None:
    design = walk.answer(visits(tenant="yes"), "volume.visit.growth", "tenfold")
    by_time = walk.answer(design, "volume.visit.partition", "range")
    question = walk.question(by_time, "volume.visit.partition_by")
    assert ([o.value for o in question.options], question.recommended) == (
        ["created_at"], ("created_at",)
    )  # fmt: skip
    by_shop = walk.answer(design, "volume.visit.partition", "list")
    assert walk.question(by_shop, "volume.visit.partition_by").recommended == ("shop_visit",)
    back = walk.answer(by_shop, "volume.visit.partition", "no")
    assert Lookup(back).entities["visit"].partition_by is None


@pytest.mark.parametrize("database", ["sqlite", "mongodb"])
def test_a_database_without_partitions_is_not_asked_about_them(database: str) -> None:
    design = visits(database=database, growth="tenfold")
    assert "volume.visit.partition" not in asked(design)


def test_copies_and_several_servers_are_asked_only_when_there_is_much() -> None:
    assert "scaling.replicas" not in asked(visits(growth="steady"))
    assert "scaling.replicas" in asked(visits(growth="doubles"))
    assert "scaling.sharding" not in asked(visits(growth="doubles"))
    huge = walk.question(visits(growth="tenfold"), "scaling.sharding")
    assert {o.value for o in huge.options} == {"no", "shop"}
    assert huge.recommended == ("no",)


# Caches


def framework(*facts: str, **update: object) -> Design:
    entity = Entity(id="framework", name="Framework", archetype="catalogue", rows=40)
    entity = entity.model_copy(update=update)
    return Design(stack=Stack(facts=facts), entities=(entity,))


def test_a_small_list_needs_no_cache_unless_the_documents_name_one() -> None:
    question = walk.question(framework(), "cache.framework.cache")
    assert question.recommended == ("no",)
    assert question.because == "40 rows stay in the database's own memory"
    told = framework("cache: Redis, for reports and the list of frameworks (stack.md:7)")
    question = walk.question(told, "cache.framework.cache")
    assert question.recommended == ("until-changed",)
    assert question.because.endswith("(stack.md:7)")


def test_computed_numbers_may_be_a_minute_old() -> None:
    total = Attribute(id="framework.total", name="total", kind="computed")
    design = framework(archetype="thing", attributes=(total,))
    assert walk.question(design, "cache.framework.cache").recommended == ("seconds",)
    taken = walk.propose(design, "growth").design.entities[0]
    assert (taken.cache, taken.cache_seconds) == ("seconds", 60)
    with pytest.raises(AnswerError, match="whole number"):
        walk.answer(walk.propose(design, "growth").design, "cache.framework.cache_seconds", "soon")


def test_what_changes_all_the_time_is_not_asked_about() -> None:
    assert "cache.framework.cache" not in asked(framework(archetype="process"))


# A document database


@pytest.mark.parametrize(
    ("part", "rows", "many_a", "advised"),
    [
        ("line", 300, "no", "embed"),
        ("line", 300_000, "no", "reference"),
        ("line", 300, "yes", "reference"),
        ("thing", 300, "no", "reference"),
    ],
)
def test_what_is_read_together_bounded_and_owned_is_embedded(
    part: str, rows: int, many_a: str, advised: str
) -> None:
    order = Entity(id="order", name="Order", archetype="process", rows=100)
    item = Entity(id="item", name="Item", archetype=part, rows=rows)
    link = Relationship.model_validate(
        {"id": "order_item", "a": "order", "b": "item", "many_b": "yes", "many_a": many_a}
    )
    design = Design(stack=Stack(database="mongodb"), entities=(order, item), relationships=(link,))
    assert walk.question(design, "embed.order_item.embed").recommended == (advised,)
    sql = design.model_copy(update={"stack": Stack(database="postgresql")})
    assert "embed.order_item.embed" not in asked(sql)


def test_the_proposal_says_how_much_there_will_be() -> None:
    proposal = walk.propose(visits(), "growth")
    assert proposal.headline == "1 big table, none partitioned; nothing cached"
    assert proposal.rows[0].detail == "31,000,000 rows in 5 years, one table"
    assert walk.propose(framework(archetype="thing", rows=10), "growth").headline == (
        "Nothing calls for this"
    )
