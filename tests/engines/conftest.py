"""Each engine, empty, for tests that must hold on all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.mariadb_server import has_mysql
from schemawalk.engines.registry import PROVABLE, open_engine

URLS = {"postgresql": "postgresql_url", "mariadb": "mariadb_url", "mysql": "mysql_url"}


STANDS_IN = "mysql-by-mariadb"
"""What a test on MySQL is called where there is none, and a MariaDB is taken for it."""


def called(database: str) -> str:
    """What a test on that database is called."""
    return STANDS_IN if database == "mysql" and not has_mysql() else database


@pytest.fixture(params=PROVABLE, ids=called)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind; a MariaDB stands in for a MySQL that is not there."""
    fixture = URLS.get(request.param)
    url = request.getfixturevalue(fixture) if fixture else None
    with open_engine(request.param, url) as opened:
        yield opened


@pytest.fixture(params=("postgresql", "sqlite"))
def standard_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind that rolls back the making of tables."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    with open_engine(request.param, url) as opened:
        yield opened
