"""Routines made to act: what is old goes, what is forgotten tells nothing, months are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from schemawalk.engines.acts.ages import DAY, ago, stretch
from schemawalk.engines.acts.due import LOOKS, found
from schemawalk.engines.acts.finders import find_acts
from schemawalk.engines.acts.partitions import months, parents
from schemawalk.engines.acts.sessions import (
    WITNESS,
    become,
    must_be_forbidden,
    witness,
    working_as,
)
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.row_writer import RowWriter
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.judgement import Values
from schemawalk.rows.planned import Rows, Wish
from schemawalk.schema.around.forgetting import NEUTRAL
from schemawalk.schema.around.protection import key_of
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import IsNull, Name, Value, names
from schemawalk.schema.routine import Hop, Routine
from schemawalk.schema.things import ParentRule, Policy, Protected, View

_CALL: Final = {
    "postgresql": "SELECT {name}({value})",
    "sqlite": "INSERT INTO {name} VALUES ({place}{value})",
    "mysql": "CALL {name}({value})",
    "mariadb": "CALL {name}({value})",
}
_MANY: Final = 1_000_000
_LONG_AGO: Final = ("1971-01-01T00:00:00.000Z", "1971-03-01T00:00:00.000Z")
"""Before any other row: what is removed first."""


def routine(thing: Routine, rows: RowProof) -> Attempts:
    """What the routine does as the role that calls it, what it leaves alone, whom it refuses."""
    yield from _ACTS[thing.purpose](thing, rows)
    calling = thing.role and thing.rights == "caller"
    if calling and any(p.forced and p.table in thing.seen for p in rows.schema.things(Policy)):
        said = f"{thing.name}: is refused to the tables' owner, who would see no row"
        yield said, partial(_refused_to_the_owner, thing, rows)


def _refused_to_the_owner(thing: Routine, rows: RowProof) -> str:
    engine, quoted = rows.engine, DIALECTS[rows.engine.name].quoted
    with witness(engine):
        for table in thing.seen:
            engine.execute(f"ALTER TABLE {quoted(table)} OWNER TO {WITNESS}")
        engine.execute(f"GRANT EXECUTE ON FUNCTION {quoted(thing.name)} TO {WITNESS}")
        become(engine, WITNESS)
        call = _CALL[engine.name].format(name=quoted(thing.name), value="NULL", place="")
        must_be_forbidden(engine, call, [], "the call")
    return ""


def _purge(thing: Routine, rows: RowProof) -> Attempts:
    yield f"{thing.name}: removes the old and keeps the young", partial(_purged, thing, rows)
    for way in thing.blockers:
        path = " and ".join(hop.table for hop in way)
        name = f"{thing.name}: leaves what {path} still refers to"
        yield name, partial(_spared, thing, rows, way)
    serves = any(thing.name in i.serves for i in rows.schema.table(thing.table).indexes)
    if serves and rows.engine.name in LOOKS:
        yield f"{thing.name}: finds what is due through an index", partial(found, thing, rows)


def _purged(thing: Routine, rows: RowProof) -> str:
    table, plan = rows.schema.table(thing.table), rows.on_top()
    # Two at one moment could not be where rows must not overlap.
    first, second = (each[: len(_moment(thing, rows, 0))] for each in _LONG_AGO)
    times = (first, second, _moment(thing, rows, -DAY), _moment(thing, rows, DAY))
    for row in plan.of(table.name):
        plan.hide(row)
    made = []
    for time in times:
        made.append(plan.add(table, Wish(fixed=stretch(thing.column, plan.apart(table), time))))
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
    over = {thing.column: _moment(thing, rows, -DAY)}
    later = _refused_when_over(thing, rows)
    kept = plan.add(table, Wish(fixed=dict.fromkeys(over) if later else over))
    above: Values = kept
    for hop in way:
        pairs = zip(hop.columns, hop.referenced, strict=True)
        fixed = {column: above[referenced] for column, referenced in pairs}
        plan.beneath(rows.schema.table(hop.table), fixed)
        above = plan.add(rows.schema.table(hop.table), Wish(fixed=fixed))
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        if later:
            RowWriter(rows.engine, rows.schema).change(table, kept, over)
        _purge_once(thing, rows, _MANY)
        if rows.found(table, kept) is None:
            raise DisprovedError("the row is gone")
    return ""


def _refused_when_over(thing: Routine, rows: RowProof) -> bool:
    """Whether what refers to a row must have done so before the row's time was over."""
    rules = (rule for rule in rows.schema.things(ParentRule) if rule.parent == thing.table)
    return any(thing.column in names(rule.rule) for rule in rules)


def _purge_once(thing: Routine, rows: RowProof, most: int) -> None:
    name = DIALECTS[rows.engine.name].quoted(thing.name)
    call = _CALL[rows.engine.name].format(name=name, value=most, place="NULL, ")
    with working_as(rows.engine, thing.role):
        rows.engine.rows(call)


def _moment(thing: Routine, rows: RowProof, more: int) -> str:
    """A moment so many days before (or after) the end of a row's time, by the server's clock."""
    assert thing.age is not None
    kind = rows.schema.table(thing.table).column(thing.column).type.name
    return ago(rows.engine, thing.age, more, kind)


def _forget(thing: Routine, rows: RowProof) -> Attempts:
    yield f"{thing.name}: leaves nothing of the person", partial(_forgotten, thing, rows, thing)
    for other in (*thing.before_it, *thing.after_it):
        called = next(r for r in rows.schema.things(Routine) if r.name == other)
        name = f"{thing.name}: leaves nothing of the person in {called.table}"
        yield name, partial(_forgotten, thing, rows, called)
    if any(each.random for each in thing.cleared):
        yield f"{thing.name}: leaves secrets that nobody knows", partial(_unknown, thing, rows)


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


def _unknown(thing: Routine, rows: RowProof) -> str:
    """Forget two people: their secrets are two, and no word that could stand there opens one."""
    table, plan = rows.schema.table(thing.table), rows.on_top()
    secrets = tuple(each.column for each in thing.cleared if each.random)
    listed = DIALECTS[rows.engine.name].names(secrets)
    told = [_told(thing, thing, plan, rows) for _ in range(2)]
    with rows.engine.savepoint():
        rows.insert(plan.planned)
        if setting := key_of(thing, rows.schema):
            rows.engine.rows("SELECT set_config($1, '', true)", (setting,))
        for key, _ in told:
            _call(thing, rows, key)
        one, two = (rows.found(table, row, listed) or () for _, row in told)
        for column, here, there in zip(secrets, one, two, strict=True):
            if here == there or _opens(thing.table, column, here, rows):
                raise DisprovedError(f"{column} is now what somebody can know")
    return listed


def _opens(table: str, column: str, kept: object, rows: RowProof) -> bool:
    """Whether a word that says "forgotten" is one that a hash by the database was made of."""
    hashed = ((column, "hash") in p.columns for p in rows.schema.things(Protected)
              if p.table == table)  # fmt: skip
    if not any(hashed):
        return False
    ask = "SELECT crypt($1, $2) = $2"
    return any(rows.engine.rows(ask, (word, kept))[0][0] for word in NEUTRAL["text"])


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
    with working_as(rows.engine, thing.role):
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
        with working_as(rows.engine, thing.role):
            rows.engine.rows(f"SELECT {DIALECTS[rows.engine.name].quoted(thing.name)}()")
        if rows.engine.rows(f"SELECT * FROM {name}") == before:
            raise DisprovedError("a new row changed nothing")
    return ""


_ACTS: Final[Mapping[str, Callable[[Routine, RowProof], Attempts]]] = {
    "purge": _purge,
    "forget": _forget,
    "roll": _roll,
    "refresh": _refresh,
    "find": find_acts,
}
