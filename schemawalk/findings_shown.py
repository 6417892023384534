"""Findings as lines for a terminal of 80 columns: by gravity, by rule, each with its fix."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from schemawalk.printable import one_line
from schemawalk.schema.model import Finding, Severity

WIDTH: Final = 80
HEADS: Final[dict[Severity, str]] = {
    "error": "ERRORS: nothing is written before they are settled",
    "warning": "WARNINGS: to be fixed, or accepted with a reason",
    "hint": "HINTS",
}
"""What stands above the findings of each severity, the gravest first."""


def lines(findings: Iterable[Finding], waived: Iterable[Finding] = ()) -> Iterator[str]:
    """All findings under their headings, then what is accepted, then how many there are."""
    standing, accepted = tuple(findings), tuple(waived)
    for severity, head in HEADS.items():
        found = [finding for finding in standing if finding.severity == severity]
        if found:
            yield head
            yield ""
            yield from _by_rule(found)
    if accepted:
        yield "ACCEPTED, each with its reason"
        yield ""
        yield from _accepted(accepted)
    yield counted(standing, accepted)


def counted(findings: Sequence[Finding], waived: Sequence[Finding] = ()) -> str:
    """How many there are of each severity: "2 errors, 1 warning; 1 accepted."."""
    counts = [(sum(f.severity == severity for f in findings), severity) for severity in HEADS]
    parts = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count]
    said = ", ".join(parts) or "Nothing found"
    return f"{said}{f'; {len(waived)} accepted' if waived else ''}."


def _by_rule(findings: Sequence[Finding]) -> Iterator[str]:
    rules: dict[str, list[Finding]] = {}
    for finding in findings:
        rules.setdefault(finding.rule, []).append(finding)
    reasons = list(dict.fromkeys(finding.why for finding in findings))
    said = ""
    for rule, found in sorted(rules.items(), key=lambda each: reasons.index(each[1][0].why)):
        yield rule
        if found[0].why != said:
            yield from _wrapped(found[0].why, "  ")
        said = found[0].why
        for finding in found:
            yield f"  {one_line(finding.subject)}" if finding.subject else "  the whole design"
            yield from _wrapped(finding.message, "    ")
            yield from _wrapped(finding.fix, "    → ", "      ")
            if finding.answers:
                yield f"      --fix {named(finding)}"
        yield ""


def _accepted(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.rule}  {one_line(finding.subject)}"
        yield from _wrapped(finding.message, "    ")
        yield from _wrapped(f"Accepted: {finding.waiver}", "    ")
        yield ""


def _wrapped(text: str, first: str, rest: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        one_line(text), WIDTH, initial_indent=first, subsequent_indent=rest or first,
        break_on_hyphens=False,
    )  # fmt: skip


def named(finding: Finding) -> str:
    """What the finding is called on the command line: `RULE:SUBJECT`."""
    return ":".join(filter(None, (finding.rule, finding.subject)))


def as_json(finding: Finding) -> dict[str, Any]:
    """The finding for programs."""
    return {
        "rule": finding.rule, "severity": finding.severity, "subject": finding.subject,
        "message": finding.message, "why": finding.why, "fix": finding.fix,
        "answers": {each: list(values) for each, values in finding.answers},
        "waiver": finding.waiver,
    }  # fmt: skip
