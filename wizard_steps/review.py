"""Step "review": what the review finds before anything is written."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from schemawalk.design.model import Design
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from wizard_steps.steps import Row, Step


@lru_cache(maxsize=4)
def _findings(design: Design) -> tuple[Finding, ...]:
    return review(design).findings


def _rows(design: Design) -> tuple[Row, ...]:
    return tuple(
        Row(f.subject, f"{f.severity}: {f.subject or f.rule}", f"{f.message} {f.fix}".strip(),
            f.rule, optional=False)
        for f in _findings(design)
    )  # fmt: skip


def _headline(design: Design) -> str:
    found = [finding.severity for finding in _findings(design)]
    if not found:
        return "Nothing to complain about"
    counts = ((found.count(s), s) for s in ("error", "warning", "hint") if s in found)
    return ", ".join(f"{count} {severity}{'s' if count > 1 else ''}" for count, severity in counts)


STEP: Final = Step(
    "review",
    "Review",
    "Mistakes that databases accept and regret later, found before anything is written.",
    rows=_rows,
    headline=_headline,
)
