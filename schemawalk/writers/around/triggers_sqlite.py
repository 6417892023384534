"""Triggers as SQLite has them: one for each event, and a row is changed by one more UPDATE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from schemawalk.schema.around.firing import Firing, firings
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call
from schemawalk.schema.model import Column, Schema
from schemawalk.schema.things import (
    Apart,
    Asserted,
    Audit,
    Guard,
    History,
    Limit,
    ParentRule,
    Sealed,
    Stamp,
    Trigger,
)
from schemawalk.writers.around.trigger_words import (
    HIDDEN,
    matched,
    pairs,
    record,
    rule_said,
    told,
    written_once,
)
from schemawalk.writers.around.writing import Write, Written
from schemawalk.writers.sql_layout import WIDTH, folded, remark

Work = Callable[[Firing], tuple[Sequence[str], str]]
"""What a trigger does at its event: the conditions of WHEN, and its statement."""


def _written(thing: Trigger, schema: Schema, dialect: Dialect, work: Work) -> Written:
    fired = firings(thing, schema, dialect.name)
    made = [_create(each, *work(each), dialect) for each in fired]
    gone = [f"DROP TRIGGER {dialect.quoted(each.name)};" for each in reversed(fired)]
    return Written(remark(thing.because) + "\n\n".join(made), "\n".join(gone))


def _create(firing: Firing, when: Sequence[str], does: str, dialect: Dialect) -> str:
    (event,) = firing.events
    of = f" OF {dialect.names(firing.columns)}" if firing.columns else ""
    table = dialect.quoted(firing.table)
    start = f"CREATE TRIGGER {dialect.quoted(firing.name)}"
    fires = folded(f"{firing.timing} {event}{of} ON {table}", "    ", first=2)
    condition = f"\nWHEN {_all(when)}" if when else ""
    return f"{start}\n  {fires}\nFOR EACH ROW{condition}\nBEGIN\n{does}\nEND;"


def _all(conditions: Sequence[str]) -> str:
    line = " AND ".join(conditions)
    if len(line) + 5 <= WIDTH and "\n" not in line:
        return line
    return "\n  AND ".join(
        condition if "\n" in condition else folded(condition, "    ", first=6)
        for condition in conditions
    )


def _refuse(thing: Any, said: str, dialect: Dialect) -> str:
    text = dialect.literal(told(thing, said))
    return "  " + folded(f"SELECT RAISE(ABORT, {text});", "    ", first=2)


def _rows(dialect: Dialect) -> tuple[Dialect, Dialect]:
    return replace(dialect, record="OLD"), replace(dialect, record="NEW")


def stamp(thing: Stamp, schema: Schema, dialect: Dialect) -> Written:
    """Sets the columns by an UPDATE of its own, on which no trigger of ours fires."""
    old, new = _rows(dialect)
    table = schema.table(thing.table)
    sets = ", ".join(
        f"{dialect.quoted(c)} = {_next(table.column(c), to, old)}" for c, to in thing.columns
    )
    keys = table.primary_key.columns
    # In an UPDATE of a table that is called new, NEW is the table, but for what is selected.
    row = "(SELECT {})" if thing.table.lower() == "new" else "{}"
    same = " AND ".join(f"{dialect.quoted(k)} = {row.format(record(new, k))}" for k in keys)
    name = dialect.quoted(thing.table)
    does = folded(f"UPDATE {name} SET {sets} WHERE {same};", "    ", first=2)
    return _written(thing, schema, dialect, lambda _: ((), f"  {does}"))


def _next(column: Column, to: str, old: Dialect) -> str:
    if to == "now":
        return old.sql(Call("now"))
    before = record(old, column.name)
    return f"coalesce({before}, 0) + 1" if column.nullable else f"{before} + 1"


def guard(thing: Guard, schema: Schema, dialect: Dialect) -> Written:
    """Refuses a change that is not listed, and a start that is not."""
    old, new = (record(row, thing.column) for row in _rows(dialect))
    changed = (
        f"{new} IS NOT {old}",
        f"{old} IS NOT NULL",
        f"(({old}, {new}) IN (VALUES {pairs(thing.allowed, dialect)})) IS NOT TRUE",
    )
    begun = (f"{new} NOT IN ({', '.join(map(dialect.literal, thing.starts))})",)
    way = thing.because or f"{thing.column} of {thing.table} cannot change so"
    start = f"a row of {thing.table} begins with {thing.column} {' or '.join(thing.starts)}"

    def work(firing: Firing) -> tuple[Sequence[str], str]:
        if firing.events == ("INSERT",):
            return begun, _refuse(thing, start, dialect)
        return changed, _refuse(thing, way, dialect)

    return _written(thing, schema, dialect, work)


def asserted(thing: Asserted, schema: Schema, dialect: Dialect) -> Written:
    """Refuses a row for which the rule is false."""
    rule = replace(dialect, record="NEW").sql(thing.rule)
    refused = _refuse(thing, rule_said(thing), dialect)
    return _written(thing, schema, dialect, lambda _: ((f"({rule}) IS FALSE",), refused))


def apart(thing: Apart, schema: Schema, dialect: Dialect) -> Written:
    """Refuses a row that overlaps another; SQLite lets one program write at a time."""
    new, other = replace(dialect, record="NEW"), replace(dialect, record="other")
    keys = schema.table(thing.table).primary_key.columns
    itself = [f"{record(other, key)} <> {record(new, key)}" for key in keys]
    another = itself[0] if len(itself) == 1 else f"({' OR '.join(itself)})"
    rows = [*matched(thing.columns, thing.columns, other, new), another]
    rows += [_before(new, other, thing), _before(other, new, thing)]
    counts = [] if thing.predicate is None else [f"({new.sql(thing.predicate)})"]
    rows += [] if thing.predicate is None else [f"({other.sql(thing.predicate)})"]
    found = "\n      AND ".join(rows)
    name = dialect.quoted(thing.table)
    there = f"EXISTS (SELECT 1 FROM {name} AS other\n    WHERE {found})"
    refused = _refuse(thing, rule_said(thing), dialect)
    return _written(thing, schema, dialect, lambda _: ([*counts, there], refused))


def _before(one: Dialect, other: Dialect, thing: Apart) -> str:
    """Whether one begins before the other is over; what has no beginning or end does."""
    before = "<=" if thing.last_counts else "<"
    return f"coalesce({record(one, thing.start)} {before} {record(other, thing.end)}, 1)"


def limit(thing: Limit, schema: Schema, dialect: Dialect) -> Written:
    """Counts the parent's rows; SQLite lets one program write at a time."""
    old, new = _rows(dialect)
    other = replace(dialect, record="other")
    rows = [*matched(thing.columns, thing.columns, other, new), *_counts(thing, other)]
    name = dialect.quoted(thing.table)
    many = f"(SELECT count(*) FROM {name} AS other WHERE {' AND '.join(rows)}) > {thing.most}"
    counts = [*_counts(thing, new), many]
    there = [f"{record(old, c)} IS {record(new, c)}" for c in thing.columns]
    there += _counts(thing, old)
    refused = _refuse(thing, rule_said(thing), dialect)

    def work(firing: Firing) -> tuple[Sequence[str], str]:
        if firing.events == ("INSERT",):
            return counts, refused
        return [f"({' AND '.join(there)}) IS NOT TRUE", *counts], refused

    return _written(thing, schema, dialect, work)


def _counts(thing: Limit, row: Dialect) -> list[str]:
    return [f"({row.sql(thing.among)})"] if thing.among is not None else []


def parent_rule(thing: ParentRule, schema: Schema, dialect: Dialect) -> Written:
    """Looks at the parent of a new row, and of one that gets another parent."""
    old, new = _rows(dialect)
    parent = replace(dialect, record="parent")
    found = " AND ".join(matched(thing.parent_columns, thing.columns, parent, new))
    broken = f"EXISTS (SELECT 1 FROM {dialect.quoted(thing.parent)} AS parent"
    broken += f" WHERE {found} AND ({parent.sql(thing.rule)}) IS FALSE)"
    moved = " OR ".join(f"{record(new, c)} IS NOT {record(old, c)}" for c in thing.columns)
    moved = f"({moved})" if len(thing.columns) > 1 else moved
    refused = _refuse(thing, rule_said(thing), dialect)

    def work(firing: Firing) -> tuple[Sequence[str], str]:
        return ((broken,) if firing.events == ("INSERT",) else (moved, broken)), refused

    return _written(thing, schema, dialect, work)


def sealed(thing: Sealed, schema: Schema, dialect: Dialect) -> Written:
    """Refuses every change, or a change of what has a value."""
    old, new = _rows(dialect)
    refused = _refuse(thing, written_once(thing), dialect)
    kept = [
        f"({record(old, c)} IS NOT NULL AND {record(new, c)} IS NOT {record(old, c)})"
        for c in thing.columns
    ]

    def work(firing: Firing) -> tuple[Sequence[str], str]:
        if firing.events == ("DELETE",) and thing.age is not None:
            over = f"{record(old, thing.moment)} < {_ago(thing, dialect)}"
            return (f"({over}) IS NOT TRUE",), refused
        return ([" OR ".join(kept)] if kept else []), refused

    return _written(thing, schema, dialect, work)


def _ago(thing: Sealed | History, dialect: Dialect) -> str:
    """The moment that is so long ago, written as moments are kept."""
    now = dialect.sql(Call("now"))
    return f"{now[:-1]}, '-{thing.age}')"


def audit(thing: Audit, schema: Schema, dialect: Dialect) -> Written:
    """Writes an entry with what changed, from what to what; SQLite knows nobody's name."""
    table = schema.table(thing.table)
    columns = [c for c in table.columns if c.name not in thing.omitted and c.generated is None]

    def work(firing: Firing) -> tuple[Sequence[str], str]:
        (event,) = firing.events
        values = _entry(thing, schema, dialect, event, columns)
        listed = f"INSERT INTO {dialect.quoted(thing.into)} ({dialect.names(tuple(values))})"
        does = f"  {folded(listed, '    ', first=2)}\n  SELECT\n    "
        does += ",\n    ".join(values.values())
        return (), f"{does}\n  FROM (\n{_changes(dialect, event, columns)};"

    return _written(thing, schema, dialect, work)


def _entry(
    thing: Audit, schema: Schema, dialect: Dialect, event: str, columns: Sequence[Column]
) -> Mapping[str, str]:
    """What each column of the log takes."""
    place = thing.place
    row = replace(dialect, record="OLD" if event == "DELETE" else "NEW")
    keys = schema.table(thing.table).primary_key.columns
    key = " || '/' || ".join(record(row, column) for column in keys)
    taken = {
        place["at"]: dialect.sql(Call("now")),
        place["action"]: dialect.literal(thing.called(event)),
        place["table"]: dialect.literal(thing.table),
        place["row"]: key if len(keys) > 1 else f"CAST({key} AS TEXT)",
    }
    if event != "INSERT":
        taken[place["old"]] = _object(thing, dialect, columns, "was")
    if event != "DELETE":
        taken[place["new"]] = _object(thing, dialect, columns, "became")
    return taken | {into: record(row, column) for into, column in thing.copied}


def _object(thing: Audit, dialect: Dialect, columns: Sequence[Column], value: str) -> str:
    """The values by their columns, as JSON; those that are JSON already stay what they are."""
    shown = []
    if thing.hidden:
        listed = ", ".join(map(dialect.literal, thing.hidden))
        shown.append(f"WHEN {value} IS NOT NULL AND name IN ({listed}) THEN '{HIDDEN}'")
    if documents := [c.name for c in columns if c.type.name in ("json", "list")]:
        listed = ", ".join(map(dialect.literal, documents))
        shown.append(f"WHEN name IN ({listed}) THEN json({value})")
    if not shown:
        return f"json_group_object(name, {value})"
    cases = "\n      ".join(folded(case, "        ", first=6) for case in shown)
    return f"json_group_object(name, CASE\n      {cases}\n      ELSE {value} END)"


def _changes(dialect: Dialect, event: str, columns: Sequence[Column]) -> str:
    """The columns as rows: their names, what they were and what they became."""
    old, new = _rows(dialect)
    parts = {"was": old, "became": new}
    parts = {k: row for k, row in parts.items() if row.record not in _ABSENT[event]}
    lines: list[str] = []
    for column in columns:
        named = "" if lines else " AS name"
        values = (
            record(row, column.name) + ("" if lines else f" AS {said}")
            for said, row in parts.items()
        )
        name = dialect.literal(column.name) + named
        lines.append(f"    SELECT {', '.join((name, *values))}")
    changed = "" if len(parts) == 1 else " WHERE was IS NOT became COLLATE BINARY GROUP BY NULL"
    return " UNION ALL\n".join(lines) + f"\n  ){changed}"


_ABSENT: Final = {"INSERT": "OLD", "UPDATE": "", "DELETE": "NEW"}
"""The row that there is none of at an event."""


def history(thing: History, schema: Schema, dialect: Dialect) -> Written:
    """Keeps the row as it was, since when, and until now."""
    old, _ = _rows(dialect)
    into = dialect.quoted(thing.into)
    keys = schema.table(thing.table).primary_key.columns
    other = replace(dialect, record="other")
    same = " AND ".join(matched(keys, keys, other, old))
    before = f"(SELECT max({record(other, thing.until)}) FROM {into} AS other WHERE {same})"
    since = f"coalesce({before}, {record(old, thing.made)})" if thing.made else before
    columns = dialect.names((*thing.columns, thing.since, thing.until))
    values = ", ".join(record(old, column) for column in thing.columns)
    now = dialect.sql(Call("now"))
    does = "\n".join((
        "  " + folded(f"INSERT INTO {into} ({columns})", "    ", first=2),
        "  SELECT\n    " + folded(values, "    ", first=4) + ",",
        "    began, max(coalesce(began, ''), " + now + ")",
        "  FROM (SELECT " + folded(since, "      ", first=16) + " AS began)",
    ))  # fmt: skip

    def work(firing: Firing) -> tuple[Sequence[str], str]:
        if thing.age is None or firing.events != ("DELETE",):
            return (), f"{does};"
        over = f"{record(old, thing.ends)} < {_ago(thing, dialect)}"
        itself = replace(dialect, record=into)
        mine = " AND ".join(matched(keys, keys, itself, old))
        gone = "  " + folded(f"DELETE FROM {into} WHERE {over} AND {mine};", "    ", first=2)
        return (), f"{gone}\n{does}\n  WHERE ({over}) IS NOT TRUE;"

    return _written(thing, schema, dialect, work)


SQLITE_TRIGGERS: Final[Mapping[type, Write]] = {
    Stamp: stamp,
    Guard: guard,
    Asserted: asserted,
    Apart: apart,
    Limit: limit,
    ParentRule: parent_rule,
    Sealed: sealed,
    Audit: audit,
    History: history,
}
"""By kind of trigger, what writes it."""
