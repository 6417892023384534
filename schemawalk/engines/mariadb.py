"""MariaDB and MySQL as an engine: a throw-away server, or an empty database that somebody lends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from schemawalk.engines.catalogue import Catalogue, Spelling
from schemawalk.engines.engine import EngineError, Kind, Nesting, Refusal, Settings, beginning
from schemawalk.engines.mariadb_access import USERS, rights_of, roles
from schemawalk.engines.mariadb_catalogue import LEFTOVERS, TABLES, catalogue, spelling
from schemawalk.engines.mariadb_roles import signed_in
from schemawalk.engines.mariadb_server import has_mysql, throw_away_server
from schemawalk.schema.dialects.mysql import MARIADB, MYSQL, MySQLDialect
from schemawalk.schema.dialects.mysql_moments import spelled
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Schema, Type
from schemawalk.statements import delimited

if TYPE_CHECKING:
    import pymysql

INSTALL: Final = "pip install 'schemawalk[mysql]'"

_KINDS: Final[dict[int, Kind]] = {
    1048: "not null",
    1406: "length",
    1062: "unique",
    1644: "trigger",
    1451: "foreign key",
    1452: "foreign key",
    3819: "check",  # MySQL
    4025: "check",  # MariaDB
}
"""What an error's number says about the row (MySQL and MariaDB manuals, error codes)."""
_NAMES: Final[dict[int, re.Pattern[str]]] = {
    1406: re.compile(r"()Data too long"),
    1048: re.compile(r"Column '(.*)' cannot be null", re.DOTALL),
    1062: re.compile(r".* for key '(.*)'", re.DOTALL),
    1644: re.compile(r"([^:]*): "),  # our triggers say their name, and then why
    1451: re.compile(r".*?CONSTRAINT `(.*?)` FOREIGN KEY", re.DOTALL),
    1452: re.compile(r".*?CONSTRAINT `(.*?)` FOREIGN KEY", re.DOTALL),
    3819: re.compile(r"Check constraint '(.*)' is violated", re.DOTALL),
    4025: re.compile(r"CONSTRAINT `((?:[^`]|``)*)` failed", re.DOTALL),
}
"""Where the name of the rule stands in the error's message."""
_DOUBLED: Final = frozenset((1451, 1452, 4025))
"""Messages in which MariaDB doubles the backticks of a name; MySQL has names as they are."""

_SESSION: Final = (
    "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'"
)
_SETTINGS: Final = " UNION ALL ".join(
    f"SELECT '{name}', CAST(@@SESSION.{name} AS CHAR)"
    for name in ("foreign_key_checks", "unique_checks", "sql_mode", "time_zone", "autocommit")
)
_LOCK: Final = "SELECT GET_LOCK(CONCAT('schemawalk.', LEFT(SHA2(DATABASE(), 256), 32)), 0)"
_INDEX: Final = (
    "SELECT COUNT(*) FROM information_schema.statistics "
    "WHERE table_schema = DATABASE() AND table_name = $1 AND index_name = $2"
)
_DATABASE: Final = "proof"
_CONNECT_SECONDS: Final = 10
_COLLATIONS: Final = {MYSQL.exact: MARIADB.exact, MYSQL.any_case: MARIADB.any_case}
"""What MariaDB calls the collations of MySQL; all else that is proven in its place is the same."""
_COLLATION: Final = re.compile("|".join(_COLLATIONS))
_PLACE: Final = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*` | \$(?P<number>\d+)""", re.VERBOSE
)
"""A parameter, and what may hide one."""


class MariaDB:
    """An `Engine` on one database of a MariaDB or MySQL server, through one connection."""

    def __init__(
        self, connection: pymysql.Connection[Any], dialect: MySQLDialect, url: str = ""
    ) -> None:
        """`dialect` is that of the SQL to prove; a MariaDB takes that of MySQL as well.

        `url` is where the database is, for those who come as somebody else.
        """
        self.url = url
        self._connection = connection
        self._nesting = Nesting(self._each)
        self._settings = Settings(lambda: dict(self.rows(_SETTINGS)))
        self._stands_in = False
        self.dialect = dialect
        self.name = dialect.name
        self.title = dialect.title
        self.mariadb = False
        self.execute(_SESSION)
        said = str(self.rows("SELECT VERSION()")[0][0])
        self.mariadb = "mariadb" in said.lower()
        self.version = said.partition("-")[0]
        self._roles = frozenset(roles(self.rows, self.mariadb))
        self._users = frozenset(str(name) for (name,) in self.rows(USERS))
        if self.mariadb and dialect is MYSQL:
            self._stands_in = True
            self.version += " of MariaDB in its place"

    def run(self, script: str) -> None:
        """Run the statements one by one; what makes tables stays done, whatever comes after."""
        try:
            with self._settings.kept():
                for statement in delimited(script):
                    self.execute(statement)
        except EngineError:
            if not self._nesting.depth:
                self._abandon()
            raise

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement; raises EngineError."""
        self._sent(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives; raises EngineError."""
        return self._sent(sql, parameters)

    def _each(self, script: str) -> None:
        for statement in script.split(";"):
            self.execute(statement)

    def _sent(self, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        import pymysql

        try:
            filled = self._filled(sql, parameters) if parameters else sql
            filled = self.stored(filled)
            filled.encode()
            with self._connection.cursor() as cursor:
                cursor.execute(filled)
                return list(cursor.fetchall())
        except pymysql.Error as error:
            raise self._translated(error, sql) from error
        except UnicodeEncodeError:
            message = f"A statement holds half a character, in: {beginning(sql)!a}"
            raise EngineError(message) from None

    def _translated(self, error: pymysql.Error, sql: str) -> EngineError:
        number, said = error.args if len(error.args) == 2 else (0, str(error))
        where = f" (error {number}), in: {beginning(sql)}" if number else ""
        refusal = None
        if kind := _KINDS.get(number):
            found = _NAMES[number].match(said)
            what = found[1] if found else said
            doubled = self.mariadb and number in _DOUBLED
            refusal = Refusal(kind, what.replace("``", "`") if doubled else what)
        return EngineError(
            f"{self.title} says: {said}{where}", sqlstate=str(number), refusal=refusal
        )

    def _filled(self, sql: str, parameters: Sequence[object]) -> str:
        """The statement with its values as literals, none of them inside quotes."""

        def value(place: re.Match[str]) -> str:
            number = place["number"]
            if number is None:
                return place.group()
            return str(self._connection.escape(parameters[int(number) - 1]))

        return _PLACE.sub(value, sql)

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work on rows that is always rolled back."""
        return self._nesting.rolled_back()

    @contextmanager
    def acting_as(self, role: str) -> Iterator[MariaDB]:
        """The same database as seen by somebody who has that role and nothing else."""
        with signed_in(self.url, _connected, role, self.dialect) as connection:
            yield MariaDB(connection, self.dialect)

    @contextmanager
    def another(self) -> Iterator[MariaDB]:
        """A second session in the same database, which sees what this one has committed."""
        with _connected(self.url) as connection:
            yield MariaDB(connection, self.dialect, self.url)

    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""
        return tuple(sorted(str(name) for (name,) in self.rows(TABLES)))

    def catalogue(self) -> Catalogue:
        """Everything in the database, read from `information_schema`."""
        return catalogue(self.rows, self.mariadb, self._roles, self._users)

    def normalised(self, schema: Schema) -> Spelling:
        """The spelling of the schema, asked of tables that are dropped at once."""
        return spelling(self, schema)

    def stored(self, script: str) -> str:
        """A script as the server is sent it; one that stands in is told its own collations."""
        if not self._stands_in:
            return script
        return _COLLATION.sub(lambda found: _COLLATIONS[found.group()], script)

    def leftovers(self) -> tuple[str, ...]:
        """Tables, views, sequences, routines and events, and new roles that may do anything.

        A way back leaves roles: nothing tells there whose they are.
        """
        left = ((kind, name) for kind, name in self._left() if kind != "role" or self._may(name))
        return tuple(f"{kind} {name}" for kind, name in left)

    def _may(self, role: str) -> bool:
        """Whether a role has any right: one that has none is nobody's, and harms nobody."""
        return any(rights_of(self.rows, role))

    def _left(self) -> list[tuple[Any, ...]]:
        new = sorted(set(roles(self.rows, self.mariadb)) - self._roles)
        return [*self.rows(LEFTOVERS), *(("role", name) for name in new)]

    def clear(self) -> None:
        """Drop all leftovers, whatever refers to them."""
        self._abandon()
        self.execute("SET foreign_key_checks = 0")
        for kind, name in self._left():
            self.execute(f"DROP {kind} IF EXISTS `{name.replace('`', '``')}`")
        self.execute("SET foreign_key_checks = 1")

    def _abandon(self) -> None:
        self._nesting.depth = 0
        self.execute("ROLLBACK")

    def bound(self, type_: Type, value: Value) -> object:
        """Moments as they are read here, bytes as bytes."""
        match type_.name:
            case "timestamptz" if isinstance(value, str):
                return spelled(value)
            case "bytes" if value is not None:
                return str(value).encode()
            case _:
                return value

    def reported(self, kind: Kind, table: str, name: str, columns: Sequence[str]) -> Refusal:
        """NOT NULL by its column, keys by their index, all other rules by their name."""
        match kind:
            case "not null":
                return Refusal(kind, columns[0])
            case "unique":
                is_index = self.rows(_INDEX, (table, name))[0][0]
                index = name if is_index else "PRIMARY"
                return Refusal(kind, index if self.mariadb else f"{table}.{index}")
            case "exclusion":
                return Refusal("trigger", name)
            case _:
                return Refusal(kind, name)


@contextmanager
def open_mariadb(url: str | None = None, name: str = "mariadb") -> Iterator[MariaDB]:
    """An engine on a new server, or on the empty database at `url`, which is empty again after.

    `name` is `mariadb` or `mysql`, whose SQL is to be proven.  Where there is no MySQL to start, a
    new server is a MariaDB; in its place it takes what means the same to both.  Raises EngineError
    when the driver is missing, the server cannot be reached, or the database holds anything.
    """
    _need_driver()
    dialect = MYSQL if name == "mysql" else MARIADB
    if url is None:
        kind = "mysql" if name == "mysql" and has_mysql() else "mariadb"
        with throw_away_server(kind) as server, _connected(server.url()) as connection:
            engine = MariaDB(connection, dialect, server.url(_DATABASE))
            engine.execute(f"CREATE DATABASE {_DATABASE} CHARACTER SET utf8mb4")
            engine.execute(f"USE {_DATABASE}")
            yield engine
        return
    with _connected(url) as connection:
        engine = MariaDB(connection, dialect, url)
        _borrow(engine, url)
        try:
            yield engine
        finally:
            engine.clear()


def _need_driver() -> None:
    try:
        import pymysql  # noqa: F401
    except ImportError as error:
        message = f"The driver for MariaDB and MySQL is missing; to get it: {INSTALL}"
        raise EngineError(message) from error


@contextmanager
def _connected(url: str) -> Iterator[pymysql.Connection[Any]]:
    import pymysql

    try:
        connection = pymysql.connect(**_place(url), connect_timeout=_CONNECT_SECONDS)
    except (pymysql.Error, OSError) as error:
        said = " ".join(str(part) for part in error.args[1:] or error.args)
        raise EngineError(f"The server cannot be reached: {' '.join(said.split())}") from error
    try:
        yield connection
    finally:
        with suppress(pymysql.Error):
            connection.close()


def _place(url: str) -> dict[str, Any]:
    """What the driver wants to know, from a URL; raises EngineError when it says too little."""
    parts = urlsplit(url)
    try:
        place: dict[str, Any] = {"host": parts.hostname or "localhost", "port": parts.port or 3306}
    except ValueError as error:
        raise EngineError(f"The URL has no port that is a number: {error}") from None
    place |= {"user": unquote(parts.username or ""), "password": unquote(parts.password or "")}
    place |= {"database": unquote(parts.path.lstrip("/")) or None}
    if socket := parse_qs(parts.query).get("unix_socket"):
        place["unix_socket"] = socket[0]
    return place | {"charset": "utf8mb4", "autocommit": True}


def _borrow(engine: MariaDB, url: str) -> None:
    """Make sure that it is the right server, its database empty, and nobody else proves in it."""
    database = unquote(urlsplit(url).path.lstrip("/"))
    if not database:
        raise EngineError("The URL names no database: it ends in /database.")
    if engine.dialect is MARIADB and not engine.mariadb:
        raise EngineError("The URL leads to a MySQL server, and MariaDB is to be proven.")
    if not engine.rows(_LOCK)[0][0]:
        raise EngineError(f"Another proof is running in {database}: wait for it to end.")
    if found := engine.leftovers():
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise EngineError(
            f"{database} is not empty ({found[0]}{more}): a proof drops everything it finds, so "
            "give it an empty scratch database."
        )
