"""No mechanical fault in a written migration goes unnoticed: a small sample, the same each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.engines.engine import Engine
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from tests.engines.mutations import Court, Mutation, is_equivalent, mutations, sample
from tests.engines.test_access import clubs
from tests.engines.test_keys import EXTENSIONS, NEEDS_CONTRIB
from tests.lasting import museum
from tests.schema.keyed import club, farm
from tests.schema.rentals import rentals

Make = Callable[[], Design]
SAMPLES = [
    ("sqlite", rentals, 70), ("sqlite", club, 70), ("sqlite", farm, 70), ("sqlite", museum, 70),
    ("postgresql", rentals, 40), ("postgresql", clubs, 40), ("postgresql", museum, 12),
    pytest.param("postgresql", club, 15, marks=NEEDS_CONTRIB),
    pytest.param("postgresql", farm, 15, marks=NEEDS_CONTRIB),
    ("mariadb", rentals, 8), ("mariadb", clubs, 8),
]  # fmt: skip
"""Database, design, and how many mutations of it are tried."""


@contextmanager
def _engine(database: str, make: Make, request: pytest.FixtureRequest) -> Iterator[Engine]:
    if make in (club, farm) and database == "postgresql":
        with open_engine(database, extensions=EXTENSIONS) as engine:
            yield engine
        return
    url = None if database == "sqlite" else request.getfixturevalue(f"{database}_url")
    with open_engine(database, url) as engine:
        yield engine


@contextmanager
def _court(
    database: str, make: Make, request: pytest.FixtureRequest
) -> Iterator[tuple[Court, list[Mutation]]]:
    """What judges the mutations of a design's migration, and all of those."""
    with _engine(database, make, request) as engine:
        work = work_for(make(), database, engine.version)
        up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
        every = mutations(up, work.schema, database)
        faults = [each for each in every if not is_equivalent(each, database)]
        yield Court(engine, work.schema, up, down), faults


@pytest.mark.parametrize(("database", "make", "many"), SAMPLES)
def test_no_mutation_goes_unnoticed(
    database: str, make: Make, many: int, request: pytest.FixtureRequest
) -> None:
    """A statement, a clause or a line less, another value, another word."""
    with _court(database, make, request) as (court, every):
        tried = sample(every, 1)[:many]
        assert [each.said for each in tried if not court.noticed(each)] == []
    assert len(tried) >= min(many, 8)


@pytest.mark.parametrize(
    ("database", "make", "word"),
    [
        ("sqlite", museum, ""),
        ("postgresql", clubs, ""),
        ("postgresql", museum, "FUNCTION"),
        ("mariadb", clubs, ""),
    ],
)
def test_no_statement_goes_unnoticed_that_nobody_wrote(
    database: str, make: Make, word: str, request: pytest.FixtureRequest
) -> None:
    """A rule, a grant, storage of another kind, a comment, an owner: whatever it is."""
    with _court(database, make, request) as (court, every):
        tried = [each for each in every if each.rule == "a statement more" and word in each.became]
        assert [each.became for each in tried if not court.noticed(each)] == []
    assert len(tried) > 4
