"""A MariaDB of the present beside the system's own: what is written for it is proven on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.mariadb_server import BINARIES
from schemawalk.engines.registry import open_engine
from tests.conftest import UNPACKED
from tests.engines.examples import EXAMPLES, example_outcome
from tests.engines.test_any_design import there_and_back
from tests.schema.any_design import MOST_ENTITIES, design

INSTALLATION = UNPACKED / "mariadb"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An empty MariaDB 11; tests are skipped where tests/databases.sh could not get one."""
    if not INSTALLATION.exists():
        pytest.skip("there is no MariaDB 11: run tests/databases.sh")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BINARIES, os.pathsep.join(str(INSTALLATION / b) for b in ("bin", "sbin")))
        with open_engine("mariadb") as opened:
            yield opened


def test_it_is_another_one(engine: Engine) -> None:
    assert int(engine.version.partition(".")[0]) >= 11


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_both_examples_are_proven(engine: Engine, file: Path) -> None:
    """With what is written for it, and with their seeds."""
    try:
        assert example_outcome(file, engine, "11") == []
    finally:
        engine.clear()


@pytest.mark.parametrize("seed", range(2))
def test_forty_entities_are_made_and_taken_back(engine: Engine, seed: int) -> None:
    """Every table, constraint, index, trigger, view, role and routine of a large schema."""
    assert there_and_back(engine, design(seed, MOST_ENTITIES)) == []
