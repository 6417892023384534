"""Keys that people write: what refers to them compares, and has room, as they do."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from tests.schema.designs import entity, fact, link


def lands(**code: object) -> Design:
    """Lands that are known by a code, in a chain; towns of one land, and roads through several."""
    told = {"kind": "identifier", "required": "start", **code}
    return Design(
        entities=(
            entity("Land", fact("land", "code", **told), key="natural", identity=("code",)),
            entity("Town", fact("town", "name", required="start")),
            entity("Road", fact("road", "name", required="start")),
        ),
        relationships=(
            link("land", "town", on_delete="restrict", on_update="cascade"),
            link("land", "land", id="above", itself="tree", optional="yes",
                 on_delete="restrict", on_update="restrict"),
            link("road", "land", many_a="yes"),
        ),
    )  # fmt: skip


REFERRING = (("towns", "land_code"), ("lands", "parent_code"), ("road_lands", "land_code"))


def held(database: str, **code: object) -> Schema:
    return fit(derive(lands(**code)).schema, database).schema


@pytest.mark.parametrize(("table", "column"), REFERRING)
@pytest.mark.parametrize("database", ["mariadb", "sqlite"])
def test_what_refers_compares_as_the_key_does(database: str, table: str, column: str) -> None:
    """MariaDB refuses a foreign key between two collations (error 150)."""
    for collation, kept in (("any-case", "any-case"), ("exact", "")):
        schema = held(database, collation=collation)
        assert schema.table("lands").column("code").collation == kept
        assert schema.table(table).column(column).collation == kept


@pytest.mark.parametrize(("table", "column"), REFERRING)
@pytest.mark.parametrize("length", [8, 400])
def test_what_refers_has_room_for_the_longest_key(table: str, column: str, length: int) -> None:
    fitted = fit(derive(lands(length=length)).schema, "mariadb")
    key = fitted.schema.table("lands").column("code")
    assert (key.type.precision or 0) >= length
    assert fitted.schema.table(table).column(column).type == key.type
    assert not any(column in f.message for f in fitted.findings), "nothing is lost"


def test_postgresql_tells_no_key_from_one_that_differs_in_case() -> None:
    lands_table = held("postgresql", collation="any-case").table("lands")
    (index,) = (i for i in lands_table.indexes if i.unique)
    assert index.name == "uq_lands_code_lower"
    assert "upper or lower case" in index.because


def test_postgresql_finds_what_refers_by_the_key_as_it_is() -> None:
    (index,) = held("postgresql", collation="any-case").table("towns").indexes
    assert [(part.column, part.expression) for part in index.parts] == [("land_code", None)]


def test_a_loss_is_said_of_the_key_alone() -> None:
    fitted = fit(derive(lands(collation="any-case")).schema, "sqlite")
    said = [f.message for f in fitted.findings if f.rule == "sqlite-lossy-collation"]
    assert [text.split()[0] for text in said] == ["lands.code"]


def test_what_refers_to_a_type_needs_no_check_of_it() -> None:
    """The check would never be what refuses a row."""
    schema = held("sqlite", length=9, bounded="varchar")
    assert "ck_lands_code_varchar" in {c.name for c in schema.table("lands").checks}
    assert schema.table("towns").checks == ()
