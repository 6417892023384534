"""The panel "Change": what the option or the row at hand adds to the tables and takes from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.content import Content

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from tui.difference import Difference, Sign, differences
from tui.layout import joined, wrapped
from tui.safe import safe
from tui.side.panel import Look
from wizard_steps import walk
from wizard_steps.asking.left_out import taken_back
from wizard_steps.asking.question import AnswerError, Question

SIGNS: Final[dict[Sign, str]] = {"+": "$good", "-": "$bad"}
NO_TABLES: Final = "There are no tables yet: what this changes in them is seen once there are."
MOST_COMPARED: Final = 6
"""Options of one question that are compared with each other."""


def change_lines(look: Look, width: int) -> list[Content]:
    """The difference that the choice at hand makes, and that of its rivals in numbers."""
    try:
        return _question(look, width) if look.aim.question else _row(look, width)
    except AnswerError as error:
        return wrapped(str(error), width, "$muted")


def _question(look: Look, width: int) -> list[Content]:
    aim = look.aim
    asked = walk.question(look.design, aim.question)
    if aim.value is None or (asked.form == "text" and not any(aim.value)):
        return wrapped("Type an answer: here is what it changes in the tables.", width, "$muted")
    said = ", ".join(asked.label(value) for value in aim.value) or "none"
    held = asked.answer if asked.answer is not None else asked.recommended
    head = wrapped(f"If the answer is: {said}", width, "bold")
    if aim.value == held:
        word = "This is your answer" if asked.answer is not None else "This is assumed so far"
        if not _has_tables(look.proposed):
            return [*head, *wrapped(f"{word}. {NO_TABLES}", width, "$muted")]
        same = wrapped(f"{word}: the tables stay as they are.", width, "$muted")
        return [*head, *same, *_rivals(look, asked, width)]
    return [*head, *_between(look.proposed, _answered(look, aim.value), width)]


def _has_tables(design: Design) -> bool:
    return bool(work_for(design).schema.tables)


def _between(before: Design, after: Design, width: int) -> list[Content]:
    """What lies between two designs, in tables."""
    if not (_has_tables(before) or _has_tables(after)):
        return wrapped(NO_TABLES, width, "$muted")
    return _drawn(differences(work_for(before), work_for(after)), width)


def _answered(look: Look, value: tuple[str, ...]) -> Design:
    """The design with an answer, and what the step proposes then."""
    aim = look.aim
    new = walk.answer(look.design, aim.question, value)
    return walk.propose(new, aim.step, aim.without).design


def _rivals(look: Look, asked: Question, width: int) -> list[Content]:
    """How many lines each other option adds and takes away."""
    others = [o for o in asked.options if (o.value,) != look.aim.value][:MOST_COMPARED]
    if asked.form != "one" or not others:
        return []
    before, rows = work_for(look.proposed), [safe(""), safe("The other answers:", "$muted")]
    for option in others:
        after = _answered(look, (option.value,))
        said = _counted(differences(before, work_for(after)))
        rows += wrapped(f"{option.label}: {said}", width, "", safe("○ "), safe("  "))
    return rows


def _counted(found: tuple[Difference, ...]) -> str:
    added = sum(sign == "+" for sign, _ in found)
    taken = len(found) - added
    parts = (f"+{added}" if added else "", f"-{taken}" if taken else "")
    return f"{' '.join(filter(None, parts))} lines" if found else "the same tables"


def _row(look: Look, width: int) -> list[Content]:
    """What a row of a proposal brings; for one that must stay, what the whole step brings."""
    aim = look.aim
    proposal = walk.propose(look.design, aim.step)
    row = next((each for each in proposal.rows if each.id == aim.row), None)
    if row is None and aim.row in look.design.dropped:
        head, before = "This row, left out so far, brings:", proposal.design
        after = taken_back(before, aim.step, aim.row)
    elif row is not None and row.optional:
        head = f"{row.title} brings:"
        before = walk.propose(look.design, aim.step, {*aim.without, row.id}).design
        after = walk.propose(look.design, aim.step, set(aim.without) - {row.id}).design
    else:
        head = f"The step {walk.step(aim.step).title} brings:"
        before = look.design
        after = walk.propose(look.design, aim.step, aim.without).design
    return [*wrapped(head, width, "bold"), *_between(before, after, width)]


def _drawn(found: Iterable[Difference], width: int) -> list[Content]:
    """The signs say what is meant; the colours only repeat it."""
    rows = [line for sign, text in found for line in _line(sign, text, width)]
    return rows or wrapped("Nothing in the tables: it is kept in the design and the documents.",
                           width, "$muted")  # fmt: skip


def _line(sign: Sign, text: str, width: int) -> list[Content]:
    style = SIGNS[sign]
    return wrapped(text, width, "", joined((safe(f"{sign} ", f"bold {style}"),)), safe("    "))
