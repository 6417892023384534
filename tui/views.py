"""What the middle of the screen shows: a proposal, a question, or the way to the files, as data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from tui.branches import Branch

if TYPE_CHECKING:
    from tui.session import Session
    from wizard_steps.asking.steps import Proposal, Row

Role = Literal["", "muted", "accent", "good", "warn", "bad"]
"""A colour role of the themes."""

ADDABLE: Final = frozenset(
    ("entities", "relationships", "columns", "states", "endings", "access", "unchosen")
)
"""Ids of the steps in which one can add what no document names."""

Kind = Literal["proposal", "question", "several", "field", "write"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a mark, a title, what follows from it; the rest is in its card."""

    id: str
    title: str
    detail: str = ""
    because: str = ""
    mark: str = " "
    role: Role = ""
    """Of the mark."""
    faded: bool = False
    label: str = ""
    """What the mark means, in words, for the card."""
    heading: bool = False
    """Whether it only names the lines below it, and cannot be at hand."""
    short: str = ""
    """What the list says in place of the detail, which the card has whole."""

    @property
    def listed(self) -> str:
        """What stands beside the title in the list."""
        return self.short or self.detail


@dataclass(frozen=True, slots=True)
class Typed:
    """A field to type into."""

    text: str
    placeholder: str


@dataclass(frozen=True)
class View:
    """Everything that the middle shows."""

    kind: Kind
    title: str
    intro: str = ""
    where: str = ""
    """How far one is, at the right of the title."""
    tree: tuple[Branch, ...] = ()
    """The path through the tree, the question at hand and what may come included."""
    outcome: str = ""
    """What the answers of the tree come to."""
    settled: bool = True
    """Whether that follows from answers alone; else open questions count as recommended."""
    prompt: str = ""
    note: str = ""
    """One line below the prompt: what is recommended, or why to look again."""
    lines: tuple[Line, ...] = ()
    at: int = 0
    """Number of the line at hand."""
    typed: Typed | None = None
    why: str = ""
    example: str = ""
    called: str = ""
    """What calls for the question."""
    shows: tuple[str, ...] = ()
    """Lines to look at before answering: sample rows."""
    reason: str = ""
    """Why somebody answers as they do, in their words."""
    taught: bool = False
    question_id: str = ""
    chosen: tuple[str, ...] = ()
    """Ids of the lines that are ticked."""
    useless: frozenset[str] = frozenset()
    """Ids of the keys that would do nothing here."""
    read_whole: bool = False
    """Whether each line wants to be read to its end: then the card takes rows from the list."""

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """The questions before, each with its answer."""
        return tuple((node.prompt, node.said) for node in self.tree if node.when == "taken")


def view_of(session: Session) -> View:
    """What the session's place shows."""
    from tui.question_view import question_view

    asked = session.question
    return question_view(session, asked) if asked else proposal_view(session)


def proposal_view(session: Session) -> View:
    """The step's proposal, with marks at what is taken."""
    proposal, step = session.proposal, session.step
    without = session.out
    lines = _sorted(proposal.rows) or grouped(
        tuple(_row_line(row, row.id in without) for row in proposal.rows)
    )
    note = ""
    if without:
        kept = sum(row.id not in without for row in proposal.rows)
        note = f"{kept} of {len(proposal.rows)} kept"
    at = next((i for i, line in enumerate(lines) if line.id == session.place.row), 0)
    return View("proposal", step.title, step.intro, where="taught way" if session.taught else "",
                prompt=proposal.headline, note=note, lines=lines, at=at, taught=session.taught,
                useless=_useless(proposal), read_whole=proposal.step == "review")  # fmt: skip


def _useless(proposal: Proposal) -> frozenset[str]:
    """The keys that a proposal gives nothing to do."""
    found = set() if proposal.step in ADDABLE else {"own"}
    if not any(row.optional for row in proposal.rows):
        found.add("tick")
    if not proposal.rows or proposal.step != "review":
        found |= {"fix", "accept", "why"}
    if not proposal.rows:
        found |= {"walk", "filter"}
    return frozenset(found)


def grouped(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines called "User · email" under a heading "User"; others as they are."""
    result: list[Line] = []
    group = ""
    for line in lines:
        owner, dot, own = line.title.partition(" · ")
        if not dot:
            result.append(line)
            continue
        if owner != group:
            group = owner
            result.append(Line("", owner, heading=True))
        result.append(dataclasses.replace(line, title=own))
    return tuple(result)


_SORTS: dict[str, tuple[str, Role]] = {
    "error": ("✗", "bad"), "warning": ("!", "warn"), "hint": ("·", "muted"),
    "accepted": ("✓", "good"),
}  # fmt: skip
"""Mark and colour of a finding, by what sort of row it is."""


def _sorted(rows: tuple[Row, ...]) -> tuple[Line, ...]:
    """Findings under a heading for each severity; nothing for rows that are of no sort."""
    lines: list[Line] = []
    for sort, found in groupby(rows, key=lambda row: row.sort):
        same = tuple(found)
        if sort not in _SORTS:
            return ()
        several = "s" if len(same) > 1 and sort != "accepted" else ""
        lines.append(Line("", f"{len(same)} {sort}{several}", heading=True))
        lines += [_finding_line(row) for row in same]
    return tuple(lines)


def _finding_line(row: Row) -> Line:
    """A finding by its rule and what it is about: both are told apart at a glance."""
    rule, _, subject = row.title.partition(": ")
    mark, role = _SORTS[row.sort]
    return Line(row.id, rule, row.detail, row.because, mark, role, label=row.sort, short=subject)


def _row_line(row: Row, left_out: bool) -> Line:
    if left_out:
        return Line(row.id, row.title, "left out", row.because, "○", "muted", True, "left out")
    kept: tuple[str, Role] = ("●", "good") if row.optional else ("·", "muted")
    mark, role = kept
    return Line(row.id, row.title, row.detail, row.because, mark, role)


def filtered(lines: tuple[Line, ...], text: str) -> tuple[Line, ...]:
    """The lines that hold every word of a text, under the headings that they had."""
    words = text.casefold().split()
    if not words:
        return lines
    result: list[Line] = []
    heading: Line | None = None
    for line in lines:
        if line.heading:
            heading = line
            continue
        group = heading.title if heading else ""
        searched = f"{group} {line.title} {line.listed} {line.detail} {line.because}".casefold()
        if all(word in searched for word in words):
            result += [heading] if heading and heading not in result else []
            result.append(line)
    return tuple(result)
