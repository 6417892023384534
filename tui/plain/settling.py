"""What the plain prompts do about a finding: "fix 2", "accept 3 because …"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from schemawalk.cli import echo
from tui.plain.spoken import sentence
from wizard_steps.asking.question import AnswerError

if TYPE_CHECKING:
    from tui.plain.words import Words

_ACCEPTED: Final = re.compile(r"(\d+)(?:\s+because)?\s*(.*)", re.DOTALL)


def fix(words: Words, said: str) -> None:
    """Fix the finding of that number in the list of the review."""
    row = _row(words, said)
    if row:
        _tried(words, lambda: words.session.fix(row))


def accept(words: Words, said: str) -> None:
    """Accept the finding of that number, for the reason that follows; without one it stands."""
    found = _ACCEPTED.fullmatch(said)
    row = _row(words, found[1] if found else said)
    if not row or found is None:
        return
    if not found[2] and not words.session.is_accepted(row):
        echo("Say why, as in: accept 2 because clients without a key are allowed.")
    elif found[2] and not words.session.can_be_accepted(row):
        echo("An error cannot be accepted: fix it, or walk its questions.")
    else:
        _tried(words, lambda: words.session.accept(row, found[2]))


def _row(words: Words, said: str) -> str:
    """Id of the row of that number; empty, and said so, when there is none."""
    session = words.session
    if session.place.step != "review" or session.question:
        session.go("review")
    rows = session.proposal.rows
    if said.isdecimal() and 1 <= int(said) <= len(rows):
        return rows[int(said) - 1].id
    echo(f"Say the number of a finding, 1 to {len(rows)}." if rows else "Nothing was found.")
    return ""


def _tried(words: Words, act: Callable[[], None]) -> None:
    try:
        act()
    except AnswerError as error:
        echo(sentence(str(error)))
        return
    words.repeat = True
