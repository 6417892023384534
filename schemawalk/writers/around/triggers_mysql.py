"""Triggers as MySQL and MariaDB have them: one for each event, and one signal for all refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from textwrap import dedent, indent
from typing import Any, Final

from schemawalk.schema.around.firing import Firing, firings
from schemawalk.schema.around.holding import held_by
from schemawalk.schema.dialects.mysql import MySQLDialect
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call
from schemawalk.schema.model import Column, Schema, Type
from schemawalk.schema.things import (
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
from schemawalk.writers.around.holding_mysql import held
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

_LONGEST_MESSAGE: Final = 128
"""Characters of MESSAGE_TEXT that are kept (MySQL manual, SIGNAL)."""
_CREATE: Final = """\
DELIMITER //
CREATE TRIGGER {name}
  {timing} {event} ON {table}
FOR EACH ROW
BEGIN
{body}
END //
DELIMITER ;"""

Body = Callable[[Firing], Sequence[str]]
"""What a trigger does at its event, statement by statement."""


def _written(thing: Trigger, schema: Schema, dialect: Dialect, body: Body) -> Written:
    fired = firings(thing, schema, dialect.name)
    made = [create(each, "\n".join(body(each)), dialect) for each in fired]
    gone = [f"DROP TRIGGER IF EXISTS {dialect.quoted(each.name)};" for each in reversed(fired)]
    return Written(remark(thing.because) + "\n\n".join(made), "\n".join(gone))


def create(firing: Firing, body: str, dialect: Dialect) -> str:
    """CREATE TRIGGER for one event, between lines that let its body have semicolons."""
    name, table = dialect.quoted(firing.name), dialect.quoted(firing.table)
    (event,) = firing.events
    return _CREATE.format(name=name, timing=firing.timing, event=event, table=table, body=body)


def _rows(dialect: Dialect) -> tuple[Dialect, Dialect]:
    return replace(dialect, record="OLD"), replace(dialect, record="NEW")


def _if(conditions: Sequence[str], then: str) -> str:
    """IF with all conditions, folded where they are long; `then` is indented twice."""
    line = f"  IF {' AND '.join(conditions)} THEN"
    if len(line) > WIDTH:
        line = "  IF " + "\n    AND ".join(folded(c, "      ", first=8) for c in conditions)
        line += "\n  THEN"
    return f"{line}\n{then}\n  END IF;"


def refuse(thing: Any, said: str, dialect: Dialect) -> str:
    """The message is a literal without backslashes, which need a function here."""
    text = told(thing, said)[:_LONGEST_MESSAGE].replace("\\", "/")
    signal = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT ="
    return f"    {signal}\n      {dialect.literal(text)};"


def _refuse_plainly(thing: Any, said: str, dialect: Dialect) -> str:
    """The same, where nothing is asked before."""
    return indent(dedent(refuse(thing, said, dialect)), "  ")


def stamp(thing: Stamp, schema: Schema, dialect: Dialect) -> Written:
    """Sets the columns of the row before it is written."""
    old, new = _rows(dialect)
    table = schema.table(thing.table)
    lines = [
        f"  SET {record(new, column)} = {_next(table.column(column), to, old)};"
        for column, to in thing.columns
    ]
    return _written(thing, schema, dialect, lambda _: lines)


def _next(column: Column, to: str, old: Dialect) -> str:
    if to == "now":
        return old.sql(Call("now"))
    before = record(old, column.name)
    return f"COALESCE({before}, 0) + 1" if column.nullable else f"{before} + 1"


def guard(thing: Guard, schema: Schema, dialect: Dialect) -> Written:
    """Refuses a change that is not listed, and a start that is not."""
    old, new = (record(row, thing.column) for row in _rows(dialect))
    changed = (
        f"NOT ({new} <=> {old})",
        f"{old} IS NOT NULL",
        f"(({old}, {new}) IN ({pairs(thing.allowed, dialect)})) IS NOT TRUE",
    )
    begun = (f"{new} NOT IN ({', '.join(map(dialect.literal, thing.starts))})",)
    way = thing.because or f"{thing.column} of {thing.table} cannot change so"
    start = f"a row of {thing.table} begins with {thing.column} {' or '.join(thing.starts)}"

    def body(firing: Firing) -> Sequence[str]:
        if firing.events == ("INSERT",):
            return [_if(begun, refuse(thing, start, dialect))]
        return [_if(changed, refuse(thing, way, dialect))]

    return _written(thing, schema, dialect, body)


def asserted(thing: Asserted, schema: Schema, dialect: Dialect) -> Written:
    """Refuses a row for which the rule is false."""
    rule = replace(dialect, record="NEW").sql(thing.rule)
    line = _if([f"({rule}) IS FALSE"], refuse(thing, rule_said(thing), dialect))
    return _written(thing, schema, dialect, lambda _: [line])


def limit(thing: Limit, schema: Schema, dialect: Dialect) -> Written:
    """Counts the parent's rows, one writer at a time, and as they are and not as they were."""
    old, new = _rows(dialect)
    other = replace(dialect, record="other")
    rows = " AND ".join((*matched(thing.columns, thing.columns, other, new),
                         *_among(thing, other)))  # fmt: skip
    name, row = dialect.quoted(thing.table), held_by(thing, schema)
    counted = f"SELECT COUNT(*) INTO many FROM {name} AS other WHERE {rows} LOCK IN SHARE MODE;"
    asks = [
        f"    {folded(counted, '      ', first=4)}",
        f"    IF many > {thing.most} THEN",
        indent(refuse(thing, rule_said(thing), dialect), "  "),
        "    END IF;",
    ]
    counts = [*(f"{record(new, c)} IS NOT NULL" for c in thing.columns), *_among(thing, new)]
    there = [f"{record(old, c)} <=> {record(new, c)}" for c in thing.columns]
    there += _among(thing, old)

    def body(firing: Firing) -> Sequence[str]:
        if firing.timing == "BEFORE" and row:
            return held(firing, row, dialect)
        before = [f"({' AND '.join(there)}) IS NOT TRUE"] if firing.events == ("UPDATE",) else []
        return ["  DECLARE many BIGINT;", _if([*before, *counts], "\n".join(asks))]

    return _written(thing, schema, dialect, body)


def _among(thing: Limit, row: Dialect) -> list[str]:
    return [f"({row.sql(thing.among)})"] if thing.among is not None else []


def parent_rule(thing: ParentRule, schema: Schema, dialect: Dialect) -> Written:
    """Looks at the parent, and holds it as it is until the row is written."""
    old, new = _rows(dialect)
    parent = replace(dialect, record="parent")
    found = " AND ".join(matched(thing.parent_columns, thing.columns, parent, new))
    broken = f"EXISTS (SELECT 1 FROM {dialect.quoted(thing.parent)} AS parent WHERE {found}"
    broken += f" AND ({parent.sql(thing.rule)}) IS FALSE LOCK IN SHARE MODE)"
    same = " AND ".join(f"{record(new, c)} <=> {record(old, c)}" for c in thing.columns)
    refused = refuse(thing, rule_said(thing), dialect)

    def body(firing: Firing) -> Sequence[str]:
        moved = [f"NOT ({same})"] if firing.events == ("UPDATE",) else []
        return [_if([*moved, broken], refused)]

    return _written(thing, schema, dialect, body)


def sealed(thing: Sealed, schema: Schema, dialect: Dialect) -> Written:
    """Refuses every change, or a change of what has a value."""
    old, new = _rows(dialect)
    said = written_once(thing)
    kept = [
        f"({record(old, c)} IS NOT NULL AND NOT ({record(new, c)} <=> {record(old, c)}))"
        for c in thing.columns
    ]

    def body(firing: Firing) -> Sequence[str]:
        if firing.events == ("DELETE",) and thing.age is not None:
            over = f"{record(old, thing.moment)} < {_ago(thing, dialect)}"
            return [_if([f"({over}) IS NOT TRUE"], refuse(thing, said, dialect))]
        if kept:
            return [_if([" OR ".join(kept)], refuse(thing, said, dialect))]
        return [_refuse_plainly(thing, said, dialect)]

    return _written(thing, schema, dialect, body)


def _ago(thing: Sealed | History, dialect: Dialect) -> str:
    """The moment that is so long ago."""
    assert thing.age is not None
    return f"{dialect.sql(Call('now'))} - INTERVAL {thing.age.count} {thing.age.unit.upper()}"


def audit(thing: Audit, schema: Schema, dialect: Dialect) -> Written:
    """Writes an entry with what changed, from what to what."""
    table = schema.table(thing.table)
    columns = [c for c in table.columns if c.name not in thing.omitted and c.generated is None]

    def body(firing: Firing) -> Sequence[str]:
        (event,) = firing.events
        values = _entry(thing, schema, dialect, event, columns)
        listed = f"INSERT INTO {dialect.quoted(thing.into)} ({dialect.names(tuple(values))})"
        does = f"  {folded(listed, '    ', first=2)}\n  VALUES (\n    "
        does += ",\n    ".join(values.values()) + "\n  );"
        if event != "UPDATE":
            return [does]
        same = "\n    AND ".join(_same(column, dialect) for column in columns)
        return [f"  IF NOT (\n    {same}\n  ) THEN\n{indent(does, '  ')}\n  END IF;"]

    return _written(thing, schema, dialect, body)


def _same(column: Column, dialect: Dialect) -> str:
    name = dialect.quoted(column.name)
    return f"OLD.{name} <=> {_exact(f'NEW.{name}', column, dialect)}"


def _exact(value: str, column: Column, dialect: Dialect) -> str:
    """The value as it is written, where the column's own collation does not look at case."""
    if isinstance(dialect, MySQLDialect) and column.collation:
        return f"{value} COLLATE {dialect.exact}"
    return value


def _entry(
    thing: Audit, schema: Schema, dialect: Dialect, event: str, columns: Sequence[Column]
) -> Mapping[str, str]:
    """What each column of the log takes."""
    place = thing.place
    row = replace(dialect, record="OLD" if event == "DELETE" else "NEW")
    keys = [record(row, column) for column in schema.table(thing.table).primary_key.columns]
    key = f"CAST({keys[0]} AS CHAR)" if len(keys) == 1 else f"CONCAT_WS('/', {', '.join(keys)})"
    taken = {
        place["at"]: dialect.sql(Call("now")),
        place["actor"]: _actor(thing, schema),
        place["action"]: dialect.literal(thing.called(event)),
        place["table"]: dialect.literal(thing.table),
        place["row"]: key,
    }
    if event != "INSERT":
        taken[place["old"]] = _values(thing, dialect, columns, "OLD", event)
    if event != "DELETE":
        taken[place["new"]] = _values(thing, dialect, columns, "NEW", event)
    return taken | {into: record(row, column) for into, column in thing.copied}


def _actor(thing: Audit, schema: Schema) -> str:
    """Who works, as the program says; else who is connected, where there is room for a name."""
    said = f"NULLIF(@{thing.setting.replace('.', '_')}, '')"
    plain = schema.table(thing.into).column(thing.place["actor"]).type.name in ("text", "varchar")
    return f"COALESCE({said}, USER())" if plain else said


def _values(thing: Audit, dialect: Dialect, columns: Sequence[Column], of: str, event: str) -> str:
    """A JSON object of the columns, of those that changed where the row was there before."""
    shown = [(column, _shown(thing, dialect, column, of)) for column in columns]
    if event != "UPDATE":
        listed = ",\n      ".join(f"{dialect.literal(c.name)}, {value}" for c, value in shown)
        return f"JSON_OBJECT(\n      {listed}\n    )"
    listed = ",\n      ".join(
        f"IF({_same(c, dialect)}, '{{}}', JSON_OBJECT({dialect.literal(c.name)}, {value}))"
        for c, value in shown
    )
    return f"JSON_MERGE_PRESERVE(\n      '{{}}',\n      {listed}\n    )"


def _shown(thing: Audit, dialect: Dialect, column: Column, of: str) -> str:
    value = f"{of}.{dialect.quoted(column.name)}"
    if column.name in thing.hidden:
        return f"IF({value} IS NULL, NULL, '{HIDDEN}')"
    if column.type.name in ("json", "list"):
        return f"JSON_EXTRACT(CONVERT({value} USING utf8mb4), '$')"
    return _exact(value, column, dialect)


def history(thing: History, schema: Schema, dialect: Dialect) -> Written:
    """Keeps the row as it was, since when, and until now."""
    old, _ = _rows(dialect)
    other = replace(dialect, record="other")
    into = dialect.quoted(thing.into)
    keys = schema.table(thing.table).primary_key.columns
    before = f"MAX({record(other, thing.until)})"
    since = f"COALESCE({before}, {record(old, thing.made)})" if thing.made else before
    columns = dialect.names((*thing.columns, thing.since, thing.until))
    values = ", ".join(record(old, column) for column in thing.columns)
    now = dialect.sql(Call("now"))
    same = " AND ".join(matched(keys, keys, other, old))
    asked = f"SELECT {since} INTO began FROM {into} AS other WHERE {same} LOCK IN SHARE MODE;"
    declared = f"  DECLARE began {dialect.type(Type('timestamptz'))};"
    does = "\n".join((
        "  -- Asked apart: an INSERT of what it reads makes all others wait to be numbered.",
        "  " + folded(asked, "    ", first=2),
        "  " + folded(f"INSERT INTO {into} ({columns})", "    ", first=2),
        "  VALUES (\n    " + folded(values, "    ", first=4) + ",",
        "    -- The statement may have begun before another that it waited for.",
        f"    began, GREATEST({now}, COALESCE(began, {now}))\n  );",
    ))  # fmt: skip

    def body(firing: Firing) -> Sequence[str]:
        if thing.age is None or firing.events != ("DELETE",):
            return [declared, does]
        same = " AND ".join(matched(keys, keys, replace(dialect, record=into), old))
        over = f"{record(old, thing.ends)} < {_ago(thing, dialect)}"
        gone = f"    DELETE FROM {into} WHERE {same};"
        return [declared, f"  IF {over} THEN\n{gone}\n  ELSE\n{indent(does, '  ')}\n  END IF;"]

    return _written(thing, schema, dialect, body)


MYSQL_TRIGGERS: Final[Mapping[type, Write]] = {
    Stamp: stamp,
    Guard: guard,
    Asserted: asserted,
    Limit: limit,
    ParentRule: parent_rule,
    Sealed: sealed,
    Audit: audit,
    History: history,
}
"""By kind of trigger, what writes it."""
