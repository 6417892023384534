"""Proofs on real databases: a right migration passes, and no fault goes unnoticed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.model import Column, EnumType, Schema, Table, Type, Unique
from tests.engines.migrations import changed, migration, outcome
from tests.schemas import NOW, UUID, check, column, index, key, library, reference


def test_a_right_migration_is_proven(engine: Engine) -> None:
    """Every feature of the library, up and down and row by row."""
    proof = prove(engine, *migration(library(), engine))
    assert outcome(proof) == []
    assert proof.ok
    made = {check.name for check in proof.checks}
    assert made >= {
        "the catalogue equals the schema",
        "nothing is left",
        "loans: accepts a row",
        "readers: refuses NULL in email",
        "readers: refuses the same email twice",
        "books: refuses what breaks ck_books_price_cents",
        "loans: refuses a missing row of books in book_id",
        "loans: goes along when its row of books is deleted (book_id)",
        "loans: stays without its row of readers (reader_id)",
        "readers: keeps its row of branches from being deleted (branch_id)",
        "branches: stays without its row of readers (head_id)",
        "loans: fills in what is left out",
        "nothing is left after that",
    }
    assert engine.leftovers() == ()


@dataclass(frozen=True)
class Fault:
    """A change to the migration, what the catalogue must say, and which rows must show it."""

    pattern: str
    replacement: str
    sentence: str
    shown_by: str = ""
    commented: str = ""
    """What is gone or has another name: its comment goes as well."""


FAULTS = {
    "a lost CHECK": Fault(
        r",\n\s*CONSTRAINT ck_books_price_cents CHECK \(price_cents >= 0\)",
        "",
        "books: CHECK ck_books_price_cents is missing",
        "books: refuses what breaks ck_books_price_cents",
        "ck_books_price_cents",
    ),
    "a weaker CHECK": Fault(
        r"price_cents >= 0",
        "price_cents >= -5",
        "books: CHECK ck_books_price_cents: expression is",
        "books: refuses what breaks ck_books_price_cents",
    ),
    "a CHECK of another name": Fault(
        r"ck_books_price_cents CHECK",
        "price_is_positive CHECK",
        "books: CHECK price_is_positive is there",
        "books: refuses what breaks ck_books_price_cents",
        "ck_books_price_cents",
    ),
    "a lost WHERE": Fault(
        r" WHERE active = (true|1)", "", "index ix_readers_active: WHERE is nothing"
    ),
    "another WHERE": Fault(
        r" WHERE active = (true|1)",
        " WHERE active IS NOT NULL",
        "index ix_readers_active: WHERE is",
    ),
    "another action": Fault(
        r"(\(book_id\) REFERENCES books \(id\) ON DELETE )CASCADE",
        r"\1RESTRICT",
        "loans: foreign key fk_loans_book_id_books: ON DELETE is RESTRICT, the schema says CASCADE",
        "loans: goes along when its row of books is deleted (book_id)",
    ),
    "an action that empties": Fault(
        r"(\(series_id\) REFERENCES books \(id\) ON DELETE )CASCADE",
        r"\1SET NULL",
        "ON DELETE is SET NULL, the schema says CASCADE",
        "books: goes along when its row of books is deleted (series_id)",
    ),
    "an action that takes along": Fault(
        r"(\(reader_id\) REFERENCES readers \(id\) ON DELETE )SET NULL",
        r"\1CASCADE",
        "ON DELETE is CASCADE, the schema says SET NULL",
        "loans: stays without its row of readers (reader_id)",
    ),
    "a lost action": Fault(
        r"(\(reader_id\) REFERENCES readers \(id\)) ON DELETE SET NULL",
        r"\1",
        "ON DELETE is NO ACTION, the schema says SET NULL",
        "loans: stays without its row of readers (reader_id)",
    ),
    "too much of an action": Fault(
        r"(\(branch_id\) REFERENCES branches \(id\) ON DELETE )RESTRICT",
        r"\1CASCADE",
        "ON DELETE is CASCADE, the schema says RESTRICT",
        "readers: keeps its row of branches from being deleted (branch_id)",
    ),
    "a lost foreign key": Fault(
        r",\s*(--[^\n]*\s*)?CONSTRAINT fk_loans_book_id_books\s+FOREIGN KEY[^\n]*",
        "",
        "loans: foreign key fk_loans_book_id_books is missing",
        "loans: refuses a missing row of books in book_id",
        "fk_loans_book_id_books",
    ),
    "a foreign key that waits": Fault(
        r"(\(book_id\) REFERENCES books \(id\) ON DELETE CASCADE)",
        r"\1 DEFERRABLE INITIALLY DEFERRED",
        "fk_loans_book_id_books: deferrable is from the start",
    ),
    "a lost DESC": Fault(
        r"created_at DESC",
        "created_at",
        "ix_readers_branch_id_created_at: columns is branch_id, created_at, the schema says "
        "branch_id, created_at DESC",
    ),
    "a lost NOT NULL": Fault(
        r"(title +\w+) +NOT NULL",
        r"\1",
        "books: column title: NULL is allowed, the schema says refused",
        "books: refuses NULL in title",
    ),
    "a lost index": Fault(
        r"CREATE INDEX ix_loans_book_id [^;]*;",
        "",
        "loans: index ix_loans_book_id is missing",
        commented="ix_loans_book_id",
    ),
    "an index that is unique": Fault(
        r"CREATE INDEX ix_loans_book_id ",
        "CREATE UNIQUE INDEX ix_loans_book_id ",
        "index ix_loans_book_id: unique is yes, the schema says no",
    ),
    "another type": Fault(
        r"weight_kg +[\w(),]+,", "weight_kg TEXT,", "books: column weight_kg: type is "
    ),
    "another default": Fault(
        r"DEFAULT 'open'",
        "DEFAULT 'late'",
        "loans: column status: default is 'late'",
        "loans: fills in what is left out",
    ),
    "a lost default": Fault(
        r" DEFAULT 'open'",
        "",
        "loans: column status: default is nothing",
        "loans: fills in what is left out",
    ),
    "a stray column": Fault(
        r"(  title )",
        r"  stray INTEGER,\n\1",
        "books: column stray is there, but the schema has none",
    ),
    "a lost UNIQUE": Fault(
        r",\s*CONSTRAINT uq_readers_email UNIQUE \(email\)",
        "",
        "readers: UNIQUE uq_readers_email is missing",
        "readers: refuses the same email twice",
    ),
    "another name": Fault(
        r"uq_readers_email", "readers_email_key", "UNIQUE readers_email_key is there"
    ),
    "a stray table": Fault(r"\nCOMMIT;", "\nCREATE TABLE s (i INTEGER);\nCOMMIT;", "table s is"),
    "a stray view": Fault(r"\nCOMMIT;", "\nCREATE VIEW v AS SELECT 1;\nCOMMIT;", "view v is"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_migration_is_noticed(standard_engine: Engine, fault: Fault) -> None:
    """The catalogue names it, and where rows can show it, they do."""
    schema, up, down = migration(library(), standard_engine)
    faulty = changed(up, fault.pattern, fault.replacement)
    if fault.commented:
        faulty = re.sub(rf"COMMENT ON \w+ {fault.commented}\b[^;]*;", "", faulty)
    proof = prove(standard_engine, schema, faulty, down)
    catalogue = next(c for c in proof.checks if c.name == "the catalogue equals the schema")
    assert not proof.ok
    assert fault.sentence in catalogue.detail
    if fault.shown_by:
        assert fault.shown_by in {check.name for check in proof.failed}
    assert standard_engine.leftovers() == ()


def test_the_order_of_an_enum_is_noticed(postgresql_url: str) -> None:
    """Enums sort as they are declared."""
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(library(), engine)
        proof = prove(engine, schema, changed(up, "'in', 'out'", "'out', 'in'"), down)
    assert any("enum book_state: values is 'out', 'in'" in line for line in outcome(proof))


def test_a_table_that_stays_is_noticed(standard_engine: Engine) -> None:
    """A way back that forgets something leaves it."""
    schema, up, down = migration(library(), standard_engine)
    proof = prove(standard_engine, schema, up, changed(down, "DROP TABLE branch_books;", ""))
    failed = {check.name: check.detail for check in proof.failed}
    # PostgreSQL refuses to drop what the forgotten table refers to.
    assert "down" in failed or "table branch_books" in failed["nothing is left"]
    assert standard_engine.leftovers() == ()


def test_a_type_that_stays_is_noticed(postgresql_url: str) -> None:
    """Enum types survive their tables, and then `up` fails the second time."""
    with open_engine("postgresql", postgresql_url) as engine:
        schema, up, down = migration(library(), engine)
        proof = prove(engine, schema, up, changed(down, "DROP TYPE book_state;", ""))
    failed = {check.name: check.detail for check in proof.failed}
    assert failed["nothing is left"] == "left: type public.book_state"
    assert 'type "book_state" already exists (SQLSTATE 42710)' in failed["up again"]


def test_sql_that_fails_is_one_sentence(standard_engine: Engine) -> None:
    """What the database said and where; nothing after it is tried."""
    schema, up, down = migration(library(), standard_engine)
    proof = prove(
        standard_engine, schema, up.replace("ON books (series_id)", "ON books (serie)"), down
    )
    (check,) = proof.checks
    assert not check.ok
    assert standard_engine.title in check.detail
    assert "serie" in check.detail
    assert "in: CREATE INDEX ix_books_series_id ON books (serie)" in check.detail
    assert "\n" not in check.detail


def test_a_reference_that_cannot_be_emptied_is_noticed(standard_engine: Engine) -> None:
    """SET NULL on a NOT NULL column passes as DDL and fails at the delete."""
    people = Table("people", (UUID,), key("people"))
    notes = Table(
        "notes",
        (UUID, column("author_id", "uuid")),
        key("notes"),
        foreign_keys=(reference("notes", "author_id", "people", "SET NULL"),),
    )
    proof = prove(standard_engine, *migration(Schema((people, notes)), standard_engine))
    (failed,) = proof.failed
    assert failed.name == "notes: stays without its row of people (author_id)"
    assert "author_id" in failed.detail


def test_a_cycle_that_no_row_can_enter_is_noticed(engine: Engine) -> None:
    """It can be created, but never filled: no check passes in silence."""
    hens = Table(
        "hens",
        (UUID, column("egg_id", "uuid")),
        key("hens"),
        foreign_keys=(reference("hens", "egg_id", "eggs", "RESTRICT", deferred=True),),
    )
    eggs = Table(
        "eggs",
        (UUID, column("hen_id", "uuid")),
        key("eggs"),
        foreign_keys=(reference("eggs", "hen_id", "hens", "RESTRICT"),),
    )
    proof = prove(engine, *migration(Schema((hens, eggs)), engine))
    assert not proof.ok
    assert {check.name for check in proof.not_made} >= {
        "hens: accepts a row",
        "eggs: accepts a row",
    }


def test_a_rule_that_nothing_breaks_is_told(engine: Engine) -> None:
    """A CHECK that is always true cannot refuse anything: that is said, not passed over."""
    table = Table("t", (UUID,), key("t"), checks=(check("ck", "1 = 1"),))
    proof = prove(engine, *migration(Schema((table,)), engine))
    (told,) = proof.not_made
    assert told.name == "t: refuses what breaks ck"
    assert "could not be tried" in told.detail
    assert not proof.ok


def test_rules_that_say_the_same_are_proven_together(engine: Engine) -> None:
    """What one rule refuses the other refuses too: that is a proof, and is said."""
    table = Table(
        "t",
        (UUID, column("n", "integer")),
        key("t"),
        checks=(check("weak", "n > 0"), check("strong", "n > 5")),
    )
    proof = prove(engine, *migration(Schema((table,)), engine))
    assert proof.ok, outcome(proof)
    details = {check.name: check.detail for check in proof.checks}
    assert details["t: refuses what breaks weak"] == "never alone: strong says no as well"
    assert details["t: refuses what breaks strong"] == ""


def test_many_kinds_of_columns_and_keys(engine: Engine) -> None:
    """Counting keys, every type, composite keys, partial keys, one-to-one, NULL where allowed."""
    kinds = Table(
        "kinds",
        (
            Column("id", Type("bigint"), identity=True),
            *(
                column(f"a_{kind}", kind, null=null)
                for kind, null in (
                    ("boolean", True), ("date", True), ("timestamptz", True), ("interval", False),
                    ("json", True), ("list", False), ("bytes", False), ("numeric", True),
                )
            ),
            Column("seen_at", Type("timestamptz"), default=NOW),
            column("due_at", "timestamptz"),
            Column("mood", Type("enum", enum="Mood"), nullable=True),
        ),
        key("kinds"),
        checks=(check("ck_due", "due_at >= seen_at"),),
    )  # fmt: skip
    extras = Table(
        "extras",
        (
            Column("kind_id", Type("bigint")),
            column("name", "text"),
            column("nick", "text"),
            column("gone_at", "timestamptz", null=True),
        ),
        key("extras", "kind_id"),
        uniques=(Unique("uq_extras", ("kind_id", "name")),),
        foreign_keys=(reference("extras", "kind_id", "kinds", "NO ACTION"),),
        indexes=(
            replace(index("ux_extras_live", "name", where="gone_at is null"), unique=True),
            replace(index("ux_extras_nick", "nick", where="nick <> 'none'"), unique=True),
        ),
    )
    schema = Schema((kinds, extras), (EnumType("Mood", ("good", "b'ad")),))
    proof = prove(engine, *migration(schema, engine))
    assert outcome(proof) == []
    allowed = [check.name for check in proof.checks if "allows" in check.name]
    assert allowed == ["extras: allows the same name where ux_extras_live does not apply"]


def test_a_table_that_takes_no_row_is_told_once(engine: Engine) -> None:
    """Nothing else is tried with it, and the rows of other tables still go in."""
    table = Table("t", (UUID, column("n", "integer")), key("t"))
    other = Table("o", (UUID,), key("o"))
    schema, up, down = migration(Schema((table, other)), engine)
    primary = "CONSTRAINT pk_t PRIMARY KEY"
    strict = changed(up, primary, f"CONSTRAINT no CHECK (n < 0), {primary}")
    proof = prove(engine, schema, strict, down)
    assert {check.name for check in proof.failed} == {
        "the catalogue equals the schema",
        "t: accepts a row",
    }
    assert [check.name for check in proof.not_made] == ["t: refuses what it should"]


def test_progress_is_told_in_order(engine: Engine) -> None:
    """Every step once, counted up to the announced total."""
    told: list[tuple[int, int, str]] = []
    prove(engine, *migration(library(), engine), progress=lambda *step: told.append(step))
    done, totals, names = zip(*told, strict=True)
    assert names[:2] == ("up", "the catalogue equals the schema")
    assert list(done) == list(range(totals[0]))
    assert len(set(totals)) == 1


@pytest.mark.parametrize("at", ["up", "down", "loans", "down with rows"])
def test_a_proof_can_be_cancelled(engine: Engine, at: str) -> None:
    """Whatever progress raises ends the proof, and the database is empty again."""

    class CancelledError(Exception):
        pass

    def cancel(_done: int, _total: int, what: str) -> None:
        if what == at:
            raise CancelledError

    with pytest.raises(CancelledError):
        prove(engine, *migration(library(), engine), progress=cancel)
    assert engine.leftovers() == ()


def test_a_proof_is_plain_data(engine: Engine) -> None:
    """For files and for other programs."""
    proof = prove(engine, *migration(library(), engine))
    said = json.loads(json.dumps(proof.as_json()))
    assert said["name"] == engine.name
    assert said["version"] == engine.version
    assert said["ok"] is True
    assert said["checks"][0] == {"name": "up", "ok": True, "detail": ""}
