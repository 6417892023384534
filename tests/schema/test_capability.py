"""The capability pass: what a database lacks is emulated or said, never dropped in silence."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from uuid import UUID

import pytest

from schemawalk.schema.capability.fit import fit
from schemawalk.schema.dialects.registry import DIALECTS, SQLITE
from schemawalk.schema.language.expression import Call, Name
from schemawalk.schema.model import Column, PrimaryKey, Schema, Table, Type, Unique
from schemawalk.schema.review import review
from tests.schema.rentals import rentals
from tests.schemas import check, column, library


def test_postgresql_takes_everything_as_it_is() -> None:
    fitted = fit(library(), "postgresql")
    assert fitted.schema == library()
    assert fitted.findings == ()


def test_sqlite_gets_checks_for_the_types_that_it_lacks() -> None:
    readers = fit(library(), "sqlite").schema.table("readers")
    said = {c.name: SQLITE.sql(c.expression) for c in readers.checks}
    assert said["ck_readers_active_boolean"] == "active IN (0, 1)"
    assert said["ck_readers_settings_json"] == "settings IS NULL OR json_valid(settings)"
    assert said["ck_readers_born_on_date"] == "born_on IS date(born_on, '+0 days')"


def test_a_native_enum_becomes_text_with_a_check() -> None:
    fitted = fit(library(), "sqlite").schema
    assert fitted.enums == ()
    books = fitted.table("books")
    assert books.column("state").type.name == "text"
    assert "ck_books_state_enum" in {c.name for c in books.checks}


def test_each_loss_is_a_finding() -> None:
    rules = {f.rule for f in fit(library(), "sqlite").findings}
    assert rules == {"sqlite-refused-match", "sqlite-refused-gin", "sqlite-lossy-numeric"}


def _first(schema: Schema, database: str, version: str | None = None) -> str:
    column = fit(schema, database, version).schema.tables[0].columns[0]
    return DIALECTS[database].default(column)


def test_ids_are_in_order_of_time_where_the_database_makes_such() -> None:
    """Version 7 natively, or by an expression; version 4 on servers that have neither."""
    columns = (Column("id", Type("uuid"), default=Call("uuid7")),)
    schema = Schema((Table("t", columns, PrimaryKey("pk_t", ("id",))),))
    assert _first(schema, "postgresql", "18") == "uuidv7()"
    assert _first(schema, "postgresql") == "uuidv7()"
    assert _first(schema, "postgresql", "17.6") == "gen_random_uuid()"
    with sqlite3.connect(":memory:") as connection:
        made = [connection.execute(f"SELECT {_first(schema, 'sqlite')}").fetchone() for _ in "ab"]
    first, second = (UUID(text) for (text,) in made)
    assert (first.version, second.version) == (7, 7)
    age = dt.datetime.now(dt.UTC).timestamp() * 1000 - (first.int >> 80)
    assert abs(age) < 60_000


def test_what_one_database_s_columns_cost_is_said() -> None:
    columns = (
        column("id", "uuid"),
        replace(column("email", "text"), collation="any-case"),
        column("host", "inet"),
        column("code", "varchar", precision=8),
    )
    table = Table(
        "t", columns, PrimaryKey("pk_t", ("id",)), uniques=(Unique("uq", ("email",)),),
        checks=(check("ck", "lower(code) = code"),),
    )  # fmt: skip
    on_sqlite = fit(Schema((table,)), "sqlite")
    assert {f.rule for f in on_sqlite.findings} == {
        "sqlite-lossy-collation", "sqlite-lossy-inet", "sqlite-lossy-lower",
    }  # fmt: skip
    assert on_sqlite.schema.table("t").column("code").type.name == "text"
    on_postgresql = fit(Schema((table,)), "postgresql")
    assert on_postgresql.findings == ()
    (index,) = on_postgresql.schema.table("t").indexes
    assert (index.name, index.unique, on_postgresql.schema.table("t").uniques) == ("uq", True, ())
    assert index.parts[0].expression == Call("lower", (Name("email"),))


@pytest.mark.parametrize(("version", "kept"), [("8.0", True), ("8", True), ("8.0.15", False)])
def test_a_version_that_leaves_the_rest_open_is_the_newest_of_its_kind(
    version: str, kept: bool
) -> None:
    """MySQL enforces CHECKs from 8.0.16 on: whoever says 8.0 has them."""
    fitted = fit(library(), "mysql", version)
    assert bool(fitted.schema.table("books").checks) is kept
    assert ("mysql-refused-check" not in {f.rule for f in fitted.findings}) is kept


def test_what_mongodb_cannot_keep_is_said() -> None:
    design = rentals()
    stack = design.stack.model_copy(update={"database": "mongodb"})
    found = {each.rule for each in review(design.model_copy(update={"stack": stack})).findings}
    assert {
        "mongodb-refused-foreign-key", "mongodb-refused-default", "mongodb-refused-guard-trigger",
        "mongodb-refused-audit-trigger", "mongodb-refused-history-trigger",
    } <= found  # fmt: skip
    assert "mongodb-refused-rule-trigger" not in found
