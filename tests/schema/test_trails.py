"""Stamps, guards, the log and earlier versions: which answers lead to which triggers and tables."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.design.spans import Span
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Audit, Guard, History, Limit, Policy, Sealed, Stamp
from tests.schema.designs import entity, fact, link, pattern
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


def test_no_row_is_kept_for_ever_because_the_log_speaks_of_it() -> None:
    """RESTRICT would: whoever did or was anything could never be deleted."""
    design = rentals()
    kept = tuple(
        each.model_copy(update={"on_delete": "restrict"}) if each.b == "audit_entry" else each
        for each in design.relationships
    )
    derived = derive(design.model_copy(update={"relationships": kept}))
    assert derived.schema.table("audit_entries").foreign_keys == ()
    (said,) = (p for p in derived.problems if p.rule == "audit-without-foreign-key")
    assert "RESTRICT would never let a row of members go" in said.message


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


def shared(**about: object) -> Design:
    """Clubs that share tables, and a log that is said to be everybody's."""
    listed: dict[str, object] = {"kind": "one-of", "kept_by": "developers", "required": "start"}
    return Design(
        stack=Stack(tenancy="shared"),
        entities=(
            entity("Club", fact("club", "name", required="start"), archetype="group"),
            entity("Match", fact("match", "title", required="start"), archetype="dealing",
                   tenant="yes"),
            entity("Goal", fact("goal", "minute", kind="whole-number"), archetype="dealing",
                   tenant="yes", keep_for="2 years"),
            entity("Rule book", fact("rule_book", "text"), archetype="thing", tenant="no"),
            entity("Audit entry", fact("audit_entry", "event_type", **(listed | about)),
                   fact("audit_entry", "created_at", required="start", default="now"),
                   origin="unsaid.audit", archetype="event", tenant="no", keep_for="6 years"),
        ),
        relationships=(link("club", "match", on_delete="cascade"),
                       link("match", "goal", on_delete="cascade"),
                       link("match", "audit_entry", on_delete="restrict", optional="yes")),
        access_patterns=(pattern("newest", "audit_entry", who="someone", sort=("-created_at",),
                                 index="yes"),),
        keeping=Keeping(versions="log", policies="database", cleanup="job"),
    )  # fmt: skip


def test_a_log_says_whose_the_row_was() -> None:
    """Whatever was answered: an entry tells what the row said, and nobody else may read that."""
    schema = derive(shared(values=("insert", "update", "delete"))).schema
    log = schema.table("audit_entries")
    assert log.column("club_id").nullable
    assert log.foreign_keys == ()
    assert {index.parts[0].column for index in log.indexes} >= {"club_id"}
    newest = next(index for index in log.indexes if "newest" in index.serves)
    assert [part.column for part in newest.parts] == ["club_id", "created_at"]
    row = next(index for index in log.indexes if "row_id" in {p.column for p in index.parts})
    assert [part.column for part in row.parts][:3] == ["club_id", "table_name", "row_id"]
    copied = {audit.table: dict(audit.copied) for audit in schema.things(Audit)}
    assert copied == {
        "clubs": {"club_id": "id"},
        "matches": {"match_id": "id", "club_id": "club_id"},
        "goals": {"match_id": "match_id", "club_id": "club_id"},
        "rule_books": {},
    }
    (policy,) = (each for each in schema.things(Policy) if each.table == log.name)
    assert (policy.column, policy.takes_unowned, policy.forced) == ("club_id", True, False)


def test_a_list_of_what_was_done_is_filled_in_its_own_words() -> None:
    """One column, not a second beside one that always says its default."""
    derived = derive(shared(values=("created", "changed", "removed"), default="'created'"))
    log = derived.schema.table("audit_entries")
    assert "action" not in {column.name for column in log.columns}
    audit = derived.schema.things(Audit)[0]
    assert audit.place["action"] == "event_type"
    assert [audit.called(event) for event in ("INSERT", "UPDATE", "DELETE")] == [
        "created", "changed", "removed",
    ]  # fmt: skip


def test_a_list_without_a_word_for_each_is_left_alone_and_told() -> None:
    derived = derive(shared(values=("opened", "closed"), default="'opened'"))
    assert derived.schema.things(Audit)[0].place["action"] == "action"
    said = [p.message for p in derived.problems if p.rule == "audit-column-unknown"]
    assert ["event_type always says opened" in message for message in said] == [True]


def test_a_log_that_outlives_what_it_speaks_of_is_told() -> None:
    """Rows that go after two years are told of for six."""
    derived = derive(shared(values=("insert", "update", "delete")))
    (said,) = (p for p in derived.problems if p.rule == "audit-outlives-rows")
    assert (said.severity, "Rows of goals go" in said.message) == ("hint", True)
    assert "for 6 years" in said.message


def test_an_entry_that_names_a_person_by_their_key_is_told() -> None:
    """What is hidden in the values must not stand in the row's name."""
    guest = entity("Guest", fact("guest", "email", required="start", sensitivity="personal"),
                   identity=("email",), key="natural", archetype="person")  # fmt: skip
    derived = derive(Design(entities=(guest,), keeping=Keeping(versions="log")))
    assert derived.schema.table("guests").primary_key.columns == ("email",)
    (said,) = (p for p in derived.problems if p.rule == "audit-tells-key")
    assert (said.severity, said.subject) == ("warning", "guest")


def test_versions_go_with_a_row_whose_time_is_over() -> None:
    """And those of rows that went before, after the same time."""
    bill = entity("Bill", fact("bill", "completed_at"), versions="history", keep_for="10 years",
                  archetype="dealing", rows=5000)  # fmt: skip
    schema = derive(Design(entities=(bill,), keeping=Keeping(cleanup="job"))).schema
    (history,) = schema.things(History)
    assert (history.ends, history.age) == ("completed_at", Span(10, "year"))
    purge = next(r for r in schema.things(Routine) if r.table == history.into)
    assert (purge.column, purge.age) == (history.until, Span(10, "year"))
    assert [[hop.table for hop in way] for way in purge.blockers] == [["bills"]]
    assert any(purge.name in index.serves for index in schema.table(history.into).indexes)


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


def test_a_stamp_misses_nothing_when_the_row_goes() -> None:
    """What a CASCADE deletes needs no updated_at; the row that SET NULL changes would."""
    for on_delete, lost in (("cascade", False), ("set-null", True)):
        told = link("shelf", "book", on_delete=on_delete, optional="yes")
        stamped = entity("Book", fact("book", "updated_at", required="start", default="now"))
        design = Design(entities=(entity("Shelf"), stamped), relationships=(told,),
                        keeping=Keeping(stamps="trigger"))  # fmt: skip
        rules = {finding.rule for finding in fit(derive(design).schema, "mariadb").findings}
        assert ("mariadb-lossy-silent-action" in rules) == lost
