"""What the middle of the screen shows: a proposal, a question, or the way to the files, as data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final, Literal

from tui.session import Session
from wizard_steps import walk
from wizard_steps.question import Option, Question
from wizard_steps.steps import Proposal, Row

Role = Literal["", "muted", "accent", "good", "warn", "bad"]
"""A colour role of the themes."""

ADDABLE: Final = frozenset(("entities", "relationships", "columns"))
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
    path: tuple[tuple[str, str], ...] = ()
    """The questions before, each with its answer."""
    prompt: str = ""
    note: str = ""
    """One line below the prompt: what is recommended, or why to look again."""
    lines: tuple[Line, ...] = ()
    at: int = 0
    typed: Typed | None = None
    why: str = ""
    question_id: str = ""
    chosen: tuple[str, ...] = ()
    """Ids of the lines that are ticked."""
    useless: frozenset[str] = frozenset()
    """Ids of the keys that would do nothing here."""


def view_of(session: Session) -> View:
    """What the session's place shows."""
    asked = session.question
    return question_view(session, asked) if asked else proposal_view(session)


def proposal_view(session: Session) -> View:
    """The step's proposal, with marks at what is taken."""
    proposal, step = session.proposal, session.step
    without = session.place.without
    lines = grouped(tuple(_row_line(row, row.id in without) for row in proposal.rows))
    note = ""
    if without:
        kept = sum(row.id not in without for row in proposal.rows)
        note = f"{kept} of {len(proposal.rows)} kept"
    at = next((i for i, line in enumerate(lines) if line.id == session.place.row), 0)
    return View("proposal", step.title, step.intro, prompt=proposal.headline, note=note,
                lines=lines, at=at, useless=_useless(proposal))  # fmt: skip


def _useless(proposal: Proposal) -> frozenset[str]:
    """The keys that a proposal gives nothing to do."""
    found = set() if proposal.step in ADDABLE else {"own"}
    if not any(row.optional for row in proposal.rows):
        found.add("tick")
    if not proposal.rows:
        found.add("walk")
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


_SEVERITY: dict[str, tuple[str, Role]] = {
    "error": ("✗", "bad"), "warning": ("!", "warn"), "hint": ("·", "muted"),
}  # fmt: skip


def _row_line(row: Row, left_out: bool) -> Line:
    if left_out:
        return Line(row.id, row.title, "left out", row.because, "○", "muted", True, "left out")
    kept: tuple[str, Role] = ("●", "good") if row.optional else ("·", "muted")
    mark, role = _SEVERITY.get(row.title.partition(":")[0], kept)
    return Line(row.id, row.title, row.detail, row.because, mark, role)


def question_view(session: Session, asked: Question) -> View:
    """The question at hand, after the path that led to it."""
    path = tuple((q.prompt, _said(q)) for q in session.path)
    tree = walk.tree(asked.tree).title
    title = f"{asked.about} · {tree}" if asked.about != tree else tree
    base = View("question", title, path=path, prompt=asked.prompt, note=_note(session, asked),
                why=asked.why, question_id=asked.id)  # fmt: skip
    if asked.form in ("text", "number"):
        return _with_field(base, session, asked)
    if asked.form == "several":
        return _with_ticks(base, session, asked)
    return _with_options(base, asked)


def _said(question: Question) -> str:
    given = question.answer if question.answer is not None else question.recommended
    words = ", ".join(question.label(value) for value in given) or "none"
    return words if question.answer is not None else f"{words} (recommended)"


def _note(session: Session, asked: Question) -> str:
    if asked.look_again:
        return f"Look again: {asked.look_again}"
    told = next((n for n in session.design.notes if n.id == asked.id and n.by == "document"), None)
    if told:
        quote = f': "{told.why}"' if told.why else ""
        return f"From {told.source}{quote}"
    if asked.state == "unknown":
        return "You did not know yet; this holds meanwhile"
    words = ", ".join(asked.label(value) for value in asked.recommended)
    if not words:
        return f"Recommended: none ({asked.because})" if asked.because else ""
    return f"Recommended: {words}" + (f" ({asked.because})" if asked.because else "")


def _with_options(base: View, asked: Question) -> View:
    lines = tuple(_option_line(option, asked) for option in asked.options)
    wanted = asked.answer or asked.recommended
    at = next((i for i, o in enumerate(asked.options) if (o.value,) == tuple(wanted)), 0)
    return dataclasses.replace(base, lines=lines, at=at)


def _option_line(option: Option, asked: Question) -> Line:
    recommended = option.value in asked.recommended
    if asked.answer is not None and option.value in asked.answer:
        label = "your answer, and recommended" if recommended else "your answer"
        return Line(option.value, option.label, option.leads_to, "", "●", "good", label=label)
    if recommended:
        return Line(option.value, option.label, option.leads_to, "", "★", "accent",
                    label="recommended")  # fmt: skip
    return Line(option.value, option.label, option.leads_to, "", "○", "muted")


def _with_ticks(base: View, session: Session, asked: Question) -> View:
    draft = session.draft(asked.id)
    given = asked.answer if asked.answer is not None else asked.recommended
    chosen = tuple(draft.splitlines()) if draft is not None else given
    known = {option.value for option in asked.options}
    own = tuple(Option(value, value, "your own words") for value in chosen if value not in known)
    options = (*asked.options, *own)
    lines = tuple(_tick_line(option, asked, option.value in chosen) for option in options)
    typed = Typed("", "add your own, then enter") if asked.own_words else None
    useless = frozenset(() if asked.own_words else ("own",))
    return dataclasses.replace(base, kind="several", lines=lines, chosen=chosen, typed=typed,
                               useless=useless)  # fmt: skip


def _tick_line(option: Option, asked: Question, ticked: bool) -> Line:
    mark: tuple[str, Role] = ("■", "good") if ticked else ("□", "muted")
    label = "recommended" if option.value in asked.recommended else ""
    return Line(option.value, option.label, option.leads_to, "", *mark, label=label)


def _with_field(base: View, session: Session, asked: Question) -> View:
    draft = session.draft(asked.id)
    text = draft if draft is not None else (asked.answer or ("",))[0]
    usual = ", ".join(asked.recommended)
    placeholder = f"{usual}  (enter takes it)" if usual else ""
    lines = tuple(_option_line(option, asked) for option in asked.options)
    return dataclasses.replace(base, kind="field", typed=Typed(text, placeholder), lines=lines)
