"""Proofs on MariaDB: whatever is missing or different in the SQL is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Column, Index, IndexPart, Schema, Table, Type
from tests.engines.migrations import changed, migration, outcome
from tests.schemas import UUID, column, index, key, library, reference


@pytest.fixture
def engine(mariadb_url: str) -> Iterator[Engine]:
    """An empty MariaDB."""
    with open_engine("mariadb", mariadb_url) as opened:
        yield opened


def members() -> Schema:
    """A name that is unique among those who are still there, and an address in any case."""
    live = replace(index("ux_members_name", "name", where="left_at is null"), unique=True)
    table = Table(
        "members",
        (
            UUID,
            column("name", "text"),
            Column("email", Type("text"), collation="any-case"),
            Column("twice", Type("bigint"), nullable=True, generated=parse("points * 2")),
            column("points", "bigint", default=0),
            column("left_at", "timestamptz", null=True),
        ),
        key("members"),
        indexes=(live, replace(index("ux_members_email", "email"), unique=True)),
    )
    return Schema((table,))


@dataclass(frozen=True)
class Fault:
    """A change to the migration, what the catalogue must say, and which rows must show it."""

    pattern: str
    replacement: str
    sentence: str
    shown_by: str = ""


FAULTS = {
    "a lost CHECK": Fault(
        r",\n\s*CONSTRAINT ck_books_price_cents CHECK \(price_cents >= 0\)",
        "",
        "books: CHECK ck_books_price_cents is missing",
        "books: refuses what breaks ck_books_price_cents",
    ),
    "a weaker CHECK": Fault(
        r"price_cents >= 0",
        "price_cents >= -5",
        "books: CHECK ck_books_price_cents: expression is",
        "books: refuses what breaks ck_books_price_cents",
    ),
    "a lost boolean": Fault(
        r",\n\s*CONSTRAINT ck_readers_active_boolean CHECK \(active IN \(FALSE, TRUE\)\)",
        "",
        "readers: CHECK ck_readers_active_boolean is missing",
        "readers: refuses what breaks ck_readers_active_boolean",
    ),
    "a lost end of a pattern": Fault(
        r"\[\^@\]\+\(\?!\.\)", "[^@]+", "readers: CHECK ck_readers_email: expression is"
    ),
    "another action": Fault(
        r"(\(book_id\) REFERENCES books \(id\) ON DELETE )CASCADE",
        r"\1RESTRICT",
        "loans: foreign key fk_loans_book_id_books: ON DELETE is RESTRICT, the schema says CASCADE",
        "loans: goes along when its row of books is deleted (book_id)",
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
        "ON DELETE is RESTRICT, the schema says SET NULL",
        "loans: stays without its row of readers (reader_id)",
    ),
    "a lost foreign key": Fault(
        r",\s*(--[^\n]*\s*)?CONSTRAINT fk_branch_books_branch_id_branches\s+FOREIGN KEY[^\n,]*",
        "",
        "branch_books: foreign key fk_branch_books_branch_id_branches is missing",
        "branch_books: refuses a missing row of branches in branch_id",
    ),
    "an update that follows": Fault(
        r"(\(branch_id\) REFERENCES branches \(id\) ON DELETE RESTRICT)",
        r"\1 ON UPDATE CASCADE",
        "ON UPDATE is CASCADE, the schema says NO ACTION",
    ),
    "a lost DESC": Fault(
        r"created_at DESC",
        "created_at",
        "ix_readers_branch_id_created_at: columns is branch_id, created_at, the schema says "
        "branch_id, created_at DESC",
    ),
    "a lost NOT NULL": Fault(
        r"(title +VARCHAR\(255\)) +NOT NULL",
        r"\1",
        "books: column title: NULL is allowed, the schema says refused",
        "books: refuses NULL in title",
    ),
    "a lost index": Fault(
        r",\s*(--[^\n]*\s*)?INDEX ix_loans_late [^\n]*", "", "loans: index ix_loans_late is missing"
    ),
    "half of an index": Fault(
        r"(INDEX ix_books_order \(`order`, title)", r"\1(10)", "title (10 characters) DESC"
    ),
    "an index that is unique": Fault(
        r"INDEX ix_loans_book_id ",
        "UNIQUE INDEX ix_loans_book_id ",
        "index ix_loans_book_id: unique is yes, the schema says no",
    ),
    "an index that nobody uses": Fault(
        r"(INDEX ix_loans_late \(started_at\))", r"\1 IGNORED", "columns is started_at UNUSED"
    ),
    "another type": Fault(
        r"weight_kg +[\w(),]+,", "weight_kg DOUBLE,", "books: column weight_kg: type is double"
    ),
    "JSON that is any text": Fault(
        r"settings( +)JSON",
        r"settings\1LONGTEXT COLLATE utf8mb4_bin",
        "readers: column settings: type is longtext utf8mb4_bin, the schema says longtext "
        "utf8mb4_bin CHECK (json_valid(`settings`))",
    ),
    "a text that is equal in any case": Fault(
        r"(  email +VARCHAR\(255\))",
        r"\1 COLLATE utf8mb4_general_ci",
        "readers: column email: type is varchar(255) utf8mb4_general_ci",
    ),
    "another default": Fault(
        r"DEFAULT 'open'",
        "DEFAULT 'late'",
        "loans: column status: default is 'late'",
        "loans: fills in what is left out",
    ),
    "a moment of the session's zone": Fault(
        r"(lasted +BIGINT)",
        r"\1 DEFAULT (CURRENT_TIMESTAMP(6))",
        "loans: column lasted: default is current_timestamp(6)",
    ),
    "a moment that follows each change": Fault(
        r"started_at( +)DATETIME\(6\),",
        r"started_at\1DATETIME(6) ON UPDATE CURRENT_TIMESTAMP(6),",
        "loans: column started_at: type is datetime(6) on update current_timestamp(6)",
    ),
    "a stray column": Fault(
        r"(  title )",
        r"  stray INT,\n\1",
        "books: column stray is there, but the schema has none",
    ),
    "a lost UNIQUE": Fault(
        r",\s*CONSTRAINT uq_readers_email UNIQUE \(email\)",
        "",
        "readers: index uq_readers_email is missing",
        "readers: refuses the same email twice",
    ),
    "a stray table": Fault(r"\Z", "\nCREATE TABLE stray (a INT);\n", "table stray is there"),
    "a stray view": Fault(r"\Z", "\nCREATE VIEW v AS SELECT 1 AS a;\n", "view v is there"),
}

LIVE_FAULTS = {
    "a unique key that forgets who left": Fault(
        r"UNIQUE INDEX ux_members_name \(name, \w+\)",
        "UNIQUE INDEX ux_members_name (name)",
        "members: index ux_members_name: columns is name, the schema says name, in_ux_members_name",
        "members: allows the same name where ux_members_name does not apply",
    ),
    "a key that never applies": Fault(
        r"IF\(left_at IS NULL, TRUE, NULL\)",
        "IF(left_at IS NOT NULL, TRUE, NULL)",
        "type is tinyint(1) VIRTUAL GENERATED, INVISIBLE AS (if(`left_at` is not null",
        "members: refuses the same name twice",
    ),
    "an address that knows cases": Fault(
        r" COLLATE utf8mb4_uca1400_nopad_as_ci",
        "",
        "members: column email: type is varchar(255) utf8mb4_nopad_bin",
        "members: refuses the same email in another case",
    ),
    "another sum": Fault(
        r"points \* 2", "points * 3", "members: column twice: type is", "members: computes twice"
    ),
    "a column that nobody computes": Fault(
        r"  GENERATED ALWAYS AS \(points \* 2\) STORED",
        "",
        "members: column twice: type is bigint(20), the schema says",
        "members: refuses another value in twice",
    ),
}


def _noticed(engine: Engine, schema: Schema, fault: Fault) -> None:
    fitted, up, down = migration(schema, engine)
    proof = prove(engine, fitted, changed(up, fault.pattern, fault.replacement), down)
    catalogue = next(c for c in proof.checks if c.name == "the catalogue equals the schema")
    assert not proof.ok
    assert fault.sentence in catalogue.detail
    if fault.shown_by:
        assert fault.shown_by in {check.name for check in proof.failed}
    assert engine.leftovers() == ()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_migration_is_noticed(engine: Engine, fault: Fault) -> None:
    """The catalogue names it, and where rows can show it, they do."""
    _noticed(engine, library(), fault)


@pytest.mark.parametrize("fault", LIVE_FAULTS.values(), ids=LIVE_FAULTS)
def test_a_fault_in_what_stands_for_another_thing_is_noticed(engine: Engine, fault: Fault) -> None:
    """Generated columns, keys among live rows, and texts in any case."""
    _noticed(engine, members(), fault)


def test_what_stands_for_a_partial_key_is_proven(engine: Engine) -> None:
    """A name is refused twice among those who are there, and allowed among those who left."""
    proof = prove(engine, *migration(members(), engine))
    assert outcome(proof) == []
    made = {check.name for check in proof.checks}
    assert made >= {
        "members: refuses the same name twice",
        "members: allows the same name where ux_members_name does not apply",
    }


def test_a_table_that_stays_is_noticed(engine: Engine) -> None:
    """A way back that forgets something leaves it."""
    schema, up, down = migration(library(), engine)
    proof = prove(engine, schema, up, changed(down, "DROP TABLE IF EXISTS branch_books;", ""))
    failed = {check.name: check.detail for check in proof.failed}
    assert failed["nothing is left"] == "left: table branch_books"
    assert engine.leftovers() == ()


def test_sql_that_fails_is_one_sentence(engine: Engine) -> None:
    """What the database said and where; nothing after it is tried."""
    schema, up, down = migration(library(), engine)
    proof = prove(engine, schema, changed(up, r"ix_books_series_id \(series", "x (serie"), down)
    (check,) = proof.checks
    assert not check.ok
    assert "MariaDB says: Key column 'serie_id' doesn't exist" in check.detail
    assert "in: CREATE TABLE books (" in check.detail
    assert "\n" not in check.detail


def test_a_reference_that_cannot_be_emptied_is_refused_at_once(engine: Engine) -> None:
    """SET NULL on a NOT NULL column does not even pass as DDL."""
    people = Table("people", (UUID,), key("people"))
    notes = Table(
        "notes",
        (UUID, column("author_id", "uuid")),
        key("notes"),
        foreign_keys=(reference("notes", "author_id", "people", "SET NULL"),),
    )
    (failed,) = prove(engine, *migration(Schema((people, notes)), engine)).failed
    assert failed.name == "up"
    assert "CREATE TABLE notes" in failed.detail


def test_half_an_up_can_be_taken_down(engine: Engine) -> None:
    """Each statement stays done: the way back passes over what is not there."""
    _, up, down = migration(library(), engine)
    statements = up.split(";\n")
    for end in range(len(statements)):
        engine.run(";\n".join(statements[:end]))
        engine.run(down)
        assert engine.leftovers() == ()


def test_an_index_on_an_expression_is_one_on_a_column(engine: Engine) -> None:
    """MariaDB indexes columns only, so that the expression becomes one."""
    lower = Index("ix_t_name", (IndexPart("name", True, expression=parse("lower(name)")),))
    table = Table("t", (UUID, column("name", "text")), key("t"), indexes=(lower,))
    schema, up, down = migration(Schema((table,)), engine)
    assert "GENERATED ALWAYS AS (LOWER(name)) VIRTUAL" in up
    assert outcome(prove(engine, schema, up, down)) == []
