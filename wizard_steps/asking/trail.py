"""The trail: how the answers about one subject led through its trees to the outcome."""

from __future__ import annotations

from collections.abc import Collection

from schemawalk.design.errors import nearest
from schemawalk.design.model import Design
from schemawalk.schema.derive import derive
from wizard_steps import walk
from wizard_steps.asking.question import Question


def trail(design: Design, subject: str) -> tuple[str, ...]:
    """The trail of an entity, attribute, relationship or access pattern, or of a table or column.

    Lines of plain text; none when nothing has that id or name.
    """
    subject_id = _resolved(design, subject)
    lines: list[str] = []
    for a_step in walk.WALK:
        for a_tree in a_step.trees:
            asked = walk.subject_questions(design, a_tree.id, subject_id) if subject_id else ()
            if asked:
                lines += _of_tree(design, a_tree.title, asked)
    return tuple(lines)


def meant(subject: str, ids: Collection[str]) -> str:
    """The id that was probably meant; empty when none is near.

    A question's id means what it asks about (`entity.patient.tenant`: `patient`).  Otherwise the
    nearest word is sought among ids of the same form first: a name, or a name within a name.
    """
    first, _, rest = subject.partition(".")
    asks = any(tree.id == first for step in walk.WALK for tree in step.trees)
    words = rest.split(".") if asks else []
    about = (".".join(words[:end]) for end in range(len(words), 0, -1))
    if whole := next((each for each in about if each in ids), ""):
        return whole
    sought = words[0] if words else subject
    alike = [each for each in ids if each.count(".") == sought.count(".")]
    return nearest(sought, alike) or nearest(sought, ids)


def _resolved(design: Design, subject: str) -> str:
    """An id as it is; a table's or column's name as the id that it was derived from."""
    for table in derive(design).schema.tables:
        if table.name == subject:
            return table.source
        for column in table.columns:
            if f"{table.name}.{column.name}" == subject:
                return column.source
        for key in table.foreign_keys:
            if key.name == subject:
                return key.source
    return subject


def _of_tree(design: Design, title: str, asked: tuple[Question, ...]) -> list[str]:
    outcome = walk.outcome(design, asked[0].tree, asked[0].subject)
    lines = [f"{title}: {asked[0].about} → {outcome or 'open'}"]
    notes = {note.id: note for note in design.notes}
    for question in asked:
        note = notes.get(question.id)
        given = question.answer if question.answer is not None else question.recommended
        says = ", ".join(question.label(value) for value in given) or "none"
        state = "" if question.state == "answered" else f" [{question.state}]"
        reasons = (note.why, f"({note.source})" if note.source else "") if note else ()
        because = " ".join(filter(None, reasons)) or question.because
        lines.append(f"  ├ {question.prompt} {says}{state}")
        if because:
            lines.append(f"  │   because {because}")
    return lines
