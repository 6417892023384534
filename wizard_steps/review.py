"""Step "review": what the review finds before anything is written, to be fixed or accepted."""

from __future__ import annotations

from collections import Counter
from typing import Final

from schemawalk.design.model import Design
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree
from wizard_steps.reviewed import (
    Matter,
    can_be_fixed,
    fixed,
    matters,
    reviewed,
    waived,
    without_waiver,
)

FIX, ACCEPT, LEAVE = "fix", "accept", "leave"
"""What can become of a finding."""


def _matter(design: Design, matter_id: str) -> Matter:
    return matters(design)[matter_id]


# What to do about one finding


def _decided(scene: Scene) -> tuple[str, ...]:
    return (ACCEPT,) if scene.subject.waiver else (LEAVE,)


def _advise(scene: Scene) -> Advice:
    matter: Matter = scene.subject
    if not matter.findings:
        return Advice((LEAVE,), "nothing is found any more that it would accept")
    if can_be_fixed(scene.design, matter):
        return Advice((FIX,), matter.fix or matter.message)
    return Advice((LEAVE,), matter.fix or "only you can tell")


def _choices(scene: Scene) -> tuple[Choice, ...]:
    matter: Matter = scene.subject
    taken_back = matter.is_accepted or not matter.findings
    stays = "nothing is accepted" if taken_back else "shown and counted"
    return (
        Choice(FIX, "fix it", _said(scene.design, matter), offered=_fixable),
        Choice(ACCEPT, "accept it, for a reason", "accepted, and told with the reason wherever "
               "the finding is", "reason", offered=_acceptable),
        Choice(LEAVE, "leave it as it is", f"{stays} until it is settled"),
    )  # fmt: skip


def _fixable(scene: Scene) -> bool:
    return can_be_fixed(scene.design, scene.subject)


def _acceptable(scene: Scene) -> bool:
    return bool(scene.subject.can_be_waived or scene.subject.waiver)


def _said(design: Design, matter: Matter) -> str:
    """The answers that a fix gives, in the words of their questions."""
    from wizard_steps import walk

    said = []
    for question_id, values in matter.answers.items():
        shown = ", ".join(values) or "none"
        try:
            asked = walk.question(design, question_id)
        except AnswerError:  # another of the answers calls for it
            said.append(f"{question_id}: {shown}")
        else:
            said.append(f"{asked.prompt} {', '.join(map(asked.label, values)) or 'none'}")
    return "; ".join(said) or "what only you can tell"


def _decide(design: Design, matter_id: str, values: tuple[str, ...]) -> Design:
    matter = _matter(design, matter_id)
    if values[0] == FIX:
        return fixed(design, matter)
    if values[0] == ACCEPT:
        reason = matter.waiver.reason if matter.waiver else ""
        return waived(design, matter.rule, matter.subject, reason)
    return without_waiver(design, matter.rule, matter.subject)


def _because(design: Design, matter_id: str, why: str) -> Design:
    """The reason that was given together with the decision belongs to the waiver."""
    matter = matters(design).get(matter_id)
    if matter is None or matter.waiver is None:
        return design
    return waived(design, matter.rule, matter.subject, why)


# Why it is accepted


def _reason(scene: Scene) -> tuple[str, ...] | None:
    waiver = scene.subject.waiver
    return (waiver.reason,) if waiver and waiver.reason else None


def _keep_reason(design: Design, matter_id: str, values: tuple[str, ...]) -> Design:
    matter = _matter(design, matter_id)
    if not values or not values[0].strip():
        return without_waiver(design, matter.rule, matter.subject)
    return waived(design, matter.rule, matter.subject, values[0])


def _a_reason(text: str) -> None:
    if len(text.split()) < 2:
        raise AnswerError("A reason is a few words that convince somebody else: type them.")


TREE: Final = Tree(
    "review",
    "Review",
    "review",
    "findings",
    (
        Node(
            "decide", "", "{finding} What is to be done?",
            "{reason}", _advise, _choices, get=_decided, set=_decide, reasoned=_because,
            example="A key of a request may be missing, and only those that are there must "
            "differ: then it is accepted, for just that reason.",
        ),
        Node(
            "reason", "", "Why is that accepted?",
            "Whoever reads it in a year must not have to find out again.",
            lambda _: Advice((), "only you know why"), form="text",
            asked=lambda scene: scene.subject.waiver is not None, check=_a_reason,
            get=_reason, set=_keep_reason,
            example="Clients without a key are allowed; those that send one must not repeat it.",
        ),
    ),
    lambda scene: "accepted" if scene.subject.is_accepted else "",
)  # fmt: skip


def is_undecided(design: Design, matter_id: str) -> bool:
    """Whether nothing was decided about it that another design could take over."""
    matter = matters(design).get(matter_id)
    return matter is None or matter.waiver is None or not matter.findings


# Rows of the step


_SORTS: Final = ("error", "warning", "hint", "accepted")
"""The sorts of rows, the gravest first."""


def _sort(matter: Matter) -> str:
    return "accepted" if matter.is_accepted else matter.severity


def _rows(design: Design) -> tuple[Row, ...]:
    found = sorted(matters(design).values(), key=lambda m: _SORTS.index(_sort(m)))
    return tuple(_row(matter) for matter in found if matter.findings)


def _row(matter: Matter) -> Row:
    title = ": ".join(filter(None, (matter.rule, matter.subject)))
    detail = f"{matter.message} To do: {matter.fix}" if matter.fix else matter.message
    if matter.is_accepted and matter.waiver:
        detail = f"{matter.message} Accepted: {matter.waiver.reason}"
    return Row(f"review.{matter.id}", title, detail, matter.why, optional=False,
               sort=_sort(matter))  # fmt: skip


def _headline(design: Design) -> str:
    found = reviewed(design)
    counts = Counter(finding.severity for finding in found.findings)
    parts = [
        f"{counts[severity]} {severity}{'s' if counts[severity] > 1 else ''}"
        for severity in ("error", "warning", "hint")
        if counts[severity]
    ]
    parts += [f"{len(found.waived)} accepted"] if found.waived else []
    return ", ".join(parts) or "Nothing to complain about"


STEP: Final = Step(
    "review",
    "Review",
    "Mistakes that databases accept and regret later, found before anything is written.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)
