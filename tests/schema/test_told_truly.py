"""Sentences about a schema that are true of it, and English."""

from __future__ import annotations

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.commented import of_constraints
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Table
from schemawalk.schema.review import review
from schemawalk.schema.review.checklist import Verdict, checklist
from schemawalk.schema.review.rule import Matter
from schemawalk.writers.stack_driven.queries import index_for
from tests.schema.designs import entity, fact, link
from tests.schemas import column, index, key
from tests.writers.test_documents import full

STATUS = fact("bill", "status", kind="one-of", values=("open", "paid"), required="start",
              default="'open'", kept_by="developers")  # fmt: skip


def verdict(design: Design, line: str) -> Verdict:
    found = review(design)
    groups = checklist(Matter(design, found.schema), found.findings, found.waived)
    return next(v for group in groups for v in group.verdicts if v.line == line)


def checks(*rules: str, kind: str = "whole-number") -> dict[str, str]:
    """The CHECKs of a table with these rules, each name with its reason."""
    made = entity("Desk", fact("desk", "height", kind=kind, rules=rules))
    found = derive(Design(entities=(made,))).schema.table("desks").checks
    return {check.name: check.because for check in found}


def test_a_table_of_earlier_versions_starts_no_status() -> None:
    bill = entity("Bill", STATUS, versions="history", persists="yes")
    design = Design(entities=(bill,))
    assert "bills_history" in {table.name for table in derive(design).schema.tables}
    said = verdict(design, "A status starts somewhere")
    assert (said.holds, said.seen) == (True, "1 column")


def test_what_nobody_changes_needs_no_moment_of_its_last_change() -> None:
    came = fact("session", "created_at", kind="moment", default="now")
    line = "Rows that change carry created_at and updated_at"
    for changed_by, wrong in (((), ()), (("renew",), ("sessions.updated_at",))):
        session = entity("Session", came, archetype="key", changed_by=changed_by)
        found = verdict(Design(entities=(session,)), line).wrong
        assert tuple(each for each in found if "." in each) == wrong


def test_a_key_that_holds_the_rows_own_key_is_indexed_by_it() -> None:
    """`(id, owner_id)` finds one row, and the order of columns does not matter to a lookup."""
    table = Table("houses", (column("id", "uuid"), column("owner_id", "uuid"),
                             column("town_id", "uuid")), key("houses"),
                  indexes=(index("ix_houses", "town_id", "owner_id"),))  # fmt: skip
    assert index_for(table, ("id", "owner_id")) == "pk_houses"
    assert index_for(table, ("owner_id", "town_id")) == "ix_houses"
    assert index_for(table, ("owner_id",)) == ""


def test_a_rule_in_own_sql_is_named_as_that() -> None:
    sql = "height % 2 = 0"
    assert list(checks(f"postgresql: {sql}").values()) == [f"it must hold on PostgreSQL: {sql}"]
    assert list(checks("height > 3").values()) == ["it must hold that height > 3"]


def test_a_second_rule_of_a_column_says_what_it_is_about() -> None:
    names = set(checks("height / 3 > 5", "height / 2 <= 80", "height / 7 between 1 and 20"))
    assert names == {"ck_desks_height", "ck_desks_height_max", "ck_desks_height_range"}


def test_what_a_tied_key_refers_to_is_said_in_english() -> None:
    things = (entity("House", fact("house", "name", required="start"), archetype="group"),
              entity("Room", fact("room", "name", required="start"), tenant="yes"),
              entity("Visit", fact("visit", "note", required="start"), tenant="yes"))  # fmt: skip
    links = (link("house", "room"), link("house", "visit"), link("room", "visit"))
    design = Design(entities=things, relationships=links, stack=Stack(tenancy="shared"))
    reasons = {unique.because for unique in derive(design).schema.table("rooms").uniques}
    assert "lets a key check that both belong to the same house" in reasons


def test_what_is_not_counted_is_told_apart_in_pieces() -> None:
    table = derive(Design(entities=(entity("Gear", fact("gear", "name")),))).schema.table("gear")
    said = {comment.name: comment.said for comment in of_constraints(table)}
    assert said["pk_gear"] == "tells each piece of gear from all others"


def test_one_piece_of_what_is_not_counted_is_deleted() -> None:
    things = (entity("Gear", fact("gear", "name")), entity("Repair", fact("repair", "note")))
    text = full(Design(entities=things, relationships=(link("gear", "repair"),)))
    assert "A piece of gear is deleted" in text
    assert "A gear" not in text
