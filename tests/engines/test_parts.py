"""Partitions, routines and seeds act on real databases, and no fault in them goes unnoticed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.engines.verdict import Proof
from schemawalk.schema.things import History
from schemawalk.writers import seeds, sql
from schemawalk.writers.around import WRITES
from schemawalk.writers.work import Work
from tests.engines.migrations import changed, outcome
from tests.lasting import museum
from tests.schema.designs import entity, fact


@lru_cache(maxsize=16)
def work(database: str, identifiers: str = "uuid") -> Work:
    return work_for(museum(identifiers=identifiers, made_up_rows=12), database)


def proven(engine: Engine, made: Work, up: str = "", **scripts: str) -> Proof:
    """The proof of the work, or of another script in the place of its own."""
    up = up or sql.up(made.schema, made.dialect)
    files = dict(seeds.files(made)) | scripts
    return prove(engine, made.schema, up, sql.down(made.schema, made.dialect), seeds=files)


@pytest.mark.parametrize("identifiers", ["uuid", "bigint"])
def test_what_has_its_time_is_proven(engine: Engine, identifiers: str) -> None:
    proof = proven(engine, work(engine.name, identifiers))
    assert outcome(proof) == []
    assert {check.name for check in proof.checks} >= {
        "tickets_purge: removes the old and keeps the young",
        "notes_purge: leaves what uploads still refers to",
        "members_forget: leaves nothing of the person",
        "members_forget: leaves nothing of the person in notes",
        "seeds/reference.sql: passes every constraint",
        "seeds/reference.sql: changes nothing when it is run again",
        "seeds/development.sql: passes every constraint",
        "nothing is left after the seeds",
    }
    assert engine.leftovers() == ()


def test_partitions_take_their_rows(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        made = {check.name for check in proven(engine, work("postgresql")).checks if check.ok}
    assert made >= {
        'tickets: keeps "it\'s done" in tickets_it_s_done',
        "visits_roll: makes a part for a month to come",
        "visits_roll: drops the months that are over",
        "uploads_roll: makes a part for each of venues",
    }


@dataclass(frozen=True)
class Fault:
    """A change to the SQL, and a check that must say no."""

    pattern: str
    replacement: str
    noticed_by: str


PARTS = {
    "a part that is missing": Fault(
        r"CREATE TABLE tickets_open PARTITION OF tickets FOR VALUES IN \('open'\);\n",
        "", "tickets: keeps 'open' in tickets_open"),
    "another value": Fault(
        r"FOR VALUES IN \('open'\)", "FOR VALUES IN ('shut')", "the catalogue equals the schema"),
    "a remainder less": Fault(
        r"CREATE TABLE readings_15 [^;]*;", "", "the catalogue equals the schema"),
    "no part for the rest": Fault(
        r"CREATE TABLE visits_rest PARTITION OF visits DEFAULT;", "", "up"),
    "no parts at all": Fault(
        r" PARTITION BY LIST \(venue_id\);[^;]*CREATE TABLE uploads_rest [^;]*;", ";",
        "the catalogue equals the schema"),
    "a month that ends early": Fault(
        r"(until := pg_catalog\.to_char\(month \+ interval )'1 month'", r"\1'4 days'",
        "visits_roll: makes a part for a month to come"),
    "months that share a part": Fault(
        r"(until := pg_catalog\.to_char\(month \+ interval )'1 month'", r"\1'2 months'", "up"),
    "months that nobody makes": Fault(
        r"month <= today \+ pg_catalog\.make_interval\(months => ahead\)", "month < today - 40",
        "visits_roll: makes a part for a month to come"),
    "rows that do not move": Fault(
        r"(DELETE FROM visits_rest WHERE created_at) >= %2\$L", r"\1 > %2$L",
        "visits_roll: makes a part for a month to come"),
    "months that stay for ever": Fault(
        r"EXECUTE pg_catalog\.format\('DROP TABLE %I', part\);", "NULL;",
        "visits_roll: drops the months that are over"),
    "months that go too soon": Fault(
        r"\+ interval '1 month' <= today - interval '2 years'", "<= today - interval '2 years'",
        "visits_roll: drops the months that are over"),
    "parents without a part": Fault(
        r"SELECT venues\.id FROM venues ORDER BY 1", "SELECT venues.id FROM venues LIMIT 1",
        "uploads_roll: makes a part for each of venues"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PARTS.values(), ids=PARTS.keys())
def test_no_fault_of_partitions_goes_unnoticed(postgresql_url: str, fault: Fault) -> None:
    made = work("postgresql")
    up = changed(sql.up(made.schema, made.dialect), fault.pattern, fault.replacement)
    with open_engine("postgresql", postgresql_url) as engine:
        failed = {check.name for check in proven(engine, made, up).failed}
    assert fault.noticed_by in failed


_TICKETS = r"(FROM tickets AS old\s+WHERE old\.closed_at"
ROUTINES = {
    "the condition turned round": Fault(
        rf"{_TICKETS}) <( [^;]*?ORDER BY)", r"\1 >\2",
        "tickets_purge: removes the old and keeps the young"),
    "a shorter time": Fault(
        rf"{_TICKETS} < [^;]*?)90( ?[dD][^;]*?ORDER BY)", r"\g<1>87\2",
        "tickets_purge: removes the old and keeps the young"),
    "a longer time": Fault(
        rf"{_TICKETS} < [^;]*?)90( ?[dD][^;]*?ORDER BY)", r"\g<1>93\2",
        "tickets_purge: removes the old and keeps the young"),
    "a batch without an end": Fault(
        r"(ORDER BY old\.closed_at)\s+LIMIT [^\n]*", r"\1",
        "tickets_purge: removes the old and keeps the young"),
    "what is needed is not spared": Fault(
        r"\s+AND NOT EXISTS \([^)]*\)(\s+ORDER BY old\.deleted_at)", r"\1",
        "notes_purge: leaves what uploads still refers to"),
    "a name that is not forgotten": Fault(
        r"full_name = NULL,\s+", "", "members_forget: leaves nothing of the person"),
    "an address that is not forgotten": Fault(
        r"    email = [^\n]*@example\.org'\)?,\n", "",
        "members_forget: leaves nothing of the person"),
    "everybody is forgotten": Fault(
        r"(password_hash = [^\n]*)\s+WHERE [^;]*;", r"\1;",
        "members_forget: leaves nothing of the person"),
    "a password that everybody knows": Fault(
        r"password_hash = [^\n]*", "password_hash = 'forgotten'",
        "members_forget: leaves secrets that nobody knows"),
    "notes that are not forgotten": Fault(
        r"((PERFORM|CALL) notes_forget\(person\)|INSERT INTO notes_forget [^\n]*NEW\.person\));",
        "", "members_forget: leaves nothing of the person in notes"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ROUTINES.values(), ids=ROUTINES.keys())
def test_no_fault_of_routines_goes_unnoticed(engine: Engine, fault: Fault) -> None:
    made = work(engine.name)
    up = changed(sql.up(made.schema, made.dialect), fault.pattern, fault.replacement)
    assert fault.noticed_by in {check.name for check in proven(engine, made, up).failed}


def test_a_routine_that_is_missing_is_noticed(engine: Engine) -> None:
    made = work(engine.name)
    quiet = [t for t in made.schema.around if t.name != "tickets_purge"]
    fewer = type(made.schema)(made.schema.tables, made.schema.enums, tuple(quiet))
    failed = proven(engine, made, sql.up(fewer, made.dialect)).failed
    (said,) = (check for check in failed if check.name == "the catalogue equals the schema")
    assert "tickets_purge" in said.detail


def test_seeds_that_break_a_rule_are_noticed(engine: Engine) -> None:
    made = work(engine.name)
    text = seeds.files(made)[seeds.DEVELOPMENT].replace("'ada.sample.1@example.org'", "NULL", 1)
    failed = {check.name for check in proven(engine, made, **{seeds.DEVELOPMENT: text}).failed}
    assert "seeds/development.sql: passes every constraint" in failed


def test_seeds_that_double_their_rows_are_noticed(engine: Engine) -> None:
    made = work(engine.name, "bigint")
    text = seeds.files(made)[seeds.REFERENCE]
    text = changed(text, r"(?s)\s+WHERE NOT EXISTS \([^;]*meaning = 'It''s a facet'\)", "")
    failed = {check.name for check in proven(engine, made, **{seeds.REFERENCE: text}).failed}
    assert "seeds/reference.sql: changes nothing when it is run again" in failed


def test_earlier_versions_are_forgotten(engine: Engine) -> None:
    """What the last change left behind, too: the versions are emptied after it."""
    guest = entity("Guest", fact("guest", "who", sensitivity="personal", required="start"),
                   archetype="person", versions="history")  # fmt: skip
    design = Design(entities=(guest,), keeping=Keeping(forget="anonymise"))
    made = work_for(design, engine.name)
    if History not in WRITES[engine.name]:
        pytest.skip("no triggers are written for this database yet")
    proof = proven(engine, made)
    assert outcome(proof) == []
    assert "guests_forget: leaves nothing of the person in guests_history" in {
        check.name for check in proof.checks
    }
