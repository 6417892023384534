"""Deletion: what each action does is shown before it is chosen, and every ending is walked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Note, Relationship, Step
from schemawalk.schema.deletion import key_named
from schemawalk.schema.derive import derive
from tests.wizard_steps.designs import STEPS, start
from wizard_steps import endings, walk
from wizard_steps.asking.question import AnswerError

UPLOADS, OPTIONAL = "ending.user_document.on_delete", "relationship.user_document.optional"
USAGE = "ending.user_usage_event.on_delete"
CLOSED = "finish.user_closed.agreed"


@cache
def ended(steps: tuple[Step, ...] = STEPS) -> Design:
    """The proposals taken up to the deletion step."""
    design = start().model_copy(update={"steps": steps})
    for step in ("sources", "stack", "unsaid", "entities", "relationships", "columns", "endings"):
        design = walk.propose(design, step).design
    return design


def entity(design: Design, entity_id: str) -> Entity:
    return next(e for e in design.entities if e.id == entity_id)


def link(design: Design, link_id: str) -> Relationship:
    return next(r for r in design.relationships if r.id == link_id)


def shown(design: Design, question: str) -> str:
    return "\n".join(walk.shows(design, question))


def marks(design: Design) -> dict[str, str]:
    return {note.id: note.look_again for note in design.notes if note.look_again}


# Before it is chosen


def test_each_action_is_shown_with_what_it_does_to_sample_rows() -> None:
    text = shown(ended(), UPLOADS)
    assert "user Ada\n    2 documents: 'Spring', 'Harbour'" in text
    assert "CASCADE   deletes 1 user, 2 documents, 4 assessments and" in text
    assert "SET NULL  deletes 1 user, 2 assessments and" in text
    assert "          2 documents stay, without their user" in text
    assert "RESTRICT  refused: 2 documents are in the way" in text


def test_set_null_says_that_it_needs_an_optional_key() -> None:
    assert "the key, now NOT NULL, becomes optional" in shown(ended(), UPLOADS)
    loose = walk.answer(ended(), OPTIONAL, "yes")
    assert "becomes optional" not in shown(loose, UPLOADS)


def test_the_steps_that_read_what_would_go_are_named() -> None:
    read = entity(ended(), "assessment").model_copy(update={"read_by": ("pay",)})
    others = (e if e.id != "assessment" else read for e in ended().entities)
    design = ended().model_copy(update={"entities": tuple(others)})
    assert "  step 5, Pay for usage: assessments" in shown(design, UPLOADS)


def test_another_key_that_refuses_whatever_is_chosen_is_named() -> None:
    text = shown(ended(), "ending.team_user.on_delete")
    assert "Whatever is chosen here, usage events keep it from being deleted" in text


def test_both_ends_of_a_link_show_what_they_do() -> None:
    design, linked = ended(), "ending.assessment_framework"
    assert "CASCADE   deletes 1 assessment and 2" in shown(design, f"{linked}.on_delete")
    text = shown(design, f"{linked}.on_delete_b")
    assert "framework 'Spring'" in text
    assert "SET NULL" not in text


def test_everything_shown_fits_the_screen_and_is_plain_words() -> None:
    asked = [q for q in walk.questions(ended(), "endings") if q.subject]
    for question in asked:
        lines = walk.shows(ended(), question.id)
        assert lines
        assert all(len(line) <= 76 for line in lines)
        assert not [line for line in lines if "{" in line or "None" in line]
        assert question.example.endswith("?")
        assert "{" not in question.example + question.prompt


def test_a_link_is_asked_about_its_links_and_a_role_by_its_name() -> None:
    linked = walk.question(ended(), "ending.assessment_framework.on_delete")
    assert linked.prompt.endswith("what happens to its links to frameworks?")
    design = ended()
    named = link(design, "user_document").model_copy(update={"role": "author"})
    links = tuple(named if r.id == named.id else r for r in design.relationships)
    asked = walk.question(design.model_copy(update={"relationships": links}), UPLOADS)
    assert asked.prompt.endswith("what happens to the documents of that author?")


# Answers that are more than one field


def test_what_is_archived_is_restricted_and_its_entity_says_so() -> None:
    design = walk.answer(ended(), UPLOADS, "archive")
    assert link(design, "user_document").on_delete == "restrict"
    assert entity(design, "user").deletion == "archive"
    assert walk.question(design, UPLOADS).answer == ("archive",)


@pytest.mark.parametrize("instead", ["restrict", "cascade"])
def test_what_is_archived_can_be_deleted_again(instead: str) -> None:
    design = walk.answer(walk.answer(ended(), UPLOADS, "archive"), UPLOADS, instead)
    assert entity(design, "user").deletion is None
    assert walk.question(design, UPLOADS).answer == (instead,)


def test_an_answer_about_one_key_leaves_an_archived_parent_of_another_alone() -> None:
    design = walk.answer(ended(), UPLOADS, "archive")
    design = walk.answer(design, "ending.document_assessment.on_delete", "restrict")
    assert entity(design, "user").deletion == "archive"


def test_staying_without_it_makes_the_key_optional_in_one_answer() -> None:
    with pytest.raises(AnswerError):
        walk.answer(ended(), UPLOADS, "set-null")
    design = walk.answer(ended(), UPLOADS, endings.LOOSENED)
    found = link(design, "user_document")
    assert (found.optional, found.on_delete) == ("yes", "set-null")
    assert walk.question(design, UPLOADS).answer == ("set-null",)
    schema = derive(design).schema
    table, key = key_named(schema, "fk_documents_user_id_users")
    assert key.on_delete == "SET NULL"
    assert table.column("user_id").nullable


def test_a_reason_for_a_key_that_must_be_there_is_looked_at_again() -> None:
    said = Note(id=OPTIONAL, by="document", source="journey.md:4", why='"always by a user"')
    design = ended().model_copy(update={"notes": (*ended().notes, said)})
    loose = walk.answer(design, UPLOADS, endings.LOOSENED)
    assert "optional" in marks(loose)[OPTIONAL]
    assert OPTIONAL not in marks(walk.answer(ended(), UPLOADS, endings.LOOSENED))


def test_set_null_is_looked_at_again_when_the_key_must_be_there_after_all() -> None:
    loose = walk.answer(ended(), UPLOADS, endings.LOOSENED)
    tight = walk.answer(loose, OPTIONAL, "no")
    assert UPLOADS in marks(tight)
    asked = walk.question(tight, UPLOADS)
    assert asked.state == "look again"
    assert "set-null" not in {option.value for option in asked.options}


def test_what_the_journey_archives_is_proposed_to_be_archived() -> None:
    retire = Step(id="retire", title="Tidy up", file="journey.md", line=30,
                  text="The user archives the document when it is out of date.")  # fmt: skip
    asked = walk.question(ended((*STEPS, retire)), "ending.document_assessment.on_delete")
    assert asked.recommended == ("archive",)
    assert "journey.md:30" in asked.because


def test_only_keys_that_people_write_are_asked_whether_they_may_change() -> None:
    asked = {question.node for question in walk.questions(ended(), "endings")}
    assert "on_update" not in asked
    lists = tuple(
        e.model_copy(update={"key": "natural"}) if e.id == "framework" else e
        for e in ended().entities
    )
    found = walk.questions(ended().model_copy(update={"entities": lists}), "endings")
    asked_of = {q.id for q in found if q.node == "on_update"}
    assert asked_of == {"ending.assessment_framework.on_update"}


# Every ending of the journey, walked once


def blocked(steps: tuple[Step, ...] = STEPS) -> Design:
    """The account cannot be closed: usage events refuse it."""
    return walk.answer(ended(steps), USAGE, "restrict")


def test_the_account_and_the_group_are_walked_to_their_ends() -> None:
    assert {f.id for f in ended().finishes} == {"user_closed", "team_deleted"}
    rows = {row.id: row for row in walk.propose(ended(), "endings").rows}
    closed, deleted = rows["finish.user_closed"], rows["finish.team_deleted"]
    assert closed.title == "The account is closed"
    assert "documents, assessments" in closed.detail
    assert closed.detail.endswith("go too; usage events stay without it")
    assert "refused while there are usage events" in deleted.detail
    assert not closed.optional


def test_an_ending_that_the_journey_tells_is_walked_under_its_name() -> None:
    leave = Step(id="leave", title="Leave", text="The user deletes their document for good.")
    finish = next(f for f in ended((*STEPS, leave)).finishes if f.entity == "document")
    assert finish.name == "The document is deleted"
    assert finish.steps == ("leave",)


def test_the_step_that_closes_accounts_is_named_with_the_ending() -> None:
    close = Step(id="close", title="Close an account", text="Everything of the user goes.")
    rows = {row.id: row for row in walk.propose(ended((*STEPS, close)), "endings").rows}
    assert rows["finish.user_closed"].because == "Close an account"


def test_nobody_signs_in_so_no_account_is_closed() -> None:
    design = walk.propose(start(), "sources").design
    design = walk.answer(design, "unsaid.sign_in", "none")
    for step in ("unsaid", "entities", "relationships", "columns", "endings"):
        design = walk.propose(design, step).design
    assert "The account is closed" not in {finish.name for finish in design.finishes}


def test_taking_the_proposal_twice_adds_no_ending() -> None:
    assert walk.propose(ended(), "endings").design.finishes == ended().finishes


def test_a_promise_to_forget_that_is_refused_is_recommended_against_with_a_fix() -> None:
    asked = walk.question(blocked(), CLOSED)
    assert asked.recommended == ("no",)
    assert "let usage events stay without their user (SET NULL)" in asked.because
    assert walk.question(ended(), CLOSED).recommended == ("yes",)


def test_links_that_refuse_are_to_go_for_they_cannot_stay_alone() -> None:
    design = walk.answer(ended(), "ending.assessment_framework.on_delete", "restrict")
    because = walk.question(design, CLOSED).because
    assert because.endswith("let assessment framework links go with it (CASCADE)")


def test_the_refusal_is_shown_with_its_way_and_the_fix() -> None:
    design = walk.answer(ended(), "ending.assessment_usage_event.on_delete", "restrict")
    text = shown(design, CLOSED)
    assert "refused:" in text
    assert "assessments → usage events" in text
    assert "So let usage events stay without their assessment (SET NULL)" in text.replace(
        "\n  ", " "
    )


def test_a_group_that_is_refused_on_purpose_is_as_it_should_be() -> None:
    asked = walk.question(ended(), "finish.team_deleted.agreed")
    assert asked.recommended == ("yes",)
    assert "on purpose" in asked.because


def test_no_marks_the_keys_on_the_way_and_other_answers_leave_the_marks() -> None:
    design = walk.answer(blocked(), CLOSED, "no")
    assert "The account is closed" in marks(design)[USAGE]
    assert UPLOADS not in marks(design)
    later = walk.answer(design, "ending.document_assessment.on_delete", "restrict")
    assert USAGE in marks(later)
    assert USAGE not in marks(walk.answer(later, USAGE, "cascade"))


def test_no_to_an_ending_that_goes_through_marks_every_key_that_acts() -> None:
    found = marks(walk.answer(ended(), CLOSED, "no"))
    assert {UPLOADS, "ending.document_assessment.on_delete", USAGE} <= found.keys()
    assert "ending.team_user.on_delete" not in found


def test_yes_takes_the_marks_away() -> None:
    design = walk.answer(walk.answer(ended(), CLOSED, "no"), CLOSED, "yes")
    assert marks(design) == {}


def test_an_ending_is_looked_at_again_when_a_key_makes_it_fail_or_go_through() -> None:
    agreed = walk.answer(ended(), CLOSED, "yes")
    refused = walk.answer(agreed, USAGE, "restrict")
    assert CLOSED in marks(refused)
    against = walk.answer(refused, CLOSED, "no")
    assert CLOSED in marks(walk.answer(against, USAGE, "set-null"))


def test_what_is_archived_goes_nowhere_when_its_ending_comes() -> None:
    design = walk.answer(ended(), UPLOADS, "archive")
    asked = walk.question(design, CLOSED)
    assert asked.recommended == ("yes",)
    assert "users are archived" in asked.because
    assert "Users are archived: nothing else changes then." in shown(design, CLOSED)


def test_personal_data_that_stays_behind_is_named() -> None:
    address = Attribute(id="usage_event.ip", name="ip", kind="short-text", sensitivity="personal")

    def with_address(each: Entity) -> Entity:
        attributes = (*each.attributes, address) if each.id == "usage_event" else each.attributes
        return each.model_copy(update={"attributes": attributes})

    design = _each_entity(ended(), with_address)
    assert "Personal data stays: Usage event · ip." in shown(design, CLOSED)
    assert "Personal data" not in shown(ended(), CLOSED)


def _each_entity(design: Design, change: Callable[[Entity], Entity]) -> Design:
    entities = tuple(change(each) for each in design.entities)
    return design.model_copy(update={"entities": entities})


def test_an_ending_is_not_asked_when_nothing_refers_to_what_ends() -> None:
    design = ended().model_copy(update={"relationships": ()})
    asked = {question.tree for question in walk.questions(design, "endings")}
    assert asked == set()


def test_the_ending_says_what_calls_for_it() -> None:
    assert walk.question(ended(), CLOSED).called.endswith("foreign keys refer to it")


def test_endings_can_be_added_and_left_out_as_one_answer() -> None:
    design = ended()
    asked = walk.question(design, "finishes.which")
    assert set(asked.recommended) == {each.name for each in design.finishes}
    own = walk.answer(design, asked.id, (*(asked.answer or ()), "An assessment is withdrawn"))
    assert own.finishes[-1].entity == "assessment"
    fewer = walk.answer(own, asked.id, asked.recommended[:1])
    assert [each.name for each in fewer.finishes] == [asked.recommended[0]]
    again = walk.propose(fewer, "endings").design
    assert again.finishes == fewer.finishes, "what was left out is not proposed again"
    back = walk.answer(fewer, asked.id, asked.recommended)
    assert {e.id for e in back.finishes} == {e.id for e in design.finishes}


def test_an_ending_of_nothing_is_refused() -> None:
    with pytest.raises(AnswerError, match="ends nothing that is kept"):
        walk.answer(ended(), "finishes.which", "The moon sets")
