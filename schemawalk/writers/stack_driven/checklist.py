"""The quality checklist: every line computed from the schema, none ticked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemawalk.writers.stack_driven import judges
from schemawalk.writers.stack_driven.judges import Outcome
from schemawalk.writers.stack_driven.markdown import Markdown
from schemawalk.writers.stack_driven.survey import Survey


@dataclass(frozen=True)
class Verdict:
    """One line: what was looked at, whether it holds (None: nothing to look at), the evidence."""

    holds: bool | None
    line: str
    evidence: Markdown


@dataclass(frozen=True)
class Group:
    """Lines about one side of quality."""

    title: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Checklist:
    """All groups, and how many lines hold of those that had something to look at."""

    groups: tuple[Group, ...]
    held: int
    all: int


def checklist(survey: Survey) -> Checklist:
    """Every check, run over this schema."""
    groups = tuple(
        Group(
            title,
            tuple(
                Verdict(holds, line, evidence)
                for line, (holds, evidence) in ((line, judge(survey)) for line, judge in checks)
            ),
        )
        for title, checks in _CHECKS
    )
    lines = [verdict for group in groups for verdict in group.verdicts]
    looked = [verdict.holds for verdict in lines if verdict.holds is not None]
    return Checklist(groups, sum(looked), len(looked))


_Check = tuple[str, Callable[[Survey], Outcome]]
_CHECKS: Final[tuple[tuple[str, tuple[_Check, ...]], ...]] = (
    (
        "Journey alignment",
        (
            ("Every table traces to a step or a stated reason", judges.traced),
            ("The first three steps have their tables", judges.critical),
            ("What is read is also created", judges.created),
            ("Every entity has a place", judges.placed),
        ),
    ),
    (
        "Completeness",
        (
            ("Delete actions are decisions", judges.decided),
            ("Rows that change carry created_at and updated_at", judges.stamped),
            ("Business keys are unique", judges.identified),
            ("Tables and columns are explained", judges.explained),
            ("No question is open", judges.answered),
        ),
    ),
    (
        "Data integrity",
        (
            ("Fixed lists are closed", judges.closed),
            ("NULL is a decision", judges.answered_null),
            ("A status starts somewhere", judges.starts),
            ("SET NULL meets columns that take NULL", judges.nullable),
            ("Many-to-many links are unique", judges.paired),
            ("Moments know their zone", judges.zoned),
        ),
    ),
    (
        "Performance",
        (
            ("Foreign keys are indexed", judges.indexed),
            ("Access patterns are served", judges.served),
            ("No index without a reason", judges.needed),
        ),
    ),
    (
        "Stack and growth",
        (
            ("Names need no quotes", judges.named),
            ("The migration format is decided", judges.tooled),
            ("The database holds every type and rule", judges.held),
            ("Keys do not run out", judges.wide),
            ("No table is too big to leave whole", judges.sized),
        ),
    ),
)
"""Every check by group: the line as it stands in the document, and the judge."""
