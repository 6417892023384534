"""What tests of several areas share: a real PostgreSQL, started once, with a database a test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from hypothesis import settings

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
