"""Words of one's own: added at the questions that take them, or written in one's own editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemawalk.cli import echo
from schemawalk.printable import one_line
from tui.plain.spoken import sentence, spoken

if TYPE_CHECKING:
    from tui.plain.words import Words
    from tui.session import Session
    from wizard_steps.asking.question import Question


def add_own(words: Words, name: str) -> None:
    """Choose the question that takes one's own words, and add a name there, or be asked it.

    Without such a question the step may still have rows of its own kind to add.
    """
    session = words.session
    asked = _asking(session)
    if not asked:
        _add_row(words, name)
        return
    chosen = asked[0]
    if len(asked) > 1:
        echo("To which of these?")
        at = words.pick([spoken(question.prompt) for question in asked])
        if at is None:
            return
        chosen = asked[at]
    session.go(chosen.step, chosen.id)
    if name:
        usual = chosen.answer if chosen.answer is not None else chosen.recommended
        session.answer((*usual, name))


def edit_answer(words: Words) -> None:
    """Write the answer at hand in one's own editor: several answers stand on a line each."""
    from tui.editor import EditorError, Page, command, edit
    from wizard_steps.asking.question import AnswerError

    asked = words.session.question
    if asked is None or not (asked.own_words or asked.form == "text"):
        echo("There is no text to edit here.")
        return
    usual = asked.answer if asked.answer is not None else asked.recommended
    page = Page("\n".join(usual), (asked.prompt, asked.why))
    try:
        edited = edit(page, command())
    except EditorError as error:
        echo(sentence(str(error)))
        return
    if edited.problem:
        echo(sentence(edited.problem))
        return
    lines = [line.strip() for line in edited.text.splitlines() if line.strip()]
    values = tuple(lines) if asked.form == "several" else (" ".join(lines),)
    try:
        words.session.answer(values)
    except AnswerError as error:
        echo(f"You typed: {one_line(edited.text)}. {sentence(str(error))}")


def _asking(session: Session) -> tuple[Question, ...]:
    """The questions that take words of one's own: the one at hand, or those of the step."""
    here = session.question
    if here is not None and here.own_words:
        return (here,)
    found = tuple(
        q for q in session.facts.questions
        if q.step == session.place.step and q.node == "which" and q.own_words
    )  # fmt: skip
    if session.place.step in _ROWS and not any(q.tree in _ROWS[session.place.step] for q in found):
        return ()
    return found


_ROWS = {"columns": ("facts",), "relationships": ("links",)}
"""Steps whose rows can be added one by one, and the trees that ask for them."""


def _add_row(words: Words, name: str) -> None:
    session = words.session
    if session.place.step == "columns":
        _fact(words, name)
    elif session.place.step == "relationships":
        _relationship(words)
    else:
        echo('Nothing can be added here: "go entities", then "add".')


def _entity(words: Words, prompt: str) -> str:
    entities = words.session.entities()
    if not entities:
        echo('There is no entity yet: "go entities" comes first.')
        return ""
    echo(prompt)
    at = words.pick([spoken(title) for _, title in entities])
    return entities[at][0] if at is not None else ""


def _fact(words: Words, name: str) -> None:
    entity = _entity(words, "A fact about which of these?")
    called = name or (words.ask("What is the fact called? ").strip() if entity else "")
    if entity and called:
        words.session.add_attribute(entity, called)


def _relationship(words: Words) -> None:
    a = _entity(words, "One of which of these?")
    b = _entity(words, "Has how many of which of these?") if a else ""
    if b:
        words.session.add_relationship(a, b)
        echo(sentence("Added, with its first question"))
