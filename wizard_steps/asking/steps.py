"""What a step of the walk is: its trees, and the proposal that can be taken whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemawalk.design.model import Design
from wizard_steps.asking.tree import Tree

Grow = Callable[[Design, frozenset[str]], Design]
"""Adds what the step proposes to a design, without the subjects whose ids are given."""


def not_dropped(design: Design, ids: frozenset[str]) -> Design:
    """The design that does not know any more that some of its proposals were turned down."""
    left = tuple(each for each in design.dropped if each not in ids)
    return design.model_copy(update={"dropped": left})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a proposal."""

    id: str
    """Id of the subject; leaving the row out leaves the subject out."""
    title: str
    detail: str
    because: str = ""
    optional: bool = True
    """Whether the row can be left out."""
    sort: str = ""
    """What sort of row it is, where a list stands sorted: "error", "accepted"."""


@dataclass(frozen=True)
class Proposal:
    """What a step proposes: rows to read, and the design if they are taken."""

    step: str
    headline: str
    rows: tuple[Row, ...]
    design: Design
    left_out: frozenset[str] = frozenset()
    """Ids of the rows that were turned down when the step was taken; `design` is without them."""


@dataclass(frozen=True)
class Step:
    """One step of the walk."""

    id: str
    title: str
    """Short enough for a rail: at most 16 characters."""
    intro: str
    """What is decided here and why, in one or two sentences."""
    trees: tuple[Tree, ...] = ()
    grow: Grow = lambda design, _: design
    rows: Callable[[Design], tuple[Row, ...]] = lambda _: ()
    """The rows that show what the design holds for this step."""
    headline: Callable[[Design], str] = lambda _: ""
    back: Grow = not_dropped
    """Has the design propose again what was turned down, by the ids that are given."""


def turned_down(design: Design, without: frozenset[str]) -> tuple[str, ...]:
    """Everything that was left out of a proposal so far, so that it is not proposed again."""
    return tuple(dict.fromkeys((*design.dropped, *sorted(without))))
