"""The review: rules that a design must pass before anything is written, each a row of a table.

An error blocks the writing.  A warning wants to be fixed, or waived with a reason; until then it is
shown and counted.  A hint is advice.  The rules stand by subject in their modules: `journey`,
`keys`, `linked`, `hidden`, `deletes`, `tenants`, `unseen`, `sharing`, `types`, `steady`, `columns`,
`protected`, `redundant`, `indexes`, `policies`, `reads`, `reference`, `names`, `members`, `stack`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.schema.kinds import WITHOUT_DEFAULT, kind_of
from schemawalk.schema.model import Finding, Schema, Severity
from schemawalk.schema.review import (
    columns,
    deletes,
    hidden,
    indexes,
    journey,
    keys,
    linked,
    members,
    names,
    policies,
    protected,
    reads,
    redundant,
    reference,
    sharing,
    stack,
    steady,
    tenants,
    types,
    unseen,
)
from schemawalk.schema.review.rule import DEFAULT_DATABASE, Matter, Rule
from schemawalk.schema.review.waivers import can_be_waived as can_be_waived
from schemawalk.schema.review.waivers import waived

_SUBJECTS: Final = (
    stack, journey, keys, linked, hidden, deletes, tenants, unseen, sharing, types, steady, columns,
    protected, redundant, indexes, policies, reads, reference, names, members,
)  # fmt: skip
RULES: Final[tuple[Rule, ...]] = tuple(rule for module in _SUBJECTS for rule in module.RULES)
"""All rules, subject by subject."""

_ORDER: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True)
class Review:
    """A schema and everything that was found about it, errors first."""

    schema: Schema
    findings: tuple[Finding, ...]
    """What stands."""
    waived: tuple[Finding, ...] = ()
    """What somebody accepts, each with the reason."""
    fitted: Schema | None = None
    """The schema as the design's database can hold it; None where nobody knows that database."""

    @property
    def blocked(self) -> bool:
        """Whether an error stands in the way of writing."""
        return any(finding.severity == "error" for finding in self.findings)


def review(design: Design) -> Review:
    """Derive the schema and look it over; findings are in a stable order, errors first."""
    derived = derive(design)
    database = design.stack.database or DEFAULT_DATABASE
    known = database in NOTATIONS
    fitted = fit(derived.schema, database, design.stack.version) if known else None
    lost = fitted.findings if fitted else ()
    matter = Matter(design, derived.schema, database)
    problems = tuple(p for p in derived.problems if not fitted or _is_so(p, fitted.schema))
    found = _once(problems, look_over(matter))
    every = (_reasoned(matter, each) for each in (*found, *lost))
    standing, accepted = waived(design, every, tuple(rule.id for rule in RULES))
    schema = fitted.schema if fitted else None
    return Review(derived.schema, _gravest_first(standing), _gravest_first(accepted), schema)


def _is_so(problem: Finding, fitted: Schema) -> bool:
    """Whether what the derivation says of parts and searches is true of the database's schema."""
    if problem.rule == "partition-widens-keys":
        return any(t.partition for t in fitted.tables if t.source == problem.subject)
    if problem.rule == "search-apart":
        made = (index for table in fitted.tables for index in table.indexes)
        return any(i.method != "btree" and problem.subject in i.serves for i in made)
    return True


def look_over(matter: Matter) -> tuple[Finding, ...]:
    """What all rules say about a design and its schema."""
    return tuple(
        Finding(rule.id, rule.severity, said.subject, said.message, said.fix, rule.why,
                said.answers)
        for rule in RULES
        if rule.concerns(matter.database)
        for said in rule.find(matter)
    )  # fmt: skip


WHY: Final[dict[str, str]] = {
    "broken": "What is not understood is not kept: the schema lacks it.",
    "unknown": "What speaks of something that is not there has no effect.",
}
"""Why it matters what the derivation could not take in, by the first word of its rule."""
SETTLED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "broken-default": ("attribute.{}.default", ("none",)),
    "natural-key-not-possible": ("entity.{}.key", ("id",)),
    "natural-key-of-tenants": ("entity.{}.key", ("id",)),
    "partition-not-possible": ("volume.{}.partition", ("no",)),
    "payload-not-possible": ("relationship.{}.payload", ("no",)),
}
"""The question and the answer that settle what the derivation could not take in, by its rule: what
the schema does meanwhile becomes what was decided."""
DONE_WITHOUT: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "kept-apart": ("summing.{}.summary", ("asked",)),
    "materialised": ("summing.{}.summary", ("asked",)),
    "partition": ("volume.{}.partition", ("no",)),
    "policy": ("tenancy.policies", ("application",)),
}
"""The same for what a database lacks, by its feature: the design does without, too."""
_LOST: Final = "What the database cannot hold, only the program keeps, or nobody."


BETTER: Final[dict[str, str]] = {"frozen-default": "broken-default"}
"""By rule, what the derivation says of the same subject, less well."""


def _once(problems: tuple[Finding, ...], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What was found, each thing once: as grave as the derivation, in the words of the rule."""
    hard = {(each.rule, each.subject) for each in problems if each.severity == "error"}
    better = {(BETTER[each.rule], each.subject) for each in found if each.rule in BETTER}
    graver = (
        replace(each, severity="error")
        if (BETTER.get(each.rule, ""), each.subject) in hard
        else each
        for each in found
    )
    return (*(p for p in problems if (p.rule, p.subject) not in better), *graver)


def _reasoned(matter: Matter, finding: Finding) -> Finding:
    """The finding with a reason, where derivation and capability pass give none."""
    first, _, rest = finding.rule.partition("-")
    lost = first in NOTATIONS
    why = _LOST if lost else WHY.get(first, "")
    settled = DONE_WITHOUT.get(rest.partition("-")[2]) if lost else SETTLED.get(finding.rule)
    if settled and finding.rule == "broken-default" and not _has_default(matter, finding.subject):
        settled = None
    answers = ((settled[0].format(finding.subject), settled[1]),) if settled else ()
    return replace(finding, why=finding.why or why, answers=finding.answers or answers)


def _has_default(matter: Matter, subject: str) -> bool:
    """Whether a fact is asked for a default."""
    fact = matter.lookup.attributes.get(subject)
    return fact is not None and kind_of(fact).id not in WITHOUT_DEFAULT


def _gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))
