"""What tests of several areas share: real servers, started once, with a database a test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import psycopg
import pymysql
import pytest
from hypothesis import settings

from schemawalk.engines import mariadb_server
from schemawalk.engines.engine import EngineError
from schemawalk.engines.server import Server, throw_away_server

_NUMBERS = count(1)

# The same examples in every run; `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("explore", settings.get_profile("default"))
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A throw-away server for the whole session; each worker has its own."""
    with throw_away_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """URL of a fresh, empty database, gone after the test."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(postgresql_server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield postgresql_server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def mariadb() -> Iterator[mariadb_server.Server]:
    """A throw-away MariaDB for the whole session; tests are skipped where there is none."""
    try:
        mariadb_server.find_programs()
    except EngineError as error:
        pytest.skip(str(error))
    with mariadb_server.throw_away_server() as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb: mariadb_server.Server) -> Iterator[str]:
    """URL of a fresh, empty MariaDB database, gone after the test."""
    name, socket = f"test_{next(_NUMBERS)}", str(mariadb.folder / "socket")
    connection = pymysql.connect(unix_socket=socket, user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        yield mariadb.url(name)
        cursor.execute(f"DROP DATABASE {name}")


@pytest.fixture
def mysql_url(mariadb_url: str) -> str:
    """The same, for SQL of MySQL: a MariaDB stands in."""
    return mariadb_url.replace("mariadb:", "mysql:", 1)
