"""The same rule over the same row says the same here, on PostgreSQL and on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemawalk.engines.engine import Engine
from schemawalk.engines.registry import open_engine
from schemawalk.engines.server import Server
from schemawalk.schema.dialects.mysql import MARIADB
from schemawalk.schema.dialects.mysql_moments import moments
from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Arithmetic,
    Expression,
    Matches,
    Name,
    Value,
)
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import misfit, value_misfit
from schemawalk.schema.model import Check, Column, PrimaryKey, Table, Type, TypeName
from tests.judges.batch import cases
from tests.rules_and_rows import COLUMNS, KNOWN, NUMBERS, PATTERNS, ROWS, RULES, TEXTS


@pytest.fixture(scope="module")
def postgresql(postgresql_server: Server) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose session lives in a zone with daylight saving, on purpose."""
    url = postgresql_server.url()
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.RawCursor) as connection:
        connection.execute(b"SET timezone = 'Europe/Berlin'")
        yield connection


@pytest.fixture(scope="module")
def sqlite() -> Iterator[sqlite3.Connection]:
    """A database in memory, with a row of the columns' types."""
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def by_postgresql(connection: psycopg.Connection[Any], rule: Expression, row: Any) -> Any:
    """What the server says, through a table of the columns' types."""
    given = ", ".join(
        f"${at}::{POSTGRESQL.type(Type(kind))} AS {name}"
        for at, (name, kind) in enumerate(COLUMNS.items(), 1)
    )
    values = [
        f"{row[name]} seconds" if kind == "interval" and row[name] is not None else row[name]
        for name, kind in COLUMNS.items()
    ]
    sql = f"SELECT {POSTGRESQL.sql(rule)} FROM (SELECT {given}) AS one"
    return connection.execute(sql.encode(), values).fetchone()[0]  # type: ignore[index]


def by_sqlite(connection: sqlite3.Connection, rule: Expression, row: Any) -> Any:
    """What SQLite says, decimals held as it holds them."""
    given = ", ".join(f"? AS {name}" for name in COLUMNS)
    values = [float(row[n]) if isinstance(row[n], Decimal) else row[n] for n in COLUMNS]
    sql = f"SELECT {SQLITE.sql(rule)} FROM (SELECT {given}) AS one"
    return connection.execute(sql, values).fetchone()[0]


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


@given(rule=RULES, row=ROWS)
@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_rule_means_the_same_everywhere(
    postgresql: psycopg.Connection[Any],
    sqlite: sqlite3.Connection,
    rule: Expression,
    row: dict[str, Value],
) -> None:
    assert misfit(rule, KNOWN) == ""
    told = explicit(rule, KNOWN)
    assert explicit(told, KNOWN) == told
    meant = evaluate(told, row)
    assert by_postgresql(postgresql, told, row) is meant
    assert _truth(by_sqlite(sqlite, told, row)) is meant


@given(left=NUMBERS, right=NUMBERS, row=ROWS)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_quotient_is_exact_and_none_where_nothing_is_left(
    postgresql: psycopg.Connection[Any],
    sqlite: sqlite3.Connection,
    left: Expression,
    right: Expression,
    row: dict[str, Value],
) -> None:
    """1 / 2 is a half in every database, and 1 / 0 is unknown instead of an error."""
    told = explicit(Arithmetic("/", left, right), KNOWN)
    assert value_misfit(told, KNOWN) == ""
    meant = evaluate(told, row)
    for said in (by_postgresql(postgresql, told, row), by_sqlite(sqlite, told, row)):
        if meant is None:
            assert said is None
        else:
            assert float(said) == pytest.approx(float(str(meant)), rel=1e-9)


@given(pattern=PATTERNS, text=TEXTS | st.text(alphabet="ab1.\n+", max_size=5))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_pattern_matches_the_same_texts(
    postgresql: psycopg.Connection[Any], pattern: str, text: str
) -> None:
    """A line break at the end, and a dot for one, mean here what they mean on the server."""
    rule = Matches(Name("name"), pattern)
    row = {**dict.fromkeys(COLUMNS), "name": text}
    assert by_postgresql(postgresql, rule, row) is evaluate(rule, row)


@pytest.fixture
def mariadb_engine(mariadb_url: str) -> Iterator[Engine]:
    """A real MariaDB, which stands for MySQL's words too."""
    with open_engine("mariadb", mariadb_url) as engine:
        yield engine


_CASTS: dict[TypeName, str] = {
    "integer": "SIGNED", "bigint": "SIGNED", "interval": "SIGNED", "boolean": "SIGNED",
    "numeric": "DECIMAL(12,2)", "text": "CHAR CHARACTER SET utf8mb4", "date": "DATE",
    "timestamptz": "DATETIME(6)",
}  # fmt: skip


def by_mariadb(engine: Engine, rule: Expression, row: Any) -> Any:
    """What the server says of values in the types and the collation of its tables."""
    given = ", ".join(
        f"CAST(${at} AS {_CASTS[kind]})"
        + (f" COLLATE {MARIADB.exact}" if kind == "text" else "")
        + f" AS `{name}`"
        for at, (name, kind) in enumerate(COLUMNS.items(), 1)
    )
    values = [engine.bound(Type(kind), row[name]) for name, kind in COLUMNS.items()]
    columns = tuple(Column(name, Type(kind)) for name, kind in COLUMNS.items())
    table = Table("one", columns, PrimaryKey("", ()), checks=(Check("", rule),))
    sql = f"SELECT {MARIADB.sql(moments(table).checks[0].expression)} FROM (SELECT {given}) AS one"
    return engine.rows(sql, values)[0][0]


def test_mariadb_says_the_same(mariadb_engine: Engine) -> None:
    mariadb_engine.execute(f"SET NAMES utf8mb4 COLLATE {MARIADB.exact}")
    for rule, row in cases(st.tuples(RULES, ROWS), 250):
        told = explicit(rule, KNOWN)
        assert _truth(by_mariadb(mariadb_engine, told, row)) is evaluate(told, row), told


def test_a_moment_is_the_same_whatever_the_zone(
    postgresql: psycopg.Connection[Any], sqlite: sqlite3.Connection
) -> None:
    """Thirty days over the change to summer time are thirty days, and the year ends in UTC."""
    row: dict[str, Value] = dict.fromkeys(COLUMNS)
    row |= {"begun_at": "2026-03-20T12:00:00.000Z", "ended_at": "2026-12-31T23:30:00.000Z"}
    for text in (
        "begun_at + 30 days = '2026-04-19T12:00:00Z'",
        "begun_at + 30 days = '2026-04-19T14:00:00+02:00'",
        "year(ended_at) = 2026 and month(ended_at) = 12",
        "day(ended_at) = '2026-12-31'",
        "begun_at - 1 week < ended_at",
        "ended_at - begun_at > 40 weeks",
    ):
        rule = explicit(parse(text), KNOWN)
        said = (by_postgresql(postgresql, rule, row), _truth(by_sqlite(sqlite, rule, row)))
        assert (evaluate(rule, row), *said) == (True, True, True), text


def test_products_of_whole_numbers_have_room() -> None:
    """Two integers that pass 32 bits together are multiplied in 64."""
    told = explicit(parse("size * count <= large"), KNOWN)
    assert POSTGRESQL.sql(told) == "(CAST(size AS bigint) * count) <= large"
    assert SQLITE.sql(told) == "(size * count) <= large"


@pytest.mark.parametrize(
    ("text", "postgresql", "sqlite"),
    [
        ("due_on <= born_on + 30 days", "due_on <= (born_on + 30)",
         "due_on <= date(born_on, 30 || ' days')"),
        ("due_on - born_on < 8", "(due_on - born_on) < 8",
         "CAST(julianday(due_on) - julianday(born_on) AS INTEGER) < 8"),
        ("ended_at - begun_at <= 2 hours", "(ended_at - begun_at) <= INTERVAL '2 hours'",
         "round((julianday(ended_at) - julianday(begun_at)) * 86400, 3) <= (2 * 3600)"),
        ("if active then name is not null", "NOT (active) OR name IS NOT NULL",
         "NOT (active) OR name IS NOT NULL"),
        ("name < 'm'", "(name COLLATE \"C\") < 'm'", "name < 'm'"),
        ("size / 2 > price", "(CAST(size AS numeric) / 2) > price",
         "(CAST(size AS REAL) / 2) > price"),
        ("begun_at > '2026-03-14T10:26:53+01:00'", "begun_at > '2026-03-14T09:26:53.000Z'",
         "begun_at > '2026-03-14T09:26:53.000Z'"),
        ("name || '!' = coalesce(title, '?')", "(name || '!') = coalesce(title, '?')",
         "(name || '!') = coalesce(title, '?')"),
    ],
)  # fmt: skip
def test_each_database_is_told_in_its_own_words(text: str, postgresql: str, sqlite: str) -> None:
    told = explicit(parse(text), KNOWN)
    assert (POSTGRESQL.sql(told), SQLITE.sql(told)) == (postgresql, sqlite)
