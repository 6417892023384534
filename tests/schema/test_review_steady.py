"""Own SQL whose meaning follows the day, or the settings of whoever asks."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, pattern


def said(rule: str, database: str = "postgresql") -> list[Finding]:
    car = entity(
        "Car", fact("car", "sold_at", kind="moment", required="start"),
        fact("car", "made_on", kind="date", required="start"),
        fact("car", "note", kind="short-text", required="start"), rules=(rule,),
    )  # fmt: skip
    found = review(Design(entities=(car,), stack=Stack.model_validate({"database": database})))
    assert not [each for each in found.findings if each.rule == "broken-rule"]
    return [f for f in found.findings if f.rule == "generated-or-check-not-deterministic"]


@pytest.mark.parametrize(("own", "told"), [
    ("made_on <= 'today'", "the day on which the table is made"),
    ("made_on < date 'Tomorrow'", "the day on which the table is made"),
    ("made_on < 'yesterday'::date", "the day on which the table is made"),
    ("sold_at::date > '2020-01-01'", "reads sold_at"),
    ("cast(sold_at as date) > '2020-01-01'", "reads sold_at"),
    ("length(made_on::text) = 10", "reads made_on"),
    ("note::timestamptz > '2020-01-01'", "reads note"),
    ("extract(hour from sold_at) < 20", "reads sold_at"),
])  # fmt: skip
def test_what_means_something_else_another_day_or_elsewhere(own: str, told: str) -> None:
    (finding,) = said(f"postgresql: {own}")
    assert (finding.severity, finding.subject) == ("error", "car")
    assert told in finding.message


@pytest.mark.parametrize("own", [
    "(sold_at at time zone 'UTC')::date > '2020-01-01'", "note <> 'today is a good day'",
    "extract(hour from sold_at at time zone 'UTC') < 20", "extract(year from made_on) > 1900",
    "sold_at > '2020-01-01 00:00Z'",
])  # fmt: skip
def test_what_is_the_same_for_everybody_is_left_alone(own: str) -> None:
    assert said(f"postgresql: {own}") == []


def test_another_databases_own_sql_is_not_judged() -> None:
    assert said("postgresql: made_on <= 'today'", "sqlite") == []


def test_an_access_pattern_that_asks_for_the_day_in_own_sql() -> None:
    car = entity("Car", fact("car", "made_on", kind="date", required="start"), rows=100_000)
    asked = pattern("new", "car", sort=("made_on",), fixed=("postgresql: made_on = date 'today'",))
    design = Design(entities=(car,), access_patterns=(asked,))
    (finding,) = (f for f in review(design).findings if f.rule == "expression-not-immutable")
    assert finding.subject == "new"
