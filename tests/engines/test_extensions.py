"""Extensions: a server that has them is chosen, and the way back leaves others' alone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from schemawalk.engines.engine import EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.server import BINARIES, find_binaries, lacking, throw_away_server
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Extension
from schemawalk.writers.sql import down
from tests.engines.migrations import changed, migration, outcome
from tests.schemas import library

VECTOR = Extension("vector", "what is alike is found")
"""The one extension that comes with the wheel."""


def with_vector() -> Schema:
    return replace(library(), around=(VECTOR,))


def _installation(folder: Path, name: str, version: int, *extensions: str) -> Path:
    """A folder that looks like PostgreSQL of a version with some extensions."""
    binaries = folder / name / "bin"
    shared = folder / name / "share" / "postgresql" / "extension"
    binaries.mkdir(parents=True)
    shared.mkdir(parents=True)
    for program in ("initdb", "postgres"):
        (binaries / program).write_text(f"#!/bin/sh\necho '{program} (PostgreSQL) {version}.1'\n")
        (binaries / program).chmod(0o755)
    for extension in extensions:
        (shared / f"{extension}.control").touch()
    return binaries


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three installations: two new ones with nothing beside them, an old one with everything."""
    monkeypatch.delenv(BINARIES, raising=False)
    places = [
        _installation(tmp_path, "pginstall18", 18, "plpgsql"),
        _installation(tmp_path, "pginstall", 16, "plpgsql"),
        _installation(tmp_path, "15", 15, "plpgsql", "btree_gist", "pg_trgm"),
    ]
    monkeypatch.setattr("schemawalk.engines.server._usual", lambda: iter(places))
    return tmp_path


@pytest.mark.parametrize(
    ("extensions", "version", "chosen"),
    [
        ((), None, "pginstall18"),
        ((), 16, "pginstall"),
        ((), 15, "15"),
        ((), 12, "pginstall18"),
        (("btree_gist",), None, "15"),
        (("pg_trgm", "btree_gist"), 18, "15"),
    ],
)
def test_the_first_that_can_load_everything_is_chosen(
    several: Path, extensions: tuple[str, ...], version: int | None, chosen: str
) -> None:
    """Of the version that is asked for, where one of those has it."""
    assert find_binaries(extensions, version) == several / chosen / "bin"


@pytest.mark.parametrize(
    ("extensions", "version", "chosen"),
    [((), None, "pginstall18"), ((), 15, "15"), (("btree_gist",), 18, "15"),
     (("postgis",), 16, "pginstall")],
)  # fmt: skip
def test_of_several_folders_that_are_named_one_fits(
    several: Path, monkeypatch: pytest.MonkeyPatch,
    extensions: tuple[str, ...], version: int | None, chosen: str,
) -> None:  # fmt: skip
    """Parted by colons; what none of them seems to have, the server itself is asked for."""
    folders = [str(several / name / "bin") for name in ("pginstall18", "pginstall", "15")]
    monkeypatch.setenv(BINARIES, ":".join(folders))
    assert find_binaries(extensions, version) == several / chosen / "bin"


def test_the_one_in_path_is_found_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it is installed, and through a link to it."""
    binaries = _installation(tmp_path / "opt", "postgres", 17, "plpgsql")
    (tmp_path / "postgres").symlink_to(binaries / "postgres")
    monkeypatch.delenv(BINARIES, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert find_binaries(version=17) == binaries


@pytest.mark.usefixtures("several")
def test_what_no_server_can_load_is_named_with_its_package() -> None:
    """One sentence: what is needed, and what to install."""
    with pytest.raises(EngineError, match=r"needs postgis, and no PostgreSQL here.*contrib"):
        find_binaries(("btree_gist", "postgis"))


def test_control_files_tell_what_an_installation_lacks(several: Path) -> None:
    assert lacking(several / "15" / "bin", ("pg_trgm", "pgcrypto")) == {"pgcrypto"}


def test_16_is_there_when_it_is_asked_for() -> None:
    """The wheel has both."""
    with open_engine("postgresql", version="16.2") as engine:
        assert engine.version.startswith("16")


def test_a_lent_server_without_the_extension_is_refused(postgresql_url: str) -> None:
    with (
        pytest.raises(EngineError, match="needs postgis"),
        open_engine("postgresql", postgresql_url, extensions=("postgis",)),
    ):
        pass


def test_an_extension_is_created_and_dropped(postgresql_url: str) -> None:
    """Nothing is left, and what the catalogue says of it is compared."""
    with open_engine("postgresql", postgresql_url, extensions=("vector",)) as engine:
        schema, up, back = migration(with_vector(), engine)
        assert outcome(prove(engine, schema, up, back)) == []
        without = changed(up, "CREATE EXTENSION IF NOT EXISTS vector;", "")
        assert "extension vector is missing" in str(outcome(prove(engine, schema, without, back)))
        stays = changed(back, r"(?s)DO \$\$.*END \$\$;", "")
        assert "left: extension vector" in str(outcome(prove(engine, schema, up, stays)))


def test_an_extension_that_was_there_is_there_afterwards(postgresql_url: str) -> None:
    """Whoever lends a database gets it back as it was."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
    with open_engine("postgresql", postgresql_url, extensions=("vector",)) as engine:
        assert outcome(prove(engine, *migration(with_vector(), engine))) == []
    with psycopg.connect(postgresql_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
        assert found.fetchall() == [(1,)]


def test_the_way_back_leaves_what_others_use() -> None:
    """An extension belongs to the whole database: the way back does not fail for that."""
    with throw_away_server() as server, psycopg.connect(server.url(), autocommit=True) as database:
        database.execute("CREATE SCHEMA theirs; CREATE EXTENSION vector")
        database.execute("CREATE TABLE theirs.t (v vector(3))")
        database.execute(down(Schema(around=(VECTOR,)), POSTGRESQL).encode())
        assert database.execute("SELECT count(*) FROM theirs.t").fetchone() == (0,)
