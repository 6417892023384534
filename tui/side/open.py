"""The panel "Open": what is not known yet, what to look at again, and what the review finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from tui.layout import wrapped
from tui.safe import safe
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError

_SEVERITIES: Final = (
    ("error", "✗ ", "$bad"), ("warning", "! ", "$warn"), ("hint", "· ", "$muted"),
)  # fmt: skip


def open_lines(design: Design, width: int) -> list[Content]:
    """Three lists under their headings; one sentence when all are empty."""
    parts = (
        ("Not known yet", list(_unknown(design, width))),
        ("Look again", list(_look_again(design, width))),
        ("The review finds", list(_findings(design, width))),
    )
    found: list[Content] = []
    for heading, rows in parts:
        if rows:
            found += [safe(heading, "bold $accent"), *rows, safe("")]
    return found[:-1] or wrapped("Nothing is open.", width, "$good")


def _unknown(design: Design, width: int) -> Iterator[Content]:
    for note in design.notes:
        if note.unknown:
            yield from wrapped(_prompt(design, note.id), width, "", safe("? ", "$warn"), safe("  "))
            yield from wrapped(note.impact, width, "$muted", safe("  "), safe("  "))


def _look_again(design: Design, width: int) -> Iterator[Content]:
    for note in design.notes:
        if note.look_again:
            yield from wrapped(_prompt(design, note.id), width, "", safe("! ", "$warn"), safe("  "))
            yield from wrapped(note.look_again, width, "$muted", safe("  "), safe("  "))


def _prompt(design: Design, question_id: str) -> str:
    """The question with what it is about; its id when nothing asks it now."""
    try:
        asked = walk.question(design, question_id)
    except AnswerError:
        return question_id
    return asked.prompt if asked.about in asked.prompt else f"{asked.about}: {asked.prompt}"


def _findings(design: Design, width: int) -> Iterator[Content]:
    found = work_for(design).findings
    for severity, sign, style in _SEVERITIES:
        for finding in found:
            if finding.severity == severity:
                words = f"{severity}: {finding.message}"
                yield from wrapped(words, width, "", safe(sign, f"bold {style}"), safe("  "))
