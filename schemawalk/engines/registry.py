"""The databases that a schema can be proven on, and how to open one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from schemawalk.engines.engine import Engine, EngineError

PROVABLE: Final = ("postgresql", "sqlite")
"""Names of the databases that there is an engine for."""

_POSTGRESQL_URLS: Final = ("postgresql://", "postgres://")


def open_engine(name: str, url: str | None = None) -> AbstractContextManager[Engine]:
    """An engine for the database called `name`, there for as long as the context lasts.

    Without `url` a throw-away database is made.  With one (PostgreSQL only) that database must be
    empty, and is empty again afterwards.  Raises EngineError, at the latest when the context is
    entered.
    """
    match name:
        case "postgresql":
            return _postgresql(url)
        case "sqlite":
            if url is None:
                return _sqlite()
            raise EngineError("SQLite is proven in memory: it takes no URL.")
        case _:
            known = " and ".join(PROVABLE)
            raise EngineError(f"There is no engine for {name}: {known} can be proven.")


@contextmanager
def _postgresql(url: str | None) -> Iterator[Engine]:
    from schemawalk.engines.postgresql import open_postgresql

    if url is not None and not url.startswith(_POSTGRESQL_URLS):
        raise EngineError("A PostgreSQL URL begins with postgresql://user@host/database.")
    with open_postgresql(url) as engine:
        yield engine


@contextmanager
def _sqlite() -> Iterator[Engine]:
    from schemawalk.engines.sqlite import open_sqlite

    with open_sqlite() as engine:
        yield engine
