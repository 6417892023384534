"""Alembic and keys: ties, exclusions, circles and every kind of index, by the real tool."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.engines.catalogue import Catalogue, differences, expected
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.postgresql import open_postgresql
from schemawalk.engines.server import find_binaries, throw_away_server
from schemawalk.engines.sqlite import SQLite
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from tests.schema.keyed import club, farm
from tests.writers.alembic_project import run, unpacked

EXTENSIONS = ("btree_gist", "pg_trgm")
COUNTED = {
    "club": club(stack=Stack(tenancy="shared", identifiers="bigint")),
    "farm": farm(stack=Stack(identifiers="bigint")),
}


@pytest.fixture(params=["postgresql", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, str]]:
    """An empty database that can hold everything, and its address."""
    if request.param == "sqlite":
        path = tmp_path / "app.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield SQLite(connection), f"sqlite:///{path}"
        return
    try:
        find_binaries(EXTENSIONS)
    except EngineError as error:
        pytest.skip(str(error))
    with (
        throw_away_server(None, EXTENSIONS) as server,
        open_postgresql(server.url(), EXTENSIONS) as engine,
    ):
        yield engine, server.url()


@pytest.mark.parametrize("design", COUNTED.values(), ids=COUNTED)
def test_the_migration_makes_the_schema_and_agrees_with_the_models(
    design: Design, place: tuple[Engine, str], tmp_path: Path
) -> None:
    """Up, no drift, the catalogue equal, down to nothing, up again."""
    engine, url = place
    schema = derive(design).schema
    folder = unpacked(tmp_path, schema, engine.name)
    fitted = fit(schema, engine.name).schema
    assert "No new upgrade operations detected" in _alembic(folder, url, "upgrade head", "check")
    assert differences(expected(fitted, engine), _held(engine)) == ()
    _alembic(folder, url, "downgrade base")
    assert [left for left in engine.leftovers() if "alembic_version" not in left] == []
    _alembic(folder, url, "upgrade head")
    assert differences(expected(fitted, engine), _held(engine)) == ()


def _alembic(folder: Path, url: str, *commands: str) -> str:
    program = "import alembic.config as tool; [tool.main(c.split()) for c in {!r}]"
    return run(folder, "-c", program.format(commands), url=url)


def _held(engine: Engine) -> Catalogue:
    facts = engine.catalogue().facts
    return Catalogue.of(fact for fact in facts if fact.table != "alembic_version")
