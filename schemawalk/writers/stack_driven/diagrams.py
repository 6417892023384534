"""The entity relationship diagram: as text, and for Mermaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemawalk.writers import erd, mermaid
from schemawalk.writers.stack_driven.markdown import Markdown, fenced
from schemawalk.writers.stack_driven.survey import Survey

MOST_DETAILED: Final = 15
"""Tables up to which the Mermaid diagram shows columns: more do not fit a page."""
MOST_DRAWN: Final = 120
"""Tables up to which a diagram stands in a document; beyond, only in its own file."""


@dataclass(frozen=True)
class Diagrams:
    """Diagrams as code blocks; empty where the schema is too big for the page."""

    text: Markdown
    mermaid: Markdown
    detailed: bool
    """Whether the Mermaid diagram shows columns."""


def diagrams(survey: Survey) -> Diagrams | None:
    """The diagrams of the full document; None for a schema without tables."""
    count = len(survey.schema.tables)
    if not count:
        return None
    if count > MOST_DRAWN:
        return Diagrams(Markdown(""), Markdown(""), False)
    detailed = count <= MOST_DETAILED
    drawn = fenced(mermaid.diagram(survey.schema, columns=detailed), "mermaid")
    return Diagrams(_text(survey), drawn, detailed)


def sketch(survey: Survey) -> Markdown | None:
    """The diagram as text, for the essentials; None where it would fill pages."""
    return _text(survey) if 0 < len(survey.schema.tables) <= MOST_DRAWN else None


def _text(survey: Survey) -> Markdown:
    return fenced(erd.diagram(survey.schema, width=80), "text")
