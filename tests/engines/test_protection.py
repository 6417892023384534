"""What the database hashes and encrypts itself: never open in a row, and no fault unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.review import review
from schemawalk.schema.things import Extension, Protected
from tests.engines.migrations import changed, migration, outcome
from tests.schema.designs import entity, fact


def patients(by: str = "database") -> Design:
    """People with a password, of which a hash is kept, and a diagnosis, of which a cipher is."""
    hidden = {"protected_by": by, "required": "start"}
    return Design(
        entities=(
            entity(
                "Patient",
                fact("patient", "password", kind="short-text", sensitivity="secret",
                     protection="hash", **hidden),
                fact("patient", "diagnosis", kind="long-text", sensitivity="personal",
                     protection="encrypt", **hidden),
                fact("patient", "ward", kind="short-text", required="start"),
                fact("patient", "updated_at", required="start", default="now"),
            ),
        ),
        keeping=Keeping(stamps="trigger", versions="log"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A PostgreSQL with pgcrypto; skipped where there is none."""
    try:
        with open_engine("postgresql", extensions=("pgcrypto",)) as opened:
            yield opened
    except EngineError as error:
        pytest.skip(str(error))


def test_hashes_and_ciphers_are_proven(engine: Engine) -> None:
    """With the extension that they need, up and down and row by row."""
    schema = derive(patients()).schema
    assert [extension.name for extension in schema.things(Extension)] == ["pgcrypto"]
    proof = prove(engine, *migration(schema, engine, engine.version))
    assert outcome(proof) == []
    assert {check.name for check in proof.checks} >= {
        "patients: keeps a hash of password",
        "patients: keeps a hash of password when it changes",
        "patients: keeps a cipher of diagnosis",
        "patients: refuses diagnosis without app.encryption_key",
    }


FAULTS = {
    "a password that stays open": (
        r"NEW.password := crypt\(NEW.password, gen_salt\('bf', 10\)\);", "NULL;",
        "patients: keeps a hash of password",
    ),
    "the same hash for all": (
        r"crypt\(NEW.password, gen_salt\('bf', 10\)\)", "md5(NEW.password)",
        "patients: keeps a hash of password",
    ),
    "a hash of a hash": (
        r"NEW.password !~ '[^']*'", "true", "patients: leaves a hash in password as it is",
    ),
    "a change that stays open": (
        r"TG_OP = 'INSERT' OR NEW.diagnosis IS DISTINCT FROM OLD.diagnosis", "TG_OP = 'INSERT'",
        "patients: keeps a cipher of diagnosis when it changes",
    ),
    "a key for everybody": (
        r"pgp_sym_encrypt_bytea\(NEW.diagnosis, current_setting\('app.encryption_key'\)\)",
        "pgp_sym_encrypt_bytea(NEW.diagnosis, 'secret')",
        "patients: keeps a cipher of diagnosis",
    ),
    "a missing key that is no matter": (
        r"coalesce\(current_setting\('app.encryption_key', true\), ''\) = ''", "false",
        "patients: refuses diagnosis without app.encryption_key",
    ),
    "a trigger too late": (
        r"BEFORE INSERT OR UPDATE ON patients", "AFTER INSERT OR UPDATE ON patients",
        "patients: keeps a cipher of diagnosis",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "replacement", "shown_by"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_noticed(engine: Engine, pattern: str, replacement: str, shown_by: str) -> None:
    """Whatever leaves a value open, or makes it unreadable, shows."""
    schema, up, down = migration(derive(patients()).schema, engine, engine.version)
    proof = prove(engine, schema, changed(up, pattern, replacement), down)
    assert shown_by in {check.name for check in proof.failed}


def guests() -> Design:
    """People who may be forgotten, with a password that the database hashes."""
    password = fact("guest", "password", kind="secret", sensitivity="secret", required="start",
                    protection="hash", protected_by="database")  # fmt: skip
    guest = entity("Guest", password, archetype="person", forget="anonymise")
    return Design(entities=(guest,))


def test_nobody_gets_in_as_somebody_forgotten(engine: Engine) -> None:
    """A word in the password's place would be hashed like any other, and open the account."""
    schema, up, down = migration(derive(guests()).schema, engine, engine.version)
    shown_by = "guests_forget: leaves secrets that nobody knows"
    proof = prove(engine, schema, up, down)
    assert outcome(proof) == []
    assert shown_by in {check.name for check in proof.checks}
    known = changed(up, r"password = left[^\n]*", "password = 'forgotten'")
    assert shown_by in {check.name for check in prove(engine, schema, known, down).failed}


@pytest.mark.parametrize("database", ["sqlite", "mariadb", "mysql"])
def test_a_database_without_the_functions_says_so(database: str) -> None:
    """It would keep what it is given: that is a finding, and no trigger."""
    fitted = fit(derive(patients()).schema, database)
    assert fitted.schema.things(Protected) == ()
    assert [f for f in fitted.findings if f.rule == f"{database}-refused-protect-trigger"]


def test_what_the_program_protects_needs_no_trigger() -> None:
    """And is said to be its duty."""
    design = patients(by="program")
    assert derive(design).schema.things(Protected) == ()
    said = [finding.message for finding in review(design).findings]
    assert any("by the program" in message for message in said)


def test_a_hash_needs_a_text() -> None:
    """A number cannot hold it: a finding, and the column stays as it is."""
    pin = fact("card", "pin", kind="whole-number", protection="hash", protected_by="database")
    derived = derive(Design(entities=(entity("Card", pin),)))
    assert kind_of(pin).type.name == "integer"
    assert [problem.rule for problem in derived.problems] == ["protection-not-possible"]
    assert derived.schema.things(Protected) == ()
