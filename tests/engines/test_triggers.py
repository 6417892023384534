"""Triggers on real databases: what they keep, refuse and write down; no fault goes unnoticed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.derive import derive
from tests.engines.migrations import changed, migration, outcome
from tests.schema.rentals import rentals


def test_every_trigger_is_proven(engine: Engine) -> None:
    """Stamps, states, rules, the log and earlier versions, up and down and row by row."""
    proof = prove(engine, *migration(derive(rentals()).schema, engine))
    assert outcome(proof) == []
    assert {check.name for check in proof.checks} >= {
        "members: updated_at becomes the present moment at each change",
        "rentals: version goes up by one at each change",
        "rentals: status changes as it may",
        "rentals: status changes in no other way",
        "rentals: status begins with held alone",
        "rentals: refuses what breaks rentals_rule",
        "rentals: refuses a change that breaks rentals_rule",
        "rentals: takes 2 of one members, and no more",
        "rentals: refuses a row whose boats breaks rentals_boat_id_rule",
        "rentals: reference stays once it is set",
        "log_lines: refuses every change",
        "log_lines: refuses to lose a row",
        "audit_entries: refuses to lose a row",
        "audit_entries: lets a row go after 6 years",
        "rentals: a new row is logged in audit_entries",
        "member_boats: a delete is logged in audit_entries",
        "boats: a change keeps the row as it was",
    }


@dataclass(frozen=True)
class Fault:
    """A change to the migration, and a check that must show it."""

    pattern: str
    replacement: str
    shown_by: str


CATALOGUE = "the catalogue equals the schema"
STAMPED = "rentals: version goes up by one at each change"
MOVES = "rentals: status changes as it may"
GUARDED = "rentals: status changes in no other way"
BEGINS = "rentals: status begins with held alone"
FULL = "rentals: takes 2 of one members, and no more"
SPARED = "rentals: takes more than 2 of one members where some do not count"
FORBIDDEN = "rentals: refuses a row whose boats breaks rentals_boat_id_rule"
INSERTED = "members: a new row is logged in audit_entries"
UPDATED = "members: a change is logged in audit_entries"
DELETED = "members: a delete is logged in audit_entries"
AUDIT = r"(CREATE FUNCTION members_audit\(\)(?s:.)*?)"
"""The beginning of what writes a member's entries, up to what follows."""
KEPT = "boats: a change keeps the row as it was"

POSTGRESQL = {
    "a lost stamp": Fault(r"CREATE TRIGGER rentals_stamp[^;]*;", "", CATALOGUE),
    "a stamp too late": Fault(r"BEFORE (UPDATE ON rentals)", r"AFTER \1", STAMPED),
    "a version that stays": Fault(
        r"(CREATE FUNCTION touch_updated_at_and_version(?s:.)*?)coalesce\(OLD.version, 0\) \+ 1",
        r"\1OLD.version", STAMPED,
    ),
    "a moment that stays": Fault(
        r"(CREATE FUNCTION touch_updated_at_and_version\(\)(?s:.)*?)  NEW.updated_at :=[^;]*;\n",
        r"\1",
        "members: updated_at becomes the present moment at each change",
    ),
    "a lost way": Fault(r"\('held', 'paid'\), (\('held', 'failed'\))", r"\1", MOVES),
    "one way too many": Fault(r"(\('held', 'paid'\)), ", r"\1, ('failed', 'paid'), ", GUARDED),
    "another start": Fault(r"NOT IN \('held'\)", "NOT IN ('held', 'paid')", BEGINS),
    "a lost guard": Fault(r"CREATE TRIGGER rentals_status_guard[^;]*;", "", GUARDED),
    "a higher limit": Fault(r"> 2\n", "> 3\n", FULL),
    "a lower limit": Fault(r"> 2\n", "> 1\n", FULL),
    "a limit that counts all": Fault(r" AND \(other.status = 'held'\)", "", SPARED),
    "a limit for new rows only": Fault(
        r"INSERT OR UPDATE OF member_id, status ON", "INSERT ON",
        "rentals: refuses one more than 2 of one members by a change",
    ),
    "a parent that may be anything": Fault(r"parent.afloat = true", "true", FORBIDDEN),
    "a parent that is looked at once": Fault(
        r"INSERT OR UPDATE OF boat_id ON", "INSERT ON",
        "rentals: refuses to move to a row of boats that breaks rentals_boat_id_rule",
    ),
    "a weaker rule": Fault(
        r"OR NEW.seats IS NOT NULL\) IS FALSE", "OR true) IS FALSE",
        "rentals: refuses what breaks rentals_rule",
    ),
    "what is set may be lost": Fault(
        r"NEW.reference IS DISTINCT FROM OLD.reference", "NEW.reference <> 'x' AND false",
        "rentals: reference stays once it is set",
    ),
    "a log that may be changed": Fault(
        r"AFTER UPDATE OR DELETE ON audit_entries", "AFTER DELETE ON audit_entries",
        "audit_entries: refuses every change",
    ),
    "a log that may be deleted": Fault(
        r"AFTER UPDATE OR DELETE ON audit_entries", "AFTER UPDATE ON audit_entries",
        "audit_entries: refuses to lose a row",
    ),
    "a log that may be emptied": Fault(
        r"CREATE TRIGGER audit_entries_seal_truncate[^;]*;", "",
        "audit_entries: refuses to be emptied",
    ),
    "a log kept too short": Fault(
        r"'6 years'", "'5 years'", "audit_entries: refuses to lose a row"
    ),
    "a log kept too long": Fault(
        r"'6 years'", "'7 years'", "audit_entries: lets a row go after 6 years"
    ),
    "a lost log": Fault(r"CREATE TRIGGER members_audit[^;]*;", "", INSERTED),
    "a log without deletes": Fault(
        r"OR DELETE ON members\b", "ON members", DELETED
    ),
    "a secret that is told": Fault(
        AUDIT + r"key IN \('email', 'password_hash'\)",
        r"\1key IN ('email')", UPDATED,
    ),
    "new for old": Fault(
        AUDIT + r"jsonb_each\(was\)", r"\1jsonb_each(became)", UPDATED
    ),
    "an entry that changes nothing": Fault(
        AUDIT + r"IF was = became", r"\1IF false", UPDATED
    ),
    "everything for what changed": Fault(
        AUDIT + r"became IS NULL OR value IS DISTINCT FROM became -> key",
        r"\1true", UPDATED,
    ),
    "a forgotten column": Fault(
        AUDIT + r"ARRAY\['updated_at'", r"\1ARRAY['preferences', 'updated_at'", UPDATED
    ),
    "nobody did it": Fault(
        AUDIT + r"nullif\(current_setting\('app.user_id', true\), ''\)",
        r"\1NULL", "members: audit_entries says who did it",
    ),
    "a log that needs a right": Fault(
        r"(members_audit\(\) RETURNS trigger\n  LANGUAGE plpgsql )SECURITY DEFINER ", r"\1",
        CATALOGUE,
    ),
    "a function that looks anywhere": Fault(
        r"(members_audit\(\) RETURNS trigger\n.*DEFINER) SET search_path FROM CURRENT", r"\1",
        CATALOGUE,
    ),
    "lost versions": Fault(r"AFTER UPDATE OR DELETE ON boats", "AFTER DELETE ON boats", KEPT),
    "a version of what is": Fault(r"OLD.id, OLD.name,", "OLD.id, NEW.name,", KEPT),
    "a version without a start": Fault(
        r"SELECT max\(other.valid_to\)", "SELECT min(other.valid_to)", KEPT
    ),
    "a first version without a start": Fault(
        r"OLD.created_at\);\n", "NULL);\n", "boats: a delete keeps the row as it was"
    ),
}  # fmt: skip

SQLITE = {
    "a lost stamp": Fault(r"CREATE TRIGGER rentals_stamp(?s:.)*?END;", "", STAMPED),
    "a stamp on all rows": Fault(
        r"(CREATE TRIGGER rentals_stamp(?s:.)*?version \+ 1) WHERE id = NEW.id", r"\1",
        "rentals: updated_at becomes the present moment at each change",
    ),
    "a stamp on one column": Fault(
        r"AFTER UPDATE OF id, boat_id(, [^;]*BEGIN\n  UPDATE rentals)", r"AFTER UPDATE OF id\1",
        CATALOGUE,
    ),
    "a lost way": Fault(r"\('held', 'paid'\), (\('held', 'failed'\))", r"\1", MOVES),
    "one way too many": Fault(r"(\('held', 'paid'\)), ", r"\1, ('failed', 'paid'), ", GUARDED),
    "another start": Fault(r"NOT IN \('held'\)", "NOT IN ('held', 'paid')", BEGINS),
    "a guard too early": Fault(r"AFTER UPDATE OF status ON", "BEFORE UPDATE OF status ON",
                               CATALOGUE),
    "a higher limit": Fault(
        r"(CREATE TRIGGER rentals_limit_insert(?s:.)*?)> 2", r"\1> 3", FULL
    ),
    "a limit that counts all": Fault(
        r"(CREATE TRIGGER rentals_limit_insert(?s:.)*?) AND \(other.status = 'held'\)", r"\1",
        SPARED,
    ),
    "a parent that may be anything": Fault(
        r"(CREATE TRIGGER rentals_boat_id_rule_insert(?s:.)*?)parent.afloat = 1", r"\g<1>1",
        FORBIDDEN,
    ),
    "a weaker rule": Fault(
        r"(CREATE TRIGGER rentals_rule_update(?s:.)*?)OR NEW.seats IS NOT NULL", r"\1OR 1",
        "rentals: refuses a change that breaks rentals_rule",
    ),
    "what is set may be lost": Fault(
        r"NEW.reference IS NOT OLD.reference", "0", "rentals: reference stays once it is set"
    ),
    "a log that may be changed": Fault(
        r"CREATE TRIGGER audit_entries_seal_update(?s:.)*?END;", "",
        "audit_entries: refuses every change",
    ),
    "a log kept too short": Fault(
        r"'-6 years'", "'-5 years'", "audit_entries: refuses to lose a row"
    ),
    "a log without deletes": Fault(
        r"CREATE TRIGGER members_audit_delete(?s:.)*?END;", "", DELETED
    ),
    "a secret that is told": Fault(
        r"(CREATE TRIGGER members_audit_insert(?s:.)*?)name IN \('email', 'password_hash'\)",
        r"\1name IN ('email')", INSERTED,
    ),
    "new for old": Fault(
        r"(CREATE TRIGGER members_audit_update(?s:.)*?)'password_hash', OLD.password_hash, NEW",
        r"\1'password_hash', NEW.password_hash, NEW", UPDATED,
    ),
    "a forgotten column": Fault(
        r"(CREATE TRIGGER members_audit_insert(?s:.)*?) UNION ALL\n    SELECT 'preferences'[^\n]*",
        r"\1", INSERTED,
    ),
    "everything for what changed": Fault(
        r"(CREATE TRIGGER members_audit_update(?s:.)*?)WHERE was IS NOT became", r"\1WHERE 1",
        UPDATED,
    ),
    "a version of what is": Fault(
        r"(CREATE TRIGGER boats_versions_update(?s:.)*?)OLD.id, OLD.name,",
        r"\1OLD.id, NEW.name,", KEPT,
    ),
    "a version without a start": Fault(
        r"(CREATE TRIGGER boats_versions_update(?s:.)*?)max\(other", r"\1min(other", KEPT
    ),
}  # fmt: skip

MARIADB = {
    "a stamp too late": Fault(
        r"BEFORE UPDATE ON rentals\nFOR EACH ROW\nBEGIN\n  SET[^/]*//", "AFTER UPDATE ON rentals\n"
        "FOR EACH ROW\nBEGIN END //", CATALOGUE,
    ),
    "a version that stays": Fault(
        r"(CREATE TRIGGER rentals_stamp(?s:.)*?)OLD.version \+ 1", r"\1OLD.version", STAMPED
    ),
    "a lost way": Fault(r"\('held', 'paid'\), (\('held', 'failed'\))", r"\1", MOVES),
    "one way too many": Fault(r"(\('held', 'paid'\)), ", r"\1, ('failed', 'paid'), ", GUARDED),
    "another start": Fault(r"NOT IN \('held'\)", "NOT IN ('held', 'paid')", BEGINS),
    "a higher limit": Fault(
        r"(CREATE TRIGGER rentals_limit_insert(?s:.)*?)> 2", r"\1> 3", FULL
    ),
    "a parent that may be anything": Fault(
        r"(CREATE TRIGGER rentals_boat_id_rule_insert(?s:.)*?)parent.afloat = TRUE", r"\1TRUE",
        FORBIDDEN,
    ),
    "what is set may be lost": Fault(
        r"NOT \(NEW.reference <=> OLD.reference\)", "FALSE",
        "rentals: reference stays once it is set",
    ),
    "a log kept too short": Fault(
        r"INTERVAL 6 YEAR", "INTERVAL 5 YEAR", "audit_entries: refuses to lose a row"
    ),
    "a secret that is told": Fault(
        r"(CREATE TRIGGER members_audit_insert(?s:.)*?)IF\(NEW.password_hash IS NULL, NULL, "
        r"'hidden'\)", r"\1NEW.password_hash", INSERTED,
    ),
    "new for old": Fault(
        r"(CREATE TRIGGER rentals_audit_update(?s:.)*?)'paid_at', OLD.paid_at",
        r"\1'paid_at', NEW.paid_at", "rentals: a change is logged in audit_entries",
    ),
    "a forgotten column": Fault(
        r"(CREATE TRIGGER members_audit_insert(?s:.)*?),\n *'preferences', [^\n]*", r"\1",
        INSERTED,
    ),
    "nobody did it": Fault(
        r"(CREATE TRIGGER members_audit_insert(?s:.)*?)NULLIF\(@app_user_id, ''\)", r"\1NULL",
        "members: audit_entries says who did it",
    ),
    "a version of what is": Fault(
        r"(CREATE TRIGGER boats_versions_update(?s:.)*?)OLD.id, OLD.name,",
        r"\1OLD.id, NEW.name,", KEPT,
    ),
    "a version without a start": Fault(
        r"(CREATE TRIGGER boats_versions_update(?s:.)*?)MAX\(", r"\1MIN(", KEPT
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", POSTGRESQL.values(), ids=POSTGRESQL)
def test_a_fault_is_noticed_on_postgresql(postgresql_url: str, fault: Fault) -> None:
    """Whatever is taken out of a trigger or changed in it shows."""
    with open_engine("postgresql", postgresql_url) as engine:
        _shows(engine, fault)


@pytest.mark.parametrize("fault", SQLITE.values(), ids=SQLITE)
def test_a_fault_is_noticed_on_sqlite(fault: Fault) -> None:
    """Whatever is taken out of a trigger or changed in it shows."""
    with open_engine("sqlite") as engine:
        _shows(engine, fault)


@pytest.mark.parametrize("fault", MARIADB.values(), ids=MARIADB)
def test_a_fault_is_noticed_on_mariadb(mariadb_url: str, fault: Fault) -> None:
    """Whatever is taken out of a trigger or changed in it shows."""
    with open_engine("mariadb", mariadb_url) as engine:
        _shows(engine, fault)


def _shows(engine: Engine, fault: Fault) -> None:
    schema, up, down = migration(derive(rentals()).schema, engine)
    spoilt = changed(up, fault.pattern, fault.replacement)
    for name in _triggers(up) - _triggers(spoilt):
        spoilt = re.sub(rf"COMMENT ON TRIGGER {name}\b(?s:.)*?';\n", "", spoilt)
    proof = prove(engine, schema, spoilt, _without_lost(up, spoilt, down))
    assert fault.shown_by in {check.name for check in proof.failed}
    assert engine.leftovers() == ()


def _without_lost(up: str, spoilt: str, down: str) -> str:
    """The way back, without the triggers that are made no more."""
    for name in _triggers(up) - _triggers(spoilt):
        down = changed(down, rf"DROP TRIGGER {name}\b[^;]*;", "")
    return down


def _triggers(script: str) -> set[str]:
    return set(re.findall(r"CREATE TRIGGER (\w+)", script))
