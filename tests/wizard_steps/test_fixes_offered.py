"""Whatever needs nobody's word has a fix: each rule's is offered, applied, and then silent."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, pattern
from wizard_steps.reviewed import can_be_fixed, fixed, matters

NAME = {"kind": "short-text", "required": "start"}
THING = {"persists": "yes", "owner": "system", "origin": "user"}


def car(*facts: object, **more: object) -> Design:
    return Design(entities=(entity("Car", *facts, **{**THING, **more}),))  # type: ignore[arg-type]


def badge(form: str) -> Design:
    """A badge belongs to exactly one member or guest; a guest has several."""
    things = tuple(entity(n, fact(n.lower(), "name", **NAME), **THING)
                   for n in ("Member", "Guest", "Badge"))  # fmt: skip
    links = (
        link("member", "badge", many_b="no", optional="yes", on_delete="restrict",
             one_of=("guest_badge",), one_of_form=form),
        link("guest", "badge", optional="yes", on_delete="restrict"),
    )  # fmt: skip
    return Design(entities=things, relationships=links)


def team(database: str) -> Design:
    things = (entity("Team", fact("team", "name", **NAME), archetype="group", **THING),
              entity("Paper", fact("paper", "title", **NAME), tenant="yes", **THING))  # fmt: skip
    stack = Stack.model_validate({"database": database, "tenancy": "shared"})
    return Design(entities=things, relationships=(link("team", "paper", on_delete="cascade"),),
                  stack=stack, keeping=Keeping(policies="database"))  # fmt: skip


def asked(**more: object) -> Design:
    made = car(fact("car", "plate", **NAME), fact("car", "state", kind="one-of", required="start",
               values=("new", "sold"), kept_by="developers"), rows=50_000)  # fmt: skip
    return made.model_copy(update={"access_patterns": (pattern("some", "car", **more),)})


def split() -> Design:
    return car(
        fact("car", "plate", **NAME), partition="range", partition_by="plate", rows=90_000_000
    )


SETTLED = {
    "pk-too-narrow": car(fact("car", "number", kind="whole-number", required="start"),
                         key="natural", identity=("number",), rows=2_000_000),
    "char-or-arbitrary-varchar": car(fact("car", "plate", length=255, bounded="varchar", **NAME)),
    "self-reference-unguarded": Design(
        entities=(entity("Car", fact("car", "plate", **NAME), **THING),), relationships=(
            link("car", "car", many_a="yes", on_delete="cascade", on_delete_b="cascade"),)),
    "one-to-one-without-unique": badge("parent"),
    "control-characters": car(fact("car", "state", kind="one-of", values=("a\x1b", "b"),
                                   kept_by="developers", required="start")),
    "partial-predicate-not-provable": asked(
        equals=("state", "plate"), fixed=("state = 'new'", "plate is not null"), index="yes"),
    "prefix-redundant-index": car(
        fact("car", "plate", unique="alone", **NAME), fact("car", "country", **NAME),
        identity=("plate", "country")),
    "partition-not-possible": split(),
    "natural-key-not-possible": car(fact("car", "data", kind="json", required="start"),
                                    key="natural", identity=("data",)),
    "entity-vanishes": Design(entities=(
        entity("Car", owner="van", many="no", apart="no", persists="yes"),
        entity("Van", owner="car", many="no", apart="no", persists="yes"))),
    "sqlite-refused-policy": team("sqlite"), "mariadb-refused-policy": team("mariadb"),
}  # fmt: skip
"""By rule, a design in which it is found and can be mended without a word."""


@pytest.mark.parametrize("rule", SETTLED)
def test_what_needs_nobodys_word_is_settled_with_one_key(rule: str) -> None:
    design = SETTLED[rule]
    found = [m for m in matters(design).values() if m.rule == rule]
    assert found
    for matter in found:
        assert can_be_fixed(design, matter), matter.answers
        after = fixed(design, matter)
        assert (rule, matter.subject) not in {(f.rule, f.subject) for f in review(after).findings}


def test_a_condition_that_pins_nothing_stays_when_another_one_goes() -> None:
    design = SETTLED["partial-predicate-not-provable"]
    (matter,) = (m for m in matters(design).values() if m.rule == "partial-predicate-not-provable")
    (asks,) = fixed(design, matter).access_patterns
    assert asks.fixed == ("plate is not null",)
