"""What ties a row to itself, ties it more often than was meant, or runs out of numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemawalk.design.model import Design, Note
from schemawalk.design.whole import Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Finding, Schema, Table
from schemawalk.schema.review import look_over, review
from schemawalk.schema.review.rule import Matter
from tests.schema.designs import entity, fact, link


def said(design: Design, rule: str) -> list[Finding]:
    return [each for each in review(design).findings if each.rule == rule]


def nodes(*others: object, **more: object) -> Design:
    """Nodes that are linked with each other."""
    node = entity("Node", fact("node", "name", required="start"))
    tie = link("node", "node", id="tie", on_delete="cascade", on_delete_b="cascade", **more)
    return Design(entities=(node, *others), relationships=(tie,))  # type: ignore[arg-type]


# Itself


@pytest.mark.parametrize("more", [{}, {"optional": "yes"}, {"many_b": "no", "optional": "yes"},
                                  {"many_a": "yes", "itself": "graph"},
                                  {"many_a": "yes", "itself": "pairs"}])  # fmt: skip
def test_what_was_said_of_links_with_itself_is_kept_by_a_check(more: dict[str, object]) -> None:
    assert said(nodes(**more), "self-reference-unguarded") == []


def test_a_link_with_itself_of_which_nothing_was_said() -> None:
    (finding,) = said(nodes(many_a="yes"), "self-reference-unguarded")
    assert finding.severity == "hint"
    assert finding.answers == (("relationship.tie.itself", ("graph",)),)


def test_a_carrier_of_such_links_has_two_ends() -> None:
    """One of them may be there already: the other is another column."""
    edge = entity("Edge", fact("edge", "weight", kind="decimal", required="start"))
    carried = nodes(edge, many_a="yes", payload="edge")
    pointing = (link("node", "edge", on_delete="cascade"), *carried.relationships)
    for design in (carried, carried.model_copy(update={"relationships": pointing})):
        edges = derive(design).schema.table("edges")
        assert {key.columns for key in edges.foreign_keys} == {("node_id",), ("other_node_id",)}
        assert [each.columns for each in edges.uniques] == [("node_id", "other_node_id")]
        assert len(said(design, "self-reference-unguarded")) == 1


def test_a_key_of_several_columns_to_itself_is_another_row_and_there_as_a_whole() -> None:
    node = entity("Node", fact("node", "code", kind="identifier", required="start"),
                  fact("node", "place", required="start"), key="natural",
                  identity=("code", "place"))  # fmt: skip
    tree = nodes(optional="yes").model_copy(update={"entities": (node,)})
    for rule in ("self-reference-unguarded", "composite-fk-nullable-part", "all-columns-nullable"):
        assert said(tree, rule) == []
    bare = without_checks(derive(tree).schema)
    found = {each.rule for each in look_over(Matter(tree, bare))}
    assert found >= {"self-reference-unguarded", "composite-fk-nullable-part"}


def without_checks(schema: Schema) -> Schema:
    return Schema(tuple(replace(table, checks=()) for table in schema.tables))


# One to one


def arc(form: str, *several: str) -> Design:
    """A badge of exactly one of two kinds of holder; those named may have several."""
    things = tuple(entity(n, fact(n.lower(), "name", required="start"))
                   for n in ("Member", "Guest", "Badge"))  # fmt: skip
    links = [
        link(holder, "badge", many_b="yes" if holder in several else "no", optional="yes",
             on_delete="restrict", one_of=("guest_badge",) if holder == "member" else None,
             one_of_form=form if holder == "member" else None)
        for holder in ("member", "guest")
    ]  # fmt: skip
    return Design(entities=things, relationships=tuple(links))


@pytest.mark.parametrize("form", ["keys", "parent", "type-id"])
def test_one_to_one_is_unique_in_each_form_of_exactly_one(form: str) -> None:
    assert said(arc(form), "one-to-one-without-unique") == []


@pytest.mark.parametrize("form", ["parent", "type-id"])
def test_one_column_for_all_cannot_be_unique_for_some(form: str) -> None:
    (finding,) = said(arc(form, "guest"), "one-to-one-without-unique")
    assert (finding.severity, finding.subject) == ("error", "member_badge")
    assert finding.answers == (("relationship.member_badge.one_of_form", ("keys",)),)
    assert said(arc("keys", "guest"), "one-to-one-without-unique") == []


def test_a_unique_that_is_lost_is_missed() -> None:
    design = arc("keys")
    schema = derive(design).schema

    def bare(table: Table) -> Table:
        return replace(table, uniques=())

    found = look_over(Matter(design, Schema(tuple(map(bare, schema.tables)))))
    lost = [each.subject for each in found if each.rule == "one-to-one-without-unique"]
    assert lost == ["member_badge", "guest_badge"]


# Numbers that end


def buses(**more: object) -> Design:
    number = fact("bus", "number", **{"kind": "whole-number", "required": "start", **more})
    bus = entity("Bus", number, key="natural", identity=("number",), rows=300_000)
    return Design(entities=(bus,), stack=Stack(database="postgresql"))


def test_a_key_of_four_bytes_in_a_table_that_grows() -> None:
    (finding,) = said(buses(), "pk-too-narrow")
    assert finding.answers == (("attribute.bus.number.largest", ("bigint",)),)
    assert "1,500,000 rows" in finding.message
    assert said(buses(largest="bigint"), "pk-too-narrow") == []


@pytest.mark.parametrize("rows", [10, 100_000])
def test_few_rows_never_run_out_of_numbers(rows: int) -> None:
    (bus,) = buses().entities
    few = buses().model_copy(update={"entities": (bus.model_copy(update={"rows": rows}),)})
    assert said(few, "pk-too-narrow") == []


def test_an_integer_of_sqlite_has_eight_bytes() -> None:
    on_sqlite = buses().model_copy(update={"stack": Stack(database="sqlite")})
    assert said(on_sqlite, "pk-too-narrow") == []


# Limits that nobody gave


def named(**more: object) -> Design:
    name = fact("car", "name", kind="short-text", required="start", bounded="varchar", **more)
    return Design(entities=(entity("Car", name),))


def test_a_limit_that_is_a_habit() -> None:
    (finding,) = said(named(length=255), "char-or-arbitrary-varchar")
    assert finding.answers == (("attribute.car.name.bounded", ("check",)),)


def test_a_limit_that_somebody_gave() -> None:
    rule = "char-or-arbitrary-varchar"
    note = Note(id="attribute.car.name.bounded", why="The register has just that column.")
    assert said(named(length=3), rule) == []
    assert said(named(length=255).model_copy(update={"notes": (note,)}), rule) == []
    assert said(named(length=255).model_copy(update={"stack": Stack(database="mariadb")}), rule
                ) == [], "there only a text of a certain length can be in a key"  # fmt: skip
