"""What is left to say: what the database cannot hold, and how the schema grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.model import Finding, Table
from schemawalk.writers.stack_driven.markdown import Markdown, code, codes
from schemawalk.writers.stack_driven.migration import MONGODB_FILES, SQL_FILES
from schemawalk.writers.stack_driven.survey import Survey

_ORDER: Final = ("error", "warning", "hint")


@dataclass(frozen=True)
class Found:
    """One finding of the review or the capability pass."""

    severity: str
    subject: Markdown
    message: str
    fix: str
    reason: str = ""
    """Why somebody accepts it."""


@dataclass(frozen=True)
class Limits:
    """What was found, the worst first; then what is accepted."""

    database: str
    found: tuple[Found, ...]
    waived: tuple[Found, ...]


def limits(survey: Survey) -> Limits | None:
    """Findings that came with the work; None when there is none."""
    findings = sorted(survey.work.findings, key=lambda f: _ORDER.index(f.severity))
    found = tuple(_together(findings))
    accepted = sorted(survey.work.waived, key=lambda f: _ORDER.index(f.severity))
    waived = tuple(Found(f.severity, code(f.subject), f.message, f.fix, f.waiver) for f in accepted)
    return Limits(survey.work.dialect.title, found, waived) if found or waived else None


def _together(findings: Iterable[Finding]) -> Iterator[Found]:
    """Findings of one rule that end alike as one, with the subjects and what differs listed."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        _, _, end = each.message.partition(": ")
        alike.setdefault((each.rule, each.severity, each.fix, end or each.message), []).append(each)
    for (_, severity, fix, end), some in alike.items():
        subjects = codes(dict.fromkeys(each.subject for each in some))
        begun = dict.fromkeys(each.message.removesuffix(f": {end}") for each in some)
        message = some[0].message if len(some) == 1 else f"{'; '.join(begun)}: {end}"
        yield Found(severity, subjects, message if len(begun) > 1 else some[0].message, fix)


@dataclass(frozen=True)
class Extension:
    """What to do when the schema must grow, on an example of its own."""

    table: str
    """A table to which a column could be added; empty when there is none."""
    entity: str
    lists: Markdown
    """Columns with a CHECKed list that may get another value."""
    tools: bool
    whole: str
    """The file that says how everything is."""


def extension(survey: Survey) -> Extension | None:
    """How to extend; None for a schema without tables."""
    if not survey.schema.tables:
        return None
    table = _busiest(survey)
    attributes = survey.lookup.attributes.values()
    lists = [a.id for a in attributes if a.values and a.kept_by in (None, "developers")]
    return Extension(
        table=table.name,
        entity=table.source,
        lists=codes(lists[:3]),
        tools=bool(survey.design.stack.tools),
        whole=(MONGODB_FILES if survey.homes else SQL_FILES)[0][0],
    )


def _busiest(survey: Survey) -> Table:
    """The entity's table with most access patterns; the first when none has any."""
    own = [t for t in survey.schema.tables if survey.role(t) == "entity"]
    return max(own or survey.schema.tables, key=lambda t: len(survey.patterns.get(t.name, ())))
