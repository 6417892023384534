"""The table of archetypes against what each of its rows must hold together."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Entity, Step
from schemawalk.design.whole import Stack, Unsaid
from schemawalk.schema.derive import derive
from schemawalk.schema.kinds import KINDS
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import default_misfit, meaning_of, misfit
from schemawalk.schema.names import snake
from schemawalk.schema.review import review
from schemawalk.schema.tables.archetypes import (
    ARCHETYPES,
    CREATED,
    Archetype,
    Usual,
    guess_archetype,
)
from wizard_steps import walk
from wizard_steps.proposing.facts import OF_FILE, OF_USER, RESULTS, ROLE, attribute

ROWS = [pytest.param(row, id=row.id) for row in ARCHETYPES.values()]
FIRST_FACTS = {
    "person": "email name created_at updated_at",
    "group": "name created_at updated_at",
    "thing": "name created_at updated_at",
    "place": "name address created_at updated_at",
    "catalogue": "code name description active created_at updated_at",
    "event": "event_type created_at",
    "process": "status error_message started_at completed_at created_at updated_at",
    "dealing": "status cancelled_at created_at updated_at",
    "line": "position description created_at",
    "message": "body read_at created_at",
    "money": "amount_cents currency status created_at updated_at",
    "key": "token_hash expires_at last_used_at created_at",
    "setting": "name value created_at updated_at",
}
"""What is proposed for each, at a glance."""
EXTRA = [*OF_FILE["object-store"], *OF_FILE["database"], *OF_USER.values(), ROLE, RESULTS]


def every(row: Archetype) -> tuple[Usual, ...]:
    return (*row.usual, *row.often)


def made(row: Archetype, facts: tuple[Usual, ...]) -> Entity:
    entity = Entity(id="x", name="X", archetype=row.id)
    return entity.model_copy(update={"attributes": tuple(attribute(entity, f) for f in facts)})


def test_all_are_those_that_people_choose_from() -> None:
    proposed = {row.id: " ".join(u.name for u in row.usual) for row in ARCHETYPES.values()}
    assert proposed == FIRST_FACTS


@pytest.mark.parametrize("row", ROWS)
def test_every_row_says_when_it_came_and_no_fact_twice(row: Archetype) -> None:
    names = [usual.name for usual in every(row)]
    assert len(set(names)) == len(names)
    assert CREATED in row.usual
    assert ("updated_at" in names) == row.mutable or row.id in ("line", "key")


@pytest.mark.parametrize("row", ROWS)
def test_every_fact_has_a_kind_a_purpose_and_a_name_of_the_schema(row: Archetype) -> None:
    for usual in (*every(row), *EXTRA):
        assert usual.kind in KINDS
        assert usual.purpose, usual.name
        assert snake(usual.name) == usual.name
        assert (usual.kind == "one-of") == bool(usual.values)


@pytest.mark.parametrize("row", ROWS)
def test_every_default_and_rule_fits_its_own_column(row: Archetype) -> None:
    facts = (*every(row), *EXTRA)
    entity = made(row, facts)
    known = {a.name: meaning_of(a) for a in entity.attributes}
    for usual, fact in zip(facts, entity.attributes, strict=True):
        assert default_misfit(usual.default, fact) == "", usual.name
        if usual.rule:
            assert misfit(parse(usual.rule), known) == "", usual.rule


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_every_row_with_all_its_facts_is_a_table_without_errors(
    row: Archetype, database: str
) -> None:
    stack = Stack.model_validate({"database": database})
    design = Design(entities=(made(row, every(row)),), stack=stack)
    assert derive(design).problems == ()
    assert not review(design).blocked


@pytest.mark.parametrize("row", ROWS)
def test_every_noun_leads_to_its_own_row_or_an_earlier_one(row: Archetype) -> None:
    order = list(ARCHETYPES)
    for noun in row.nouns.split():
        found, _ = guess_archetype(noun.replace("_", " "))
        assert order.index(found) <= order.index(row.id), noun


@pytest.mark.parametrize("row", ROWS)
def test_what_it_brings_is_told(row: Archetype) -> None:
    told = " ".join(row.brings)
    assert all(usual.name in told for usual in row.usual)
    assert all(asked.name in told for asked in row.asked)


def test_results_are_proposed_where_the_journey_speaks_of_them() -> None:
    def facts(text: str) -> tuple[str, ...]:
        step = Step(id="s", title="Run", text=text)
        job = Entity(id="job", name="Job", archetype="process", steps=("s",))
        design = Design(steps=(step,), entities=(job,), unsaid=Unsaid())
        return walk.question(design, "facts.job.which").recommended

    assert "results" in facts("The job ends and its results are shown.")
    assert "results" not in facts("The job ends.")


@pytest.mark.parametrize("name", ["Order", "Court booking", "Appointment", "Task"])
def test_a_dealing_neither_runs_nor_fails(name: str) -> None:
    archetype, _ = guess_archetype(name)
    assert archetype == "dealing"
    brought = {usual.name for usual in ARCHETYPES[archetype].usual}
    assert not brought & {"error_message", "started_at"}
