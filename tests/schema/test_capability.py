"""The capability pass: what a database lacks is emulated or said, never dropped in silence."""

from __future__ import annotations

from schemawalk.schema.capability import fit
from schemawalk.schema.dialects import SQLITE
from tests.schemas import library


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
