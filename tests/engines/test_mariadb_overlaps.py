"""Stretches that do not overlap on MariaDB: a trigger keeps them apart, at the same moment too."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pymysql
import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.mariadb_server import Server
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Exclusion, Schema, Table
from tests.engines.migrations import changed, migration, outcome
from tests.schemas import UUID, check, column, key


def bookings() -> Schema:
    """A room is booked by one at a time, cancelled bookings apart."""
    table = Table(
        "bookings",
        (
            UUID,
            column("room", "integer"),
            column("begins_at", "timestamptz"),
            column("ends_at", "timestamptz", null=True),
            column("cancelled", "boolean", default=False),
        ),
        key("bookings"),
        checks=(check("ck_bookings_ends_at", "ends_at > begins_at"),),
        exclusions=(
            Exclusion("ex_bookings_room", ("room",), "begins_at", "ends_at",
                      parse("cancelled = false"), "a room is booked by one at a time", "rule"),
        ),
    )  # fmt: skip
    return Schema((table,))


@pytest.fixture
def engine(mariadb_url: str) -> Iterator[Engine]:
    """An empty MariaDB."""
    with open_engine("mariadb", mariadb_url) as opened:
        yield opened


def test_stretches_that_overlap_are_refused(engine: Engine) -> None:
    """When they are inserted and when they are moved; what follows at once is none."""
    proof = prove(engine, *migration(bookings(), engine))
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert "bookings: refuses what overlaps (ex_bookings_room)" in made
    assert "bookings: accepts what begins when another ends (ex_bookings_room)" in made


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"(ON bookings\nFOR EACH ROW\nBEGIN\n)(?=[^/]*NEW\.room)[^/]*?(END //)", r"\1  DO 0;\n\2"),
        (r"AND COALESCE\(NEW.begins_at < other.ends_at, TRUE\)", ""),
        (r"NEW.begins_at < other.ends_at", "NEW.begins_at <= other.ends_at"),
        (r"\n +AND \(other.cancelled = FALSE\)", ""),
    ],
)
def test_a_fault_in_the_trigger_is_noticed(engine: Engine, pattern: str, replacement: str) -> None:
    """One that does nothing, looks at one end only, is too strict, or counts what is cancelled."""
    schema, up, down = migration(bookings(), engine)
    first, second = up.split("CREATE TRIGGER", 1)
    half, rest = second.split("CREATE TRIGGER", 1)
    wrong = f"{first}CREATE TRIGGER{changed(half, pattern, replacement)}CREATE TRIGGER{rest}"
    assert not prove(engine, schema, wrong, down).ok


def test_two_requests_at_the_same_moment_cannot_both_have_the_room(
    engine: Engine, mariadb: Server, mariadb_url: str
) -> None:
    """Neither sees the other's row, and yet one of them is sent away."""
    engine.run(migration(bookings(), engine)[1])
    database = mariadb_url.partition("localhost/")[2].partition("?")[0]
    both, lost = threading.Barrier(2, timeout=30), []

    def book(begins: str, ends: str) -> None:
        socket = str(mariadb.folder / "socket")
        with pymysql.connect(unix_socket=socket, user="root", database=database) as connection:
            cursor = connection.cursor()
            cursor.execute("SET SESSION innodb_lock_wait_timeout = 20")
            cursor.execute("SELECT COUNT(*) FROM bookings")
            both.wait()
            try:
                cursor.execute(
                    "INSERT INTO bookings (room, begins_at, ends_at) VALUES (1, %s, %s)",
                    (begins, ends),
                )
                connection.commit()
            except pymysql.Error as error:
                lost.append(error.args[0])

    for attempt in range(5):
        engine.execute("DELETE FROM bookings")
        threads = [
            threading.Thread(target=book, args=(f"2030-01-0{attempt + 1} 10:00", f"2030-02-{day}"))
            for day in ("01", "02")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert engine.rows("SELECT COUNT(*) FROM bookings") == [(1,)]
    assert set(lost) <= {1213, 1644}
    assert len(lost) == 5
