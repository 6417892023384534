"""Triggers and their functions as facts: what databases tell of them, and what a schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from schemawalk.engines.catalogue import Fact, listed
from schemawalk.engines.sqlite_text import tokens
from schemawalk.schema.around.firing import Firing, firings, makes_function
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Audit, History, Thing

Ask = Callable[[str], list[tuple[Any, ...]]]

TRIGGERS: Final = """
SELECT c.relname, t.tgname, t.tgtype::int, p.proname, t.tgenabled::text,
  ARRAY(SELECT a.attname::text FROM unnest(t.tgattr::int[]) WITH ORDINALITY AS n(number, at)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n.number ORDER BY n.at),
  t.tgqual IS NOT NULL OR t.tgconstraint <> 0
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = {space} AND NOT t.tgisinternal AND t.tgparentid = 0
  AND NOT c.relispartition
"""
PATH_SAID: Final = "the path of the migration, temporary tables last"
"""What is said of a function that looks for names where the migration made them."""
SETTINGS: Final = f"""replace(coalesce(array_to_string(p.proconfig, '; '), 'nothing'),
  'search_path=' || array_to_string(ARRAY(
    SELECT quote_ident(name) FROM unnest(current_schemas(false)) WITH ORDINALITY AS s (name, at)
    WHERE name !~ '^pg_' ORDER BY at
  ) || 'pg_temp'::text, ', '), '{PATH_SAID}')"""
FUNCTIONS: Final = """
SELECT p.proname, p.prosecdef, {settings}
FROM pg_proc p WHERE p.pronamespace = {space} AND p.prorettype = 'trigger'::regtype
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
    AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
"""
_MYSQL_TRIGGERS: Final = """
SELECT event_object_table, trigger_name, action_timing, event_manipulation
FROM information_schema.triggers WHERE trigger_schema = DATABASE()
"""
_BITS: Final = ((4, "INSERT"), (16, "UPDATE"), (8, "DELETE"), (32, "TRUNCATE"))
"""What `pg_trigger.tgtype` says of events (PostgreSQL's catalog/pg_trigger.h)."""
_ROW: Final = 1
_BEFORE: Final = 2


def expected_triggers(schema: Schema, database: str) -> Iterator[Fact]:
    """What a database must hold for everything of a schema that is a trigger."""
    for thing in schema.around:
        fired = firings(thing, schema, database)
        yield from map(trigger_fact, fired)
        if fired and fired[0].function and makes_function(thing, schema):
            yield _function_fact(fired[0].function, _definer(thing), PATH_SAID)


def _definer(thing: Thing) -> bool:
    """Whether it may write where whoever fires it may not."""
    return isinstance(thing, Audit | History)


def trigger_fact(firing: Firing, besides: str = "") -> Fact:
    """A trigger; `besides` is what is unusual about it."""
    of = f" OF {listed(firing.columns)}" if firing.columns else ""
    details = (
        ("fires", f"{firing.timing} {' OR '.join(firing.events)}{of}{besides}"),
        ("for each", firing.each),
        ("function", firing.function or "of its own"),
    )
    return Fact(firing.table, "trigger", firing.name, details)


def _function_fact(name: str, definer: bool, settings: str) -> Fact:
    rights = "its owner's" if definer else "those of whoever fires it"
    return Fact("", "trigger function", name, (("rights", rights), ("settings", settings)))


def postgresql_triggers(ask: Ask, space: str) -> Iterator[Fact]:
    """The triggers and trigger functions of a namespace."""
    for table, name, type_, function, enabled, columns, besides in ask(
        TRIGGERS.format(space=space)
    ):
        events = tuple(event for bit, event in _BITS if type_ & bit)
        firing = Firing(
            name, table, "BEFORE" if type_ & _BEFORE else "AFTER", events, tuple(columns), function,
            "ROW" if type_ & _ROW else "STATEMENT",
        )  # fmt: skip
        unusual = " WHEN or as a constraint" if besides else ""
        yield trigger_fact(firing, unusual + ("" if enabled == "O" else ", not always"))
    for name, definer, settings in ask(FUNCTIONS.format(space=space, settings=SETTINGS)):
        yield _function_fact(name, definer, settings)


def mariadb_triggers(ask: Ask) -> Iterator[Fact]:
    """The triggers of a database of MariaDB or MySQL."""
    for table, name, timing, event in ask(_MYSQL_TRIGGERS):
        yield trigger_fact(Firing(name, table, timing, (event,)))


def sqlite_trigger(table: str, name: str, text: str) -> Fact:
    """A trigger of SQLite, from the text that made it."""
    words = tokens(text)[3:]  # after CREATE TRIGGER and its name
    late = words[0].word == "after"
    rest = words[1:] if words[0].word in ("before", "after") else words
    columns = tuple(_columns(rest[1:]))
    return trigger_fact(
        Firing(name, table, "AFTER" if late else "BEFORE", (rest[0].word.upper(),), columns)
    )


def _columns(words: Sequence[Any]) -> Iterator[str]:
    """The names between OF and ON."""
    if not words or words[0].word != "of":
        return
    for token in words[1:]:
        if token.word == "on":
            return
        if token.text != ",":
            yield token.name
