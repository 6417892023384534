"""The panel "Tree": every tree about what is at hand, with answers, reasons, roads not taken."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from schemawalk.design.model import Design
from tui.branches import Branch, When, branch, full
from tui.layout import wrapped
from tui.safe import safe
from tui.side.panel import Aim, Look
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError, Question


def tree_lines(look: Look, width: int) -> list[Content]:
    """The trees, the one that asks the question at hand first; what it shows before all."""
    design = look.design if look.aim.question else look.proposed
    found = [
        line
        for tree_id, subject in _trees(design, look.aim)
        for line in _tree(design, tree_id, subject, look, width)
    ]
    if not found:
        return wrapped("Go to a row or a question: here is the path that its answers took.",
                       width, "$muted")  # fmt: skip
    return [*_shown(design, look.aim.question), *found[:-1]]


def _shown(design: Design, question_id: str) -> list[Content]:
    """What is to be looked at before the question is answered, whole."""
    try:
        shown = walk.shows(design, question_id) if question_id else ()
    except AnswerError:
        return []
    return [*(safe(line) for line in shown), safe("")] if shown else []


def _trees(design: Design, aim: Aim) -> Iterator[tuple[str, str]]:
    """Trees and subjects: of the question, or of the row; then the subject's other trees."""
    known = {each.id: each for a_step in walk.WALK for each in a_step.trees}
    head, _, rest = (aim.question or aim.row).partition(".")
    subject = aim.row
    if head in known:
        subject = rest.rpartition(".")[0] if aim.question else rest
        if not aim.question and not walk.subject_questions(design, head, subject):
            subject = ""
        yield head, subject
    if subject:
        yield from ((tree_id, subject) for tree_id in known if tree_id != head)


def _tree(design: Design, tree_id: str, subject: str, look: Look, width: int) -> list[Content]:
    path = walk.subject_questions(design, tree_id, subject)
    if not path:
        return []
    about, title = path[0].about, walk.tree(tree_id).title
    outcome = walk.outcome(look.proposed, tree_id, subject)
    named = f"{title}: {about}" if about != title else title
    return [*full(named, _branches(design, path, look.aim), outcome, width), safe("")]


def _branches(design: Design, path: tuple[Question, ...], aim: Aim) -> list[Branch]:
    reasons = {note.id: _reason(note.why, note.source) for note in design.notes}
    at = next((i for i, q in enumerate(path) if q.id == aim.question), len(path))
    return [branch(q, _when(i, at, q), reasons.get(q.id, "")) for i, q in enumerate(path)]


def _when(number: int, at: int, asked: Question) -> When:
    if number == at:
        return "here"
    return "taken" if number < at or asked.answer is not None else "ahead"


def _reason(why: str, source: str) -> str:
    return " ".join(
        filter(None, (f"because {why}" if why else "", f"({source})" if source else ""))
    )
