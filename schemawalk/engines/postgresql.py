"""PostgreSQL as an engine: a throw-away server, or an empty database that somebody lends."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from schemawalk.engines.catalogue import Catalogue, Spelling
from schemawalk.engines.engine import EngineError, Kind, Nesting, Refusal, Settings, beginning
from schemawalk.engines.parts import INHERITED
from schemawalk.engines.postgresql_access import ROLES
from schemawalk.engines.postgresql_besides import DEFAULT_PRIVILEGES, OBJECTS, besides
from schemawalk.engines.postgresql_catalogue import (
    AVAILABLE,
    EXTENSIONS,
    LEFTOVERS,
    SCHEMAS,
    TABLES,
    catalogue,
    spelling,
)
from schemawalk.engines.server import INSTALL, throw_away_server, without_extensions
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Schema, Type
from schemawalk.statements import statements

if TYPE_CHECKING:
    import psycopg

_KINDS: Final[dict[str, Kind]] = {
    "23001": "foreign key",  # RESTRICT, from version 18 on
    "23502": "not null",
    "23503": "foreign key",
    "23505": "unique",
    "23514": "check",
    "22001": "length",
    "23P01": "exclusion",
}
"""What a SQLSTATE of class 23 says about the row (PostgreSQL manual, appendix A)."""

_SESSION: Final = (
    "SET timezone = 'UTC'; SET client_min_messages = error; SET row_security = off; "
    "SET app.encryption_key = 'made up for a proof'"
)
_SETTINGS: Final = "SELECT name, setting FROM pg_settings WHERE source = 'session'"
_LOCK: Final = 0x5C4E3A
"""Key of the advisory lock that keeps two proofs out of one database."""
NO_PARTS: Final[Mapping[tuple[str, str], tuple[str, str]]] = MappingProxyType({})
_CONNECT_SECONDS: Final = 10


class PostgreSQL:
    """An `Engine` on one PostgreSQL database, through one connection."""

    name = "postgresql"
    title = "PostgreSQL"

    def __init__(
        self, connection: psycopg.Connection[Any], extensions: Collection[str] = ()
    ) -> None:
        """`extensions` are those that what is to be proven creates."""
        self._connection = connection
        self._nesting = Nesting(self.execute)
        self._settings = Settings(self._set)
        self.execute(_SESSION)
        self.version = str(self.rows("SHOW server_version")[0][0])
        self._schemas = self._names(SCHEMAS)
        self._extensions = self._names(EXTENSIONS)
        self._roles = self._names(ROLES)
        self._besides = frozenset(besides(self.rows))
        self._others = self._beside_tables()
        self._needed = frozenset(extensions)
        self._wholes: dict[tuple[str, str], tuple[str, str]] = {}
        if missing := sorted(self._needed - set(self._names(AVAILABLE))):
            raise EngineError(without_extensions(missing))

    def run(self, script: str) -> None:
        """Run the statements one by one, each on its own unless the script begins a transaction."""
        try:
            with self._settings.kept():
                for statement in statements(script):
                    self.execute(statement)
            self._wholes = {(t, n): (whole, name) for t, n, whole, name in self.rows(INHERITED)}
        except EngineError:
            if not self._nesting.depth:
                self._abandon()
            raise

    def _set(self) -> dict[str, object]:
        idle = self._connection.info.transaction_status.name == "IDLE"
        return dict(self.rows(_SETTINGS)) | {"a transaction": "none" if idle else "open"}

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement; raises EngineError."""
        self._sent(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives; raises EngineError."""
        return self._sent(sql, parameters).fetchall()

    def _sent(self, sql: str, parameters: Sequence[object]) -> psycopg.Cursor[Any]:
        import psycopg

        try:
            return self._connection.execute(sql.encode(), list(parameters) or None)
        except psycopg.Error as error:
            raise _translated(error, sql, self._wholes) from error
        except UnicodeEncodeError:
            message = f"A statement holds half a character, in: {beginning(sql)!a}"
            raise EngineError(message) from None

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work that is always rolled back."""
        return self._nesting.rolled_back()

    @contextmanager
    def acting_as(self, role: str) -> Iterator[PostgreSQL]:
        """The same session in that role, bound by policies, until it is rolled back."""
        with self.savepoint():
            self.execute("SET LOCAL row_security = on")
            self.execute(f"SET LOCAL ROLE {POSTGRESQL.quoted(role)}")
            yield self

    @contextmanager
    def another(self) -> Iterator[PostgreSQL]:
        """A second session in the same database, which sees what this one has committed."""
        info = self._connection.info
        with _connected(info.dsn, info.password) as connection:
            yield PostgreSQL(connection, self._needed)

    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""
        return tuple(sorted(self._names(TABLES)))

    def catalogue(self) -> Catalogue:
        """Everything in the current namespace, and extensions, read from the system catalogues.

        An extension that was there before is nobody's here, unless it is one of those needed.
        """
        given = frozenset(self._extensions) - self._needed
        return catalogue(self.rows, given, frozenset(self._roles), self._besides)

    def normalised(self, schema: Schema) -> Spelling:
        """The spelling of the schema, asked of temporary tables that are rolled back."""
        return spelling(self, schema, frozenset(self._roles))

    def stored(self, script: str) -> str:
        """A script as the server is sent it: as it is."""
        return script

    def leftovers(self) -> tuple[str, ...]:
        """Objects in any namespace of the user's, and namespaces that were not there before."""
        return tuple(f"{kind} {identity}" for kind, identity in self._left())

    def _left(self) -> list[tuple[str, str]]:
        objects = [each for each in self._beside_tables() if each not in self._others]
        objects += [(str(kind), str(identity)) for kind, identity in self.rows(LEFTOVERS)]
        spaces = [("schema", name) for name in self._names(SCHEMAS) if name not in self._schemas]
        added = [n for n in self._names(EXTENSIONS) if n not in self._extensions]
        roles = [name for name in self._names(ROLES) if name not in self._roles]
        more = [("extension", name) for name in sorted(added)] + [
            ("role", n) for n in sorted(roles)
        ]
        return objects + sorted(spaces) + more

    def _beside_tables(self) -> list[tuple[str, str]]:
        found = (*self.rows(OBJECTS), *self.rows(DEFAULT_PRIVILEGES))
        return [(str(kind), str(identity)) for kind, identity in found]

    def clear(self) -> None:
        """Drop all leftovers; what an object takes along with it is gone already."""
        self._abandon()
        for kind, identity in self._left():
            named = kind in ("schema", "extension", "role")
            what = '"' + identity.replace('"', '""') + '"' if named else identity
            if kind == "default privileges":
                self.execute(f"ALTER DEFAULT PRIVILEGES {identity}")
            elif kind == "role":
                self.execute(f"DROP OWNED BY {what}; DROP ROLE {what}")
            else:
                self.execute(f"DROP {kind} IF EXISTS {what} CASCADE")
        for name in self._extensions:
            # A way back drops what it may have found there already: it was lent.
            self.execute(f"CREATE EXTENSION IF NOT EXISTS {POSTGRESQL.quoted(name)}")

    def _abandon(self) -> None:
        import psycopg

        self._nesting.depth = 0
        try:
            self._connection.rollback()
        except psycopg.Error as error:
            raise _translated(error, "ROLLBACK") from error

    def _names(self, sql: str) -> list[str]:
        return [str(name) for (name,) in self.rows(sql)]

    def bound(self, type_: Type, value: Value) -> object:
        """Lists as lists and intervals with their unit; the server reads the rest as it is."""
        if value is None:
            return None
        match type_.name:
            case "list":
                return json.loads(str(value))
            case "interval":
                return f"{value} seconds"
            case "bytes":
                return str(value).encode()
            case _:
                return value

    def reported(self, kind: Kind, table: str, name: str, columns: Sequence[str]) -> Refusal:
        """Constraints and triggers by their name, NOT NULL by its table and column."""
        if kind == "trigger":
            kind = "check"  # as which our triggers refuse, with their name
        return Refusal(kind, f"{table}.{columns[0]}" if kind == "not null" else name)


def _translated(
    error: psycopg.Error, sql: str, wholes: Mapping[tuple[str, str], tuple[str, str]] = NO_PARTS
) -> EngineError:
    """The error in one sentence; `wholes` is the table of each part, and each of its indexes."""
    said = error.diag.message_primary or str(error).partition("\n")[0]
    state = error.sqlstate or ""
    where = f" (SQLSTATE {state}), in: {beginning(sql)}" if state else ""
    refusal = _refusal(error, wholes)
    return EngineError(f"PostgreSQL says: {said}{where}", sqlstate=state, refusal=refusal)


def _refusal(
    error: psycopg.Error, wholes: Mapping[tuple[str, str], tuple[str, str]]
) -> Refusal | None:
    kind = _KINDS.get(error.sqlstate or "")
    if kind is None:
        return None
    facts = error.diag
    part, said = facts.table_name or "", facts.constraint_name or ""
    table, _ = wholes.get((part, ""), (part, ""))
    _, name = wholes.get((part, said), ("", said))
    return Refusal(kind, f"{table}.{facts.column_name}" if kind == "not null" else name)


@contextmanager
def open_postgresql(
    url: str | None = None, extensions: Collection[str] = (), version: str | None = None
) -> Iterator[PostgreSQL]:
    """An engine on a new server, or on the empty database at `url`, which is empty again after.

    Raises EngineError when the driver is missing, the server cannot be reached or lacks one of the
    `extensions`, or the database holds anything.
    """
    _need_driver()
    if url is None:
        major = re.match(r"\d+", version or "")
        asked = throw_away_server(None, extensions, int(major[0]) if major else None)
        with asked as server, _connected(server.url()) as connection:
            yield PostgreSQL(connection, extensions)
        return
    with _connected(url) as connection:
        engine = PostgreSQL(connection, extensions)
        _borrow(engine, urlsplit(url).path.lstrip("/") or "its database")
        try:
            yield engine
        finally:
            engine.clear()


def _need_driver() -> None:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        message = f"The driver for PostgreSQL is missing; to get it: {INSTALL}"
        raise EngineError(message) from error


@contextmanager
def _connected(url: str, password: str = "") -> Iterator[psycopg.Connection[Any]]:
    import psycopg

    try:
        connection = psycopg.connect(
            url,
            password=password or None,
            autocommit=True,
            cursor_factory=psycopg.RawCursor,
            prepare_threshold=None,
            connect_timeout=_CONNECT_SECONDS,
            client_encoding="utf8",
        )
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise EngineError(f"PostgreSQL cannot be reached: {said}") from error
    try:
        yield connection
    finally:
        connection.close()


def _borrow(engine: PostgreSQL, database: str) -> None:
    """Make sure that the database is empty, and that nobody else is proving in it."""
    if not engine.rows("SELECT pg_try_advisory_lock($1)", (_LOCK,))[0][0]:
        raise EngineError(f"Another proof is running in {database}: wait for it to end.")
    if found := engine.leftovers():
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise EngineError(
            f"{database} is not empty ({found[0]}{more}): a proof drops everything it finds, so "
            "give it an empty scratch database."
        )
