"""A session of the walk: the design on disk, its history, and where in the walk one is.

It knows no widget; the screen shows what it says and tells it what was pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self

from schemawalk.design.draft import clear_draft, load_draft, save_draft
from schemawalk.design.file import NAME, DesignFile
from schemawalk.design.history import History
from schemawalk.design.model import Design
from tui.beginning import Tell, begin
from tui.facts import Facts
from tui.place import Place, load_place, save_place
from wizard_steps import columns, relationships, walk
from wizard_steps.question import AnswerError, Question
from wizard_steps.steps import Proposal, Step

Mark = Literal["done", "here", "open", "look again"]
Make = Callable[[Design], Design]

WRITE = "write"


class Session:
    """One person's walk through one folder's design."""

    def __init__(self, folder: Path, file: DesignFile) -> None:
        """Go on with an open design file where somebody left it; `Session.open` opens one."""
        self.folder = folder
        self.notice = ""
        """One sentence to show once: what the last action came to."""
        self._file = file
        self._history = History(folder, file.design)
        self._facts = Facts(file.design)
        self._proposal: tuple[Design, Place, Proposal] | None = None
        self._pending: tuple[Make, str] | None = None
        draft = load_draft(folder)
        self._drafts: dict[str, str] = dict([draft]) if draft else {}
        self.place = self._resumed(load_place(folder))

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
        return session

    def close(self) -> None:
        """Let others write; everything is on disk already."""
        self._file.close()

    # What is

    @property
    def design(self) -> Design:
        """The design as it is on disk."""
        return self._file.design

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
        return self.facts.by_id.get(self.place.question) if self.place.question else None

    @property
    def path(self) -> tuple[Question, ...]:
        """The questions of the tree before the one that one is at."""
        asked = self.question
        if asked is None:
            return ()
        found = walk.subject_questions(self.design, asked.tree, asked.subject)
        return found[: next((i for i, q in enumerate(found) if q.id == asked.id), 0)]

    @property
    def proposal(self) -> Proposal:
        """What the step proposes, with the rows that are left out."""
        kept = self._proposal
        if kept is None or kept[0] is not self.design or kept[1] != self.place:
            made = walk.propose(self.design, self.place.step)
            kept = self._proposal = (self.design, self.place, made)
        return kept[2]

    @property
    def shown_design(self) -> Design:
        """The design that the panel looks at: at a proposal, as it would be if that is taken."""
        return self.design if self.place.question else self.proposal.design

    @property
    def subject(self) -> str:
        """Id of the entity, attribute, relationship or access pattern at hand."""
        if self.question:
            return self.question.subject
        row = self.place.row
        return row.partition(".")[2] if row.startswith("ending.") else row

    def marks(self) -> tuple[tuple[str, Mark], ...]:
        """Every step's title, and how it stands."""
        return tuple((each.title, self._mark(each.id)) for each in walk.WALK)

    def _mark(self, step_id: str) -> Mark:
        if step_id == self.place.step:
            return "here"
        if step_id in self.facts.to_look_at:
            return "look again"
        return "done" if step_id in self.design.done else "open"

    # Moving

    def go(self, step_id: str, question_id: str = "", row: str = "") -> None:
        """Be at a step's proposal, or at one of its questions."""
        same = step_id == self.place.step
        without = self.place.without if same else ()
        origin = self.place.origin if same and question_id else ""
        row = row or (self.place.row if same else "")
        self._be(Place(step_id, question_id, row, without, origin))

    def highlight(self, row: str) -> None:
        """Remember the row at hand."""
        if row != self.place.row and not self.place.question:
            kept = self._proposal
            self._be(replace(self.place, row=row))
            if kept:
                self._proposal = (kept[0], self.place, kept[2])

    def back(self) -> None:
        """One question back, from the first to the proposal, from a proposal to the step before."""
        if self.place.question:
            before = self.path
            if before:
                self.go(self.place.step, before[-1].id)
            else:
                self.go(self.place.origin or self.place.step, "", self.place.row)
            return
        self.neighbour(-1)

    def neighbour(self, by: int) -> None:
        """The proposal of the step before or after; the ends of the walk are ends."""
        ids = [each.id for each in walk.WALK]
        at = min(max(ids.index(self.place.step) + by, 0), len(ids) - 1)
        if ids[at] != self.place.step:
            self.go(ids[at])

    def walk_row(self, row_id: str) -> bool:
        """Be at the first question of a row's tree; False when nothing is asked about it."""
        grown = self.step.grow(self.design, frozenset(self.place.without))
        if not self._asked_about(self.facts, row_id) or self.place.without:
            self._change(lambda _: grown, self.place.step)
        found = self._asked_about(self.facts, row_id)
        if not found:
            return False
        first, here = found[0], self.place.step
        origin = here if first.step != here else ""
        self._be(Place(first.step, first.id, row_id, origin=origin))
        return True

    def _asked_about(self, facts: Facts, row_id: str) -> tuple[Question, ...]:
        """The questions about a row: of its own id, of its subject, or else of its step."""
        here = [q for q in facts.questions if q.step == self.place.step]
        every = facts.questions if self.place.step == "review" else here
        tests: tuple[Callable[[Question], bool], ...] = (
            lambda q: q.id == row_id,
            lambda q: f"{q.tree}.{q.subject}" == row_id,
            lambda q: bool(q.subject) and q.subject == row_id,
        )
        for test in tests:
            if found := tuple(q for q in every if test(q)):
                return found
        whole = tuple(q for q in here if not q.subject)
        return whole if self.place.step in ("tools", "sources") else ()

    # Answering

    def leave_out(self, row_id: str) -> bool:
        """Leave a row out of the proposal, or take it back in; False when it must stay."""
        row = next((r for r in self.proposal.rows if r.id == row_id), None)
        if row is None or not row.optional:
            return False
        kept = self._proposal
        without = set(self.place.without) ^ {row_id}
        self._be(replace(self.place, row=row_id, without=tuple(sorted(without))))
        if kept:
            self._proposal = (kept[0], self.place, kept[2])
        return True

    def take(self) -> None:
        """Take the step's proposal without the rows left out, and go on to the next step."""
        step_id, without = self.place.step, self.place.without
        self._change(lambda design: walk.propose(design, step_id, without).design, step_id)
        self.neighbour(1)

    def answer(self, values: tuple[str, ...]) -> None:
        """Answer the question at hand and go on; raises AnswerError when it does not fit."""
        asked = self._at_hand()
        self._change(lambda design: walk.answer(design, asked.id, values), asked.id)
        self._forget_draft(asked.id)
        self._go_on(asked)

    def do_not_know(self) -> None:
        """Answer "I don't know yet", and go on."""
        asked = self._at_hand()
        self._change(lambda design: walk.do_not_know(design, asked.id), asked.id)
        self._forget_draft(asked.id)
        said = ", ".join(asked.label(value) for value in asked.recommended) or "nothing"
        self._go_on(asked)
        self.notice = f"Noted as open; meanwhile: {said}"

    def _at_hand(self) -> Question:
        if self.question is None:
            raise AnswerError("No question is asked here.")
        return self.question

    def _go_on(self, answered: Question) -> None:
        """The next question of the tree; at its end the proposal, with what it came to."""
        found = walk.subject_questions(self.design, answered.tree, answered.subject)
        ids = [q.id for q in found]
        after = ids.index(answered.id) + 1 if answered.id in ids else len(ids)
        if after < len(ids):
            self.go(answered.step, ids[after])
            return
        came_to = walk.outcome(self.design, answered.tree, answered.subject)
        if self.place.origin:
            self.go(self.place.origin, "", self.place.row)
        else:
            self.go(answered.step, "", self._row_after(self.place.row))
        self.notice = f"{answered.about}: {came_to}" if came_to else ""

    def _row_after(self, row_id: str) -> str:
        ids = [row.id for row in walk.propose(self.design, self.place.step).rows]
        at = ids.index(row_id) + 1 if row_id in ids else 0
        return ids[at] if at < len(ids) else row_id

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
        step, without = self.step, frozenset(self.place.without)
        grown = step.grow(self.design, without)
        known = {question.subject for question in walk.questions(grown, step.id)}
        self._change(lambda design: make(step.grow(design, without)), f"{step.id}:own")
        asked = (q for q in self.facts.questions if q.step == step.id and q.subject not in known)
        first = next(asked, None)
        if first:
            self._be(Place(step.id, first.id, first.subject))

    # Taking back

    def undo(self) -> None:
        """Take the last change back, and be where it was made."""
        label = self._history.undo_label
        self._restore(self._history.undo(), label, "Undone", "There is nothing to undo")

    def redo(self) -> None:
        """Make the change again that was undone last."""
        label = self._history.redo_label
        self._restore(self._history.redo(), label, "Done again", "There is nothing to redo")

    def _restore(self, design: Design | None, label: str | None, done: str, none: str) -> None:
        if design is None or label is None:
            self.notice = none
            return
        self._file.save(design)
        step_id = label.partition(":")[0]
        if label in self.facts.by_id:
            self.go(self.facts.by_id[label].step, label)
        elif step_id in {each.id for each in walk.WALK}:
            self._be(Place(step_id))
        else:
            self.go(self.place.step)
        self.notice = f"{done}: {self._words(label)}"

    def _words(self, label: str) -> str:
        """A label of the history in the words of the screen."""
        asked = self.facts.by_id.get(label)
        if asked:
            return asked.prompt
        step_id, _, own = label.partition(":")
        titles = {each.id: each.title for each in walk.WALK}
        if step_id in titles:
            return f"an addition to {titles[step_id]}" if own else f"the step {titles[step_id]}"
        return label

    # Drafts

    def draft(self, question_id: str) -> str | None:
        """The text typed for a question and not taken yet."""
        return self._drafts.get(question_id)

    def keep_draft(self, question_id: str, text: str) -> None:
        """Keep the text being typed, on disk."""
        self._drafts[question_id] = text
        save_draft(self.folder, question_id, text)

    def _forget_draft(self, question_id: str) -> None:
        if self._drafts.pop(question_id, None) is not None:
            clear_draft(self.folder)

    # Keeping

    def _change(self, make: Make, label: str) -> None:
        """Save a changed design; raises DesignChanged, and keeps the change for `reload`."""
        self._pending = (make, label)
        changed = make(self.design)
        if changed != self.design:
            self._file.save(changed)
            self._history.push(changed, label)
        self._pending = None

    def reload(self) -> None:
        """Go on from what is on disk now, with the change that could not be saved made on it.

        Raises DesignError when the file is no design any more; AnswerError when the change does
        not fit it.
        """
        pending = self._pending
        self._file.close()
        self._file = DesignFile.open(self.folder)
        self._history = History(self.folder, self._file.design)
        self._pending = self._proposal = None
        self.place = self._resumed(self.place)
        if pending:
            self._change(*pending)
        self.notice = f"{NAME} was read again, and your answer is in it"

    def _resumed(self, place: Place | None) -> Place:
        """A place that exists in the design: the one kept, or else the first step not done."""
        known = {each.id for each in walk.WALK}
        if place is None or place.step not in known:
            first = walk.first_open(self.design)
            return Place(first.id if first else WRITE)
        if place.question and place.question not in self.facts.by_id:
            return replace(place, question="")
        return place

    def _be(self, place: Place) -> None:
        self.place = place
        self.notice = ""
        save_place(self.folder, place)
