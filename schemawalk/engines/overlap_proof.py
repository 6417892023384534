"""Rules against overlaps made to act: what overlaps is refused, what follows at once is not."""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce

from schemawalk.engines.engine import Engine
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import Attempts
from schemawalk.rows.judgement import Values, before, clash, follows, keys, takes_part
from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Expression, IsNull, Logic, Name
from schemawalk.schema.model import Exclusion, Table
from schemawalk.schema.things import Apart

Rule = Exclusion | Apart


class OverlapProof:
    """The attempts on one table's rules that its rows do not overlap."""

    def __init__(self, rows: Rows, writer: RowWriter, engine: Engine) -> None:
        """`rows` are those that are there already."""
        self._rows = rows
        self._writer = writer
        self._engine = engine

    def attempts(self, table: Table, rule: Rule) -> Attempts:
        """What shows that a rule holds, and that it holds no more than it should."""
        of = f"{table.name}: {{}} ({rule.name})"
        yield of.format("refuses what overlaps"), partial(self._overlapping, table, rule)
        if never_two(table, rule):
            return
        yield of.format("refuses what is moved to overlap"), partial(self._moved, table, rule)
        after = "on the day after another's last" if rule.last_counts else "when another ends"
        yield of.format(f"accepts what begins {after}"), partial(self._after, table, rule)
        if rule.last_counts:
            name = of.format("refuses what begins on another's last day")
            yield name, partial(self._on_the_last_day, table, rule)
            yield of.format("accepts a single day"), partial(self._single_day, table, rule)
        for part in _parts(rule.predicate):
            said = DIALECTS[self._engine.name].sql(part)
            name = of.format(f"accepts an overlap unless {said}")
            yield name, partial(self._uncounted, table, rule, part)

    def _overlapping(self, table: Table, rule: Rule) -> str:
        rows = self._rows.on_top()
        first = self._counted(rows, table, rule)
        place = {column: first[column] for column in (rule.start, rule.end)}
        return self._refused(rows, table, rule, self._same(rows, table, rule, first, place))

    def _refused(self, rows: Rows, table: Table, rule: Rule, row: Values) -> str:
        there = (other for other in rows.of(table.name) if other is not row)
        hurt = [k for other in there for k in keys(table) if clash(k, row, other)]
        wanted = {self._engine.reported("unique", table.name, k.name, k.columns) for k in hurt}
        wanted.add(self._engine.reported("exclusion", table.name, rule.name, ()))
        self._writer.refuse(rows.planned, wanted)
        return f"never alone: {hurt[0].name} says no as well" if hurt else ""

    def _moved(self, table: Table, rule: Rule) -> str:
        """A row that was nobody's neighbour gets the place of another."""
        rows = self._rows.on_top()
        first = self._counted(rows, table, rule)
        later = self._following(rows, table, rule, first)
        wanted = {self._engine.reported("exclusion", table.name, rule.name, ())}
        place = {rule.start: first[rule.start]}
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
            self._writer.expect(
                partial(self._writer.change, table, later, place), wanted, "the change"
            )
        return ""

    def _after(self, table: Table, rule: Rule) -> str:
        rows = self._rows.on_top()
        self._following(rows, table, rule, self._counted(rows, table, rule))
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
        return ""

    def _on_the_last_day(self, table: Table, rule: Rule) -> str:
        rows = self._rows.on_top()
        first = self._counted(rows, table, rule)
        row = self._same(rows, table, rule, first, {rule.start: first[rule.end]})
        return self._refused(rows, table, rule, row)

    def _single_day(self, table: Table, rule: Rule) -> str:
        rows = self._rows.on_top()
        first = self._counted(rows, table, rule)
        fixed = {column: first[column] for column in rule.columns}
        fixed |= dict.fromkeys((rule.start, rule.end), follows(rule, first))
        try:
            rows.add(table, Wish(fixed=fixed, within=self._within(rule)))
        except NoRowError:
            return "never so short: another rule says no"
        with self._writer.savepoint():
            self._writer.insert(rows.planned)
        return ""

    def _uncounted(self, table: Table, rule: Rule, part: Expression) -> str:
        """A row that does not count for one reason alone, if that can be, before and after."""
        rows = self._rows.on_top()
        first = rows.add(table, Wish(within=self._within(rule)))
        same = {column: first[column] for column in (*rule.columns, rule.start, rule.end)}
        others = tuple(other for other in _parts(rule.predicate) if other is not part)
        wish = Wish(fixed=same, outside=(part,), heedless=frozenset((rule.name,)))
        try:
            second = rows.add(table, replace(wish, within=others))
        except NoRowError:
            second = rows.add(table, wish)
        both = {id(first): 1, id(second): 0}
        turned = sorted(rows.planned, key=lambda planned: both.get(id(planned.values), -1))
        # What counts when it begins must have become what does not before the other comes.
        begins, _ = self._writer.begun(table, second)
        for planned in (turned,) if takes_part(rule, begins) else (rows.planned, turned):
            with self._writer.savepoint():
                self._writer.insert(planned)
        return ""

    def _counted(self, rows: Rows, table: Table, rule: Rule) -> Values:
        """A row that takes part: of those that are there the last to end, or a new one."""
        needed = (*rule.columns, rule.start, rule.end)
        counted = [
            row
            for row in rows.of(table.name)
            if takes_part(rule, row) and all(row.get(column) is not None for column in needed)
        ]
        if counted:
            return reduce(
                lambda one, two: two if before(one, rule.end, two, rule.end) else one, counted
            )
        return rows.add(table, Wish(within=self._within(rule)))

    def _same(self, rows: Rows, table: Table, rule: Rule, first: Values, place: Values) -> Values:
        """A row of the same things as the first that takes its time there, whatever forbids it."""
        fixed = {**{column: first[column] for column in rule.columns}, **place}
        within = self._within(rule)
        try:
            wish = Wish(fixed=fixed, within=within, heedless=frozenset((rule.name,)))
            return rows.add(table, wish)
        except NoRowError:
            every = frozenset((rule.name, *(key.name for key in keys(table))))
            return rows.add(table, Wish(fixed=fixed, within=within, heedless=every))

    def _following(self, rows: Rows, table: Table, rule: Rule, first: Values) -> Values:
        fixed = {column: first[column] for column in rule.columns}
        fixed[rule.start] = follows(rule, first)
        return rows.add(table, Wish(fixed=fixed, within=self._within(rule)))

    def _within(self, rule: Rule) -> tuple[Expression, ...]:
        needed = (*rule.columns, rule.start, rule.end)
        present = tuple(IsNull(Name(column), negated=True) for column in needed)
        return (*present, rule.predicate) if rule.predicate is not None else present


def never_two(table: Table, rule: Rule) -> bool:
    """Whether a key refuses a second row of the same things anyway, whenever it takes place."""
    counted = _parts(rule.predicate)
    return any(
        set(key.columns) <= set(rule.columns) and all(p in counted for p in _parts(key.predicate))
        for key in keys(table)
    )


def _parts(predicate: Expression | None) -> tuple[Expression, ...]:
    """The conditions that a row must meet to count."""
    match predicate:
        case None:
            return ()
        case Logic("and", parts):
            return parts
        case one:
            return (one,)
