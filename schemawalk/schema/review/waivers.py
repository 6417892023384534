"""Waivers: what is accepted for a reason, and which waivers are no longer needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from schemawalk.design.model import Design, Waiver
from schemawalk.schema.model import Finding

JUDGED: Final = frozenset(("entity-untraced",))
"""Errors that are a matter of judgement: a good reason makes up for them."""
UNNEEDED: Final = "waiver-unneeded"
REFUSED: Final = "waiver-refused"


def can_be_waived(finding: Finding) -> bool:
    """Whether a reason is enough: what a database refuses, or loses data by, no reason mends."""
    of_waivers = finding.rule in (UNNEEDED, REFUSED)
    return not of_waivers and (finding.severity != "error" or finding.rule in JUDGED)


def waived(
    design: Design, findings: Iterable[Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What stands, and what somebody accepts, each with the reason; idle waivers are hints."""
    reasons = {(w.rule, w.subject): w for w in design.waivers}
    standing: list[Finding] = []
    accepted: list[Finding] = []
    met: set[tuple[str, str]] = set()
    for finding in findings:
        waiver = reasons.get((finding.rule, finding.subject))
        if waiver is None:
            standing.append(finding)
            continue
        met.add((finding.rule, finding.subject))
        if waiver.reason and can_be_waived(finding):
            accepted.append(replace(finding, waiver=waiver.reason))
        else:
            standing.append(finding)
            standing += _refused(finding) if not can_be_waived(finding) else ()
    idle = (waiver for key, waiver in reasons.items() if key not in met)
    return (*standing, *(hint for waiver in idle for hint in _unneeded(waiver))), tuple(accepted)


def decision(rule: str, subject: str) -> str:
    """Id of the question what to do about a finding."""
    return ".".join(filter(None, ("review", rule, subject, "decide")))


def _unneeded(waiver: Waiver) -> Iterator[Finding]:
    about = f" of {waiver.subject}" if waiver.subject else ""
    yield Finding(
        UNNEEDED, "hint", ":".join(filter(None, (waiver.rule, waiver.subject))),
        f"{waiver.rule}{about} is waived, and is not found any more.",
        "Take the waiver back.",
        "A waiver that waits for its mistake hides it when it comes again.",
        ((decision(waiver.rule, waiver.subject), ("leave",)),),
    )  # fmt: skip


def _refused(finding: Finding) -> Iterator[Finding]:
    yield Finding(
        REFUSED, "warning", f"{finding.rule}:{finding.subject}",
        f"{finding.rule} is waived for {finding.subject}, and it is an error: no reason mends "
        "what the database refuses.",
        "Take the waiver back, and fix it.",
        "Whoever reads the waiver believes that all is well.",
        ((decision(finding.rule, finding.subject), ("leave",)),),
    )  # fmt: skip
