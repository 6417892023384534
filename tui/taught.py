"""The taught way through a step: the order of its questions, subject by subject."""

from __future__ import annotations

from collections.abc import Sequence

from wizard_steps.asking.question import Question

Subject = tuple[str, str]
"""A tree, and what it is asked about."""


def of_step(questions: Sequence[Question], step_id: str) -> tuple[Question, ...]:
    """The questions of one step, in the order in which they are taught."""
    return tuple(q for q in questions if q.step == step_id)


def about(question: Question) -> Subject:
    """The tree and the subject of a question."""
    return question.tree, question.subject


def first(questions: Sequence[Question]) -> Question | None:
    """The first question that has no answer yet."""
    return next((q for q in questions if q.state == "open"), None)


def after(
    answered: Question, before: Sequence[Question], now: Sequence[Question]
) -> Question | None:
    """The question that follows one of `before`, among those that there are now.

    An answer can take questions away: then it is the first of the next subject that is left.
    """
    ids = [q.id for q in now]
    if answered.id in ids:
        return _at(now, ids.index(answered.id) + 1)
    order = list(dict.fromkeys(map(about, before)))
    if about(answered) not in order:
        return None  # nothing called for it, and nothing follows
    later = set(order[order.index(about(answered)) + 1 :])
    return next((q for q in now if about(q) in later), None)


def ahead_of(asked: Question, questions: Sequence[Question]) -> Question | None:
    """The question before one; None when it is the first."""
    at = next((i for i, q in enumerate(questions) if q.id == asked.id), 0)
    return questions[at - 1] if at else None


def subject_number(asked: Question, questions: Sequence[Question]) -> tuple[int, int]:
    """Which subject of its step a question is about, counted from 1, and how many there are."""
    order = list(dict.fromkeys(map(about, questions)))
    here = about(asked)
    return (order.index(here) + 1 if here in order else 1, len(order))


def _at(questions: Sequence[Question], at: int) -> Question | None:
    return questions[at] if at < len(questions) else None
