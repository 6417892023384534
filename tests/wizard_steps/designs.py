"""A small journey and the design that its proposals give."""

from __future__ import annotations

from functools import cache

from schemawalk.design.model import Alternative, Design, Finish, Rule, Step
from schemawalk.design.whole import Product
from wizard_steps import walk

STEPS = (
    Step(
        id="join", title="Join a team", line=3,
        text="The user signs in and joins a team. The team sees only its own documents.",
    ),
    Step(
        id="upload", title="Upload a document", line=9,
        text="The user uploads a document. The document is stored with its name and size.",
    ),
    Step(
        id="choose", title="Choose the frameworks", line=12,
        text="The user selects one or more frameworks from the list. The list of frameworks is "
        "kept by the operators.",
    ),
    Step(
        id="assess", title="Run an assessment", line=14,
        text="The user starts an assessment of the document against several frameworks. "
        "The assessment runs for a minute and the user sees the assessment's status.",
    ),
    Step(
        id="pay", title="Pay for usage", line=21,
        text="Each assessment is counted as usage and billed to the team at the end of the month.",
    ),
)  # fmt: skip


def start() -> Design:
    """The journey, before anything is asked."""
    return Design(product=Product(name="Checker"), steps=STEPS)


@cache
def taken() -> Design:
    """Every proposal taken as it is."""
    return walk.take_all(start())


@cache
def every_kind() -> Design:
    """The same with one of every kind of subject that a tree can be about."""
    rule = Rule(id="once", says="No two documents have the same name", entity="document")
    finish = Finish(id="closed", name="The account is closed", entity="user")
    own = Alternative(id="own.spreadsheets", name="Spreadsheets", instead="a database")
    design = taken()
    return design.model_copy(
        update={
            "rules": (*design.rules, rule),
            "finishes": (*design.finishes, finish),
            "alternatives": (*design.alternatives, own),
        }
    )
