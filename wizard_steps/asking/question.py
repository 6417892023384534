"""A question as it is shown: on the full screen, as a plain prompt, as JSON, in a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["one", "several", "text", "number"]
"""How it is answered: one option, several options (own words allowed), free text, a number."""

State = Literal["open", "answered", "unknown", "look again"]


class AnswerError(ValueError):
    """An answer that cannot be taken; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from, and what it leads to."""

    value: str
    label: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Question:
    """One node of a decision tree, asked about one subject."""

    id: str
    step: str
    """Id of the wizard step that asks it."""
    tree: str
    node: str
    subject: str
    """Id of what it is asked about; empty for the whole design."""
    about: str
    """The subject in words: "Document", "Document · file_name"."""
    prompt: str
    why: str
    """Why it matters, for those who want to be taught."""
    form: Form
    options: tuple[Option, ...]
    recommended: tuple[str, ...]
    because: str
    """Why that is recommended, and where it comes from."""
    answer: tuple[str, ...] | None
    """None while it is open; one value unless the form is `several`."""
    state: State
    look_again: str = ""
    own_words: bool = False
    """With `several`: whether values that are not among the options may be added."""
    separator: str = ","
    """What stands between several answers on one line."""
    example: str = ""
    """One made-up case in the words of the user's own domain."""
    called: str = ""
    """What calls for the question; empty when it is always asked."""

    def label(self, value: str) -> str:
        """What the user calls a value."""
        return next((o.label for o in self.options if o.value == value), value)


def as_json(question: Question) -> dict[str, object]:
    """The question for programs; lists only where several answers are possible."""
    several = question.form == "several"

    def shown(values: tuple[str, ...] | None) -> object:
        if values is None:
            return None
        return list(values) if several else (values[0] if values else "")

    return {
        "id": question.id,
        "step": question.step,
        "tree": question.tree,
        "node": question.node,
        "subject": question.subject,
        "prompt": question.prompt,
        "called": question.called,
        "why": question.why,
        "example": question.example,
        "form": question.form,
        "options": [
            {"value": o.value, "label": o.label, "leads_to": o.leads_to} for o in question.options
        ],
        "recommended": shown(question.recommended),
        "because": question.because,
        "answer": shown(question.answer),
        "state": question.state,
    }


_PART = re.compile(r"""(?:'(?:[^']|'')*'|\((?:[^()']|'(?:[^']|'')*')*\)|[^'(]|['(])""")


def split(asked: Question, text: str) -> tuple[str, ...]:
    """The answers that one line of text gives: separators in quotes or brackets do not count."""
    if asked.form != "several":
        return (text,)
    parts = [""]
    for piece in _PART.findall(text):
        if piece == asked.separator:
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(part.strip() for part in parts if part.strip())
