"""Each PostgreSQL that something is written for: what is written for it is proven on it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from schemawalk.delivery import work_for
from schemawalk.design.file import load
from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.engines.postgresql import open_postgresql
from schemawalk.engines.proof import prove
from schemawalk.engines.server import BINARIES, Server, major, throw_away_server
from schemawalk.proving import prove as proven
from schemawalk.writers import seeds, sql
from schemawalk.writers.work import Work
from tests.conftest import SERVERS
from tests.engines.migrations import outcome
from tests.lasting import museum
from tests.schema.any_design import design
from tests.schema.keyed import club
from tests.schema.test_access import offices
from tests.test_proving import design as notes

VERSIONS = (14, 15, 16, 17, 18)
EXTENSIONS = ("btree_gist", "pg_trgm", "pgcrypto")
EXAMPLE = Path(__file__).parents[2] / "examples" / "compliance-saas" / "schemawalk.toml"
EVERYTHING = {
    "example": lambda: load(EXAMPLE),
    "club": club,
    "museum": museum,
    "offices": offices,
    "random": lambda: design(131, 6),
}
"""Designs that have one of everything together; the random one has keys of two columns, of which
one is emptied and none may change."""
OPEN = "SELECT has_schema_privilege('public', 'public', 'CREATE')"
"""Whether everybody may make things in the schema `public`."""
LEFT = """
SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT rolname FROM pg_roles ORDER BY 1
"""
_NUMBERS = count(1)


def on(version: str, made: Design) -> Work:
    """What is written of a design for that version."""
    stack = made.stack.model_copy(update={"database": "postgresql", "version": version})
    return work_for(made.model_copy(update={"stack": stack}))


def with_roles(made: Design) -> Design:
    """The design, with roles for the program and for readers."""
    keeping = made.keeping.model_copy(update={"roles": "program-and-readers"})
    return made.model_copy(update={"keeping": keeping})


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Each version, as the stack names it."""
    return str(request.param)


@pytest.fixture(scope="module")
def server(version: str) -> Iterator[Server]:
    """A server of that version, with contrib."""
    folders = [folder for folder in SERVERS if major(folder) == int(version)]
    if not folders:
        pytest.skip(f"no PostgreSQL {version}: run npm install in tests/servers")
    with throw_away_server(folders[0]) as running:
        yield running


@pytest.fixture
def hers(server: Server) -> Iterator[psycopg.Connection]:
    """A session of somebody who may make roles and owns an empty database, and is no superuser."""
    name = f"hers_{next(_NUMBERS)}"
    with psycopg.connect(server.url(), autocommit=True) as session:
        session.execute(f"CREATE ROLE {name} LOGIN CREATEROLE".encode())
        session.execute(f"CREATE DATABASE {name} OWNER {name}".encode())
    with psycopg.connect(server.url(name), autocommit=True) as session:
        for extension in EXTENSIONS:
            session.execute(f"CREATE EXTENSION {extension}".encode())
        # As it is from 15 on.
        session.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        session.execute(f"GRANT CREATE ON SCHEMA public TO {name}".encode())
    with psycopg.connect(server.url(name), user=name, autocommit=True) as session:
        yield session


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_written_for_a_version_is_proven_on_it(
    server: Server, version: str, name: str
) -> None:
    """One of everything, with the SQL for that very version, rows and seeds."""
    work = on(version, EVERYTHING[name]())
    up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
    with open_postgresql(server.url(), EXTENSIONS) as engine:
        assert engine.version.startswith(version)
        assert outcome(prove(engine, work.schema, up, down, seeds=seeds.files(work))) == []


@pytest.mark.parametrize("made", [museum, offices])
def test_who_is_no_superuser_takes_it_there_and_back(
    hers: psycopg.Connection, version: str, made: Callable[[], Design]
) -> None:
    """Roles are made, rights given and taken, as 16 and newer let one who may make roles."""
    work = on(version, with_roles(made()))
    before = hers.execute(LEFT).fetchall()
    for _ in range(2):
        hers.execute(sql.up(work.schema, work.dialect).encode())
        hers.execute(sql.down(work.schema, work.dialect).encode())
    assert hers.execute(LEFT).fetchall() == before


def test_nobody_puts_a_function_in_the_way(server: Server, version: str) -> None:
    """Up to 14 everybody could, in the schema public, until the migration takes that from them."""
    work = on(version, museum())
    with psycopg.connect(server.url(), autocommit=True) as session:
        session.execute("CREATE DATABASE fresh")
    with psycopg.connect(server.url("fresh"), autocommit=True) as session:
        before = session.execute(OPEN).fetchall()
        session.execute(sql.up(work.schema, work.dialect).encode())
        assert (before, session.execute(OPEN).fetchall()) == ([(version == "14",)], [(False,)])


@pytest.mark.skipif(len(SERVERS) < len(VERSIONS), reason="run npm install in tests/servers")
@pytest.mark.parametrize(
    ("asked", "there", "told"),
    [
        ("17", SERVERS, r"17\.\d+"),
        ("17.2", SERVERS, r"17\.\d+"),
        ("14", SERVERS[-1:], r"18\.\d+, not 14 as the stack says"),
        ("18", SERVERS[:1], r"14\.\d+, not 18 as the stack says, with the SQL for this version"),
    ],
)
def test_a_proof_says_when_the_version_is_another_one(
    monkeypatch: pytest.MonkeyPatch, asked: str, there: list[Path], told: str
) -> None:
    """It is made on the stack's own where that is there; what was sent is said as well."""
    monkeypatch.setenv(BINARIES, os.pathsep.join(map(str, there)))
    stack = Stack(database="postgresql", version=asked)
    (proof,) = proven(notes().model_copy(update={"stack": stack}), ["postgresql"]).proofs
    assert re.fullmatch(told, proof.version)
    assert proof.ok
