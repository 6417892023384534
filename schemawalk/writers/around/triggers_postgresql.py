"""Triggers as PostgreSQL has them: a function each, which looks for names where it must only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import indent
from typing import Any, Final

from schemawalk.schema.around.firing import Firing, emptying, firings, makes_function
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.schema.things import (
    Asserted,
    Audit,
    Guard,
    History,
    Limit,
    ParentRule,
    Protected,
    Sealed,
    Stamp,
    Trigger,
)
from schemawalk.writers.around.fresh_look import fresh_look
from schemawalk.writers.around.paths import PATH
from schemawalk.writers.around.trigger_words import (
    HIDDEN,
    matched,
    message,
    pairs,
    record,
    rule_said,
    written_once,
)
from schemawalk.writers.around.writing import Write, Written, dollar_quote
from schemawalk.writers.sql_layout import WIDTH, folded, remark

_FUNCTION: Final = """\
CREATE FUNCTION {name}() RETURNS trigger
  LANGUAGE plpgsql {rights}{path}
AS {tag}
{body}
{tag};"""

# Whoever may change a row need not be allowed to write what is noted about it.  What takes a value
# of any type is called with its schema: elsewhere somebody's own may fit the value's type better.
_DEFINER: Final = (Audit, History)
_OWN_COLUMNS: Final = "#variable_conflict use_column\n"
"""A column that is called like a variable (`found`) is meant in a query, not the variable."""


def _written(thing: Trigger, schema: Schema, dialect: Dialect, body: str) -> Written:
    fired = firings(thing, schema, dialect.name)
    name = dialect.quoted(fired[0].function)
    rights = "SECURITY DEFINER " if isinstance(thing, _DEFINER) else ""
    tag = dollar_quote(body)
    function = _FUNCTION.format(name=name, rights=rights, path=PATH, tag=tag, body=body)
    made = (function,) if makes_function(thing, schema) else ()
    up = "\n\n".join((*made, *(_create(each, dialect) for each in fired)))
    table = dialect.quoted(thing.table)
    gone = [f"DROP TRIGGER {dialect.quoted(each.name)} ON {table};" for each in reversed(fired)]
    gone += [f"DROP FUNCTION {name}();"] if made else []
    return Written(remark(thing.because) + up, "\n".join(gone))


def _create(firing: Firing, dialect: Dialect) -> str:
    start = f"CREATE TRIGGER {dialect.quoted(firing.name)}"
    when = f"{firing.timing} {_events(firing, dialect)} ON {dialect.quoted(firing.table)}"
    does = f"FOR EACH {firing.each} EXECUTE FUNCTION {dialect.quoted(firing.function)}()"
    return "\n  ".join((start, folded(when, "    ", first=3), does)) + ";"


def _events(firing: Firing, dialect: Dialect) -> str:
    of = f" OF {dialect.names(firing.columns)}" if firing.columns else ""
    return " OR ".join(event + (of if event == "UPDATE" else "") for event in firing.events)


def _body(*lines: str, declare: str = "", query: bool = False) -> str:
    start = _OWN_COLUMNS if query else ""
    declared = f"DECLARE\n{declare}\n" if declare else ""
    return f"{start}{declared}BEGIN\n" + "\n".join(lines) + "\nEND"


def _after(*lines: str, declare: str = "", query: bool = False) -> str:
    """The body of a trigger that fires after the row: what it returns is not looked at."""
    return _body(*lines, "  RETURN NULL;", declare=declare, query=query)


def _if(conditions: Sequence[str], then: str) -> str:
    """IF with all conditions, folded where they are long; `then` is indented twice."""
    line = f"  IF {' AND '.join(conditions)} THEN"
    if len(line) > WIDTH:
        line = "  IF " + "\n    AND ".join(folded(c, "      ", first=8) for c in conditions)
        line += "\n  THEN"
    return f"{line}\n{then}\n  END IF;"


def _refuse(thing: Any, said: str, dialect: Dialect, column: str = "") -> str:
    """RAISE as a CHECK would: same SQLSTATE, the trigger's name as the constraint's."""
    options = [
        "ERRCODE = 'check_violation'",
        f"MESSAGE = {said}",
        f"TABLE = {dialect.literal(thing.table)}",
        *([f"COLUMN = {dialect.literal(column)}"] if column else []),
        f"CONSTRAINT = {dialect.literal(thing.name)}",
    ]
    return "    RAISE EXCEPTION USING\n      " + ",\n      ".join(options) + ";"


_ROUNDS: Final = 10
"""Rounds of bcrypt, as a power of two (OWASP Password Storage Cheat Sheet: at least 10)."""
_BCRYPT: Final = "^[$]2[abxy][$][0-9]{2}[$][./A-Za-z0-9]{53}$"
"""What bcrypt makes: its version, its rounds, 22 characters of salt and 31 of hash."""
_LEAVE: Final = "    RETURN NULL;"


def stamp(thing: Stamp, schema: Schema, dialect: Dialect) -> Written:
    """A function that sets the columns of the row before it is written, of whichever table."""
    new, old = replace(dialect, record="NEW"), replace(dialect, record="OLD")
    lines = [f"  {record(new, c)} := {_next(record(old, c), to)};" for c, to in thing.columns]
    return _written(thing, schema, dialect, _body(*lines, "  RETURN NEW;"))


def _next(before: str, to: str) -> str:
    """Not now(): of two transactions the one that changes the row later may have begun earlier."""
    return "clock_timestamp()" if to == "now" else f"coalesce({before}, 0) + 1"


def guard(thing: Guard, schema: Schema, dialect: Dialect) -> Written:
    """A function that refuses a change that is not listed, and a start that is not."""
    old = record(replace(dialect, record="OLD"), thing.column)
    new = record(replace(dialect, record="NEW"), thing.column)
    said = message(dialect, f"{thing.column} of {thing.table} cannot become ", " after ")
    become = f"concat({said[0]}, {new}, {said[1]}, {old})"
    allowed = f"({old}, {new}) IN ({pairs(thing.allowed, dialect)})"
    # Only what was something before is guarded: a first value is no change from one to another.
    changed = [f"{new} IS DISTINCT FROM {old}", f"{old} IS NOT NULL", f"({allowed}) IS NOT TRUE"]
    if not thing.starts:
        lines = [_if(changed, _refuse(thing, become, dialect, thing.column))]
        return _written(thing, schema, dialect, _after(*lines))
    begin = dialect.literal(f"a row of {thing.table} cannot begin with {thing.column} ")
    listed = ", ".join(map(dialect.literal, thing.starts))
    start = ["TG_OP = 'INSERT'", f"{new} NOT IN ({listed})"]
    lines = [
        _if(start, _refuse(thing, f"concat({begin}, {new})", dialect, thing.column)),
        _if(["TG_OP = 'UPDATE'", *changed], _refuse(thing, become, dialect, thing.column)),
    ]
    return _written(thing, schema, dialect, _after(*lines))


def asserted(thing: Asserted, schema: Schema, dialect: Dialect) -> Written:
    """A function that refuses a row for which the rule is false."""
    rule = replace(dialect, record="NEW").sql(thing.rule)
    refused = _refuse(thing, dialect.literal(rule_said(thing)), dialect)
    return _written(thing, schema, dialect, _after(_if([f"({rule}) IS FALSE"], refused)))


def limit(thing: Limit, schema: Schema, dialect: Dialect) -> Written:
    """A function that counts the parent's rows, one writer at a time."""
    new, old = replace(dialect, record="NEW"), replace(dialect, record="OLD")
    other, parent = replace(dialect, record="other"), replace(dialect, record="parent")
    same = [f"{record(old, c)} = {record(new, c)}" for c in thing.columns]
    found = " AND ".join(matched(thing.parent_columns, thing.columns, parent, new))
    rows = matched(thing.columns, thing.columns, other, new)
    counted = " AND ".join((*rows, *_among(thing, other)))
    name = dialect.quoted(thing.table)
    lines = [
        _if([f"({_counts(thing, new)}) IS NOT TRUE"], _LEAVE),
        _if(["TG_OP = 'UPDATE'", *same, f"({_counts(thing, old)})"], _LEAVE),
        fresh_look(thing.name, dialect).rstrip("\n"),
        "  -- Two requests at the same moment do not see each other's row: one waits here.",
        f"  PERFORM FROM {dialect.quoted(thing.parent)} AS parent WHERE {found}",
        "    FOR NO KEY UPDATE;",
        "  IF " + folded(
            f"(SELECT count(*) FROM {name} AS other WHERE {counted}) > {thing.most}",
            "    ", first=5,
        ) + f"\n  THEN\n{_refuse(thing, dialect.literal(rule_said(thing)), dialect)}\n  END IF;",
    ]  # fmt: skip
    return _written(thing, schema, dialect, _after(*lines, query=True))


def _counts(thing: Limit, row: Dialect) -> str:
    """Whether a row counts: it has the parent, and is one of those that are meant."""
    present = [f"{record(row, column)} IS NOT NULL" for column in thing.columns]
    return " AND ".join((*present, *_among(thing, row)))


def _among(thing: Limit, row: Dialect) -> list[str]:
    return [f"({row.sql(thing.among)})"] if thing.among is not None else []


def parent_rule(thing: ParentRule, schema: Schema, dialect: Dialect) -> Written:
    """A function that looks at the parent, and holds it as it is until the row is written."""
    new, old = replace(dialect, record="NEW"), replace(dialect, record="OLD")
    parent = replace(dialect, record="parent")
    found = " AND ".join(matched(thing.parent_columns, thing.columns, parent, new))
    name = dialect.quoted(thing.parent)
    same = [f"{record(new, c)} IS NOT DISTINCT FROM {record(old, c)}" for c in thing.columns]
    broken = f"EXISTS (SELECT FROM {name} AS parent WHERE {found}"
    broken += f" AND ({parent.sql(thing.rule)}) IS FALSE)"
    lines = [
        _if(["TG_OP = 'UPDATE'", *same], _LEAVE),
        "  -- Nobody changes the parent between this look and the end of the transaction.",
        f"  PERFORM FROM {name} AS parent WHERE {found} FOR SHARE;",
        _if([broken], _refuse(thing, dialect.literal(rule_said(thing)), dialect)),
    ]
    return _written(thing, schema, dialect, _after(*lines, query=True))


def sealed(thing: Sealed, schema: Schema, dialect: Dialect) -> Written:
    """A function that refuses every change, or a change of what has a value."""
    said = dialect.literal(written_once(thing))
    if thing.columns:
        old, new = replace(dialect, record="OLD"), replace(dialect, record="NEW")
        kept = [
            f"({record(old, c)} IS NOT NULL AND {record(new, c)} IS DISTINCT FROM {record(old, c)})"
            for c in thing.columns
        ]
        rule = "\n    OR ".join(kept)
        refused = _refuse(thing, said, dialect)
        return _written(thing, schema, dialect, _after(f"  IF {rule} THEN\n{refused}\n  END IF;"))
    lines = []
    if thing.age is not None:
        moment = record(replace(dialect, record="OLD"), thing.moment)
        old_enough = f"{moment} < now() - interval '{thing.age}'"
        lines = [_if(["TG_OP = 'DELETE'", old_enough], _LEAVE)]
    lines.append(_refuse(thing, said, dialect).replace("\n  ", "\n")[2:])
    return _with_parts(thing, schema, dialect, _written(thing, schema, dialect, _body(*lines)))


def _with_parts(thing: Sealed, schema: Schema, dialect: Dialect, made: Written) -> Written:
    """Keeps each part from being emptied, too: a trigger on TRUNCATE stands on one table alone."""
    cut = schema.table(thing.table).partition
    emptied = emptying(thing, schema)
    if cut is None or emptied is None:
        return made
    parts = (*(part.name for part in cut.parts), *([cut.rest] if cut.rest else []))
    more = [_create(replace(emptied, table=part), dialect) for part in parts]
    # Parts that were made since have such a trigger as well, and go with the table.
    *triggers, function = made.down.splitlines()
    down = "\n".join((*triggers, function.replace(";", " CASCADE;")))
    return Written("\n\n".join((made.up, *more)), down)


def protected(thing: Protected, schema: Schema, dialect: Dialect) -> Written:
    """A function that hashes or encrypts what is new before it is written."""
    new, old = replace(dialect, record="NEW"), replace(dialect, record="OLD")
    lines = []
    for column, how in thing.columns:
        now = record(new, column)
        changed = f"(TG_OP = 'INSERT' OR {now} IS DISTINCT FROM {record(old, column)})"
        if how == "encrypt":
            lines.append(_with_key(thing, dialect, column, [f"{now} IS NOT NULL", changed]))
        else:
            # Blowfish, made slow on purpose: each further round doubles what guessing costs.
            hashed = f"    {now} := crypt({now}, gen_salt('bf', {_ROUNDS}));"
            lines.append("  -- What is a hash already stays: a row may be restored, or come from "
                         "elsewhere.")  # fmt: skip
            lines.append(_if([f"{now} !~ {dialect.literal(_BCRYPT)}"], hashed))
    return _written(thing, schema, dialect, _body(*lines, "  RETURN NEW;"))


def _with_key(thing: Protected, dialect: Dialect, column: str, when: Sequence[str]) -> str:
    new = record(replace(dialect, record="NEW"), column)
    setting = dialect.literal(thing.setting)
    said = dialect.literal(f"{column} of {thing.table} is not kept without {thing.setting}")
    missing = f"coalesce(current_setting({setting}, true), '') = ''"
    refused = indent(_refuse(thing, said, dialect, column), "  ")
    does = (
        f"    IF {missing} THEN\n{refused}\n    END IF;\n"
        f"    {new} := pgp_sym_encrypt_bytea({new}, current_setting({setting}));"
    )
    return _if(when, does)


def audit(thing: Audit, schema: Schema, dialect: Dialect) -> Written:
    """A function that writes an entry with what changed, from what to what."""
    without = ", ".join(map(dialect.literal, thing.omitted))
    less = f" - ARRAY[{without}]" if without else ""
    declare = (
        f"  was jsonb := pg_catalog.to_jsonb(OLD){less};\n"
        f"  became jsonb := pg_catalog.to_jsonb(NEW){less};"
    )
    values = _entry(thing, schema, dialect)
    lines = [
        _if(["was = became"], _LEAVE),
        "  " + folded(f"INSERT INTO {dialect.quoted(thing.into)} ({dialect.names(tuple(values))})",
                      "    ", first=2),
        "  VALUES (\n    " + ",\n    ".join(values.values()) + "\n  );",
    ]  # fmt: skip
    return _written(thing, schema, dialect, _after(*lines, declare=declare))


def _entry(thing: Audit, schema: Schema, dialect: Dialect) -> Mapping[str, str]:
    """What each column of the log takes."""
    place, table = thing.place, schema.table(thing.table)
    keys = [_either(column, dialect) for column in table.identity]
    row = f"{keys[0]}::text" if len(keys) == 1 else _joined(keys)
    taken = {
        place["at"]: "clock_timestamp()",
        place["actor"]: _actor(thing, schema, dialect),
        place["action"]: _action(thing, schema, dialect),
        place["table"]: dialect.literal(thing.table),
        place["row"]: row,
        place["old"]: _changed("was", "became", thing, dialect),
        place["new"]: _changed("became", "was", thing, dialect),
    }
    return taken | {into: _either(column, dialect) for into, column in thing.copied}


def _joined(keys: Sequence[str]) -> str:
    return f"pg_catalog.concat_ws('/', {', '.join(keys)})"


def _action(thing: Audit, schema: Schema, dialect: Dialect) -> str:
    """What was done, in the log's own words where it has some."""
    if not thing.words:
        return "TG_OP"
    if all(word == event.lower() for event, word in thing.words):
        said = "lower(TG_OP)"
    else:
        cases = " ".join(f"WHEN '{e}' THEN {dialect.literal(w)}" for e, w in thing.words)
        said = f"CASE TG_OP {cases} END"
    type_ = schema.table(thing.into).column(thing.place["action"]).type
    return said if type_.name == "text" else f"CAST({said} AS {dialect.type(type_)})"


def _either(column: str, dialect: Dialect) -> str:
    name = dialect.quoted(column)
    return f"coalesce(NEW.{name}, OLD.{name})"


def _actor(thing: Audit, schema: Schema, dialect: Dialect) -> str:
    """Who works, as the program says; else who is connected, where there is room for a name."""
    type_ = schema.table(thing.into).column(thing.place["actor"]).type
    said = f"nullif(current_setting({dialect.literal(thing.setting)}, true), '')"
    if type_.name == "text":
        return f"coalesce({said}, session_user)"
    return f"{said}::{dialect.type(type_)}"


def _changed(these: str, others: str, thing: Audit, dialect: Dialect) -> str:
    value = " value"
    if thing.hidden:
        listed = ", ".join(map(dialect.literal, thing.hidden))
        value = (
            f"\n        CASE WHEN key IN ({listed}) AND value <> 'null' THEN '\"{HIDDEN}\"'"
            "\n          ELSE value END"
        )
    rows = f"FROM jsonb_each({these})"
    where = f"WHERE {others} IS NULL OR value IS DISTINCT FROM {others} -> key"
    return f"(SELECT pg_catalog.jsonb_object_agg(key,{value})\n      {rows} {where})"


def history(thing: History, schema: Schema, dialect: Dialect) -> Written:
    """A function that keeps the row as it was, since when, and until now."""
    old = replace(dialect, record="OLD")
    into = dialect.quoted(thing.into)
    keys = schema.table(thing.table).primary_key.columns
    other = replace(dialect, record="other")
    same = " AND ".join(matched(keys, keys, other, old))
    before = f"(SELECT max({record(other, thing.until)}) FROM {into} AS other WHERE {same})"
    since = f"coalesce({before}, {record(old, thing.made)})" if thing.made else before
    columns = dialect.names((*thing.columns, thing.since, thing.until))
    values = ", ".join(record(old, column) for column in thing.columns)
    declare = "  began timestamptz := " + folded(since, "    ", first=24) + ";"
    lines = [
        *_gone_with_its_row(thing, same, dialect),
        "  " + folded(f"INSERT INTO {into} ({columns})", "    ", first=2),
        "  VALUES (\n    " + folded(values, "    ", first=4) + ",",
        "    -- Not now(): of two transactions the later may have begun earlier.",
        "    began, greatest(began, clock_timestamp())\n  );",
    ]
    return _written(thing, schema, dialect, _after(*lines, declare=declare, query=True))


def _gone_with_its_row(thing: History, same: str, dialect: Dialect) -> list[str]:
    """Forgets the versions of a row that goes when its time is over."""
    if thing.age is None:
        return []
    ended = record(replace(dialect, record="OLD"), thing.ends)
    does = f"    DELETE FROM {dialect.quoted(thing.into)} AS other WHERE {same};\n{_LEAVE}"
    return [_if(["TG_OP = 'DELETE'", f"{ended} < now() - interval '{thing.age}'"], does)]


POSTGRESQL_TRIGGERS: Final[Mapping[type, Write]] = {
    Stamp: stamp,
    Guard: guard,
    Asserted: asserted,
    Limit: limit,
    ParentRule: parent_rule,
    Sealed: sealed,
    Protected: protected,
    Audit: audit,
    History: history,
}
"""By kind of trigger, what writes it."""
