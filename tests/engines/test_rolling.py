"""Parts come and go while others work, and whoever stands in the way is not run over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.model import Schema
from schemawalk.writers import sql
from tests.engines.migrations import changed, outcome
from tests.engines.sessions import Pair, Work, pair
from tests.schema.designs import entity, fact, link

WAITED_LONG_ENOUGH = "55P03"
ALWAYS = r"\) INTO early;"


def _doors() -> Schema:
    """Houses, and what happens at their doors, kept for two months in parts of a month each."""
    house = entity("House", fact("house", "name", required="start"))
    passing = entity(
        "Passing", fact("passing", "at", kind="moment", required="start"), archetype="event",
        partition="range", partition_by="at", keep_for="2 months",
    )  # fmt: skip
    design = Design(entities=(house, passing), relationships=(link("house", "passing"),))
    return work_for(design, "postgresql").schema


@pytest.fixture
def doors(postgresql_url: str) -> Iterator[Pair]:
    """Two sessions beside houses and their doors."""
    with open_engine("postgresql", postgresql_url) as engine:
        engine.run(sql.up(_doors(), work_for(Design(), "postgresql").dialect))
        with pair(engine) as sessions:
            yield sessions


def _rolled(both: Pair) -> Work:
    """A session makes a month that is not there yet, while another is in a transaction."""
    made = "SELECT passings_roll(date '2077-03-01', 0)"
    return Work(both.watch, lambda: both.two.rows(made)).end()


def test_a_roll_does_not_wait_for_readers_of_what_it_refers_to(doors: Pair) -> None:
    doors.one.execute("BEGIN")
    doors.one.rows("SELECT * FROM houses")
    work = _rolled(doors)
    assert work.error is None
    assert not work.waited


def test_a_roll_gives_up_soon_and_says_so(doors: Pair) -> None:
    """Whoever reads all doors keeps the part for the rest: all others would queue behind it."""
    doors.one.execute("BEGIN")
    doors.one.rows("SELECT * FROM passings")
    work = _rolled(doors)
    assert work.error is not None
    assert work.error.sqlstate == WAITED_LONG_ENOUGH
    assert "lock timeout" in str(work.error)


def test_rows_that_came_early_move_all_the_same(doors: Pair) -> None:
    doors.watch.rows("INSERT INTO houses (name) VALUES ('A') RETURNING 1")
    doors.watch.execute("INSERT INTO passings (house_id, at) SELECT id, '2077-03-05' FROM houses")
    assert _rolled(doors).error is None
    assert doors.ask("SELECT tableoid::regclass::text FROM passings") == "passings_2077_03"


STOPPING = {
    "one that always attaches the rest again": (
        ALWAYS, r") INTO early;\n      early := true;",
        "passings_roll: lets others read houses meanwhile"),
    "one that is led astray": (
        r"pg_catalog\.(to_char\(month, '_YYYY)", r"\1",
        "passings_roll: calls no function of somebody else"),
    "one that waits for ever": (
        r"\n  SET lock_timeout = '1s'", "", "the catalogue equals the schema"),
}  # fmt: skip


@pytest.mark.parametrize("fault", STOPPING.values(), ids=STOPPING.keys())
def test_no_roll_that_stops_others_goes_unnoticed(
    postgresql_url: str, fault: tuple[str, str, str]
) -> None:
    schema, dialect = _doors(), work_for(Design(), "postgresql").dialect
    up, down = sql.up(schema, dialect), sql.down(schema, dialect)
    with open_engine("postgresql", postgresql_url) as engine:
        assert outcome(prove(engine, schema, up, down)) == []
        engine.clear()
        failed = prove(engine, schema, changed(up, *fault[:2]), down).failed
    assert fault[2] in {check.name for check in failed}
