"""What the headings of a journey say about the text below them, as tables of words."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["personas", "metrics", "other"]

ROLES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (
        "personas",
        (
            "persona",
            "user role",
            "roles overview",
            "actors",
            "user type",
            "target user",
            "target audience",
            "stakeholder",
            "who uses",
        ),
    ),
    (
        "metrics",
        (
            "metric",
            "kpi",
            "success criteria",
            "success measure",
            "measurable outcome",
            "performance target",
            "measures of success",
        ),
    ),
    (
        "other",
        (
            "acceptance checklist",
            "accessibility",
            "appendix",
            "architecture",
            "assumption",
            "background",
            "branding",
            "change log",
            "changelog",
            "checklist",
            "clarification",
            "component",
            "connection to",
            "constraint",
            "contents",
            "cross-cutting",
            "dependencies",
            "execution flow",
            "execution status",
            "friction",
            "glossary",
            "guideline",
            "introduction",
            "job-to-be-done",
            "jobs to be done",
            "key page",
            "milestone",
            "mockup",
            "navigation",
            "next step",
            "nfr",
            "non functional",
            "non-functional",
            "non-goal",
            "nonfunctional",
            "open question",
            "out of scope",
            "overview",
            "pain point",
            "quick link",
            "reference",
            "revision history",
            "risk",
            "roadmap",
            "scope — out",
            "scope - out",
            "tech stack",
            "technical",
            "technology",
            "timeline",
            "value definition",
            "value proposition",
            "version history",
            "vision",
            "wireframe",
        ),
    ),
)
"""A heading with one of these words keeps its text, and that of the headings below it, apart."""

JOURNEY_WORDS = (
    "journey",
    "flow",
    "scenario",
    "user stor",
    "storyboard",
    "walkthrough",
    "use case",
)
"""Below a heading with one of these words, every headed text is a step."""

STEP_TITLE = re.compile(
    r"(?:step|phase|stage|story|user story|scenario|use case|feature)\s*#?\d{1,4}(?:\.\d{1,3})?"
    r"(?:\s*[:.)–—-]+\s*|\s+|$)|(?:user story|scenario|use case)\s*:\s*",
    re.IGNORECASE,
)
"""How the heading of a step begins; what it matches is left out of the step's title."""

NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}[.):]?|[IVX]{1,5}\.)\s+(?=\S)")
"""A number before a heading, which is no part of its title."""

REQUIREMENT = re.compile(
    r"(?:[A-Z]{1,5}-){0,2}(?:FR|NFR|REQ|US|UC|AC|R|F|BR|SR)(?:-[A-Z]{1,5})?-?\d{1,4}\b"
)
"""A requirement's code: `FR-001`, `FR-WT-012`, `US12`, `REQ-3`."""

ACTION_MARKS = (
    "user action",
    "what happens",
    "system response",
    "user does",
    "user experience:",
    "system behavior",
    "system behaviour",
)
"""Labels that the text of a step carries, in lower case."""

ENTITY_TITLES = ("key entities", "key entity", "entities", "domain objects", "data entities")


def role_of(title: str) -> Role | None:
    """Return which part of a journey the heading opens, or None when it may hold steps."""
    lowered = title.lower()
    for role, words in ROLES:
        if any(word in lowered for word in words):
            return role
    return None


def is_step_title(title: str) -> bool:
    """Tell whether a heading counts steps: `Step 1: …`, `Phase 2`, `User Story 3 - …`."""
    return STEP_TITLE.match(_unnumbered(title)) is not None


def bare_title(title: str) -> str:
    """Return a heading without its number and without `Step 1:`; itself when nothing remains."""
    unnumbered = _unnumbered(title)
    match = STEP_TITLE.match(unnumbered)
    bare = unnumbered[match.end() :] if match else unnumbered
    return bare.strip(" :–—-") or title


def _unnumbered(title: str) -> str:
    number = NUMBER.match(title)
    return title[number.end() :] if number else title
