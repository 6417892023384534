"""SQL for MySQL and MariaDB: what somebody who reads it gets, and what two parsers say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from schemawalk.schema.capability.fit import fit
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.language.expression import Literal
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Column, Index, IndexPart, Schema, Table, Type
from schemawalk.statements import delimited
from schemawalk.writers.sql import down, up
from tests.engines.test_any_schema import schemas
from tests.judges.batch import cases
from tests.judges.node import judged
from tests.schemas import UUID, check, column, index, key, library

BOTH = pytest.mark.parametrize("database", ["mysql", "mariadb"])


def test_the_head_says_which_version_the_file_needs() -> None:
    """A column that SELECT * does not show came with 8.0.23, and is left out for what is older."""
    live = replace(index("uq_codes", "code", where="gone is null"), unique=True)
    codes = Table("codes", (UUID, column("code", "varchar", precision=9),
                            column("gone", "timestamptz", null=True)), key("codes"))  # fmt: skip
    hidden = Schema((replace(codes, indexes=(live,)),))
    assert "-- For MySQL 8.0.23 and newer." in _written(hidden, "8.4")
    assert "-- For MySQL 8.0.17 and newer." in _written(hidden, "8.0.20")
    assert "-- For MySQL 8.0.17 and newer." in _written(Schema((codes,)), "8.4")


def _written(schema: Schema, version: str) -> str:
    return up(fit(schema, "mysql", version).schema, DIALECTS["mysql"])


@dataclass(frozen=True)
class FalseAlarm:
    """Something that MySQL takes and one of the parsers does not."""

    judge: str
    statement: str
    """A statement that shows it."""
    sign: re.Pattern[str]
    """What statements have in common that meet it."""


FALSE_ALARMS = {
    "a column called active, which no version of MySQL keeps for itself": FalseAlarm(
        "dt", "CREATE TABLE t (active INT)", re.compile(r"^  active ", re.MULTILINE)
    ),
    "a character by its number in a given character set": FalseAlarm(
        "node",
        "CREATE TABLE t (a VARCHAR(9) DEFAULT (CHAR(92 USING utf8mb4)))",
        re.compile(r"CHAR\(92 USING utf8mb4\)"),
    ),
    "the body of a trigger that is more than one SET": FalseAlarm(
        "node",
        "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN DELETE FROM u; END",
        re.compile(r"\bFOR EACH ROW\b(?! SET)"),
    ),
    "a procedure": FalseAlarm(
        "node", "CREATE PROCEDURE x(a INT) DELETE FROM t", re.compile(r"\bCREATE PROCEDURE\b")
    ),
}
"""By what it is: the manual of MySQL 9 has all of them."""


def written(database: str, schema: Schema) -> tuple[str, str]:
    """The two scripts of a schema for a database."""
    fitted = fit(schema, database).schema
    return up(fitted, DIALECTS[database]), down(fitted, DIALECTS[database])


def one(*columns: Column, **more: object) -> Schema:
    """A schema of one table `notes` with these columns after its id."""
    return Schema((Table("notes", (UUID, *columns), key("notes"), **more),))  # type: ignore[arg-type]


def complaints(scripts: list[str], known: Iterable[FalseAlarm] = ()) -> list[str]:
    """What either parser has against a statement, false alarms apart."""
    statements = [statement for script in scripts for statement in delimited(script)]
    verdicts = judged("mysql_syntax.mjs", given=statements)
    return [
        f"{judge}: {said} in {statement}"
        for statement, verdict in zip(statements, verdicts, strict=True)
        for judge, said in verdict.items()
        if said and not any(a.judge == judge and a.sign.search(statement) for a in known)
    ]


@BOTH
def test_nothing_pretends_to_be_a_transaction(database: str) -> None:
    """Each statement stays done, and the files say so."""
    for script in written(database, library()):
        assert not re.search(r"\b(BEGIN|START TRANSACTION|COMMIT)\b", script)
        assert "statement stays done" in script


@BOTH
def test_all_that_is_a_tables_own_is_in_one_statement(database: str) -> None:
    """Comments, named constraints and indexes: a key that finds no index would make one."""
    made = written(database, library())[0]
    assert "CREATE INDEX" not in made
    assert "COMMENT ON" not in made
    assert "COMMENT 'when it was added'" in made
    assert "COMMENT = 'Somebody who borrows'" in made
    assert "  INDEX ix_readers_branch_id_created_at (branch_id, created_at DESC)" in made
    fitted = fit(library(), database).schema
    for table in fitted.tables:
        named = (table.primary_key, *table.uniques, *table.checks, *table.foreign_keys)
        assert all(f"CONSTRAINT {each.name}" in made for each in named)


@BOTH
def test_texts_are_compared_by_their_characters(database: str) -> None:
    """Not as the server's usual collation would: without case, accents and spaces at the end."""
    made = written(database, library())[0]
    exact = {"mysql": "utf8mb4_0900_bin", "mariadb": "utf8mb4_nopad_bin"}[database]
    assert made.count(f"COLLATE = {exact}") == made.count("CREATE TABLE")


@BOTH
def test_a_partial_key_is_a_generated_column_with_a_unique_index(database: str) -> None:
    """NULL is never equal to NULL: rows that the key does not speak of are outside of it."""
    live = replace(index("ux_notes", "name", where="gone_at is null"), unique=True)
    made = written(
        database,
        one(column("name", "text"), column("gone_at", "timestamptz", null=True), indexes=(live,)),
    )[0]
    assert "GENERATED ALWAYS AS (IF(gone_at IS NULL, TRUE, NULL)) VIRTUAL" in made
    assert "  UNIQUE INDEX ux_notes (name, in_ux_notes)" in made


def test_mysql_indexes_an_expression_in_brackets_of_its_own() -> None:
    """MariaDB reads no such thing."""
    lower = Index("ix", (IndexPart("name", True, expression=parse("lower(name)")),))
    schema = one(column("name", "text"), indexes=(lower,))
    assert "INDEX ix ((LOWER(name)) DESC)" in written("mysql", schema)[0]
    assert "INDEX ix (name_in_ix DESC)" in written("mariadb", schema)[0]


@BOTH
def test_no_backslash_means_two_things(database: str) -> None:
    """One mode of the server reads it as itself, the other as the start of an escape."""
    kinds = one(
        column("path", "text", default="C:\\x"),
        column("kind", "text"),
        replace(column("said", "text"), because="it's a \\'trap"),
        checks=(check("ck", r"kind in ('a\b', 'c') and kind matches '^\d+\.[\w-]$'"),),
    )
    made = written(database, kinds)[0]
    backslash = {"mysql": "_utf8mb4 0x5C", "mariadb": "CHAR(92 USING utf8mb4)"}[database]
    assert f"DEFAULT (CONCAT('C:', {backslash}, 'x'))" in made
    assert "REGEXP '(?s)^[0-9]+[.][A-Za-z0-9_-](?!.)'" in made
    for run in re.findall(r"\\+", made):
        assert len(run) % 2 == 0


@BOTH
def test_a_long_comment_is_cut_where_the_server_would_refuse_it(database: str) -> None:
    """1,024 characters for a column, 2,048 for a table."""
    schema = one(replace(column("a", "text"), purpose="a" * 3000), purpose="b" * 3000)
    made = written(database, schema)[0]
    assert f"COMMENT '{'a' * 1023}…'" in made
    assert f"COMMENT = '{'b' * 2047}…'" in made


@BOTH
def test_the_way_back_passes_over_what_is_not_there(database: str) -> None:
    """Half an up leaves half a schema; a cycle is taken apart by not looking."""
    lines = [line for line in written(database, library())[1].splitlines() if line[:2] != "--"]
    drops = [line for line in lines if line.startswith("DROP")]
    assert drops == [f"DROP TABLE IF EXISTS {t.name};" for t in reversed(library().tables)]
    assert [line for line in lines if line.startswith("SET")] == [
        "SET foreign_key_checks = 0;", "SET foreign_key_checks = 1;",
    ]  # fmt: skip
    assert "SET" not in written(database, one())[1]


@BOTH
def test_a_name_is_quoted_only_where_it_must_be(database: str) -> None:
    """Each has words of its own."""
    words = ("rank", "offset", "order", "a b", "c`d", "title")
    schema = one(*(column(word, "integer") for word in words))
    made = written(database, schema)[0]
    plain = {"mysql": "offset", "mariadb": "rank"}[database]
    other = {"mysql": "rank", "mariadb": "offset"}[database]
    assert re.search(rf"^  {plain} +INT", made, re.MULTILINE)
    for name in (f"`{other}`", "`order`", "`a b`", "`c``d`", "title "):
        assert f"\n  {name}" in made


def test_two_parsers_of_mysql_take_the_library() -> None:
    """Every statement of both ways."""
    assert complaints([*written("mysql", library())], FALSE_ALARMS.values()) == []


def test_two_parsers_of_mysql_take_any_schema() -> None:
    """However hostile its names."""
    scripts = [script for schema in cases(schemas(), 25) for script in written("mysql", schema)]
    assert complaints(scripts, FALSE_ALARMS.values()) == []


@pytest.mark.parametrize("alarm", FALSE_ALARMS.values(), ids=FALSE_ALARMS)
def test_a_false_alarm_is_still_one(alarm: FalseAlarm) -> None:
    """When a parser learns it, the alarm goes from the list; the other one must take it."""
    (said,) = complaints([f"DELIMITER //\n{alarm.statement} //\nDELIMITER ;"])
    assert said.startswith(f"{alarm.judge}: ")


@pytest.mark.parametrize(
    "broken",
    [
        "CREATE TABLE order (id INT)",
        "CREATE TABLE t (a INT,)",
        "CREATE TABLE t (rank INT)",
        "CREATE TABLE t (a UUID)",
        "CREATE INDEX x ON t (a) WHERE b = 1",
        "CREATE TABLE t (a INT, EXCLUDE USING gist (a WITH =))",
        "CREATE TABLE t (a TEXT[])",
        "CREATE TABLE t (a INT) STRICT",
        "COMMENT ON TABLE t IS 'x'",
        "DROP TYPE t",
    ],
)
def test_one_of_the_parsers_refuses_what_mysql_refuses(broken: str) -> None:
    """Else their silence would prove nothing."""
    assert complaints([broken])


@BOTH
def test_a_default_of_null_is_no_expression(database: str) -> None:
    """It stands there as it is."""
    schema = one(Column("a", Type("text"), nullable=True, default=Literal(None)))
    assert "DEFAULT NULL" in written(database, schema)[0]
