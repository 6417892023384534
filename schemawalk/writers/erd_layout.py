"""Where tables stand in a drawing: parents above children, lines short, with few crossings.

The way of Sugiyama, Tagawa and Toda (1981): rows by the longest path, long lines cut into one piece
a row, rows sorted by the mean place of their neighbours, and then moved under and above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from schemawalk.schema.model import Schema
from schemawalk.writers.keys import always_unique

GAP: Final = 2
"""Free cells between two things in a row."""
_SWEEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Link:
    """Two tables of which one refers to the other; `upper` is the one that is made first."""

    upper: str
    lower: str
    upward: bool = False
    """Whether it is the upper one that refers to the lower, as in a cycle."""


@dataclass(eq=False, slots=True)
class Node:
    """A table's box, or with no name the place where a line passes through a row."""

    name: str
    width: int
    left: int = 0
    uppers: list[Node] = field(default_factory=list)
    lowers: list[Node] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Column of its middle, counted in cells from the left."""
        return self.left + (self.width - 1) / 2


@dataclass(eq=False, slots=True)
class Hop:
    """The part of a net that runs between two rows: from one node to some below it."""

    net: int
    upward: bool
    source: Node
    targets: list[Node]


@dataclass(slots=True)
class Layout:
    """Rows of placed nodes, and the hops below each row."""

    rows: list[list[Node]]
    hops: list[list[Hop]]


def links(schema: Schema) -> dict[Link, bool]:
    """Pairs of tables that refer to each other, and whether many rows may refer to one."""
    order = {table.name: at for at, table in enumerate(schema.tables)}
    found: dict[Link, bool] = {}
    for table, key in schema.references():
        if key.references == table.name:
            continue
        upward = order[key.references] > order[table.name]
        ends = (table.name, key.references) if upward else (key.references, table.name)
        link = Link(*ends, upward)
        found[link] = found.get(link, False) or not always_unique(table, key.columns)
    return found


def laid_out(widths: dict[str, int], linked: Sequence[Link], room: int) -> Layout | None:
    """Tables with their boxes' widths, in rows of at most `room` cells; None when one is too wide.

    `widths` are in the order in which the tables are made.
    """
    layout = _in_rows(widths, linked)
    if any(_total(row) > room for row in layout.rows):
        return None
    _sort(layout)
    _place(layout, room)
    return layout


def _in_rows(widths: dict[str, int], linked: Sequence[Link]) -> Layout:
    ranks = _ranks(widths, linked)
    rows: list[list[Node]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    layout = Layout(rows, [[] for _ in rows])
    nodes = {name: Node(name, width) for name, width in widths.items()}
    for name, node in nodes.items():
        rows[ranks[name]].append(node)
    nets: dict[tuple[str, bool], list[str]] = {}
    for link in linked:
        nets.setdefault((link.upper, link.upward), []).append(link.lower)
    for number, ((upper, upward), lowers) in enumerate(nets.items()):
        _thread(layout, number, upward, nodes[upper], [(ranks[low], nodes[low]) for low in lowers])
    return layout


def _ranks(names: Iterable[str], linked: Sequence[Link]) -> dict[str, int]:
    """Row of each table: below all its parents, and when it has none just above its children."""
    uppers: dict[str, list[str]] = {name: [] for name in names}
    lowers: dict[str, list[str]] = {name: [] for name in uppers}
    for link in linked:
        uppers[link.lower].append(link.upper)
        lowers[link.upper].append(link.lower)
    ranks: dict[str, int] = {}
    for name, above in uppers.items():
        ranks[name] = 1 + max((ranks[each] for each in above), default=-1)
    for name, below in lowers.items():
        if below and not uppers[name]:
            ranks[name] = min(ranks[each] for each in below) - 1
    return ranks


def _thread(
    layout: Layout, net: int, upward: bool, upper: Node, lowers: list[tuple[int, Node]]
) -> None:
    """Lead a net from its table down to the others, through every row between."""
    source = upper
    first = next(at for at, row in enumerate(layout.rows) if upper in row)
    last = max(rank for rank, _ in lowers)
    for rank in range(first + 1, last + 1):
        targets = [node for at, node in lowers if at == rank]
        if rank < last:
            passing = Node("", 1)
            layout.rows[rank].append(passing)
            targets.append(passing)
        for target in targets:
            source.lowers.append(target)
            target.uppers.append(source)
        layout.hops[rank - 1].append(Hop(net, upward, source, targets))
        source = targets[-1]


def _total(row: Sequence[Node]) -> int:
    return sum(node.width for node in row) + GAP * (len(row) - 1)


def _sort(layout: Layout) -> None:
    """Sort each row by where its neighbours are, downwards and upwards in turn; keep the best."""
    best, fewest = [list(row) for row in layout.rows], _crossings(layout.rows)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        downwards = sweep % 2 == 0
        for row in layout.rows if downwards else reversed(layout.rows):
            places = _places(layout.rows)
            row.sort(key=lambda node: _mean_place(node, downwards, places))
        if (crossings := _crossings(layout.rows)) < fewest:
            best, fewest = [list(row) for row in layout.rows], crossings
    layout.rows[:] = best


def _places(rows: Sequence[Sequence[Node]]) -> dict[int, float]:
    """Place of each node in its row, from 0 to 1."""
    return {id(n): (at + 0.5) / len(row) for row in rows for at, n in enumerate(row)}


def _mean_place(node: Node, downwards: bool, places: dict[int, float]) -> float:
    near = node.uppers if downwards else node.lowers
    if not near:
        return places[id(node)]
    return sum(places[id(each)] for each in near) / len(near)


def _crossings(rows: Sequence[Sequence[Node]]) -> int:
    """How many pairs of straight lines between neighbouring rows would cross."""
    count = 0
    for row, below in pairwise(rows):
        place = {id(node): at for at, node in enumerate(below)}
        ends = [sorted(place[id(low)] for low in node.lowers) for node in row]
        for at, right in enumerate(ends):
            for left in ends[:at]:
                count += sum(1 for a in left for b in right if a > b)
    return count


def _place(layout: Layout, room: int) -> None:
    """Give every node its column, close to the middle of those that it is joined with."""
    for row in layout.rows:
        _move(row, [(room - _total(row)) / 2 + node.middle for node in row], room)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in layout.rows if downwards else reversed(layout.rows):
            _move(row, [_wanted(node, downwards) for node in row], room)
    left = min((node.left for row in layout.rows for node in row), default=0)
    for row in layout.rows:
        for node in row:
            node.left -= left


def _wanted(node: Node, downwards: bool) -> float:
    near = node.uppers if downwards else node.lowers
    if not near:
        return node.middle
    return sum(each.middle for each in near) / len(near)


def _move(row: Sequence[Node], middles: Sequence[float], room: int) -> None:
    """Move the nodes of a row as near to the wanted middles as their order and width allow."""
    widths = [node.width for node in row]
    wanted = [middle - (node.width - 1) / 2 for node, middle in zip(row, middles, strict=True)]
    for node, left in zip(row, spread(wanted, widths, GAP, 0, room), strict=True):
        node.left = left


def spread(
    wanted: Sequence[float], widths: Sequence[int], gap: int, low: int, high: int
) -> list[int]:
    """Columns in the given order, as near as can be to the wanted ones, inside low ≤ … < high.

    Isotonic regression by pooling adjacent violators, after taking off what stands to the left.
    """
    offsets = [0]
    for width in widths:
        offsets.append(offsets[-1] + width + gap)
    most = high - low - (offsets[-1] - gap)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=False):
        mean, size = want - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    bases = [mean for mean, size in pools for _ in range(size)]
    return [
        low + min(max(round(base - low), 0), max(most, 0)) + offset
        for base, offset in zip(bases, offsets, strict=False)
    ]
