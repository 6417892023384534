"""What goes on in a month, asked of stretches of days: what lasts one day is found, too."""

from __future__ import annotations

import sqlite3

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.writers.stack_driven.searches import inside
from tests.schema.designs import entity, fact, pattern

IN_MARCH = pattern("in march", "sale", contains="starts_on", contains_how="time", often="daily")
DAYS = ("2026-02-27", "2026-03-01"), ("2026-03-31", "2026-03-31"), ("2026-02-01", "2026-02-28")
"""One that reaches into March, one of its last day alone, and one that is over before."""


def asked(database: str, last_day: str | None) -> str:
    ends = (fact("sale", name, kind="date", required="start") for name in ("starts_on", "ends_on"))
    rule = Rule.model_validate({"id": "one", "says": "Never two", "entity": "sale",
                                "kept_by": "exclusion", "over": ("starts_on", "ends_on"),
                                "last_day": last_day})  # fmt: skip
    design = Design(entities=(entity("Sale", *ends),), access_patterns=(IN_MARCH,),
                    rules=(rule,) if last_day else ())  # fmt: skip
    table = fit(derive(design).schema, database).schema.table("sales")
    return inside(table, table.column("starts_on"), IN_MARCH, DIALECTS[database])


@pytest.mark.parametrize(("last_day", "found"), [(None, 2), ("counts", 2), ("free", 1)])
def test_the_last_day_is_asked_for_where_it_counts(last_day: str | None, found: int) -> None:
    """Who leaves on the first of March is no guest of March."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE sales (starts_on TEXT, ends_on TEXT)")
    database.executemany("INSERT INTO sales VALUES (?, ?)", DAYS)
    where = asked("sqlite", last_day)
    assert len(database.execute(f"SELECT * FROM sales WHERE {where}").fetchall()) == found


def test_an_index_over_days_holds_single_days() -> None:
    """`daterange` of one day is empty, and touches nothing, unless its end is said to count."""
    assert asked("postgresql", None).startswith("daterange(starts_on, ends_on, '[]') && ")
