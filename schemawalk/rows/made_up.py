"""Many made-up rows of every table that obey all its rules: to develop with, fast to make.

Each row is put together from the most plausible values first; only where those break a rule, others
are searched for.  The same schema gives the same rows.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.rows.decided import decided
from schemawalk.rows.judgement import judged, stretches
from schemawalk.rows.plausible import Place, moment, plausible
from schemawalk.rows.search import Condition, Values, Variable, solve
from schemawalk.rows.taken import Taken
from schemawalk.rows.values import candidates, hints
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.expression import Expression, Value, names
from schemawalk.schema.model import Column, ForeignKey, Schema, Table
from schemawalk.schema.things import Asserted, Audit, Guard, History, ParentRule

FIRST: Final = 1001
"""Where made-up numbers start that count rows: reference rows have the small ones."""
_SPACE: Final = uuid.UUID("c0b6f0de-0f0c-5a43-8a4e-52d5b8a1e6f3")
"""Where made-up ids come from."""
_PARENTS: Final = 60
"""How many parents are tried for one row before it is given up."""
_FORM: Final = "%Y-%m-%dT%H:%M:%S.000Z"
_COUNTED: Final = ("uuid", "bigint", "integer")
"""Types of keys that are made by counting."""
_ROOTS: Final = 3
"""Every so many rows of a tree, one has no parent."""


@dataclass(frozen=True, slots=True)
class MadeUp:
    """The rows of one table, and how many more there should have been."""

    table: Table
    rows: tuple[Values, ...]
    missing: int = 0


def made_up(
    schema: Schema,
    database: str,
    count: int,
    attributes: Mapping[str, Attribute],
    there: Mapping[str, Sequence[Values]],
) -> Iterator[MadeUp]:
    """`count` rows of each table in the order in which they can be inserted.

    `attributes` are the design's, by id.  Tables in `there` have rows already and get no others;
    nor do those that triggers fill.
    """
    making = _Making(schema, database, count, attributes, there)
    filled = {thing.into for thing in schema.things(Audit)}
    filled |= {thing.into for thing in schema.things(History)}
    for table in schema.tables:
        if table.name not in filled and not there.get(table.name):
            yield making.fill(table)


class _Making:
    """What is known of all rows so far."""

    def __init__(
        self,
        schema: Schema,
        database: str,
        count: int,
        attributes: Mapping[str, Attribute],
        there: Mapping[str, Sequence[Values]],
    ) -> None:
        self.schema = schema
        self.database = database
        self.count = count
        self.attributes = attributes
        self.rows: dict[str, list[Values]] = {name: list(rows) for name, rows in there.items()}
        self._found: dict[tuple[str, tuple[str, ...]], dict[tuple[Value, ...], list[Values]]] = {}

    def fill(self, table: Table) -> MadeUp:
        """Add the rows of one table; none where a parent that each of them needs has none."""
        making = _OfTable(self, table)
        rows = self.rows.setdefault(table.name, [])
        tried = (making.row(number) for number in range(self.count))
        made = [row for row in tried if row is not None]
        return MadeUp(table, tuple(rows), self.count - len(made))

    def matching(self, table: str, fixed: Values) -> Sequence[Values]:
        """Rows of a finished table that have those values."""
        if not fixed:
            return self.rows.get(table, [])
        columns = tuple(sorted(fixed))
        if (table, columns) not in self._found:
            by: dict[tuple[Value, ...], list[Values]] = defaultdict(list)
            for row in self.rows.get(table, []):
                by[tuple(row.get(column) for column in columns)].append(row)
            self._found[table, columns] = by
        return self._found[table, columns].get(tuple(fixed[c] for c in columns), [])

    def identity(self, table: Table, column: Column, number: int) -> Value:
        """The key of the how-manieth row of a table, known before the row is made."""
        if column.type.name == "uuid":
            return str(uuid.uuid5(_SPACE, f"{table.name}/{number}"))
        return FIRST + number


class _OfTable:
    """The search for the rows of one table."""

    def __init__(self, making: _Making, table: Table) -> None:
        self.making = making
        self.table = table
        self.own = making.rows.setdefault(table.name, [])
        self.taken = Taken(making.schema, table)
        self.keys = self._ordered_keys()
        self.referring = decided(making.schema, table)
        self.plain = [c for c in table.columns if c.generated is None and self._is_plain(c)]
        self.generated = [c for c in table.columns if c.generated is not None]
        self.conditions = [*self._rules(), *self.taken.conditions(), *self._parent_rules()]
        self.rules = [check.expression for check in table.checks]
        self.starts = {
            guard.column: guard.starts
            for guard in making.schema.things(Guard)
            if guard.table == table.name and guard.starts
        }
        self.hints = {column.name: hints(column.name, self.rules) for column in table.columns}
        self.times = self._times()

    def row(self, number: int) -> Values | None:
        """The next row, remembered; None when there is none that obeys every rule."""
        row = self._first_choice(number)
        if row is None or not all(condition.holds(row) for condition in self.conditions):
            row = self._searched(number)
        if row is None:
            return None
        self.taken.add(row)
        self.own.append(row)
        return row

    def _is_plain(self, column: Column) -> bool:
        return column.name not in self.referring

    def _ordered_keys(self) -> list[ForeignKey]:
        """What belongs to most comes first: the rest then follows from that row."""
        places = {table.name: at for at, table in enumerate(self.making.schema.tables)}
        keys = self.table.foreign_keys
        return sorted(keys, key=lambda k: (-len(k.columns), -places.get(k.references, 0)))

    # One row

    def _first_choice(self, number: int) -> Values | None:
        row: dict[str, Value] = {}
        for column in self.plain:
            row[column.name] = next(self._values(column, number))
        for at, key in enumerate(self.keys):
            options = self._parents(key, at, number, row)
            chosen = next((option for option in options if _agree(option, row)), None)
            if chosen is None:
                return None
            row |= chosen
        return self._completed(row)

    def _completed(self, row: dict[str, Value]) -> Values:
        for column in self.generated:
            assert column.generated is not None
            row[column.name] = _evaluated(column.generated, row)
        return {column.name: row.get(column.name) for column in self.table.columns}

    def _searched(self, number: int) -> Values | None:
        variables = [Variable((c.name,), partial(self._options, c, number)) for c in self.plain]
        first = self._first_choice(number) or {}
        given = {name: value for name, value in first.items() if name in self.referring}
        found = solve(variables, self.conditions, given) if given else None
        if found is not None:
            return self._completed(found)
        for at, key in enumerate(self.keys):
            inside = key.references == self.table.name
            after = key.referenced_columns if inside else ()
            options = partial(self._some_parents, key, at, number)
            variables.append(Variable(key.columns, options, after))
        found = solve(variables, self.conditions, {})
        return None if found is None else self._completed(found)

    def _options(self, column: Column, number: int, _chosen: Values) -> Iterator[Values]:
        return ({column.name: value} for value in self._values(column, number))

    def _some_parents(
        self, key: ForeignKey, at: int, number: int, chosen: Values
    ) -> Iterator[Values]:
        return islice(self._parents(key, at, number, chosen), _PARENTS)

    # Values

    def _values(self, column: Column, number: int) -> Iterator[Value]:
        """Values of a column, the most plausible first; anything that its type allows after."""
        if column.name in self.table.primary_key.columns and column.type.name in _COUNTED:
            yield self.making.identity(self.table, column, number)
        if column.name in self.starts:
            yield from self.starts[column.name]
            return
        if column.name in self.times:
            yield self.times[column.name](number)
        attribute = self.making.attributes.get(column.source)
        for value in plausible(Place(self.table, column, attribute, number)):
            yield _cut(column, value)
        yield from candidates(
            column, self.hints[column.name], FIRST + number, self.making.schema,
            self.making.database,
        )  # fmt: skip

    def _times(self) -> dict[str, Callable[[int], Value]]:
        """Columns of stretches that must not overlap: each row has its own two hours, or days."""
        found: dict[str, Callable[[int], Value]] = {}
        for rule in stretches(self.making.schema).get(self.table.name, ()):
            for name, later in ((rule.start, 0), (rule.end, 1)):
                found[name] = partial(_own_time, self.table.column(name), later)
        return found

    # Parents

    def _parents(
        self, key: ForeignKey, at: int, number: int, chosen: Values
    ) -> Iterator[dict[str, Value]]:
        """Options for the columns of a foreign key; nothing last, where that is allowed."""
        nothing = dict.fromkeys(c for c in key.columns if self.table.column(c).nullable)
        if key.references == self.table.name:
            yield from self._itself(key, number, chosen, nothing)
            return
        pairs = list(key.pairs())
        fixed = {theirs: chosen[own] for own, theirs in pairs if chosen.get(own) is not None}
        some = self.making.matching(key.references, fixed)
        if not some and key.deferrable and not self.making.rows.get(key.references):
            yield self._promised(key, number, fixed)
        wanted = self._implied(key, chosen)
        start = number + at + (number // len(some) if at and some else 0)
        order = (some[(start + offset) % len(some)] for offset in range(len(some)))
        for parent in chain(wanted, order):
            yield {own: parent.get(theirs) for own, theirs in pairs}
        if nothing:
            yield nothing

    def _implied(self, key: ForeignKey, chosen: Values) -> Iterator[Values]:
        """The row that a parent chosen already belongs to: a user's document is their team's."""
        if len(key.columns) != 1:
            return
        for other in self.keys:
            if other is key or len(other.columns) != 1 or other.references == self.table.name:
                continue
            value = chosen.get(other.columns[0])
            above = self.making.schema.table(other.references)
            up = next((k for k in above.foreign_keys if k.references == key.references), None)
            if value is None or up is None or len(up.columns) != 1:
                continue
            for parent in self.making.matching(above.name, {other.referenced_columns[0]: value}):
                grand = {up.referenced_columns[0]: parent.get(up.columns[0])}
                yield from self.making.matching(key.references, grand)

    def _itself(
        self, key: ForeignKey, number: int, chosen: Values, nothing: dict[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """An earlier row of the same table, or itself where there must be one."""
        pairs = list(key.pairs())
        if nothing and (number % _ROOTS == 0 or not self.own):
            yield nothing
        for offset in range(len(self.own)):
            parent = self.own[(number // _ROOTS + offset) % len(self.own)]
            yield {own: parent.get(theirs) for own, theirs in pairs}
        if nothing:
            yield nothing
        elif all(theirs in chosen for theirs in key.referenced_columns):
            yield {own: chosen[theirs] for own, theirs in pairs}

    def _promised(self, key: ForeignKey, number: int, fixed: Values) -> dict[str, Value]:
        """The key of a row that comes later, as a key may have that is looked at at COMMIT."""
        parent = self.making.schema.table(key.references)
        return {
            own: fixed.get(theirs) or self.making.identity(parent, parent.column(theirs), number)
            for own, theirs in key.pairs()
        }

    # Rules

    def _rules(self) -> Iterator[Condition]:
        rules = [check.expression for check in self.table.checks]
        asserted = self.making.schema.things(Asserted)
        rules += [each.rule for each in asserted if each.table == self.table.name]
        for rule in rules:
            yield Condition(self._mentioned(rule), partial(_holds, rule))

    def _parent_rules(self) -> Iterator[Condition]:
        for rule in self.making.schema.things(ParentRule):
            if rule.table == self.table.name:
                yield Condition(frozenset(rule.columns), partial(self._parent_holds, rule))

    def _parent_holds(self, rule: ParentRule, row: Values) -> bool:
        pairs = zip(rule.columns, rule.parent_columns, strict=True)
        wanted = {theirs: row.get(own) for own, theirs in pairs}
        return all(
            _holds(rule.rule, parent) for parent in self.making.matching(rule.parent, wanted)
        )

    def _mentioned(self, rule: Expression) -> frozenset[str]:
        own = {column.name for column in self.table.columns}
        return frozenset(name for name in names(rule) if name in own)


def _agree(option: Values, row: Values) -> bool:
    """Whether the option says nothing else of a column than the row does already."""
    return all(row.get(name, value) == value for name, value in option.items())


def _holds(rule: Expression, row: Values) -> bool:
    return judged(rule, row) is not False


def _evaluated(rule: Expression, row: Values) -> Value:
    try:
        return evaluate(rule, row)
    except (TypeError, ValueError, ArithmeticError):
        return None


def _cut(column: Column, value: Value) -> Value:
    """The value, no longer than its column."""
    longest = column.type.precision if column.type.name == "varchar" else None
    return value[:longest].rstrip() if longest and isinstance(value, str) else value


def _own_time(column: Column, later: int, number: int) -> Value:
    match column.type.name:
        case "timestamptz":
            start = moment(0).replace(minute=0)
            return (start + timedelta(hours=2 * number + later)).strftime(_FORM)
        case "date":
            return (moment(0).date() + timedelta(days=2 * number + later)).isoformat()
        case _:
            return 10 * number + 5 * later
