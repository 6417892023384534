"""The review's other rules: each is found where a design asks for it, and silent beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemawalk.design.model import Design, Finish, Note, Step
from schemawalk.design.whole import Stack
from schemawalk.schema.language.expression import Call, Compare, Name
from schemawalk.schema.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Type,
)
from schemawalk.schema.review import RULES, look_over, review
from schemawalk.schema.review.rule import FAMILY, Matter
from tests.schema.designs import entity, fact, link, pattern, shop

STEPS = (Step(id="drive", title="Drive"),)


def rules(design: Design) -> set[str]:
    return {finding.rule for finding in review(design).findings}


def car(*facts: object, **more: object) -> Design:
    """A design of cars alone."""
    made = entity("Car", *facts, steps=("drive",), **more)  # type: ignore[arg-type]
    return Design(entities=(made,), steps=STEPS)


def by_hand(schema: Schema, **design: object) -> set[str]:
    return {f.rule for f in look_over(Matter(Design.model_validate(design), schema))}


def test_every_rule_says_why_and_for_which_databases() -> None:
    assert len({rule.id for rule in RULES}) > 40
    for rule in RULES:
        assert rule.why.endswith("."), rule.id
        assert set(rule.on) <= FAMILY.keys(), rule.id
    same = {(rule.id, rule.severity) for rule in RULES}
    assert len(same) == len(RULES), "one row a rule and severity"


DOUBTFUL = {
    "entity-lifecycle-gap": (
        car(fact("car", "name", required="start"), read_by=("drive",)),
        car(fact("car", "name", required="start"), read_by=("drive",), created_by="drive"),
    ),
    "column-untraced": (
        car(fact("car", "name", required="start"), fact("car", "colour", required="optional")),
        car(fact("car", "colour", required="later", known_by="drive")),
    ),
    "required-but-nullable": (
        car(fact("car", "is_open", required="optional")),
        car(fact("car", "is_open", required="start")),
    ),
    "same-name-different-type": (
        car(fact("car", "size", kind="whole-number")).model_copy(update={"entities": (
            entity("Car", fact("car", "size", kind="whole-number")),
            entity("Hat", fact("hat", "size", kind="short-text")))}),
        car(fact("car", "size", kind="whole-number")),
    ),
    "large-object-in-row": (
        car(fact("car", "photo", kind="bytes", required="start")),
        car(fact("car", "photo", kind="file", required="start")),
    ),
    "json-hides-columns": (
        car(fact("car", "data", kind="json", searched=("score",))),
        car(fact("car", "data", kind="json", searched=("score",)), fact("car", "score")),
    ),
    "sensitive-column-exposed": (
        car(fact("car", "iban", kind="short-text", required="start")),
        car(fact("car", "iban", kind="short-text", required="start", protection="encrypt")),
    ),
    "native-enum": (
        car(fact("car", "status", values=("a", "b"), kept_by="shared", required="start")),
        car(fact("car", "status", values=("a", "b"), kept_by="developers", required="start")),
    ),
    "multi-valued-or-numbered-columns": (
        car(fact("car", "phone_1"), fact("car", "phone_2")),
        car(fact("car", "phone")),
    ),
    "all-columns-nullable": (
        car(fact("car", "name", required="optional")),
        car(fact("car", "name", required="start")),
    ),
    "no-audit-timestamps": (
        car(fact("car", "name", required="start")),
        car(fact("car", "made_at", required="start")),
    ),
    "undocumented-object": (
        car(fact("car", "name", required="start")),
        car(fact("car", "name", required="start", purpose="what people call it")),
    ),
    "reserved-word": (
        car(fact("car", "order", required="start")),
        car(fact("car", "place", required="start")),
    ),
    "duplicate-fk": (
        Design(entities=(entity("A"), entity("B")), relationships=(
            link("a", "b"), link("a", "b", id="again"))),
        Design(entities=(entity("A"), entity("B")), relationships=(
            link("a", "b"), link("a", "b", id="again", role="reviewer"))),
    ),
    "delete-behaviour-undecided": (
        Design(entities=(entity("A"), entity("B")), relationships=(link("a", "b"),)),
        Design(entities=(entity("A"), entity("B")),
               relationships=(link("a", "b", on_delete="cascade"),)),
    ),
    "query-without-index": (
        shop(access_patterns=(pattern("p", "order", sort=("created_at",), rows=50_000,
                                      index="no"),)),
        shop(access_patterns=(pattern("p", "order", sort=("created_at",), rows=9_000,
                                      index="no"),)),
    ),
    "low-selectivity-index": (
        shop(access_patterns=(pattern("p", "order", equals=("status",), rows=50_000),)),
        shop(access_patterns=(pattern("p", "order", equals=("status",), sort=("created_at",),
                                      rows=50_000),)),
    ),
    "partial-index-quality": (
        shop(access_patterns=(pattern("p", "order", equals=("status",), sort=("created_at",),
                                      fixed=("created_at is not null",), rows=50_000),)),
        shop(access_patterns=(pattern("p", "order", equals=("status",), sort=("created_at",),
                                      fixed=("status = 'open'",), rows=50_000),)),
    ),
    "index-too-wide": (
        car(fact("car", "story", kind="long-text", required="start"), rows=50_000).model_copy(
            update={"access_patterns": (pattern("p", "car", equals=("story",)),)}),
        car(fact("car", "story", kind="long-text", required="start", length=80),
            rows=50_000).model_copy(
            update={"access_patterns": (pattern("p", "car", equals=("story",)),)}),
    ),
}  # fmt: skip
"""By rule, a design in which it is found, and one in which it is not."""


@pytest.mark.parametrize("rule", DOUBTFUL)
def test_what_is_doubtful_is_found_and_what_is_not_is_left_alone(rule: str) -> None:
    bad, good = DOUBTFUL[rule]
    assert rule in rules(bad)
    assert rule not in rules(good)


@pytest.mark.parametrize(
    ("database", "version", "old"),
    [("postgresql", "12", True), ("postgresql", "14.2", False), ("sqlite", "3.30", True),
     ("mysql", "8", False), ("mariadb", "10.6", True), ("mariadb", None, False)],
)  # fmt: skip
def test_a_version_that_nothing_is_written_for_is_said(
    database: str, version: str | None, old: bool
) -> None:
    stack = Stack(database=database, version=version)
    assert ("version-too-old" in rules(Design(stack=stack))) is old


def test_a_hint_about_a_native_enum_is_silent_once_somebody_said_why() -> None:
    bad, _ = DOUBTFUL["native-enum"]
    note = Note(id="attribute.car.status.kept_by", why="The law names these two, and no third.")
    assert "native-enum" not in rules(bad.model_copy(update={"notes": (note,)}))


def test_random_keys_are_scattered_in_innodb_alone() -> None:
    """Ids that grow with time, as they are made by default, lie together."""
    design = car(fact("car", "name", required="start"))
    growing = review(design).schema
    (table,) = growing.tables
    first = replace(table.columns[0], default=Call("uuid"))
    random = Schema((replace(table, columns=(first, *table.columns[1:])),))
    for database, scattered in (("mysql", True), ("mariadb", True), ("postgresql", False)):
        for schema, expected in ((random, scattered), (growing, False)):
            found = {f.rule for f in look_over(Matter(design, schema, database))}
            assert ("random-uuid-clustered" in found) == expected, database


def test_a_chain_of_deletes_is_found_unless_somebody_agreed_to_it() -> None:
    things = tuple(entity(name) for name in "ABCD")
    chain = tuple(link(x, y, on_delete="cascade") for x, y in (("a", "b"), ("b", "c"), ("c", "d")))
    design = Design(entities=things, relationships=chain)
    assert "cascade-blast-radius" in rules(design)
    assert "cascade-blast-radius" not in rules(
        design.model_copy(update={"relationships": chain[:2]})
    )
    agreed = Finish(id="gone", name="A is gone", entity="a", agreed="yes")
    assert "cascade-blast-radius" not in rules(design.model_copy(update={"finishes": (agreed,)}))


def test_a_table_no_step_needs_may_be_there_for_a_reason_and_no_database_error_may() -> None:
    """Without a journey it is no error at all."""
    bare = Design(entities=(entity("Car"),))
    assert not review(bare).blocked
    assert review(bare.model_copy(update={"steps": STEPS})).blocked


# Rules about schemas that no answer leads to


def made(*columns: Column, **more: object) -> Table:
    table = Table("cars", (Column("id", Type("uuid")), *columns), PrimaryKey("pk", ("id",)))
    return replace(table, source="car", **more)  # type: ignore[arg-type]


def test_a_composite_key_with_a_part_that_may_be_null() -> None:
    target = Table("makers", (Column("id", Type("uuid")), Column("team", Type("uuid"))),
                   PrimaryKey("pk_m", ("id",)), source="maker")  # fmt: skip
    key = ForeignKey("fk", ("team", "maker"), "makers", ("team", "id"), "CASCADE", source="tie")

    def with_columns(*, team: bool, maker: bool) -> Schema:
        columns = (Column("team", Type("uuid"), team, source="team_car"),
                   Column("maker", Type("uuid"), maker, source="tie"))  # fmt: skip
        return Schema((target, made(*columns, foreign_keys=(key,))))

    rule = "composite-fk-nullable-part"
    assert rule in by_hand(with_columns(team=True, maker=False))
    assert rule in by_hand(with_columns(team=True, maker=True))
    assert rule not in by_hand(with_columns(team=False, maker=True)), "no parent, nothing to check"
    assert rule not in by_hand(with_columns(team=False, maker=False))


def test_a_key_that_people_write_is_hinted_at() -> None:
    text = replace(made(Column("code", Type("text"))), primary_key=PrimaryKey("pk", ("code",)))
    assert "natural-or-string-pk" in by_hand(Schema((text,)))
    assert "natural-or-string-pk" not in by_hand(Schema((made(),)))


def test_too_many_indexes_are_counted() -> None:
    names = [f"c{n}" for n in range(9)]
    columns = [Column(name, Type("text")) for name in names]
    indexes = tuple(Index(f"ix_{n}", (IndexPart(n),), serves=(n,)) for n in names)
    assert "too-many-indexes" in by_hand(Schema((made(*columns, indexes=indexes),)))
    assert "too-many-indexes" not in by_hand(Schema((made(*columns, indexes=indexes[:8]),)))


def test_a_wide_index_is_found_and_the_tenants_column_does_not_count() -> None:
    names = ("a", "b", "c", "d")
    columns = [Column(name, Type("text")) for name in names]
    index = Index("ix", tuple(IndexPart(name) for name in names), serves=("p",))
    team = Table("teams", (Column("id", Type("uuid")),), PrimaryKey("pk_t", ("id",)), source="team")
    key = ForeignKey("fk", ("a",), "teams", ("id",), "CASCADE")
    cars = made(*columns, indexes=(index,))
    design = {"entities": [entity("Team", archetype="group")]}
    assert "index-too-wide" in by_hand(Schema((team, cars)), **design)
    tenants = replace(cars, foreign_keys=(key,))
    assert "index-too-wide" not in by_hand(Schema((team, tenants)), **design)


def test_padding_is_told_where_it_costs_something() -> None:
    narrow = (Column("a", Type("boolean")), Column("b", Type("bigint"))) * 4
    columns = [replace(c, name=f"{c.name}{n}") for n, c in enumerate(narrow)]
    big = {"entities": [entity("Car", rows=10_000_000)]}
    assert "column-order-padding" in by_hand(Schema((made(*columns),)), **big)
    wide_first = sorted(columns, key=lambda c: c.type.name != "bigint")
    assert "column-order-padding" not in by_hand(Schema((made(*wide_first),)), **big)
    small = {"entities": [entity("Car", rows=10_000)]}
    assert "column-order-padding" not in by_hand(Schema((made(*columns),)), **small)


def test_the_key_at_the_end_of_an_index_is_superfluous_in_innodb() -> None:
    index = Index("ix", (IndexPart("name"), IndexPart("id")), serves=("p",))
    schema = Schema((made(Column("name", Type("text")), indexes=(index,)),))
    told = {f.rule for f in look_over(Matter(Design(), schema, "mariadb"))}
    assert "index-repeats-clustered-pk" in told
    assert "index-repeats-clustered-pk" not in by_hand(schema)


def test_what_is_checked_must_hold_tomorrow_as_well() -> None:
    """A CHECK or a generated column that asks for the present moment lies the next day."""
    rule = "generated-or-check-not-deterministic"
    past = Check("ck_past", Compare("<=", Name("at"), Call("now")), source="car.at")
    moment = Column("at", Type("timestamptz"))
    assert rule in by_hand(Schema((made(moment, checks=(past,)),)))
    age = Column("age", Type("integer"), generated=Call("today"))
    assert rule in by_hand(Schema((made(moment, age),)))
    start = Check("ck", Compare("<=", Name("at"), Name("id")), source="car.at")
    assert rule not in by_hand(Schema((made(moment, checks=(start,)),)))
