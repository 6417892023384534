"""What follows so far, for the side panel: diagram, SQL, tree, what changes, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len
from textual.content import Content

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.printable import printable
from tui.layout import joined, wrapped
from tui.safe import safe

Tab = Literal["", "erd", "sql", "tree", "change", "open"]

TITLES: Final[dict[Tab, str]] = {
    "erd": "Diagram", "sql": "SQL", "tree": "Tree", "change": "Change", "open": "Open",
}  # fmt: skip
ORDER: Final[tuple[Tab, ...]] = (*TITLES, "")


@dataclass(frozen=True, slots=True)
class Aim:
    """What is at hand: a question and one of its options, or a step's proposal and one row."""

    step: str
    question: str = ""
    row: str = ""
    value: tuple[str, ...] | None = None
    """The answer that would be given; None when there is none to be given yet."""
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What a panel is to show; equal looks show the same."""

    tab: Tab
    design: Design
    """The design as it is."""
    proposed: Design
    """The design with the step's proposal taken."""
    aim: Aim

    def same_as(self, other: Look | None) -> bool:
        """Whether another look shows the same, without comparing whole designs."""
        if other is None or other.tab != self.tab:
            return False
        same = other.design is self.design and other.proposed is self.proposed
        return same and (self.tab in ("erd", "sql", "open") or other.aim == self.aim)


def after(tab: Tab) -> Tab:
    """The panel that the key leads to next; the last is none."""
    return ORDER[(ORDER.index(tab) + 1) % len(ORDER)]


def title(tab: Tab, width: int) -> Content:
    """The panels by name, the one at hand marked."""
    parts = []
    for name, words in TITLES.items():
        mark, style = ("▸", "bold $accent") if name == tab else (" ", "$muted")
        parts.append(safe(f"{mark}{words}", style))
    line = joined(parts, " ")
    return line if line.cell_length <= width else safe(f"▸{TITLES.get(tab, '')}", "bold $accent")


def tab_at(x: int, tab: Tab, width: int) -> Tab:
    """The panel whose name stands at a cell of the title."""
    if title(tab, width).plain.startswith("▸") and tab != "erd":
        return after(tab) or "erd"
    for name, words in TITLES.items():
        x -= cell_len(words) + 2
        if x < 0:
            return name
    return tab


def content(look: Look, width: int) -> Content:
    """What a panel shows; blocks for some milliseconds."""
    match look.tab:
        case "erd":
            return _diagram(look.proposed, width)
        case "sql":
            return _sql(look.proposed)
        case "tree":
            from tui.side.tree import tree_lines

            return joined(tree_lines(look, width), "\n")
        case "change":
            from tui.side.change import change_lines

            return joined(change_lines(look, width), "\n")
        case _:
            from tui.side.open import open_lines

            return joined(open_lines(look.proposed, width), "\n")


def _diagram(design: Design, width: int) -> Content:
    from schemawalk.writers.erd import diagram

    schema = work_for(design).schema
    return safe(diagram(schema, width)) if schema.tables else _nothing(width)


def _sql(design: Design) -> Content:
    from textual.highlight import highlight

    from schemawalk.writers.whole import whole
    from tui.sql_colours import SqlColours

    work = work_for(design)
    if not work.schema.tables:
        return _nothing(80)
    language, text = whole(work)
    return highlight(printable(text), language=language, theme=SqlColours)


def _nothing(width: int) -> Content:
    words = "No table yet: they appear here as soon as there is an entity."
    return joined(wrapped(words, width, "$muted"), "\n")
