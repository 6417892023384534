"""What is promised whoever else is at work: rules over other rows, jobs, versions and views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from schemawalk.engines.acts.ages import DAY, ago, stretch
from schemawalk.engines.acts.changes import may
from schemawalk.engines.acts.sessions import working_as
from schemawalk.engines.acts.two_sessions import HasOthers, TwoSessions
from schemawalk.engines.overlap_proof import never_two
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import follows
from schemawalk.rows.planned import Wish
from schemawalk.schema.around.holding import Held, held_by
from schemawalk.schema.capability.innodb import INNODB
from schemawalk.schema.language.expression import IsNull, Name, Not, Value
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Apart, History, Limit, ParentRule

_CALL: Final = {
    "postgresql": "SELECT {}({})",
    "mysql": "CALL {}({})",
    "mariadb": "CALL {}({})",
}
_SHARED: Final = {
    "postgresql": "FOR SHARE",
    "mysql": "LOCK IN SHARE MODE",
    "mariadb": "LOCK IN SHARE MODE",
}
"""A lock that waits for whoever holds a row to change it, and not for who merely refers to it."""
_MANY: Final = 1_000_000
_FAR_AHEAD: Final = "2088-03-01"
"""A month of which no row is made up."""
_NOT_SEEN: Final = "0A000"
"""SQLSTATE of what a transaction cannot do, as it does not see what others have committed."""


def at_once(rows: RowProof) -> Attempts:
    """What two sessions show, after all rows that were accepted were committed.

    Each leaves rows behind, of which the next knows.
    """
    if not isinstance(rows.engine, HasOthers):
        return
    with ExitStack() as open_:
        both = TwoSessions(rows, open_)
        for thing in rows.schema.around:
            act = _ACTS.get(type(thing))
            if act is not None:
                yield from act(thing, both, rows)


def _limit(thing: Limit, both: TwoSessions, _: RowProof) -> Attempts:
    there = f"{thing.table}: two sessions at once"
    if both.first.name not in INNODB:
        yield f"{there} are counted one by one ({thing.name})", partial(_counted, thing, both)
        name = f"{thing.table}: refuses to count what it cannot see ({thing.name})"
        yield name, partial(_not_seen, thing, both)
        return
    if thing.parent != thing.table:
        yield f"{there} are counted one by one ({thing.name})", partial(_counted, thing, both)
    name = f"{thing.table}: counts what others have just committed ({thing.name})"
    yield name, partial(_counts_the_new, thing, both)


def _counted(thing: Limit, both: TwoSessions) -> str:
    """Who adds a row holds the parent, which whoever counts beside must hold as well."""
    refers = _of_one(thing, both)
    row = both.plan.add(both.schema.table(thing.table), _counting(thing, refers))
    with both.apart_from(row) as mine, both.first.savepoint():
        both.writer.insert(mine)
        both.must_wait(partial(_hold_parent, thing, refers, both, "first"), "the other session")
    return ""


def _hold_parent(
    thing: Limit | ParentRule | Held, refers: Mapping[str, Value], both: TwoSessions, how: str
) -> None:
    table = both.schema.table(thing.parent)
    lock = _SHARED[both.first.name] if how == "first" else "FOR NO KEY UPDATE"
    pairs = zip(thing.columns, thing.parent_columns, strict=True)
    wanted = {theirs: refers[own] for own, theirs in pairs}
    tests = " AND ".join(f"{both.dialect.quoted(c)} = ${at}" for at, c in enumerate(wanted, 1))
    values = [both.second.bound(table.column(c).type, value) for c, value in wanted.items()]
    name = both.dialect.quoted(table.name)
    both.second.rows(f"SELECT 1 FROM {name} WHERE {tests} {lock}", values)


def _not_seen(thing: Limit, both: TwoSessions) -> str:
    row = both.plan.add(both.schema.table(thing.table), _counting(thing, _of_one(thing, both)))
    with both.apart_from(row) as mine, both.with_an_old_look():
        both.must_refuse(partial(both.others_writer.insert, mine), "the row", _NOT_SEEN)
    return ""


def _counts_the_new(thing: Limit, both: TwoSessions) -> str:
    refers, table = _of_one(thing, both), both.schema.table(thing.table)
    for _ in range(thing.most):
        both.plan.add(table, _counting(thing, refers))
    row = both.plan.add(table, _counting(thing, refers, thing.name))
    return _refuses_after(row, thing, both)


def _of_one(thing: Limit, both: TwoSessions) -> dict[str, Value]:
    parent = both.plan.add(both.schema.table(thing.parent))
    pairs = zip(thing.columns, thing.parent_columns, strict=True)
    return {column: parent[referenced] for column, referenced in pairs}


def _counting(thing: Limit, refers: Mapping[str, Value], *heedless: str) -> Wish:
    among = (thing.among,) if thing.among is not None else ()
    return Wish(fixed=refers, within=among, heedless=frozenset(heedless))


def _refuses_after(row: Any, thing: Limit | ParentRule | Apart, both: TwoSessions) -> str:
    """A row is refused for what was committed after the session had looked at the rows."""
    refusal = both.writer.reported_trigger(thing.table, thing.name)
    with both.with_an_old_look(), both.apart_from(row) as mine:
        both.must_refuse(partial(both.others_writer.insert, mine), "the row", refusal)
    return ""


def _parent_rule(thing: ParentRule, both: TwoSessions, _: RowProof) -> Attempts:
    if both.first.name in INNODB:
        name = f"{thing.table}: looks at {thing.parent} as it is now ({thing.name})"
        yield name, partial(_sees_the_parent, thing, both)
    else:
        name = f"{thing.table}: holds {thing.parent} as it is ({thing.name})"
        yield name, partial(_holds_the_parent, thing, both)


def _sees_the_parent(thing: ParentRule, both: TwoSessions) -> str:
    parent = both.plan.add(both.schema.table(thing.parent), Wish(within=(Not(thing.rule),)))
    both.plan.hide(parent)
    pairs = zip(thing.columns, thing.parent_columns, strict=True)
    fixed = {own: parent[theirs] for own, theirs in pairs}
    row = both.plan.add(both.schema.table(thing.table), Wish(fixed=fixed))
    return _refuses_after(row, thing, both)


def _holds_the_parent(thing: ParentRule, both: TwoSessions) -> str:
    row = both.plan.add(both.schema.table(thing.table))
    if any(row[column] is None for column in thing.columns):
        parent = both.plan.add(both.schema.table(thing.parent), Wish(within=(thing.rule,)))
        pairs = zip(thing.columns, thing.parent_columns, strict=True)
        fixed = {own: parent[theirs] for own, theirs in pairs}
        row = both.plan.add(both.schema.table(thing.table), Wish(fixed=fixed))
    with both.apart_from(row) as mine, both.first.savepoint():
        both.writer.insert(mine)
        both.must_wait(partial(_hold_parent, thing, row, both, "other"), "a change of it")
    return ""


def _apart(thing: Apart, both: TwoSessions, rows: RowProof) -> Attempts:
    if both.first.name not in INNODB or never_two(rows.schema.table(thing.table), thing):
        return
    name = f"{thing.table}: two sessions at once cannot overlap ({thing.name})"
    yield name, partial(_overlapping, thing, both)
    if row := held_by(thing, both.schema):
        name = f"{thing.table}: two sessions at once come one by one ({thing.name})"
        yield name, partial(_one_by_one, thing, row, both)
        name = f"{thing.table}: sees what others have just committed ({thing.name})"
        yield name, partial(_sees_the_new, thing, both)
    if may("UPDATE", thing, rows):
        name = f"{thing.table}: two sessions at once cannot come to overlap ({thing.name})"
        yield name, partial(_coming_to_overlap, thing, both)


def _overlapping(thing: Apart, both: TwoSessions) -> str:
    row = both.plan.add(both.schema.table(thing.table), _booked(thing, {}))
    same = {column: row[column] for column in (*thing.columns, thing.start, thing.end)}
    other = both.plan.add(both.schema.table(thing.table), _booked(thing, same))
    with both.apart_from(row, other) as mine, both.first.savepoint():
        one, two = (each for each in mine)
        both.writer.insert([one])
        both.must_wait(partial(both.others_writer.insert, [two]), "what overlaps")
    return ""


def _one_by_one(thing: Apart, row: Held, both: TwoSessions) -> str:
    """Who writes holds the row above: what does not overlap waits, and is not sent away."""
    written = both.plan.add(both.schema.table(thing.table), _booked(thing, {}))
    with both.apart_from(written) as mine, both.first.savepoint():
        both.writer.insert(mine)
        both.must_wait(partial(_hold_parent, row, written, both, "first"), "the other session")
    return ""


def _sees_the_new(thing: Apart, both: TwoSessions) -> str:
    """What overlaps is refused for what was committed after the session had looked at the rows."""
    table = both.schema.table(thing.table)
    there = both.plan.add(table, _booked(thing, {}))
    same = {column: there[column] for column in (*thing.columns, thing.start, thing.end)}
    return _refuses_after(both.plan.add(table, _booked(thing, same)), thing, both)


def _coming_to_overlap(thing: Apart, both: TwoSessions) -> str:
    """What begins when the other is over is to begin when that begins.

    MariaDB locks what a trigger asks for within IF, told to or not; MySQL does when it is told.
    """
    table = both.schema.table(thing.table)
    row = both.plan.add(table, _booked(thing, {}))
    after = {column: row[column] for column in thing.columns} | {thing.start: follows(thing, row)}
    other = both.plan.add(table, _booked(thing, after))
    new = {thing.start: row[thing.start]}
    with both.apart_from(row) as mine, both.first.savepoint():
        both.writer.insert(mine)
        change = partial(both.others_writer.change, table, other, new)
        both.must_wait(change, "a change that overlaps")
    return ""


def _booked(thing: Apart, fixed: Mapping[str, Value]) -> Wish:
    """A row that counts, with a beginning and an end; it may overlap."""
    needed = (*thing.columns, thing.start, thing.end)
    present = tuple(IsNull(Name(column), negated=True) for column in needed)
    told = (thing.predicate,) if thing.predicate is not None else ()
    heedless = frozenset((thing.name,)) if fixed else frozenset[str]()
    return Wish(fixed=fixed, within=(*present, *told), heedless=heedless)


def _history(thing: History, both: TwoSessions, rows: RowProof) -> Attempts:
    if both.first.name in INNODB and may("UPDATE", thing, rows):
        name = f"{thing.table}: a version begins where one of another session ended"
        yield name, partial(_follows, thing, both)


def _follows(thing: History, both: TwoSessions) -> str:
    """Both change one row; the later began before the earlier, and must see what it noted."""
    table, key = both.schema.table(thing.table), both.schema.table(thing.table).primary_key.columns
    row = both.plan.add(table)
    same = {key[0]: row[key[0]]}
    found, values = both.writer.identified(table, row)
    where = found.partition(" WHERE ")[2]
    since, until, into = map(both.dialect.quoted, (thing.since, thing.until, thing.into))
    ask = f"SELECT MAX({since}) >= MIN({until}) FROM {into} WHERE {where}"
    with both.apart_from():
        pass
    with both.with_an_old_look():
        both.committing(partial(both.writer.change, table, row, same))
        both.others_writer.change(table, row, same)
        if both.second.rows(f"{ask} LOCK IN SHARE MODE", values) != [(1,)]:
            raise DisprovedError("two versions of one row were so at the same time")
    return ""


def _routine(thing: Routine, both: TwoSessions, rows: RowProof) -> Attempts:
    act = _ROUTINES.get(thing.purpose)
    if act is not None:
        yield from act(thing, both, rows)


def _purge(thing: Routine, both: TwoSessions, _: RowProof) -> Attempts:
    """Nothing where rows go along or are emptied: those may be what another session works on."""
    keys = (key for _, key in both.schema.references() if key.references == thing.table)
    if all(key.on_delete in ("RESTRICT", "NO ACTION") for key in keys):
        name = f"{thing.name}: leaves alone what another session works on, and does not wait"
        yield name, partial(_passed_over, thing, both)


def _passed_over(thing: Routine, both: TwoSessions) -> str:
    assert thing.age is not None
    table = both.schema.table(thing.table)
    kind = table.column(thing.column).type.name
    time = ago(both.first, thing.age, -DAY, kind)
    fixed = stretch(thing.column, both.plan.apart(table), time)
    row = both.plan.add(table, Wish(fixed=fixed, sparse=True))
    found, values = both.writer.identified(table, row)
    with both.apart_from():
        pass
    with both.first.savepoint():
        both.first.rows(f"SELECT 1 FROM {found} FOR UPDATE", values)
        with both.free(f"{thing.name}"):
            _call(thing, both, str(_MANY))
            if not both.second.rows(f"SELECT 1 FROM {found}", values):
                raise DisprovedError("the row is gone")
    return ""


def _forget(thing: Routine, both: TwoSessions, rows: RowProof) -> Attempts:
    called = [each for each in rows.schema.things(Routine) if each.name in thing.before_it]
    for within in called:
        name = f"{thing.name}: waits for who is writing about the person in {within.table}"
        yield name, partial(_awaited, thing, within, both)
    if called and both.first.name not in INNODB:
        name = f"{thing.name}: refuses to work on what was so once"
        yield name, partial(_not_overlooked, thing, both)


def _awaited(thing: Routine, within: Routine, both: TwoSessions) -> str:
    table, about = both.schema.table(thing.table), both.schema.table(within.table)
    person = both.plan.add(table)
    fixed: dict[str, Value] = {within.column: person[thing.column]}
    for key in about.foreign_keys:
        if within.column in key.columns and key.references == table.name:
            fixed = {own: person[theirs] for own, theirs in key.pairs()}
    row = both.plan.add(about, Wish(fixed=fixed))
    value = both.first.bound(table.column(thing.column).type, person[thing.column])
    with both.apart_from(row) as mine, both.first.savepoint():
        both.writer.insert(mine)
        both.must_wait(partial(_call, thing, both, "$1", value), thing.name)
    return ""


def _not_overlooked(thing: Routine, both: TwoSessions) -> str:
    with both.with_an_old_look():
        both.must_refuse(partial(_call, thing, both, "NULL"), "the call", _NOT_SEEN)
    return ""


def _roll(thing: Routine, both: TwoSessions, _: RowProof) -> Attempts:
    yield f"{thing.name}: waits for another that makes the same", partial(_alone, thing, both)
    referred = {key.references for key in both.schema.table(thing.table).foreign_keys}
    if not thing.of and (others := sorted(referred - {thing.table})):
        name = f"{thing.name}: lets others read {', '.join(others)} meanwhile"
        yield name, partial(_stands_aside, thing, others, both)


def _alone(thing: Routine, both: TwoSessions) -> str:
    """The second time there is nothing to make, and yet nobody else can begin meanwhile.

    The other asks for what the routine begins with, with less patience than the routine has.
    """
    table = both.dialect.quoted(thing.table)
    begin = f"LOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE"
    both.committing(partial(_call, thing, both, "", engine=both.first))
    with both.first.savepoint():
        _call(thing, both, "", engine=both.first)
        both.must_wait(partial(both.second.execute, begin), thing.name)
    return ""


def _stands_aside(thing: Routine, others: Sequence[str], both: TwoSessions) -> str:
    """Months are made that nobody has rows of yet: that is what happens from day to day."""
    with both.first.savepoint():
        _call(thing, both, f"date '{_FAR_AHEAD}', 1", engine=both.first)
        for other in others:
            with both.free(f"a look at {other}"):
                both.second.rows(f"SELECT 1 FROM {both.dialect.quoted(other)} LIMIT 1")
    return ""


def _refresh(thing: Routine, both: TwoSessions, _: RowProof) -> Attempts:
    name = f"{thing.name}: lets others read {thing.table} meanwhile"
    yield name, partial(_readable, thing, both)


def _readable(thing: Routine, both: TwoSessions) -> str:
    with both.first.savepoint():
        _call(thing, both, "", engine=both.first)
        with both.free(f"a look at {thing.table}"):
            both.second.rows(f"SELECT 1 FROM {both.dialect.quoted(thing.table)} LIMIT 1")
    return ""


def _call(
    thing: Routine, both: TwoSessions, argument: str, *values: object, engine: Any = None
) -> None:
    session = engine or both.second
    sql = _CALL[session.name].format(both.dialect.quoted(thing.name), argument)
    with working_as(session, thing.role):
        session.rows(sql, values)


_ROUTINES: Final[Mapping[str, Callable[[Routine, TwoSessions, RowProof], Attempts]]] = {
    "purge": _purge,
    "forget": _forget,
    "roll": _roll,
    "refresh": _refresh,
}
_ACTS: Final[Mapping[type, Callable[[Any, TwoSessions, RowProof], Attempts]]] = {
    Limit: _limit,
    ParentRule: _parent_rule,
    Apart: _apart,
    History: _history,
    Routine: _routine,
}
"""By kind of thing; what the database itself keeps (keys, exclusions) needs no proof."""
