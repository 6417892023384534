"""Not chosen: the alternatives follow from the choices, each with reasons that can be changed."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Alternative, Design
from schemawalk.design.whole import Keeping
from schemawalk.schema.roads import ROADS
from tests.wizard_steps.designs import start, taken
from wizard_steps import walk
from wizard_steps.asking.given import Given
from wizard_steps.turns import TURNS


def ids(design: Design) -> set[str]:
    return {a.id for a in design.alternatives}


def test_every_big_choice_has_its_alternative_with_reasons_and_a_time_to_think_again() -> None:
    found = {a.id: a for a in taken().alternatives}
    assert {"database.mongodb", "identifiers.bigint", "deletion.soft", "versions.events",
            "lists.enum", "relationships.type-id", "tenancy.separate"} <= found.keys()  # fmt: skip
    for each in found.values():
        assert each.instead, each.id
        assert each.why_not, each.id
        assert each.reconsider, each.id
    assert found["database.mongodb"].instead == "PostgreSQL"


def test_another_choice_brings_its_own_alternative() -> None:
    design = walk.answer(taken(), "stack.identifiers", "bigint")
    design = walk.propose(design, "unchosen").design
    assert "identifiers.uuid" in ids(design)
    assert "identifiers.bigint" not in ids(design)


def test_what_was_taken_instead_is_said_anew() -> None:
    design = walk.answer(taken(), "stack.database", "sqlite")
    design = walk.propose(design, "unchosen").design
    found = {a.id: a for a in design.alternatives}
    assert found["database.mongodb"].instead == "SQLite"
    assert "database.sqlite" not in found
    assert "database.postgresql" in found


def test_the_reasons_are_this_designs_own() -> None:
    found = {a.id: a for a in taken().alternatives}
    keys = len(taken().relationships)
    assert found["database.mongodb"].why_not[0].startswith(f"{keys} relationships")


def test_an_alternative_that_is_left_out_stays_out_and_can_be_ticked_again() -> None:
    without = walk.propose(taken(), "unchosen", ["lists.enum"]).design
    assert "lists.enum" not in ids(without)
    assert "lists.enum" not in ids(walk.propose(without, "unchosen").design)
    asked = walk.question(without, "unchosen.which")
    assert "lists.enum" in {option.value for option in asked.options}
    again = walk.answer(without, asked.id, (*(asked.answer or ()), "lists.enum"))
    assert "lists.enum" in ids(walk.propose(again, "unchosen").design)


def test_an_own_alternative_is_told_with_own_reasons() -> None:
    asked = walk.question(taken(), "unchosen.which")
    design = walk.answer(taken(), asked.id, (*(asked.answer or ()), "Spreadsheets"))
    own = "alternative.own.spreadsheets"
    design = walk.answer(design, f"{own}.why_not", ("Two people cannot write at once.",))
    design = walk.answer(design, f"{own}.reconsider", ("One person is left.",))
    design = walk.propose(design, "unchosen").design
    told = next(a for a in design.alternatives if a.name == "Spreadsheets")
    assert told.why_not == ("Two people cannot write at once.",)
    assert told.reconsider == ("One person is left.",)


def test_the_same_answers_give_the_same_alternatives_also_before_their_choices() -> None:
    asked = walk.question(taken(), "unchosen.which")
    values = (*(asked.answer or ()), "scaling.sharding", "tools.django", "Spreadsheets")
    first = walk.answer(taken(), asked.id, values)
    assert walk.question(first, asked.id).answer == values
    bare = taken().model_copy(update={"alternatives": (), "dropped": ()})
    assert walk.answer(bare, asked.id, values).alternatives == tuple(
        a.model_copy(update={"why_not": (), "reconsider": ()}) for a in first.alternatives
    )
    assert {"scaling.sharding", "tools.django", "own.spreadsheets"} <= ids(first)


def test_what_the_design_file_names_already_is_not_told_twice() -> None:
    named = (Alternative(name="Soft deletion", instead="Rows are really deleted"),)
    design = walk.propose(taken().model_copy(update={"alternatives": named}), "unchosen").design
    assert design.alternatives[0] == named[0]
    assert "deletion.soft" not in ids(design)


def test_a_reason_of_ones_own_stays_when_the_proposal_is_taken_again() -> None:
    design = walk.answer(taken(), "alternative.database.mongodb.why_not", ("We know SQL.",))
    design = walk.propose(design, "unchosen").design
    assert {a.id: a for a in design.alternatives}["database.mongodb"].why_not == ("We know SQL.",)


STEPS = ("states", "keeping", "growth", "tools", "unchosen")
"""Steps that are asked only when something calls for them."""
LATER = {"tenant", "deletion", "keep_for", "forget", "versions", "locking", "growth", "partition",
         "partition_by", "cache", "cache_seconds", "seeds"}  # fmt: skip
"""What they answer of an entity."""


def unanswered(design: Design) -> Design:
    """The design without what these steps answer."""
    entities = []
    for entity in design.entities:
        states = {"transitions": None, "must_hold": None, "guarded_by": None}
        bare = tuple(a.model_copy(update=states) for a in entity.attributes)
        update = dict.fromkeys(LATER) | {"attributes": bare}
        entities.append(entity.model_copy(update=update))
    nothing = {"keeping": Keeping(), "rules": (), "alternatives": (), "dropped": ()}
    return design.model_copy(update={"entities": tuple(entities), **nothing})


@pytest.mark.parametrize("order", ["asked", "backwards", "by name"])
def test_the_same_answers_in_any_order_give_the_same_design(order: str) -> None:
    design = walk.answer(taken(), "duties.which", ("No two documents have the same name",))
    design = walk.answer(design, "keeping.deletion", "soft")
    design = walk.answer(design, "volume.usage_event.growth", "tenfold")
    design = walk.take_all(design)
    asked = [q for step in STEPS for q in walk.questions(design, step)]
    asked = {"asked": asked, "backwards": asked[::-1], "by name": sorted(asked, key=str)}[order]
    given = {q.id: Given(q.answer or ()) for q in asked}
    again, refused = walk.answer_all(unanswered(design), given)
    assert not refused
    assert (again.entities, again.keeping, again.rules) == (
        design.entities,
        design.keeping,
        design.rules,
    )
    assert sorted(map(str, again.alternatives)) == sorted(map(str, design.alternatives))


def test_every_turn_is_a_road_and_every_road_can_be_turned_down() -> None:
    assert {turn.road for turn in TURNS} == set(ROADS)


def test_before_anything_is_kept_nothing_was_turned_down() -> None:
    proposal = walk.propose(Design(), "unchosen")
    assert proposal.headline == "Nothing calls for this"
    assert not proposal.design.alternatives
    assert not start().alternatives
