"""What the review finds in a design, each found again by its id, and what can become of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from dataclasses import dataclass

from schemawalk.design.model import Design, Waiver
from schemawalk.schema.model import Finding, Severity
from schemawalk.schema.review import Review, can_be_waived, review
from wizard_steps.asking.question import AnswerError


@dataclass(frozen=True, slots=True)
class Matter:
    """All that one rule says of one subject, or a waiver for which nothing is found any more."""

    rule: str
    subject: str
    findings: tuple[Finding, ...] = ()
    waiver: Waiver | None = None

    @property
    def id(self) -> str:
        """What it is called in questions: `nullable-unique.customer.email`."""
        return matter_id(self.rule, self.subject)

    @property
    def severity(self) -> Severity:
        """How grave it is; what is not found any more is a hint."""
        return self.findings[0].severity if self.findings else "hint"

    @property
    def is_accepted(self) -> bool:
        """Whether it is waived with a reason, and may be."""
        return bool(self.findings) and all(finding.waiver for finding in self.findings)

    @property
    def can_be_waived(self) -> bool:
        """Whether a reason is enough."""
        return bool(self.findings) and all(map(can_be_waived, self.findings))

    @property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """The answers that settle it, by the question's id; none when only somebody can tell."""
        if not all(finding.answers for finding in self.findings):
            return {}
        return dict(pair for finding in self.findings for pair in finding.answers)

    @property
    def message(self) -> str:
        """What is wrong; of several findings the first, and how many more there are."""
        if not self.findings:
            return f"{self.rule} is accepted for {self.subject}, and is not found any more."
        more = len(self.findings) - 1
        return self.findings[0].message + (f" And {more} more of the kind." if more else "")

    @property
    def fix(self) -> str:
        """What to do about it, in words."""
        return self.findings[0].fix if self.findings else "Leave it: nothing is to be accepted."

    @property
    def why(self) -> str:
        """What goes wrong otherwise."""
        return self.findings[0].why if self.findings else ""


def matter_id(rule: str, subject: str) -> str:
    """What a rule and its subject are called in questions."""
    return ".".join(filter(None, (rule, subject)))


_LAST: list[tuple[Design, Review, dict[str, Matter]]] = []
"""What was reviewed last: a design is asked about again and again, and compared with the next."""


def _looked_at(design: Design) -> tuple[Review, dict[str, Matter]]:
    for known, done, found in _LAST:
        if known is design:
            return done, found
    done = review(design)
    found = _by_id(design, (*done.findings, *done.waived))
    _LAST[:] = [(design, done, found), *_LAST[:3]]
    return done, found


def reviewed(design: Design) -> Review:
    """The review of a design, worked out once."""
    return _looked_at(design)[0]


def matters(design: Design) -> dict[str, Matter]:
    """What stands, what is waived, and waivers for which nothing is found, by id."""
    return _looked_at(design)[1]


def _by_id(design: Design, findings: Iterable[Finding]) -> dict[str, Matter]:
    waivers = {matter_id(w.rule, w.subject): w for w in design.waivers}
    same: dict[str, list[Finding]] = {}
    for finding in findings:
        same.setdefault(matter_id(finding.rule, finding.subject), []).append(finding)
    found = {
        key: Matter(each[0].rule, each[0].subject, tuple(each), waivers.get(key))
        for key, each in same.items()
    }
    idle = {key: Matter(w.rule, w.subject, (), w) for key, w in waivers.items() if key not in found}
    return found | idle


def fixed(design: Design, matter: Matter) -> Design:
    """The design with the answers that settle it; questions that they open take what is advised.

    Raises AnswerError when there are none, when one of them is not asked now, when it would be
    found all the same, and when an error would be found that was not there.
    """
    if not matter.answers:
        raise AnswerError(f"Only you can tell how to settle {matter.id}. {matter.fix}".strip())
    after = _answered(design, matter)
    _prove(design, after, matter)
    return after


def _answered(design: Design, matter: Matter) -> Design:
    from wizard_steps import walk

    known = walk.by_id(design).keys()
    for question_id, values in matter.answers.items():
        design = walk.answer(design, question_id, values)
    return _advised(design, known)


def _prove(before: Design, after: Design, matter: Matter) -> None:
    """Raise AnswerError unless the fix settles what it is for, and breaks nothing else."""
    left = matters(after).get(matter.id)
    if left is not None and left.findings and not left.is_accepted:
        raise AnswerError(
            f"Nothing was changed: {matter.id} would be found all the same. {left.message}"
        )
    known = Counter(_errors(before))
    for finding in reviewed(after).findings:
        if finding.severity == "error" and not known[finding.rule, finding.subject]:
            raise AnswerError(
                f"Nothing was changed: the fix of {matter.id} would bring an error that is not "
                f"there now, {matter_id(finding.rule, finding.subject)}. {finding.message}"
            )
        known[finding.rule, finding.subject] -= 1


def _errors(design: Design) -> Iterator[tuple[str, str]]:
    found = reviewed(design).findings
    return ((each.rule, each.subject) for each in found if each.severity == "error")


def _advised(design: Design, known: Set[str]) -> Design:
    """The design with the advice taken for every open question that is not among the known."""
    from wizard_steps import walk

    tried: set[str] = set()
    while True:
        new = (spot for spot in walk.by_id(design).values() if spot.answer is None)
        spot = next((each for each in new if each.id not in known | tried), None)
        if spot is None:
            return design
        tried.add(spot.id)
        with suppress(AnswerError):
            design = walk.answer(design, spot.id, spot.advice.value)


def can_be_fixed(design: Design, matter: Matter) -> bool:
    """Whether the answers that settle it can be given: the first of them is asked now."""
    from wizard_steps import walk

    first = next(iter(matter.answers), "")
    try:
        return bool(first) and walk.question(design, first) is not None
    except AnswerError:
        return False


def waived(design: Design, rule: str, subject: str, reason: str) -> Design:
    """The design in which what the rule says of the subject is accepted for a reason."""
    kept = tuple(w for w in design.waivers if (w.rule, w.subject) != (rule, subject))
    made = Waiver(rule=rule, subject=subject, reason=reason.strip())
    return design.model_copy(update={"waivers": (*kept, made)})


def without_waiver(design: Design, rule: str, subject: str) -> Design:
    """The design in which it is not accepted any more."""
    kept = tuple(w for w in design.waivers if (w.rule, w.subject) != (rule, subject))
    return design.model_copy(update={"waivers": kept})
