"""Policies, roles and views act on real databases, and nothing that weakens them goes unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Product, Stack
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.server import Server
from schemawalk.engines.verdict import Proof
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.writers import sql
from tests.engines.migrations import changed, migration, outcome
from tests.schema.designs import entity, fact, link


def clubs(**keeping: object) -> Design:
    """Clubs share tables: members with masked facts, bookings that are summed up, notes below."""
    return Design(
        product=Product(name="Courtside"),
        stack=Stack(tenancy="shared"),
        keeping=Keeping(policies="database", deletion="soft").model_copy(update=keeping),
        entities=(
            entity("Club", fact("club", "name", required="start"), archetype="group"),
            entity(
                "Member",
                fact("member", "email", required="start", kind="email", protection="mask"),
                fact("member", "phone", kind="phone", protection="mask"),
                fact("member", "name", protection="mask"),
                fact("member", "born_on", kind="date", protection="mask"),
                fact("member", "password_hash", kind="secret", sensitivity="secret"),
                tenant="yes",
            ),
            entity(
                "Booking",
                fact("booking", "price_cents", required="start", kind="money", currency="EUR"),
                fact("booking", "starts_at", kind="moment", required="start"),
                tenant="yes", summed="parent-day", summed_by="member_booking",
                summed_day="starts_at", sums=("price_cents",),
            ),
            entity("Note", fact("note", "said", required="start"), deletion="real"),
        ),
        relationships=(
            link("club", "member", on_delete="cascade"),
            link("member", "booking", on_delete="cascade"),
            link("booking", "note", on_delete="cascade"),
        ),
    )  # fmt: skip


def proven(design: Design, url: str, pattern: str = "", replacement: str = "") -> Proof:
    """The proof on PostgreSQL, of the migration with one thing changed if a pattern is given."""
    with open_engine("postgresql", url) as engine:
        schema, up, down = migration(derive(design).schema, engine)
        if pattern:
            up = changed(up, pattern, replacement)
        proof = prove(engine, schema, up, down)
        assert engine.leftovers() == ()
    return proof


def test_what_each_may_see_is_proven(engine: Engine) -> None:
    """Policies, views and roles where there are such; what is left of them elsewhere."""
    proof = prove(engine, *migration(derive(clubs()).schema, engine))
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert made >= {
        "members_live: shows what its condition lets through alone",
        "members_masked: shows sensitive facts in part",
        "bookings_by_member_and_day: counts each row once",
    }
    for_roles = "courtside_reader: does nothing that it was not granted"
    assert (for_roles in made) == (engine.name != "sqlite")
    by_policies = {
        "notes: shows another role the rows of its own tenant alone",
        "notes: binds its owner too",
        "clubs: refuses a row for somebody else",
        "members: refuses to hand a row over to somebody else",
        "bookings: shows another role no row without app.tenant_id",
        "courtside_app: passes no policy",
        "members_masked: shows the rows of one tenant alone",
        "bookings_by_member_and_day: shows the rows of one tenant alone",
    }
    assert made & by_policies == (by_policies if engine.name == "postgresql" else set())


def test_what_is_kept_is_refreshed_while_it_is_read(postgresql_url: str) -> None:
    """Without policies the sums are a materialised view, and its unique index does its work."""
    proof = proven(clubs(policies="application"), postgresql_url)
    assert outcome(proof) == []
    counted = next(c for c in proof.checks if c.name.endswith("counts each row once"))
    assert counted.detail == "refreshed while it can be read"


@pytest.mark.parametrize(
    ("versions", "trail"), [("history", "members_history"), ("log", "audit_log")]
)
def test_what_was_is_as_secret_as_what_is(versions: str, trail: str, postgresql_url: str) -> None:
    """Earlier versions and the log of one tenant are not another's to read."""
    proof = proven(clubs(versions=versions), postgresql_url)
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert f"{trail}: shows another role the rows of its own tenant alone" in made
    assert f"{trail}: lets its owner's triggers write for all" in made


def test_names_that_must_be_quoted_are(engine: Engine) -> None:
    """Reserved words, other scripts and quotes: in policies, views, roles and grants alike."""
    design = Design(
        product=Product(name="O'Größe \"7\""),
        stack=Stack(tenancy="shared", identifiers="bigint"),
        keeping=Keeping(policies="database", deletion="archive"),
        entities=(
            entity("Group", fact("group", "select", required="start"), archetype="group"),
            entity("Ordre é", fact("ordre_é", "User", protection="mask"),
                   fact("ordre_é", "from", kind="moment", required="start"), tenant="yes",
                   summed="day", summed_day="from", deletion="soft"),
        ),
        relationships=(link("group", "ordre_é", on_delete="cascade"),),
    )  # fmt: skip
    assert outcome(prove(engine, *migration(derive(design).schema, engine))) == []


def test_views_with_their_owners_rights_repeat_the_policy(postgresql_url: str) -> None:
    """Before version 15 no view sees with its caller's rights: what is written then holds too."""
    schema = fit(derive(clubs()).schema, "postgresql", "14").schema
    up, down = sql.up(schema, POSTGRESQL), sql.down(schema, POSTGRESQL)
    assert "security_invoker" not in up
    with open_engine("postgresql", postgresql_url) as engine:
        assert outcome(prove(engine, schema, up, down)) == []


@dataclass(frozen=True)
class Weakness:
    """A change to the migration, what the catalogue must say, and what must show it."""

    pattern: str
    replacement: str
    sentence: str
    shown_by: str = ""
    policies: str = "database"


_TENANT = r"cast\(nullif\(current_setting\('app.tenant_id', true\), ''\) AS uuid\)"

_SAID = r"\s*(?:COMMENT ON (?s:.*?)';)?"
"""What is said of it, which cannot stay when it goes."""
_INDEX_SAID = r"((?s:.*?))COMMENT ON INDEX ix_bookings_by_member_and_day (?s:.*?)';"
WEAKNESSES = {
    "no FORCE": Weakness(
        r"ALTER TABLE notes FORCE ROW LEVEL SECURITY;\n", "",
        "notes: row level security for all: forced is no", "notes: binds its owner too",
    ),
    "not enabled": Weakness(
        r"ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;\n", "",
        "bookings: row level security for all: enabled is no",
        "bookings: shows another role the rows of its own tenant alone",
    ),
    "a table without its policy": Weakness(
        rf"CREATE POLICY po_members_tenant [^;]*;{_SAID}", "",
        "members: policy po_members_tenant is missing",
        "members: shows another role the rows of its own tenant alone",
    ),
    "a parent's policy alone": Weakness(
        r"ALTER TABLE notes ENABLE [^;]*;\nALTER TABLE notes FORCE[^;]*;\nCREATE POLICY po_notes"
        rf"[^;]*;{_SAID}", "",
        "notes: policy po_notes_tenant is missing", "down",
    ),
    "USING that lets all through": Weakness(
        rf"(po_members_tenant ON members\n  USING )\(club_id = {_TENANT}\)", r"\1(true)",
        "members: policy po_members_tenant: USING is true",
        "members: shows another role the rows of its own tenant alone",
    ),
    "WITH CHECK that lets all through": Weakness(
        rf"(po_members_tenant ON members\n.*\n  WITH CHECK )\(club_id = {_TENANT}\)", r"\1(true)",
        "members: policy po_members_tenant: WITH CHECK is true",
        "members: refuses a row for somebody else",
    ),
    "a row that can be handed over": Weakness(
        rf"(po_bookings_tenant ON bookings\n.*\n  WITH CHECK )\(club_id = {_TENANT}\)",
        r"\1(true)", "bookings: policy po_bookings_tenant: WITH CHECK is true",
        "bookings: refuses to hand a row over to somebody else",
    ),
    "rows of nobody without the setting": Weakness(
        rf"(po_clubs_tenant ON clubs\n  USING )\(id = {_TENANT}\)",
        r"\1(id = \1)".replace(r"\1)", "coalesce(cast(nullif(current_setting('app.tenant_id', "
        "true), '') AS uuid), id))"),
        "clubs: policy po_clubs_tenant: USING is",
        "clubs: shows another role no row without app.tenant_id",
    ),
    "a policy for reading alone": Weakness(
        r"(CREATE POLICY po_notes_tenant ON notes)(\n  USING [^\n]*)\n  WITH CHECK [^;]*",
        r"\1 FOR SELECT\2", "notes: policy po_notes_tenant: command is SELECT",
        "notes: refuses a row for somebody else",
    ),
    "a grant too many": Weakness(
        r"GRANT SELECT ON clubs, bookings, notes",
        "GRANT SELECT ON clubs, members, bookings, notes",
        "grant courtside_reader on members is there, but the schema has none",
        "courtside_reader: does nothing that it was not granted",
    ),
    "a reader who writes": Weakness(
        r"GRANT SELECT ON clubs, bookings, notes",
        "GRANT SELECT, DELETE ON clubs, bookings, notes",
        "grant courtside_reader on notes: privileges is SELECT, DELETE",
        "courtside_reader: does nothing that it was not granted",
    ),
    "a grant too few": Weakness(
        r"GRANT SELECT, INSERT, UPDATE, DELETE ON", "GRANT SELECT, INSERT, UPDATE ON",
        "grant courtside_app on notes: privileges is SELECT, INSERT, UPDATE, the schema says",
        "courtside_app: may SELECT, INSERT, UPDATE, DELETE 4 tables and views",
    ),
    "a program that empties tables": Weakness(
        r"GRANT SELECT, INSERT, UPDATE, DELETE ON", "GRANT ALL ON",
        "grant courtside_app on notes: privileges is", "courtside_app: changes no table",
    ),
    "a role that passes policies": Weakness(
        r"CREATE ROLE courtside_app NOLOGIN", "CREATE ROLE courtside_app NOLOGIN BYPASSRLS",
        "role courtside_app: rights is BYPASSRLS", "courtside_app: passes no policy",
    ),
    "a role with another's rights": Weakness(
        r"\nCOMMIT;", "\nGRANT pg_read_all_data TO courtside_reader;\nCOMMIT;",
        "role courtside_reader: member of is pg_read_all_data",
        "courtside_reader: does nothing that it was not granted",
    ),
    "a mask that is none": Weakness(
        r"left\(name, 1\) \|\| '…' AS name", "name", "view members_masked: query is",
        "members_masked: shows sensitive facts in part",
    ),
    "a mask that shows more": Weakness(
        r"right\(phone, 2\)", "right(phone, 4)", "view members_masked: query is",
        "members_masked: shows sensitive facts in part",
    ),
    "a secret in a masked view": Weakness(
        r"(AS name,)(\s+NULL AS born_on,)", r"\1 password_hash,\2",
        "view members_masked: columns is",
    ),
    "a masked view of all tenants": Weakness(
        rf"(FROM members)\n  WHERE club_id = {_TENANT}", r"\1", "view members_masked: query is",
        "members_masked: shows the rows of one tenant alone",
    ),
    "a view with its owner's rights": Weakness(
        r"(VIEW bookings_live) WITH \(security_invoker = true\)", r"\1",
        "view bookings_live: options is nothing",
        "bookings_live: shows the rows of one tenant alone",
    ),
    "a live view of all": Weakness(
        r"(FROM members)\n  WHERE deleted_at IS NULL", r"\1", "view members_live: query is",
        "members_live: shows what its condition lets through alone",
    ),
    "a live view of what is gone": Weakness(
        r"(FROM members\n  WHERE deleted_at IS )NULL", r"\1NOT NULL",
        "view members_live: query is", "members_live: shows what its condition lets through alone",
    ),
    "sums that count the hidden": Weakness(
        r"(FROM bookings)\n  WHERE deleted_at IS NULL(\n  GROUP BY)", r"\1\2",
        "materialized view bookings_by_member_and_day: query is",
        "bookings_by_member_and_day: leaves out what its condition does", "application",
    ),
    "sums without their unique index": Weakness(
        rf"CREATE UNIQUE INDEX ix_bookings_by_member_and_day[^;]*;{_INDEX_SAID}", r"\1",
        "index ix_bookings_by_member_and_day is missing",
        "bookings_by_member_and_day: counts each row once", "application",
    ),
    "sums of something else": Weakness(
        r"sum\(price_cents\)", "max(price_cents)", "bookings_by_member_and_day: query is",
        "bookings_by_member_and_day: counts each row once", "application",
    ),
    "sums that nothing keeps": Weakness(
        r"(?s)CREATE MATERIALIZED (VIEW bookings_by_member_and_day)(.*?)COMMENT ON MATERIALIZED "
        rf"VIEW(.*?';).*?CREATE UNIQUE INDEX[^;]*;{_INDEX_SAID}", r"CREATE \1\2COMMENT ON VIEW\3\4",
        "materialized view bookings_by_member_and_day is missing", "down", "application",
    ),
}  # fmt: skip


@pytest.mark.parametrize("weakness", WEAKNESSES.values(), ids=WEAKNESSES)
def test_what_weakens_it_is_noticed(postgresql_url: str, weakness: Weakness) -> None:
    """The catalogue names it, and whoever should not see or write something shows it."""
    design = clubs(policies=weakness.policies, roles="program-and-readers")
    proof = proven(design, postgresql_url, weakness.pattern, weakness.replacement)
    catalogue = next(c for c in proof.checks if c.name == "the catalogue equals the schema")
    assert not proof.ok
    assert weakness.sentence in catalogue.detail
    if weakness.shown_by:
        assert weakness.shown_by in {check.name for check in proof.failed}


ON_MARIADB = {
    "a grant too many": Weakness(
        r"(GRANT SELECT ON notes TO courtside_reader;)",
        r"\1\nGRANT SELECT ON members TO courtside_reader;",
        "grant courtside_reader on members is there", "courtside_reader: does nothing that it was "
        "not granted",
    ),
    "a grant on everything": Weakness(
        r"(GRANT SELECT ON notes TO courtside_reader;)",
        r"\1\nGRANT ALTER ON * TO courtside_reader;",
        "grant courtside_reader on the database is there", "courtside_reader: changes no table",
    ),
    "a grant too few": Weakness(
        r"GRANT SELECT, INSERT, UPDATE, DELETE ON notes", "GRANT SELECT ON notes",
        "grant courtside_app on notes: privileges is SELECT, the schema says",
        "courtside_app: may SELECT, INSERT, UPDATE, DELETE 4 tables and views",
    ),
    "a mask that is none": Weakness(
        r"CONCAT\(LEFT\(name, 1\), '…'\) AS name", "name", "view members_masked: query is",
        "members_masked: shows sensitive facts in part",
    ),
    "a live view of all": Weakness(
        r"(FROM members)\n  WHERE deleted_at IS NULL", r"\1", "view members_live: query is",
        "members_live: shows what its condition lets through alone",
    ),
    "a view with its maker's rights": Weakness(
        r"INVOKER (VIEW bookings_live)", r"DEFINER \1",
        "view bookings_live: rights is DEFINER, the schema says INVOKER",
    ),
}  # fmt: skip


@pytest.mark.parametrize("weakness", ON_MARIADB.values(), ids=ON_MARIADB)
def test_what_weakens_it_is_noticed_on_mariadb(mariadb_url: str, weakness: Weakness) -> None:
    """There are no policies there; roles and views are as strict."""
    with open_engine("mariadb", mariadb_url) as engine:
        schema, up, down = migration(derive(clubs()).schema, engine)
        proof = prove(engine, schema, changed(up, weakness.pattern, weakness.replacement), down)
        assert engine.leftovers() == ()
    catalogue = next(c for c in proof.checks if c.name == "the catalogue equals the schema")
    assert weakness.sentence in catalogue.detail
    assert not weakness.shown_by or weakness.shown_by in {check.name for check in proof.failed}


def test_a_role_that_stays_is_noticed(postgresql_url: str) -> None:
    """Roles are the server's, so they are looked for beyond the database."""
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(derive(clubs()).schema, engine)
        kept = changed(down, r"\n    DROP ROLE courtside_reader;", "\n    NULL;")
        failed = {check.name: check.detail for check in prove(engine, schema, up, kept).failed}
        assert failed["nothing is left"] == "left: role courtside_reader"
        assert engine.leftovers() == ()


def test_a_role_that_another_database_needs_stays(
    postgresql_url: str, postgresql_server: Server
) -> None:
    """The way back takes away what is its own, and does not fail for what is not."""
    with (
        psycopg.connect(postgresql_server.url(), autocommit=True) as other,
        open_engine("postgresql", postgresql_url) as engine,
    ):
        _, up, down = migration(derive(clubs()).schema, engine)
        engine.run(up)
        other.execute("CREATE TABLE elsewhere (id integer)")
        other.execute("GRANT SELECT ON elsewhere TO courtside_app")
        engine.run(down)
        assert engine.leftovers() == ("role courtside_app",)
        other.execute("DROP TABLE elsewhere")
        engine.execute("DROP ROLE courtside_app")


def test_a_role_that_passes_policies_is_not_taken_for_ours(postgresql_url: str) -> None:
    """Somebody may have made one of that name, with more rights than it should have."""
    with open_engine("postgresql", postgresql_url) as engine:
        _, up, _ = migration(derive(clubs()).schema, engine)
        engine.execute("CREATE ROLE courtside_app BYPASSRLS")
        with pytest.raises(EngineError, match="there is a role courtside_app already"):
            engine.run(up)
        engine.execute("DROP ROLE courtside_app")
