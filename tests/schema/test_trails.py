"""Stamps, guards, the log and earlier versions: which answers lead to which triggers and tables."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Keeping, Rule
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from schemawalk.schema.spans import Span
from schemawalk.schema.things import Audit, Guard, History, Limit, Sealed, Stamp
from tests.schema.designs import entity, fact, link
from tests.schema.rentals import rentals


def lent(**keeping: object) -> Design:
    """Readers and books, which change, and visits, which happened."""
    return Design(
        entities=(
            entity("Reader", fact("reader", "email", sensitivity="personal"),
                   fact("reader", "photo", kind="bytes"),
                   fact("reader", "updated_at", required="start", default="now")),
            entity("Book", fact("book", "title", required="start")),
            entity("Visit", fact("visit", "created_at", required="start", default="now"),
                   archetype="event"),
        ),
        relationships=(link("reader", "visit", on_delete="cascade"),
                       link("reader", "book", many_a="yes")),
        keeping=Keeping.model_validate(keeping),
    )  # fmt: skip


def test_without_an_answer_nothing_stands_around() -> None:
    assert derive(lent()).schema.around == ()


def test_what_changes_is_stamped_and_nothing_else() -> None:
    """A moment where there is a column for it, a count where something can be changed."""
    stamps = derive(lent(stamps="trigger", locking="version")).schema.things(Stamp)
    assert {stamp.table: stamp.columns for stamp in stamps} == {
        "readers": (("updated_at", "now"), ("version", "next")),
        "books": (("version", "next"),),
    }
    by_program = derive(lent(stamps="application")).schema
    assert by_program.things(Stamp) == ()


def test_a_log_is_added_where_the_design_has_none() -> None:
    """What changes is logged, who belongs to what too; what happened once is its own log."""
    schema = derive(lent(versions="log")).schema
    audits = schema.things(Audit)
    assert [audit.table for audit in audits] == ["readers", "books", "reader_books"]
    assert {audit.into for audit in audits} == {"audit_log"}
    log = schema.table("audit_log")
    assert [column.name for column in log.columns] == [
        "id", "occurred_at", "actor", "action", "table_name", "row_id", "old_values", "new_values",
    ]  # fmt: skip
    assert log.foreign_keys == ()
    (seal,) = schema.things(Sealed)
    assert (seal.table, seal.events, seal.age) == ("audit_log", ("UPDATE", "DELETE"), None)


def test_the_log_tells_no_secrets_and_nothing_that_must_be_forgotten() -> None:
    """Personal data only where somebody said that it stays."""
    (readers, *_) = derive(lent(versions="log")).schema.things(Audit)
    assert readers.hidden == ("email", "photo")
    (kept, *_) = derive(lent(versions="log", forget="keep")).schema.things(Audit)
    assert kept.hidden == ("photo",)


def test_the_designs_own_log_is_used() -> None:
    """Its columns take what they are called after; what is missing is added."""
    derived = derive(rentals())
    audits = {audit.table: audit for audit in derived.schema.things(Audit)}
    assert "audit_entries" not in audits
    assert audits["rentals"].into == "audit_entries"
    place = audits["rentals"].place
    assert (place["action"], place["at"], place["actor"]) == (
        "event_type", "created_at", "member_id",
    )  # fmt: skip
    log = derived.schema.table("audit_entries")
    assert log.column(place["row"]).because
    seal = next(s for s in derived.schema.things(Sealed) if s.table == log.name)
    assert seal.age == Span(6, "year")


def test_an_entry_outlives_what_it_speaks_of() -> None:
    """A key that would erase or change it is not made, and what cannot be known may be empty."""
    derived = derive(rentals())
    log = derived.schema.table("audit_entries")
    assert log.foreign_keys == ()
    assert log.column("member_id").nullable
    assert log.column("details").nullable
    assert {problem.rule for problem in derived.problems} == {
        "audit-without-foreign-key", "audit-column-unknown",
    }  # fmt: skip


def test_a_key_that_refuses_a_delete_stays_in_the_log() -> None:
    design = rentals()
    kept = tuple(
        each.model_copy(update={"on_delete": "restrict"}) if each.b == "audit_entry" else each
        for each in design.relationships
    )
    schema = derive(design.model_copy(update={"relationships": kept})).schema
    assert [key.references for key in schema.table("audit_entries").foreign_keys] == ["members"]


def test_whose_an_entry_is_comes_from_its_row() -> None:
    """The group of a row is the group of what is written about it."""
    design = Design(
        entities=(
            entity("Team", fact("team", "name", required="start"), archetype="group"),
            entity("Task", fact("task", "title", required="start"), archetype="dealing"),
            entity("Audit entry", fact("audit_entry", "created_at", required="start",
                                       default="now"), origin="unsaid.audit", archetype="event"),
        ),
        relationships=(link("team", "task", on_delete="restrict"),
                       link("team", "audit_entry", on_delete="restrict")),
        keeping=Keeping(versions="log"),
    )  # fmt: skip
    schema = derive(design).schema
    copied = {audit.table: audit.copied for audit in schema.things(Audit)}
    assert copied == {"teams": (("team_id", "id"),), "tasks": (("team_id", "team_id"),)}
    assert not schema.table("audit_entries").column("team_id").nullable


def test_earlier_versions_have_a_table_of_their_own() -> None:
    """The same columns without rules, keys, defaults and secrets, and a time."""
    schema = derive(rentals()).schema
    (history,) = schema.things(History)
    table = schema.table(history.into)
    assert [column.name for column in table.columns] == [
        "history_id", "id", "name", "afloat", "created_at", "version", "valid_from", "valid_to",
    ]  # fmt: skip
    assert (table.uniques, table.foreign_keys, table.checks) == ((), (), ())
    assert all(column.default is None for column in table.columns)
    assert history.made == "created_at"
    (index,) = table.indexes
    assert [(part.column, part.descending) for part in index.parts] == [
        ("id", False), ("valid_to", True),
    ]  # fmt: skip


def test_events_are_told_and_not_pretended() -> None:
    said = [f.message for f in review(lent(versions="events")).findings if f.rule == "not-in-sql"]
    assert any("computed from events" in message for message in said)
    assert not [f for f in review(lent(versions="log")).findings if f.rule == "not-in-sql"]


def test_a_guard_knows_only_values_that_there_are() -> None:
    """And is there only where the database is to keep the order."""
    design = rentals()
    (guard,) = derive(design).schema.things(Guard)
    assert guard.allowed == (("held", "paid"), ("held", "failed"), ("paid", "over"))
    assert guard.starts == ("held",)


def test_rows_that_are_only_added_cannot_go_with_their_parent() -> None:
    """Two answers that do not go together are an error."""
    rule = Rule(id="r", says="Visits stay", entity="visit", kept_by="trigger", looks_at="written")
    found = derive(lent().model_copy(update={"rules": (rule,)})).problems
    assert [problem.rule for problem in found] == ["sealed-rows-deleted"]


@pytest.mark.parametrize(
    ("database", "rule"),
    [("sqlite", "sqlite-lossy-who"), ("mariadb", "mariadb-lossy-silent-action"),
     ("mysql", "mysql-lossy-silent-action")],
)  # fmt: skip
def test_what_a_databases_triggers_do_not_see_is_said(database: str, rule: str) -> None:
    assert rule in {finding.rule for finding in fit(derive(rentals()).schema, database).findings}


def test_a_rule_that_a_database_cannot_say_is_left_out_and_told() -> None:
    """SQLite has no patterns, neither in a CHECK nor in a trigger."""
    rule = Rule(id="r", says="Few odd titles", entity="book", kept_by="trigger", looks_at="count",
                parent="shelf_book", most=2, expression="title matches '^odd'")  # fmt: skip
    design = lent()
    shelf = entity("Shelf", fact("shelf", "name", required="start"))
    design = design.model_copy(
        update={
            "entities": (*design.entities, shelf),
            "relationships": (*design.relationships, link("shelf", "book")),
            "rules": (rule,),
        }
    )
    schema = derive(design).schema
    assert len(schema.things(Limit)) == 1
    fitted = fit(schema, "sqlite")
    assert fitted.schema.things(Limit) == ()
    assert "sqlite-refused-match" in {finding.rule for finding in fitted.findings}
