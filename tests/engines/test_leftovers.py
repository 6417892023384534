"""What is left behind is seen and taken away: tables in parts, odd objects, what is set."""

from __future__ import annotations

import psycopg
import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from tests.engines.migrations import changed
from tests.schema.designs import entity, fact

VISITS = Design(
    entities=(
        entity(
            "Visit",
            fact("visit", "page", required="start", length=80),
            fact("visit", "created_at", required="start", default="now"),
            archetype="event", partition="range", partition_by="created_at", keep_for="2 years",
        ),
    ),
)  # fmt: skip
ONLY_PARTS = """DO $$ DECLARE part text; BEGIN
  FOR part IN SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' LOOP
    EXECUTE 'DROP TABLE ' || part;
  END LOOP;
END $$;"""
PARTED = "CREATE TABLE parted (a int) PARTITION BY RANGE (a)"
ODD = (
    PARTED,
    "CREATE TABLE plain (a int)",
    "CREATE PUBLICATION odd FOR TABLE plain",
    'CREATE COLLATION odd FROM "C"',
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
)
LEFT_SET = {
    "postgresql": ("SET row_security = on", "BEGIN"),
    "sqlite": ("PRAGMA recursive_triggers = ON", "PRAGMA foreign_keys = OFF", "BEGIN"),
    "mariadb": ("SET foreign_key_checks = 0", "SET sql_mode = ''"),
    "mysql": ("SET foreign_key_checks = 0",),
}


def test_a_way_back_that_drops_only_the_parts_is_disproved(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        work = work_for(VISITS, "postgresql", engine.version)
        up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
        proof = prove(engine, work.schema, up, changed(down, "DROP TABLE visits;", ONLY_PARTS))
        failed = {check.name: check.detail for check in proof.failed}
        assert "table public.visits" in failed["nothing is left"]
        assert engine.leftovers() == ()


def test_months_that_the_migration_does_not_make_are_missed(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        work = work_for(VISITS, "postgresql", engine.version)
        up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
        proof = prove(engine, work.schema, changed(up, r"SELECT visits_roll\(\);", ""), down)
    assert "visits_roll: has made the months that come next" in {c.name for c in proof.failed}


def test_a_database_with_nothing_but_a_table_in_parts_is_not_empty(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(PARTED)
    with (
        pytest.raises(EngineError, match=r"is not empty \(table public.parted\)"),
        open_engine("postgresql", postgresql_url),
    ):
        pass


def test_what_stands_beside_the_tables_is_cleared_too(postgresql_url: str) -> None:
    """A publication, a collation, and what is granted to everybody from now on."""
    with open_engine("postgresql", postgresql_url) as engine:
        before = engine.catalogue()
        for statement in ODD:
            engine.execute(statement)
        assert len(engine.leftovers()) == len(ODD)
        engine.clear()
        assert engine.leftovers() == ()
        assert engine.catalogue() == before


def test_what_was_there_before_is_nobodys_here(postgresql_url: str) -> None:
    """A publication of the server's own is no obstacle, no fault, and stays."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE PUBLICATION theirs FOR ALL TABLES")
        with open_engine("postgresql", postgresql_url) as engine:
            assert engine.leftovers() == ()
            assert engine.catalogue().facts == ()
        found = connection.execute("SELECT pubname FROM pg_publication").fetchall()
    assert found == [("theirs",)]


def test_tables_that_keep_their_past_are_cleared(mariadb_url: str) -> None:
    with open_engine("mariadb", mariadb_url) as engine:
        engine.execute("CREATE TABLE kept (a INT) WITH SYSTEM VERSIONING")
        engine.execute("CREATE SEQUENCE counted")
        assert {fact.name for fact in engine.catalogue().facts} >= {"kept", "counted"}
        engine.clear()
        assert engine.leftovers() == ()


def test_a_script_must_leave_its_session_as_it_found_it(engine: Engine) -> None:
    for statement in LEFT_SET[engine.name]:
        with pytest.raises(EngineError, match="The script leaves"):
            engine.run(f"{statement};")
        engine.clear()
