"""What only two sessions at once can show: neither overlooks what the other has not committed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from schemawalk.delivery import work_for
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.model import Schema
from schemawalk.statements import delimited
from schemawalk.writers import seeds, sql
from tests.engines.migrations import migration, outcome
from tests.engines.sessions import Pair, Work, pair
from tests.engines.test_keys import NEEDS_CONTRIB
from tests.engines.theatre import theatre
from tests.lasting import museum

HALL = "INSERT INTO halls (id) VALUES (1), (2)"
SEAT = "INSERT INTO seats (hall_id) VALUES (1)"
BOOKING = (
    "INSERT INTO bookings (hall_id, begins_at, ends_at) VALUES ({}, '2030-01-{}', '2030-01-{}')"
)
ORDER = "INSERT INTO orders (id) VALUES (1)"
OLD = "INSERT INTO visits (id, ended_at) VALUES (1, '2001-01-01'), (2, '2001-01-02'), (3, NULL)"
CALL = {"postgresql": "SELECT {}({})", "mariadb": "CALL {}({})"}
DEADLOCK = {"postgresql": "40P01", "mariadb": "1213"}


@pytest.fixture(params=[pytest.param("postgresql", marks=NEEDS_CONTRIB), "mariadb"])
def theatre_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine that more than one session can write to."""
    if request.param == "mariadb":
        with open_engine("mariadb", request.getfixturevalue("mariadb_url")) as engine:
            yield engine
        return
    with open_engine("postgresql", extensions=("btree_gist",)) as engine:
        yield engine


@pytest.fixture
def both(theatre_engine: Engine) -> Iterator[Pair]:
    """Two sessions in a theatre."""
    theatre_engine.run(migration(_theatre(theatre_engine), theatre_engine)[1])
    with pair(theatre_engine) as sessions:
        yield sessions


def _theatre(engine: Engine) -> Schema:
    return theatre("btree_gist") if engine.name == "postgresql" else theatre()


def _refused(work: Work, kind: str) -> None:
    assert work.waited
    assert work.error is not None
    assert work.error.refusal is not None
    assert work.error.refusal.kind == kind


def _trigger(both: Pair) -> str:
    return "check" if both.watch.name == "postgresql" else "trigger"


def test_every_promise_is_proven(theatre_engine: Engine) -> None:
    """The proof says of each what two sessions showed."""
    proof = prove(theatre_engine, *migration(_theatre(theatre_engine), theatre_engine))
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert {
        "seats: two sessions at once are counted one by one (seats_limit)",
        "visits_purge: leaves alone what another session works on, and does not wait",
        "guests_forget: waits for who is writing about the person in letters",
    } <= made


def test_at_most_so_many_at_once_too(both: Pair) -> None:
    """One seat of a hall is left, and both want it."""
    both.watch.run(f"{HALL}; {SEAT}")
    _refused(both.at_once(SEAT, SEAT), _trigger(both))
    assert both.ask("SELECT count(*) FROM seats") == 2


def test_a_parent_does_not_change_under_its_new_row(both: Pair) -> None:
    """A hall is closed while somebody plans a play there: no play comes to a closed hall."""
    both.watch.run(HALL)
    close, play = "UPDATE halls SET open = false", "INSERT INTO plays (hall_id) VALUES (1)"
    _refused(both.at_once(close, play), _trigger(both))
    both.watch.execute("UPDATE halls SET open = true")
    assert both.at_once(play, close).waited
    assert both.ask("SELECT count(*) FROM plays") == 1


def test_what_overlaps_is_refused_and_what_does_not_stays(both: Pair) -> None:
    """Neither sees the other's booking; both of them stay where they are in different halls."""
    both.watch.run(HALL)
    work = both.at_once(BOOKING.format(1, "01", "03"), BOOKING.format(1, "02", "04"))
    _refused(work, "exclusion" if both.watch.name == "postgresql" else "trigger")
    assert both.ask("SELECT count(*) FROM bookings") == 1
    apart = both.at_once(BOOKING.format(1, "05", "06"), BOOKING.format(2, "05", "06"))
    assert apart.error is None
    after = both.at_once(BOOKING.format(1, "10", "11"), BOOKING.format(1, "11", "12"))
    assert after.error is None
    assert both.ask("SELECT count(*) FROM bookings") == 5


def test_two_that_meet_half_way_do_not_stand_still(both: Pair) -> None:
    """Each has a booking that the other's next one overlaps: one goes on, one is sent away."""
    far = [BOOKING.format(hall, "20", "21") for hall in (1, 2)]
    both.watch.run("; ".join((HALL, *far)))
    both.begin()
    both.one.execute(BOOKING.format(1, "01", "03"))
    both.two.execute(BOOKING.format(2, "01", "03"))
    one = Work(both.watch, lambda: both.one.execute(BOOKING.format(2, "02", "04")))
    two = Work(both.watch, lambda: both.two.execute(BOOKING.format(1, "02", "04")))
    for work, engine in ((one, both.one), (two, both.two)):
        if work.error:
            engine.execute("ROLLBACK")
    one.end(), two.end()
    lost = [work.error.sqlstate for work in (one, two) if work.error]
    assert lost == [DEADLOCK[both.watch.name]]


def test_a_state_is_left_once(both: Pair) -> None:
    """Two take the same order from the same state to different ones."""
    both.watch.run(ORDER)
    paid = "UPDATE orders SET state = 'paid' WHERE id = 1"
    _refused(both.at_once(paid, paid.replace("paid", "cancelled")), _trigger(both))
    assert both.ask("SELECT state FROM orders") == "paid"


def test_no_change_is_overwritten_by_who_had_not_seen_it(both: Pair) -> None:
    """Two change what they read at the same version: the later finds no such row."""
    both.watch.run(ORDER)
    change = "UPDATE orders SET note = '{}' WHERE id = 1 AND version = 0"
    work = both.at_once(change.format("one"), change.format("two"))
    assert (work.waited, work.error) == (True, None)
    assert both.watch.rows("SELECT note, version FROM orders") == [("one", 1)]


def test_versions_follow_each_other(both: Pair) -> None:
    """Two change one row: its versions do not overlap, and none is lost."""
    both.watch.run(ORDER)
    change = "UPDATE orders SET note = '{}' WHERE id = 1"
    assert both.at_once(change.format("one"), change.format("two")).waited
    assert both.ask("SELECT count(*) FROM orders_history") == 2
    assert both.ask("SELECT max(valid_from) = min(valid_to) FROM orders_history")


def test_rows_apart_are_changed_at_once(both: Pair) -> None:
    """Neither row has a version yet, and nobody is sent away who writes the first."""
    both.watch.run("INSERT INTO orders (id) VALUES (1), (5)")
    change = "UPDATE orders SET note = 'x' WHERE id = {}"
    assert both.at_once(change.format(1), change.format(5)).error is None
    assert both.ask("SELECT count(*) FROM orders_history") == 2


def test_what_is_sent_twice_arrives_once(both: Pair) -> None:
    """Two sessions with the same key: the later waits, and is told."""
    sent = "INSERT INTO orders (sent_key) VALUES ('a')"
    _refused(both.at_once(sent, sent), "unique")
    assert both.ask("SELECT count(*) FROM orders") == 1


def test_two_purges_share_the_work(both: Pair) -> None:
    """The later passes over what the earlier is at, and over what somebody is bringing back."""
    both.watch.run(OLD)
    purge = CALL[both.watch.name].format("visits_purge", 9)
    back = both.at_once("UPDATE visits SET ended_at = NULL WHERE id = 1", purge)
    assert (back.waited, back.error) == (False, None)
    assert both.watch.rows("SELECT id FROM visits ORDER BY id") == [(1,), (3,)]


def test_a_purge_holds_no_row_that_stays(both: Pair) -> None:
    """While it is not committed, others change rows whose time is not over."""
    both.watch.run(OLD)
    purge = CALL[both.watch.name].format("visits_purge", 1)
    work = both.at_once(purge, "UPDATE visits SET ended_at = now() WHERE id = 3")
    assert (work.waited, work.error) == (False, None)


def test_what_is_just_written_about_a_person_is_forgotten_too(both: Pair) -> None:
    """The letter is not committed yet when its guest asks to be forgotten."""
    both.watch.run("INSERT INTO guests (id, name) VALUES (1, 'Ada')")
    letter = "INSERT INTO letters (guest_id, body) VALUES (1, 'secret')"
    work = both.at_once(letter, CALL[both.watch.name].format("guests_forget", 1))
    assert (work.waited, work.error) == (True, None)
    assert both.watch.rows("SELECT body FROM letters") == [(None,)]


FAULTS = [
    ("postgresql", r"\n    FOR NO KEY UPDATE;", ";", "counted one by one"),
    ("postgresql", r" FOR SHARE;", ";", "holds halls as it is"),
    ("postgresql", r"'repeatable read'", "'x'", "cannot see|so once"),
    ("postgresql", r" SKIP LOCKED", "", "leaves alone"),
    ("postgresql", r"\n    FOR UPDATE SKIP LOCKED", "", "leaves alone"),
    ("postgresql", r" FOR UPDATE;", ";", "waits for who is writing"),
    ("postgresql", r" CONCURRENTLY", "", "lets others read"),
    ("mariadb", r" FOR UPDATE;", ";", "(counted|come) one by one"),
    ("mariadb", r"(?s)(COUNT\(\*\) INTO many FROM seats.*?) LOCK IN SHARE MODE;", r"\1;",
     "counts what others"),
    ("mariadb", r"(OLD\.id) LOCK IN SHARE MODE;", r"\1;", "a version begins where"),
    ("mariadb", r" SKIP LOCKED", "", "leaves alone"),
    ("mariadb", r"STRAIGHT_JOIN", "JOIN", "leaves alone"),
]  # fmt: skip


@pytest.mark.parametrize(("database", "pattern", "replacement", "says"), FAULTS)
def test_a_lock_that_is_missing_is_noticed_by_acting(
    database: str, pattern: str, replacement: str, says: str, request: pytest.FixtureRequest
) -> None:
    """Not by reading the routine: it is taken for what was to be written."""
    url = None if database == "postgresql" else request.getfixturevalue("mariadb_url")
    with open_engine(database, url) as engine:
        schema, up, down = migration(theatre(overlaps=database == "postgresql"), engine)
        wrong, times = re.subn(pattern, replacement, up)
        assert times
        failed = prove(engine, schema, wrong, down).failed
        assert [check.name for check in failed if not re.search(says, check.name)] == []
        assert failed


def test_parts_are_made_by_one_at_a_time(postgresql_url: str) -> None:
    """Two jobs at once: without the lock the later would fail on what the earlier has made."""
    with open_engine("postgresql", postgresql_url) as engine:
        work = work_for(museum(), "postgresql", engine.version)
        up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
        without = up.replace("IN SHARE UPDATE EXCLUSIVE MODE", "IN ACCESS SHARE MODE")
        failed = prove(engine, work.schema, without, down).failed
        assert {check.name for check in failed} == {
            "visits_roll: waits for another that makes the same",
            "uploads_roll: waits for another that makes the same",
        }


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_seeds_are_sown_by_two_at_once(database: str, request: pytest.FixtureRequest) -> None:
    """Two deployments at the same moment: the later finds the rows that it waited for."""
    with open_engine(database, request.getfixturevalue(f"{database}_url")) as engine:
        work = work_for(museum(), database, engine.version)
        engine.run(sql.up(work.schema, work.dialect))
        script = seeds.files(work)[seeds.REFERENCE]
        with pair(engine) as both:
            for statement in delimited(script.replace("COMMIT;", "")):
                both.one.execute(statement)
            later = Work(engine, lambda: both.two.run(script))
            both.one.execute("COMMIT")
            assert later.end().error is None
        assert engine.rows("SELECT count(*) FROM styles") == [(2,)]
