"""Both engines, empty, for tests that must hold on each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.registry import PROVABLE, open_engine


@pytest.fixture(params=PROVABLE)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    with open_engine(request.param, url) as opened:
        yield opened
