"""What is asked of keys: natural ones, circles, and which rows count where nothing may overlap."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.derive import derive
from tests.schema.designs import entity, fact, link
from tests.schema.keyed import NO_OVERLAP, club, farm
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError


def asked(design: Design, node: str) -> set[str]:
    """Ids of the questions that a node is asked as."""
    steps = ("entities", "relationships", "states", "access", "endings")
    found = (question for step in steps for question in walk.questions(design, step))
    return {question.id for question in found if question.node == node}


# Natural keys


def lists(**more: object) -> Design:
    country = entity("Country", fact("country", "code"), archetype="catalogue", persists="yes",
                     owner="system", many="yes", identity=("code",), **more)  # fmt: skip
    city = entity("City", fact("city", "name"), persists="yes", owner="system", many="yes",
                  archetype="thing", identity=("name",))  # fmt: skip
    return Design(entities=(country, city), relationships=(link("country", "city"),))


def test_only_lists_with_a_code_are_asked_whether_it_is_the_key() -> None:
    assert asked(lists(), "key") == {"entity.country.key"}
    assert walk.question(lists(), "entity.country.key").recommended == ("id",)


def test_a_code_becomes_the_key_and_may_be_corrected_everywhere() -> None:
    design = walk.answer(lists(), "entity.country.key", "natural")
    design = walk.answer(design, "ending.country_city.on_delete", "restrict")
    design = walk.answer(design, "ending.country_city.on_update", "cascade")
    (key,) = derive(design).schema.table("cities").foreign_keys
    assert (key.columns, key.on_update) == (("country_code",), "CASCADE")


def test_an_id_never_changes_so_nobody_is_asked() -> None:
    assert asked(lists(), "on_update") == set()


# Circles


def circle(**more: object) -> Design:
    return Design(
        entities=(entity("Project"), entity("Leader"), entity("Task")),
        relationships=(link("project", "leader"), link("leader", "project", role="lead", **more),
                       link("project", "task")),
    )  # fmt: skip


def test_one_key_of_a_circle_is_asked_when_it_is_checked() -> None:
    assert asked(circle(), "checked") == {"relationship.leader_project.checked"}
    question = walk.question(circle(), "relationship.leader_project.checked")
    assert question.recommended == ("at-commit",)
    design = walk.answer(circle(), question.id, "at-commit")
    waits = [k.name for _, k in derive(design).schema.references() if k.deferrable]
    assert waits == ["fk_projects_lead_id_leaders"]


def test_an_optional_key_opens_the_circle() -> None:
    assert asked(circle(optional="yes"), "checked") == set()


@pytest.mark.parametrize("database", ["mysql", "mariadb"])
def test_where_no_key_can_wait_another_answer_is_recommended(database: str) -> None:
    design = walk.answer(circle(), "stack.database", database)
    question = walk.question(design, "relationship.leader_project.checked")
    assert question.recommended == ("at-once",)


# Overlaps


def test_what_was_called_off_frees_its_time() -> None:
    open_ = NO_OVERLAP.model_copy(update={"expression": None})
    question = walk.question(club(rules=(open_,)), "rule.no_overlap.counted")
    assert question.recommended == ("status <> 'cancelled'",)
    everything = walk.answer(club(rules=(open_,)), question.id, "all")
    (rule,) = derive(everything).schema.table("bookings").exclusions
    assert "cancelled" not in str(rule.predicate)
    assert walk.question(everything, question.id).answer == ("all",)


def test_a_condition_of_ones_own_must_speak_of_the_booking() -> None:
    with pytest.raises(AnswerError, match="has no colour"):
        walk.answer(club(), "rule.no_overlap.counted", "colour = 'red'")


def test_no_other_rule_is_asked_which_rows_count() -> None:
    plain = NO_OVERLAP.model_copy(update={"kept_by": "unique"})
    assert asked(club(rules=(plain,)), "counted") == set()


# Searches


def test_each_way_of_searching_says_its_index() -> None:
    from schemawalk.schema.tables.lookup import Lookup
    from wizard_steps.index_words import outcome

    said = {p.id: outcome(Lookup(farm()), p) for p in farm().access_patterns}
    assert said["words"] == "full text (GIN) on body"
    assert said["alike"] == "trigrams (GIN) on title"
    assert said["meta"] == "GIN on meta"
    assert said["going on"] == "stretches of time (GiST) on starts_on"
    assert said["visits of a month"] == "BRIN on created_at"
