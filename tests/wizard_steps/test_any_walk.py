"""Whatever is answered, in whatever order: nothing breaks, dangles, comes back or gets lost."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from schemawalk.design.file import dumps, loads
from schemawalk.design.model import Design, Entity, Step
from schemawalk.design.whole import Product, Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Table
from schemawalk.schema.review import review
from schemawalk.schema.tables.lookup import Lookup
from tests.wizard_steps.designs import start
from wizard_steps import walk
from wizard_steps.asking import answers
from wizard_steps.asking.question import AnswerError, Question
from wizard_steps.commands import answers_file

SHOP = Design(
    product=Product(name="Shop"),
    steps=tuple(
        Step(id=title.lower(), title=title, text=text)
        for title, text in (
            ("Browse", "A customer browses products in categories and sees prices and stock."),
            ("Order", "The customer puts products in a cart and places an order with several "
             "lines; an order has a shipping address."),
            ("Pay", "The customer pays the order by card. An order can be cancelled until it is "
             "shipped. No two payments of one order may have the same reference."),
            ("Ship", "The warehouse ships the order and the customer is notified. A manager is "
             "also an employee and reports to another manager."),
            ("Leave", "The customer closes the account; reviews stay without a name."),
        )
    ),
)  # fmt: skip
JOURNEYS = {
    "checker": start(),
    "shop": SHOP,
    "shop in documents": SHOP.model_copy(update={"stack": Stack(database="mongodb")}),
    "nothing yet": Design(),
}
OWN = (
    "Virus scan", "x", "status = 'pending'", "size > 0", "Customer - Order as reviewer",
    "User - User", "pending -> done: it runs", "é", "[/foo] {owner} {0} '; DROP TABLE users; --",
    "users see documents by day", "each document has a unique name", "The order is deleted",
    "code", "code = 'gdpr', name = 'GDPR'", "0", "-1", "now", "null", "'a'", "is_open", "per-row",
    "90 days", "now-and-then", "???", "completed: completed_at is not null", "a,b;c", "Leave: bye",
)  # fmt: skip
"""What somebody may type, sense or nonsense."""

Reply = Callable[[random.Random, Question], tuple[str, ...]]


def anything(dice: random.Random, asked: Question) -> tuple[str, ...]:
    """An option, a few of them, a number, or words of one's own."""
    if asked.form in ("text", "number"):
        return (dice.choice((*asked.recommended, *OWN, "7", "250", "20000000", "9" * 30)),)
    typed = (dice.choice(OWN),) if asked.own_words and dice.random() < 0.6 else ()
    if asked.form == "one":
        return typed or offered(dice, asked)
    return tuple(dict.fromkeys((*offered(dice, asked), *typed)))


def offered(dice: random.Random, asked: Question) -> tuple[str, ...]:
    """Only what the question offers, or recommends where it offers nothing."""
    options = [option.value for option in asked.options]
    if asked.form == "one":
        return (dice.choice(options),)
    if asked.form != "several":
        return asked.recommended or ("1",)
    known = list(asked.answer or asked.recommended) if dice.random() < 0.5 else options
    return tuple(dice.sample(known, dice.randint(max(0, len(known) - 3), len(known))))


def walked(design: Design, dice: random.Random, reply: Reply, times: int) -> Iterator[Design]:
    """The designs that random answers to random questions make, one after the other."""
    for _ in range(times):
        asked = walk.questions(design)
        tree = dice.choice(sorted({each.tree for each in asked}))
        question = dice.choice([each for each in asked if each.tree == tree])
        try:
            walk.shows(design, question.id)
            if dice.random() < 0.1:
                design = walk.do_not_know(design, question.id)
            else:
                design = walk.answer(design, question.id, reply(dice, question))
        except AnswerError:
            continue
        yield design


def dangling(design: Design) -> Iterator[str]:
    """What is named somewhere in a design, and is not there."""
    lookup = Lookup(design)
    steps = {step.id for step in design.steps}
    for entity in design.entities:
        yield from {entity.owner, entity.same_as} - {None, "system", "no"} - lookup.entities.keys()
        told = (entity.steps, entity.read_by, entity.changed_by, entity.ended_by)
        yield from {step for each in told for step in each or ()} - steps
        yield from {entity.created_by} - {None, "seeded", "system"} - steps
        if entity.attributes:
            yield from _strange(lookup, entity, entity.identity or ())
        for attribute in entity.attributes:
            yield from _strange(lookup, entity, attribute.unique_with or ())
            yield from _strange(lookup, entity, attribute.computed_from or ())
    for link in design.relationships:
        yield from {link.a, link.b, link.payload} - {None, "no"} - lookup.entities.keys()
        yield from set(link.one_of or ()) - lookup.relationships.keys()
        yield from set(link.steps) - steps
    for pattern in design.access_patterns:
        said = (*pattern.equals, *pattern.among, *pattern.sort, *pattern.covering)
        searched = filter(None, (pattern.range, pattern.contains))
        yield from _strange(lookup, lookup.entities[pattern.entity], (*said, *searched))
    for rule in design.rules:
        yield from _strange(lookup, lookup.entities[rule.entity], rule.over or ())
    yield from {finish.entity for finish in design.finishes} - lookup.entities.keys()


def _strange(lookup: Lookup, entity: Entity, references: tuple[str, ...]) -> set[str]:
    """References that are no relationship and no attribute of the entity, or of a part of it."""
    homes = [e for e in lookup.design.entities if e.id == entity.id or lookup.home(e.id) is entity]
    local = {a.id.partition(".")[2] for home in homes for a in home.attributes}
    # a business key may say which relationship it waits for
    owned = {f"{entity.owner}_{entity.id}"}
    return {r.lstrip("-") for r in references} - local - lookup.relationships.keys() - owned


def holds(design: Design) -> None:
    """Everything that holds of a design whatever was answered."""
    assert loads(dumps(design)) == design
    review(design)
    assert list(dangling(design)) == []
    asked = walk.questions(design)
    assert len({each.id for each in asked}) == len(asked)
    for each in asked:
        options = {option.value for option in each.options}
        chosen = each.form in ("one", "several") and not each.own_words
        if chosen:
            assert set(each.recommended) <= options, each.id
            assert set(each.answer or ()) <= options or each.state == "look again", each.id
        assert each.because, each.id


@pytest.mark.parametrize("journey", JOURNEYS)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_answered_the_design_holds_together(journey: str, seed: int) -> None:
    dice = random.Random(f"{journey} {seed}")
    design = JOURNEYS[journey] if seed == 0 else walk.take_all(JOURNEYS[journey])
    for number, after in enumerate(walked(design, dice, anything, 30)):
        design = after
        if number % 6 == 0:
            holds(design)
    once = walk.take_all(design)
    holds(once)
    assert walk.take_all(once) == once


@pytest.mark.parametrize("journey", ["checker", "shop"])
def test_a_row_left_out_after_any_answers_does_not_come_back(journey: str) -> None:
    dice = random.Random(f"rows of {journey}")
    *_, design = walked(walk.take_all(JOURNEYS[journey]), dice, offered, 10)
    for step in walk.WALK[:-1]:
        rows = [row.id for row in walk.propose(design, step.id).rows if row.optional]
        out = dice.sample(rows, min(2, len(rows)))
        without = walk.propose(design, step.id, out).design
        again = walk.propose(without, step.id)
        assert not {row.id for row in again.rows} & set(out), step.id
        assert again.design == without, step.id


def settled(design: Design) -> Design:
    """The design in which whatever was to be looked at again is as recommended."""
    for _ in range(5):
        for asked in walk.questions(design):
            if asked.state == "look again" and (asked.recommended or asked.form == "several"):
                with contextlib.suppress(AnswerError):
                    design = walk.answer(design, asked.id, asked.recommended)
        design = walk.take_all(design)
    return design


def by_name(tables: tuple[Table, ...]) -> dict[str, Table]:
    """The tables with their columns in one order, and without what only tells where from."""
    result = {}
    for table in tables:
        columns = sorted((replace(c, purpose="") for c in table.columns), key=lambda c: c.name)
        parts = {part: tuple(sorted(getattr(table, part), key=repr))
                 for part in ("checks", "uniques", "foreign_keys", "indexes", "steps")}  # fmt: skip
        result[table.name] = replace(table, columns=tuple(columns), **parts)
    return result


@pytest.mark.parametrize("journey", ["checker", "shop"])
@pytest.mark.parametrize("seed", range(3))
def test_the_printed_answers_give_the_same_tables_again(journey: str, seed: int) -> None:
    dice = random.Random(f"answers of {journey} {seed}")
    *_, design = walked(walk.take_all(JOURNEYS[journey]), dice, offered, 15)
    design = settled(walk.take_all(design))
    printed = answers_file.as_toml(design)
    bare = JOURNEYS[journey].model_copy(update={"steps": design.steps})
    again = answers.apply(bare, answers_file.read(printed, "answers.toml"))
    # an ending is known by its title alone, and "the account" may be another's by now
    assert [each for each in again.refused if not each.startswith("finish.")] == []
    assert by_name(derive(again.design).schema.tables) == by_name(derive(design).schema.tables)
