"""Rules that a trigger keeps: what it looks at is asked, and each answer leads to a trigger."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Relationship, Rule
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from schemawalk.schema.things import Asserted, Guard, Limit, ParentRule, Sealed
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError


def loans(says: str) -> Design:
    """Members borrow tools; one rule that a trigger is to keep."""

    def fact(of: str, name: str, kind: str, **more: object) -> Attribute:
        told = {"id": f"{of}.{name}", "name": name, "kind": kind, "required": "start"} | more
        return Attribute.model_validate(told)

    member = Entity(id="member", name="Member", archetype="person")
    tool = Entity(id="tool", name="Tool", archetype="thing",
                  attributes=(fact("tool", "whole", "yes-no"),))  # fmt: skip
    told = (
        fact("loan", "status", "one-of", values=("asked", "out", "back"), default="'asked'"),
        fact("loan", "number", "short-text"),
        fact("loan", "days", "whole-number"),
    )
    loan = Entity(id="loan", name="Loan", archetype="dealing", attributes=told)
    links = tuple(
        Relationship(id=f"{a}_loan", a=a, b="loan", many_b="yes", many_a="no", optional="no")
        for a in ("member", "tool")
    )
    rule = Rule(id="r", says=says, entity="loan", kept_by="trigger")
    return Design(entities=(member, tool, loan), relationships=links, rules=(rule,))


@pytest.mark.parametrize(
    ("says", "looks_at"),
    [
        ("A member has at most three loans", "count"),
        ("Only tools that are whole have a loan", "parent"),
        ("The number of a loan never changes", "once"),
        ("Loans are never deleted", "written"),
        ("A loan is fair", "row"),
    ],
)
def test_the_sentence_says_what_to_look_at(says: str, looks_at: str) -> None:
    assert walk.question(loans(says), "rule.r.looks_at").recommended == (looks_at,)


def test_a_number_of_rows_is_asked_with_whose_and_which() -> None:
    """At most three of one member that are out: a limit."""
    design = walk.answer(loans("A member has at most three loans"), "rule.r.looks_at", "count")
    assert walk.question(design, "rule.r.parent").recommended == ("member_loan",)
    design = walk.answer(design, "rule.r.parent", "member_loan")
    assert walk.question(design, "rule.r.most").recommended == ("3",)
    design = walk.answer(design, "rule.r.most", "3")
    assert walk.question(design, "rule.r.among").recommended == ("all",)
    (every,) = derive(walk.answer(design, "rule.r.among", "all")).schema.things(Limit)
    assert (every.columns, every.most, every.among) == (("member_id",), 3, None)
    (some,) = derive(walk.answer(design, "rule.r.among", "status = 'out'")).schema.things(Limit)
    assert some.among is not None
    with pytest.raises(AnswerError, match="no colour"):
        walk.answer(design, "rule.r.among", "colour = 'red'")


def test_a_condition_on_the_parent_speaks_of_its_columns() -> None:
    design = walk.answer(loans("Only whole tools have a loan"), "rule.r.looks_at", "parent")
    design = walk.answer(design, "rule.r.parent", "tool_loan")
    with pytest.raises(AnswerError, match="Tool has no days"):
        walk.answer(design, "rule.r.of_parent", "days > 1")
    derived = derive(walk.answer(design, "rule.r.of_parent", "whole = true"))
    (rule,) = derived.schema.things(ParentRule)
    assert (rule.table, rule.parent, derived.problems) == ("loans", "tools", ())


def test_the_other_ways_lead_to_their_triggers() -> None:
    once = walk.answer(loans("Its number never changes"), "rule.r.looks_at", "once")
    (seal,) = derive(walk.answer(once, "rule.r.over", ("number",))).schema.things(Sealed)
    assert (seal.columns, seal.events) == (("number",), ("UPDATE",))
    written = walk.answer(loans("Loans stay"), "rule.r.looks_at", "written")
    (whole,) = derive(written).schema.things(Sealed)
    assert (whole.columns, whole.events) == ((), ("UPDATE", "DELETE"))
    row = walk.answer(loans("Loans are short"), "rule.r.looks_at", "row")
    (asserted,) = derive(walk.answer(row, "rule.r.expression", "days < 30")).schema.things(Asserted)
    assert asserted.table == "loans"


def test_what_is_not_said_in_columns_is_told_and_not_lost() -> None:
    """The review says that nothing keeps the rule yet."""
    design = walk.answer(loans("Loans are fair"), "rule.r.looks_at", "parent")
    said = [finding.message for finding in review(design).findings]
    assert any('"Loans are fair"' in message for message in said)


def test_a_parent_that_is_gone_is_told() -> None:
    """Nothing can be counted of what is not kept any more."""
    design = walk.answer(loans("At most three"), "rule.r.looks_at", "count")
    design = walk.answer(design, "rule.r.parent", "member_loan")
    design = walk.answer(design, "rule.r.most", "3")
    gone = walk.answer(design, "entity.member.persists", "no")
    assert [problem.rule for problem in derive(gone).problems] == ["unknown-rule"]


def test_a_guarded_status_is_asked_where_it_may_begin() -> None:
    """The default and what nothing leads to; another start is one more answer."""
    design = loans("Loans are fair")
    moves = ("asked -> out", "out -> back")
    design = walk.answer(design, "states.loan.status.transitions", moves)
    design = walk.answer(design, "states.loan.status.guarded_by", "trigger")
    assert walk.question(design, "states.loan.status.starts").recommended == ("asked",)
    design = walk.answer(design, "states.loan.status.starts", ("asked", "out"))
    (guard,) = derive(design).schema.things(Guard)
    assert guard.starts == ("asked", "out")
    by_program = walk.answer(design, "states.loan.status.guarded_by", "application")
    assert derive(by_program).schema.things(Guard) == ()
