"""The triggers that a thing around the tables is in each database: when they fire, and on what.

What refuses a row fires after it, so that it sees what other triggers made of it, and so that the
table's own constraints speak first.  What changes a row fires before, where that can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from schemawalk.schema.around.holding import held_by
from schemawalk.schema.language.expression import names
from schemawalk.schema.model import Schema
from schemawalk.schema.names import fitted
from schemawalk.schema.things import (
    Apart,
    Asserted,
    Audit,
    Guard,
    History,
    Limit,
    ParentRule,
    Protected,
    Sealed,
    Stamp,
    Thing,
)

Timing = Literal["BEFORE", "AFTER"]
WRITTEN: Final = ("INSERT", "UPDATE")
CHANGED: Final = ("UPDATE", "DELETE")
_ANY_COLUMN: Final = ("mysql", "mariadb")
"""Databases whose triggers fire on an UPDATE of any column."""
ALL: Final = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Firing:
    """One trigger: what the database's catalogue says of it."""

    name: str
    table: str
    timing: Timing
    events: tuple[str, ...]
    columns: tuple[str, ...] = ()
    """The columns whose UPDATE alone it fires on; on any when empty."""
    function: str = ""
    """What it calls, where a trigger's work is a function of its own."""
    each: Literal["ROW", "STATEMENT"] = "ROW"


def firings(thing: Thing, schema: Schema, database: str) -> tuple[Firing, ...]:
    """The triggers of a thing; none for what is no trigger."""
    fires = _FIRES.get(type(thing))
    if fires is None:
        return ()
    whole = fires(thing, schema, database)
    if database == "postgresql":
        return tuple(_with_function(thing, whole))
    holding = _holding(thing, whole, schema) if database in _ANY_COLUMN else ()
    return tuple(each for one in (*holding, whole) for each in _one_an_event(one))


def _holding(thing: Thing, whole: Firing, schema: Schema) -> Iterator[Firing]:
    """What fires first where a thing holds a row: an InnoDB foreign key's check shares it."""
    if held_by(thing, schema):
        yield replace(whole, name=fitted(f"{whole.name}_hold"), timing="BEFORE")


def _with_function(thing: Thing, whole: Firing) -> Iterator[Firing]:
    yield replace(whole, function=_function(thing, whole))
    if isinstance(thing, Sealed) and "DELETE" in thing.events:
        name = fitted(f"{whole.name}_truncate")
        yield Firing(name, whole.table, "BEFORE", ("TRUNCATE",), (), whole.name, "STATEMENT")


def _function(thing: Thing, whole: Firing) -> str:
    """What the trigger calls: a function of its own, or one for all stamps on such columns."""
    if isinstance(thing, Stamp):
        return fitted("touch_" + "_and_".join(column for column, _ in thing.columns))
    return whole.name


def makes_function(thing: Thing, schema: Schema) -> bool:
    """Whether the function comes with the thing, which is the first that calls it."""
    if not isinstance(thing, Stamp):
        return True
    return next(each for each in schema.things(Stamp) if each.columns == thing.columns) == thing


def emptying(thing: Sealed, schema: Schema) -> Firing | None:
    """PostgreSQL's trigger that keeps a table from being emptied at once; None without one."""
    fired = firings(thing, schema, "postgresql")
    return next((each for each in fired if "TRUNCATE" in each.events), None)


def _one_an_event(whole: Firing) -> Iterator[Firing]:
    """SQLite and MariaDB want a trigger for each event."""
    for event in whole.events:
        one = len(whole.events) == 1
        name = whole.name if one else fitted(f"{whole.name}_{event.lower()}")
        columns = whole.columns if event == "UPDATE" else ()
        yield replace(whole, name=name, events=(event,), columns=columns)


def _unstamped(table: str, kept: tuple[str, ...], schema: Schema, database: str) -> tuple[str, ...]:
    """The columns whose change is one: SQLite stamps a row by changing it once more."""
    if database != "sqlite" or not kept:
        return ()
    columns = schema.table(table).columns
    return tuple(c.name for c in columns if c.name not in kept and c.generated is None)


def _stamp(thing: Stamp, schema: Schema, database: str) -> Firing:
    if database == "sqlite":
        kept = tuple(column for column, _ in thing.columns)
        columns = _unstamped(thing.table, kept, schema, database)
        return Firing(thing.name, thing.table, "AFTER", ("UPDATE",), columns)
    return Firing(thing.name, thing.table, "BEFORE", ("UPDATE",))


def _guard(thing: Guard, _: Schema, database: str) -> Firing:
    events = WRITTEN if thing.starts else ("UPDATE",)
    columns = (thing.column,) if database == "sqlite" else ()
    return Firing(thing.name, thing.table, "AFTER", events, columns)


def _asserted(thing: Asserted, _: Schema, database: str) -> Firing:
    columns = names(thing.rule) if database == "sqlite" else ()
    return Firing(thing.name, thing.table, "AFTER", WRITTEN, columns)


def _apart(thing: Apart, _: Schema, database: str) -> Firing:
    columns = thing.watched if database not in _ANY_COLUMN else ()
    return Firing(thing.name, thing.table, "AFTER", WRITTEN, columns)


def _limit(thing: Limit, _: Schema, database: str) -> Firing:
    columns = thing.watched if database not in _ANY_COLUMN else ()
    return Firing(thing.name, thing.table, "AFTER", WRITTEN, columns)


def _parent_rule(thing: ParentRule, _: Schema, database: str) -> Firing:
    columns = thing.columns if database not in _ANY_COLUMN else ()
    return Firing(thing.name, thing.table, "AFTER", WRITTEN, columns)


def _sealed(thing: Sealed, _: Schema, __: str) -> Firing:
    return Firing(thing.name, thing.table, "AFTER", thing.events)


def _protected(thing: Protected, _: Schema, __: str) -> Firing:
    return Firing(thing.name, thing.table, "BEFORE", WRITTEN)


def _audit(thing: Audit, schema: Schema, database: str) -> Firing:
    columns = _unstamped(thing.table, thing.omitted, schema, database)
    return Firing(thing.name, thing.table, "AFTER", ALL, columns)


def _history(thing: History, schema: Schema, database: str) -> Firing:
    columns = _unstamped(thing.table, thing.omitted, schema, database)
    return Firing(thing.name, thing.table, "AFTER", CHANGED, columns)


_FIRES: Final[Mapping[type, Callable[[Any, Schema, str], Firing]]] = {
    Stamp: _stamp,
    Guard: _guard,
    Asserted: _asserted,
    Apart: _apart,
    Limit: _limit,
    ParentRule: _parent_rule,
    Sealed: _sealed,
    Protected: _protected,
    Audit: _audit,
    History: _history,
}
"""By kind of thing, the trigger that it is where one trigger may fire on several events."""
