"""The known mistakes, each found by the review before anything is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemawalk.design.model import Design, Step
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.language.expression import Call, Compare, Literal, Name
from schemawalk.schema.model import (
    Column,
    Finding,
    ForeignKey,
    Index,
    IndexPart,
    Partition,
    PrimaryKey,
    Schema,
    Table,
    Type,
)
from schemawalk.schema.review import look_over, review
from schemawalk.schema.review.rule import Matter
from schemawalk.schema.things import Policy
from tests.schema.designs import entity, fact, link, pattern, shop


def found(design: Design, rule: str) -> Finding:
    """What the rule says about the design; fails when it says nothing, or says it twice."""
    (finding,) = (f for f in review(design).findings if f.rule == rule)
    assert finding.why
    assert finding.fix
    return finding


def in_schema(schema: Schema, rule: str, design: Design | None = None) -> Finding:
    """What the rule says about a schema made by hand."""
    (finding,) = (f for f in look_over(Matter(design or Design(), schema)) if f.rule == rule)
    return finding


def uuid(name: str, *, nullable: bool = False, source: str = "") -> Column:
    return Column(name, Type("uuid"), nullable, source=source)


def table(name: str, *columns: Column, **more: object) -> Table:
    made = Table(name, (uuid("id"), *columns), PrimaryKey(f"pk_{name}", ("id",)), source=name)
    return replace(made, **more)  # type: ignore[arg-type]


def key(child: str, column: str, parent: str, **more: object) -> ForeignKey:
    name = f"fk_{child}_{column}"
    made = ForeignKey(name, (column,), parent, ("id",), "CASCADE", source=f"{parent}_{child}")
    return replace(made, **more)  # type: ignore[arg-type]


def test_not_null_with_set_null() -> None:
    bad = link("customer", "order", optional="no", on_delete="set-null")
    assert found(
        shop(relationships=(bad,), access_patterns=()), "set-null-on-not-null"
    ).subject == ("customer_order")


def test_unique_over_a_nullable_column() -> None:
    car = entity("Car", fact("car", "plate", unique="alone", required="optional"))
    assert found(Design(entities=(car,)), "nullable-unique").subject == "car.plate"


def test_unique_beside_a_row_that_is_only_hidden() -> None:
    """One to one, and the child is deleted softly: its parent never gets another one."""
    badge = entity("Badge", fact("badge", "code", required="start"), deletion="soft",
                   archetype="thing")  # fmt: skip
    pair = link("user", "badge", many_b="no", on_delete="cascade")
    design = Design(entities=(entity("User"), badge), relationships=(pair,))
    assert "deleted_at" in found(design, "partial-index-quality").message


def test_unique_beside_a_flag_that_hides_rows() -> None:
    car = entity("Car", fact("car", "plate", unique="alone", required="start"),
                 fact("car", "is_deleted", required="start"))  # fmt: skip
    assert found(Design(entities=(car,)), "partial-index-quality").subject == "car.plate"


def test_unique_together_with_the_moment_of_deletion() -> None:
    """It protects no live row: of those the moment is NULL."""
    name = fact("car", "name", required="start", unique="together", unique_with=("deleted_at",))
    design = Design(entities=(entity("Car", name, deletion="soft", archetype="thing"),))
    assert "deleted_at is NULL" in found(design, "nullable-unique").message


@pytest.mark.parametrize("name", ["tag_ids", "tags"])
def test_an_array_as_a_many_to_many(name: str) -> None:
    post = entity("Post", fact("post", name, kind="list", holds_keys="no", required="start"))
    design = Design(entities=(post, entity("Tag")))
    finding = found(design, "multi-valued-or-numbered-columns")
    assert finding.answers == ((f"attribute.post.{name}.holds_keys", ("yes",)),)


def test_a_redundant_index() -> None:
    """Newest first and oldest first: one index, read in either direction, serves both."""
    asked = (
        pattern("newest", "order", equals=("customer_order",), sort=("-created_at",), rows=50_000),
        pattern("oldest", "order", equals=("customer_order",), sort=("created_at",), rows=50_000),
    )
    finding = found(shop(access_patterns=asked), "prefix-redundant-index")
    assert finding.answers == ((f"access.{finding.subject}.index", ("no",)),)


def test_a_unique_that_another_one_implies() -> None:
    plate = fact("car", "plate", unique="alone", required="start")
    country = fact("car", "country", required="start")
    design = Design(entities=(entity("Car", plate, country, identity=("plate", "country")),))
    assert found(design, "prefix-redundant-index").subject == "car"


def test_a_duplicate_index() -> None:
    parts = (IndexPart("name"),)
    twice = (Index("ix_a", parts, serves=("a",)), Index("ix_b", parts, serves=("b",)))
    cars = table("cars", Column("name", Type("text")), indexes=twice)
    assert "ix_b and ix_a are the same" in in_schema(Schema((cars,)), "duplicate-index").message


@pytest.mark.parametrize("condition", ["created_at > now()", "created_at::date = today()"])
def test_an_index_on_an_expression_that_is_not_immutable(condition: str) -> None:
    asked = pattern("late", "order", sort=("created_at",), fixed=(condition,), rows=50_000)
    finding = found(shop(access_patterns=(asked,)), "expression-not-immutable")
    assert finding.severity == "error"
    assert finding.answers == (("access.late.fixed", ()),)


def test_an_indexed_expression_that_depends_on_the_clock() -> None:
    late = Compare(">", Name("at"), Call("now"))
    index = Index("ix_late", (IndexPart("at"),), predicate=late, serves=("late",))
    cars = table("cars", Column("at", Type("timestamptz")), indexes=(index,))
    assert in_schema(Schema((cars,)), "expression-not-immutable").subject == "late"


def test_a_foreign_key_without_an_index() -> None:
    """Also where only a partial index, or one in another order, begins with it."""
    partial = Index("ix", (IndexPart("user_id"),),
                    predicate=Compare("=", Name("open"), Literal(True)))  # fmt: skip
    later = Index("ix2", (IndexPart("open"), IndexPart("user_id")))
    cars = table("cars", uuid("user_id"), Column("open", Type("boolean")), indexes=(partial, later),
                 foreign_keys=(key("cars", "user_id", "users"),))  # fmt: skip
    assert in_schema(Schema((table("users"), cars)), "fk-not-indexed").subject == "users_cars"


def test_a_cycle_that_cannot_be_inserted() -> None:
    ring = (link("a", "b", on_delete="cascade"), link("b", "c", on_delete="cascade"),
            link("c", "a", on_delete="cascade"))  # fmt: skip
    things = (entity("A"), entity("B"), entity("C"), entity("D"))
    out = link("a", "d", on_delete="cascade")
    findings = review(Design(entities=things, relationships=(*ring, out))).findings
    circle = {f.subject for f in findings if f.rule == "fk-cycle-not-insertable"}
    assert circle == {"a_b", "b_c", "c_a"}


def test_a_privacy_cascade_that_another_path_blocks() -> None:
    """Far from the user: what goes by CASCADE is refused by something that hangs on it."""
    links = (
        link("user", "post", on_delete="cascade"),
        link("post", "report", on_delete="restrict"),
    )
    things = (entity("User"), entity("Post"), entity("Report"))
    finding = found(Design(entities=things, relationships=links), "privacy-delete-blocked")
    assert finding.subject == "user"
    assert "reports" in finding.message


@pytest.mark.parametrize("name", ["Audit entry", "Payment"])
def test_an_audit_trail_that_a_cascade_erases(name: str) -> None:
    entry = entity(name, fact(name.lower().replace(" ", "_"), "created_at", default="now"))
    tie = link("user", entry.id, on_delete="cascade")
    finding = found(Design(entities=(entity("User"), entry), relationships=(tie,)),
                    "cascade-blast-radius")  # fmt: skip
    assert finding.answers == ((f"ending.user_{entry.id}.on_delete", ("restrict",)),)


def test_enum_like_text_without_a_check() -> None:
    car = entity("Car", fact("car", "status", required="start"))
    assert found(Design(entities=(car,)), "enum-like-without-check").severity == "error"


@pytest.mark.parametrize("kind", ["short-text", "date", "whole-number"])
def test_a_timestamp_without_a_zone(kind: str) -> None:
    car = entity("Car", fact("car", "sold_at", kind=kind, required="start"))
    finding = found(Design(entities=(car,)), "timestamp-without-time-zone")
    assert finding.answers == (("attribute.car.sold_at.kind", ("moment",)),)


def test_a_policy_on_the_parents_only() -> None:
    """A child that somebody called nobody's hangs on a tenant's rows."""
    team = entity("Team", archetype="group")
    paper = entity("Paper", tenant="yes", archetype="thing")
    page = entity("Page", fact("page", "text", kind="short-text", required="start"), tenant="no",
                  archetype="line")  # fmt: skip
    links = (link("team", "paper", on_delete="cascade"), link("paper", "page", on_delete="cascade"))
    design = Design(
        entities=(team, paper, page), relationships=links,
        stack=Stack(database="postgresql", tenancy="shared"), keeping=Keeping(policies="database"),
    )  # fmt: skip
    assert found(design, "policy-on-parents-only").subject == "page"


def test_a_policy_on_the_parents_only_in_a_schema() -> None:
    users, cars = table("users"), table(
        "cars", uuid("user_id"), foreign_keys=(key("cars", "user_id", "users"),)
    )  # fmt: skip
    schema = Schema((users, cars), around=(Policy("po", "users", "id"),))
    assert in_schema(schema, "policy-on-parents-only").subject == "cars"


def test_a_partition_key_that_is_not_in_the_primary_key() -> None:
    events = table("events", Column("at", Type("timestamptz")), partition=Partition("range", "at"))
    assert in_schema(Schema((events,)), "partition-key-not-in-key").severity == "error"
    whole = replace(events, primary_key=PrimaryKey("pk", ("id", "at")))
    with pytest.raises(ValueError, match="not enough"):
        in_schema(Schema((whole,)), "partition-key-not-in-key")


def test_a_join_table_without_a_unique_pair() -> None:
    """An entity that only ties two others together, and may do so twice."""
    seat = entity("Membership", fact("membership", "created_at", default="now", required="start"))
    links = (link("user", "membership", on_delete="cascade"),
             link("club", "membership", on_delete="cascade"))  # fmt: skip
    design = Design(entities=(entity("User"), entity("Club"), seat), relationships=links)
    finding = found(design, "junction-without-unique")
    both = ("user_membership", "club_membership")
    assert finding.answers == (("entity.membership.identity", both),)


def test_a_polymorphic_pair() -> None:
    note = entity("Note", fact("note", "subject_type", kind="short-text", required="start"),
                  fact("note", "subject_id", required="start"))  # fmt: skip
    assert found(Design(entities=(note,)), "reference-without-fk").subject == "note.subject_id"


def test_a_type_and_an_id_in_place_of_keys() -> None:
    links = (link("task", "note", optional="yes", on_delete="cascade", one_of=("page_note",),
                  one_of_form="type-id"),
             link("page", "note", optional="yes", on_delete="cascade"))  # fmt: skip
    things = (entity("Task"), entity("Page"), entity("Note"))
    finding = found(Design(entities=things, relationships=links), "reference-without-fk")
    assert finding.answers == (("relationship.task_note.one_of_form", ("keys",)),)


def test_money_as_a_floating_point_number() -> None:
    """A decimal is exact on PostgreSQL, and floating-point on SQLite."""
    ware = entity("Ware", fact("ware", "price", kind="decimal", required="start"))
    lossy = Design(entities=(ware,), stack=Stack(database="sqlite"))
    assert found(lossy, "inexact-money").answers == (("attribute.ware.price.kind", ("money",)),)
    exact = Design(entities=(ware,), stack=Stack(database="postgresql"))
    assert "inexact-money" not in {f.rule for f in review(exact).findings}


@pytest.mark.parametrize(
    ("kind", "how", "right"),
    [("json", "words", "json"), ("list", "json", "list"), ("list", "similar", "list"),
     ("long-text", "json", "words")],
)  # fmt: skip
def test_a_gin_index_that_the_querys_operator_cannot_use(kind: str, how: str, right: str) -> None:
    paper = entity("Paper", fact("paper", "body", kind=kind, required="start"), rows=100_000)
    asked = pattern("search", "paper", contains="body", contains_how=how)
    finding = found(Design(entities=(paper,), access_patterns=(asked,)), "wrong-access-method")
    assert finding.answers == (("access.search.contains_how", (right,)),)


def test_a_btree_that_looks_into_a_list() -> None:
    paper = entity("Paper", fact("paper", "labels", kind="list", required="start"), rows=100_000)
    asked = pattern("labelled", "paper", equals=("labels",))
    finding = found(Design(entities=(paper,), access_patterns=(asked,)), "wrong-access-method")
    assert finding.answers == (("access.labelled.index", ("no",)),)


def test_a_parent_and_a_child_of_different_tenants() -> None:
    """The child says whose it is, and nothing ties that to whose its parent is."""
    team = table("team")
    team_key = key("paper", "team_id", "team", source="team_paper")
    paper = table("paper", uuid("team_id"), foreign_keys=(team_key,))
    page = table("page", uuid("team_id"), uuid("paper_id"), foreign_keys=(
        key("page", "team_id", "team", source="team_page"),
        key("page", "paper_id", "paper", source="paper_page"),
    ))  # fmt: skip
    entities = (entity("Team", archetype="group"), entity("Paper", tenant="yes"),
                entity("Page", tenant="yes"))  # fmt: skip
    design = Design(entities=entities, stack=Stack(tenancy="shared"))
    finding = in_schema(Schema((team, paper, page)), "tenant-not-tied", design)
    assert finding.subject == "paper_page"
    tied = key("page", "paper_id", "paper", columns=("team_id", "paper_id"),
               referenced_columns=("team_id", "id"), source="paper_page")  # fmt: skip
    keys = (page.foreign_keys[0], tied)
    safe = Schema((team, paper, replace(page, foreign_keys=keys)))
    assert "tenant-not-tied" not in {f.rule for f in look_over(Matter(design, safe))}


@pytest.mark.parametrize(
    ("name", "kind", "default", "meant"),
    [
        ("sold_at", "moment", "'now()'", "now"),
        ("sold_at", "moment", "'CURRENT_TIMESTAMP'", "now"),
        ("token", "short-text", "'gen_random_uuid()'", "uuid"),
        ("note", "short-text", "'now'", "none"),
    ],
)
def test_a_constant_frozen_from_a_quoted_function(
    name: str, kind: str, default: str, meant: str
) -> None:
    car = entity("Car", fact("car", name, kind=kind, default=default, required="start"))
    finding = found(Design(entities=(car,)), "frozen-default")
    assert finding.answers == ((f"attribute.car.{name}.default", (meant,)),)


def test_a_table_that_no_step_needs_stands_in_the_way_of_writing() -> None:
    steps = (Step(id="drive", title="Drive"),)
    assert found(Design(entities=(entity("Car"),), steps=steps), "entity-untraced").severity == (
        "error"
    )
