"""Where one can jump to: every step and every question, found by words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tui.facts import Facts
from wizard_steps import walk
from wizard_steps.asking.question import Question

ASIDE: Final = "not asked"
"""How a question stands that nothing calls for, and that can be answered all the same."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A step, or one question of it, with the words by which it is found."""

    step: str
    question: str
    """Empty for the step itself."""
    words: str
    state: str = ""
    """How the question stands; empty when it is answered, and for steps."""
    aside: bool = False
    """Whether nothing calls for the question."""

    @property
    def id(self) -> str:
        """The id of the question, or of the step."""
        return self.question or self.step


def destinations(facts: Facts) -> tuple[Destination, ...]:
    """Every step in the order of the walk, then every question, then those that nobody asks."""
    steps = tuple(Destination(each.id, "", each.title) for each in walk.WALK)
    aside = (replace(_to(each), state=ASIDE, aside=True) for each in facts.aside.values())
    return (*steps, *map(_to, facts.questions), *aside)


def _to(asked: Question) -> Destination:
    title, tree = walk.step(asked.step).title, walk.tree(asked.tree).title
    parts = (title, asked.prompt) if asked.about == tree else (title, asked.about, asked.prompt)
    state = "" if asked.state == "answered" else asked.state
    return Destination(asked.step, asked.id, " · ".join(parts), state)


def matching(places: tuple[Destination, ...], text: str) -> tuple[Destination, ...]:
    """The places of that id or title, or else those that hold all words of a text.

    A question's state counts among its words: "look again", "unknown", "open".
    """
    wanted = text.casefold().strip()
    exact = tuple(p for p in places if wanted in (p.id.casefold(), p.words.casefold()))
    if exact:
        return exact
    words = wanted.split()
    found = ((p, f"{p.words} {p.state} {p.id}".casefold()) for p in places)
    return tuple(p for p, searched in found if all(word in searched for word in words))
