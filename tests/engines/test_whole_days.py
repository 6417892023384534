"""Stretches of whole days: the last day counts, on every database, and one day is a stretch."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.derive import derive
from tests.engines.migrations import migration, outcome
from tests.schema.designs import entity, fact

COUNTS = "(ex_promotions_starts_on)"


def promotions(last_day: str | None) -> Design:
    """One promotion at a time."""
    rule = Rule.model_validate({
        "id": "one", "says": "No two promotions overlap", "entity": "promotion",
        "kept_by": "exclusion", "over": ("starts_on", "ends_on"), "expression": "true",
        "last_day": last_day,
    })  # fmt: skip
    days = (fact("promotion", local, kind="date", required="start")
            for local in ("starts_on", "ends_on"))  # fmt: skip
    return Design(entities=(entity("Promotion", *days),), rules=(rule,))


def names(engine: Engine, last_day: str | None) -> set[str]:
    schema = derive(promotions(last_day)).schema
    proof = prove(engine, *migration(schema, engine))
    assert outcome(proof) == []
    return {check.name for check in proof.checks}


@pytest.mark.parametrize("last_day", [None, "counts"])
def test_one_day_is_a_stretch_and_its_day_is_taken(engine: Engine, last_day: str | None) -> None:
    """Whoever does not say so has it so: two on one day are worse than one refused."""
    made = names(engine, last_day)
    assert f"promotions: refuses what begins on another's last day {COUNTS}" in made
    assert f"promotions: accepts a single day {COUNTS}" in made
    assert f"promotions: accepts what begins on the day after another's last {COUNTS}" in made


def test_a_last_day_that_is_free_is_anothers_first(engine: Engine) -> None:
    """As nights are counted: who leaves makes room for who comes that day."""
    made = names(engine, "free")
    assert f"promotions: accepts what begins when another ends {COUNTS}" in made
    assert f"promotions: accepts a single day {COUNTS}" not in made


def test_a_last_day_that_was_forgotten_is_noticed(engine: Engine) -> None:
    schema, up, down = migration(derive(promotions("counts")).schema, engine)
    told, forgotten = (", '[]')", ")") if engine.name == "postgresql" else (" <= ", " < ")
    assert told in up
    proof = prove(engine, schema, up.replace(told, forgotten), down)
    assert any("last day" in check.name for check in proof.failed)
