"""Tables as boxes, with lines from each down to those that refer to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemawalk.writers.erd_canvas import Canvas, IllegibleError, box
from schemawalk.writers.erd_layout import Hop, Layout, Link, Node, laid_out, spread

_BOX_ROWS: Final = 3
_MANY_BELOW: Final = "╥"
_ONE_BELOW: Final = "┬"
_MANY_ABOVE: Final = "╨"
_ONE_ABOVE: Final = "┴"


def drawn(
    labels: Mapping[str, str], linked: Mapping[Link, bool], room: int, crossings: int
) -> str | None:
    """The drawing in at most `room` cells a line; None when it would not be easy to follow.

    `labels` name the tables in the order in which they are made; `linked` says for each link
    whether many rows refer to one; `crossings` is how often lines may cross.
    """
    widths = {name: _box_width(label, name, linked) for name, label in labels.items()}
    layout = laid_out(widths, list(linked), room)
    if layout is None:
        return None
    drawing = _Drawing(layout, labels, linked)
    try:
        text = drawing.text()
    except IllegibleError:
        return None
    return text if drawing.canvas.crossings <= crossings else None


def _box_width(label: str, name: str, linked: Mapping[Link, bool]) -> int:
    """Wide enough for the label, and for every line that comes in from above."""
    lines = sum(link.lower == name for link in linked)
    return max(len(box(label)[0]), 2 * lines + 3)


@dataclass(slots=True)
class _Run:
    """A hop with its columns: where it leaves the upper row and where it enters the lower one."""

    hop: Hop
    source: int
    targets: list[int]
    track: int = -1
    """Row of its horizontal part below the boxes; -1 when it has none."""

    @property
    def span(self) -> tuple[int, int]:
        columns = (self.source, *self.targets)
        return min(columns), max(columns)

    @property
    def straight(self) -> bool:
        return self.span[0] == self.span[1]


class _Drawing:
    """A layout on its way to the canvas."""

    def __init__(
        self, layout: Layout, labels: Mapping[str, str], linked: Mapping[Link, bool]
    ) -> None:
        self.layout, self.labels, self.linked = layout, labels, linked
        self.canvas = Canvas()

    def text(self) -> str:
        """All rows; raises IllegibleError when lines would run over one another."""
        rows, top = self.layout.rows, 0
        self.boxes(rows[0] if rows else (), top)
        for hops, below in zip(self.layout.hops, rows[1:], strict=False):
            runs = list(_runs(hops, below))
            bottom = top + _BOX_ROWS + _tracked(runs)
            self.boxes(below, bottom)
            for run in runs:
                self.run(run, top + _BOX_ROWS, bottom)
            top = bottom
        return self.canvas.text()

    def boxes(self, row: Sequence[Node], top: int) -> None:
        """Draw the tables of a row; where a line passes through there is nothing to draw yet."""
        for node in row:
            if node.name:
                self.box(node, top)

    def box(self, node: Node, top: int) -> None:
        """Draw a table's box, its name in the middle."""
        label = self.labels[node.name]
        spare = node.width - len(box(label)[0])
        for at, line in enumerate(box(" " * (spare // 2) + label + " " * (spare - spare // 2))):
            self.canvas.write(top + at, node.left, line)

    def run(self, run: _Run, top: int, bottom: int) -> None:
        """Draw a hop between the rows of boxes that end above `top` and begin at `bottom`."""
        hop, draw = run.hop, self.canvas.line
        low, high = run.span
        track = top + max(run.track, 0)
        draw(hop.net, top - 1, run.source, track, run.source)
        draw(hop.net, track, low, track, high)
        for target, column in zip(hop.targets, run.targets, strict=True):
            end = bottom if target.name else bottom + _BOX_ROWS - 1
            draw(hop.net, track, column, end, column)
            if target.name:
                self.canvas.write(bottom, column, self.foot(hop, target))
        if hop.source.name:
            many = hop.upward and any(self.many(hop, target) for target in hop.targets)
            self.canvas.write(top - 1, run.source, _MANY_BELOW if many else _ONE_BELOW)

    def foot(self, hop: Hop, target: Node) -> str:
        """The mark where a line enters a box from above."""
        many = not hop.upward and self.many(hop, target)
        return _MANY_ABOVE if many else _ONE_ABOVE

    def many(self, hop: Hop, target: Node) -> bool:
        """Whether many rows hold the reference that the line to `target` stands for."""
        return self.linked.get(Link(self.owner(hop), target.name, hop.upward), True)

    def owner(self, hop: Hop) -> str:
        """The table from which a hop's net comes."""
        node = hop.source
        while not node.name:
            (node,) = node.uppers
        return node.name


def _runs(hops: Sequence[Hop], below: Sequence[Node]) -> Iterator[_Run]:
    """The hops with their columns: out of a box at its middle, into one below where they begin."""
    sources = _sources(hops)
    entries: dict[tuple[int, int], int] = {}
    for node in below:
        coming = sorted((h for h in hops if node in h.targets), key=lambda h: sources[id(h)])
        edge = 1 if node.name else 0
        low, high = node.left + edge, node.left + node.width - edge
        columns = spread([sources[id(h)] for h in coming], [1] * len(coming), 1, low, high)
        entries.update({(id(h), id(node)): c for h, c in zip(coming, columns, strict=True)})
    for hop in hops:
        yield _Run(hop, sources[id(hop)], [entries[id(hop), id(node)] for node in hop.targets])


def _sources(hops: Sequence[Hop]) -> dict[int, int]:
    """Column where each hop leaves its node; two from one box stand apart."""
    columns: dict[int, int] = {}
    for hop in hops:
        together = [each for each in hops if each.source is hop.source]
        shift = 2 * together.index(hop) - (len(together) - 1)
        columns[id(hop)] = int(hop.source.middle) + shift
    return columns


def _tracked(runs: Sequence[_Run]) -> int:
    """Give each bent run a row for its horizontal part; the number of rows, at least 1.

    Runs share a row when they stay apart.  Where one comes down in the column in which another goes
    on, the first turns away above; raises IllegibleError when that leads round in a circle.
    """
    waiting = [run for run in runs if not run.straight]
    row = 0
    while waiting:
        free = [run for run in waiting if not any(_before(other, run) for other in waiting)]
        if not free:
            raise IllegibleError("lines would wait for each other")
        taken: list[_Run] = []
        for run in sorted(free, key=lambda run: run.span):
            if all(_apart(run, other) for other in taken):
                run.track = row
                taken.append(run)
        waiting = [run for run in waiting if run.track < 0]
        row += 1
    return max(row, 1)


def _before(first: _Run, second: _Run) -> bool:
    """Whether `first` must turn above `second`, which enters a box in the column it comes from."""
    return first is not second and first.source in second.targets


def _apart(one: _Run, other: _Run) -> bool:
    return one.span[1] + 1 < other.span[0] or other.span[1] + 1 < one.span[0]
