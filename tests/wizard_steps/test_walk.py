"""The walk: proposals, answers, what changes with them, and what is never lost."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Step
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from tests.wizard_steps.designs import start, taken
from wizard_steps import columns, relationships, walk
from wizard_steps.asking.question import AnswerError, as_json, split
from wizard_steps.asking.trail import trail


def tables(design: Design) -> set[str]:
    return {table.name for table in derive(design).schema.tables}


def test_the_quick_way_gives_a_schema_that_serves_the_journey() -> None:
    found = tables(taken())
    assert {"users", "teams", "documents", "assessments", "frameworks", "usage_events"} <= found
    assert "assessment_frameworks" in found
    assert not review(taken()).blocked


def test_the_quick_way_leaves_no_question_open() -> None:
    assert [q.id for q in walk.questions(taken()) if q.state == "open"] == []
    answered, total = walk.progress(taken())
    assert answered == total > 100


def test_a_proposal_says_what_it_holds_row_by_row() -> None:
    design = walk.propose(start(), "unsaid").design
    proposal = walk.propose(design, "entities")
    assert "entities" in proposal.headline
    row = next(row for row in proposal.rows if row.id == "document")
    assert "table of its own" in row.detail
    assert "step" in row.because


def test_a_row_that_is_left_out_stays_out() -> None:
    design = walk.propose(start(), "unsaid").design
    without = walk.propose(design, "entities", ["document"]).design
    assert "document" not in {e.id for e in without.entities}
    assert "document" not in {e.id for e in walk.propose(without, "entities").design.entities}


def test_taking_a_proposal_twice_changes_nothing() -> None:
    once = taken()
    assert walk.take_all(once) == once


def test_an_answer_is_a_field() -> None:
    design = walk.answer(taken(), "entity.document.persists", "no")
    document = next(e for e in design.entities if e.id == "document")
    assert document.persists == "no"
    assert "documents" not in tables(design)


def test_what_an_earlier_answer_decides_is_not_asked() -> None:
    design = walk.answer(taken(), "entity.document.persists", "no")
    asked = {q.id for q in walk.questions(design)}
    assert "entity.document.lives_in" in asked
    assert "entity.document.owner" not in asked
    assert "attribute.document.file_name.kind" not in asked


def test_an_answer_that_is_not_offered_is_refused_with_what_is() -> None:
    with pytest.raises(AnswerError, match="yes, no"):
        walk.answer(taken(), "entity.document.persists", "maybe")


def test_set_null_is_offered_only_where_null_is_possible() -> None:
    required = walk.question(taken(), "ending.user_document.on_delete")
    assert "set-null" not in {o.value for o in required.options}
    loose = walk.answer(taken(), "relationship.user_document.optional", "yes")
    offered = walk.question(loose, "ending.user_document.on_delete")
    assert "set-null" in {o.value for o in offered.options}


def test_changing_an_answer_marks_what_was_recommended_because_of_it() -> None:
    design = walk.answer(taken(), "relationship.user_document.optional", "yes")
    ending = walk.question(design, "ending.user_document.on_delete")
    assert ending.state == "look again"
    assert ending.look_again == '"Can a document exist without a user?" is now: yes'
    assert ending.answer == ("cascade",), "nothing is overwritten in silence"
    assert walk.to_look_at(design) == {"endings"}
    again = walk.answer(design, ending.id, "set-null")
    assert walk.question(again, ending.id).state == "answered"
    assert walk.to_look_at(again) == frozenset()


def test_progress_counts_what_is_listed() -> None:
    for design in (start(), walk.propose(start(), "unsaid").design, taken()):
        asked = walk.questions(design)
        assert walk.progress(design) == (sum(q.answer is not None for q in asked), len(asked))


def test_a_documents_word_is_the_recommendation() -> None:
    noted = walk.answer(start(), "stack.language", "python", by="document", source="stack.md:3",
                        why="Python 3.12")  # fmt: skip
    asked = walk.question(noted, "stack.language")
    assert asked.recommended == ("python",)
    assert asked.because == "Python 3.12 (stack.md:3)"


def test_i_do_not_know_takes_the_default_and_stays_open() -> None:
    design = walk.do_not_know(taken(), "stack.identifiers")
    asked = walk.question(design, "stack.identifiers")
    assert asked.state == "unknown"
    assert asked.answer == asked.recommended
    note = next(n for n in design.notes if n.id == "stack.identifiers")
    assert "counted numbers" in note.impact


def test_a_reason_is_kept_with_its_answer() -> None:
    design = walk.answer(taken(), "stack.identifiers", "bigint", why="one writer only")
    assert [n.why for n in design.notes if n.id == "stack.identifiers"] == ["one writer only"]


def test_nouns_can_be_ticked_and_typed() -> None:
    asked = walk.question(taken(), "nouns.upload.which")
    assert asked.own_words
    design = walk.answer(taken(), asked.id, (*(asked.answer or ()), "Virus scan"))
    added = next(e for e in design.entities if e.name == "Virus scan")
    assert added.steps == ("upload",)
    gone = walk.answer(design, asked.id, asked.answer or ())
    assert "Virus scan" not in {e.name for e in gone.entities}


def test_several_answers_come_as_a_list_in_json() -> None:
    shown = as_json(walk.question(taken(), "nouns.upload.which"))
    assert isinstance(shown["answer"], list)
    assert set(shown) >= {"id", "step", "tree", "node", "subject", "prompt", "options",
                          "recommended", "because", "answer", "state"}  # fmt: skip
    single = as_json(walk.question(taken(), "stack.database"))
    assert single["answer"] == "postgresql"


def test_a_number_must_be_one() -> None:
    with pytest.raises(AnswerError, match="whole number"):
        walk.answer(taken(), "entity.document.rows", "many")
    design = walk.answer(taken(), "entity.document.rows", "2,000,000")
    assert next(e for e in design.entities if e.id == "document").rows == 2_000_000


def test_own_attributes_and_relationships_can_be_added_and_asked_about() -> None:
    design = columns.added(taken(), "document", "is archived")
    assert walk.question(design, "attribute.document.is_archived.kind").recommended == ("yes-no",)
    design = relationships.added(design, "document", "document")
    asked = walk.question(design, "relationship.document_document.optional")
    assert asked.recommended == ("yes",)


def test_steps_can_be_typed_when_there_is_no_document() -> None:
    typed = ("Upload: the user uploads a file", "Share: the user shares a link")
    design = walk.answer(Design(), "product.journey", typed)
    assert [(s.title, s.text) for s in design.steps] == [
        ("Upload", "the user uploads a file"),
        ("Share", "the user shares a link"),
    ]


def test_the_trail_tells_how_an_outcome_came_about() -> None:
    lines = trail(taken(), "documents")
    assert lines[0] == "Entity identification: Document → table of its own"
    assert any("Must a document still be there" in line for line in lines)


def test_a_hostile_name_is_only_a_name() -> None:
    hostile = "[/foo] {owner} {0} '; DROP TABLE users; --\x1b[31m"
    design = walk.answer(taken(), "nouns.upload.which", (hostile,))
    design = walk.take_all(design)
    asked = [q for q in walk.questions(design) if "{0}" in q.about]
    assert asked
    assert derive(design).problems == ()


def test_a_short_journey_gives_its_acts_as_well_as_its_things() -> None:
    """Low scores all round are no reason to propose nothing."""
    told = (
        ("Find", "The player searches courts and sees free slots."),
        ("Book", "The player books a court and pays for the booking. The payment is confirmed."),
        ("Rate", "After the match the player writes a review of the court."),
    )
    steps = tuple(Step(id=title.lower(), title=title, text=text) for title, text in told)
    names = {e.name for e in walk.take_all(Design(steps=steps)).entities}
    assert {"Court", "Booking", "Payment", "Review"} <= names


@pytest.mark.parametrize("step_id", ["entities", "relationships", "columns", "access"])
def test_whatever_row_is_left_out_nothing_that_spoke_of_it_stands_in_the_way(step_id: str) -> None:
    """Also when the later steps were taken already."""
    for row in walk.propose(taken(), step_id).rows:
        design = walk.propose(taken(), step_id, [row.id]).design
        blocking = [f for f in review(design).findings if f.severity == "error"]
        assert blocking == [], row.id


def test_whatever_is_answered_is_derived_and_either_fine_or_pointed_at() -> None:
    """Every option of every question: no crash, and a blocked review says what to answer anew."""
    for asked in walk.questions(taken()):
        others = (o for o in asked.options if (o.value,) != asked.answer)
        for option in others if asked.form == "one" else ():
            design = walk.answer(taken(), asked.id, option.value)
            for finding in review(design).findings:
                assert finding.severity != "error" or finding.fix


def test_answering_back_takes_the_mark_away() -> None:
    there = walk.answer(taken(), "relationship.user_document.optional", "yes")
    assert walk.to_look_at(there) == {"endings"}
    back = walk.answer(there, "relationship.user_document.optional", "no")
    assert walk.to_look_at(back) == frozenset()


def test_many_to_one_is_kept_as_one_to_many_and_asked_about_that_way() -> None:
    design = relationships.added(taken(), "document", "team")
    design = walk.answer(design, "relationship.document_team.many_b", "no")
    design = walk.answer(design, "relationship.document_team.many_a", "yes")
    asked = walk.question(design, "relationship.document_team.optional")
    assert asked.prompt == "Can a document exist without a team?"


def test_an_answer_that_is_not_offered_any_more_is_marked() -> None:
    loose = walk.answer(taken(), "relationship.team_user.optional", "no")
    assert walk.question(loose, "ending.team_user.on_delete").state == "look again"


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("attribute.document.file_name.rules", "(("),
        ("attribute.document.file_name.default", "now() ; drop"),
    ],
)
def test_a_rule_is_read_before_it_is_taken(question: str, value: str) -> None:
    with pytest.raises(AnswerError, match="is n"):
        walk.answer(taken(), question, (value,))


def test_commas_in_a_rule_and_in_a_step_are_part_of_it() -> None:
    rules = walk.question(taken(), "attribute.document.file_name.rules")
    assert split(rules, "file_name in ('a', 'b'), length(file_name) > 1") == (
        "file_name in ('a', 'b')",
        "length(file_name) > 1",
    )
    journey = walk.question(Design(), "product.journey")
    assert split(journey, "Upload: picks a file, and pays; Share: sends") == (
        "Upload: picks a file, and pays",
        "Share: sends",
    )


def test_a_name_without_letters_stops_nothing() -> None:
    nameless = walk.answer(taken(), "nouns.upload.which", ("???",))
    assert walk.take_all(nameless)


def test_a_step_that_is_typed_away_is_named_nowhere_any_more() -> None:
    left = walk.answer(taken(), "product.journey", ("Join a team", "Upload a document: it is kept"))
    assert [step.id for step in left.steps] == ["join", "upload"]
    assert '"assess"' not in left.model_dump_json(include={"entities", "relationships", "rules"})
    assert walk.answer(left, "product.journey", ()).steps == ()


def test_typed_steps_come_back_as_they_were_typed() -> None:
    typed = ("Upload: the user uploads a file", "Share")
    design = walk.answer(Design(), "product.journey", typed)
    assert walk.question(design, "product.journey").answer == typed
    assert walk.answer(design, "product.journey", typed) == design


def test_a_key_in_own_words_becomes_a_fact_of_what_has_facts_already() -> None:
    design = walk.answer(taken(), "entity.document.identity", ("Serial number",))
    document = next(e for e in design.entities if e.id == "document")
    assert document.identity == ("serial_number",)
    assert "document.serial_number" in {a.id for a in document.attributes}


def test_a_fact_left_out_is_no_key_and_no_seed() -> None:
    rows = ("code = 'a', name = 'A', active = true",)
    design = walk.answer(taken(), "reference.framework.rows", rows)
    facts = walk.question(design, "facts.framework.which").answer or ()
    left = walk.answer(design, "facts.framework.which", tuple(f for f in facts if f != "code"))
    framework = next(e for e in left.entities if e.id == "framework")
    assert framework.seeds == ("name = 'A', active = true",)
    assert "code" not in (framework.identity or ())


def test_a_typed_answer_that_no_longer_fits_is_to_be_looked_at_again() -> None:
    design = walk.answer(taken(), "attribute.document.created_at.kind", "short-text")
    default = walk.question(design, "attribute.document.created_at.default")
    assert (default.answer, default.state) == (("now",), "look again")
