"""A session of the walk: answers, proposals taken, and everything taken back again.

It knows no widget; the screen shows what it says and tells it what was pressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

from schemawalk.design.file import NAME, DesignFile
from tui import taught
from tui.beginning import CHANGED, Tell, begin
from tui.facts import Facts
from tui.kept import Make
from tui.place import Place
from tui.whereabouts import Mark, Whereabouts
from wizard_steps import columns, relationships, reviewed, walk
from wizard_steps.asking.left_out import taken_back
from wizard_steps.asking.question import AnswerError, Question

__all__ = ["Mark", "Session"]


class Session(Whereabouts):
    """One person's walk through one folder's design; `Session.open` opens one."""

    def __init__(self, folder: Path, file: DesignFile) -> None:
        """Go on with an open design file where somebody left it."""
        super().__init__(folder, file)
        self.last_answered = ""
        """Id of the question that was answered last."""
        self.documents_changed = False
        """Whether documents are not as they were read when the session began."""

    @classmethod
    def open(cls, folder: Path, tell: Tell) -> Self:
        """Open a folder's design; a new one begins with what the documents say.

        `tell` is called with what is being done.  Raises DesignError, DesignLocked.
        """
        file = DesignFile.open(folder)
        try:
            notice = begin(folder, file, tell)
            session = cls(folder, file)
        except BaseException:
            file.close()
            raise
        session.notice = notice
        session.documents_changed = notice.startswith(CHANGED)
        return session

    def close(self) -> None:
        """Let others write; everything is on disk already."""
        self._kept.close()

    # Answering

    def leave_out(self, row_id: str) -> bool:
        """Leave a row out of the proposal, or take it back in; False when it must stay."""
        row = next((r for r in self.proposal.rows if r.id == row_id), None)
        if row is None or not row.optional:
            return False
        if row_id in self.proposal.left_out:
            self._take_back(row_id)
            return True
        without = set(self.place.without) ^ {row_id}
        self._be(replace(self.place, row=row_id, without=tuple(sorted(without))))
        return True

    def _take_back(self, row_id: str) -> None:
        step_id = self.place.step
        self._kept.change(lambda design: taken_back(design, step_id, row_id), f"{step_id}:back")
        self._be(replace(self.place, row=row_id))

    def take(self) -> None:
        """Take the step's proposal without the rows left out, and go on to the next step."""
        step_id, without = self.place.step, self.place.without
        self._kept.change(lambda design: walk.propose(design, step_id, without).design, step_id)
        self.neighbour(1)
        if self.taught and self.place.step != step_id:
            self._begin()

    def answer(self, values: tuple[str, ...], why: str = "") -> None:
        """Answer the question at hand and go on; raises AnswerError when it does not fit.

        `why` is the reason, in the user's words; without one that typed before is taken.
        """
        asked, reason = self._at_hand(), why or self.place.why
        self._answered(asked, lambda design: walk.answer(design, asked.id, values, why=reason))

    def do_not_know(self) -> None:
        """Answer "I don't know yet", and go on."""
        asked = self._at_hand()
        said = ", ".join(asked.label(value) for value in asked.recommended) or "nothing"
        self._answered(asked, lambda design: walk.do_not_know(design, asked.id))
        self.notice = f"Noted as open; meanwhile: {said}"

    def reason_to_keep(self, question_id: str) -> str:
        """The reason typed or kept for an answer so far."""
        here = question_id == self.place.question
        return (self.place.why if here else "") or self.reason_for(question_id)

    def explain(self, question_id: str, why: str) -> None:
        """Keep the reason for an answer; for a question that is open, until it is answered."""
        asked = self.facts.found(question_id)
        if asked and asked.answer is None and question_id == self.place.question:
            self._be(replace(self.place, why=why.strip()))
            self.notice = "Your reason goes with the answer"
            return
        self._kept.change(lambda design: walk.explain(design, question_id, why.strip()),
                          question_id)  # fmt: skip
        self.notice = "Reason kept" if why.strip() else "Reason taken away"

    def _at_hand(self) -> Question:
        if self.question is None:
            raise AnswerError("No question is asked here.")
        return self.question

    def _answered(self, asked: Question, make: Make) -> None:
        before, listed = self.facts, self._listed_findings()
        grow = self.taught and not self.place.origin
        self._kept.change(lambda d: self._grown(make(d)) if grow else make(d), asked.id)
        self._kept.forget_draft(asked.id)
        self.last_answered = asked.id
        self._go_on(asked, taught.of_step(before.questions, asked.step))
        self._pass_settled(listed)
        self.notice = ". ".join(filter(None, (self.notice, *self._consequences(before))))

    def _go_on(self, answered: Question, before: tuple[Question, ...]) -> None:
        """The next question of the tree; at its end the next subject, or the proposal."""
        following = taught.after(answered, before, self._of_step())
        if following and taught.about(following) == taught.about(answered):
            self.go(answered.step, following.id)
            return
        if self.place.origin:
            self.go(self.place.origin, "", self.place.row)
        elif following and self.taught:
            self.go(answered.step, following.id)
        else:
            self.go(answered.step, "", self._row_after(self.place.row))
        came_to = walk.outcome(self.design, answered.tree, answered.subject)
        self.notice = f"{answered.about}: {came_to}" if came_to else ""

    def _consequences(self, before: Facts) -> Iterator[str]:
        """What an answer does to other answers, in words."""
        gone = [
            q
            for q in before.questions
            if q.answer is not None and q.id not in self.facts.by_id and q.tree != "review"
        ]
        if gone:
            yield f"Not asked any more: {gone[0].prompt}" + _more(len(gone) - 1)
        new = self.facts.to_look_at - before.to_look_at
        if new:
            yield "Look again: " + ", ".join(each.title for each in walk.WALK if each.id in new)

    def _row_after(self, row_id: str) -> str:
        ids = [row.id for row in self.proposal.rows]
        at = ids.index(row_id) + 1 if row_id in ids else 0
        return ids[at] if at < len(ids) else row_id

    # The review

    def can_be_accepted(self, row_id: str) -> bool:
        """Whether a reason is enough for the finding of a row."""
        matter = self._matter(row_id)
        return matter is not None and matter.can_be_waived

    def is_accepted(self, row_id: str) -> bool:
        """Whether somebody accepted the finding of a row."""
        matter = self._matter(row_id)
        return matter is not None and matter.is_accepted

    def fix(self, row_id: str) -> None:
        """Give the answers that settle a finding; without any, be at its questions.

        Raises AnswerError when there are neither answers nor questions.
        """
        matter = self._matter(row_id)
        if matter is None:
            raise AnswerError("Nothing is found here that could be fixed.")
        if reviewed.can_be_fixed(self.design, matter):
            self._settle(row_id, "fix", f"Fixed: {matter.rule}")
        elif self.walk_row(row_id) and self.question and self.question.tree != "review":
            self.notice = f"Only you can tell: {matter.fix}"
        else:
            raise AnswerError(f"Only you can tell: {matter.fix}")

    def accept(self, row_id: str, reason: str) -> None:
        """Accept a finding for a reason; without one it is not accepted any more."""
        if reason:
            self._settle(row_id, "accept", "Accepted; the reason stands in the document", reason)
        else:
            self._settle(row_id, "leave", "Not accepted any more")

    def _matter(self, row_id: str) -> reviewed.Matter | None:
        return reviewed.matters(self.design).get(row_id.partition(".")[2])

    def _settle(self, row_id: str, value: str, said: str, why: str = "") -> None:
        before, question_id = self.facts, f"{row_id}.decide"
        rows = [row.id for row in self.proposal.rows]
        self._kept.change(lambda d: walk.answer(d, question_id, value, why=why), question_id)
        after = row_id if value == "leave" else self._next_finding(row_id, rows)
        self._be(replace(self.place, row=after))
        self.notice = ". ".join((said, *self._consequences(before)))

    def _listed_findings(self) -> list[str]:
        """The rows of the review, for whoever came from there to answer a question."""
        if self.place.origin != "review":
            return []
        return [row.id for row in walk.propose(self.design, "review").rows]

    def _pass_settled(self, before: list[str]) -> None:
        """Back at the review, be at the next finding when an answer settled the one at hand."""
        here, notice = self.place, self.notice
        if before and here.step == "review" and not here.question:
            if here.row not in {row.id for row in self.proposal.rows}:
                self._be(replace(here, row=self._next_finding(here.row, before)))
            self.notice = notice

    def _next_finding(self, settled: str, before: list[str]) -> str:
        """The row of the finding to be settled next: the one that followed, or else the worst.

        An error that was not there before comes first.
        """
        standing = [row for row in self.proposal.rows if row.sort != "accepted"]
        new = [row.id for row in standing if row.sort == "error" and row.id not in before]
        left = {row.id for row in standing} - {settled}
        following = before[before.index(settled) + 1 :] if settled in before else []
        after = [row_id for row_id in following if row_id in left]
        worst = [row.id for row in standing if row.id in left]
        return next(iter((*new, *after, *worst)), settled)

    # Own words

    def journey_steps(self) -> tuple[tuple[str, str], ...]:
        """Id and title of each step of the journey."""
        return tuple((step.id, step.title) for step in self.design.steps)

    def entities(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each entity of the design."""
        return tuple((entity.id, entity.name) for entity in self.design.entities)

    def add_nouns(self, step_id: str) -> None:
        """Be at the question which nouns of a journey's step count."""
        self.walk_row(f"nouns.{step_id}")

    def add_attribute(self, entity_id: str, name: str) -> None:
        """One more fact about an entity, and its first question."""
        self._add(lambda design: columns.added(design, entity_id, name))

    def add_relationship(self, a: str, b: str) -> None:
        """One more relationship, and its first question."""
        self._add(lambda design: relationships.added(design, a, b))

    def _add(self, make: Make) -> None:
        known = {question.subject for question in walk.questions(self._grown(self.design),
                                                                 self.place.step)}  # fmt: skip
        self._kept.change(lambda design: make(self._grown(design)), f"{self.place.step}:own")
        first = next((q for q in self._of_step() if q.subject not in known), None)
        if first:
            self._be(Place(first.step, first.id, first.subject, taught=self.taught))

    # Taking back

    def undo(self) -> None:
        """Take the last change back, and be where it was made."""
        self._be_at_change(self._kept.undo(), "Undone", "There is nothing to undo")

    def redo(self) -> None:
        """Make the change again that was undone last."""
        self._be_at_change(self._kept.redo(), "Done again", "There is nothing to redo")

    def _be_at_change(self, label: str | None, done: str, none: str) -> None:
        if label is None:
            self.notice = none
            return
        step_id = label.partition(":")[0]
        if asked := self.facts.found(label):
            self.go(asked.step, label)
        elif step_id in {each.id for each in walk.WALK}:
            self._be(Place(step_id, taught=self.taught))
        else:
            self.go(self.place.step)
        self.notice = f"{done}: {self._words(label)}"

    def _words(self, label: str) -> str:
        """A label of the history in the words of the screen."""
        asked = self.facts.found(label)
        if asked:
            return asked.prompt
        step_id, _, own = label.partition(":")
        titles = {each.id: each.title for each in walk.WALK}
        kinds = {
            "": "the step",
            "own": "an addition to",
            "back": "a row of",
            "read": "documents read again, in",
        }
        return f"{kinds.get(own, own)} {titles[step_id]}" if step_id in titles else label

    # Keeping

    def draft(self, question_id: str) -> str | None:
        """The text typed for a question and not taken yet."""
        return self._kept.draft(question_id)

    def keep_draft(self, question_id: str, text: str) -> None:
        """Keep the text being typed, on disk."""
        self._kept.keep_draft(question_id, text)

    def forget_draft(self, question_id: str) -> None:
        """The text was taken."""
        self._kept.forget_draft(question_id)

    def read_documents(self) -> None:
        """Read the documents again: what they say now is in the design, answers stay.

        Raises ReadingError when the folder cannot be read.
        """
        from wizard_steps.asking.changed import reread

        new, said = reread(self.design, self.folder)
        self._kept.change(lambda _: new, "sources:read")
        self.documents_changed = False
        self._be(self._resumed(self.place))
        again = ", ".join(each.title for each in walk.WALK if each.id in self.facts.to_look_at)
        words = f"Read again: {'; '.join(said) or 'nothing tells otherwise'}"
        self.notice = f"{words}. Look again: {again}" if again else words

    def reload(self) -> None:
        """Go on from what is on disk now, with the change that could not be saved made on it.

        Raises DesignError when the file is no design any more; AnswerError when the change does
        not fit it.
        """
        self._kept.reload()
        self.place = self._resumed(self.place)
        self.notice = f"{NAME} was read again, and your answer is in it"


def _more(count: int) -> str:
    return f" and {count} more" if count else ""
