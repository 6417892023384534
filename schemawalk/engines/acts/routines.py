"""Routines made to act: what is old goes, what is forgotten tells nothing, months are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from schemawalk.engines.acts.partitions import months, parents
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Rows, Wish
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import IsNull, Name, Value
from schemawalk.schema.routine import Hop, Routine
from schemawalk.schema.things import View

_MYSQL_AGO: Final = (
    "SELECT DATE_FORMAT(NOW(3) - INTERVAL {age} + INTERVAL {more} DAY, '%Y-%m-%dT%H:%i:%s.000Z')"
)
_AGO: Final = {
    "postgresql": "SELECT to_char((now() - interval '{age}' + interval '{more} days') "
    "AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{age}', '{more} days')",
    "mysql": _MYSQL_AGO,
    "mariadb": _MYSQL_AGO,
}
"""By database, the moment that many days after the one at which a row's time is over."""
_CALL: Final = {
    "postgresql": "SELECT {name}({value})",
    "sqlite": "INSERT INTO {name} VALUES ({place}{value})",
    "mysql": "CALL {name}({value})",
    "mariadb": "CALL {name}({value})",
}
_DAY: Final = 2
"""Days that a row is older or younger than it must be to go: more than any zone makes of it."""
_MANY: Final = 1_000_000
_LONG_AGO: Final = "1971-01-01T00:00:00.000Z"
"""Before any other row: what is removed first."""


def routine(thing: Routine, rows: RowProof) -> Attempts:
    """What the routine does, and what it leaves alone."""
    yield from _ACTS[thing.purpose](thing, rows)


def _purge(thing: Routine, rows: RowProof) -> Attempts:
    yield f"{thing.name}: removes the old and keeps the young", partial(_purged, thing, rows)
    for way in thing.blockers:
        path = " and ".join(hop.table for hop in way)
        name = f"{thing.name}: leaves what {path} still refers to"
        yield name, partial(_spared, thing, rows, way)


def _purged(thing: Routine, rows: RowProof) -> str:
    table, plan = rows.schema.table(thing.table), rows.on_top()
    first = _LONG_AGO[: len(_moment(thing, rows, 0))]
    times = (first, first, _moment(thing, rows, -_DAY), _moment(thing, rows, _DAY))
    for row in plan.of(table.name):
        plan.hide(row)
    made = []
    for time in times:
        made.append(plan.add(table, Wish(fixed={thing.column: time})))
        plan.hide(made[-1])
    *old, young = made
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        _purge_once(thing, rows, 1)
        if (gone := sum(rows.found(table, row) is None for row in old)) != 1:
            raise DisprovedError(f"asked for one row it removed {gone or 'another'}")
        _purge_once(thing, rows, _MANY)
        if any(rows.found(table, row) for row in old):
            raise DisprovedError("a row whose time is over is still there")
        if rows.found(table, young) is None:
            raise DisprovedError("a row is gone before its time")
    return str(thing.age)


def _spared(thing: Routine, rows: RowProof, way: tuple[Hop, ...]) -> str:
    table, plan = rows.schema.table(thing.table), rows.on_top()
    kept = plan.add(table, Wish(fixed={thing.column: _moment(thing, rows, -_DAY)}))
    above: Values = kept
    for hop in way:
        pairs = zip(hop.columns, hop.referenced, strict=True)
        fixed = {column: above[referenced] for column, referenced in pairs}
        above = plan.add(rows.schema.table(hop.table), Wish(fixed=fixed))
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        _purge_once(thing, rows, _MANY)
        if rows.found(table, kept) is None:
            raise DisprovedError("the row is gone")
    return ""


def _purge_once(thing: Routine, rows: RowProof, most: int) -> None:
    name = DIALECTS[rows.engine.name].quoted(thing.name)
    call = _CALL[rows.engine.name].format(name=name, value=most, place="NULL, ")
    rows.engine.rows(call)


def _moment(thing: Routine, rows: RowProof, more: int) -> str:
    """A moment so many days before (or after) the end of a row's time, by the server's clock."""
    age = str(thing.age) if rows.engine.name in ("postgresql", "sqlite") else _counted(thing)
    sql = _AGO[rows.engine.name].format(age=age, more=f"{more:+d}")
    moment = str(rows.engine.rows(sql)[0][0])
    kind = rows.schema.table(thing.table).column(thing.column).type.name
    return moment[:10] if kind == "date" else moment


def _counted(thing: Routine) -> str:
    """The age as MySQL and MariaDB say an interval."""
    assert thing.age is not None
    return f"{thing.age.count} {thing.age.unit.upper()}"


def _forget(thing: Routine, rows: RowProof) -> Attempts:
    yield f"{thing.name}: leaves nothing of the person", partial(_forgotten, thing, rows, thing)
    for other in (*thing.before_it, *thing.after_it):
        called = next(r for r in rows.schema.things(Routine) if r.name == other)
        name = f"{thing.name}: leaves nothing of the person in {called.table}"
        yield name, partial(_forgotten, thing, rows, called)


def _forgotten(thing: Routine, rows: RowProof, within: Routine) -> str:
    """Call the routine, and look at a row that `within` is for, and at somebody else's."""
    table, plan = rows.schema.table(within.table), rows.on_top()
    wanted = _listed(rows, within)
    (key, mine), (_, others) = (_told(thing, within, plan, rows) for _ in range(2))
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        before, untouched = rows.found(table, mine, wanted), rows.found(table, others, wanted)
        said = _of_person(rows, thing, key, wanted) if within.name in thing.after_it else []
        _call(thing, rows, key)
        after = rows.found(table, mine, wanted)
        if rows.found(table, others, wanted) != untouched:
            raise DisprovedError("it changed what is somebody else's")
        if (after is None) is bool(within.cleared):
            raise DisprovedError("the row is gone" if within.cleared else "the row is still there")
        same = _unchanged(within, [before or []], after or [])
        same |= _unchanged(within, said, *_of_person(rows, within, key, wanted))
        if same:
            raise DisprovedError(f"it left {', '.join(sorted(same))} as it was")
    return wanted if within.cleared else "the row"


def _listed(rows: RowProof, thing: Routine) -> str:
    """The columns that are cleared; anything where the row goes."""
    return DIALECTS[rows.engine.name].names(tuple(c.column for c in thing.cleared)) or "1"


def _unchanged(within: Routine, said: list[list[object]], *after: list[object]) -> set[str]:
    """The cleared columns that still say what one of the rows said."""
    return {
        cleared.column
        for at, cleared in enumerate(within.cleared)
        for row in after
        if any(row and row[at] == before[at] for before in said if before)
    }


def _of_person(rows: RowProof, thing: Routine, key: object, wanted: str) -> list[list[object]]:
    """What all rows of a routine's table say about a person."""
    dialect = DIALECTS[rows.engine.name]
    where = f"{dialect.quoted(thing.table)} WHERE {dialect.quoted(thing.column)} = $1"
    return [list(row) for row in rows.engine.rows(f"SELECT {wanted} FROM {where}", (key,))]


def _told(thing: Routine, within: Routine, plan: Rows, rows: RowProof) -> tuple[object, Values]:
    """A person's key, and a row that tells of them in every column that is to be cleared."""
    table = rows.schema.table(thing.table)
    row = plan.add(table, replace(_telling(thing), fixed=_of_another(thing, plan, rows)))
    key = row[thing.column]
    if within is not thing:
        fixed = {within.column: key}
        for reference in rows.schema.table(within.table).foreign_keys:
            if within.column in reference.columns:
                pairs = reference.pairs()
                fixed = {own: row[theirs] for own, theirs in pairs}
        row = plan.add(rows.schema.table(within.table), replace(_telling(within), fixed=fixed))
    return rows.engine.bound(table.column(thing.column).type, key), row


def _of_another(thing: Routine, plan: Rows, rows: RowProof) -> dict[str, Value]:
    """What makes a row belong to somebody who is not there yet."""
    for key in rows.schema.table(thing.table).foreign_keys:
        if thing.column in key.columns:
            person = plan.add(rows.schema.table(key.references))
            pairs = key.pairs()
            return {own: person[theirs] for own, theirs in pairs}
    return {}


def _telling(thing: Routine) -> Wish:
    present = (IsNull(Name(each.column), negated=True) for each in thing.cleared)
    return Wish(within=tuple(present))


def _call(thing: Routine, rows: RowProof, key: object) -> None:
    name = DIALECTS[rows.engine.name].quoted(thing.name)
    rows.engine.rows(_CALL[rows.engine.name].format(name=name, value="$1", place=""), (key,))


def _roll(thing: Routine, rows: RowProof) -> Attempts:
    yield from parents(thing, rows) if thing.of else months(thing, rows)


def _refresh(thing: Routine, rows: RowProof) -> Attempts:
    yield f"{thing.name}: brings {thing.table} up to date", partial(_refreshed, thing, rows)


def _refreshed(thing: Routine, rows: RowProof) -> str:
    name = DIALECTS[rows.engine.name].quoted(thing.table)
    view = next(v for v in rows.schema.things(View) if v.name == thing.table)
    table, plan = rows.schema.table(view.table), rows.on_top()
    plan.add(table, Wish(within=(view.predicate,) if view.predicate is not None else ()))
    with rows.engine.savepoint():
        before = rows.engine.rows(f"SELECT * FROM {name}")
        rows.insert(plan.planned)
        rows.engine.rows(f"SELECT {DIALECTS[rows.engine.name].quoted(thing.name)}()")
        if rows.engine.rows(f"SELECT * FROM {name}") == before:
            raise DisprovedError("a new row changed nothing")
    return ""


_ACTS: Final[Mapping[str, Callable[[Routine, RowProof], Attempts]]] = {
    "purge": _purge,
    "forget": _forget,
    "roll": _roll,
    "refresh": _refresh,
}
