"""Waivers: what is accepted for a reason, and which waivers are no longer needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from schemawalk.design.model import Design, Waiver
from schemawalk.schema.model import Finding

JUDGED: Final = frozenset(("entity-untraced",))
"""Errors that are a matter of judgement: a good reason makes up for them."""
UNNEEDED: Final = "waiver-unneeded"
REFUSED: Final = "waiver-refused"
MISSPELT: Final = "waiver-misspelt"
_ALIKE: Final = 0.8
"""How alike two ids of rules are when the one is the other misspelt."""


def can_be_waived(finding: Finding) -> bool:
    """Whether a reason is enough: what a database refuses, or loses data by, no reason mends."""
    of_waivers = finding.rule in (UNNEEDED, REFUSED, MISSPELT)
    return not of_waivers and (finding.severity != "error" or finding.rule in JUDGED)


def waived(
    design: Design, findings: Iterable[Finding], rules: Collection[str] = ()
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What stands, and what somebody accepts, each with the reason; idle waivers are hints.

    An idle waiver whose rule is nearly one of `rules` is an error: it hides nothing.
    """
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
    about = (said for waiver in idle for said in _idle(waiver, rules))
    return (*standing, *about), tuple(accepted)


def decision(rule: str, subject: str) -> str:
    """Id of the question what to do about a finding."""
    return ".".join(filter(None, ("review", rule, subject, "decide")))


def _idle(waiver: Waiver, rules: Collection[str]) -> Iterator[Finding]:
    near = () if waiver.rule in rules else get_close_matches(waiver.rule, rules, 1, _ALIKE)
    return _misspelt(waiver, near[0]) if near else _unneeded(waiver)


def _misspelt(waiver: Waiver, meant: str) -> Iterator[Finding]:
    yield Finding(
        MISSPELT, "error", ":".join(filter(None, (waiver.rule, waiver.subject))),
        f"A waiver names the rule {waiver.rule}, which there is not.",
        f"Did you mean {meant}? Write that in its [[waiver]], or take the waiver back.",
        "What it was meant to accept stands, and whoever reads it believes that it is settled.",
        ((decision(waiver.rule, waiver.subject), ("leave",)),),
    )  # fmt: skip


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
