"""Answers about keeping, states and rules become columns, checks and uniqueness among live rows."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Table
from schemawalk.schema.recorded import Recorded
from schemawalk.schema.review import review
from schemawalk.schema.tables.lookup import Lookup
from tests.schema.designs import entity, fact, link, shop


def table(design: Design, name: str) -> Table:
    return derive(design).schema.table(name)


def test_a_soft_deleted_thing_is_unique_among_those_that_are_there() -> None:
    customers = table(shop(keeping=Keeping(deletion="soft")), "customers")
    assert customers.column("deleted_at").nullable
    assert customers.uniques == ()
    (live,) = [index for index in customers.indexes if index.unique]
    assert [part.column for part in live.parts] == ["email"]
    assert live.predicate is not None
    assert POSTGRESQL.sql(live.predicate) == "deleted_at IS NULL"


def test_one_entity_can_be_archived_while_the_rest_is_deleted() -> None:
    design = shop()
    orders = design.entities[1].model_copy(update={"deletion": "archive"})
    design = design.model_copy(
        update={"entities": (design.entities[0], orders, design.entities[2])}
    )
    assert table(design, "orders").column("archived_at").nullable
    assert "archived_at" not in {c.name for c in table(design, "customers").columns}


def test_what_is_written_once_is_not_hidden_by_a_rule_for_all() -> None:
    visit = entity("Visit", fact("visit", "created_at", required="start", default="now"))
    design = shop(entities=(*shop().entities, visit), keeping=Keeping(deletion="soft"))
    assert "deleted_at" not in {c.name for c in table(design, "visits").columns}


def test_a_versioned_thing_counts_its_changes() -> None:
    version = table(shop(keeping=Keeping(locking="version")), "orders").column("version")
    assert not version.nullable
    assert version.default is not None
    assert POSTGRESQL.sql(version.default) == "1"


def test_an_attribute_of_that_name_is_not_doubled() -> None:
    post = entity("Post", fact("post", "deleted_at"), deletion="soft")
    names = [c.name for c in table(Design(entities=(post,)), "posts").columns]
    assert names.count("deleted_at") == 1
    assert len(names) == 2


def test_what_must_hold_in_a_state_is_checked() -> None:
    paid = fact("bill", "status", values=("open", "paid"), required="start",
                must_hold=("paid: paid_at is not null",))  # fmt: skip
    bills = table(Design(entities=(entity("Bill", paid, fact("bill", "paid_at")),)), "bills")
    rules = [POSTGRESQL.sql(check.expression) for check in bills.checks]
    assert "status <> 'paid' OR paid_at IS NOT NULL" in rules


def test_together_means_with_the_keys_that_are_named() -> None:
    room = entity("Room", fact("room", "name", required="start", unique="together",
                               unique_with=("house_room",)))  # fmt: skip
    design = Design(entities=(entity("House"), room), relationships=(link("house", "room"),))
    assert [u.columns for u in table(design, "rooms").uniques] == [("house_id", "name")]


def test_rules_become_what_keeps_them() -> None:
    rules = (
        Rule(id="r1", says="An order costs something", entity="order", kept_by="check",
             expression="total_cents > 0"),
        Rule(id="r2", says="One order a customer and status", entity="order", kept_by="unique",
             over=("customer_order", "status")),
        Rule(id="r3", says="Orders are fair", entity="order", kept_by="application"),
    )  # fmt: skip
    orders = table(shop(rules=rules), "orders")
    assert {c.source for c in orders.checks} >= {"r1"}
    assert [u.columns for u in orders.uniques if u.source == "r2"] == [("customer_id", "status")]


def test_a_rule_about_nothing_is_a_finding() -> None:
    rules = (
        Rule(id="r1", says="Nonsense", entity="order", kept_by="unique", over=("colour",)),
        Rule(
            id="r2", says="Nonsense too", entity="order", kept_by="check", expression="colour > 1"
        ),
    )
    found = {(p.rule, p.subject) for p in derive(shop(rules=rules)).problems}
    assert found == {("unknown-rule", "r1"), ("broken-rule", "r2")}


def test_what_the_sql_does_not_carry_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    wishes = Recorded("two servers", "scaling.replicas", "set them up by hand", _with_replicas)
    monkeypatch.setattr("schemawalk.schema.recorded.RECORDED", (wishes,))
    found = review(shop(keeping=Keeping(replicas="yes"))).findings
    said = [f for f in found if f.rule == "not-in-sql"]
    assert [f.subject for f in said] == ["scaling.replicas"]
    assert said[0].message.startswith("Two servers (the whole design): decided and documented")
    assert not [f for f in review(shop()).findings if f.rule == "not-in-sql"]


def _with_replicas(design: Design, _: Lookup) -> tuple[str, ...]:
    return ("the whole design",) if design.keeping.replicas == "yes" else ()
