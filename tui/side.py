"""What follows so far, for the side panel: the diagram, the SQL, the trail of what is at hand."""

from __future__ import annotations

from textwrap import wrap
from typing import Final, Literal

from textual.content import Content

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.printable import one_line, printable
from tui.paint import joined
from tui.safe import safe
from wizard_steps.trail import trail

Tab = Literal["", "erd", "sql", "trail"]

TITLES: Final[dict[str, str]] = {"erd": "Diagram", "sql": "SQL", "trail": "Trail"}
ORDER: Final[tuple[Tab, ...]] = ("erd", "sql", "trail", "")


def after(tab: Tab) -> Tab:
    """The panel that the key leads to next; the last is none."""
    return ORDER[(ORDER.index(tab) + 1) % len(ORDER)]


def title(tab: Tab, width: int) -> Content:
    """The panels by name, the one at hand marked."""
    parts = []
    for name, words in TITLES.items():
        parts.append(safe(f"▸ {words}" if name == tab else f"  {words}",
                          "bold $accent" if name == tab else "$muted"))  # fmt: skip
    return joined(parts, " ") if width > 28 else safe(f"▸ {TITLES.get(tab, '')}", "bold $accent")


def content(design: Design, tab: Tab, subject: str, width: int) -> Content:
    """What a panel shows for a design; blocks for some milliseconds."""
    match tab:
        case "erd":
            return _diagram(design, width)
        case "sql":
            return _sql(design)
        case _:
            return _trail(design, subject, width)


def _diagram(design: Design, width: int) -> Content:
    from schemawalk.writers.erd import diagram

    schema = work_for(design).schema
    return safe(diagram(schema, width)) if schema.tables else _nothing()


def _sql(design: Design) -> Content:
    from textual.highlight import highlight

    from schemawalk.writers.sql import up

    work = work_for(design)
    if not work.schema.tables:
        return _nothing()
    return highlight(printable(up(work.schema, work.dialect)), language="sql")


def _trail(design: Design, subject: str, width: int) -> Content:
    lines = trail(design, subject) if subject else ()
    if not lines:
        return safe("Go to a row or a question: here is the path that its answers took.", "$muted")
    return joined((_trail_line(line, width) for line in lines), "\n")


def _trail_line(line: str, width: int) -> Content:
    """One line of the trail, wrapped below its own beginning."""
    if not line.startswith(" "):
        return safe(line, "bold $accent")
    text = line.strip(" ├│")
    reason = text.startswith("because ")
    first = "│   " if reason else "├ "
    rest = "│   " if reason else "│ "
    wrapped = wrap(one_line(text), max(20, width), initial_indent=first, subsequent_indent=rest)
    return safe("\n".join(wrapped), "$muted" if reason else "")


def _nothing() -> Content:
    return safe("No table yet: they appear here\nas soon as there is an entity.", "$muted")
