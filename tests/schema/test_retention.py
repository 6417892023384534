"""Nothing outlives the time of what it hangs on unseen: earlier versions, and what is sealed."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Relationship
from schemawalk.design.spans import Span
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.derive import Derived, derive
from schemawalk.schema.model import Partition
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.volume import rows_after_five_years
from schemawalk.schema.things import Grant, Role
from tests.schema.designs import entity, fact, link

JOB = Keeping(cleanup="job")


def purges(derived: Derived) -> list[Routine]:
    return [r for r in derived.schema.things(Routine) if r.purpose == "purge"]


def told(derived: Derived) -> set[str]:
    return {problem.rule for problem in derived.problems}


def clinic(*links: Relationship, people_for: str = "1 year", **note: object) -> Derived:
    """People who go a year after they were deleted, and notes with earlier versions."""
    entities = (
        entity("Person", fact("person", "name"), archetype="person", deletion="soft",
               keep_for=people_for),
        entity("Room", fact("room", "name")),
        entity("Stay", fact("stay", "name")),
        entity("Note", fact("note", "body"), versions="history", **note),
    )  # fmt: skip
    return derive(Design(entities=entities, relationships=links, keeping=JOB))


def test_versions_go_with_what_their_row_hung_on() -> None:
    derived = clinic(link("person", "note", on_delete="cascade"))
    (_, versions) = purges(derived)
    assert (versions.name, versions.column) == ("notes_history_purge", "valid_to")
    assert versions.age == Span(0, "day")
    assert [hop.table for (hop,) in versions.blockers] == ["notes", "people"]
    assert "versions-outlive-rows" not in told(derived)


def test_versions_go_with_what_is_further_above() -> None:
    derived = clinic(link("person", "stay", on_delete="cascade"),
                     link("stay", "note", on_delete="cascade"))  # fmt: skip
    assert [hop.table for (hop,) in purges(derived)[-1].blockers] == ["notes", "stays"]


def test_versions_go_with_whichever_of_two_takes_the_row() -> None:
    derived = clinic(link("person", "stay", on_delete="cascade"),
                     link("person", "note", on_delete="cascade"),
                     link("stay", "note", on_delete="cascade"))  # fmt: skip
    ways = {way[-1][0].table for way in (r.blockers for r in purges(derived)[1:])}
    assert ways == {"people", "stays"}


@pytest.mark.parametrize("action", ["restrict", "set-null"])
def test_versions_of_what_does_not_go_along_stay(action: str) -> None:
    optional = "yes" if action == "set-null" else "no"
    derived = clinic(link("person", "note", on_delete=action, optional=optional))
    assert [routine.table for routine in purges(derived)] == ["people"]
    assert "versions-outlive-rows" not in told(derived)


def test_versions_stay_where_nothing_above_has_its_time() -> None:
    derived = clinic(link("room", "note", on_delete="cascade"), people_for="forever")
    assert purges(derived) == []
    assert "versions-outlive-rows" not in told(derived)


def test_versions_that_nobody_can_tell_apart_are_said() -> None:
    derived = clinic(link("person", "note", on_delete="cascade", optional="yes"))
    assert [routine.table for routine in purges(derived)] == ["people"]
    assert "versions-outlive-rows" in told(derived)


def test_a_time_of_their_own_outweighs_it() -> None:
    derived = clinic(link("person", "note", on_delete="cascade", optional="yes"),
                     keep_for="3 years", deletion="soft")  # fmt: skip
    versions = next(routine for routine in purges(derived) if routine.table == "notes_history")
    assert versions.age == Span(3, "year")
    assert "versions-outlive-rows" not in told(derived)


def events(**more: object) -> Design:
    """Something that happens twenty million times a year, in parts."""
    event = entity("Event", fact("event", "at", kind="moment", required="start"),
                   fact("event", "day", kind="date", required="start"), rows=20_000_000,
                   **{"archetype": "event", "keep_for": "2 years", **more})  # fmt: skip
    return Design(entities=(event,), keeping=JOB)


def split(**more: object) -> Partition:
    cut = derive(events(**more)).schema.tables[0].partition
    assert cut is not None
    return cut


def test_parts_hold_what_is_kept_and_no_more() -> None:
    kept = split(partition="hash")
    assert (len(kept.parts), kept.because.split(",")[0]) == (4, "40")
    forever = split(partition="hash", keep_for=None)
    assert (len(forever.parts), forever.because.split(",")[0]) == (8, "100")


@pytest.mark.parametrize(
    ("kept", "growth", "rows"),
    [("1 year", "doubles", 320), ("18 months", "steady", 29), ("10 years", "steady", 100),
     ("forever", "doubles", 620)],
)  # fmt: skip
def test_what_is_over_is_not_there_in_five_years(kept: str, growth: str, rows: int) -> None:
    design = events(keep_for=kept, growth=growth)
    (event,) = design.entities
    assert rows_after_five_years(event, Lookup(design)) // 1_000_000 == rows


def test_nobody_knows_when_the_time_of_what_changes_begins() -> None:
    design = events(archetype="thing")
    (event,) = design.entities
    assert rows_after_five_years(event, Lookup(design)) == 100_000_000


def test_months_are_said_to_be_dropped_where_something_drops_them() -> None:
    assert "dropped at once" in split(partition="range", partition_by="at").because
    other = split(partition="range", partition_by="day")
    assert other.because == "events of one month lie together"


@pytest.mark.parametrize(("tenancy", "told_of"), [("none", False), ("shared", True)])
def test_jobs_speak_of_tenants_where_there_are_any(tenancy: str, told_of: bool) -> None:
    clinic = entity("Clinic", fact("clinic", "name"), archetype="group", tenant="no")
    visit = entity("Visit", fact("visit", "at", kind="moment", required="start"), rows=20_000_000,
                   archetype="event", keep_for="2 years", partition="range", partition_by="at",
                   tenant="yes")  # fmt: skip
    design = Design(
        entities=(clinic, visit), relationships=(link("clinic", "visit"),),
        stack=Stack(database="postgresql", tenancy=tenancy),  # type: ignore[arg-type]
        keeping=Keeping(cleanup="job", roles="program", policies="database"),
    )  # fmt: skip
    around = derive(design).schema.around
    said = [t.because for t in around if isinstance(t, Role | Grant) and "jobs" in t.because]
    assert said
    assert any("tenant" in each for each in said) is told_of
