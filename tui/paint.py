"""How lines, paths and marks are drawn: from data to styled text of a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from tui.layout import joined, shortened, wrapped
from tui.safe import column, cut, safe

if TYPE_CHECKING:
    from tui.session import Mark
    from tui.views import Line, View

WIDEST_TITLE: Final = 40
"""Percent of the width that the column of titles may take from longer details."""
ROOM_FOR_THREE: Final = 96
"""Width from which a third column says why."""

_MARKS: Final[dict[str, tuple[str, str]]] = {
    "done": ("✓", "$good"),
    "here": ("▸", "bold $accent"),
    "open": ("·", "$muted"),
    "look again": ("!", "bold $warn"),
}


LABEL: Final = 12
"""Cells that are kept for what the card says of a line behind its title."""
PERCENT: Final = 7
"""Cells after a bar for how much of it is full."""
AIR: Final = 6
"""Rows of the rail below the steps that make it comfortable."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the walk is: every step's title and state, the questions answered, and the way."""

    marks: tuple[tuple[str, Mark], ...]
    progress: tuple[int, int]
    taught: bool

    @property
    def way(self) -> str:
        """The way in which one walks."""
        return "taught way" if self.taught else "quick way"


def rail(standing: Standing, width: int, height: int) -> Content:
    """The steps one below the other, a row each; how far the walk is, as far as there is room."""
    lines = []
    for title, state in standing.marks:
        sign, style = _MARKS[state]
        text = {"here": "bold", "open": "$muted"}.get(state, "")
        lines.append(joined((safe(f"{sign} ", style), safe(cut(title, width - 2), text))))
    done, total = standing.progress
    rest = [bar(done, total, width), safe(f"{done} of {total}", "$muted"),
            safe("answered", "$muted"), Content(""), safe(standing.way, "$accent")]  # fmt: skip
    if height < len(lines) + AIR:
        rest = [safe(f"{done} of {total}", "$muted"), safe(standing.way, "$accent")]
    space = [Content("")] if height > len(lines) + len(rest) else []
    return joined([*lines, *space, *rest][: max(height, 1)], "\n")


def bar(done: int, total: int, width: int) -> Content:
    """A line that fills up."""
    full = width * done // total if total else 0
    return joined((safe("━" * full, "$good"), safe("─" * (width - full), "$line")))


def head(standing: Standing, width: int) -> Content:
    """The rail on one line, for windows without room for it."""
    marks = standing.marks
    at = next(i for i, (_, state) in enumerate(marks) if state == "here")
    done, total = standing.progress
    again = sum(state == "look again" for _, state in marks)
    right = f"{done} of {total} answered"
    extra = "".join((f"  ! {again}" if again else "", "  taught" if standing.taught else ""))
    left = f"{at + 1}/{len(marks)} {marks[at][0]}"
    left = cut(left, width - cell_len(right) - cell_len(extra) - 2)
    gap = width - cell_len(left) - cell_len(right) - cell_len(extra)
    return joined((safe(left, "bold $accent"), safe(extra, "$warn" if again else "$muted"),
                   safe(" " * max(gap, 1)), safe(right, "$muted")))  # fmt: skip


def title_width(lines: Sequence[Line], width: int) -> int:
    """Cells for the column of titles: what the longest needs, while the details have theirs."""
    listed = [line for line in lines if not line.heading]
    longest = max((cell_len(line.title) for line in listed), default=0)
    details = max((cell_len(line.listed) for line in listed), default=0)
    return max(4, min(longest, max(WIDEST_TITLE * width // 100, width - details - 4)))


def list_line(line: Line, width: int, titles: int) -> Content:
    """A line of the list: mark, title, detail, and with room enough why."""
    if line.heading:
        return safe(cut(line.title, width), "bold")
    rest = width - titles - 4
    why = line.detail if line.short else line.because
    third = width >= ROOM_FOR_THREE and bool(why) and bool(line.listed)
    details = rest * 60 // 100 if third else rest
    role = f"${line.role}" if line.role else ""
    text = "$muted" if line.faded else ""
    parts = [
        safe(f"{cut(line.mark, 1)} ", role),
        safe(column(line.title, titles), text),
        safe("  "),
        safe(column(line.listed, details) if third else cut(line.listed, details), "$muted"),
    ]
    if third:
        parts.append(safe(f"  {cut(why, rest - details - 2)}", "$muted"))
    # Blanks in the style of the text: to a terminal another style is many bytes.
    blanks = width + 1 - sum(part.cell_length for part in parts)
    return joined((*parts, safe(" " * blanks, "$muted")))


def stacked_line(line: Line, width: int) -> Content:
    """A line of the list on two rows: the title, and the whole detail below it."""
    if line.heading:
        return safe(cut(line.title, width), "bold")
    role = f"${line.role}" if line.role else ""
    first = joined((safe(f"{cut(line.mark, 1)} ", role), safe(cut(line.title, width - 2),
                   "$muted" if line.faded else "")))  # fmt: skip
    if not line.listed:
        return first
    return joined((first, safe(f"  {cut(line.listed, width - 2)}", "$muted")), "\n")


def is_cut(lines: Sequence[Line], width: int) -> bool:
    """Whether one row a line would cut a title or a detail short."""
    titles = title_width(lines, width)
    return any(
        cell_len(line.title) > titles or cell_len(line.listed) > width - titles - 4
        for line in lines
    )


def titles_are_cut(lines: Sequence[Line], width: int) -> bool:
    """Whether one row a line would cut most titles short: then nobody can tell them apart."""
    titles = title_width(lines, width)
    listed = [line for line in lines if not line.heading]
    return sum(cell_len(line.title) > titles for line in listed) * 2 > len(listed)


def card(line: Line | None, view: View, width: int, most: int) -> list[Content]:
    """All that there is to say about the line at hand, on at most so many lines."""
    if line is None or line.heading:
        return []
    title = f"{line.title}: {line.short}" if line.short else line.title
    lines = wrapped(title, width, "bold") or [safe("")]
    label = safe(f"  ({line.label})" if line.label else "", "$muted")
    if lines[-1].cell_length + label.cell_length > width:
        lines.append(safe(""))
    lines[-1] = joined((lines[-1], label))
    arrow = safe("→ ") if view.question_id else safe("")
    lines += wrapped(line.detail, width, "", arrow, safe("  " if arrow else ""))
    if view.kind in ("proposal", "write"):
        lines += wrapped(line.because, width, "$muted")
    return shortened(lines, most, width)


def card_rows(view: View, width: int, most: int) -> int:
    """Rows for the card of any line of a view, so that it need not grow while one moves.

    They are counted exactly where each line wants to be read whole: long words wrap early.
    """
    if view.read_whole:
        drawn = (len(card(line, view, width, most)) for line in view.lines)
        return max(drawn, default=0)
    room = max(8, width - 2)
    because = view.kind in ("proposal", "write")
    longest = (
        -(-(cell_len(line.title) + cell_len(line.short) + LABEL) // room)
        + -(-cell_len(line.detail) // room)
        + (-(-cell_len(line.because) // room) * because)
        for line in view.lines
        if not line.heading
    )
    return min(max(longest, default=0), most)


def keys(entries: Sequence[tuple[str, str]], width: int) -> Content:
    """Keys and what they do, as many as fit; the last entry always does."""
    if not entries:
        return Content("")
    *first, last = entries
    room = width - _cells(last)
    shown = []
    for entry in first:
        room -= _cells(entry)
        if room < 0:
            break
        shown.append(entry)
    return joined((joined((safe(key, "bold $accent"), safe(f" {does}", "$muted")))
                   for key, does in (*shown, last)), "   ")  # fmt: skip


def _cells(entry: tuple[str, str]) -> int:
    return cell_len(entry[0]) + cell_len(entry[1]) + 4


def progress(title: str, doing: str, done: int, total: int, name: str, width: int) -> Content:
    """Work under way: where, what is done, a bar with how far it is, what is at hand."""
    words = f"{doing[:1].upper()}{doing[1:]}"
    said = f"  {100 * done // total if total else 0} %"
    line = joined((bar(done, total, min(width - PERCENT, 60)), safe(said, "$muted")))
    parts = (safe(cut(title, width), "bold $accent"), Content(""), safe(words, "bold"), line,
             *wrapped(name, width, "$muted"), Content(""))  # fmt: skip
    return joined(parts, "\n")
