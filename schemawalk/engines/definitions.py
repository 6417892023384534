"""The bodies of routines and triggers: those that a script writes, and those that a database holds.

Acts show what a body does. What they cannot show (a lock, a row of another session, a message) is
held against the words that were written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final, Protocol

from schemawalk.statements import delimited, statements

Bodies = Mapping[str, str]
"""What each routine and trigger does, by its name, in the words of the database."""

_NAME: Final = r"(?P<name>\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\w+)"
_REMARKS: Final = re.compile(r"\A(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_FUNCTION: Final = re.compile(
    rf"CREATE FUNCTION {_NAME}\s*\(.*?\bAS (?P<tag>\$\w*\$)(?P<body>.*)(?P=tag)", re.DOTALL
)
_PROCEDURE: Final = re.compile(
    rf"CREATE PROCEDURE {_NAME}\((?:[^()']|\([^()]*\))*\)\s*(?:SQL SECURITY \w+\s+)?(?P<body>.*)",
    re.DOTALL,
)
_TRIGGER: Final = re.compile(
    rf"CREATE TRIGGER {_NAME}\s.*?\bFOR EACH ROW\s+(?P<body>.*)", re.DOTALL
)
_WHOLE: Final = re.compile(rf"(?P<body>CREATE (?:TRIGGER|VIEW) {_NAME}\s.*)", re.DOTALL)
"""SQLite keeps a trigger, and a view, as it was written."""

_POSTGRESQL: Final = """
SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = current_schema() AND NOT EXISTS (SELECT FROM pg_depend d
  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
"""
_MYSQL: Final = """
SELECT 'TRIGGER', trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()
UNION ALL SELECT routine_type, routine_name FROM information_schema.routines
  WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'
"""
_DEFINER: Final = re.compile(r"\ACREATE DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*` ")
_SQLITE: Final = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
_HELD: Final = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}
_MADE: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "postgresql": (_FUNCTION,),
    "mariadb": (_TRIGGER, _PROCEDURE),
    "mysql": (_TRIGGER, _PROCEDURE),
    "sqlite": (_WHOLE,),
}


class Held(Protocol):
    """A database that is asked for the bodies that it holds."""

    @property
    def name(self) -> str:
        """The database's, as in `Stack.database`."""

    @property
    def rows(self) -> Callable[[str], list[tuple[Any, ...]]]:
        """What one statement gives."""

    def stored(self, script: str) -> str:
        """A script as this database is really sent it."""


def unlike(script: str, engine: Held) -> tuple[str, ...]:
    """One sentence for each body that a database holds otherwise than the script writes it."""
    held = dict(_held(engine))
    made = dict(_written(engine.stored(script), engine.name))
    return tuple(
        f"{name}: {_difference(body, held.get(name, ()))}"
        for name, body in made.items()
        if body != held.get(name, ())
    )


def _held(engine: Held) -> Iterator[tuple[str, tuple[str, ...]]]:
    if engine.name in _HELD:
        yield from ((name, _lines(body)) for name, body in engine.rows(_HELD[engine.name]))
        return
    for kind, name in engine.rows(_MYSQL):
        # Nowhere else MySQL tells a body as it was written: quotes inside of texts are undone.
        quoted = "`" + name.replace("`", "``") + "`"
        told = engine.rows(f"SHOW CREATE {kind} {quoted}")[0][2]
        yield from _body(_DEFINER.sub("CREATE ", told), engine.name)


def _written(script: str, database: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for statement in _apart(script, database):
        text = statement[_REMARKS.match(statement).end() :]  # type: ignore[union-attr]
        yield from _body(text, database)


def _body(statement: str, database: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name and the body of what a statement makes, if that has one."""
    for made in _MADE[database]:
        if found := made.match(statement):
            yield _unquoted(found["name"]), _lines(found["body"])


def _apart(script: str, database: str) -> tuple[str, ...]:
    if database in ("mysql", "mariadb"):
        return delimited(script)
    if database == "sqlite":
        import sqlite3

        return statements(script, sqlite3.complete_statement)
    return statements(script)


def _unquoted(name: str) -> str:
    mark = name[0]
    return name[1:-1].replace(mark * 2, mark) if mark in '"`' else name


def _lines(body: str) -> tuple[str, ...]:
    """The body line by line; what a line ends in is nobody's concern."""
    return tuple(line.rstrip() for line in body.strip().rstrip(";").splitlines())


def _difference(wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    """The first lines that are not the same."""
    for want, have in zip_longest(wanted, found, fillvalue=""):
        if want != have:
            there, due = (line.strip() or "nothing" for line in (have, want))
            return f"{there!r} stands where {due!r} should"
    return "the same"
