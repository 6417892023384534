"""The cost of a schema grows with its size: twice the tables, twice the work, not four times."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from benchmarks.write_large import large
from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.review import review
from schemawalk.writers.sql import down, up
from tests.schema.any_design import design

FEW, TWICE = 100, 200
MOST = 2.3
"""Times the calls for twice the tables: what is linear makes it 2, what is quadratic 4."""


def calls(work: Callable[[], object]) -> int:
    """How often functions, and generators for their next item, are called by it."""
    made = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


def growth(work: Callable[[int], Callable[[], object]]) -> float:
    """How many times the calls grow for twice the tables, once everything is remembered."""
    work(TWICE)()
    return calls(work(TWICE)) / calls(work(FEW))


def test_deriving_twice_the_tables_is_twice_the_work() -> None:
    """No table is compared with all others."""
    designs = {tables: large(tables) for tables in (FEW, TWICE)}
    assert growth(lambda tables: lambda: derive(designs[tables])) < MOST


def test_reviewing_twice_the_tables_is_twice_the_work() -> None:
    """No rule looks for a table by asking all of them."""
    designs = {tables: large(tables) for tables in (FEW, TWICE)}
    assert growth(lambda tables: lambda: review(designs[tables])) < MOST


@pytest.mark.parametrize("database", sorted(DIALECTS))
def test_fitting_and_writing_twice_the_tables_is_twice_the_work(database: str) -> None:
    """Neither the capability pass nor the SQL, there and back, asks all tables about each."""
    schemas = {tables: derive(large(tables)).schema for tables in (FEW, TWICE)}

    def work(tables: int) -> Callable[[], object]:
        def write() -> tuple[str, str]:
            fitted = fit(schemas[tables], database).schema
            return up(fitted, DIALECTS[database]), down(fitted, DIALECTS[database])

        return write

    assert growth(work) < MOST


@pytest.mark.parametrize("database", sorted(DIALECTS))
def test_one_of_everything_costs_no_more_in_a_larger_schema(database: str) -> None:
    """Tenants, trees, arcs, logs, histories, policies, partitions, purges: none asks all tables."""
    designs = {tables: design(3, tables) for tables in (FEW, TWICE)}
    dialect = DIALECTS[database]

    def work(made: Design) -> Callable[[], object]:
        return lambda: (review(made), up(fit(derive(made).schema, database).schema, dialect))

    assert growth(lambda tables: work(designs[tables])) < MOST
