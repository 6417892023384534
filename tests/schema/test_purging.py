"""What has its time is removed after it, in an order that foreign keys allow."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.spans import Span
from schemawalk.design.whole import Keeping
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import Derived, derive
from schemawalk.schema.language.expression import IsNull, Name
from schemawalk.schema.routine import Routine
from tests.lasting import made, museum
from tests.schema.designs import entity, fact, link, pattern

JOB = Keeping(cleanup="job")


def purges(derived: Derived) -> dict[str, Routine]:
    return {r.table: r for r in derived.schema.things(Routine) if r.purpose == "purge"}


def test_what_is_over_is_removed_after_its_time() -> None:
    tickets = purges(derive(museum()))["tickets"]
    assert (tickets.column, tickets.age) == ("closed_at", Span(90, "day"))


def test_what_is_hidden_is_removed_when_it_can_no_longer_be_restored() -> None:
    notes = purges(derive(museum()))["notes"]
    assert (notes.column, notes.age) == ("deleted_at", Span(30, "day"))


def test_an_answer_of_its_own_outweighs_the_days_of_restoring() -> None:
    post = entity("Post", deletion="soft", keep_for="1 year")
    design = Design(entities=(post,), keeping=Keeping(cleanup="job", restore_days=30))
    assert purges(derive(design))["posts"].age == Span(1, "year")


def test_nothing_is_removed_that_is_kept_for_ever_or_cleaned_up_by_hand() -> None:
    post = entity("Post", deletion="soft", keep_for="forever")
    assert purges(derive(Design(entities=(post,), keeping=JOB))) == {}
    by_hand = museum().keeping.model_copy(update={"cleanup": "by-hand"})
    assert purges(derive(museum().model_copy(update={"keeping": by_hand}))) == {}


def test_what_whole_months_remove_is_not_removed_row_by_row() -> None:
    assert "visits" not in purges(derive(museum()))


def test_rows_that_others_need_stay() -> None:
    """Whatever restricts, on any way that the delete would take."""
    (way,) = purges(derive(museum()))["notes"].blockers
    assert [(hop.table, hop.columns, hop.referenced) for hop in way] == [
        ("uploads", ("note_id",), ("id",))
    ]
    design = Design(
        entities=(entity("Trip", deletion="soft"), entity("Leg"), entity("Bill")),
        relationships=(link("trip", "leg", on_delete="cascade"),
                       link("leg", "bill", on_delete="restrict")),
        keeping=Keeping(cleanup="job", restore_days=7),
    )  # fmt: skip
    (way,) = purges(derive(design))["trips"].blockers
    assert [hop.table for hop in way] == ["legs", "bills"]


def test_children_come_before_their_parents() -> None:
    design = Design(
        entities=(entity("Trip", deletion="soft"), entity("Leg", deletion="soft")),
        relationships=(link("trip", "leg", on_delete="restrict"),),
        keeping=Keeping(cleanup="job", restore_days=7),
    )
    assert list(purges(derive(design))) == ["legs", "trips"]


def test_a_circle_of_tables_ends() -> None:
    design = Design(
        entities=(entity("A", deletion="soft"), entity("B", deletion="soft")),
        relationships=(link("a", "b", on_delete="cascade", optional="yes"),
                       link("b", "a", on_delete="cascade", optional="yes"),
                       link("a", "a", id="self", on_delete="restrict", optional="yes")),
        keeping=Keeping(cleanup="job", restore_days=7),
    )  # fmt: skip
    assert set(purges(derive(design))) == {"as", "bs"}


def test_a_tree_under_which_something_refuses_goes_from_its_leaves() -> None:
    """However deep the chain: who has children waits, so that no delete reaches what refuses."""
    tree = link("folder", "folder", id="under", itself="tree", optional="yes", on_delete="cascade")
    design = Design(
        entities=(entity("Folder", deletion="soft"), entity("File")),
        relationships=(tree, link("folder", "file", on_delete="restrict")),
        keeping=Keeping(cleanup="job", restore_days=30),
    )
    ways = purges(derive(design))["folders"].blockers
    assert {tuple(hop.table for hop in way) for way in ways} == {("folders",), ("files",)}


def test_a_time_without_an_end_is_said() -> None:
    job = entity("Job", made("job"), fact("job", "name"), archetype="process", keep_for="90 days")
    derived = derive(Design(entities=(job,), keeping=JOB))
    assert purges(derived) == {}
    (said,) = (p for p in derived.problems if p.rule == "keep-without-end")
    assert "no column says when that is" in said.message


def test_a_purge_finds_what_is_due_through_an_index() -> None:
    """One that is there, or a new one; in a small table it reads all rows."""
    entities = (
        entity("Session", fact("session", "expires_at", required="start"), keep_for="1 day",
               archetype="key", rows=9000),
        entity("Post", deletion="soft", rows=9000, keep_for="1 year"),
        entity("Flag", deletion="soft", rows=20, keep_for="1 year"),
    )  # fmt: skip
    over = pattern("over", "session", who="worker", range="expires_at", index="yes")
    schema = derive(Design(entities=entities, access_patterns=(over,), keeping=JOB)).schema
    (own,) = schema.table("sessions").indexes
    assert own.serves == ("over", "sessions_purge")
    assert own.because == "over; serves the purge of sessions"
    (added,) = schema.table("posts").indexes
    assert [part.column for part in added.parts] == ["deleted_at"]
    assert added.predicate == IsNull(Name("deleted_at"), negated=True)
    assert schema.table("flags").indexes == ()


def test_rows_that_whole_months_do_not_remove_are_found_through_an_index() -> None:
    """Where there are no parts a purge deletes row by row."""
    visits = fit(derive(museum()).schema, "sqlite").schema.table("visits")
    assert [i.serves for i in visits.indexes if i.parts[0].column == "created_at"] == [
        ("visits_purge",)
    ]


@pytest.mark.parametrize("database", ["mariadb", "mysql"])
def test_an_index_that_only_leaves_out_null_is_no_loss_without(database: str) -> None:
    """With the rows that are not due in it, it serves as well: nothing to be warned of."""
    post = entity("Post", deletion="soft", rows=9000, keep_for="1 year")
    fitted = fit(derive(Design(entities=(post,), keeping=JOB)).schema, database)
    assert [f.rule for f in fitted.findings if f.rule.endswith("-partial")] == []
    (index,) = fitted.schema.table("posts").indexes
    assert index.predicate is None
