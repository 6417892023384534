"""States and rules: what follows from a list of values, and what becomes of a sentence."""

from __future__ import annotations

from itertools import product

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Relationship, Rule, Step
from schemawalk.schema.derive import derive
from schemawalk.schema.tables.states import chart, transitions_of
from tests.studio import told
from tests.wizard_steps.designs import start, taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError
from wizard_steps.proposing.state_words import usual_final, usual_transitions

STATUS = "states.assessment.status"


def status(design: Design) -> Attribute:
    entity = next(e for e in design.entities if e.id == "assessment")
    return next(a for a in entity.attributes if a.name == "status")


def with_steps(*sentences: str) -> Design:
    """The usual design, as if its journey also said these sentences."""
    more = tuple(Step(id=f"s{i}", title=f"More {i}", text=text) for i, text in enumerate(sentences))
    design = taken()
    return design.model_copy(update={"steps": (*design.steps, *more)})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("pending processing completed failed", "pending → processing → completed | failed"),
        ("uploading ready error", "uploading → ready | error"),
        ("pending paid failed refunded", "pending → paid | failed; paid → refunded"),
        ("draft published archived", "draft → published → archived"),
        ("pending approved rejected", "pending → approved | rejected"),
        ("open closed cancelled", "open → closed | cancelled"),
        ("active suspended", "active → suspended → active"),
    ],
)
def test_the_order_of_the_values_and_their_names_propose_the_transitions(
    values: str, said: str
) -> None:
    listed = tuple(values.split())
    assert chart(listed, usual_transitions(listed, usual_final(listed))) == said


def test_nothing_proposed_leads_out_of_an_end_and_every_other_state_has_a_way_out() -> None:
    words = ("draft", "paid", "failed", "paused", "refunded", "cancelled", "done")
    for values in product(words, repeat=3):
        if len(set(values)) < 3:
            continue
        final = usual_final(values)
        left = {each.before for each in usual_transitions(values, final)}
        assert not left & set(final)
        assert left | set(final) == set(values) or not final, values


def test_the_quick_way_proposes_transitions_and_what_must_hold() -> None:
    assert status(taken()).transitions == (
        "pending -> processing: work on it begins",
        "processing -> completed: it is finished",
        "processing -> failed: it went wrong",
    )
    assert status(taken()).must_hold == (
        "processing: started_at is not null",
        "completed: completed_at is not null",
        "failed: error_message is not null",
    )


def test_a_worker_beside_the_application_calls_for_a_trigger() -> None:
    assert walk.question(taken(), f"{STATUS}.guarded_by").recommended == ("application",)
    question = walk.question(with_steps("A worker takes the assessment."), f"{STATUS}.guarded_by")
    assert question.recommended == ("trigger",)
    assert '"worker" in step "More 0"' in question.because


def test_an_end_loses_its_ways_out_and_what_is_none_gets_one() -> None:
    design = walk.answer(taken(), f"{STATUS}.final", ("processing", "completed"))
    follows = {(t.before, t.after) for t in transitions_of(status(design))}
    assert follows == {("pending", "processing"), ("failed", "processing")}
    back = walk.answer(design, f"{STATUS}.final", ("completed", "failed"))
    assert {t.before for t in transitions_of(status(back))} == {"pending", "processing"}


def test_a_transition_of_ones_own_is_taken_with_what_brings_it_about() -> None:
    own = ("pending -> processing", "failed → pending: somebody tries again")
    design = walk.answer(taken(), f"{STATUS}.transitions", own)
    assert status(design).transitions == (
        "pending -> processing",
        "failed -> pending: somebody tries again",
    )
    assert walk.question(design, f"{STATUS}.final").answer == ("processing", "completed")


@pytest.mark.parametrize(
    ("node", "value", "says"),
    [
        ("transitions", "pending processing", "write it as"),
        ("transitions", "pending -> pending", "changes nothing"),
        ("transitions", "pending -> finished", "'finished' is no status"),
        ("must_hold", "completed", "write it as"),
        ("must_hold", "done: completed_at is not null", "'done' is no status"),
        ("must_hold", "completed: colour is not null", "Assessment has no colour"),
        ("must_hold", "completed: ((", "is not a rule"),
        ("must_hold", "completed: error_message > 5", "is not a rule"),
    ],
)
def test_what_is_no_transition_or_condition_is_refused_with_the_reason(
    node: str, value: str, says: str
) -> None:
    with pytest.raises(AnswerError, match=says):
        walk.answer(taken(), f"{STATUS}.{node}", (value,))


def test_a_value_that_is_gone_takes_its_transitions_along() -> None:
    design = walk.answer(taken(), "attribute.assessment.status.values", ("pending", "processing"))
    assert [str(t) for t in transitions_of(status(design))] == [
        "pending -> processing: work on it begins"
    ]


def test_a_list_that_users_keep_has_no_order_of_states() -> None:
    design = walk.answer(taken(), "attribute.assessment.status.kept_by", "users")
    assert not [q for q in walk.questions(design, "states") if q.id.startswith(STATUS)]


def test_a_row_of_the_step_reads_as_a_sentence() -> None:
    rows = {row.title: row.detail for row in walk.propose(taken(), "states").rows}
    assert rows["Assessment · status"].startswith("pending → processing → completed | failed")


# Rules


def test_a_sentence_that_names_an_entity_becomes_a_rule_and_others_do_not() -> None:
    design = with_steps(
        "A document must not be larger than 5 MB.",
        "It must not overlap with the weather at the same time.",
    )
    rules = walk.propose(design, "states").design.rules
    assert [(rule.entity, rule.steps) for rule in rules] == [("document", ("s0",))]
    assert rules[0].expression == "file_size_bytes <= 5242880"


def test_a_sentence_about_people_alone_is_offered_and_not_proposed() -> None:
    design = walk.propose(with_steps("A user can only see public pages."), "states").design
    assert design.rules == ()
    says = [option.value for option in walk.question(design, "duties.which").options]
    assert says == ["A user can only see public pages."]


def test_a_rule_that_is_left_out_stays_out_and_can_be_ticked_again() -> None:
    design = with_steps("A document can be uploaded at most 3 times.")
    row = next(r for r in walk.propose(design, "states").rows if r.optional)
    without = walk.propose(design, "states", [row.id]).design
    assert not without.rules
    assert not walk.propose(without, "states").design.rules
    asked = walk.question(without, "duties.which")
    assert asked.state == "answered"
    assert asked.options[0].value == row.title
    again = walk.answer(without, asked.id, (row.title,))
    assert [rule.says for rule in again.rules] == [row.title]


def test_a_sentence_of_ones_own_must_name_what_is_kept() -> None:
    design = walk.answer(taken(), "duties.which", ("Frameworks have different names",))
    assert design.rules[-1].entity == "framework"
    with pytest.raises(AnswerError, match=r"Name one of: .*document"):
        walk.answer(taken(), "duties.which", ("Everything is fine",))


def booking_design() -> Design:
    """A court, its bookings with a start and an end, and reviews with a rating."""

    def fact(of: str, name: str, kind: str) -> Attribute:
        return Attribute(id=f"{of}.{name}", name=name, kind=kind, required="start", default="none")

    times = (fact("booking", "starts_at", "moment"), fact("booking", "ends_at", "moment"))
    told = (fact("review", "rating", "whole-number"), fact("review", "title", "short-text"))
    booking = Entity(id="booking", name="Booking", archetype="process", attributes=times)
    review = Entity(id="review", name="Review", archetype="message", attributes=told)
    user = Entity(id="user", name="User", archetype="person")
    court = Entity(id="court", name="Court", archetype="place")
    pairs = (("court", "booking"), ("user", "booking"), ("user", "review"), ("court", "review"))
    links = tuple(
        Relationship(id=f"{a}_{b}", a=a, b=b, many_b="yes", many_a="no", optional="no")
        for a, b in pairs
    )
    return Design(entities=(user, court, booking, review), relationships=links)


@pytest.mark.parametrize(
    ("says", "entity", "kept_by", "node", "value"),
    [
        ("Two bookings of one court must not overlap", "booking", "exclusion", "over",
         ("court_booking", "starts_at", "ends_at")),
        ("A court must never be double booked", "booking", "exclusion", "over",
         ("court_booking", "starts_at", "ends_at")),
        ("Whatever a review says, bookings must not overlap", "booking", "exclusion", "over",
         ("starts_at", "ends_at")),
        ("A rating of a review must be between 1 and 5", "review", "check", "expression",
         ("rating between 1 and 5",)),
        ("The title of a review must be at most 80 characters", "review", "check", "expression",
         ("length(title) <= 80",)),
        ("A review is unique per user and court", "review", "unique", "over",
         ("user_review", "court_review")),
    ],
)  # fmt: skip
def test_a_sentence_proposes_what_keeps_it(
    says: str, entity: str, kept_by: str, node: str, value: tuple[str, ...]
) -> None:
    typed = Step(id="rules", title="Rules", text=f"{says}.")
    design = booking_design().model_copy(update={"steps": (typed,)})
    design = walk.propose(design, "states").design
    rule = design.rules[0]
    assert (rule.entity, rule.kept_by) == (entity, kept_by)
    assert walk.question(design, f"rule.{rule.id}.{node}").answer == value
    assert not derive(design).problems


def test_a_rule_about_what_is_not_kept_any_more_waits() -> None:
    rule = Rule(id="r", says="Reviews are fair", entity="review")
    design = booking_design().model_copy(update={"rules": (rule,)})
    assert walk.question(design, "rule.r.kept_by")
    gone = walk.answer(design, "entity.review.persists", "no")
    assert not [q for q in walk.questions(gone, "states") if q.tree == "rule"]


def test_a_database_without_exclusions_is_offered_none() -> None:
    rule = Rule(id="r", says="Bookings of a court must not overlap", entity="booking")
    design = booking_design().model_copy(update={"rules": (rule,)})
    mongodb = walk.answer(design, "stack.database", "mongodb")
    asked = walk.question(mongodb, "rule.r.kept_by")
    assert "exclusion" not in {option.value for option in asked.options}
    assert asked.recommended == ("application",)


def test_an_expression_must_speak_of_the_entitys_own_columns() -> None:
    rule = Rule(id="r", says="Ratings are fair", entity="review", kept_by="check")
    design = booking_design().model_copy(update={"rules": (rule,)})
    assert walk.answer(design, "rule.r.expression", "rating > 0").rules[0].expression
    for wrong in ("colour > 1", "((", "title > 1"):
        with pytest.raises(AnswerError):
            walk.answer(design, "rule.r.expression", wrong)


@pytest.mark.parametrize("kept_by", ["check", "unique", "exclusion", "key", "trigger",
                                     "application"])  # fmt: skip
def test_each_way_to_keep_a_rule_says_what_it_costs(kept_by: str) -> None:
    rule = Rule(id="r", says="Reviews are fair", entity="review")
    design = booking_design().model_copy(update={"rules": (rule,)})
    options = {o.value: o for o in walk.question(design, "rule.r.kept_by").options}
    assert len(options[kept_by].leads_to) > 20


def test_a_step_without_states_and_rules_says_that_nothing_calls_for_it() -> None:
    design = Design(entities=(Entity(id="court", name="Court", archetype="place"),))
    proposal = walk.propose(design, "states")
    assert proposal.headline == "Nothing calls for this"
    assert proposal.rows == ()
    assert "states" in proposal.design.done


def test_a_fresh_walk_and_a_second_taking_agree() -> None:
    once = walk.take_all(start())
    assert walk.propose(once, "states").design.rules == once.rules


def test_what_never_happens_at_the_same_time_takes_time_and_is_excluded() -> None:
    """Start and end are proposed, and the rule is kept by an exclusion over whose they are."""
    design = walk.take_all(told())
    rules = {rule.says: rule for rule in design.rules}
    apart = rules["An instructor never has two lessons at the same time."]
    assert (apart.kept_by, apart.over) == (
        "exclusion", ("instructor_lesson", "starts_at", "ends_at")
    )  # fmt: skip
    (excluded,) = derive(design).schema.table("lessons").exclusions
    assert (excluded.start, excluded.end) == ("starts_at", "ends_at")
    lasting = rules["A lesson lasts between 20 and 90 minutes."]
    assert (lasting.kept_by, lasting.expression) == (
        "check", "ends_at - starts_at between 20 minutes and 90 minutes"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("says", "expression"),
    [
        ("A booking lasts at least 30 minutes", "ends_at - starts_at >= 30 minutes"),
        ("A booking is no longer than 2 hours", "ends_at - starts_at <= 2 hours"),
        ("A booking lasts from 90 minutes to 3 hours",
         "ends_at - starts_at between 90 minutes and 3 hours"),
        ("A booking must be at most 5 kilos", None),
    ],
)  # fmt: skip
def test_how_long_something_lasts_is_a_check(says: str, expression: str | None) -> None:
    rule = Rule(id="r", says=says, entity="booking")
    design = booking_design().model_copy(update={"rules": (rule,)})
    asked = walk.question(design, "rule.r.kept_by")
    assert asked.recommended == (("check",) if expression else ("application",))
    if expression:
        design = walk.answer(design, "rule.r.kept_by", "check")
        assert walk.question(design, "rule.r.expression").recommended == (expression,)


def test_whose_time_it_is_must_be_linked_before_it_is_kept_apart() -> None:
    """Without a link to the trainer, an exclusion would refuse every second booking."""
    step = Step(id="s", title="S", text="A trainer never has two bookings at the same time.")
    trainer = Entity(id="trainer", name="Trainer", archetype="person")
    design = booking_design()
    design = design.model_copy(update={"steps": (step,), "entities": (*design.entities, trainer)})
    assert walk.propose(design, "states").design.rules[0].kept_by == "application"


def test_what_may_happen_at_the_same_time_is_no_rule() -> None:
    design = with_steps("Two users open the document at the same time.")
    assert walk.propose(design, "states").design.rules == ()
