"""What tests of several areas share: real servers, started once, with a database a test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg
import pymysql
import pytest
from hypothesis import settings

from schemawalk.engines import mariadb_server
from schemawalk.engines.engine import EngineError
from schemawalk.engines.server import BINARIES, Server, places, throw_away_server

_NUMBERS = count(1)

UNPACKED = Path(__file__).with_name("databases")
"""Where `tests/databases.sh` puts what the machine's own release has no package for."""
if (UNPACKED / "mysql").exists():
    os.environ.setdefault(mariadb_server.MYSQL_BINARIES, str(UNPACKED / "mysql" / "sbin"))

SERVERS = sorted(Path(__file__).parent.glob("servers/node_modules/postgresql-*/native/bin"))
"""A PostgreSQL of each version, oldest first, where npm has installed them."""
os.environ.setdefault(BINARIES, os.pathsep.join(map(str, [*places(), *reversed(SERVERS)])))


def pytest_report_header() -> list[str]:
    """Which MySQL and MariaDB the tests run on: no version of theirs can be pinned."""
    programs = []
    with suppress(EngineError):
        programs.append(mariadb_server.find_mysql())
    with suppress(EngineError):
        programs.append(mariadb_server.find_programs()[0])
    programs += [each for each in (UNPACKED / "mariadb" / "sbin" / "mariadbd",) if each.exists()]
    told = (subprocess.check_output([each, "--version"], text=True) for each in programs)
    return [f"database: {line.strip().partition(' (')[0]}" for line in told]


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


@pytest.fixture(scope="session")
def mysql() -> Iterator[mariadb_server.Server]:
    """A throw-away MySQL for the whole session; tests are skipped where there is none."""
    try:
        mariadb_server.find_mysql()
    except EngineError as error:
        pytest.skip(str(error))
    with mariadb_server.throw_away_server("mysql") as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb: mariadb_server.Server) -> Iterator[str]:
    """URL of a fresh, empty MariaDB database, gone after the test."""
    with _database(mariadb) as url:
        yield url


@pytest.fixture
def mysql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same for MySQL; where there is none a MariaDB stands in."""
    real = mariadb_server.has_mysql()
    with _database(request.getfixturevalue("mysql" if real else "mariadb")) as url:
        yield url.replace("mariadb:", "mysql:", 1)


@contextmanager
def _database(server: mariadb_server.Server) -> Iterator[str]:
    name, socket = f"test_{next(_NUMBERS)}", str(server.folder / "socket")
    connection = pymysql.connect(unix_socket=socket, user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        yield server.url(name)
        cursor.execute(f"DROP DATABASE {name}")
