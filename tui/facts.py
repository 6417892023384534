"""What follows from one design and is asked for again and again, worked out once."""

from __future__ import annotations

from functools import cached_property

from schemawalk.design.model import Design
from wizard_steps import walk
from wizard_steps.asking.question import Question
from wizard_steps.reviewed import reviewed


class Facts:
    """What follows from one design and is asked for again and again."""

    def __init__(self, design: Design) -> None:
        self.design = design

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order of the walk."""
        return walk.questions(self.design)

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """All questions by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def aside(self) -> dict[str, Question]:
        """By id the questions that nothing calls for, and that can be answered all the same."""
        every = walk.questions(self.design, aside=True)
        return {question.id: question for question in every if question.id not in self.by_id}

    def found(self, question_id: str) -> Question | None:
        """The question of that id, asked or not; None when there is none."""
        return self.by_id.get(question_id) or self.aside.get(question_id)

    @cached_property
    def by_subject(self) -> dict[tuple[str, str], tuple[Question, ...]]:
        """The path through each tree for each subject, by the ids of both."""
        found: dict[tuple[str, str], list[Question]] = {}
        for question in self.questions:
            found.setdefault((question.tree, question.subject), []).append(question)
        return {subject: tuple(path) for subject, path in found.items()}

    @cached_property
    def progress(self) -> tuple[int, int]:
        """How many questions are answered, and how many there are so far."""
        return walk.progress(self.design)

    @cached_property
    def has_errors(self) -> bool:
        """Whether the review finds an error, which stands before the files."""
        return any(found.severity == "error" for found in reviewed(self.design).findings)

    @cached_property
    def to_look_at(self) -> frozenset[str]:
        """Ids of the steps with an answer that should be looked at again."""
        return walk.to_look_at(self.design)
