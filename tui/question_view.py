"""One question as the middle of the screen shows it: its tree, its options or its field."""

from __future__ import annotations

import dataclasses
from typing import Final

from tui import taught
from tui.branches import Branch, branch
from tui.session import Session
from tui.views import Line, Role, Typed, View
from wizard_steps import walk
from wizard_steps.asking.question import Option, Question


def question_view(session: Session, asked: Question) -> View:
    """The question at hand, in the tree that led to it."""
    tree = walk.tree(asked.tree).title
    title = f"{asked.about} · {tree}" if asked.about != tree else tree
    path = session.whole_path
    base = View(
        "question", title, where=_where(session, asked),
        tree=_tree(path, asked, session), outcome=_outcome(session, asked),
        settled=all(q.answer is not None for q in path),
        prompt=asked.prompt, note=_note(session, asked),
        why=asked.why, example=asked.example, called=asked.called,
        shows=walk.shows(session.design, asked.id), reason=session.reason,
        taught=session.taught, question_id=asked.id,
    )  # fmt: skip
    if asked.form in ("text", "number"):
        return _with_field(base, session, asked)
    if asked.form == "several":
        return _with_ticks(base, session, asked)
    held = "your answer" if asked.step in session.design.done else "so far"
    return _with_options(base, asked, held)


def _where(session: Session, asked: Question) -> str:
    if not session.taught:
        return ""
    number, count = session.subject_number
    path = session.whole_path
    at = next((i for i, q in enumerate(path, 1) if q.id == asked.id), 1)
    inner = f"question {at} of {len(path)}"
    return f"{number} of {count} · {inner}" if count > 1 else inner


def _tree(path: tuple[Question, ...], asked: Question, session: Session) -> tuple[Branch, ...]:
    at = next((i for i, q in enumerate(path) if q.id == asked.id), 0)
    return tuple(
        branch(q, "taken" if i < at else "here" if i == at else "ahead", session.reason_for(q.id))
        for i, q in enumerate(path)
    )


def _outcome(session: Session, asked: Question) -> str:
    """What the tree comes to; open questions count as recommended."""
    tree, subject = taught.about(asked)
    return walk.outcome(session.proposal.design, tree, subject)


FEW: Final = 3
"""Recommended values that are named; of more it is said how many, as each is marked in the list."""


def _note(session: Session, asked: Question) -> str:
    if asked.look_again:
        return _sentences(f"Look again: {asked.look_again}", _recommended(asked))
    told = next((n for n in session.design.notes if n.id == asked.id and n.by == "document"), None)
    if told:
        quote = f': "{told.why}"' if told.why else ""
        return f"From {told.source}{quote}"
    if asked.state == "unknown":
        return "You did not know yet; this holds meanwhile"
    return _recommended(asked)


def _sentences(first: str, second: str) -> str:
    return f"{first.rstrip('.')}. {second}" if second else first


def _recommended(asked: Question) -> str:
    """What is recommended, and why; empty when nothing is."""
    words = ", ".join(asked.label(value) for value in asked.recommended)
    if len(asked.recommended) > FEW and asked.options:
        words = f"{len(asked.recommended)} of {len(asked.options)}"
    if not words:
        return f"Recommended: none ({asked.because})" if asked.because else ""
    return f"Recommended: {words}" + (f" ({asked.because})" if asked.because else "")


def _with_options(base: View, asked: Question, held: str) -> View:
    lines = tuple(_option_line(option, asked, held) for option in asked.options)
    wanted = asked.answer or asked.recommended
    at = next((i for i, o in enumerate(asked.options) if (o.value,) == tuple(wanted)), 0)
    return dataclasses.replace(base, lines=lines, at=at)


def _option_line(option: Option, asked: Question, held: str = "your answer") -> Line:
    recommended = option.value in asked.recommended
    if asked.answer is not None and option.value in asked.answer:
        label = f"{held}, and recommended" if recommended else held
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
