"""What a delete does: replayed on sample rows as a database would, key by key, to the end."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemawalk.schema.model import Action, ForeignKey, Schema, Table
from schemawalk.schema.samples import Manner, Place, Sample, incoming, sample


@dataclass(frozen=True, slots=True)
class Block:
    """A foreign key that refuses the delete, and the rows that stand in its way."""

    key: ForeignKey
    table: str
    """Name of the table that holds the key."""
    rows: tuple[Place, ...]
    way: tuple[str, ...]
    """Tables from the deleted row's to the one that holds the key."""
    null: bool = False
    """Whether it refuses because SET NULL meets a column that is NOT NULL."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a delete does; when it is refused, what it would do without what blocks it."""

    sample: Sample
    gone: tuple[Place, ...]
    """The rows that vanish, in that order."""
    emptied: tuple[tuple[Place, ForeignKey], ...]
    """Rows that stay, each with the key that no longer points anywhere."""
    blocks: tuple[Block, ...]
    """What refuses it; the first is the one that the database names."""

    @property
    def refused(self) -> bool:
        """Whether nothing happens at all."""
        return bool(self.blocks)

    def counts(self) -> dict[str, int]:
        """How many rows vanish, by table, the deleted row's table first."""
        found: dict[str, int] = defaultdict(int)
        for table, _ in self.gone:
            found[table] += 1
        return dict(found)


def delete(schema: Schema, rows: Sample, manner: Manner = "postgresql") -> Outcome:
    """What deleting the sample's first row does, by the keys of the schema.

    PostgreSQL works in layers: all keys that refer to a deleted row act before those that refer to
    what these deleted, in the order in which they were created; RESTRICT and NO ACTION look when
    their turn comes.  SQLite follows each row to the end at once, the newest key first; RESTRICT
    looks at once, NO ACTION when the statement ends.
    """
    replay = _Replay(schema, rows, manner)
    if manner == "sqlite":
        replay.at_once(rows.start)
        replay.settle()
    else:
        replay.in_layers(rows.start)
    return replay.outcome()


def with_action(schema: Schema, key: str, action: Action) -> Schema:
    """The schema with another action for the foreign key of that name.

    SET NULL makes the key's columns optional: the two are one decision.
    """
    return Schema(tuple(_changed(table, key, action) for table in schema.tables), schema.enums)


def _changed(table: Table, name: str, action: Action) -> Table:
    key = next((each for each in table.foreign_keys if each.name == name), None)
    if key is None:
        return table
    keys = tuple(replace(k, on_delete=action) if k is key else k for k in table.foreign_keys)
    columns = table.columns
    if action == "SET NULL":
        columns = tuple(replace(c, nullable=c.nullable or c.name in key.columns) for c in columns)
    return replace(table, foreign_keys=keys, columns=columns)


def key_named(schema: Schema, name: str) -> tuple[Table, ForeignKey]:
    """The foreign key of that name, with its table; raises KeyError when there is none."""
    for table, key in schema.references():
        if key.name == name:
            return table, key
    raise KeyError(name)


def what_if(schema: Schema, key: str, action: Action, manner: Manner = "postgresql") -> Outcome:
    """What deleting a row that the key refers to does when the key has that action.

    The sample holds what hangs on the row by that key, and is the same for every action.  Raises
    KeyError when there is no such key.
    """
    _, asked = key_named(schema, key)
    rows = sample(schema, asked.references, by=key)
    return delete(with_action(schema, key, action), rows, manner)


class _Replay:
    """One delete under way: which rows live, where they point, what was met."""

    def __init__(self, schema: Schema, rows: Sample, manner: Manner) -> None:
        self.schema = schema
        self.sample = rows
        self.incoming = incoming(schema, manner)
        self.points = {row.place: dict(row.points) for row in rows.rows}
        self.pointing: dict[tuple[str, Place], list[Place]] = defaultdict(list)
        for row in rows.rows:
            for name, target in row.points.items():
                if target is not None:
                    self.pointing[name, target].append(row.place)
        self.changes = dict.fromkeys(self.points, 0)
        self.gone: list[Place] = []
        self.emptied: list[tuple[Place, ForeignKey]] = []
        self.blocks: list[Block] = []
        self.moved: list[_Event] = []

    # As PostgreSQL does: each key is a trigger, fired after what was queued before it

    def in_layers(self, start: Place) -> None:
        """Delete a row, then let the keys act in the order in which they were called upon."""
        waiting: deque[_Event] = deque(self.remove(start))
        while waiting:
            event = waiting.popleft()
            if event.checked is None:
                waiting.extend(self.act(event))
            elif self.points.get(event.row, {}).get(event.key.name) == event.checked:
                self.check(event)

    def act(self, event: _Event) -> Iterator[_Event]:
        """Let one key act on the rows that refer to a deleted one; what this calls upon."""
        children = self.children(event.key, event.row)
        if event.left is not None:
            self.refuse_to_move(event)
        elif event.key.on_delete == "CASCADE":
            for child in children:
                yield from self.remove(child)
        elif event.key.on_delete == "SET NULL":
            for child in self.emptiable(event, children):
                yield from self.empty(child, event.table, event.key)
        elif children:
            self.block(event, children)

    def remove(self, row: Place) -> Iterator[_Event]:
        """Delete a row; the keys that refer to it are called upon."""
        del self.points[row]
        self.gone.append(row)
        for table, key in self.incoming.get(row[0], ()):
            yield _Event(row, table, key)

    def empty(self, row: Place, table: Table, key: ForeignKey) -> Iterator[_Event]:
        """Let a row point nowhere; a row that this statement changed before is checked again.

        So are the keys that refer to the row by what it loses: it is still there, and is not what
        they name.
        """
        before = self.points[row][key.name]
        self.points[row][key.name] = None
        lost = frozenset(key.emptied or key.columns)
        for child, other in self.incoming.get(row[0], ()):
            if not lost.isdisjoint(other.referenced_columns):
                yield _Event(row, child, other, left=before)
        self.emptied.append((row, key))
        self.changes[row] += 1
        if self.changes[row] == 1:
            return
        for other in table.foreign_keys:
            target = self.points[row].get(other.name)
            if target is not None:
                yield _Event(row, table, other, target, self.changes[row])

    def refuse_to_move(self, event: _Event) -> None:
        """Refuse when rows still refer to one by what it has lost."""
        if event.row not in self.points:
            return
        children = self.children(event.key, event.row)
        if held := tuple(child for child in children if self.shares(child, event)):
            self.block(event, held)

    def shares(self, child: Place, event: _Event) -> bool:
        """Whether a row points where the lost column of its parent led, as a tied key demands."""
        alone = (k for k in event.table.foreign_keys
                 if len(k.columns) == 1 and k is not event.key and k.columns[0] in event.key.columns
                 )  # fmt: skip
        return all(self.points[child].get(key.name) == event.left for key in alone)

    def check(self, event: _Event) -> None:
        """Refuse when what a changed row points at has gone in the meantime."""
        if event.change == self.changes[event.row] and event.checked not in self.points:
            self.block(event, (event.row,))

    # As SQLite does: each row is followed to the end before the next

    def at_once(self, row: Place) -> None:
        """Delete a row and, before anything else, what hangs on it."""
        for event in reversed(tuple(self.remove(row))):
            children = self.children(event.key, row)
            if event.key.on_delete == "CASCADE":
                for child in children:
                    if child in self.points:
                        self.at_once(child)
            elif event.key.on_delete == "SET NULL":
                for child in self.emptiable(event, children):
                    met = self.empty(child, event.table, event.key)
                    self.moved += [each for each in met if each.left is not None]
            elif event.key.on_delete == "RESTRICT" and children:
                self.block(event, children)

    def settle(self) -> None:
        """Refuse when a row still points at one that is gone, unless that was said before."""
        for event in self.moved:
            self.refuse_to_move(event)
        said = {(place, block.key.name) for block in self.blocks for place in block.rows}
        for table, key in self.schema.references():
            left = [
                place
                for place, points in self.points.items()
                if place[0] == table.name
                and (target := points.get(key.name)) is not None
                and target not in self.points
                and (place, key.name) not in said
            ]
            if left:
                target = self.points[left[0]][key.name] or left[0]
                self.block(_Event(target, table, key), left)

    # Both

    def children(self, key: ForeignKey, row: Place) -> tuple[Place, ...]:
        """The living rows that refer to a row by that key."""
        pointing = self.pointing.get((key.name, row), ())
        return tuple(p for p in pointing if self.points.get(p, {}).get(key.name) == row)

    def emptiable(self, event: _Event, children: tuple[Place, ...]) -> tuple[Place, ...]:
        """The rows that may point nowhere: all, or none where a column is NOT NULL."""
        if children and not all(event.table.column(c).nullable for c in event.key.columns):
            self.block(event, children, null=True)
            return ()
        return children

    def block(self, event: _Event, rows: Iterable[Place], *, null: bool = False) -> None:
        """Note a refusal; the replay goes on as if it had not been."""
        way = self.sample.way(event.row)
        if event.checked is None:
            way = (*way, event.table.name)
        self.blocks.append(Block(event.key, event.table.name, tuple(rows), way, null))

    def outcome(self) -> Outcome:
        """What came of it: rows that vanished later did not stay without anything."""
        emptied = tuple(each for each in self.emptied if each[0] in self.points)
        return Outcome(self.sample, tuple(self.gone), emptied, tuple(self.blocks))


@dataclass(frozen=True, slots=True)
class _Event:
    """A key that is called upon: a row that it refers to is gone, or its own row is checked."""

    row: Place
    table: Table
    key: ForeignKey
    checked: Place | None = None
    """For a check: where the row pointed."""
    change: int = 0
    """For a check: which change of the row called for it."""
    left: Place | None = None
    """Where the row pointed, which is there, and has lost what the key refers to."""
