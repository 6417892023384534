"""Computed facts become generated columns, and what no database can generate is said."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Entity
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE
from tests.schema.designs import fact


def bill(*facts: tuple[str, str], rules: tuple[str, ...] = ()) -> Design:
    """A bill with an amount and two days, and facts that are computed from them."""
    plain = (
        fact("bill", "amount", kind="whole-number", required="start"),
        fact("bill", "discount", kind="decimal", precision=6, scale=2),
        fact("bill", "issued_on", kind="date", required="start"),
        fact("bill", "paid_at", kind="moment"),
    )
    computed = tuple(fact("bill", name, kind="computed", computed=told) for name, told in facts)
    entity = Entity(id="bill", name="Bill", attributes=(*plain, *computed), rules=rules)
    return Design(entities=(entity,))


def test_a_fact_that_always_follows_is_a_generated_column() -> None:
    table = derive(bill(("due_on", "issued_on + 14 days"))).schema.table("bills")
    column = table.column("due_on")
    assert column.generated is not None
    assert POSTGRESQL.sql(column.generated) == "issued_on + 14"
    assert (column.type.name, column.nullable, column.default) == ("date", False, None)
    assert column.because == "follows from issued_on"


@pytest.mark.parametrize(
    ("told", "null"),
    [
        ("amount * 2", False),
        ("amount - discount", True),
        ("amount - coalesce(discount, 0)", False),
        ("amount / 3", False),
        ("3 / amount", True),
        ("paid_at is null", False),
        ("present(discount, paid_at)", False),
    ],
)
def test_it_is_unknown_exactly_where_what_it_follows_from_can_be(told: str, null: bool) -> None:
    assert derive(bill(("made", told))).schema.table("bills").column("made").nullable is null


@pytest.mark.parametrize(
    ("told", "type_"),
    [
        ("amount * 2", "bigint"),
        ("amount + 2", "integer"),
        ("amount * 1.25", "numeric(13,2)"),
        ("amount - discount", "numeric(13,2)"),
        ("amount / 3", "numeric(18,6)"),
        ("paid_at - paid_at", "interval"),
        ("'bill ' || 'x'", "text"),
    ],
)
def test_its_type_holds_every_value(told: str, type_: str) -> None:
    column = derive(bill(("made", told))).schema.table("bills").column("made")
    assert POSTGRESQL.type(column.type) == type_


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ((("made", "wings * 2"),), "has no wings"),
        ((("made", "made + 1"),), "it speaks of made itself"),
        ((("one", "amount * 2"), ("two", "one * 2")), "one is computed as well"),
        ((("made", "paid_at < now()"),), "is another each time"),
        ((("made", "amount || 'x'"),), "needs text"),
        ((("made", "amount *"),), "is not understood"),
    ],
)
def test_what_cannot_be_generated_is_said_and_left_to_a_job(
    facts: tuple[tuple[str, str], ...], says: str
) -> None:
    derived = derive(bill(*facts))
    (problem,) = derived.problems
    assert says in problem.message
    assert derived.schema.table("bills").column(facts[-1][0]).generated is None


def test_rules_are_told_what_their_columns_types_mean() -> None:
    """A CHECK that is derived says the same on each database."""
    table = derive(bill(rules=("day(paid_at) <= issued_on + 30 days",))).schema.table("bills")
    (check,) = table.checks
    assert POSTGRESQL.sql(check.expression) == (
        "cast(paid_at AT TIME ZONE 'UTC' AS date) <= (issued_on + 30)"
    )
    assert SQLITE.sql(check.expression) == "date(paid_at) <= date(issued_on, 30 || ' days')"


def test_a_rule_that_asks_what_time_it_is_is_no_check() -> None:
    derived = derive(bill(rules=("paid_at <= now()",)))
    assert derived.schema.table("bills").checks == ()
    assert "must stay true" in derived.problems[0].message
