"""Sample rows: a small made-up population around one row, along every path that a delete takes."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.names import words

Manner = Literal["postgresql", "sqlite"]
"""Whose order of events is followed: it decides what stands in the way of what."""

Place = tuple[str, int]
"""Where a row is: its table, and its number there, counted from 1."""


@dataclass(frozen=True)
class Row:
    """One row: what people call it, and where its foreign keys point, by the key's name."""

    place: Place
    name: str = ""
    points: Mapping[str, Place | None] = field(default_factory=dict)
    under: Place | None = None
    """The row that it hangs on in the sample; None for the deleted row and its neighbours."""
    by: str = ""
    """Name of the foreign key by which it hangs there."""

    @property
    def table(self) -> str:
        """Name of its table."""
        return self.place[0]


@dataclass(frozen=True)
class Sample:
    """Made-up rows, and which of them is deleted."""

    rows: tuple[Row, ...]
    start: Place

    @cached_property
    def at(self) -> Mapping[Place, Row]:
        """Every row by its place."""
        return {row.place: row for row in self.rows}

    def way(self, place: Place) -> tuple[str, ...]:
        """Names of the tables from the deleted row's to that row's, both included."""
        row: Row | None = self.at[place]
        names: list[str] = []
        while row is not None:
            names.append(row.table)
            row = self.at[row.under] if row.under else None
        return tuple(reversed(names))


CHILDREN: Final = (2, 2, 2, 1)
"""Rows that hang on one row by one key, by how far they are from the deleted one; then the last."""

DEEPEST: Final = 8
"""Keys from the deleted row to the farthest row."""

MOST: Final = 16
"""Rows of one table, unless a key would go without a row."""

PEOPLE: Final = ("Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gwen", "Hugo", "Ines", "Jan")
TITLES: Final = ("Spring", "Harbour", "Maple", "Lantern", "Meadow", "Copper", "Willow", "Summit")
CALLED: Final = frozenset(("name", "title", "label", "file_name", "subject", "code"))
"""Names of columns that hold what people call a row."""


def sample(schema: Schema, start: str, by: str = "") -> Sample:
    """Rows around one row of the table `start`: what refers to it, what refers to that, and so on.

    Paths lead on through CASCADE.  With `by`, the name of a key, only that key leads away from the
    start, whatever its action.  Of two rows that hang on one, the first has its other keys in the
    same family, the second points at neighbours, which no delete reaches.  The same schema gives
    the same rows.
    """
    return _Population(schema, by).around(schema.table(start))


def incoming(
    schema: Schema, manner: Manner = "postgresql"
) -> Mapping[str, tuple[tuple[Table, ForeignKey], ...]]:
    """Foreign keys by the table that they refer to, in the order in which they are created.

    Keys of a circle come last where a table can be altered; SQLite has all of them from the start.
    """
    found: dict[str, list[tuple[Table, ForeignKey]]] = defaultdict(list)
    late = manner == "postgresql"
    for table, key in sorted(schema.references(), key=lambda pair: late and pair[1].deferred):
        found[key.references].append((table, key))
    return {name: tuple(keys) for name, keys in found.items()}


def is_link(table: Table) -> bool:
    """Whether the table only links others: its key is made of foreign keys."""
    keys = {column for key in table.foreign_keys for column in key.columns}
    return len(table.primary_key.columns) > 1 and set(table.primary_key.columns) <= keys


def noun(table: Table) -> str:
    """What one row is called: "usage event", "assessment framework link"."""
    plain = " ".join(words(table.entity)) or " ".join(words(table.name))
    return f"{plain} link" if is_link(table) else plain


class _Population:
    """Rows while they are made."""

    def __init__(self, schema: Schema, by: str) -> None:
        self.schema = schema
        self.by = by
        self.incoming = incoming(schema)
        self.rows: dict[Place, Row] = {}
        self.family: dict[str, list[Place]] = defaultdict(list)
        self.neighbours: dict[str, Place | None] = {}
        self.used: set[str] = set()
        self.paired: set[tuple[str, Place]] = set()
        self.counts: dict[str, int] = defaultdict(int)

    def around(self, table: Table) -> Sample:
        start = self.place(table)
        self.add(Row(start, _name(table, start[1]), dict.fromkeys(_names(table))))
        self.family[table.name].append(start)
        self.neighbour(table)
        self.rows[start] = Row(start, self.rows[start].name, self.outside(table))
        waiting: deque[tuple[Place, tuple[str, ...]]] = deque([(start, ())])
        while waiting:
            waiting.extend(self.hang_on(*waiting.popleft()))
        return Sample(tuple(self.rows.values()), start)

    def hang_on(
        self, parent: Place, path: tuple[str, ...]
    ) -> Iterator[tuple[Place, tuple[str, ...]]]:
        """Hang rows on a row by each key that refers to it; those on which more can hang."""
        for table, key in self.incoming.get(parent[0], ()):
            elsewhere = self.by and not path and key.name != self.by
            if elsewhere or key.name in path or len(path) >= DEEPEST:
                continue
            if back := self.backwards(table, key):
                self.tie(parent, key, back)
                continue
            leads_on = key.on_delete == "CASCADE" or key.name == self.by
            for number in range(self.wanted(table, key, parent, len(path))):
                made = self.child(table, key, parent, inside=number == 0)
                if leads_on:
                    yield made, (*path, key.name)

    def backwards(self, table: Table, key: ForeignKey) -> ForeignKey | None:
        """The key by which what this one refers to refers back to the very same row, as a house's
        owner is one of its own members; None where it may be another row."""
        pairs = dict(key.pairs())
        back = tuple(pairs.get(column) for column in table.primary_key.columns)
        keys = self.schema.table(key.references).foreign_keys
        return next((k for k in keys if k.references == table.name and k.columns == back), None)

    def tie(self, row: Place, key: ForeignKey, back: ForeignKey) -> None:
        """Let the one row point at this one that can: the one to which this one belongs."""
        home = self.rows[row].points.get(back.name)
        if home is not None and self.rows[home].points.get(key.name) is None:
            points = {**self.rows[home].points, key.name: row}
            self.rows[home] = replace(self.rows[home], points=points)

    def wanted(self, table: Table, key: ForeignKey, parent: Place, depth: int) -> int:
        """How many rows hang on a row by that key; at least one row in all shows what it does."""
        if (key.name, parent) in self.paired:
            return 0
        wanted = 1 if _single(table, key) else CHILDREN[min(depth, len(CHILDREN) - 1)]
        least = 0 if key.name in self.used else 1
        return max(least, min(wanted, MOST - self.counts[table.name]))

    def child(self, table: Table, key: ForeignKey, parent: Place, *, inside: bool) -> Place:
        place = self.place(table)
        points: dict[str, Place | None] = {}
        for other in table.foreign_keys:
            target = self.nearest(parent, other) if inside else None
            if target and _single(table, other) and (other.name, target) in self.paired:
                target = None
            inward = self.points_inside(table, other)
            points[other.name] = target or (None if inward else self.neighbours_place(other))
        points[key.name] = parent
        self.paired |= {
            (k.name, target)
            for k in table.foreign_keys
            if (target := points[k.name]) is not None and _single(table, k)
        }
        self.used.add(key.name)
        self.family[table.name].append(place)
        self.add(Row(place, _name(table, place[1]), points, parent, key.name))
        return place

    def nearest(self, row: Place, key: ForeignKey) -> Place | None:
        """The row of the family that a key points at: one on the way, else any."""
        above: Place | None = row
        while above is not None:
            if above[0] == key.references:
                return above
            above = self.rows[above].under
        return next(iter(self.family[key.references]), None)

    def outside(self, table: Table) -> dict[str, Place | None]:
        return {
            key.name: None if self.points_inside(table, key) else self.neighbours_place(key)
            for key in table.foreign_keys
        }

    def points_inside(self, table: Table, key: ForeignKey) -> bool:
        """Whether a key can only point at what belongs to its own row, or at a row of its table."""
        return key.references == table.name or self.backwards(table, key) is not None

    def neighbours_place(self, key: ForeignKey) -> Place | None:
        return self.neighbour(self.schema.table(key.references))

    def neighbour(self, table: Table) -> Place | None:
        """A row that is not of the family; None while it is being made, in a circle."""
        if table.name not in self.neighbours:
            self.neighbours[table.name] = None
            points = self.outside(table)
            place = self.place(table)
            self.neighbours[table.name] = place
            self.add(Row(place, _name(table, place[1]), points))
        return self.neighbours[table.name]

    def place(self, table: Table) -> Place:
        self.counts[table.name] += 1
        return table.name, self.counts[table.name]

    def add(self, row: Row) -> None:
        self.rows[row.place] = row


def _single(table: Table, key: ForeignKey) -> bool:
    """Whether at most one row points at the same row by that key."""
    unique = (table.primary_key.columns, *(each.columns for each in table.uniques))
    return key.columns in unique


def _names(table: Table) -> tuple[str, ...]:
    return tuple(key.name for key in table.foreign_keys)


def _name(table: Table, number: int) -> str:
    """What people would call the row: "user Ada", "document 'Spring'", "assessment 2"."""
    kind = noun(table)
    columns = {column.name: column for column in table.columns}
    if any(c.sensitivity == "personal" for name, c in columns.items() if _tells_who(name)):
        return f"{kind} {_of(PEOPLE, number)}"
    if CALLED & columns.keys() and not is_link(table):
        return f"{kind} '{_of(TITLES, number)}'"
    return f"{kind} {number}"


def _tells_who(column: str) -> bool:
    return column == "name" or column.endswith(("email", "_name", "address"))


def _of(names: tuple[str, ...], number: int) -> str:
    round_, at = divmod(number - 1, len(names))
    return names[at] if not round_ else f"{names[at]} {round_ + 1}"
