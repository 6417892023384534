"""Proofs side by side: each database tells how far it is, and none stands in another's way."""

from __future__ import annotations

import sys
import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from schemawalk.delivery import DeliveryError
from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.design.whole import Stack
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.mariadb_server import BINARIES, MYSQL_BINARIES
from schemawalk.engines.registry import open_engine
from schemawalk.proving import (
    Together,
    need_the_real_one,
    possible_databases,
    prove,
    usual_databases,
)
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Index, IndexPart, Schema, Table
from schemawalk.writers.work import Work
from tests.schemas import UUID, column, key


def design(database: str = "postgresql") -> Design:
    """Notes, and nothing else."""
    name = Attribute.model_validate({"id": "note.name", "name": "name", "kind": "short-text",
                                     "required": "start"})  # fmt: skip
    note = Entity(id="note", name="Note", origin="user", created_by="system", attributes=(name,))
    return Design(stack=Stack(database=database), entities=(note,))  # type: ignore[arg-type]


@pytest.fixture
def lent(postgresql_url: str, mariadb_url: str) -> dict[str, str]:
    """A database on each server."""
    return {"postgresql": postgresql_url, "mariadb": mariadb_url}


def test_all_databases_prove_it_in_the_order_in_which_they_were_named(lent: dict[str, str]) -> None:
    """Whichever of them is ready first."""
    for names in (["mariadb", "sqlite", "postgresql"], ["postgresql", "mariadb", "sqlite"]):
        proven = prove(design(), names, urls=lent)
        assert [proof.engine for proof in proven.proofs] == names
        assert proven.ok
        assert proven.skipped == ()


def test_they_are_proven_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch, lent: dict[str, str]
) -> None:
    """Two that wait for each other would wait for ever, one after the other."""
    both = threading.Barrier(2, timeout=30)

    def met(name: str, url: str | None, **_: object) -> AbstractContextManager[Engine]:
        both.wait()
        return open_engine(name, url)

    monkeypatch.setattr("schemawalk.engines.registry.open_engine", met)
    assert len(prove(design(), ["sqlite", "mariadb"], urls=lent).proofs) == 2


def test_one_that_cannot_be_used_leaves_the_others_alone() -> None:
    """Its reason is told beside their results."""
    nowhere = {"postgresql": "postgresql://nobody@127.0.0.1:1/x"}
    proven = prove(design(), ["postgresql", "sqlite"], urls=nowhere)
    assert [proof.engine for proof in proven.proofs] == ["sqlite"]
    ((name, why),) = proven.skipped
    assert name == "postgresql"
    assert "cannot be reached" in why
    assert not proven.ok


def test_a_fault_of_the_program_is_no_skipped_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes out where the proofs were asked for."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("schemawalk.engines.registry.open_engine", broken)
    with pytest.raises(ZeroDivisionError):
        prove(design(), ["sqlite"])


def test_each_tells_how_far_it_is_in_the_thread_that_asked(lent: dict[str, str]) -> None:
    """Its own steps in order, from the first to the last."""
    told: dict[str, list[tuple[int, int]]] = {}

    def tell(database: str, done: int, total: int, _what: str) -> None:
        assert threading.current_thread() is threading.main_thread()
        told.setdefault(database, []).append((done, total))

    prove(design(), ["sqlite", "mariadb"], urls=lent, progress=tell)
    assert told.keys() == {"sqlite", "mariadb"}
    for steps in told.values():
        assert [done for done, _ in steps] == list(range(steps[0][1]))


def test_cancelling_ends_all_of_them_and_leaves_nothing(lent: dict[str, str]) -> None:
    """What progress raises comes out after every thread has ended."""

    class CancelledError(Exception):
        pass

    def cancel(_database: str, done: int, _total: int, _what: str) -> None:
        if done == 3:
            raise CancelledError

    before = threading.active_count()
    with pytest.raises(CancelledError):
        prove(design(), ["postgresql", "mariadb", "sqlite"], urls=lent, progress=cancel)
    assert threading.active_count() == before
    for name, url in lent.items():
        with open_engine(name, url) as engine:
            assert engine.leftovers() == ()


def test_a_database_that_is_named_twice_is_proven_once() -> None:
    """A list that somebody typed."""
    assert len(prove(design(), ["sqlite", "sqlite"]).proofs) == 1


def test_no_table_is_nothing_to_prove() -> None:
    """The sentence says what to do."""
    with pytest.raises(DeliveryError, match="choose the entities first"):
        prove(Design(), ["sqlite"])


def test_one_bar_is_filled_by_all_and_never_goes_back() -> None:
    """Each has its share, whenever it tells how many steps it has; and it says how far each is."""
    told: list[tuple[int, int, str]] = []
    together = Together(["postgresql", "sqlite"], lambda *step: told.append(step))
    together.start()
    together("sqlite", 2, 10, "books")
    together("postgresql", 3, 30, "up")
    together("sqlite", 10, 10, "down")
    assert told == [
        (0, 100, "PostgreSQL is starting, SQLite is starting"),
        (10, 100, "PostgreSQL is starting, SQLite 2 of 10"),
        (15, 100, "PostgreSQL 3 of 30, SQLite 2 of 10"),
        (55, 100, "PostgreSQL 3 of 30, SQLite 10 of 10"),
    ]


@pytest.mark.parametrize(
    ("own", "databases"),
    [
        ("postgresql", ("postgresql", "sqlite", "mariadb")),
        ("mariadb", ("mariadb", "sqlite")),
        ("sqlite", ("sqlite", "mariadb")),
        ("mysql", ("mysql", "sqlite")),
        ("mongodb", ("mongodb",)),
    ],
)
def test_the_walk_proves_on_the_designs_own_database_first(
    own: str, databases: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then on SQLite, and on MariaDB where it is installed; others can be chosen."""
    monkeypatch.setattr("schemawalk.engines.mariadb_server.find_programs", lambda: (Path("here"),))
    assert usual_databases(design(own)) == databases
    here = possible_databases(design(own))
    assert here[: len(databases)] == databases
    assert own == "mongodb" or {"postgresql", "sqlite", "mariadb"} <= set(here)


def test_what_is_not_installed_is_not_proven_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither MariaDB, MySQL nor PostgreSQL's driver; the design's own is tried all the same."""
    monkeypatch.setenv(BINARIES, str(tmp_path))
    monkeypatch.setenv(MYSQL_BINARIES, str(tmp_path))
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert possible_databases(design("sqlite")) == ("sqlite",)
    assert usual_databases(design("postgresql")) == ("postgresql", "sqlite")


def test_mysql_needs_a_real_one_for_what_mariadb_cannot_read() -> None:
    """An index on an expression: it is said before anything is tried."""
    lower = Index("ix_t_name", (IndexPart("name", expression=parse("lower(name)")),))
    table = Table("t", (UUID, column("name", "text")), key("t"), indexes=(lower,))
    work = Work(design("mysql"), Schema((table,)), "mysql", ())
    with pytest.raises(EngineError, match="ix_t_name"):
        need_the_real_one(work)
