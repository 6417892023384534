"""What stands above the list: step or subject, the tree with its question, what to know before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from tui.branches import Drawn, compact
from tui.layout import clipped, joined, shared, shortened, wrapped
from tui.safe import cut, safe

if TYPE_CHECKING:
    from tui.views import View

MORE_SHOWN: Final = "… the panel “Tree” shows all of it"
MOST_OF_NOTE: Final = 4
"""Rows that a recommendation with its reason may take."""


def upper(view: View, width: int, room: int, *, why: bool) -> Drawn:
    """All that stands above the list, on at most `room` lines as far as that can be done."""
    made = _question(view, width, room, why=why) if view.tree else _proposal(view, width, room)
    lines = tuple(line for line, _ in made)
    return Drawn(lines, tuple(each for _, each in made))


MOST_OF_SHOWN: Final = 12
"""Rows of what is to be looked at before an answer, which come before why it matters."""


Lines = list[tuple[Content, str]]
"""Lines, each with the id of the question that it belongs to."""


def _plain(lines: list[Content]) -> Lines:
    return [(line, "") for line in lines]


def _title(view: View, width: int) -> list[Content]:
    right = view.where
    if cell_len(view.title) + cell_len(right) + 2 > width:
        right = right.partition(" · ")[0]
    left = cut(view.title, max(8, width - cell_len(right) - 2))
    gap = max(1, width - cell_len(left) - cell_len(right))
    return [joined((safe(left, "bold $accent"), safe(" " * gap), safe(right, "$muted")))]


def _note(view: View, width: int) -> list[Content]:
    style = "bold $warn" if view.note.startswith("Look again") else "$accent"
    star = safe("★ ", style) if view.note.startswith("Recommended") else safe("")
    lines = wrapped(view.note, width, style, star, safe("  " if star else ""))
    reason = wrapped(f"Your reason: {view.reason}" if view.reason else "", width, "$good")
    return [*shortened(lines, MOST_OF_NOTE, width), *shortened(reason, 2, width)]


def _proposal(view: View, width: int, room: int) -> Lines:
    """Step, intro, headline, note."""
    prompt, note = wrapped(view.prompt, width, "bold"), _note(view, width)
    intro = wrapped(view.intro, width, "$muted")
    given = shared(room - 1 - len(prompt), (("note", len(note)), ("intro", min(2, len(intro))),
                   ("air", 2), ("intro", len(intro))))  # fmt: skip
    blank = [Content("")]
    return _plain([
        *_title(view, width),
        *shortened(intro, given["intro"], width),
        *(blank if given["air"] > 1 else []),
        *prompt,
        *note[: given["note"]],
        *(blank if given["air"] else []),
    ])  # fmt: skip


def _question(view: View, width: int, room: int, *, why: bool) -> Lines:
    """The tree with its question; then what is recommended, taught, and to be looked at."""
    note, teach = _note(view, width), _teaching(view, width, why=why)
    shows = [safe(clipped(line, width)) for line in view.shows]
    bare = compact(view.tree, view.outcome, width, 1, settled=view.settled)
    others = len(view.tree) - 1
    given = shared(room - 1 - len(bare.lines), (
        ("note", len(note)), ("shows", min(MOST_OF_SHOWN, len(shows))),
        ("teach", min(3, len(teach))), ("tree", min(3, others)), ("air", 3), ("teach", len(teach)),
        ("shows", len(shows)), ("tree", others),
    ))  # fmt: skip
    blank = _plain([Content("")])
    drawn = compact(view.tree, view.outcome, width, 1 + given["tree"], settled=view.settled)
    below = [
        *note[: given["note"]],
        *shortened(teach, given["teach"], width),
        *shortened(shows, given["shows"], width, MORE_SHOWN),
    ]
    return [
        *_plain(_title(view, width)),
        *(blank if given["air"] > 1 else []),
        *zip(drawn.lines, drawn.ids, strict=True),
        *(blank if given["air"] > 2 and below else []),
        *_plain(below),
        *(blank if given["air"] else []),
    ]


def _teaching(view: View, width: int, *, why: bool) -> list[Content]:
    """Why it is asked at all, why it matters, and a made-up case."""
    called = f"Asked because {view.called}" if view.called else ""
    if not why:
        return wrapped(called, width, "$muted") if view.taught else []
    return [
        *wrapped(called, width, "$muted"),
        *_headed("Why it matters: ", view.why, width),
        *_headed("For example: ", view.example, width),
    ]


def _headed(head: str, text: str, width: int) -> list[Content]:
    if not text:
        return []
    lines = wrapped(head + text, width)
    return [lines[0].stylize("bold $accent", 0, len(head)), *lines[1:]]
