"""The quality checklist as it stands in the document: every line computed, none ticked by hand."""

from __future__ import annotations

from dataclasses import dataclass

from schemawalk.schema.review import checklist as lines
from schemawalk.schema.review.rule import Matter
from schemawalk.writers.stack_driven.markdown import Markdown, code, listed, phrase
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
    """Every line, judged by the findings that came with the work and by its schema."""
    work = survey.work
    matter = Matter(survey.design, survey.schema, work.database)
    groups = tuple(
        Group(group.title, tuple(map(_verdict, group.verdicts)))
        for group in lines.checklist(matter, work.findings, work.waived)
    )
    looked = [v.holds for group in groups for v in group.verdicts if v.holds is not None]
    return Checklist(groups, sum(looked), len(looked))


def _verdict(found: lines.Verdict) -> Verdict:
    if found.holds is None:
        return Verdict(None, found.line, Markdown("nothing to look at"))
    if not found.holds:
        evidence = phrase("{}: {}", found.bad, listed(map(code, found.wrong), most=5))
    elif found.accepted:
        accepted = listed(map(code, found.accepted), most=5)
        evidence = phrase("{}; accepted for a reason: {}", found.seen, accepted)
    else:
        evidence = phrase("{}", found.seen)
    return Verdict(found.holds, found.line, evidence)
