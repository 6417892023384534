"""Jobs under FORCE ROW LEVEL SECURITY, by an owner who is no superuser, on each PostgreSQL here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Product, Stack
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.server import Server
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.writers import sql
from tests.engines.migrations import changed, migration, outcome
from tests.schema.designs import entity, fact, link, pattern

_NUMBERS = count(1)
Connection = psycopg.Connection[Any]
Ask = Callable[[str], list[tuple[Any, ...]]]


def clinics() -> Design:
    """Clinics share tables: patients who may be forgotten, visits that are over, mail to send."""
    return Design(
        product=Product(name="Ward"),
        stack=Stack(tenancy="shared", database="postgresql", identifiers="bigint"),
        keeping=Keeping(policies="database", forget="anonymise", cleanup="job", restore_days=30),
        entities=(
            entity("Clinic", fact("clinic", "name", required="start"), archetype="group"),
            entity(
                "Patient",
                fact("patient", "email", sensitivity="personal"),
                fact("patient", "name", sensitivity="personal"),
                tenant="yes", archetype="person", versions="history",
            ),
            entity(
                "Visit",
                fact("visit", "reason", required="start"), fact("visit", "ended_at", kind="moment"),
                tenant="yes", keep_for="30 days", archetype="process", versions="log",
            ),
            entity("Letter", fact("letter", "body", required="start"), tenant="yes"),
            entity("Scan", fact("scan", "title", required="start"), tenant="yes",
                   partition="list", partition_by="clinic_scan"),
        ),
        relationships=(
            link("clinic", "patient", on_delete="cascade"),
            link("patient", "visit", on_delete="cascade"),
            link("patient", "letter", on_delete="cascade"),
            link("clinic", "scan", on_delete="cascade"),
        ),
        access_patterns=(pattern("mail to send", "letter", sort=("body",), who="worker"),),
    )  # fmt: skip


@dataclass(frozen=True)
class Ward:
    """A database of an ordinary owner, with connections of theirs and of the server's keeper."""

    owner: Connection
    keeper: Connection
    down: str

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the owner is told."""
        return self.owner.execute(statement.encode()).fetchall()

    @contextmanager
    def as_role(self, role: str, tenant: int | None = None) -> Iterator[Ask]:
        """What a role is told that works for some clinic, or for none."""
        with self.keeper.transaction():
            self.keeper.execute(f"SET LOCAL ROLE {role}".encode())
            if tenant is not None:
                self.keeper.execute(f"SET LOCAL app.tenant_id = '{tenant}'".encode())
            yield lambda statement: self.keeper.execute(statement.encode()).fetchall()


@pytest.fixture
def ward(postgresql_server: Server) -> Iterator[Ward]:
    """The schema in a database whose owner may make roles, and is nothing else."""
    number = next(_NUMBERS)
    owner, database = f"keeper_{number}", f"ward_{number}"
    url = postgresql_server.url(database)
    with psycopg.connect(postgresql_server.url(), autocommit=True) as server:
        server.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE".encode())
        server.execute(f"CREATE DATABASE {database} OWNER {owner}".encode())
        try:
            with (
                psycopg.connect(url.replace("postgres@", f"{owner}@"), autocommit=True) as own,
                psycopg.connect(url, autocommit=True) as keeper,
            ):
                yield _filled(own, keeper)
        finally:
            server.execute(f"DROP DATABASE {database} WITH (FORCE)".encode())
            for role in ("ward_app", "ward_jobs", owner):
                server.execute(f"DROP ROLE IF EXISTS {role}".encode())


def _migration(connection: Connection) -> tuple[str, str]:
    version = str(connection.info.server_version // 10_000)
    schema = fit(derive(clinics()).schema, "postgresql", version).schema
    return sql.up(schema, POSTGRESQL), sql.down(schema, POSTGRESQL)


def _filled(owner: Connection, keeper: Connection) -> Ward:
    """Two clinics with a patient, a visit that is long over, one that is not, and a letter each."""
    up, down = _migration(owner)
    owner.execute(up.encode())
    for clinic in (1, 2):
        with keeper.transaction():
            keeper.execute(
                f"SET LOCAL ROLE ward_app; SET LOCAL app.tenant_id = '{clinic}'".encode()
            )
            keeper.execute(_ROWS.format(clinic).encode())
    return Ward(owner, keeper, down)


_ROWS = """
INSERT INTO clinics (id, name) OVERRIDING SYSTEM VALUE VALUES ({0}, 'C');
INSERT INTO patients (id, clinic_id, email, name) OVERRIDING SYSTEM VALUE
  VALUES ({0}, {0}, 'p{0}@example.org', 'P');
INSERT INTO visits (clinic_id, patient_id, reason, ended_at)
  VALUES ({0}, {0}, 'old', now() - interval '40 days'), ({0}, {0}, 'new', now());
INSERT INTO letters (clinic_id, patient_id, body) VALUES ({0}, {0}, 'dear {0}');
INSERT INTO scans (clinic_id, title) VALUES ({0}, 'x');
"""


def test_the_job_removes_what_is_due_of_all_clinics_and_each_has_it_in_its_log(ward: Ward) -> None:
    with ward.as_role("ward_jobs") as ask:
        assert ask("SELECT visits_purge()") == [(2,)]
    with ward.as_role("ward_app", 1) as ask:
        assert ask("SELECT reason FROM visits") == [("new",)]
        assert ask("SELECT count(*) FROM audit_log WHERE action = 'DELETE'") == [(1,)]


def test_the_job_forgets_a_person_of_any_clinic(ward: Ward) -> None:
    with ward.as_role("ward_jobs") as ask:
        assert ask("SELECT patients_forget(2)") == [(1,)]
    with ward.as_role("ward_app", 2) as ask:
        told = ask("SELECT email FROM patients UNION ALL SELECT email FROM patients_history")
        assert told == [(None,), (None,)]


@pytest.mark.parametrize("call", ["visits_purge()", "patients_forget(1)", "scans_roll()"])
@pytest.mark.parametrize("tenant", [None, 1])
def test_the_program_is_refused(ward: Ward, call: str, tenant: int | None) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with refused, ward.as_role("ward_app", tenant) as ask:
        ask(f"SELECT {call}")


@pytest.mark.parametrize("call", ["visits_purge()", "patients_forget(1)"])
def test_the_owner_is_told_and_nothing_happens(ward: Ward, call: str) -> None:
    """Without the sentence the call would have given 0, as if nothing were due."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="SET ROLE ward_jobs"):
        ward.rows(f"SELECT {call}")


def test_the_worker_finds_what_waits_in_all_clinics_and_reads_nothing_else(ward: Ward) -> None:
    with ward.as_role("ward_jobs") as ask:
        assert len(ask("SELECT id FROM letters FOR UPDATE SKIP LOCKED")) == 2
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with refused, ward.as_role("ward_jobs") as ask:
        ask("SELECT * FROM clinics")


def test_each_clinic_gets_its_part_although_the_owner_sees_no_clinic(ward: Ward) -> None:
    assert ward.rows("SELECT * FROM clinics") == []
    with ward.as_role("ward_jobs") as ask:
        assert ask("SELECT scans_roll()") == [(2,)]
    assert ward.rows("SELECT * FROM clinics") == []
    with ward.as_role("ward_app", 1) as ask:
        assert ask("SELECT title FROM scans") == [("x",)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_log (row_id, table_name, action) VALUES ('1', 'visits', 'DELETE')",
        "UPDATE audit_log SET action = 'INSERT'",
        "DELETE FROM audit_log",
        "INSERT INTO patients_history SELECT * FROM patients_history",
        "UPDATE patients_history SET name = ''",
    ],
)
def test_the_program_forges_no_trail(ward: Ward, statement: str) -> None:
    """Triggers write it, with their owner's rights."""
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with refused, ward.as_role("ward_app", 1) as ask:
        ask(statement)


def test_no_function_takes_its_callers_word_for_what_a_name_means(ward: Ward) -> None:
    """A temporary table of the same name comes after the real one."""
    held = ward.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND NOT "
        "coalesce(proconfig[1] LIKE 'search_path=%pg_temp', false)"
    )
    assert held == []
    with ward.as_role("ward_jobs") as ask:
        ward.keeper.execute(b"CREATE TEMPORARY TABLE visits (LIKE visits) ON COMMIT DROP")
        assert ask("SELECT visits_purge()") == [(2,)]


def test_the_way_back_leaves_no_role_that_it_made(ward: Ward) -> None:
    ward.owner.execute(ward.down.encode())
    assert ward.rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'ward\\_%'") == []


def test_the_way_back_takes_nothing_of_a_role_that_was_there_before(ward: Ward) -> None:
    """Somebody's role of that name keeps itself, and the table that is its own."""
    up, down = _migration(ward.owner)
    ward.owner.execute(down.encode())
    ward.keeper.execute(b"CREATE ROLE ward_app NOLOGIN; GRANT CREATE ON SCHEMA public TO ward_app")
    ward.keeper.execute(b"SET ROLE ward_app; CREATE TABLE precious (id int); RESET ROLE")
    ward.owner.execute(up.encode())
    ward.owner.execute(down.encode())
    left = ward.rows("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert left == [("precious", "ward_app")]
    ward.keeper.execute(b"DROP OWNED BY ward_app")


WEAKER = {
    "a routine that tells its owner nothing": (
        r"(?s)  IF row_security_active\('visits'\).*?END IF;\n", "",
        "visits_purge: is refused to the tables' owner, who would see no row",
    ),
    "a routine that anybody may call": (
        r"  FROM PUBLIC;\nGRANT EXECUTE", "  FROM ward_jobs;\nGRANT EXECUTE",
        "ward_app: does nothing that it was not granted",
    ),
    "a job that no policy lets through": (
        r"(ON visits\n  TO ward_jobs USING) \(true\)", r"\1 (false)",
        "visits: shows ward_jobs the rows of all",
    ),
    "a job that is let through to the clinics": (
        r"\nCOMMIT;", "\nGRANT SELECT ON clinics TO ward_jobs;\nCOMMIT;",
        "ward_jobs: does nothing that it was not granted",
    ),
    "a log that the program may write": (
        r"\nCOMMIT;", "\nGRANT INSERT ON audit_log TO ward_app;\nCOMMIT;",
        "ward_app: does nothing that it was not granted",
    ),
}  # fmt: skip


def test_what_jobs_may_do_is_proven(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        proof = prove(engine, *migration(derive(clinics()).schema, engine))
    assert outcome(proof) == []


@pytest.mark.parametrize(("pattern", "replacement", "shown"), WEAKER.values(), ids=WEAKER)
def test_what_weakens_it_is_noticed(
    postgresql_url: str, pattern: str, replacement: str, shown: str
) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(derive(clinics()).schema, engine)
        proof = prove(engine, schema, changed(up, pattern, replacement), down)
    assert shown in {check.name for check in proof.failed}
