"""Where in the walk one is, and every way of being somewhere else; it changes no answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from schemawalk.design.file import DesignFile
from schemawalk.design.model import Design, Note
from tui import taught
from tui.facts import Facts
from tui.kept import Kept
from tui.place import Place, load_place, save_place
from tui.places import Destination, destinations, matching
from tui.row_questions import about_the_whole, asked_about
from wizard_steps import walk
from wizard_steps.asking.left_out import with_left_out
from wizard_steps.asking.question import Question
from wizard_steps.asking.steps import Proposal, Step

Mark = Literal["done", "here", "open", "look again"]

WRITE = "write"


class Whereabouts:
    """A place in the walk through one folder's design."""

    def __init__(self, folder: Path, file: DesignFile) -> None:
        """Be in an open design file where somebody left it."""
        self.folder = folder
        self.notice = ""
        """One sentence to show once: what the last action came to."""
        self._kept = Kept(folder, file)
        self._facts = Facts(file.design)
        self._proposal: tuple[Design, str, Proposal] | None = None
        self.place = self._resumed(load_place(folder))

    # What is

    @property
    def design(self) -> Design:
        """The design as it is on disk."""
        return self._kept.design

    @property
    def facts(self) -> Facts:
        """What follows from the design."""
        if self._facts.design is not self.design:
            self._facts = Facts(self.design)
        return self._facts

    @property
    def step(self) -> Step:
        """The step that one is at."""
        return walk.step(self.place.step)

    @property
    def question(self) -> Question | None:
        """The question that one is at; None at a proposal."""
        return self.facts.found(self.place.question) if self.place.question else None

    @property
    def whole_path(self) -> tuple[Question, ...]:
        """All questions of the tree that one is in, those that may still come included."""
        asked = self.question
        if asked is None:
            return ()
        path = self.facts.by_subject.get(taught.about(asked), ())
        return path if asked in path else (asked,)

    @property
    def path(self) -> tuple[Question, ...]:
        """The questions of the tree before the one that one is at."""
        found = self.whole_path
        return found[: next((i for i, q in enumerate(found) if q.id == self.place.question), 0)]

    @property
    def proposal(self) -> Proposal:
        """What the step proposes, with the rows that are left out, also those of earlier."""
        kept = self._proposal
        if kept is None or kept[0] is not self.design or kept[1] != self.place.step:
            made = with_left_out(self.design, walk.propose(self.design, self.place.step))
            kept = self._proposal = (self.design, self.place.step, made)
        return kept[2]

    @property
    def out(self) -> frozenset[str]:
        """Ids of the rows that are left out, now or when the step was taken."""
        return self.proposal.left_out | frozenset(self.place.without)

    @property
    def shown_design(self) -> Design:
        """The design that the panel looks at: at a proposal, as it would be if that is taken."""
        return self.design if self.place.question else self.proposal.design

    @property
    def subject(self) -> str:
        """Id of the row at hand, or of what the question is about."""
        return self.question.subject if self.question else self.place.row

    @property
    def reason(self) -> str:
        """Why somebody gave the answer at hand, or means to give it, in their words."""
        return self.place.why or self.reason_for(self.place.question)

    def reason_for(self, question_id: str) -> str:
        """The reason that somebody gave for an answer; empty when there is none."""
        note = self._note(question_id)
        return note.why if note and note.by == "user" else ""

    def _note(self, question_id: str) -> Note | None:
        return next((note for note in self.design.notes if note.id == question_id), None)

    def marks(self) -> tuple[tuple[str, Mark], ...]:
        """Every step's title, and how it stands."""
        return tuple((each.title, self._mark(each.id)) for each in walk.WALK)

    def _mark(self, step_id: str) -> Mark:
        if step_id == self.place.step:
            return "here"
        if step_id in self.facts.to_look_at or (step_id == "review" and self._is_blocked()):
            return "look again"
        return "done" if step_id in self.design.done else "open"

    def _is_blocked(self) -> bool:
        """Whether the review was gone through, and still finds an error."""
        return "review" in self.design.done and self.facts.has_errors

    # The two ways

    @property
    def taught(self) -> bool:
        """Whether each question is asked one by one; else whole proposals are taken."""
        return self.place.taught

    def toggle_taught(self) -> None:
        """Go on in the other way: a question stays, a proposal is walked from here."""
        self._be(replace(self.place, taught=not self.taught))
        if self.taught and not self.place.question:
            rows = self.proposal.rows
            row = self.place.row or (rows[0].id if rows else "")
            if not self._begin() and row:
                self.walk_row(row)
        way = "one question after the other" if self.taught else "whole proposals"
        self.notice = self.notice or f"{'Taught' if self.taught else 'Quick'} way: {way}"

    @property
    def subject_number(self) -> tuple[int, int]:
        """Which subject of its step the question is about, counted from 1, and of how many."""
        asked = self.question
        return taught.subject_number(asked, self._of_step()) if asked else (0, 0)

    def _of_step(self) -> tuple[Question, ...]:
        return taught.of_step(self.facts.questions, self.place.step)

    def enter(self, step_id: str) -> None:
        """Come to a step: to its proposal, or in the taught way to its questions."""
        self.go(step_id)
        if self.taught:
            self._begin()

    def _begin(self) -> bool:
        """Be at the step's first question, or if it was gone through, at the first open one.

        False when there is none: then the proposal is shown.
        """
        gone_through = self.place.step in self.design.done
        if not gone_through:
            self._grow()
        questions = self._of_step()
        first = taught.first(questions) if gone_through else next(iter(questions), None)
        if first:
            self.go(first.step, first.id)
        return first is not None

    def _grow(self) -> None:
        """Put what the step proposes into the design, for its questions to be asked."""
        self._kept.change(self._grown, self.place.step)

    def _grown(self, design: Design) -> Design:
        return self.step.grow(design, frozenset(self.place.without))

    # Moving

    def go(self, step_id: str, question_id: str = "", row: str = "") -> None:
        """Be at a step's proposal, or at one of its questions."""
        here = self.place
        same = step_id == here.step
        self._be(
            Place(
                step_id, question_id, row or (here.row if same else ""),
                without=here.without if same else (),
                origin=here.origin if same and question_id else "",
                taught=here.taught,
            )
        )  # fmt: skip

    def matches(self, text: str = "") -> tuple[Destination, ...]:
        """The steps and questions that a text may mean; all of them when it is empty."""
        found = destinations(self.facts)
        return matching(found, text) if text.strip() else found

    def goto(self, text: str) -> bool:
        """Be at the first step or question that a text may mean; False when there is none."""
        found = self.matches(text)
        if found and text.strip():
            self.visit(found[0])
        return bool(found and text.strip())

    def visit(self, place: Destination) -> None:
        """Be at a step or a question."""
        if place.question:
            self.go(place.step, place.question)
        else:
            self.enter(place.step)

    def highlight(self, row: str) -> None:
        """Remember the row at hand."""
        if row != self.place.row and not self.place.question:
            self._be(replace(self.place, row=row))

    def back(self) -> None:
        """One question back, from the first to the proposal, from a proposal to the step before.

        In the taught way the questions of a step are one line, with its proposal at the end.
        """
        if self.taught and not self.place.origin:
            self._back_taught()
        elif not self.place.question:
            self.neighbour(-1)
        elif self.path:
            self.go(self.place.step, self.path[-1].id)
        else:
            self.go(self.place.origin or self.place.step, "", self.place.row)

    def _back_taught(self) -> None:
        questions, asked = self._of_step(), self.question
        before = taught.ahead_of(asked, questions) if asked else next(reversed(questions), None)
        if before:
            self.go(self.place.step, before.id)
        else:
            self.neighbour(-1)

    def neighbour(self, by: int) -> None:
        """The proposal of the step before or after; the ends of the walk are ends."""
        ids = [each.id for each in walk.WALK]
        at = min(max(ids.index(self.place.step) + by, 0), len(ids) - 1)
        if ids[at] != self.place.step or self.place.question:
            self.go(ids[at])

    def walk_row(self, row_id: str) -> bool:
        """Be at the first question of a row's tree; False when nothing is asked about it."""
        here = self.place
        found = self._behind(row_id)
        if not found:
            return False
        first = found[0]
        origin = here.step if first.step != here.step else ""
        self._be(Place(first.step, first.id, row_id, origin=origin, taught=here.taught))
        return True

    def _behind(self, row_id: str) -> tuple[Question, ...]:
        """The questions behind a row, which the design may have to grow for."""
        step_id, done = self.place.step, self.design.done
        if step_id == "review":
            every = (*self.facts.questions, *self.facts.aside.values())
            return asked_about(every, step_id, row_id) or about_the_whole(every, step_id)
        found = asked_about(self.facts.questions, step_id, row_id)
        if found and not self.place.without:
            return found
        self._grow()
        found = asked_about(self.facts.questions, step_id, row_id)
        proposed = self.proposal.design.model_copy(update={"done": done})
        if not found and asked_about(walk.questions(proposed, step_id), step_id, row_id):
            # It is only called for by what is recommended elsewhere in the step.
            self._kept.change(lambda _: proposed, step_id)
        questions = self.facts.questions
        return asked_about(questions, step_id, row_id) or about_the_whole(questions, step_id)

    # Keeping the place

    def _resumed(self, place: Place | None) -> Place:
        """A place that exists in the design: the one kept, or else the first step not done."""
        known = {each.id for each in walk.WALK}
        if place is None or place.step not in known:
            first = walk.first_open(self.design)
            return Place(first.id if first else WRITE, taught=place.taught if place else False)
        if place.question and not self.facts.found(place.question):
            return replace(place, question="", why="")
        return place

    def _be(self, place: Place) -> None:
        self.place = place
        self.notice = ""
        save_place(self.folder, place)
