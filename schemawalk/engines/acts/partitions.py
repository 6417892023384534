"""Partitions made to act: rows go where they belong, and a routine makes room for those to come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from schemawalk.engines.acts.sessions import decoys, working_as
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Planned, Wish
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import IsNull, Name
from schemawalk.schema.model import Part, Table
from schemawalk.schema.routine import Routine

_FIRST, _LAST, _NEXT = "2077-03-01", "2077-03-31", "2077-04-01"
"""A month to come, its first and its last day, and the day after."""


def parts(table: Table, rows: RowProof) -> Attempts:
    """For each part that is there from the start a row that must lie in it."""
    if table.partition is None or table.partition.by != "list":
        return
    for part in table.partition.parts:
        name = f"{table.name}: keeps {part.value!r} in {part.name}"
        yield name, partial(_kept_in, table, part, rows)


def months(thing: Routine, rows: RowProof) -> Attempts:
    """The attempts on a routine that makes a part a month."""
    yield f"{thing.name}: has made the months that come next", partial(_made, thing, rows)
    yield f"{thing.name}: makes a part for a month to come", partial(_month, thing, rows)
    name = f"{thing.name}: calls no function of somebody else"
    yield name, partial(_not_led_astray, thing, rows)
    if thing.age is not None:
        yield f"{thing.name}: drops the months that are over", partial(_dropped, thing, rows)


def parents(thing: Routine, rows: RowProof) -> Attempts:
    """The attempts on a routine that makes a part for each row of another table."""
    yield f"{thing.name}: makes a part for each of {thing.of}", partial(_parent, thing, rows)


def _kept_in(table: Table, part: Part, rows: RowProof) -> str:
    assert table.partition is not None
    plan, column = rows.on_top(), table.partition.column
    fixed: Values = {column: part.value}
    plan.beneath(table, fixed)
    row = plan.add(table, Wish(fixed=fixed))
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        if (found := _part_of(table, row, rows)) != part.name:
            raise DisprovedError(f"it is in {found}")
    return ""


def _month(thing: Routine, rows: RowProof) -> str:
    """Rows of a month that has no part yet: one is there before it is made, others come after."""
    table, plan = rows.schema.table(thing.table), rows.on_top()
    early = plan.add(table, Wish(fixed={thing.column: _at(thing, table, _FIRST, "00:00:00.000")}))
    before = len(plan.planned)
    late = plan.add(table, Wish(fixed={thing.column: _at(thing, table, _LAST, "23:59:59.999")}))
    after = plan.add(table, Wish(fixed={thing.column: _at(thing, table, _NEXT, "00:00:00.000")}))
    with rows.engine.savepoint():
        _insert(plan.planned[:before], rows)
        _must(_part_of(table, early, rows) == _rest(table), "a month is there before it is made")
        made = _roll(thing, rows, f"date '{_FIRST}', 1")
        _must(made == 2, f"it says that it made {made} months, not 2")
        _insert(plan.planned[before:], rows)
        own = {_part_of(table, row, rows) for row in (early, late)}
        _must(len(own) == 1, "rows of one month lie in several parts")
        _must(_rest(table) not in own, "the month has no part of its own")
        _must(_part_of(table, after, rows) not in {*own, _rest(table)}, "two months share a part")
    return f"{', '.join(map(str, own))}"


def _made(thing: Routine, rows: RowProof) -> str:
    """The migration has called it: for today there is nothing left to make."""
    with rows.engine.savepoint():
        made = _roll(thing, rows, "")
        _must(made == 0, f"{made} months are missing that the migration should have made")
    return ""


_BETTER: Final = (
    "format(text, text)", "format(text, text, text, text)", "date_trunc(text, date)",
    "to_char(date, text)", "make_interval(integer)", "right(name, integer)",
)  # fmt: skip
"""What fits the values that it works with better than the database's own."""


def _not_led_astray(thing: Routine, rows: RowProof) -> str:
    with decoys(rows.engine, *_BETTER):
        _roll(thing, rows, f"date '{_FIRST}', 1")
    return ", ".join(_BETTER)


def _dropped(thing: Routine, rows: RowProof) -> str:
    table, plan = rows.schema.table(thing.table), rows.on_top()
    old = plan.add(table, Wish(fixed={thing.column: _at(thing, table, _LAST, "23:59:59.999")}))
    young = plan.add(table, Wish(fixed={thing.column: _at(thing, table, _NEXT, "00:00:00.000")}))
    with rows.engine.savepoint():
        _roll(thing, rows, f"date '{_FIRST}', 1")
        _insert(plan.planned, rows)
        _roll(thing, rows, f"(date '{_LAST}' + interval '{thing.age}')::date, 0")
        _must(rows.found(table, old) is not None, "a month is gone before its time")
        _roll(thing, rows, f"(date '{_NEXT}' + interval '{thing.age}')::date, 0")
        _must(rows.found(table, old) is None, "a month whose time is over is still there")
        _must(rows.found(table, young) is not None, "the month after is gone as well")
    return str(thing.age)


def _parent(thing: Routine, rows: RowProof) -> str:
    table, of = rows.schema.table(thing.table), rows.schema.table(thing.of)
    key = next(k for k in table.foreign_keys if k.columns == (thing.column,))
    referenced = key.referenced_columns[0]
    plan = rows.on_top()
    present = IsNull(Name(referenced), negated=True)
    owners = [plan.add(of, Wish(within=(present,)))[referenced] for _ in range(2)]
    early, other = (plan.add(table, Wish(fixed={thing.column: owner})) for owner in owners)
    with rows.engine.savepoint():
        _insert(plan.planned, rows)
        _must(_roll(thing, rows, "") >= 2, "it says that it made less than two parts")
        _must(_roll(thing, rows, "") == 0, "it makes what is there already")
        found = {_part_of(table, row, rows) for row in (early, other)}
        _must(len(found) == 2, f"rows of two {of.name} lie in one part")
        _must(_rest(table) not in found, f"a row of {of.name} has no part of its own")
    return ""


def _insert(planned: Sequence[Planned], rows: RowProof) -> None:
    """Insert, and look at once at what would be looked at later: parts change only in between."""
    rows.insert(planned)
    rows.engine.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _roll(thing: Routine, rows: RowProof, arguments: str) -> int:
    """Call the routine; gives how many parts it says that it made."""
    name = DIALECTS[rows.engine.name].quoted(thing.name)
    with working_as(rows.engine, thing.role):
        return int(rows.engine.rows(f"SELECT {name}({arguments})")[0][0])


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DisprovedError(otherwise)


def _rest(table: Table) -> str:
    assert table.partition is not None
    return table.partition.rest


def _at(thing: Routine, table: Table, day: str, time: str) -> str:
    moment = table.column(thing.column).type.name == "timestamptz"
    return f"{day}T{time}Z" if moment else day


def _part_of(table: Table, row: Values, rows: RowProof) -> str:
    """The name of the part in which the row lies; empty when it is not there."""
    lies = f"(SELECT relname FROM pg_class WHERE oid = {_tableoid(table)})"
    found = rows.found(table, row, lies)
    return str(found[0]) if found else ""


def _tableoid(table: Table) -> str:
    """PostgreSQL's name for where a row lies, apart from a column that is called so."""
    return f"{DIALECTS['postgresql'].quoted(table.name)}.tableoid"
