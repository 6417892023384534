"""Alembic: whatever people call things, it stays a name, a value or a comment, and never runs."""

from __future__ import annotations

import ast
import subprocess
import sys
import uuid
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, configure_mappers

from schemawalk.engines.catalogue import differences, expected
from schemawalk.engines.engine import Engine
from schemawalk.engines.postgresql import PostgreSQL, open_postgresql
from schemawalk.engines.sqlite import open_sqlite
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.language.expression import Literal
from schemawalk.schema.model import Schema
from schemawalk.writers.python_source import (
    INDENT,
    Call,
    Text,
    assigned,
    item,
    laid,
    listed,
    literal,
    mapping,
    named,
    sequence,
)
from schemawalk.writers.work import Files
from tests.writers.alembic_project import (
    DATABASES,
    FORMAT,
    MIGRATION,
    imported,
    migrate,
    run,
    written,
)
from tests.writers.test_sql_hostile import TEXTS, hostile

FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)

_CHECKS_OFF = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SELECT 1"}
"""As the project's env.py says it before it migrates."""


def attempted(schema: Schema, database: str) -> Files:
    """The writer's files, unless it refuses a name that SQLAlchemy would misread."""
    try:
        return written(schema, database)
    except ValueError:
        reject()


@FEW
@given(hostile())
def test_sqlite_holds_exactly_what_was_asked_for(schema: Schema) -> None:
    """Up, down, up again; the models fit, and put a row in and get it back."""
    files, fitted = attempted(schema, "sqlite"), fit(schema, "sqlite").schema
    with open_sqlite() as judge:
        tool = sa.create_engine("sqlite://", creator=lambda: judge._connection)
        with tool.connect() as connection:
            _there_and_back(judge, connection, files[MIGRATION], fitted)
            _kept(files["models.py"], fitted, connection)


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[tuple[PostgreSQL, sa.Connection]]:
    """A PostgreSQL, for the judge and for the tool."""
    with open_postgresql(postgresql_url) as judge:
        # Plans that the driver keeps would outlive the tables of the example before.
        tool = sa.create_engine(
            postgresql_url,
            isolation_level="AUTOCOMMIT",
            connect_args={"prepare_threshold": None},
        )
        with tool.connect() as connection:
            yield judge, connection
        tool.dispose()


@FEW
@given(schema=hostile())
def test_postgresql_holds_exactly_what_was_asked_for(
    schema: Schema, postgresql: tuple[PostgreSQL, sa.Connection]
) -> None:
    """Up, down, up again; the models fit, and put a row in and get it back."""
    files = attempted(schema, "postgresql")
    judge, connection = postgresql
    try:
        _there_and_back(judge, connection, files[MIGRATION], schema)
        _kept(files["models.py"], schema, connection)
    finally:
        judge.clear()


def _there_and_back(judge: Engine, connection: sa.Connection, text: str, schema: Schema) -> None:
    wanted = expected(schema, judge)
    judge.execute(_CHECKS_OFF[judge.name])
    migrate(connection, text, "upgrade")
    assert differences(wanted, judge.catalogue()) == ()
    migrate(connection, text, "downgrade")
    assert judge.leftovers() == ()
    migrate(connection, text, "upgrade")


def _kept(text: str, schema: Schema, connection: sa.Connection) -> None:
    """Put a row into each table by its class and see that it has the defaults asked for."""
    with imported(text, "schemawalk_tested_hostile_models") as models, _strictly():
        configure_mappers()
        session = Session(connection)
        by_table = {m.local_table.name: m.class_ for m in models.Base.registry.mappers}
        for table in schema.tables:
            row = by_table[table.name](id=uuid.uuid4())
            session.add(row)
            session.flush()
            columns = {a.columns[0].name: a.key for a in sa.inspect(type(row)).column_attrs}
            for column in table.columns[1:3]:
                assert isinstance(column.default, Literal)
                assert getattr(row, columns[column.name]) == column.default.value
        session.rollback()
        models.Base.registry.dispose()


@contextmanager
def _strictly() -> Iterator[None]:
    """Warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@FEW
@given(schema=hostile(), database=st.sampled_from(DATABASES))
def test_what_is_written_stays_as_ruff_formats_it(
    schema: Schema, database: str, tmp_path: Path
) -> None:
    """Whatever the names are, and however long."""
    for path, text in attempted(schema, database).items():
        (tmp_path / path.rpartition("/")[2]).write_text(text, encoding="utf-8")
    run(tmp_path, "-m", *FORMAT, "--diff", ".")


@settings(FEW, max_examples=30)
@given(TEXTS, TEXTS, st.integers(0, 80), st.integers(0, 70))
def test_source_is_laid_out_as_ruff_lays_it_out(one: str, two: str, long: int, deep: int) -> None:
    """Constants of any length, deep in calls, dicts and assignments; and Python reads them back."""
    items, short = [item("comment", Text(one))], Call("f", (named("x", literal("y" * deep)),))
    value = Call("f", (Text(two), named("c", Text(one * 3)), named("d", mapping(items))))
    name, kind = "a" * (long + 1), "B" * (deep + 1)
    lines = [
        "class C:",
        assigned(name, f"Mapped[{kind}]", short, INDENT),
        assigned(name, f"Mapped[{kind}]", Call("f"), INDENT),
        "    " + laid(sequence([value]), "    ", "b = "),
        "    " + laid(listed([literal(one), "c" * (long + 1)]), "    ", "c = "),
    ]
    text = "\n".join(lines) + "\n"
    assert formatted(text) == text
    constants = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant)]
    assert Counter(constants) == Counter(["y" * deep, two, one * 3, "comment", one, one])


def formatted(text: str) -> str:
    """The text as ruff leaves it."""
    command = (sys.executable, "-m", *FORMAT, "-")
    return subprocess.run(
        command, input=text.encode(), capture_output=True, check=True
    ).stdout.decode()
