"""What is kept of the past, on real databases: whose it is, in which words, and for how long."""

from __future__ import annotations

import re

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Stack
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.derive import derive
from tests.engines.migrations import changed, migration, outcome
from tests.lasting import made
from tests.schema.designs import entity, fact, link


def teams() -> Design:
    """Teams with tasks, whose changes are logged, and bills, whose versions are kept a year."""
    done = fact("audit_entry", "event_type", kind="one-of", kept_by="developers", required="start",
                values=("created", "changed", "deleted"))  # fmt: skip
    return Design(
        stack=Stack(database="postgresql", tenancy="shared", identifiers="uuid"),
        entities=(
            entity("Team", fact("team", "name", required="start"), archetype="group"),
            entity("Task", fact("task", "title", required="start"), tenant="yes", versions="log",
                   archetype="dealing", keep_for="1 year"),
            entity("Bill", fact("bill", "amount", kind="whole-number", required="start"),
                   fact("bill", "completed_at"), made("bill"), tenant="yes", versions="history",
                   keep_for="1 year", archetype="dealing", rows=5000),
            entity("Audit entry", done, made("audit_entry"), origin="unsaid.audit",
                   archetype="event", tenant="no", keep_for="6 years", partition="range",
                   partition_by="created_at"),
        ),
        relationships=(
            link("team", "task", on_delete="cascade"),
            link("team", "bill", on_delete="restrict"),
            link("task", "audit_entry", on_delete="restrict", optional="yes"),
        ),
        keeping=Keeping(cleanup="job", policies="database"),
    )  # fmt: skip


def test_the_past_is_proven(engine: Engine) -> None:
    """Each column of an entry, versions that go with their row, and an index for what is due."""
    proof = prove(engine, *migration(derive(teams()).schema, engine))
    assert outcome(proof) == []
    assert {check.name for check in proof.checks} >= {
        "tasks: a new row is logged in audit_entries",
        "tasks: a delete is logged in audit_entries",
        "bills: no version ends before it began",
        "bills: a row that goes after 1 year takes its versions along",
        "bills_history_purge: removes the old and keeps the young",
        "bills_history_purge: leaves what bills still refers to",
    }


LOGGED = "tasks: a new row is logged in audit_entries"
EMPTIED = "audit_entries: refuses to be emptied"
FAULTS = {
    "an entry of nobody's": (
        r"coalesce\(NEW.team_id, OLD.team_id\)", "NULL", LOGGED),
    "an entry that speaks of no task": (
        r"coalesce\(NEW.id, OLD.id\)(?=,?\n)", "NULL", LOGGED),
    "another word": (
        r"WHEN 'INSERT' THEN 'created'", "WHEN 'INSERT' THEN 'changed'", LOGGED),
    "another time": (
        r"(INSERT INTO audit_entries [^;]*)clock_timestamp\(\)", r"\1timestamptz '2000-01-01'",
        LOGGED),
    "versions that stay": (
        r"DELETE FROM bills_history AS other WHERE [^;]*;", "",
        "bills: a row that goes after 1 year takes its versions along"),
    "versions of all": (
        r"(DELETE FROM bills_history AS other WHERE )[^;]*;", r"\1true;",
        "bills: a row that goes after 1 year takes its versions along"),
    "a version that ends early": (
        r"greatest\(began, clock_timestamp\(\)\)", "clock_timestamp()",
        "bills: no version ends before it began"),
    "a purge without an index": (
        r"CREATE INDEX ix_bills_completed_at_where_completed_at[^;]*;\n", "",
        "bills_purge: finds what is due through an index"),
    "a part that may be emptied": (
        r"CREATE TRIGGER audit_entries_seal_truncate\s+BEFORE TRUNCATE ON audit_entries_rest[^;]*;",
        "", EMPTIED),
    "a month that may be emptied": (
        r"EXECUTE pg_catalog.format\(\s+'CREATE TRIGGER [^;]*;", "", EMPTIED),
    "a log that binds its own triggers": (
        r"(ALTER TABLE audit_entries )ENABLE( ROW LEVEL SECURITY;)",
        r"\1ENABLE\2 \1FORCE\2", "audit_entries: lets its owner's triggers write for all"),
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "replacement", "shown_by"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_noticed(
    postgresql_url: str, pattern: str, replacement: str, shown_by: str
) -> None:
    """Whatever is taken out, or says something else, shows."""
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(derive(teams()).schema, engine)
        spoilt = changed(up, pattern, replacement)
        for index in set(re.findall(r"CREATE INDEX (\w+)", up)) - set(
            re.findall(r"CREATE INDEX (\w+)", spoilt)
        ):
            spoilt = re.sub(rf"COMMENT ON INDEX {index}\b[^;]*;", "", spoilt)
        assert shown_by in {check.name for check in prove(engine, schema, spoilt, down).failed}
