"""The databases that a schema can be proven on, and how to open one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from schemawalk.engines.engine import Engine, EngineError

PROVABLE: Final = ("postgresql", "sqlite", "mariadb", "mysql")
"""Names of the databases that there is an engine for."""

SCHEMES: Final[Mapping[str, str]] = {
    "postgresql": "postgresql", "postgres": "postgresql", "mariadb": "mariadb", "mysql": "mysql",
}  # fmt: skip
"""The database that a URL's scheme means."""

_FORMS: Final = {
    "postgresql": "A PostgreSQL URL begins with postgresql://user@host/database.",
    "mariadb": "A MariaDB URL begins with mariadb://user@host/database.",
    "mysql": "A MySQL URL begins with mysql://user@host/database.",
    "sqlite": "SQLite is proven in memory: it takes no URL.",
}


def open_engine(
    name: str,
    url: str | None = None,
    *,
    extensions: Collection[str] = (),
    version: str | None = None,
) -> AbstractContextManager[Engine]:
    """An engine for the database called `name`, there for as long as the context lasts.

    Without `url` a throw-away database is made; for MySQL it is a MariaDB that stands in.  With one
    that database must be empty, and is empty again afterwards.  `extensions` are those of
    PostgreSQL that must be there to be created; `version`, as people write it, is the one to prefer
    where there are several.  Raises EngineError, at the latest when the context is entered.
    """
    if name not in PROVABLE:
        known = ", ".join(PROVABLE)
        raise EngineError(f"There is no engine for {name}: {known} can be proven.")
    if url is not None and SCHEMES.get(url.partition("://")[0]) != name:
        raise EngineError(_FORMS[name])
    match name:
        case "postgresql":
            return _postgresql(url, extensions, version)
        case "sqlite":
            return _sqlite()
        case _:
            return _mariadb(url, name)


@contextmanager
def _postgresql(
    url: str | None, extensions: Collection[str], version: str | None
) -> Iterator[Engine]:
    from schemawalk.engines.postgresql import open_postgresql

    with open_postgresql(url, extensions, version) as engine:
        yield engine


@contextmanager
def _sqlite() -> Iterator[Engine]:
    from schemawalk.engines.sqlite import open_sqlite

    with open_sqlite() as engine:
        yield engine


@contextmanager
def _mariadb(url: str | None, name: str) -> Iterator[Engine]:
    from schemawalk.engines.mariadb import open_mariadb

    with open_mariadb(url, name) as engine:
        yield engine
