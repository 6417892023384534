"""What has its time is really gone after it, on every database, and nothing before."""

from __future__ import annotations

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from schemawalk.writers.work import Work
from tests.engines.migrations import outcome
from tests.schema.designs import entity, fact, link

CALL = {
    "postgresql": "SELECT {}()",
    "sqlite": "INSERT INTO {} (most) VALUES (1000)",
    "mariadb": "CALL {}(1000)",
    "mysql": "CALL {}(1000)",
}
LONG_AGO = {
    "postgresql": "2001-01-01T00:00:00Z",
    "sqlite": "2001-01-01T00:00:00.000Z",
    "mariadb": "2001-01-01 00:00:00",
    "mysql": "2001-01-01 00:00:00",
}


def up(engine: Engine, made: Work) -> None:
    engine.run(engine.stored(sql.up(made.schema, made.dialect)))


def call(engine: Engine, routine: str) -> None:
    engine.rows(CALL[engine.name].format(routine))


def count(engine: Engine, table: str) -> int:
    return int(engine.rows(f"SELECT count(*) FROM {table}")[0][0])


@pytest.fixture
def clinic(engine: Engine) -> Work:
    """People with notes of which earlier versions are kept: each person's go with the person."""
    person = entity("Person", fact("person", "name"), archetype="person", deletion="soft",
                    keep_for="1 year")  # fmt: skip
    note = entity("Note", fact("note", "body"), versions="history")
    keeping = Keeping(cleanup="job", deletion="real")
    design = Design(entities=(person, note), keeping=keeping,
                    relationships=(link("person", "note", on_delete="cascade"),))  # fmt: skip
    design = design.model_copy(
        update={"stack": design.stack.model_copy(update={"identifiers": "bigint"})}
    )
    return work_for(design, engine.name)


def test_versions_go_with_the_person_they_hung_on(engine: Engine, clinic: Work) -> None:
    up(engine, clinic)
    gone = LONG_AGO[engine.name]
    people = f"(1, 'Ada', '{gone}'), (2, 'Ida', NULL)"
    engine.execute(f"INSERT INTO people (id, name, deleted_at) VALUES {people}")
    engine.execute("INSERT INTO notes (id, person_id, body) VALUES (1, 1, 'ill'), (2, 2, 'well')")
    engine.execute("UPDATE notes SET body = 'better'")
    call(engine, "people_purge")
    assert (count(engine, "people"), count(engine, "notes")) == (1, 1)
    engine.execute(f"UPDATE notes_history SET valid_to = '{gone}'")
    call(engine, "notes_history_purge")
    assert engine.rows("SELECT DISTINCT person_id FROM notes_history") == [(2,)]
    engine.execute("DELETE FROM notes")
    call(engine, "notes_history_purge")
    assert count(engine, "notes_history") > 0, "the person is there, and so is what was said"


def test_versions_that_go_along_are_proven(engine: Engine, clinic: Work) -> None:
    scripts = (write(clinic.schema, clinic.dialect) for write in (sql.up, sql.down))
    proof = prove(engine, clinic.schema, *scripts)
    assert outcome(proof) == []
    assert "notes_history_purge: leaves what people still refers to" in {
        check.name for check in proof.checks
    }


def ledger(engine: Engine, moment: str = "start", **entry: object) -> Work:
    """Entries that are only ever added, and kept for two years."""
    booked = fact("entry", "ended_at", kind="moment", required=moment)
    kept = entity("Entry", booked, fact("entry", "amount", kind="whole-number", required="start"),
                  archetype="event", keep_for="2 years", **entry)  # fmt: skip
    only = Rule(id="only", says="Entries are only added.", entity="entry", kept_by="trigger",
                looks_at="written")  # fmt: skip
    keeping = Keeping(cleanup="job", deletion="real")
    return work_for(Design(entities=(kept,), rules=(only,), keeping=keeping), engine.name)


@pytest.mark.parametrize("moment", ["start", "optional"])
def test_what_is_only_added_to_goes_after_its_time(engine: Engine, moment: str) -> None:
    made = ledger(engine, moment)
    proof = prove(engine, made.schema, sql.up(made.schema, made.dialect),
                  sql.down(made.schema, made.dialect))  # fmt: skip
    assert outcome(proof) == []
    names = {check.name for check in proof.checks}
    assert "entries_purge: removes the old and keeps the young" in names
    assert "entries: lets a row go after 2 years" in names
    endless = "entries: refuses to lose a row without ended_at"
    assert (endless in names) is (moment == "optional")


def test_months_of_what_is_only_added_to_go_after_their_time(postgresql_url: str) -> None:
    with open_engine("postgresql", postgresql_url) as engine:
        made = ledger(engine, partition="range", partition_by="ended_at")
        up(engine, made)
        engine.execute("INSERT INTO entries (ended_at, amount) VALUES ('2001-01-01', 1)")
        engine.execute("INSERT INTO entries (ended_at, amount) VALUES (now(), 2)")
        with pytest.raises(EngineError, match="only added to"):
            engine.execute("DELETE FROM entries WHERE amount = 2")
        engine.rows("SELECT entries_roll()")
        assert engine.rows("SELECT amount FROM entries") == [(2,)]


@pytest.mark.parametrize("database", ["sqlite", "mariadb"])
def test_without_months_such_rows_go_one_by_one(
    request: pytest.FixtureRequest, database: str
) -> None:
    url = request.getfixturevalue("mariadb_url") if database == "mariadb" else None
    with open_engine(database, url) as engine:
        made = ledger(engine, partition="range", partition_by="ended_at")
        up(engine, made)
        values = f"('{LONG_AGO[database]}', 1)"
        engine.execute(f"INSERT INTO entries (ended_at, amount) VALUES {values}")
        call(engine, "entries_purge")
        assert count(engine, "entries") == 0
