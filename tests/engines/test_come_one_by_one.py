"""Many sessions at the same rows on InnoDB: none is sent away that does nothing wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from schemawalk.engines.acts.two_sessions import HasOthers
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.registry import open_engine
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.model import Schema
from tests.engines.migrations import migration
from tests.engines.test_mariadb_overlaps import bookings
from tests.engines.theatre import theatre

SESSIONS = 4
TIMES = 25
BOOKING = (
    "INSERT INTO bookings (hall_id, begins_at, ends_at) VALUES"
    " (1, '2030-01-01' + INTERVAL {0} DAY, '2030-01-01 12:00:00' + INTERVAL {0} DAY)"
)
SEAT = "INSERT INTO seats (hall_id) VALUES (1)"
DEADLOCK = "1213"


@pytest.fixture(params=["mariadb", "mysql"])
def hall(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A theatre with one hall."""
    with open_engine(request.param, request.getfixturevalue(f"{request.param}_url")) as engine:
        engine.run(migration(theatre(), engine)[1])
        engine.execute("INSERT INTO halls (id) VALUES (1)")
        yield engine


def _sent_away(engine: Engine, statement: str) -> list[str]:
    """What becomes of sessions that all write beside each other, none at what another writes."""
    assert isinstance(engine, HasOthers)
    errors: list[str] = []
    start = threading.Barrier(SESSIONS, timeout=30)

    def write(session: Engine, number: int) -> None:
        start.wait()
        for time in range(TIMES):
            # Neighbours in time belong to different sessions: all look at the same places.
            try:
                session.execute(statement.format(time * SESSIONS + number))
            except EngineError as error:
                errors.append(str(error))

    with ExitStack() as opened:
        others = [opened.enter_context(engine.another()) for _ in range(SESSIONS)]
        threads = [threading.Thread(target=write, args=(s, n)) for n, s in enumerate(others)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return errors


def test_who_books_the_same_hall_for_another_time_is_not_sent_away(hall: Engine) -> None:
    """Where nobody holds the hall each locks what the other looks at: a third of them is lost."""
    assert _sent_away(hall, BOOKING) == []
    assert hall.rows("SELECT count(*) FROM bookings") == [(SESSIONS * TIMES,)]


def test_who_adds_to_the_same_parent_is_not_sent_away(hall: Engine) -> None:
    """A foreign key's check shares the hall, and counting wants it alone: that comes first.

    All are refused but two, as the hall is full then.
    """
    errors = _sent_away(hall, SEAT)
    assert len(errors) == SESSIONS * TIMES - 2
    assert [error for error in errors if DEADLOCK in error] == []


@pytest.mark.parametrize("database", ["mariadb", "mysql", "postgresql", "sqlite"])
def test_where_nothing_can_be_held_it_is_said_that_some_must_try_again(database: str) -> None:
    """The room is a mere number there; in the theatre the hall is a row."""
    assert _said(bookings(), database) is (database in ("mariadb", "mysql"))
    assert not _said(theatre(), database)


def _said(schema: Schema, database: str) -> bool:
    rules = {finding.rule for finding in fit(schema, database).findings}
    return f"{database}-lossy-apart-alone" in rules
