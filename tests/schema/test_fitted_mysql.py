"""What MySQL and MariaDB cannot hold: what stands for it, and what is said to be lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemawalk.schema.capability.fit import Fitted, fit
from schemawalk.schema.language.expression import Literal, Name
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import (
    Column,
    ForeignKey,
    Index,
    IndexPart,
    Schema,
    Table,
    Type,
    Unique,
)
from tests.schemas import NOW, UUID, check, column, index, key, reference

DATABASES = ("mysql", "mariadb")
BOTH = pytest.mark.parametrize("database", DATABASES)


def fitted(table: Table, database: str = "mariadb", version: str | None = None) -> Fitted:
    """A table, beside a table of people, as a database can hold it."""
    return fit(Schema((Table("people", (UUID,), key("people")), table)), database, version)


def notes(*columns: Column, **more: object) -> Table:
    """A table `notes` with these columns after its id."""
    return Table("notes", (UUID, *columns), key("notes"), **more)  # type: ignore[arg-type]


def made(table: Table, database: str = "mariadb", version: str | None = None) -> Table:
    """The table `notes` as a database can hold it."""
    return fitted(table, database, version).schema.table("notes")


def rules(found: Fitted) -> list[str]:
    """The rules of the findings, without the database's name."""
    return [finding.rule.partition("-")[2] for finding in found.findings]


@BOTH
def test_a_key_among_some_rows_gets_a_column_that_is_null_for_the_others(database: str) -> None:
    """Both have no partial indexes; nothing is lost, so nothing is said."""
    live = replace(index("ux", "name", where="gone_at is null"), unique=True)
    found = fitted(
        notes(
            column("name", "text"), column("gone_at", "timestamptz", null=True), indexes=(live,),
            checks=(check("ck_length", "length(name) <= 60"),),
        ),
        database,
    )  # fmt: skip
    table = found.schema.table("notes")
    (unique,) = table.indexes
    guard = table.column(unique.guard)
    assert unique.predicate == live.predicate
    assert guard.nullable
    assert guard.generated is not None
    assert guard.invisible
    assert table.column("name").type == Type("varchar", 61)
    assert rules(found) == []


@BOTH
def test_an_index_of_some_rows_is_one_of_all(database: str) -> None:
    """It is larger than it was meant to be, and that is said."""
    part = index("ix", "id", where="done = true")
    found = fitted(notes(column("done", "boolean"), indexes=(part,)), database)
    assert [i.predicate for i in found.schema.table("notes").indexes] == [None]
    assert rules(found) == ["lossy-partial"]


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("refused-check-counting", Table(
            "notes", (Column("id", Type("bigint"), identity=True), column("n", "bigint")),
            key("notes"), checks=(check("ck", "n <> id"),))),
        ("refused-check-emptied", notes(
            column("person_id", "uuid", null=True), column("other_id", "uuid", null=True),
            checks=(check("ck", "person_id <> other_id"),),
            foreign_keys=(reference("notes", "person_id", "people", "SET NULL"),))),
        ("refused-check-now", notes(
            column("at", "timestamptz"), checks=(check("ck", "at <= now()"),))),
    ],
)  # fmt: skip
@BOTH
def test_a_check_that_cannot_be_made_is_said(database: str, rule: str, table: Table) -> None:
    """Ids that count, columns that a key's action changes, and what time it is."""
    found = fitted(table, database)
    assert found.schema.table("notes").checks == ()
    assert rules(found) == [rule]


def test_a_check_beside_a_key_that_deletes_stays() -> None:
    """Only an action that writes into the column stands in the way."""
    table = notes(
        column("person_id", "uuid"), column("other_id", "uuid"),
        checks=(check("ck", "person_id <> other_id"),),
        foreign_keys=(reference("notes", "person_id", "people", "CASCADE"),),
    )  # fmt: skip
    assert [each.name for each in made(table).checks] == ["ck"]


@pytest.mark.parametrize(
    ("version", "kept"), [("8.0.15", False), ("8.0.16", True), ("8.4", True), (None, True)]
)
def test_checks_count_from_the_version_that_heeds_them(version: str | None, kept: bool) -> None:
    """Before 8.0.16 MySQL reads a CHECK and forgets it."""
    table = notes(column("n", "integer"), checks=(check("ck", "n > 0"),))
    assert bool(made(table, "mysql", version).checks) is kept


@pytest.mark.parametrize(("version", "down"), [("10.6", False), ("10.11", True), (None, True)])
def test_indexes_go_down_from_the_version_that_can(version: str | None, down: bool) -> None:
    """MariaDB read DESC and forgot it before 10.8."""
    table = notes(column("n", "integer"), indexes=(index("ix", "id", "-n"),))
    (found,) = made(table, "mariadb", version).indexes
    assert found.parts[1].descending is down


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, Type("text")),
        ({"checks": (check("ck", "length(name) <= 80"),)}, Type("varchar", 81)),
        ({"checks": (check("ck", "name matches '^[A-Z]{2}$'"),)}, Type("varchar", 3)),
        ({"checks": (check("ck", "name matches '^[+][0-9]{7,15}$'"),)}, Type("varchar", 17)),
        ({"checks": (check("ck", "name matches '^[a-z]+$'"),)}, Type("text")),
        ({"checks": (check("ck", "length(name) < 400"),)}, Type("varchar", 400)),
        ({"checks": (check("ck", "length(name) between 2 and 50"),)}, Type("varchar", 51)),
        ({"checks": (check("ck", "length(name) = 60"),)}, Type("varchar", 61)),
        ({"checks": (check("ck", "length(name) <= 9000"),)}, Type("text", 9001)),
        ({"checks": (check("ck", "length(name) <= 9000 or id is null"),)}, Type("text")),
        ({"checks": (check("ck", "name in ('a', 'bc')"),)}, Type("varchar", 32)),
        ({"uniques": (Unique("uq", ("name",)),)}, Type("varchar", 255)),
        ({"indexes": (index("ix", "name"),)}, Type("varchar", 255)),
        ({"indexes": (replace(index("ix", "name"), method="fulltext"),)}, Type("text")),
    ],
)
@BOTH
def test_a_text_has_the_room_that_it_needs(
    database: str, given: dict[str, object], wanted: Type
) -> None:
    """A length where a rule says one, or a key wants one; else as long as it may be."""
    assert made(notes(column("name", "text"), **given), database).column("name").type == wanted


def test_a_text_with_a_default_has_a_greatest_length() -> None:
    """And where no rule had said one, that is a loss."""
    found = fitted(notes(column("name", "text", default="x")))
    assert found.schema.table("notes").column("name").type == Type("varchar", 255)
    (finding,) = found.findings
    assert "notes.name has at most 255 characters on MariaDB" in finding.message


def test_texts_share_the_bytes_of_a_key() -> None:
    """Four of them with 255 characters each would be too many."""
    names = tuple(f"n{at}" for at in range(4))
    table = notes(*(column(name, "text") for name in names), indexes=(index("ix", *names),))
    assert {made(table).column(name).type.precision for name in names} == {192}


@BOTH
def test_what_is_in_json_cannot_be_in_a_key(database: str) -> None:
    """Neither in a plain index nor in one for its inside."""
    table = notes(
        column("data", "json"), column("tags", "list"),
        indexes=(index("i1", "data"), index("i2", "tags", method="gin")),
    )  # fmt: skip
    found = fitted(table, database)
    assert found.schema.table("notes").indexes == ()
    assert sorted(rules(found)) == ["refused-gin", "refused-json-in-key"]


@BOTH
def test_every_foreign_key_has_an_index(database: str) -> None:
    """InnoDB makes one where it finds none: better one with a name and a reason."""
    keys = tuple(reference("notes", name, "people", "CASCADE") for name in ("a_id", "b_id"))
    table = notes(
        column("a_id", "uuid"), column("b_id", "uuid"),
        foreign_keys=keys, uniques=(Unique("uq", ("a_id", "b_id")),),
    )  # fmt: skip
    (added,) = made(table, database).indexes
    assert (added.name, added.parts) == ("ix_notes_b_id", (IndexPart("b_id"),))
    assert "InnoDB" in added.because


def test_keys_of_a_cycle_are_checked_at_once() -> None:
    """Nothing waits for COMMIT: the first row comes without the other, and is given it next."""
    waits = replace(reference("notes", "person_id", "people", "RESTRICT"), deferrable=True)
    found = fitted(notes(column("person_id", "uuid"), foreign_keys=(waits,)))
    assert not found.schema.table("notes").foreign_keys[0].deferrable
    assert found.schema.table("notes").column("person_id").nullable
    assert rules(found) == ["lossy-deferrable"]


@BOTH
def test_a_key_that_empties_one_of_its_columns_is_two(database: str) -> None:
    """SET NULL empties all columns of a key, and the tenant must stay."""
    tied = ForeignKey("fk", ("team_id", "person_id"), "people", ("id", "id"), "SET NULL",
                      emptied=("person_id",))  # fmt: skip
    table = notes(column("team_id", "uuid"), column("person_id", "uuid", null=True),
                  foreign_keys=(tied,))  # fmt: skip
    empties, ties = made(table, database).foreign_keys
    assert (empties.columns, empties.on_delete) == (("person_id",), "SET NULL")
    assert (ties.columns, ties.on_delete) == (("team_id", "person_id"), "NO ACTION")


def test_an_index_on_an_expression_needs_a_column_in_mariadb() -> None:
    """MySQL has them since 8.0.13."""
    lower = Index("ix", (IndexPart("name", expression=parse("lower(name)")),))
    table = notes(column("name", "text"), indexes=(lower,))
    assert made(table, "mysql").indexes[0].parts[0].expression is not None
    for database, version in (("mariadb", None), ("mysql", "8.0.12")):
        part = made(table, database, version).indexes[0].parts[0]
        assert part.expression is None
        assert made(table, database, version).column(part.column).virtual


@BOTH
def test_moments_are_spelled_in_utc_without_letters(database: str) -> None:
    """In defaults, comparisons, lists and ranges: neither database reads T and Z."""
    late = "2026-03-14T09:26:53+02:00"
    table = notes(
        column("at", "timestamptz", default=late),
        Column("seen_at", Type("timestamptz"), default=NOW),
        column("said", "text"),
        checks=(
            check("c1", f"at > '{late}'"),
            check("c2", f"at between '{late}' and '2027-01-01'"),
            check("c3", f"said <> '{late}'"),
        ),
    )
    found = made(table, database)
    spelled = Literal("2026-03-14 07:26:53")
    c1, c2, c3 = (each.expression for each in found.checks)
    assert found.column("at").default == spelled
    assert found.column("seen_at").default == NOW
    assert c1 == replace(parse("at > 'x'"), right=spelled)  # type: ignore[type-var]
    assert c2.low == spelled  # type: ignore[union-attr]
    assert c3.right == Literal(late)  # type: ignore[union-attr]
    assert c1.left == Name("at")  # type: ignore[union-attr]


@BOTH
def test_a_text_is_as_wide_as_what_it_is(database: str) -> None:
    """A hash or an object store's key has its length without a rule that says it."""
    texts = (replace(column("hashed", "text"), longest=255),
             replace(column("photo", "text"), longest=1024))  # fmt: skip
    table = made(notes(*texts), database)
    types = [table.column(name).type for name in ("hashed", "photo")]
    assert types == [Type("varchar", 255), Type("text", 1024)]


@pytest.mark.parametrize(
    ("database", "version", "unseen"),
    [("mariadb", "10.11", True), ("mysql", "8.4", True), ("mysql", "8.0.22", False)],
)
def test_what_stands_for_a_predicate_is_not_among_all_columns(
    database: str, version: str, unseen: bool
) -> None:
    """From the version on that can leave a column out of SELECT *."""
    live = replace(index("ux", "name", where="gone_at is null"), unique=True)
    columns = (column("name", "text"), column("gone_at", "timestamptz", null=True))
    table = made(notes(*columns, indexes=(live,)), database, version)
    assert table.column(table.indexes[0].guard).invisible == unseen


@BOTH
def test_texts_stand_beside_a_row_that_would_be_too_large(database: str) -> None:
    """A row has 65,535 bytes, and what is in a key must stay in it."""
    texts = [Column(f"c{n}", Type("text"), default=Literal("x"), longest=255) for n in range(70)]
    table = made(notes(*texts, indexes=(index("ix", "c0"),)), database)
    types = [column.type.name for column in table.columns[1:]]
    assert types[0] == "varchar"
    each = 4 * 256 + 2
    assert (70 - types.count("text")) * each < 65_535 < (71 - types.count("text")) * each
    assert made(notes(*texts[:60]), database).columns[1].type.name == "varchar"
