"""Step "write": the plan is shown, then written all or nothing, then proven on a real database."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Design
from wizard_steps.asking.steps import Step


def _headline(design: Design) -> str:
    tools = ", ".join(("SQL", *(design.stack.tools or ())))
    return f"Ready to write: {tools}, diagrams and the document"


STEP: Final = Step(
    "write",
    "Write and prove",
    "See the plan, write all of it or nothing, and prove it on scratch databases.",
    headline=_headline,
)
