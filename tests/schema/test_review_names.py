"""Names that mappers keep for themselves, that nobody can type, and that say a thing twice."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact


def said(rule: str, column: str, *tools: str, of: str = "Car") -> list[Finding]:
    car = entity(of, fact("car", column, required="start")).model_copy(update={"id": "car"})
    design = Design(entities=(car,), stack=Stack(tools=tools))
    return [finding for finding in review(design).findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("tool", "column", "severity"),
    [
        ("alembic", "metadata", "hint"), ("alembic", "registry", "hint"),
        ("alembic", "class", "hint"), ("rails", "type", "warning"), ("rails", "hash", "warning"),
        ("django", "pk", "warning"), ("django", "check", "warning"), ("django", "class", "warning"),
        ("typeorm", "save", "warning"), ("sequelize", "update", "warning"),
    ],
)  # fmt: skip
def test_a_member_that_the_mapper_has_already(tool: str, column: str, severity: str) -> None:
    (found,) = said("orm-member-clash", column, tool)
    assert (found.severity, found.subject) == (severity, f"car.{column}")
    assert column in found.message


def test_what_the_models_call_it_is_said() -> None:
    (found,) = said("orm-member-clash", "metadata", "alembic")
    assert "metadata_" in found.message


@pytest.mark.parametrize(
    ("tool", "column"), [("alembic", "type"), ("prisma", "metadata"), ("rails", "metadata")]
)
def test_another_mappers_words_are_free(tool: str, column: str) -> None:
    assert said("orm-member-clash", column, tool) == []


def test_a_name_that_says_its_table_again() -> None:
    (found,) = said("naming-convention", "car_colour")
    assert found.fix == "Call it colour."
    assert said("naming-convention", "carriage") == []


def test_letters_that_not_everybody_has() -> None:
    assert "größe" in said("naming-convention", "größe")[0].message
    assert said("naming-convention", "size_2") == []
