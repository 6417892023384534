"""SQLite as an engine: a database in memory, with foreign keys heeded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any, Final

from schemawalk.engines.catalogue import Catalogue, Spelling
from schemawalk.engines.engine import EngineError, Kind, Nesting, Refusal, Settings, beginning
from schemawalk.engines.sqlite_catalogue import OBJECTS, TABLES, catalogue, spelling
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Schema, Type
from schemawalk.statements import statements

_SENTENCES: Final[dict[str, Kind]] = {
    "NOT NULL constraint failed": "not null",
    "UNIQUE constraint failed": "unique",
    "CHECK constraint failed": "check",
    "FOREIGN KEY constraint failed": "foreign key",
}
"""How SQLite begins when it refuses a row."""


_USUALLY: Final = {
    "foreign_keys": 1, "recursive_triggers": 0, "ignore_check_constraints": 0, "writable_schema": 0,
    "legacy_alter_table": 0,
}  # fmt: skip
"""How a connection is set while it is proven what it keeps."""


class SQLite:
    """An `Engine` on a database in memory."""

    name = "sqlite"
    title = "SQLite"
    version = sqlite3.sqlite_version

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._nesting = Nesting(self._each)
        self._settings = Settings(self._set)
        self._as_usual()

    def _as_usual(self) -> None:
        for name, value in _USUALLY.items():
            self.execute(f"PRAGMA {name} = {value}")

    def _set(self) -> dict[str, object]:
        pragmas = {name: self.rows(f"PRAGMA {name}")[0][0] for name in _USUALLY}
        return pragmas | {"a transaction": "open" if self._connection.in_transaction else "none"}

    def run(self, script: str) -> None:
        """Run the statements one by one, each on its own unless the script begins a transaction."""
        try:
            with self._settings.kept():
                for statement in statements(script, sqlite3.complete_statement):
                    self.execute(statement)
        except EngineError:
            if not self._nesting.depth:
                self._connection.rollback()
            raise
        finally:
            if not self._nesting.depth:
                self._as_usual()

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement; raises EngineError."""
        self.rows(sql, parameters)

    def _each(self, script: str) -> None:
        for statement in script.split(";"):
            self.execute(statement)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives; raises EngineError."""
        named = {str(number): value for number, value in enumerate(parameters, 1)}
        try:
            return self._connection.execute(sql, named).fetchall()
        except sqlite3.Error as error:
            raise _translated(error, sql) from error
        except UnicodeEncodeError:
            message = f"A statement holds half a character, in: {beginning(sql)!a}"
            raise EngineError(message) from None

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work that is always rolled back."""
        return self._nesting.rolled_back()

    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""
        return tuple(sorted(name for name, _ in self.rows(TABLES)))

    def catalogue(self) -> Catalogue:
        """Everything in the database, from its pragmas and the text that it keeps."""
        return catalogue(self.rows)

    def normalised(self, schema: Schema) -> Spelling:
        """The schema's own text in one spelling: SQLite keeps what it is given."""
        return spelling(schema)

    def stored(self, script: str) -> str:
        """A script as SQLite is sent it: as it is."""
        return script

    def leftovers(self) -> tuple[str, ...]:
        """Tables, indexes, views and triggers."""
        return tuple(f"{kind} {name}" for kind, name in self.rows(OBJECTS))

    def clear(self) -> None:
        """Empty the database, whatever it holds (SQLite manual, SQLITE_DBCONFIG_RESET_DATABASE)."""
        self._nesting.depth = 0
        self._connection.rollback()
        self.execute("PRAGMA foreign_keys = OFF")
        for kind in ("trigger", "view", "index", "table"):
            for found, name in self.rows(OBJECTS):
                if found == kind:
                    self.execute(f'DROP {kind} IF EXISTS "{name.replace(chr(34), chr(34) * 2)}"')
        self._as_usual()

    def bound(self, type_: Type, value: Value) -> object:
        """Decimals as the floating-point numbers that SQLite holds, bytes as bytes."""
        if isinstance(value, Decimal):
            return float(value)
        return str(value).encode() if type_.name == "bytes" and value is not None else value

    def reported(self, kind: Kind, table: str, name: str, columns: Sequence[str]) -> Refusal:
        """CHECKs and triggers by their name, keys by their columns, foreign keys not at all."""
        match kind:
            case "check" | "trigger":
                return Refusal(kind, name)
            case "exclusion":
                return Refusal("trigger", name)
            case "foreign key":
                return Refusal(kind, "")
            case _:
                return Refusal(kind, ", ".join(f"{table}.{column}" for column in columns))


def _translated(error: sqlite3.Error, sql: str) -> EngineError:
    start, _, what = str(error).partition(": ")
    kind = _SENTENCES.get(start)
    refusal = Refusal(kind, what) if kind else None
    if not kind and getattr(error, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_TRIGGER":
        # Our triggers say their name, and then why: SQLite does not tell which one it was.
        refusal = Refusal("trigger", start)
    return EngineError(f"SQLite says: {error}, in: {beginning(sql)}", refusal=refusal)


@contextmanager
def open_sqlite() -> Iterator[SQLite]:
    """An engine on a new database in memory, gone when the context ends."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield SQLite(connection)
    finally:
        connection.close()
