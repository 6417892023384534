"""Keys: natural ones, circles, parents of several kinds, and parents that must agree."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.key_sql import reference
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Schema
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link
from tests.schema.keyed import farm


def made() -> Schema:
    derived = derive(farm())
    assert derived.problems == ()
    return derived.schema


def keys(schema: Schema, table: str) -> list[str]:
    return [reference(key, POSTGRESQL) for key in schema.table(table).foreign_keys]


# Natural keys


def test_a_natural_key_is_the_primary_key_and_named_where_it_is_referred_to() -> None:
    countries = made().table("countries")
    assert countries.primary_key.columns == ("code",)
    assert [c.name for c in countries.columns] == ["code", "name"]
    assert keys(made(), "cities") == [
        "FOREIGN KEY (country_code) REFERENCES countries (code) ON DELETE RESTRICT "
        "ON UPDATE CASCADE"
    ]


def test_rows_may_also_refuse_that_the_key_changes() -> None:
    assert keys(made(), "posts")[0].endswith("ON DELETE SET NULL ON UPDATE RESTRICT")


def test_several_facts_can_be_the_key() -> None:
    seat = entity("Seat", fact("seat", "row", kind="short-text"),
                  fact("seat", "number", kind="whole-number"), identity=("row", "number"),
                  key="natural")  # fmt: skip
    ticket = entity("Ticket", fact("ticket", "price_cents"))
    design = Design(entities=(seat, ticket), relationships=(link("seat", "ticket"),))
    tickets = derive(design).schema.table("tickets")
    assert tickets.foreign_keys[0].columns == ("seat_row", "seat_number")
    assert derive(design).schema.table("seats").primary_key.columns == ("row", "number")


@pytest.mark.parametrize("identity", [(), ("gone",), ("data",)])
def test_what_cannot_be_a_key_gets_an_id_and_a_finding(identity: tuple[str, ...]) -> None:
    thing = entity("Thing", fact("thing", "data", kind="json"), identity=identity, key="natural")
    derived = derive(Design(entities=(thing,)))
    assert derived.schema.table("things").primary_key.columns == ("id",)
    assert "natural-key-not-possible" in {p.rule for p in derived.problems}


def test_what_tells_a_tenants_rows_apart_is_no_key_of_all_tenants() -> None:
    club = entity("Club", archetype="group")
    racket = entity("Racket", fact("racket", "code", required="start"), identity=("code",),
                    key="natural", tenant="yes")  # fmt: skip
    design = Design(entities=(club, racket), stack=Stack(tenancy="shared"))
    derived = derive(design)
    rackets = derived.schema.table("rackets")
    assert rackets.primary_key.columns == ("id",)
    assert ("club_id", "code") in {unique.columns for unique in rackets.uniques}
    assert [p.rule for p in derived.problems] == ["natural-key-of-tenants"]
    (found,) = (f for f in review(design).findings if f.rule == "natural-key-of-tenants")
    assert found.answers == (("entity.racket.key", ("id",)),)


# Circles


def test_a_key_of_a_circle_can_wait_for_the_commit() -> None:
    (found,) = keys(made(), "hens")
    assert found.endswith("ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED")
    assert "fk-cycle-not-insertable" not in {f.rule for f in review(farm()).findings}


def test_a_circle_that_is_checked_at_once_lets_no_row_in() -> None:
    links = tuple(x.model_copy(update={"checked": None}) for x in farm().relationships)
    found = review(farm(relationships=links))
    assert "fk-cycle-not-insertable" in {f.rule for f in found.findings}
    assert found.blocked


def test_the_circle_is_cut_at_the_key_that_waits() -> None:
    cut = [key.name for _, key in made().references() if key.deferred]
    assert cut == ["fk_hens_first_egg_id_eggs"]


def test_mysql_lets_the_first_row_come_without_the_other_and_says_so() -> None:
    fitted = fit(made(), "mysql")
    assert "mysql-lossy-deferrable" in {f.rule for f in fitted.findings}
    assert fitted.schema.table("hens").column("first_egg_id").nullable
    assert not fitted.schema.table("eggs").column("hen_id").nullable


# Exactly one of several parents


def test_a_common_parent_gives_every_kind_its_key() -> None:
    schema = made()
    assert keys(schema, "documents") == [
        "FOREIGN KEY (id, comment_parent_kind) REFERENCES comment_parents (id, kind) "
        "ON DELETE CASCADE"
    ]
    assert keys(schema, "comments") == [
        "FOREIGN KEY (parent_id) REFERENCES comment_parents (id) ON DELETE CASCADE"
    ]
    rules = {POSTGRESQL.sql(c.expression) for c in schema.table("tasks").checks}
    assert rules == {"comment_parent_kind = 'task'"}
    assert schema.table("documents").column("id").default is None


def test_a_type_and_an_id_have_no_foreign_key() -> None:
    labels = made().table("labels")
    assert labels.foreign_keys == ()
    assert [c.name for c in labels.columns][1:3] == ["parent_type", "parent_id"]
    (rule,) = labels.checks
    assert POSTGRESQL.sql(rule.expression) == "parent_type IN ('document', 'task')"


def test_parents_with_keys_of_different_kinds_cannot_share_one() -> None:
    links = tuple(
        x.model_copy(update={"a": "country", "id": "country_comment"})
        if x.id == "task_comment"
        else x.model_copy(update={"one_of": ("country_comment",)})
        if x.id == "document_comment"
        else x
        for x in farm().relationships
    )
    problems = derive(farm(relationships=links)).problems
    assert "one-of-not-possible" in {p.rule for p in problems}


# Parents that must agree


def loans(over: tuple[str, ...]) -> Design:
    """A copy and a reader of one branch, and loans of the one to the other."""
    return Design(
        entities=tuple(entity(name, fact(name.lower(), "name"))
                       for name in ("Branch", "Copy", "Reader", "Loan")),
        relationships=(link("branch", "copy"), link("branch", "reader"), link("copy", "loan"),
                       link("reader", "loan")),
        rules=(Rule(id="same", says="Books are lent within their branch", entity="loan",
                    kept_by="key", over=over),),
    )  # fmt: skip


def test_two_parents_are_tied_by_what_both_belong_to() -> None:
    derived = derive(loans(("copy_loan", "reader_loan")))
    assert derived.problems == ()
    assert keys(derived.schema, "loans") == [
        "FOREIGN KEY (branch_id, copy_id) REFERENCES copies (branch_id, id) ON DELETE RESTRICT",
        "FOREIGN KEY (branch_id, reader_id) REFERENCES readers (branch_id, id) ON DELETE RESTRICT",
    ]
    assert not derived.schema.table("loans").column("branch_id").nullable


def test_parents_without_a_common_one_cannot_agree() -> None:
    problems = derive(loans(("copy_loan", "branch_copy"))).problems
    assert [p.rule for p in problems] == ["key-without-common-parent"]
