"""SQL: what somebody who reads it, runs it and runs it back gets."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pglast
import pytest
from pglast.ast import TransactionStmt
from pglast.enums import TransactionStmtKind

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE, Dialect
from schemawalk.schema.language.expression import Call, Compare, Literal, Name
from schemawalk.schema.model import Check, Column, Index, IndexPart, Schema, Table, Type
from schemawalk.writers.sql import down, files, up
from schemawalk.writers.sql_layout import sentence
from schemawalk.writers.work import Work, header
from tests.schemas import UUID, check, column, index, key, library, reference

DIALECTS = pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE], ids=lambda d: d.name)


def fitted(dialect: Dialect, schema: Schema | None = None) -> Schema:
    """The schema, or the library, as the dialect's database holds it."""
    return fit(schema or library(), dialect.name).schema


def one(*columns: Column, **more: object) -> Schema:
    """A schema of one table `notes` with these columns after its id."""
    return Schema((Table("notes", (UUID, *columns), key("notes"), **more),))  # type: ignore[arg-type]


def database(script: str = "") -> sqlite3.Connection:
    """A SQLite in memory that heeds foreign keys, with a script run."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(script)
    return connection


def objects(connection: sqlite3.Connection) -> set[str]:
    """Names of the tables and indexes that somebody made."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE sql IS NOT NULL")
    return {name for (name,) in rows}


def test_up_makes_all_tables_and_indexes_down_leaves_nothing_and_up_works_again() -> None:
    """The first promise of a migration, on a real SQLite."""
    schema = fitted(SQLITE)
    wanted = {t.name for t in schema.tables} | {i.name for t in schema.tables for i in t.indexes}
    connection = database(up(schema, SQLITE))
    assert objects(connection) == wanted
    connection.executescript(down(schema, SQLITE))
    assert objects(connection) == set()
    connection.executescript(up(schema, SQLITE))
    assert objects(connection) == wanted


def test_a_migration_that_fails_half_way_leaves_nothing_behind() -> None:
    """The file is one transaction of its own."""
    connection = database("CREATE TABLE loans (other INTEGER)")
    with pytest.raises(sqlite3.OperationalError, match="loans already exists"):
        connection.executescript(up(fitted(SQLITE), SQLITE))
    connection.rollback()
    assert objects(connection) == {"loans"}


@pytest.mark.parametrize("write", [up, down])
def test_postgresql_runs_it_as_one_transaction(write: Callable[[Schema, Dialect], str]) -> None:
    """BEGIN first, COMMIT last, so that no runner can leave half of it."""
    statements = [raw.stmt for raw in pglast.parse_sql(write(library(), POSTGRESQL))]
    kinds = [s.kind for s in statements if isinstance(s, TransactionStmt)]
    assert kinds == [TransactionStmtKind.TRANS_STMT_BEGIN, TransactionStmtKind.TRANS_STMT_COMMIT]
    assert all(isinstance(statements[at], TransactionStmt) for at in (0, -1))


@DIALECTS
def test_every_constraint_has_its_name(dialect: Dialect) -> None:
    """A later migration can only drop what it can call by name."""
    schema = fitted(dialect)
    text = up(schema, dialect)
    for table in schema.tables:
        named = (table.primary_key, *table.uniques, *table.checks, *table.foreign_keys)
        assert all(f"CONSTRAINT {each.name}" in text for each in named)


def test_postgresql_adds_a_key_of_a_cycle_after_all_tables_and_drops_it_before_them() -> None:
    """Neither table of a cycle can be made, or dropped, with both keys in place."""
    made, gone = up(library(), POSTGRESQL), down(library(), POSTGRESQL)
    added = made.index("ADD CONSTRAINT fk_branches_head_id_readers")
    assert added > made.rindex("CREATE TABLE")
    assert gone.index("DROP CONSTRAINT fk_branches_head_id_readers") < gone.index("DROP TABLE")


def test_postgresql_drops_in_the_opposite_order() -> None:
    """Tables go before those that they refer to, and types after all tables."""
    lines = [line for line in down(library(), POSTGRESQL).splitlines() if line.startswith("DROP")]
    names = [table.name for table in reversed(library().tables)]
    assert lines == [*(f"DROP TABLE {name};" for name in names), "DROP TYPE book_state;"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (index("ix", "id", "-body"), "ON notes (id, body DESC);"),
        (index("ix", "id", where="body = 'it''s'"), "ON notes (id) WHERE body = 'it''s';"),
        (index("ix", "body", method="gin"), "ON notes USING gin (body);"),
        (replace(index("ix", "id"), include=("body",)), "ON notes (id) INCLUDE (body);"),
        (replace(index("ix", "id"), unique=True), "CREATE UNIQUE INDEX ix ON notes (id);"),
    ],
)
def test_an_index_is_written_with_all_that_it_has(made: Index, said: str) -> None:
    """Order, predicate, method, covered columns, uniqueness."""
    text = up(one(column("body", "text"), indexes=(made,)), POSTGRESQL)
    assert said in text
    pglast.parse_sql(text)


def test_why_a_table_column_index_and_key_exist_stands_in_the_postgresql_file() -> None:
    """All of it goes into the database's own comments; reasons stand beside keys, too."""
    text = up(library(), POSTGRESQL)
    assert "COMMENT ON TABLE branches IS 'A place that lends books';" in text
    assert "COMMENT ON COLUMN branches.id IS 'nobody can guess it';" in text
    assert ";\nCOMMENT ON INDEX ix_branches_head_id IS 'a query needs it';" in text
    assert "-- a test says so\nALTER TABLE branches" in text


def test_why_a_table_and_column_exist_stands_above_the_sqlite_table() -> None:
    """SQLite keeps no comments: they are lines of the file."""
    text = up(fitted(SQLITE), SQLITE)
    assert "-- Somebody who borrows\n--   id          nobody can guess it\n" in text


def test_a_comment_says_what_for_or_else_why() -> None:
    """One of the two is enough beside the object; the document tells both."""
    assert sentence("A copy.", "step 1 speaks of it") == "A copy"
    assert sentence("", "One book has many.") == "One book has many"
    assert sentence(" a\nb. ", "a b") == "a b"


def test_a_long_comment_is_folded_and_still_says_the_same() -> None:
    """The database gets one text, however many lines it takes in the file."""
    purpose = "it's a long story, " * 30
    text = up(one(Column("body", Type("text"), purpose=purpose)), POSTGRESQL)
    assert max(map(len, text.splitlines())) <= 100
    comments = [s.stmt.comment for s in pglast.parse_sql(text) if hasattr(s.stmt, "comment")]
    assert purpose.strip() in comments


@DIALECTS
def test_no_line_is_longer_than_a_screen_or_ends_in_a_blank(dialect: Dialect) -> None:
    """A hundred columns, for the whole library and a list of many values."""
    many = " , ".join(f"'value number {n}'" for n in range(30))
    rule = check("ck_notes_body", f"body in ({many}) or body = 'x' and id is not null")
    schema = Schema((*library().tables, *one(column("body", "text"), checks=(rule,)).tables))
    schema = fitted(dialect, Schema(schema.tables, library().enums))
    for line in (up(schema, dialect) + down(schema, dialect)).splitlines():
        assert len(line) <= 100
        assert line == line.rstrip()


def test_a_long_list_is_folded_after_a_comma_and_a_long_rule_before_its_joining_word() -> None:
    """Where a reader would fold it, and never inside a value."""
    many = ", ".join(f"'one, or number {n}'" for n in range(10))
    rule = check(
        "ck_notes_body", f"body in ({many}) or length(body) > 100 and body <> 'one and two or'"
    )
    text = up(one(column("body", "text"), checks=(rule,)), POSTGRESQL)
    assert text[text.index("    CHECK") : text.index("\n);")].splitlines() == [
        "    CHECK (body IN ('one, or number 0', 'one, or number 1', 'one, or number 2', "
        "'one, or number 3',",
        "      'one, or number 4', 'one, or number 5', 'one, or number 6', 'one, or number 7',",
        "      'one, or number 8', 'one, or number 9') OR (char_length(body) > 100",
        "      AND body <> 'one and two or'))",
    ]


@DIALECTS
def test_groups_are_one_blank_line_apart(dialect: Dialect) -> None:
    """No walls and no holes."""
    text = up(fitted(dialect), dialect) + down(fitted(dialect), dialect)
    assert "\n\n\n" not in text
    assert text.count("\n\nCREATE TABLE") + text.count("\n\n-- ") > len(library().tables)


def test_postgresql_counts_ids_itself_but_takes_those_that_a_restore_brings() -> None:
    """BY DEFAULT: seeds, restores and copies bring ids of their own."""
    counted = Column("id", Type("bigint"), identity=True)
    text = up(Schema((Table("notes", (counted,), key("notes")),)), POSTGRESQL)
    assert "  id  bigint  NOT NULL  GENERATED BY DEFAULT AS IDENTITY,\n" in text


def test_sqlite_counts_ids_itself() -> None:
    """An identity column is the row id: a row without one gets the next."""
    columns = (Column("id", Type("bigint"), identity=True), column("body", "text"))
    schema = fitted(SQLITE, Schema((Table("notes", columns, key("notes")),)))
    connection = database(up(schema, SQLITE))
    connection.execute("INSERT INTO notes (body) VALUES ('a'), ('b')")
    assert connection.execute("SELECT id FROM notes").fetchall() == [(1,), (2,)]


def test_sqlite_refuses_a_row_without_its_key_and_a_value_of_another_type() -> None:
    """NOT NULL on keys, and STRICT tables: SQLite asks for neither by itself."""
    connection = database(up(fitted(SQLITE), SQLITE))
    with pytest.raises(sqlite3.IntegrityError, match=r"NOT NULL.*branches\.id"):
        connection.execute("INSERT INTO branches (id, name) VALUES (NULL, 'a')")
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER"):
        connection.execute("INSERT INTO books (title, price_cents) VALUES ('a', 'much')")


def test_sqlite_fills_in_defaults_that_are_functions() -> None:
    """A new id and the moment, as the checks want them."""
    connection = database(up(fitted(SQLITE), SQLITE))
    connection.execute("INSERT INTO branches (name) VALUES ('a'), ('b')")
    ids, moments = zip(*connection.execute("SELECT id, created_at FROM branches"), strict=True)
    assert len(set(ids)) == 2
    assert all(len(moment) == 24 and moment.endswith("Z") for moment in moments)


@pytest.mark.parametrize("action", ["RESTRICT", "CASCADE", "NO ACTION"])
def test_sqlite_drops_a_table_whose_rows_refer_to_each_other(action: str) -> None:
    """With foreign keys heeded, dropping deletes row by row and would trip over them."""
    parent = replace(reference("notes", "up_id", "notes", action))
    schema = fitted(SQLITE, one(column("up_id", "uuid", null=True), foreign_keys=(parent,)))
    connection = database(up(schema, SQLITE))
    connection.execute("INSERT INTO notes (id, up_id) VALUES ('a', 'a'), ('b', 'a')")
    connection.executescript(down(schema, SQLITE))
    assert objects(connection) == set()


def test_sqlite_keeps_all_when_rows_outside_the_schema_still_need_a_table() -> None:
    """Somebody's own table with a reference stops the way back as a whole."""
    schema = fitted(SQLITE, one())
    connection = database(up(schema, SQLITE))
    connection.execute("CREATE TABLE mine (note TEXT NOT NULL REFERENCES notes (id))")
    connection.execute("INSERT INTO notes (id) VALUES ('a')")
    connection.execute("INSERT INTO mine VALUES ('a')")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.executescript(down(schema, SQLITE))
    connection.rollback()
    assert objects(connection) == {"mine", "notes"}


def test_sqlite_heeds_foreign_keys_after_the_way_back() -> None:
    """Checks that were off for a cycle are on again."""
    connection = database(up(fitted(SQLITE), SQLITE))
    connection.executescript(down(fitted(SQLITE), SQLITE))
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_comparing_the_result_of_a_rule_stays_one_comparison() -> None:
    """`blank(body) = true` is no chain of equals signs, which PostgreSQL refuses."""
    rule = Compare("=", Call("blank", (Name("body"),)), Literal(True))
    schema = one(column("body", "text"), checks=(Check("ck_notes_blank", rule),))
    text = up(schema, POSTGRESQL)
    assert "CHECK ((btrim(body) = '') = true)" in text
    pglast.parse_sql(text)


@DIALECTS
def test_the_files_are_the_two_ways_and_the_schema_to_read(dialect: Dialect) -> None:
    """Three files, each saying where it comes from; the schema is what the way up makes."""
    work = Work(Design(), fitted(dialect), dialect.name)
    made = files(work)
    assert list(made) == [
        "migrations/sql/0001_initial.up.sql",
        "migrations/sql/0001_initial.down.sql",
        "schema.sql",
    ]
    assert all(text.startswith(header("--")) and text.endswith(";\n") for text in made.values())
    assert made["schema.sql"] == made["migrations/sql/0001_initial.up.sql"]
    assert made == files(work)


@DIALECTS
def test_a_schema_without_tables_is_a_migration_that_does_nothing(dialect: Dialect) -> None:
    """The first write of an empty design must not break its reader."""
    for text in (up(Schema(), dialect), down(Schema(), dialect)):
        assert "CREATE" not in text
        assert "DROP" not in text
        database(text) if dialect is SQLITE else pglast.parse_sql(text)


def test_the_order_of_an_index_part_is_kept() -> None:
    """Descending on one column only."""
    part = Index("ix", (IndexPart("id", descending=True), IndexPart("body")))
    assert "(id DESC, body)" in up(one(column("body", "text"), indexes=(part,)), POSTGRESQL)
