"""Triggers that keep or guard columns, made to act: stamps, states, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from schemawalk.engines.acts.ages import DAY, ago, stretch
from schemawalk.engines.acts.changes import Changing, may
from schemawalk.engines.engine import EngineError
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.planned import NoRowError, Wish
from schemawalk.schema.language.expression import IsNull, Name, Value
from schemawalk.schema.things import Guard, Sealed, Stamp

_FAR: Final = 40
"""How far ahead the version is that somebody writes of his own: nobody asks him."""


# Stamps


def stamp_acts(thing: Stamp, rows: RowProof) -> Attempts:
    """Each column moves on with its row, and with no other."""
    for column, to in thing.columns if may("UPDATE", thing, rows) else ():
        does = "becomes the present moment" if to == "now" else "goes up by one"
        name = f"{thing.table}: {column} {does} at each change"
        yield name, partial(_stamped, thing, rows, column, to)


def _stamped(thing: Stamp, rows: RowProof, column: str, to: str) -> str:
    made = Changing(thing, rows)
    row, other = made.row(), made.row()
    with rows.engine.savepoint():
        made.insert()
        before, untouched = made.look(row, column), made.look(other, column)
        made.touch(row)
        after = made.look(row, column)
        _moved(column, to, before, after)
        if made.look(other, column) != untouched:
            raise DisprovedError(f"{column} of another row changed too")
        made.touch(row)
        last = made.look(row, column)
        _moved(column, to, after if to == "next" else before, last)
        if to == "next":
            key = made.table.primary_key.columns[0]
            made.change(row, {key: row[key], column: last + _FAR})
            _moved(column, to, last, made.look(row, column))
    return ""


def _moved(column: str, to: str, before: Any, after: Any) -> None:
    if to == "next" and after != before + 1:
        raise DisprovedError(f"{column} was {before}, and is {after} after a change")
    # The moment is that of the transaction: a second change in it is at the same one.
    if to == "now" and not (after is not None and after > before):
        raise DisprovedError(f"{column} was {before}, and is {after} after a change")


# States


def guard_acts(thing: Guard, rows: RowProof) -> Attempts:
    """What is listed is allowed, anything else refused."""
    name = f"{thing.table}: {thing.column}"
    if may("UPDATE", thing, rows):
        yield f"{name} changes as it may", partial(_allowed, thing, rows)
        yield f"{name} changes in no other way", partial(_forbidden, thing, rows)
    if thing.starts:
        yield f"{name} begins with {' or '.join(thing.starts)} alone", partial(_begun, thing, rows)


def _allowed(thing: Guard, rows: RowProof) -> str:
    for before, after in thing.allowed:
        made = Changing(thing, rows)
        row = made.row(Wish(fixed={thing.column: before}))
        new = made.becomes(row, Wish(fixed={thing.column: after}))
        with rows.engine.savepoint():
            made.insert()
            try:
                made.change(row, new)
            except EngineError as error:
                said = f"{before} cannot become {after}: {error}"
                raise DisprovedError(said) from error
    return f"{len(thing.allowed)} ways"


def _forbidden(thing: Guard, rows: RowProof) -> str:
    tried = 0
    for before, after in _others(thing, rows):
        made = Changing(thing, rows)
        try:
            row = made.row(Wish(fixed={thing.column: before}))
            new = made.becomes(row, Wish(fixed={thing.column: after}))
        except NoRowError:
            continue  # another rule keeps a row from being so: nothing is left to guard
        with rows.engine.savepoint():
            made.insert()
            made.must_refuse(partial(made.change, row, new), f"{before} becoming {after}")
        tried += 1
    if not tried:
        raise NoRowError("no row was found that could change in another way")
    return f"{tried} ways"


def _others(thing: Guard, rows: RowProof) -> Iterator[tuple[str, Value]]:
    """The changes that are not listed; losing the state is one, where that could be."""
    states = dict.fromkeys(state for pair in thing.allowed for state in pair)
    nullable = rows.schema.table(thing.table).column(thing.column).nullable
    ends: tuple[Value, ...] = (*states, None) if nullable else tuple(states)
    for before in states:
        for after in ends:
            if after != before and (before, after) not in thing.allowed:
                yield before, after


def _begun(thing: Guard, rows: RowProof) -> str:
    states = dict.fromkeys(state for pair in thing.allowed for state in pair)
    tried = 0
    for state in states:
        made = Changing(thing, rows)
        try:
            row = made.row(Wish(fixed={thing.column: state}))
        except NoRowError:
            continue
        last = made.plan.planned.pop()
        with rows.engine.savepoint():
            made.insert()
            begin = partial(made.insert_plainly, row)
            if state in thing.starts:
                begin()
            else:
                made.must_refuse(begin, f"a row that begins with {last.values[thing.column]}")
                tried += 1
    return f"{tried} others refused"


# What stays


def seal_acts(thing: Sealed, rows: RowProof) -> Attempts:
    """What was written is refused to change, and to go."""
    if thing.columns:
        for column in thing.columns:
            name = f"{thing.table}: {column} stays once it is set"
            yield name, partial(_once, thing, rows, column)
            if rows.schema.table(thing.table).column(column).nullable:
                yield f"{thing.table}: {column} can be set", partial(_first, thing, rows, column)
        return
    if "UPDATE" in thing.events:
        yield f"{thing.table}: refuses every change", partial(_unchanged, thing, rows)
    if "DELETE" in thing.events:
        yield f"{thing.table}: refuses to lose a row", partial(_kept, thing, rows)
        if thing.age is not None:
            name = f"{thing.table}: lets a row go after {thing.age}"
            yield name, partial(_goes, thing, rows)
            if rows.schema.table(thing.table).column(thing.moment).nullable:
                name = f"{thing.table}: refuses to lose a row without {thing.moment}"
                yield name, partial(_endless, thing, rows)
        if rows.engine.name == "postgresql":
            yield f"{thing.table}: refuses to be emptied", partial(_emptied, thing, rows)


def _once(thing: Sealed, rows: RowProof, column: str) -> str:
    made = Changing(thing, rows)
    present = (IsNull(Name(column), negated=True),)
    row = made.row(Wish(within=present))
    new = made.becomes(row, Wish(within=present, fixed=_another(made, row, column)))
    only = {name: value for name, value in new.items() if name not in thing.columns}
    with rows.engine.savepoint():
        made.insert()
        if only:
            made.change(row, only)
        made.must_refuse(partial(made.change, row, new), f"another {column}")
        if cleared := _cleared(made, row, column):
            made.must_refuse(partial(made.change, row, cleared), f"no {column}")
    return ""


def _cleared(made: Changing, row: Any, column: str) -> Mapping[str, Value]:
    """The change that empties a column; nothing where another rule forbids it anyhow."""
    if not made.table.column(column).nullable:
        return {}
    try:
        return made.becomes(row, Wish(fixed={column: None}))
    except NoRowError:
        return {}


def _another(made: Changing, row: Any, column: str) -> dict[str, Value]:
    """Another value for a column that is part of a key; nothing where any other row has one."""
    for key in made.table.foreign_keys:
        if column in key.columns:
            parent = made.plan.add(made.rows.schema.table(key.references))
            return dict(zip(key.columns, (parent[c] for c in key.referenced_columns), strict=True))
    values = made.plan.values(made.table, column, len(made.plan.planned) + 7)
    return {column: next(v for v in values if v is not None and v != row[column])}


def _first(thing: Sealed, rows: RowProof, column: str) -> str:
    """What is not set yet can be set."""
    made = Changing(thing, rows)
    row = made.row(Wish(fixed={column: None}))
    new = made.becomes(row, Wish(fixed=_another(made, row, column)))
    with rows.engine.savepoint():
        made.insert()
        made.change(row, new)
    return ""


def _unchanged(thing: Sealed, rows: RowProof) -> str:
    made = Changing(thing, rows)
    row = made.row()
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(made.touch, row), "a change")
    return ""


def _kept(thing: Sealed, rows: RowProof) -> str:
    made = Changing(thing, rows)
    row = made.row(Wish(fixed=_aged(thing, rows, DAY)))
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(made.writer.delete, made.table, row), "the delete")
    return ""


def _endless(thing: Sealed, rows: RowProof) -> str:
    made = Changing(thing, rows)
    row = made.row(Wish(fixed={thing.moment: None}))
    with rows.engine.savepoint():
        made.insert()
        made.must_refuse(partial(made.writer.delete, made.table, row), "the delete")
    return ""


def _goes(thing: Sealed, rows: RowProof) -> str:
    made = Changing(thing, rows)
    row = made.row(Wish(fixed=_aged(thing, rows, -DAY)))
    with rows.engine.savepoint():
        made.insert()
        made.writer.delete(made.table, row)
    return ""


def _aged(thing: Sealed, rows: RowProof, more: int) -> dict[str, Value]:
    """A moment so many days before (or after) a row may go, by the server's clock."""
    if thing.age is None:
        return {}
    table = rows.schema.table(thing.table)
    then = ago(rows.engine, thing.age, more, table.column(thing.moment).type.name)
    return stretch(thing.moment, rows.on_top().apart(table), then)


_PARTS: Final = """
SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
WHERE inhparent = $1::regclass ORDER BY 1
"""


def _emptied(thing: Sealed, rows: RowProof) -> str:
    """The table as a whole, and each of its parts, those that were made since too."""
    made = Changing(thing, rows)
    name = made.dialect.quoted(thing.table)
    parts = [str(part) for (part,) in rows.engine.rows(_PARTS, (name,))]
    for table in (thing.table, *parts):
        empty = f"TRUNCATE {made.dialect.quoted(table)} CASCADE"
        made.must_refuse(partial(rows.engine.execute, empty), f"TRUNCATE of {table}")
    return ", ".join(parts)
