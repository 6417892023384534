"""Reads whose index runs the other way, or holds the rows of one value alone."""

from __future__ import annotations

from dataclasses import replace

from schemawalk.design.model import Design
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from schemawalk.schema.review import look_over, review
from schemawalk.schema.review.rule import Matter
from tests.schema.designs import entity, fact, pattern


def cars(**asked: object) -> Design:
    """Cars that are found in one way."""
    car = entity(
        "Car", fact("car", "made_at", required="start"), fact("car", "name", required="start"),
        fact("car", "state", required="start", values=("new", "sold", "old")),
        fact("car", "gone_at"),
    )  # fmt: skip
    return Design(entities=(car,), access_patterns=(pattern("The cars", "car", **asked),))


def rules(design: Design, schema: Schema | None = None) -> set[str]:
    if schema is None:
        return {finding.rule for finding in review(design).findings}
    return {finding.rule for finding in look_over(Matter(design, schema))}


def turned(schema: Schema, *descending: bool) -> Schema:
    """The schema with other directions in its one index."""
    (table,) = schema.tables
    (index,) = table.indexes
    parts = tuple(replace(p, descending=d) for p, d in zip(index.parts, descending, strict=True))
    made = replace(table, indexes=(replace(index, parts=parts),))
    return replace(schema, tables=(made,))


def test_an_index_is_read_one_way_at_a_time() -> None:
    design = cars(sort=("-made_at", "name"))
    schema = derive(design).schema
    rule = "sort-direction-mismatch"
    assert rule not in rules(design)
    assert rule in rules(design, turned(schema, True, True))
    assert rule in rules(design, turned(schema, False, False))
    assert rule not in rules(design, turned(schema, False, True)), "backwards it is the same"


def test_a_value_that_is_passed_where_the_index_has_one_alone() -> None:
    rule = "partial-predicate-not-provable"
    fixed = ("state = 'new'",)
    assert rule in rules(cars(equals=("state", "name"), fixed=fixed))
    assert rule in rules(cars(equals=("name",), among=("state",), fixed=fixed))
    assert rule not in rules(cars(equals=("name",), fixed=fixed))


def test_whether_there_is_a_value_is_never_passed() -> None:
    asked = cars(equals=("name", "gone_at"), fixed=("gone_at is not null",))
    assert "partial-predicate-not-provable" not in rules(asked)
