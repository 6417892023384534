"""Each engine, empty, for tests that must hold on all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.registry import PROVABLE, open_engine

URLS = {"postgresql": "postgresql_url", "mariadb": "mariadb_url", "mysql": "mysql_url"}


@pytest.fixture(params=PROVABLE)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind; a MariaDB stands in for MySQL."""
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
