"""A decision tree drawn for one subject: the path taken, the question at hand, what may come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len
from textual.content import Content

from tui.layout import joined, wrapped
from tui.safe import column, cut, safe
from wizard_steps.asking.question import Question

When = Literal["taken", "here", "ahead"]


@dataclass(frozen=True, slots=True)
class Branch:
    """One node on the path through a tree."""

    id: str
    prompt: str
    said: str
    """The answer in words, or the one that is assumed."""
    when: When = "taken"
    options: tuple[tuple[str, str, bool], ...] = ()
    """Every answer, what it leads to, and whether it is the one that holds."""
    sign: str = "●"
    """At the answer that holds: whether it was given, or is only recommended."""
    because: str = ""
    """Why, in the words of whoever answered, or where it was read."""


def branch(asked: Question, when: When, because: str = "") -> Branch:
    """A question as a node of the drawn tree."""
    given = asked.answer if asked.answer is not None else asked.recommended
    words = ", ".join(asked.label(value) for value in given) or "none"
    said = words if asked.answer is not None else f"★ {words}"
    options = tuple((o.label, o.leads_to, o.value in given) for o in asked.options)
    sign = "●" if asked.answer is not None else "★"
    return Branch(asked.id, asked.prompt, said, when, options, sign, because)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tree as lines, and which question each line belongs to."""

    lines: tuple[Content, ...]
    ids: tuple[str, ...]
    """As many as there are lines; empty where a line belongs to none."""


def compact(path: Sequence[Branch], outcome: str, width: int, most: int, *, settled: bool) -> Drawn:
    """The tree on at most `most` lines besides the question at hand: one a node, the nearest first.

    `settled` says whether the outcome follows from answers alone.
    """
    near = _nearest(path, most - bool(outcome or len(path) > 1))
    shown = (*near.before, *near.ahead)
    prompts = _prompt_column(shown, width)
    rows: list[tuple[str, Content]] = []
    if near.hidden and most > 1:
        rows.append(("", safe(f"┆  {near.hidden} before", "$muted")))
    rows += [(b.id, _row(b, width, prompts)) for b in near.before]
    end = _end(outcome, near.later, width, settled=settled)
    alone = not rows and not end
    rows += [(near.here.id, line) for line in _at_hand(near.here, width, alone=alone)]
    rows += [(b.id, _row(b, width, prompts)) for b in near.ahead]
    rows += [("", line) for line in end]
    return Drawn(tuple(line for _, line in rows), tuple(each for each, _ in rows))


@dataclass(frozen=True, slots=True)
class _Near:
    """What of a path is drawn: the nodes next to the one at hand, and how many are not."""

    before: tuple[Branch, ...]
    here: Branch
    ahead: tuple[Branch, ...]
    hidden: int
    later: int


def _nearest(path: Sequence[Branch], room: int) -> _Near:
    """The nodes for which there is room: those before come first, those ahead take the rest."""
    at = next((i for i, node in enumerate(path) if node.when == "here"), 0)
    before, ahead = tuple(path[:at]), tuple(path[at + 1 :])
    fits = len(before) <= max(0, room)
    kept = before if fits else before[len(before) - max(0, room - 1) :]
    shown = ahead[: max(0, room - len(before))]
    return _Near(kept, path[at], shown, len(before) - len(kept), len(ahead) - len(shown))


def _prompt_column(shown: Sequence[Branch], width: int) -> int:
    """Cells for the questions, so that the answers stand below each other."""
    longest = max((cell_len(b.prompt) for b in shown), default=0)
    answers = max((min(cell_len(b.said), width // 3) for b in shown), default=0)
    return max(8, min(longest, width - 5 - answers))


def _row(node: Branch, width: int, prompts: int) -> Content:
    sign = "├─ " if node.when == "taken" else "┆  "
    said = cut(node.said, max(1, width - prompts - 5))
    style = "$accent" if node.when == "taken" else "$muted"
    return joined((safe(sign, "$line"), safe(column(node.prompt, prompts), "$muted"),
                   safe("  "), safe(said, style)))  # fmt: skip


def _at_hand(node: Branch, width: int, *, alone: bool) -> list[Content]:
    if alone:
        return wrapped(node.prompt, width, "bold")
    first, rest = safe("├▸ ", "bold $accent"), safe("│  ", "$line")
    return wrapped(node.prompt, width, "bold", first, rest)


def _end(outcome: str, later: int, width: int, *, settled: bool) -> list[Content]:
    """What may still come that is not drawn, and in bold what it all comes to."""
    so = "" if settled or not outcome else "as recommended"
    words = ", ".join(filter(None, (f"{later} more may come" if later else "", so)))
    if not words and not outcome:
        return []
    words = f"{words}: " if words and outcome else words
    room = max(1, width - 3 - cell_len(words))
    parts = (safe("└─ ", "$line"), safe(words, "$muted"), safe(cut(outcome, room), "bold"))
    return [joined(parts)]


def full(title: str, path: Sequence[Branch], outcome: str, width: int) -> list[Content]:
    """The whole tree: each node with the answer taken, the others, and why."""
    lines = wrapped(title, width, "bold $accent")
    for node in path:
        lines += _node(node, width)
    return [*lines, *wrapped(outcome or "open", width, "bold", safe("└─ ", "$line"), safe("   "))]


MOST_NOT_TAKEN: Final = 4
"""Answers not taken that are shown at a node that lies behind."""


def _node(node: Branch, width: int) -> list[Content]:
    here, ahead = node.when == "here", node.when == "ahead"
    sign = safe("├▸ ", "bold $accent") if here else safe("┆  " if ahead else "├─ ", "$line")
    trunk = safe("┆  " if ahead else "│  ", "$line")
    inner = joined((trunk, safe("    ")))
    style = "bold" if here else "$muted" if ahead else ""
    lines = wrapped(node.prompt, width, style, sign, trunk)
    for mark, words, style in _answers(node):
        start = joined((trunk, safe(f"  {mark} ", style)))
        lines += wrapped(words, width, style, start, inner)
    return [*lines, *wrapped(node.because, width, "$muted", inner, inner)]


def _answers(node: Branch) -> list[tuple[str, str, str]]:
    """Mark, words and style of the answer that holds, and of the others where they matter."""
    taken = [(node.sign, words, "$accent") for words, holds in _options(node) if holds]
    others = [("○", words, "$muted") for words, holds in _options(node) if not holds]
    if node.when == "here":
        return [(node.sign, words, "$accent") if holds else ("○", words, "")
                for words, holds in _options(node)]  # fmt: skip
    if not taken:
        taken = [("●", node.said, "$accent" if node.when == "taken" else "$muted")]
    if node.when == "ahead":
        return taken
    more = len(others) - MOST_NOT_TAKEN
    rest = [("○", f"{more} more", "$muted")] if more > 0 else []
    return [*taken, *others[:MOST_NOT_TAKEN], *rest]


def _options(node: Branch) -> list[tuple[str, bool]]:
    return [
        (f"{label}: {leads_to}" if leads_to else label, holds)
        for label, leads_to, holds in node.options
    ]
