"""Which questions stand behind a row of a proposal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wizard_steps.asking.question import Question
from wizard_steps.mending import mended_by


def asked_about(questions: Sequence[Question], step_id: str, row_id: str) -> tuple[Question, ...]:
    """The questions about a row: of its own id, of its tree and subject, or of its subject.

    A finding of the review leads to questions of any step, other rows to those of their own.
    """
    if step_id == "review":
        return _of_finding(questions, row_id)
    here = tuple(q for q in questions if q.step == step_id)
    tests: tuple[Callable[[Question], bool], ...] = (
        lambda q: q.id == row_id,
        lambda q: f"{q.tree}.{q.subject}" == row_id,
        lambda q: bool(q.subject) and q.subject == row_id,
    )
    for test in tests:
        if found := tuple(q for q in here if test(q)):
            return found
    return ()


def _of_finding(questions: Sequence[Question], row_id: str) -> tuple[Question, ...]:
    """The questions that settle a finding, or are about what it is about; else what to do."""
    rule, _, subject = row_id.removeprefix("review.").partition(".")
    if found := mended_by(questions, rule, subject):
        return found
    own = tuple(q for q in questions if f"{q.tree}.{q.subject}" == row_id and q.step == "review")
    about = own[0].about if own else row_id
    tests: tuple[Callable[[Question], bool], ...] = (
        lambda q: q.id == about,
        lambda q: bool(q.subject) and q.subject == about,
    )
    others = tuple(q for q in questions if q.step != "review")
    return next((f for test in tests if (f := tuple(filter(test, others)))), ()) or own


def about_the_whole(questions: Sequence[Question], step_id: str) -> tuple[Question, ...]:
    """A step's questions about the design as a whole, for rows that no question is about."""
    return tuple(q for q in questions if q.step == step_id and not q.subject)
