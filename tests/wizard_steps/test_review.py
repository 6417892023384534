"""The step "review": what is found is fixed by an answer, or accepted for a reason."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.names import LONGEST
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, pattern, shop
from tests.schema.test_review_rules import DOUBTFUL
from tests.wizard_steps.designs import taken
from tests.wizard_steps.test_any_walk import JOURNEYS, anything, walked
from wizard_steps import walk
from wizard_steps.asking import answers
from wizard_steps.asking.given import Given
from wizard_steps.asking.question import AnswerError
from wizard_steps.commands import answers_file
from wizard_steps.commands.answers_file import read
from wizard_steps.reviewed import can_be_fixed, fixed, matters

PLATE = fact("car", "plate", kind="identifier", unique="alone", required="optional")
BAD = Design(entities=(entity("Car", PLATE, origin="user", created_by="system"),))
DECIDE = "review.nullable-unique.car.plate.decide"
REASON = "review.nullable-unique.car.plate.reason"
WHY = "Cars from abroad have none."


def found(design: Design) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in review(design).findings}


# One finding is one question


def test_what_is_found_is_asked_about_with_what_would_settle_it() -> None:
    asked = walk.question(BAD, DECIDE)
    assert [o.value for o in asked.options] == ["fix", "accept", "leave"]
    assert asked.recommended == ("fix",)
    assert asked.answer == ("leave",), "an open finding is no open question"
    assert "from the start" in asked.options[0].leads_to
    assert asked.why == "What was meant to be there once is there any number of times."


def test_a_fix_gives_the_answers_that_settle_it() -> None:
    design = walk.answer(BAD, DECIDE, "fix")
    assert design.entities[0].attributes[0].required == "start"
    assert ("nullable-unique", "car.plate") not in found(design)
    with pytest.raises(AnswerError):
        walk.question(design, DECIDE)


def test_accepting_asks_for_the_reason_and_holds_only_with_one() -> None:
    design = walk.answer(BAD, DECIDE, "accept")
    assert walk.question(design, REASON).answer is None
    assert ("nullable-unique", "car.plate") in found(design)
    design = walk.answer(design, REASON, WHY)
    assert ("nullable-unique", "car.plate") not in found(design)
    assert [f.waiver for f in review(design).waived] == [WHY]


def test_the_reason_can_be_given_with_the_decision() -> None:
    design = walk.answer(BAD, DECIDE, "accept", why=WHY)
    assert [(w.rule, w.subject, w.reason) for w in design.waivers] == [
        ("nullable-unique", "car.plate", WHY)
    ]
    assert not any(note.why for note in design.notes), "it stands in one place"
    assert walk.explain(design, DECIDE, "Another one.").waivers[0].reason == "Another one."


def test_a_reason_of_one_word_is_none() -> None:
    design = walk.answer(BAD, DECIDE, "accept")
    with pytest.raises(AnswerError, match="few words"):
        walk.answer(design, REASON, "no")


def test_what_is_accepted_can_stand_again() -> None:
    design = walk.answer(BAD, DECIDE, "accept", why=WHY)
    assert walk.answer(design, DECIDE, "leave").waivers == ()


def test_an_error_offers_no_waiver() -> None:
    bad = shop(relationships=(link("customer", "order", on_delete="set-null"),), access_patterns=())
    asked = walk.question(bad, "review.set-null-on-not-null.customer_order.decide")
    assert [o.value for o in asked.options] == ["fix", "leave"]


def test_a_waiver_that_nothing_needs_any_more_is_taken_back_by_its_fix() -> None:
    design = walk.answer(BAD, DECIDE, "accept", why=WHY)
    design = walk.answer(design, "attribute.car.plate.required", "start")
    stale = "review.waiver-unneeded.nullable-unique:car.plate.decide"
    assert walk.answer(design, stale, "fix").waivers == ()


def test_accepted_findings_are_in_the_answers_file_and_undecided_ones_are_not() -> None:
    design = walk.answer(BAD, DECIDE, "accept", why=WHY)
    printed = answers_file.as_toml(design)
    given = {entry.id: entry.given for entry in read(printed, "a")}
    assert given[REASON] == Given((WHY,))
    assert not [i for i in given if i.startswith("review.") and "nullable-unique" not in i]
    again = answers.apply(BAD, read(printed, "a"))
    assert again.design.waivers == design.waivers


def test_taking_the_step_fixes_nothing_by_itself() -> None:
    assert walk.propose(BAD, "review").design.entities == BAD.entities


def test_the_rows_of_the_step_say_what_is_accepted_last() -> None:
    design = walk.answer(BAD, DECIDE, "accept", why=WHY)
    proposal = walk.propose(design, "review")
    assert (proposal.rows[-1].sort, proposal.rows[-1].title) == (
        "accepted", "nullable-unique: car.plate"
    )  # fmt: skip
    assert WHY in proposal.rows[-1].detail
    assert proposal.headline.endswith("1 accepted")
    assert len({row.id for row in proposal.rows}) == len(proposal.rows)


# Whatever is answered


def random_designs(seed: int) -> Iterator[Design]:
    """Designs that somebody answers anything in, every few answers one."""
    for journey in ("checker", "shop"):
        dice = random.Random(f"review {journey} {seed}")
        steps = walked(walk.take_all(JOURNEYS[journey]), dice, anything, 24)
        yield from (design for number, design in enumerate(steps) if number % 8 == 7)


@pytest.mark.parametrize("seed", range(4))
def test_a_fix_removes_what_it_fixes_and_makes_no_error(seed: int) -> None:
    for design in random_designs(seed):
        errors = {each for each in found(design) if each in _errors(design)}
        for matter in matters(design).values():
            if matter.is_accepted or not can_be_fixed(design, matter):
                continue
            after = fixed(design, matter)
            assert (matter.rule, matter.subject) not in found(after), matter.id
            assert _errors(after) <= errors, matter.id


def _errors(design: Design) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in review(design).findings if f.severity == "error"}


@pytest.mark.parametrize("seed", range(2))
def test_what_the_derivation_rules_out_is_never_there(seed: int) -> None:
    """Mistakes that no answer leads to need no rule: no schema that is derived has them."""
    for design in (taken(), *random_designs(seed)):
        schema = review(design).schema
        names = [index.name for table in schema.tables for index in table.indexes]
        names += [table.name for table in schema.tables]
        assert len(names) == len(set(names))
        for table in schema.tables:
            _sound(schema, table)


def _sound(schema: Schema, table: Table) -> None:
    columns = {column.name: column for column in table.columns}
    keys = [columns[name] for name in table.primary_key.columns]
    assert keys, f"{table.name} has no primary key"
    assert all(not key.nullable for key in keys)
    assert all(key.type.name != "integer" or key.source != table.source for key in keys)
    for index in table.indexes:
        assert index.serves or index.unique, f"{index.name} serves nothing"
    for key in table.foreign_keys:
        target = schema.table(key.references)
        assert _unique(target, key.referenced_columns), f"{key.name} refers to what is not unique"
        for own, theirs in zip(key.columns, key.referenced_columns, strict=True):
            assert columns[own].type == target.column(theirs).type, key.name
    named = (table.uniques, table.checks, table.foreign_keys, table.indexes)
    every = [table.primary_key.name, *(each.name for part in named for each in part), *columns]
    assert all(name and len(name.encode()) <= LONGEST for name in every)


def _unique(table: Table, columns: tuple[str, ...]) -> bool:
    held = (table.primary_key.columns, *(unique.columns for unique in table.uniques))
    return any(set(each) == set(columns) for each in held)


FIXABLE = {
    "column-untraced", "entity-lifecycle-gap", "required-but-nullable", "large-object-in-row",
    "json-hides-columns",
    "sensitive-column-exposed", "native-enum", "no-audit-timestamps", "low-selectivity-index",
    "delete-behaviour-undecided", "query-without-index", "partial-index-quality",
}  # fmt: skip
"""Rules among the doubtful designs whose fix is a matter of answers, whatever the product is."""


@pytest.mark.parametrize("rule", sorted(DOUBTFUL))
def test_each_fix_that_is_offered_works(rule: str) -> None:
    design, _ = DOUBTFUL[rule]
    for matter in matters(design).values():
        if matter.rule != rule:
            continue
        assert can_be_fixed(design, matter) == (rule in FIXABLE), matter.answers
        if rule in FIXABLE:
            after = fixed(design, matter)
            assert (matter.rule, matter.subject) not in found(after)
            assert _errors(after) <= _errors(design)


MISTAKEN = {
    "set-null-on-not-null": shop(relationships=(link("customer", "order", on_delete="set-null"),),
                                 access_patterns=()),
    "fk-cycle-not-insertable": Design(
        entities=(entity("A"), entity("B")),
        relationships=(link("a", "b", on_delete="cascade"), link("b", "a", on_delete="cascade"))),
    "frozen-default": Design(entities=(entity("Car", fact(
        "car", "sold_at", kind="moment", default="'now()'", required="start")),)),
    "timestamp-without-time-zone": Design(entities=(entity("Car", fact(
        "car", "sold_at", kind="date", required="start")),)),
    "inexact-money": Design(
        entities=(entity("Car", fact("car", "price", kind="decimal", required="start")),),
        stack=Stack(database="sqlite")),
    "enum-like-without-check": Design(entities=(entity("Car", fact(
        "car", "status", required="start")),)),
    "multi-valued-or-numbered-columns": Design(entities=(entity("Tag"), entity("Post", fact(
        "post", "tag_ids", kind="list", holds_keys="no", required="start")))),
    "junction-without-unique": Design(
        entities=(entity("User"), entity("Club"), entity("Membership")),
        relationships=(link("user", "membership", on_delete="cascade"),
                       link("club", "membership", on_delete="cascade"))),
    "privacy-delete-blocked": Design(
        entities=(entity("User"), entity("Post"), entity("Bill")),
        relationships=(link("user", "post", on_delete="cascade"),
                       link("user", "bill", on_delete="restrict"))),
    "cascade-blast-radius": Design(
        entities=(entity("User"), entity("Payment")),
        relationships=(link("user", "payment", on_delete="cascade"),)),
    "wrong-access-method": Design(
        entities=(entity("Paper", fact("paper", "labels", kind="list", required="start"),
                         rows=100_000),),
        access_patterns=(pattern("p", "paper", contains="labels", contains_how="similar"),)),
    "expression-not-immutable": shop(access_patterns=(
        pattern("p", "order", sort=("created_at",), fixed=("created_at > now()",), rows=50_000),)),
    "prefix-redundant-index": shop(access_patterns=(
        pattern("a", "order", equals=("customer_order",), sort=("-created_at",), rows=50_000),
        pattern("b", "order", equals=("customer_order",), sort=("created_at",), rows=50_000))),
    "owner-unknown": Design(entities=(entity("Car", owner="ghost", persists="yes"),)),
}  # fmt: skip
"""Known mistakes by their rule."""


@pytest.mark.parametrize("rule", MISTAKEN)
def test_each_known_mistake_is_fixed_with_one_answer_or_two(rule: str) -> None:
    design = MISTAKEN[rule]
    matter = next(each for each in matters(design).values() if each.rule == rule)
    after = fixed(design, matter)
    assert (matter.rule, matter.subject) not in found(after)
    assert _errors(after) <= _errors(design)
