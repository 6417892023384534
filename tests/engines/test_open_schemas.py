"""Where everybody may make things in a schema, nobody can lead a function of its owner astray."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Product
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from schemawalk.writers.work import Work
from tests.engines.migrations import changed, outcome
from tests.schema.designs import entity, fact

OPEN = "GRANT CREATE ON SCHEMA public TO PUBLIC"
"""What every database of PostgreSQL 14 and before begins with."""
FITS_BETTER = """
CREATE FUNCTION public.to_jsonb(boats) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN PERFORM set_config('ran.as', current_user, false); RETURN '{}'; END $$
"""


@pytest.fixture
def harbour() -> Work:
    """Boats whose changes are logged, and a role for the program."""
    boat = entity("Boat", fact("boat", "name", required="start"), versions="log")
    keeping = Keeping(roles="program")
    design = Design(entities=(boat,), keeping=keeping, product=Product(name="Harbour"))
    return work_for(design, "postgresql", "15")


@contextmanager
def mallory(session: psycopg.Connection) -> Iterator[None]:
    """Acting as somebody who may do what the program may."""
    session.execute("CREATE ROLE mallory IN ROLE harbour_app")
    session.execute("SET ROLE mallory")
    try:
        yield
    finally:
        session.execute("RESET ROLE")
        session.execute("DROP OWNED BY mallory CASCADE; DROP ROLE mallory")


@pytest.fixture
def session(postgresql_url: str, harbour: Work) -> Iterator[psycopg.Connection]:
    """A database in whose schema everybody may make things; no role is left of what is made."""
    with psycopg.connect(postgresql_url, autocommit=True) as opened:
        opened.execute(OPEN)
        yield opened
        if opened.execute("SELECT to_regclass('boats')").fetchone() != (None,):
            opened.execute(sql.down(harbour.schema, harbour.dialect))


def test_nobody_elses_code_runs_as_the_owner(session: psycopg.Connection, harbour: Work) -> None:
    session.execute(sql.up(harbour.schema, harbour.dialect))
    with mallory(session):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(FITS_BETTER)
        session.execute("INSERT INTO boats (name) VALUES ('Ida')")
        assert session.execute("SELECT current_setting('ran.as', true)").fetchone() == (None,)


@pytest.mark.parametrize("by_its_schema", [True, False])
def test_a_right_given_later_opens_no_log(
    session: psycopg.Connection, harbour: Work, by_its_schema: bool
) -> None:
    """The log calls what fits any type by its schema: by its name alone it would call another's."""
    up = sql.up(harbour.schema, harbour.dialect)
    session.execute(up if by_its_schema else up.replace("pg_catalog.to_jsonb", "to_jsonb"))
    session.execute(OPEN)
    with mallory(session):
        session.execute(FITS_BETTER)
        session.execute("INSERT INTO boats (name) VALUES ('Ida')")
        ran_as = None if by_its_schema else "postgres"
        assert session.execute("SELECT current_setting('ran.as', true)").fetchone() == (ran_as,)


def test_who_cannot_close_a_schema_is_told(session: psycopg.Connection, harbour: Work) -> None:
    session.execute("CREATE ROLE a_guest")
    session.execute("SET ROLE a_guest")
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as told:
        session.execute(sql.up(harbour.schema, harbour.dialect))
    session.execute("ROLLBACK; RESET ROLE; DROP ROLE a_guest")
    assert "everybody can create in public" in str(told.value)
    assert "REVOKE CREATE ON SCHEMA public FROM PUBLIC" in str(told.value)


FAULTS = {
    "nothing is closed": (
        r"REVOKE CREATE ON SCHEMA %I FROM PUBLIC', space", "SELECT 1'",
        "up: keeps others from making functions"),
    "a name that may be somebody else's": (
        r"pg_catalog\.to_jsonb\(NEW\)", "to_jsonb(NEW)",
        "boats: a new row is logged by no function of somebody else"),
    "an aggregate that may be": (
        r"pg_catalog\.(jsonb_object_agg\(key, value\)\s+FROM jsonb_each\(became\))", r"\1",
        "boats: a new row is logged by no function of somebody else"),
    "it goes on all the same": (
        r"      IF pg_catalog\.has_schema_privilege[^;]*?RAISE[^;]*?;\s*END IF;", "",
        "up: goes no further where it cannot"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_an_open_schema_does_not_go_unnoticed(
    postgresql_url: str, harbour: Work, fault: tuple[str, str, str]
) -> None:
    up, down = (write(harbour.schema, harbour.dialect) for write in (sql.up, sql.down))
    pattern, replacement, noticed_by = fault
    with open_engine("postgresql", postgresql_url) as engine:
        assert outcome(prove(engine, harbour.schema, up, down)) == []
        failed = prove(engine, harbour.schema, changed(up, pattern, replacement), down).failed
    assert noticed_by in {check.name for check in failed}


def test_a_path_that_nobody_sets_does_not_go_unnoticed(postgresql_url: str, harbour: Work) -> None:
    up, down = (write(harbour.schema, harbour.dialect) for write in (sql.up, sql.down))
    without = re.sub(r"DO \$\$\nDECLARE\n  space text;.*?END \$\$;", "", up, flags=re.DOTALL)
    assert without != up
    with open_engine("postgresql", postgresql_url) as engine:
        failed = {check.name for check in prove(engine, harbour.schema, without, down).failed}
    assert "up: keeps others from making functions" in failed
