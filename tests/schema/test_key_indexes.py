"""Foreign keys on MySQL are checked for every row: through which index, and from which column."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemawalk.schema.capability.fit import fit
from schemawalk.schema.model import Column, Index, IndexPart, Schema, Table, Unique
from tests.schemas import UUID, column, index, key, reference

PEOPLE = Table("people", (UUID, column("house_id", "uuid")), key("people"))
HIDDEN = column("gone_at", "timestamptz", null=True)
LIVE = replace(index("ux_live", "person_id", "name", where="gone_at is null"), unique=True)
OWN = index("ix_own", "person_id")


def made(*indexes: Index, database: str = "mysql", **more: object) -> Table:
    """Notes of people, as the database holds them, with these indexes."""
    columns: tuple[Column, ...] = (UUID, column("person_id", "uuid"), column("name", "varchar"))
    columns = (*columns, HIDDEN)
    given = {"foreign_keys": (reference("notes", "person_id", "people", "CASCADE"),), **more}
    table = Table("notes", columns, key("notes"), indexes=indexes, **given)  # type: ignore[arg-type]
    return fit(Schema((PEOPLE, table)), database).schema.table("notes")


def shown(table: Table) -> list[str]:
    """The indexes in their order: name, columns, and a mark where they are unique."""
    return [
        f"{each.name}{'!' * each.unique} {','.join(part.column for part in each.parts)}"
        for each in table.indexes
    ]


def test_a_row_outside_of_a_unique_key_among_live_rows_is_checked_too() -> None:
    """The index for the key alone comes first, and holds no column that may be NULL."""
    assert shown(made(LIVE, OWN)) == ["ix_own! person_id,id", "ux_live! person_id,name"]


def test_the_reason_stays_and_says_what_else_it_is_for() -> None:
    first = made(LIVE, replace(OWN, because="joins with people")).indexes[0]
    assert first.because.startswith("joins with people; ")
    assert "MySQL checks fk_notes_person_id_people through it" in first.because


def test_a_key_without_an_index_of_its_own_gets_one() -> None:
    assert shown(made(LIVE)) == ["ix_notes_person_id! person_id,id", "ux_live! person_id,name"]


@pytest.mark.parametrize(
    "indexes",
    [
        (OWN, index("ix_late", "person_id", "gone_at")),
        (index("ix_name", "person_id", "name"), index("ix_late", "person_id", "gone_at")),
        (replace(LIVE, parts=tuple(map(IndexPart, ("name", "person_id")))), OWN),
    ],
)
def test_where_the_first_index_has_all_rows_nothing_is_changed(indexes: tuple[Index, ...]) -> None:
    """The order in which they are written counts among those that are not unique."""
    assert not any(each.startswith("ix") and "!" in each for each in shown(made(*indexes)))


def test_an_index_that_comes_first_and_may_hold_null_is_passed() -> None:
    late = index("ix_late", "person_id", "gone_at")
    assert shown(made(late, OWN)) == ["ix_own! person_id,id", "ix_late person_id,gone_at"]


def test_a_unique_constraint_that_may_be_empty_comes_after_the_keys_own() -> None:
    """Among keys that may be NULL the server goes by the order in which they are written."""
    apart = Unique("uq_apart", ("person_id", "gone_at"))
    columns = (UUID, column("person_id", "uuid", null=True), HIDDEN)
    table = Table("notes", columns, key("notes"), uniques=(apart,), indexes=(OWN,),
                  foreign_keys=(reference("notes", "person_id", "people", "CASCADE"),))  # fmt: skip
    found = fit(Schema((PEOPLE, table)), "mysql").schema.table("notes")
    assert found.uniques == ()
    assert shown(found) == ["ix_own! person_id,id", "uq_apart! person_id,gone_at"]


def test_mariadb_needs_none_of_it() -> None:
    assert shown(made(LIVE, OWN, database="mariadb")) == [
        "ux_live! person_id,name", "ix_own person_id",
    ]  # fmt: skip


def family(database: str) -> Table:
    """People with a parent in the same house, as the database holds them."""
    tie = replace(reference("people", "parent_id", "people", "CASCADE"),
                  columns=("house_id", "parent_id"),
                  referenced_columns=("house_id", "id"))  # fmt: skip
    table = Table(
        "people",
        (UUID, column("house_id", "uuid"), column("parent_id", "uuid", null=True)),
        key("people"),
        uniques=(Unique("uq_people_house_id_id", ("house_id", "id")),),
        foreign_keys=(tie,),
        indexes=(index("ix_parent", "house_id", "parent_id"),),
    )
    return fit(Schema((table,)), database).schema.table("people")


def test_a_key_to_its_own_table_begins_with_what_differs() -> None:
    """MySQL takes a row with the same first columns for one that refers to itself."""
    found = family("mysql")
    (tie,) = found.foreign_keys
    assert list(tie.pairs()) == [("parent_id", "id"), ("house_id", "house_id")]
    assert [each.columns for each in found.uniques] == [("house_id", "id"), ("id", "house_id")]
    assert shown(found) == ["ix_parent parent_id,house_id"]
    assert family("mariadb").foreign_keys[0].columns == ("house_id", "parent_id")
