"""What somebody gives as an answer: checked against its question, and what is noted of it."""

from __future__ import annotations

from dataclasses import dataclass

from schemawalk.design.choices import Author
from schemawalk.design.model import Note
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.spots import Spot


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that somebody gives: its values, or "I don't know yet", and perhaps why."""

    values: tuple[str, ...] = ()
    why: str = ""
    unknown: bool = False


def check(spot: Spot, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless the values are among the node's choices, where it has them."""
    offered = [choice.value for choice in spot.node.offers(spot.scene)]
    if spot.node.form != "several" and len(values) != 1:
        raise AnswerError(f"{spot.id} takes one answer, not {len(values)}.")
    if spot.node.form == "text" and not values[0].strip() and not spot.node.aside(spot.scene):
        raise AnswerError(f"{spot.id} needs an answer: type one.")
    for value in values:
        if spot.node.check is not None:
            spot.node.check(value)
    if spot.node.fits is not None:
        spot.node.fits(spot.scene, values)
    if spot.node.form in ("text", "number") or spot.node.own_words:
        return
    for value in values:
        if value not in offered:
            raise AnswerError(f"{value!r} is not an answer to {spot.id}: {', '.join(offered)}.")


def can_be_given(spot: Spot) -> bool:
    """Whether the answer of a question would be taken again as it is."""
    try:
        check(spot, spot.answer or ())
    except AnswerError:
        return False
    return True


def note_of(spot: Spot, given: Given, by: Author, source: str) -> Note | None:
    """What is to be known about an answer besides its value; None when that is nothing."""
    advice = spot.advice
    if given.unknown:
        others = "; ".join(
            f"{spot.scene.say(c.label)}: {spot.scene.say(c.leads_to)}"
            for c in spot.node.offers(spot.scene)
            if c.value not in advice.value
        )
        because = given.why or spot.scene.say(advice.because)
        return Note(id=spot.id, by="default", unknown=True, impact=others, why=because)
    usual = given.values == advice.value
    if usual and advice.source and not given.why and by == "user":
        return Note(id=spot.id, by="document", source=advice.source, why=advice.because)
    old = spot.scene.notes.get(spot.id)
    same = old is not None and old.by == "user" and given.values == spot.answer
    why = given.why or (old.why if old and same else "")
    if why or by != "user" or not usual:
        return Note(id=spot.id, by=by, source=source, why=why)
    return None
