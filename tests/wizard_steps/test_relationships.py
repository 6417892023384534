"""Step "relationships": pairs ticked and typed, shapes, roles, orders, one of several."""

from __future__ import annotations

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design, Step
from schemawalk.design.whole import Stack
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema, Table
from schemawalk.schema.review import review
from schemawalk.writers import sql
from tests.schema.designs import entity, fact, link
from tests.wizard_steps.designs import start, taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError


def schema(design: Design) -> Schema:
    derived = derive(design)
    assert derived.problems == ()
    return derived.schema


def rules(table: Table) -> set[str]:
    return {POSTGRESQL.sql(check.expression) for check in table.checks}


def ticked(design: Design) -> tuple[str, ...]:
    return walk.question(design, "links.which").answer or ()


# Which pairs


def test_every_pair_that_is_proposed_can_be_unticked_and_ticked_again() -> None:
    without = tuple(each for each in ticked(taken()) if each != "user_document")
    design = walk.answer(taken(), "links.which", without)
    assert "user_document" not in {x.id for x in design.relationships}
    again = walk.propose(design, "relationships").design
    assert "user_document" not in ticked(again)
    asked = walk.question(again, "links.which")
    assert "user_document" in {o.value for o in asked.options}
    back = walk.answer(again, asked.id, (*without, "user_document"))
    assert "user_document" not in back.dropped


@pytest.mark.parametrize("typed", ["Team - Document", "team – document", "Teams' own"])
def test_own_pairs_are_typed_with_a_dash(typed: str) -> None:
    if "own" in typed:
        with pytest.raises(AnswerError, match="two names with a dash between them"):
            walk.answer(taken(), "links.which", (*ticked(taken()), typed))
        return
    design = walk.answer(taken(), "links.which", (*ticked(taken()), typed))
    assert any((x.a, x.b) == ("team", "document") for x in design.relationships)


def test_a_pair_with_a_stranger_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(AnswerError, match=r"There is no Unicorn: choose from .*Team"):
        walk.answer(taken(), "links.which", ("Team - Unicorn",))


def test_typing_the_same_again_changes_nothing() -> None:
    """An answers file can be given twice."""
    typed = (*ticked(taken()), "User - Document as approver")
    once = walk.answer(taken(), "links.which", typed)
    assert walk.answer(once, "links.which", typed).relationships == once.relationships
    assert len(once.relationships) == len(taken().relationships) + 1


# What one is to the other


def test_a_second_relationship_of_the_same_two_gets_a_role_from_the_journey() -> None:
    steps = tuple(
        s.model_copy(update={"text": s.text + " A colleague approves the document."})
        if s.id == "upload" else s for s in start().steps
    )  # fmt: skip
    design = taken().model_copy(update={"steps": steps})
    design = walk.answer(design, "links.which", (*ticked(design), "User - Document"))
    second = next(x.id for x in design.relationships if x.id.startswith("user_document_"))
    asked = walk.question(design, f"relationship.{second}.role")
    assert asked.recommended == ("approver",)
    assert '"approves" in step "Upload a document"' in asked.because
    design = walk.answer(design, asked.id, "approver")
    columns = {c.name for c in derive(design).schema.table("documents").columns}
    assert {"user_id", "approver_id"} <= columns
    assert "user_id_2" not in columns


def test_the_first_of_the_same_two_is_not_asked_for_a_role() -> None:
    design = walk.answer(taken(), "links.which", (*ticked(taken()), "User - Document as editor"))
    asked = {q.id for q in walk.questions(design, "relationships")}
    assert "relationship.user_document.role" not in asked
    assert "relationship.user_document_editor.role" in asked


def test_a_relationship_is_read_back_both_ways_before_it_is_taken() -> None:
    row = next(r for r in walk.propose(taken(), "relationships").rows if r.id == "team_user")
    assert row.detail == "One team has many users. One user belongs to at most one team."
    outcome = walk.outcome(taken(), "relationship", "team_user")
    assert outcome == f"1:N, foreign key NULL. {row.detail}"


# With itself


def with_itself(what: str) -> Design:
    design = walk.answer(taken(), "links.which", (*ticked(taken()), "User - User"))
    return walk.answer(design, "relationship.user_user.itself", what)


def test_what_an_entity_makes_with_itself_decides_how_many_there_can_be() -> None:
    design = walk.answer(taken(), "links.which", (*ticked(taken()), "User - User"))
    nodes = [q.node for q in walk.questions(design, "relationships") if q.subject == "user_user"]
    assert nodes[0] == "itself"
    assert "many_b" not in nodes


def test_a_tree_points_at_its_parent_and_never_at_itself() -> None:
    users = schema(walk.propose(with_itself("tree"), "relationships").design).table("users")
    assert users.column("parent_id").nullable
    assert "parent_id <> id" in rules(users)


def test_arrows_are_ordered_pairs_that_do_not_point_at_themselves() -> None:
    design = walk.answer(with_itself("graph"), "relationship.user_user.role", "follower")
    table = schema(design).table("user_users")
    assert table.primary_key.columns == ("follower_id", "other_user_id")
    assert rules(table) == {"follower_id <> other_user_id"}


def test_each_pair_is_kept_once() -> None:
    table = schema(with_itself("pairs")).table("user_users")
    assert rules(table) == {"user_id < other_user_id"}


# Between and in order


def test_facts_of_a_pair_get_an_entity_of_their_own() -> None:
    design = walk.answer(taken(), "relationship.assessment_framework.payload", "new")
    made = next(e for e in design.entities if e.name == "Assessment framework")
    assert walk.question(design, "relationship.assessment_framework.payload").answer == (made.id,)
    assert "assessment_frameworks" in {t.name for t in schema(design).tables}
    back = walk.answer(design, "relationship.assessment_framework.payload", "no")
    assert made.id not in {e.id for e in back.entities}


@pytest.mark.parametrize(
    ("relationship", "table"),
    [("user_document", "documents"), ("assessment_framework", "assessment_frameworks")],
)
def test_an_order_that_people_choose_is_a_column(relationship: str, table: str) -> None:
    design = walk.answer(taken(), f"relationship.{relationship}.ordered", "yes")
    assert "position" in {c.name for c in schema(design).table(table).columns}


def test_lines_have_a_place_already() -> None:
    order, line = entity("Order"), entity("Line item", fact("line_item", "position"))
    design = Design(entities=(order, line), relationships=(link("order", "line_item"),))
    assert "ordered" not in {q.node for q in walk.questions(design, "relationships")}


# Exactly one of several


def comments(**more: object) -> Design:
    """Comments on documents or on tasks."""
    body = fact("comment", "body", required="start")
    things = (entity("Document"), entity("Task"), entity("Comment", body))
    links = (
        link("document", "comment", optional="yes", on_delete="cascade"),
        link("task", "comment", optional="yes", on_delete="cascade", **more),
    )
    return Design(entities=things, relationships=links, stack=Stack(database="sqlite"))


def test_it_is_asked_where_there_are_two_optional_parents() -> None:
    asked = [q for q in walk.questions(comments(), "relationships") if q.node == "one_of"]
    assert [q.subject for q in asked] == ["document_comment"]
    assert [o.value for o in asked[0].options] == ["task_comment"]
    required = walk.answer(comments(), "relationship.task_comment.optional", "no")
    assert "one_of" not in {q.node for q in walk.questions(required, "relationships")}


def test_keys_and_a_check_keep_exactly_one() -> None:
    design = walk.answer(comments(), "relationship.document_comment.one_of", ("task_comment",))
    design = walk.answer(design, "relationship.document_comment.one_of_form", "keys")
    table = schema(design).table("comments")
    assert rules(table) == {"num_nonnulls(document_id, task_id) = 1"}


def test_exactly_one_and_pairs_hold_in_a_real_database() -> None:
    design = comments(one_of=("document_comment",), one_of_form="keys")
    friends = link("task", "task", many_a="yes", itself="pairs", on_delete="cascade")
    design = design.model_copy(update={"relationships": (*design.relationships, friends)})
    work = work_for(design)
    with open_engine("sqlite") as engine:
        proof = prove(engine, work.schema, sql.up(work.schema, work.dialect),
                      sql.down(work.schema, work.dialect))  # fmt: skip
    assert [f"{c.name}: {c.detail}" for c in proof.checks if not c.ok] == []


def test_one_of_several_parents_can_be_kept_by_a_common_parent() -> None:
    design = comments(one_of=("document_comment",), one_of_form="parent")
    made = schema(design)
    (key,) = (k for k in made.table("comments").foreign_keys if k.references == "comment_parents")
    assert not made.table("comments").column(key.columns[0]).nullable
    assert {k.references for k in made.table("documents").foreign_keys} >= {"comment_parents"}


def test_one_of_several_parents_by_type_and_id_is_a_warning() -> None:
    design = comments(one_of=("document_comment",), one_of_form="type-id")
    columns = {column.name for column in schema(design).table("comments").columns}
    assert {"parent_type", "parent_id"} <= columns
    assert "reference-without-fk" in {f.rule for f in review(design).findings}


def test_a_row_with_exactly_one_parent_cannot_lose_it() -> None:
    design = comments(one_of=("document_comment",), one_of_form="keys")
    offered = {o.value for o in walk.question(design, "ending.task_comment.on_delete").options}
    assert "set-null" not in offered
    lost = walk.answer(design, "ending.task_comment.on_delete", "restrict")
    assert not review(lost).blocked
    links = tuple(x.model_copy(update={"on_delete": "set-null"}) for x in lost.relationships)
    found = review(lost.model_copy(update={"relationships": links}))
    assert "exclusive-key-set-null" in {f.rule for f in found.findings}
    assert found.blocked


def test_roles_that_are_rows_are_linked_to_people() -> None:
    design = walk.take_all(walk.answer(start(), "unsaid.roles", "tables"))
    names = {t.name for t in schema(design).tables}
    assert {"roles", "user_roles"} <= names


def test_where_exactly_one_is_asked_does_not_depend_on_the_order_of_the_relationships() -> None:
    design = comments()
    turned = design.model_copy(update={"relationships": design.relationships[::-1]})
    asked = [q.id for q in walk.questions(turned, "relationships") if q.node == "one_of"]
    assert asked == ["relationship.document_comment.one_of"]
    kept = walk.questions(comments(one_of=("document_comment",)), "relationships")
    assert [q.subject for q in kept if q.node == "one_of"] == ["task_comment"]


def test_a_pair_that_reaches_a_table_as_columns_can_be_typed() -> None:
    design = Design(entities=(entity("User"), entity("Team"),
                              entity("Profile", owner="user", many="no", apart="no")))  # fmt: skip
    linked = walk.answer(design, "links.which", ("Team - Profile",))
    assert [(x.id, x.a, x.b) for x in linked.relationships] == [("team_profile", "team", "profile")]


def test_dealings_belong_to_people_whom_a_sentence_names_with_them() -> None:
    """A lesson is its pupil's and its instructor's, who is no account: both keys are proposed."""
    people = tuple(entity(name, archetype="person", origin=origin) for name, origin in
                   (("User", "unsaid.sign_in"), ("Guest", ""), ("Waiter", "")))  # fmt: skip
    dealing = entity("Booking", archetype="dealing", owner="guest")
    text = "The guest makes a booking with a waiter. A cook comes. Waiters have a list of guests."
    step = Step(id="s", title="Book", text=text)
    design = Design(steps=(step,), entities=(*people, dealing))
    linked = walk.propose(design, "relationships").design.relationships
    assert {(x.a, x.b) for x in linked} == {("guest", "booking"), ("waiter", "booking")}
