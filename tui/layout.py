"""Text put into lines of a given width, and the rows of the middle shared out among its parts."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tui.safe import cut, safe

NOTHING = Content("")


def joined(parts: Iterable[Content], between: str = "") -> Content:
    """Contents one after the other."""
    return Content(between).join(list(parts))


def wrapped(
    text: str, width: int, style: str = "", first: Content = NOTHING, rest: Content = NOTHING
) -> list[Content]:
    """A text on lines of at most `width` cells, the first begun with `first`, others with `rest`.

    `first` and `rest` should be equally wide.  An empty text gives no line.
    """
    if not text.strip():
        return []
    room = max(8, width - first.cell_length)
    lines = safe(text, style).wrap(room)
    return [joined((first if i == 0 else rest, line)) for i, line in enumerate(lines)]


def shortened(lines: list[Content], most: int, width: int, note: str = "") -> list[Content]:
    """The lines, or as many as may be, the last of them ended or replaced to say that more follow.

    `note` replaces the last line; without one an ellipsis ends it.
    """
    if len(lines) <= most or most < 1:
        return lines[: max(0, most)]
    last = lines[most - 1].rstrip()
    if note:
        end = safe(cut(note, width), "$muted")
    else:
        end = joined((_whole_words(last, width - 1), safe("…")))
    return [*lines[: most - 1], end]


def _whole_words(line: Content, width: int) -> Content:
    """A line cut to `width` cells, at a blank if one stands in its later half."""
    if line.cell_length <= width:
        return line
    kept = set_cell_size(line.plain, width).rstrip()
    head = kept if line.plain[len(kept)].isspace() else kept.rpartition(" ")[0]
    return line[: len(head) if len(head) * 2 > len(kept) else len(kept)].rstrip()


def clipped(text: str, width: int) -> str:
    """A text whose blanks count, as in a table, cut to at most `width` cells."""
    plain = safe(text).plain
    if cell_len(plain) <= width:
        return plain
    return set_cell_size(plain, max(0, width - 1)).rstrip() + "…"


def shared(room: int, wishes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many rows each part gets: wishes are granted in their order while there is room.

    A part that is named again wishes for that many in all.
    """
    given: dict[str, int] = {}
    for part, wanted in wishes:
        more = max(0, min(wanted - given.get(part, 0), room))
        given[part] = given.get(part, 0) + more
        room -= more
    return given
