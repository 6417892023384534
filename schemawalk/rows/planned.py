"""Made-up rows that obey every constraint of their table, and such that break exactly one.

Nothing here touches a database: rows are planned, in the order in which they can be inserted, and
always the same ones for the same schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from schemawalk.rows.decided import decided, points_back
from schemawalk.rows.judgement import Ask, judged, stretches
from schemawalk.rows.obeyed import APART, Obeyed
from schemawalk.rows.one_row import ELSEWHERE, Fits, Made, OneRow
from schemawalk.rows.search import Values
from schemawalk.rows.values import TIMES, Hints, beside, candidates, hints
from schemawalk.rows.wishes import ANY as ANY
from schemawalk.rows.wishes import NoRowError as NoRowError
from schemawalk.rows.wishes import Planned as Planned
from schemawalk.rows.wishes import Wish as Wish
from schemawalk.schema.language.expression import Expression, IsNull, Name, Value, rebuilt
from schemawalk.schema.model import Exclusion, ForeignKey, Schema, Table
from schemawalk.schema.things import Apart

NOTHING_CHOSEN: Final[Values] = {}
FIRST: Final = 1001
"""Where made-up numbers start: past what reference data that comes with a schema uses up."""

_PARENTS: Final = 3
"""How many rows that are there already are tried as a parent."""


Asking = Callable[[Table, Expression, Values], bool | None]
Promise = tuple[ForeignKey, tuple[Value, ...]]
"""A key of a row, and the values of it that will be there."""


class Rows:
    """Rows that were planned, on top of others that are there already."""

    def __init__(
        self, schema: Schema, database: str, below: Rows | None = None, ask: Asking | None = None
    ) -> None:
        """`ask` has the database judge a row by a rule that is written in its own SQL."""
        self._ask: Asking | None = below._ask if below else ask
        self._schema = schema
        self._database = database
        self._below = below
        self._making: dict[str, Values] = {}
        self._promised: list[Promise] = []
        self._overdue: list[tuple[str, Values]] = []
        self._kept: list[str] = []
        self._awaited: frozenset[str] = below._awaited if below else _awaited(schema)
        self._stretches: dict[str, list[Exclusion | Apart]] = (
            below._stretches if below else stretches(schema)
        )
        self.obeyed: Obeyed = below.obeyed if below else Obeyed.of(schema)
        self._hints: dict[str, dict[str, Hints]] = below._hints if below else {}
        self._table_rows: dict[str, list[Values]] = {}
        self._hidden: list[Values] = []
        self._number: int = below._number if below else FIRST
        self.planned: list[Planned] = []

    def ask(self, table: Table) -> Ask | None:
        """Has the database judge rows of the table; None when there is none to ask."""
        return partial(self._ask, table) if self._ask else None

    def apart(self, table: Table) -> list[Exclusion | Apart]:
        """The rules that rows of the table do not overlap, whatever keeps them."""
        return self._stretches.get(table.name, [])

    def on_top(self) -> Rows:
        """A plan that knows these rows, and leaves them alone."""
        return Rows(self._schema, self._database, self)

    def of(self, table: str) -> list[Values]:
        """The table's rows, oldest first."""
        below = self._below.of(table) if self._below else []
        return below + self._table_rows.get(table, [])

    def forget(self, planned: Planned) -> None:
        """Take back a row that the database did not accept."""
        self.planned.remove(planned)
        self._table_rows[planned.table.name].remove(planned.values)

    def hide(self, row: Values) -> None:
        """Let no further row choose this one as its parent."""
        self._hidden.append(row)

    def add(self, table: Table, wish: Wish = ANY) -> Values:
        """Plan a row, after the parents that it needs; raises NoRowError, with nothing planned."""
        if table.name in self._making:
            raise NoRowError(f"a row of {table.name} needs another one of {table.name} first")
        before = len(self.planned), list(self._promised), list(self._overdue)
        try:
            return self._added(table, wish)
        except NoRowError:
            self._undo(*before)
            raise

    def _added(self, table: Table, wish: Wish) -> Values:
        self._number += 1
        self._making[table.name] = {}
        try:
            row = OneRow(self, table, wish, self._number).values()
        finally:
            del self._making[table.name]
        self.planned.append(Planned(table, row, self._later(table, row)))
        self._table_rows.setdefault(table.name, []).append(row)
        if not wish.refused:
            self._keep_promises(row)
        return row

    def _undo(self, rows: int, promised: list[Promise], overdue: list[tuple[str, Values]]) -> None:
        """Forget what was planned for a row that cannot be: all but the first so many rows."""
        for planned in reversed(self.planned[rows:]):
            self._table_rows[planned.table.name].pop()
        del self.planned[rows:]
        self._promised, self._overdue = promised, overdue

    def beneath(self, table: Table, fixed: Values) -> None:
        """Plan the parents that a row with these values refers to, where they are not there.

        Raises NoRowError.
        """
        for key in table.foreign_keys:
            wanted = {theirs: fixed.get(own) for own, theirs in key.pairs()}
            there = (wanted.items() <= dict(row).items() for row in self.of(key.references))
            if None not in wanted.values() and not any(there):
                parent = self._schema.table(key.references)
                self.beneath(parent, wanted)
                self.add(parent, Wish(fixed=wanted))

    def _later(self, table: Table, row: Values) -> tuple[str, ...]:
        """What is filled in later: keys to rows that were promised, and that the database checks
        at once."""
        return tuple(
            column
            for key, values in self._promised
            if not key.deferrable and tuple(row.get(each) for each in key.columns) == values
            for column in key.columns
            if table.column(column).nullable
        )

    def _keep_promises(self, row: Values) -> None:
        """Add the parents that a row refers to before they are there; raises NoRowError.

        One that needs a row that is still being made comes when that is there.
        """
        for promise in list(self._promised):
            key, values = promise
            if tuple(row.get(column) for column in key.columns) == values:
                wanted = dict(zip(key.referenced_columns, values, strict=True))
                self._promised.remove(promise)
                self._overdue.append((key.references, wanted))
        overdue, self._overdue = self._overdue, []
        for table, keys in overdue:
            self._keep(table, keys)

    def _keep(self, table: str, wanted: Values) -> None:
        if any(wanted.items() <= dict(other).items() for other in self.of(table)):
            return
        if table in self._kept:
            raise NoRowError(f"a row of {table} leads to ever more of {table}")
        self._kept.append(table)
        try:
            self.add(self._schema.table(table), Wish(fixed=wanted))
        except NoRowError:
            if not self._making:
                raise
            self._overdue.append((table, wanted))
        finally:
            self._kept.pop()

    def decided(self, table: Table) -> frozenset[str]:
        """The columns of the table's rows that follow from their parents."""
        return decided(self._schema, table)

    def points_back(self, table: Table, key: ForeignKey) -> bool:
        """Whether the parent of a key has from the row itself what the key says of it."""
        return points_back(self._schema, table, key)

    def awaited(self, table: Table) -> tuple[str, ...]:
        """The columns by which others may refer to a row of the table while it is being made."""
        return table.primary_key.columns if table.name in self._awaited else ()

    def made_so_far(self, table: Table, chosen: Values) -> None:
        """Let others refer to a row that is not there yet, as a deferred key allows."""
        self._making[table.name] = chosen

    def hints(self, table: Table) -> dict[str, Hints]:
        """What the table's rules say about each of its columns."""
        if table.name not in self._hints:
            rules = [check.expression for check in table.checks]
            rules += [index.predicate for index in table.indexes if index.predicate is not None]
            rules += self.obeyed.rules(table.name)
            rules = [_followed(table, rule) for rule in rules]
            self._hints[table.name] = {c.name: hints(c.name, rules) for c in table.columns}
        return self._hints[table.name]

    def values(
        self, table: Table, column: str, number: int, chosen: Values = NOTHING_CHOSEN
    ) -> list[Value]:
        """Values to try in a column, of a row of which others are chosen already."""
        known = self.hints(table)[column]
        if table.column(column).identity and table.name in self.obeyed.counted_on:
            number *= APART
        tried = candidates(table.column(column), known, number, self._schema, self._database)
        others = (chosen[c.name] for c in table.columns if c.type.name in TIMES
                  and c.name in chosen and c.name != column)  # fmt: skip
        tried += [v for v in beside(table.column(column), known, others) if v not in tried]
        starts = {v for g in self.obeyed.guarded(table.name, column) for v in g.starts}
        return sorted(tried, key=lambda value: value not in starts) if starts else tried

    def parents(
        self, key: ForeignKey, chosen: Values, made: Made, fits: Fits
    ) -> Iterator[tuple[Value, ...]]:
        """Keys of rows that a foreign key may refer to: those that are there, then a new one.

        Only rows that fit, and agree with what is `chosen` already for columns of the key.  `made`
        keeps the new ones: who asks again gets the same.  What came in the meantime comes last.
        """
        fixed = {theirs: chosen[own] for own, theirs in key.pairs() if own in chosen}
        there = self.of(key.references)
        usable = (row for row in there if self._can_be_parent(row, key, fixed, fits))
        for row in islice(usable, _PARENTS):
            yield tuple(row.get(column) for column in key.referenced_columns)
        coming = self._making.get(key.references, {})
        if key.deferrable and all(column in coming for column in key.referenced_columns):
            yield tuple(coming[column] for column in key.referenced_columns)
        place = (key.name, frozenset(fixed.items()))
        if place not in made:
            made[place] = self._new_parent(key, fixed, fits.rules)
        if (values := made[place]) is not None:
            yield values
        for row in self.of(key.references)[len(there) :]:
            if self._can_be_parent(row, key, fixed, fits):
                yield tuple(row.get(column) for column in key.referenced_columns)

    def _can_be_parent(self, row: Values, key: ForeignKey, fixed: Values, fits: Fits) -> bool:
        # Where the whole key is given, the parent is no choice that could be avoided.
        decided = fixed.keys() >= self._identity(key.references)
        return (
            (decided or row not in self._hidden)
            and all(row.get(name) == fixed[name] for name in fixed)
            and all(judged(rule, row) is not False for rule in fits.rules)
            and fits.free({own: row.get(theirs) for own, theirs in key.pairs()})
        )

    def _new_parent(
        self, key: ForeignKey, fixed: Values, rules: tuple[Expression, ...]
    ) -> tuple[Value, ...] | None:
        """The key of a new row that can be a parent; None when there can be none."""
        present = tuple(IsNull(Name(column), negated=True) for column in key.referenced_columns)
        try:
            if self._needs_what_is_made(self._schema.table(key.references), fixed):
                return self._promise(key, fixed)
            wish = Wish(fixed=fixed, within=(*present, *rules))
            row = self.add(self._schema.table(key.references), wish)
        except NoRowError:
            waits = key.deferrable and key.references not in self._making
            return self._promise(key, fixed) if waits else None
        except KeyError:
            return None
        return tuple(row[column] for column in key.referenced_columns)

    def _needs_what_is_made(self, table: Table, fixed: Values) -> bool:
        """Whether such a row would point to one that is being made, and is not there yet."""
        for key in table.foreign_keys:
            if key.references in self._making and fixed.keys() >= set(key.columns):
                wanted = {theirs: fixed[own] for own, theirs in key.pairs()}
                if not any(wanted.items() <= dict(row).items() for row in self.of(key.references)):
                    return True
        return False

    def absent(self, table: Table, key: ForeignKey) -> Values:
        """Values of a foreign key that no row of its parent has."""
        number = self._number + ELSEWHERE
        return {column: self.values(table, column, number)[0] for column in key.columns}

    def _identity(self, table: str) -> set[str]:
        """The primary key of a table; a name that is no column's for one that is not there."""
        try:
            return set(self._schema.table(table).primary_key.columns)
        except KeyError:
            return {""}

    def _promise(self, key: ForeignKey, fixed: Values) -> tuple[Value, ...]:
        """The key of a row that is added right after the one that refers to it."""
        parent = self._schema.table(key.references)
        fresh = (self.values(parent, name, self._number)[0] for name in key.referenced_columns)
        named = zip(key.referenced_columns, fresh, strict=True)
        values = tuple(fixed.get(name, value) for name, value in named)
        self._promised.append((key, values))
        return values


def _followed(table: Table, rule: Expression) -> Expression:
    """The rule with what generated columns follow from in their place."""
    sources = {column.name: column.generated for column in table.columns}
    if isinstance(rule, Name):
        return sources.get(rule.name) or rule
    return rebuilt(rule, lambda inner: _followed(table, inner))


def _awaited(schema: Schema) -> frozenset[str]:
    """Tables that others may refer to before the row is there."""
    return frozenset(key.references for _, key in schema.references() if key.deferrable)
