"""Rows that are looked up before anybody knows for which tenant: one narrow function each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
import pytest

from schemawalk.design.model import Design, Step
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


def inns(before: str = "one", unique: str = "per-tenant") -> Design:
    """Houses share tables; guests log in by e-mail, may be deleted, and invite by a code."""
    return Design(
        product=Product(name="Hall"),
        stack=Stack(tenancy="shared", database="postgresql", identifiers="bigint"),
        keeping=Keeping(policies="database"),
        steps=(Step(id="log-in", title="Log in", file="journey.md", line=12),),
        entities=(
            entity("House", fact("house", "name", required="start"), archetype="group"),
            entity(
                "Guest",
                fact("guest", "email", kind="email", required="start", unique=unique,
                     sensitivity="personal"),
                fact("guest", "password_hash", kind="secret", required="start"),
                tenant="yes", deletion="soft",
            ),
            entity(
                "Invitation",
                fact("invitation", "code_hash", kind="secret", required="start", unique="alone"),
                fact("invitation", "state", required="start", values=("open", "used"),
                     kept_by="developers"),
                tenant="yes",
            ),
        ),
        relationships=(link("house", "guest", on_delete="cascade"),
                       link("guest", "invitation", on_delete="cascade")),
        access_patterns=(
            pattern("guests by e-mail", "guest", equals=("email",), who="log-in",
                    before_tenant=before),
            pattern("the open invitation", "invitation", equals=("code_hash",), who="look",
                    fixed=("state = 'open'",), before_tenant="one"),
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Hall:
    """A database of an ordinary owner, who may make roles and is no superuser."""

    owner: psycopg.Connection[Any]
    keeper: psycopg.Connection[Any]
    down: str

    def asked(self, statement: str, role: str = "hall_app") -> list[tuple[Any, ...]]:
        """What a role is told that names no tenant."""
        with self.keeper.transaction():
            self.keeper.execute(f"SET LOCAL ROLE {role}".encode())
            return self.keeper.execute(statement.encode()).fetchall()


@pytest.fixture(params=["one", "all"])
def hall(request: pytest.FixtureRequest, postgresql_server: Server) -> Iterator[Hall]:
    """Two houses with a guest of the same e-mail address in both, and one more in each."""
    number = next(_NUMBERS)
    owner, database = f"hallkeeper_{number}", f"hall_{number}"
    url = postgresql_server.url(database)
    with psycopg.connect(postgresql_server.url(), autocommit=True) as server:
        server.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE".encode())
        server.execute(f"CREATE DATABASE {database} OWNER {owner}".encode())
        try:
            with (
                psycopg.connect(url.replace("postgres@", f"{owner}@"), autocommit=True) as own,
                psycopg.connect(url, autocommit=True) as keeper,
            ):
                yield _filled(own, keeper, request.param)
        finally:
            server.execute(f"DROP DATABASE {database} WITH (FORCE)".encode())
            for role in ("hall_app", "hall_finder", owner):
                server.execute(f"DROP ROLE IF EXISTS {role}".encode())


_ROWS = """
INSERT INTO houses (id, name) VALUES ({0}, 'H');
INSERT INTO guests (id, house_id, email, password_hash) VALUES
  ({0}, {0}, 'guest{0}@example.org', 'x'), ({0}0, {0}, 'both@example.org', 'x');
INSERT INTO guests (id, house_id, email, password_hash, deleted_at) VALUES
  ({0}00, {0}, 'gone{0}@example.org', 'x', now());
INSERT INTO invitations (id, house_id, guest_id, code_hash, state) VALUES
  ({0}, {0}, {0}, 'open{0}', 'open'), ({0}0, {0}, {0}, 'used{0}', 'used');
"""


def _filled(owner: psycopg.Connection[Any], keeper: psycopg.Connection[Any], before: str) -> Hall:
    version = str(owner.info.server_version // 10_000)
    schema = fit(derive(inns(before)).schema, "postgresql", version).schema
    owner.execute(sql.up(schema, POSTGRESQL).encode())
    for house in (1, 2):
        with keeper.transaction():
            keeper.execute(f"SET LOCAL ROLE hall_app; SET LOCAL app.tenant_id = '{house}'".encode())
            keeper.execute(_ROWS.format(house).encode())
    return Hall(owner, keeper, sql.down(schema, POSTGRESQL))


def test_who_names_no_house_is_told_where_a_guest_belongs_and_sees_no_row(hall: Hall) -> None:
    assert hall.asked("SELECT * FROM guests_by_email('GUEST2@example.org')") == [(2, 2)]
    assert hall.asked("SELECT * FROM invitations_by_code_hash('open1')") == [(1, 1)]
    assert hall.asked("SELECT * FROM guests") == []


def test_nothing_is_told_of_what_nobody_may_find(hall: Hall) -> None:
    """Neither of who was deleted, nor of what was used, nor of what is not there."""
    assert hall.asked("SELECT * FROM guests_by_email('gone1@example.org')") == []
    assert hall.asked("SELECT * FROM guests_by_email(NULL)") == []
    assert hall.asked("SELECT * FROM invitations_by_code_hash('used1')") == []


def test_an_address_that_two_houses_know_finds_both_or_none(
    hall: Hall, request: pytest.FixtureRequest
) -> None:
    found = hall.asked("SELECT * FROM guests_by_email('both@example.org') ORDER BY 1")
    every = request.node.callspec.params["hall"] == "all"
    assert found == ([(10, 1), (20, 2)] if every else [])


def test_the_owner_of_the_tables_is_let_past_no_policy(hall: Hall) -> None:
    """He made the function and its owner, and is a member of that role no more."""
    assert hall.owner.execute(b"SELECT * FROM guests").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        hall.owner.execute(b"SELECT * FROM guests_by_email('both@example.org')")


def test_what_works_for_the_functions_reads_no_password(hall: Hall) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        hall.asked("SELECT password_hash FROM guests", "hall_finder")


def test_the_ordinary_owner_can_go_all_the_way_back(hall: Hall) -> None:
    hall.owner.execute(hall.down.encode())
    left = (
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'hall\\_%' UNION ALL SELECT proname "
        "FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    assert hall.owner.execute(left.encode()).fetchall() == []


@pytest.mark.parametrize(("before", "unique"), [("one", "alone"), ("all", "per-tenant")])
def test_what_the_functions_do_is_proven(postgresql_url: str, before: str, unique: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        proof = prove(engine, *migration(derive(inns(before, unique)).schema, engine))
    assert outcome(proof) == []


_CATALOGUE = "the catalogue equals the schema"
WEAKER = {
    "a function that sees what its caller sees": (
        r"(?s)(CREATE FUNCTION guests_by_email.*?STABLE) SECURITY DEFINER", r"\1",
        "guests_by_email: finds one row of all tenants'",
    ),
    "a function that tells a password": (
        r"(?s)(guests_by_email\(by_email text\)\s+RETURNS TABLE \()id bigint, house_id bigint"
        r"(.*?)SELECT found.id, found.house_id",
        r"\1id bigint, password_hash text\2SELECT found.id, found.password_hash",
        "guests_by_email: finds one row of all tenants'",
    ),
    "a function that anybody may call": (
        r"(?s)REVOKE EXECUTE ON FUNCTION guests_by_email.*?FROM PUBLIC;", "",
        "guests_by_email: is refused to everybody else",
    ),
    "a function that trusts its caller's path": (
        r"(?s)(CREATE FUNCTION guests_by_email.*?DEFINER) SET search_path FROM CURRENT", r"\1",
        _CATALOGUE,
    ),
    "a function that finds who was deleted": (
        r"(?s)(FROM guests AS found.*?)\(deleted_at IS NULL\)", r"\1true",
        "guests_by_email: overlooks what is not to be found",
    ),
    "a function that finds the first of several": (
        r"(?s)(CREATE FUNCTION guests_by_email.*?)\n    AND NOT EXISTS \(.*?\n    \)", r"\1",
        "guests_by_email: finds nothing where two tenants have the same",
    ),
    "a function that heeds upper and lower case": (
        r"lower\(found.email\) = lower\((.*?)\)\n", r"found.email = \1\n",
        "guests_by_email: finds one row of all tenants'",
    ),
    "functions that stay with their maker": (
        r"  ALTER FUNCTION guests_by_email\(text\) OWNER TO hall_finder;\n", "", _CATALOGUE,
    ),
    "a maker who stays a member": (
        r"  REVOKE hall_finder FROM CURRENT_USER;\n", "", "hall_finder: has no members",
    ),
    "a role that reads whole rows": (
        r"GRANT SELECT \(.*?\) ON guests", "GRANT SELECT ON guests",
        "hall_finder: does nothing that it was not granted",
    ),
    "a role that may write": (
        r"(ON guests\s+)FOR SELECT (TO hall_finder)", r"\1\2", _CATALOGUE,
    ),
    "a role that sees no row": (
        r"(ON guests\s+FOR SELECT TO hall_finder USING) \(true\)", r"\1 (false)",
        "guests_by_email: finds one row of all tenants'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "replacement", "shown"), WEAKER.values(), ids=WEAKER)
def test_what_weakens_it_is_noticed(
    postgresql_url: str, pattern: str, replacement: str, shown: str
) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(derive(inns()).schema, engine)
        proof = prove(engine, schema, changed(up, pattern, replacement), down)
    assert shown in {check.name for check in proof.failed}
