"""A migration that runs in a schema of its own works there, and whoever calls what it made."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Product
from schemawalk.writers import sql
from tests.schema.designs import entity, fact

PATHS = {"alone": "app", "first": "app, public", "of whoever connects": '"$user", app'}


def boats() -> Design:
    """Boats with earlier versions, and a role for the program."""
    boat = entity("Boat", fact("boat", "name", required="start"), versions="history")
    return Design(
        entities=(boat,), keeping=Keeping(roles="program"), product=Product(name="Harbour")
    )


@pytest.fixture(params=PATHS.values(), ids=PATHS)
def harbour(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[psycopg.Connection]:
    """A database whose tables lie in `app`, made while a temporary table had a table's name."""
    work = work_for(boats(), "postgresql", "16")
    with psycopg.connect(postgresql_url, autocommit=True) as session:
        session.execute("CREATE SCHEMA app")
        session.execute(f"SET search_path = {request.param}")
        session.execute("CREATE TEMPORARY TABLE boats_history (id uuid)")
        session.execute(sql.up(work.schema, work.dialect))
        yield session
        session.execute("DROP TABLE pg_temp.boats_history")
        session.execute(f"SET search_path = {request.param}")
        session.execute(sql.down(work.schema, work.dialect))
        session.execute("DROP SCHEMA app")


def test_what_a_trigger_writes_lies_in_that_schema(harbour: psycopg.Connection) -> None:
    """Neither a temporary table nor another path leads its function astray."""
    harbour.execute("INSERT INTO app.boats (name) VALUES ('Ida')")
    harbour.execute("SET search_path = pg_catalog")
    harbour.execute("UPDATE app.boats SET name = 'Ada'")
    assert harbour.execute("SELECT name FROM app.boats_history").fetchall() == [("Ida",)]


def test_the_programs_role_reaches_it(harbour: psycopg.Connection) -> None:
    harbour.execute("SET ROLE harbour_app")
    try:
        harbour.execute("INSERT INTO app.boats (name) VALUES ('Ida')")
        assert harbour.execute("SELECT count(*) FROM app.boats").fetchone() == (1,)
    finally:
        harbour.execute("RESET ROLE")


def test_the_sessions_own_path_is_as_it_was(harbour: psycopg.Connection) -> None:
    (path,) = harbour.execute("SHOW search_path").fetchone() or ("",)
    assert path in PATHS.values()
