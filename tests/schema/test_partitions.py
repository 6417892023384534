"""Tables are cut as answered, their keys carry the cost, and what cannot be cut is said."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import Derived, derive
from schemawalk.schema.model import Finding, Partition, Table
from schemawalk.schema.routine import Routine
from tests.lasting import made, museum
from tests.schema.designs import entity, fact, link


def cut(table: Table) -> Partition:
    assert table.partition is not None
    return table.partition


def routines(derived: Derived, purpose: str) -> dict[str, Routine]:
    return {r.table: r for r in derived.schema.things(Routine) if r.purpose == purpose}


def found(derived: Derived, rule: str) -> dict[str, Finding]:
    return {problem.subject: problem for problem in derived.problems if problem.rule == rule}


def test_the_partition_key_stands_in_every_key() -> None:
    visits = derive(museum()).schema.table("visits")
    assert visits.primary_key.columns == ("id", "created_at")
    assert [unique.columns for unique in visits.uniques] == [("page", "created_at")]


def test_what_the_keys_lose_is_told() -> None:
    told = found(derive(museum()), "partition-widens-keys")
    assert told["visit"].severity == "warning"
    assert "uq_visits_page holds only among rows of one created_at" in told["visit"].message
    assert told["ticket"].severity == "hint"


def test_months_are_no_part_of_the_schema() -> None:
    """Else the same design would give other SQL next month."""
    months = cut(derive(museum()).schema.table("visits"))
    assert (months.by, months.parts, months.rest) == ("range", (), "visits_rest")


def test_a_list_has_a_part_for_each_value_and_one_for_the_rest() -> None:
    listed = cut(derive(museum()).schema.table("tickets"))
    assert [(p.name, p.value) for p in listed.parts] == [
        ("tickets_open", "open"), ("tickets_it_s_done", "it's done"),
    ]  # fmt: skip
    assert listed.rest == "tickets_rest"


def test_a_list_of_parents_gets_its_parts_from_a_routine() -> None:
    derived = derive(museum())
    assert cut(derived.schema.table("uploads")).parts == ()
    assert routines(derived, "roll")["uploads"].of == "venues"


def test_a_spread_has_as_many_parts_as_five_years_of_rows_want() -> None:
    spread = cut(derive(museum()).schema.table("readings"))
    assert (spread.by, len(spread.parts), spread.rest) == ("hash", 16, "")


def test_old_months_go_where_rows_are_kept_for_a_time() -> None:
    assert str(routines(derive(museum()), "roll")["visits"].age) == "2 years"
    design = museum()
    by_hand = design.keeping.model_copy(update={"cleanup": "by-hand"})
    kept = derive(design.model_copy(update={"keeping": by_hand}))
    assert routines(kept, "roll")["visits"].age is None


def refused(*facts: object, **more: object) -> str:
    """Why a table of scans stays in one piece."""
    scan = entity("Scan", *facts, **more)  # type: ignore[arg-type]
    design = Design(
        entities=(scan, entity("Line", fact("line", "text"))),
        relationships=(link("scan", "line"),) if more.get("archetype") == "thing" else (),
    )
    derived = derive(design)
    assert derived.schema.table("scans").partition is None
    return found(derived, "partition-not-possible")["scan"].message


@pytest.mark.parametrize(
    ("facts", "more", "why"),
    [
        ((fact("scan", "read_at"),), {"partition": "range", "partition_by": "read_at"},
         "may be absent"),
        ((fact("scan", "page", required="start"),), {"partition": "range", "partition_by": "page"},
         "is no moment"),
        ((fact("scan", "page", required="start"),), {"partition": "list", "partition_by": "page"},
         "nobody knows which values"),
        ((made("scan"),), {"partition": "range", "partition_by": "gone_at"}, "has no gone_at"),
        ((made("scan"),), {"partition": "range", "partition_by": "created_at",
                           "archetype": "thing"}, "lines refers to it"),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_stays_in_one_piece(
    facts: tuple[object, ...], more: dict[str, object], why: str
) -> None:
    assert why in refused(*facts, **more)


def test_a_spread_by_the_own_key_costs_nothing() -> None:
    """The id is in the key already, and what refers to it may go on doing so."""
    scan = entity("Scan", made("scan"), partition="hash")
    design = Design(entities=(scan, entity("Line")), relationships=(link("scan", "line"),))
    derived = derive(design)
    assert cut(derived.schema.table("scans")).column == "id"
    assert derived.problems == ()


def test_a_database_without_partitions_has_its_keys_whole() -> None:
    fitted = fit(derive(museum()).schema, "sqlite")
    visits = fitted.schema.table("visits")
    assert visits.partition is None
    assert visits.primary_key.columns == ("id",)
    assert [unique.columns for unique in visits.uniques] == [("page",)]
    lost = {f.subject for f in fitted.findings if f.rule == "sqlite-refused-partition"}
    assert lost == {"visit", "ticket", "reading", "upload"}


def test_without_months_to_drop_old_rows_are_deleted() -> None:
    around = fit(derive(museum()).schema, "sqlite").schema.things(Routine)
    said = {(r.name, r.purpose, str(r.age)) for r in around if r.table == "visits"}
    assert said == {("visits_purge", "purge", "2 years")}
    assert not [r for r in around if r.purpose == "roll"]


def test_what_innodb_could_split_is_told_for_what_it_is() -> None:
    """A foreign key is in the way of a split; where there is none, nothing is said of keys."""
    alone = entity("Visit", made("visit"), archetype="event", partition="range",
                   partition_by="created_at", rows=50_000_000)  # fmt: skip
    held = link("page", "visit", on_delete="cascade")
    for links, reason in (((), "written for PostgreSQL alone"), ((held,), "foreign keys")):
        design = Design(entities=(entity("Page"), alone), relationships=links)
        (said,) = (f for f in fit(derive(design).schema, "mariadb").findings
                   if f.rule == "mariadb-refused-partition")  # fmt: skip
        assert reason in said.message
