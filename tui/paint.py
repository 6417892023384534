"""How lines, paths and marks are drawn: from data to styled text of a given width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

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


def joined(parts: Iterable[Content], between: str = "") -> Content:
    """Contents one after the other."""
    return Content(between).join(list(parts))


def rail(marks: Sequence[tuple[str, Mark]], progress: tuple[int, int], width: int) -> Content:
    """The steps one below the other, and how far the walk is."""
    lines = []
    for title, state in marks:
        sign, style = _MARKS[state]
        text = {"here": "bold", "open": "$muted"}.get(state, "")
        lines.append(joined((safe(f"{sign} ", style), safe(cut(title, width - 2), text))))
    done, total = progress
    lines += [Content(""), bar(done, total, width), safe(f"{done} of {total}", "$muted"),
              safe("answered", "$muted")]  # fmt: skip
    return joined(lines, "\n")


def bar(done: int, total: int, width: int) -> Content:
    """A line that fills up."""
    full = width * done // total if total else 0
    return joined((safe("━" * full, "$good"), safe("─" * (width - full), "$line")))


def head(marks: Sequence[tuple[str, Mark]], progress: tuple[int, int], width: int) -> Content:
    """The rail on one line, for windows without room for it."""
    at = next(i for i, (_, state) in enumerate(marks) if state == "here")
    done, total = progress
    again = "  ! look again" if any(state == "look again" for _, state in marks) else ""
    right = f"{done} of {total} answered"
    left = cut(f"{at + 1}/{len(marks)} {marks[at][0]}{again}", width - cell_len(right) - 2)
    gap = width - cell_len(left) - cell_len(right)
    return joined((safe(left, "bold $accent"), safe(" " * max(gap, 1)), safe(right, "$muted")))


def title_width(lines: Sequence[Line], width: int) -> int:
    """Cells for the column of titles: what the longest needs, while the details have theirs."""
    listed = [line for line in lines if not line.heading]
    longest = max((cell_len(line.title) for line in listed), default=0)
    details = max((cell_len(line.detail) for line in listed), default=0)
    return max(4, min(longest, max(WIDEST_TITLE * width // 100, width - details - 4)))


def list_line(line: Line, width: int, titles: int) -> Content:
    """A line of the list: mark, title, detail, and with room enough why."""
    if line.heading:
        return safe(cut(line.title, width), "bold")
    rest = width - titles - 4
    third = width >= ROOM_FOR_THREE and bool(line.because) and bool(line.detail)
    details = rest * 60 // 100 if third else rest
    role = f"${line.role}" if line.role else ""
    text = "$muted" if line.faded else ""
    parts = [
        safe(f"{cut(line.mark, 1)} ", role),
        safe(column(line.title, titles), text),
        safe("  "),
        safe(column(line.detail, details) if third else cut(line.detail, details), "$muted"),
    ]
    if third:
        parts.append(safe(f"  {cut(line.because, rest - details - 2)}", "$muted"))
    return joined(parts)


def stacked_line(line: Line, width: int) -> Content:
    """A line of the list on two rows: the title, and the whole detail below it."""
    if line.heading:
        return safe(cut(line.title, width), "bold")
    role = f"${line.role}" if line.role else ""
    first = joined((safe(f"{cut(line.mark, 1)} ", role), safe(cut(line.title, width - 2),
                   "$muted" if line.faded else "")))  # fmt: skip
    return joined((first, safe(f"  {cut(line.detail, width - 2)}", "$muted")), "\n")


def is_cut(lines: Sequence[Line], width: int) -> bool:
    """Whether one row a line would cut a title or a detail short."""
    titles = title_width(lines, width)
    return any(
        cell_len(line.title) > titles or cell_len(line.detail) > width - titles - 4
        for line in lines
    )


def path(view: View, width: int, most: int) -> Content:
    """The questions before, drawn as the branch that was taken; the oldest give way."""
    steps = view.path[-most:] if most > 0 else ()
    lines = []
    if len(steps) < len(view.path):
        lines.append(safe(f"┆ {len(view.path) - len(steps)} before", "$muted"))
    answers = [cut(said, max(8, width // 3)) for _, said in steps]
    longest = max((cell_len(prompt) for prompt, _ in steps), default=0)
    room = min(longest, width - 4 - max(map(cell_len, answers), default=0))
    for (asked, _), answer in zip(steps, answers, strict=True):
        lines.append(joined((safe("├ ", "$muted"), safe(column(asked, room), "$muted"),
                             safe("  "), safe(answer, "$accent"))))  # fmt: skip
    return joined(lines, "\n")


def prompt(view: View) -> Content:
    """The headline or the question, and the line below it."""
    branch = safe("└ ", "$muted") if view.path else safe("")
    indent = "  " if view.path else ""
    lines = [joined((branch, safe(view.prompt, "bold")))]
    if view.note:
        style = "bold $warn" if view.note.startswith("Look again") else "$accent"
        star = "★ " if view.note.startswith("Recommended") else ""
        lines.append(safe(f"{indent}{star}{view.note}", style))
    return joined(lines, "\n")


def card(line: Line | None, view: View, *, why: bool) -> Content:
    """All that there is to say about the line at hand, and on demand why the question matters."""
    lines = []
    if line is not None:
        label = f"  ({line.label})" if line.label else ""
        lines.append(joined((safe(line.title, "bold"), safe(label, "$muted"))))
        arrow = "→ " if view.kind in ("question", "several", "field") else ""
        lines += [safe(f"{arrow}{line.detail}")] if line.detail else []
        if line.because and view.kind in ("proposal", "write"):
            lines.append(safe(line.because, "$muted"))
    if why and view.why:
        lines.append(joined((safe("Why it matters: ", "bold $accent"), safe(view.why))))
    return joined(lines, "\n")


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


def title(view: View) -> Content:
    """The step or subject, and what is decided there."""
    lines = [safe(view.title, "bold $accent")]
    if view.intro:
        lines.append(safe(view.intro, "$muted"))
    return joined(lines, "\n")


def progress(doing: str, done: int, total: int, name: str, width: int) -> Content:
    """Work under way: what is done, a bar, what is at hand."""
    words = f"{doing[:1].upper()}{doing[1:]}  {done} of {total}"
    line = joined((bar(done, total, min(width, 60)), safe(f"  {done}/{total}", "$muted")))
    return joined((safe(words, "bold"), line, safe(cut(name, width), "$muted")), "\n")
