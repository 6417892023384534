"""States of a status: which may follow which, what must hold in each, and a picture in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemawalk.design.model import Attribute
from schemawalk.schema.language.expression import Expression
from schemawalk.schema.language.grammar import ExpressionError, parse


class StateError(ValueError):
    """The text is no transition and no condition of a state; the message says why."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One state may become another."""

    before: str
    after: str
    cause: str = ""
    """What brings it about, in words."""

    def __str__(self) -> str:
        said = f"{self.before} -> {self.after}"
        return f"{said}: {self.cause}" if self.cause else said


def transition(text: str) -> Transition:
    """The transition that `pending -> processing: the worker takes it` says.

    Raises StateError when there are not two different states with an arrow between them.
    """
    move, _, cause = text.replace("→", "->").partition(":")
    before, arrow, after = (part.strip() for part in move.partition("->"))
    if not (before and arrow and after) or "->" in after:
        raise StateError(
            f"{text!r} is no transition: write it as pending -> processing: the worker takes it."
        )
    if before == after:
        raise StateError(f"{text!r} changes nothing: name two different states.")
    return Transition(before, after, cause.strip())


def held(text: str) -> tuple[str, Expression]:
    """The state and the condition of `completed: completed_at is not null`; raises StateError."""
    state, colon, condition = (part.strip() for part in text.partition(":"))
    if not (state and colon and condition):
        raise StateError(
            f"{text!r} says no state: write it as completed: completed_at is not null."
        )
    try:
        return state, parse(condition)
    except ExpressionError as error:
        raise StateError(f"{condition!r} is not a rule: {error}.") from None


def transitions_of(attribute: Attribute) -> tuple[Transition, ...]:
    """The transitions between values that the attribute still has; others are passed over."""
    found = []
    for text in attribute.transitions or ():
        try:
            each = transition(text)
        except StateError:
            continue
        if {each.before, each.after} <= set(attribute.values or ()):
            found.append(each)
    return tuple(found)


def starts_of(attribute: Attribute) -> tuple[str, ...]:
    """The values with which a row may begin, of those that the attribute still has."""
    return tuple(value for value in attribute.starts or () if value in (attribute.values or ()))


def final_values(values: Iterable[str], transitions: Iterable[Transition]) -> tuple[str, ...]:
    """The values out of which nothing leads."""
    left = {each.before for each in transitions}
    return tuple(value for value in values if value not in left)


def chart(values: tuple[str, ...], transitions: tuple[Transition, ...]) -> str:
    """The transitions on one line: `pending → processing → completed | failed`.

    Where the way forks and goes on, a new part begins after a semicolon.
    """
    after: dict[str, list[str]] = {}
    for each in transitions:
        after.setdefault(each.before, []).append(each.after)
    parts, told = [], set[str]()
    for value in values:
        if value in after and value not in told:
            parts.append(_way(value, after, told))
    return "; ".join(parts)


def _way(state: str, after: dict[str, list[str]], told: set[str]) -> str:
    """The way from one state for as long as a single one follows that was not told yet."""
    said = state
    while state in after and state not in told:
        told.add(state)
        said += " → " + " | ".join(after[state])
        if len(after[state]) > 1:
            break
        state = after[state][0]
    return said
