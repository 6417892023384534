"""Policies tried as the roles that the schema names: each does what it may, and no more."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.derive import derive
from tests.engines.migrations import changed, migration, outcome
from tests.engines.test_access import clubs, proven
from tests.engines.test_jobs import clinics
from tests.schema.designs import entity, fact, link, pattern

APP = "DELETE, INSERT, SELECT, UPDATE"


def test_each_role_that_has_a_right_to_a_table_uses_it(postgresql_url: str) -> None:
    proof = proven(clubs(roles="program-and-readers", versions="log"), postgresql_url)
    assert outcome(proof) == []
    assert {check.name for check in proof.checks} >= {
        f"members: lets courtside_app {APP} its own tenant's rows alone",
        f"notes: lets courtside_app {APP} its own tenant's rows alone",
        "notes: lets courtside_reader SELECT its own tenant's rows alone",
        "audit_log: lets courtside_app SELECT its own tenant's rows alone",
    }


def test_who_has_no_right_to_a_table_is_not_tried_on_its_rows(postgresql_url: str) -> None:
    """Readers read members in a view that masks them, and have no right to the table."""
    made = {c.name for c in proven(clubs(roles="program-and-readers"), postgresql_url).checks}
    assert not [name for name in made if name.startswith("members: lets courtside_reader")]
    assert "courtside_reader: does nothing that it was not granted" in made


UNNOTICED_BY_ANY_OTHER = {
    "readers see all once they name a tenant": (
        clubs(roles="program-and-readers"),
        r"\nCOMMIT;",
        "\nCREATE POLICY more ON notes FOR SELECT TO courtside_reader\n"
        "  USING (nullif(current_setting('app.tenant_id', true), '') IS NOT NULL);\nCOMMIT;",
        "notes: lets courtside_reader SELECT its own tenant's rows alone",
    ),
    "the program may hand its rows over": (
        clubs(),
        r"\nCOMMIT;",
        "\nCREATE POLICY more ON clubs FOR UPDATE TO courtside_app\n"
        "  USING (false) WITH CHECK (true);\nCOMMIT;",
        f"clubs: lets courtside_app {APP} its own tenant's rows alone",
    ),
    "the program cannot write, as it may not write the log": (
        clubs(versions="log"),
        r"(?s)(CREATE FUNCTION members_audit.*?) SECURITY DEFINER", r"\1",
        f"members: lets courtside_app {APP} its own tenant's rows alone",
    ),
    "jobs see all and change nothing": (
        clinics(),
        r"(ON visits\n  TO ward_jobs USING) \(true\)", r"\1 (false)",
        "visits: shows ward_jobs the rows of all",
    ),
}  # fmt: skip


@pytest.mark.parametrize("weak", UNNOTICED_BY_ANY_OTHER)
def test_what_a_named_role_alone_can_tell_is_noticed(postgresql_url: str, weak: str) -> None:
    design, before, after, shown = UNNOTICED_BY_ANY_OTHER[weak]
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(derive(design).schema, engine)
        proof = prove(engine, schema, changed(up, before, after), down)
    assert shown in {check.name for check in proof.failed}


def test_hostile_names_are_looked_up_too(postgresql_url: str) -> None:
    """Reserved words, quotes and other scripts, in a table of its tenants' own key."""
    base = clubs()
    design = Design(
        product=base.product.model_copy(update={"name": "O'Größe \"7\" %s"}),
        stack=base.stack.model_copy(update={"identifiers": "bigint"}),
        keeping=base.keeping,
        entities=(
            entity("Group", fact("group", "select", required="start", unique="alone"),
                   archetype="group"),
            entity("Ordre é", fact("ordre_é", "User", required="start", unique="per-tenant"),
                   fact("ordre_é", "where", required="start", collation="any-case"),
                   tenant="yes"),
        ),
        relationships=(link("group", "ordre_é", on_delete="cascade"),),
        access_patterns=(
            pattern("by select; DROP", "group", equals=("select",), before_tenant="one"),
            pattern("it's $$ '", "ordre_é", equals=("User", "where"), before_tenant="all"),
        ),
    )  # fmt: skip
    proof = proven(design, postgresql_url)
    assert outcome(proof) == []
    assert [c.name for c in proof.checks if c.name.endswith("finds one row of all tenants'")]
