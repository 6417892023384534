"""Prisma: its migration engine runs the migration, and then sees no difference from the schema."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemawalk.design.model import Design
from schemawalk.engines.catalogue import Catalogue, Fact, differences, expected
from schemawalk.engines.engine import Engine
from schemawalk.engines.postgresql import PostgreSQL
from schemawalk.engines.server import Server, throw_away_server
from schemawalk.engines.sqlite import SQLite
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.model import (
    EnumType,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)
from schemawalk.writers.prisma import FOLDER, MIGRATION, files
from schemawalk.writers.work import Work
from tests.judges.batch import cases
from tests.judges.node import judged
from tests.schemas import UUID, column, index, key, library, reference
from tests.till import till
from tests.writers.test_sql_hostile import hostile

DATABASES = pytest.mark.parametrize("database", ["postgresql", "sqlite"])
ITS_OWN = "_prisma_migrations"
"""The table in which Prisma remembers what it ran: the one thing that the schema does not have."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL for all of these tests."""
    with throw_away_server() as running:
        yield running


@dataclass(frozen=True)
class Project:
    """A folder as the writer fills it, and an empty database for it."""

    folder: Path
    schema: Schema
    database: str
    url: str

    def prisma(self, *commands: str) -> list[Any]:
        """What Prisma's engine answers to each command."""
        done: list[Any] = judged(
            "prisma_migrate.mjs", self.folder, self.database, self.url, *commands
        )
        return done

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file of the project by hand."""
        file = self.folder / FOLDER / path
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The database itself."""
        if self.database == "sqlite":
            with closing(sqlite3.connect(self.url.removeprefix("file:"))) as connection:
                yield SQLite(connection)
        else:
            with psycopg.connect(self.url, autocommit=True) as connection:
                yield PostgreSQL(connection)

    def differences(self) -> tuple[str, ...]:
        """What the database holds other than the schema."""
        with self.engine() as engine:
            held, wanted = engine.catalogue(), expected(self.schema, engine)
        return differences(*(Catalogue(tuple(filter(_says, c.facts))) for c in (wanted, held)))


def _says(fact: Fact) -> bool:
    """Whether Prisma has a word for it: it knows no comments, and no STRICT tables."""
    return fact.table != ITS_OWN and fact.kind not in ("comment", "storage")


def project(folder: Path, server: Server, schema: Schema, database: str) -> Project:
    """The files of a schema, and a new database."""
    fitted = fit(schema, database)
    for path, text in files(Work(Design(), fitted.schema, database)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    url = f"file:{folder / 'app.db'}" if database == "sqlite" else _new_database(server)
    return Project(folder, fitted.schema, database, url)


def _new_database(server: Server) -> str:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM pg_database").fetchone()
        assert found
        name = f"prisma_{found[0]}"
        connection.execute(f"CREATE DATABASE {name}")
    return server.url(name)


def every_type() -> Schema:
    """What the library lacks: counted ids, covering indexes, odd defaults, pairs of keys."""
    teams = Table(
        "teams",
        (
            replace(column("id", "bigint"), identity=True),
            column("title", "text", default='it\'s "x" \\ \n; --'),
            column("kinds", "list", default="{}"),
            column("names", "list", default="{a,b}"),
            column("since", "date", default="2026-01-31"),
            column("seen_at", "timestamptz", default="2026-01-31T00:00:00.000Z"),
            column("ratio", "numeric", default=2),
            column("rate", "numeric", precision=6, scale=3, null=True),
            column("level", "integer", default=-1),
            column("open", "boolean", default=False),
            column("options", "json", default='{"a": [1, "x"]}'),
            column("raw", "bytes", null=True),
            column("kind", "enum", enum="team kind", default="two words"),
        ),
        key("teams"),
        uniques=(Unique("uq_teams_id_level", ("id", "level")), Unique("uq_teams_rate", ("rate",))),
        indexes=(
            Index("ix_teams_cover", (IndexPart("since"),), include=("title", "level")),
            Index("uq_teams_level", (IndexPart("level"), IndexPart("since", True)), unique=True),
            Index("uq_teams_title", (IndexPart("title"),), unique=True),
            index("ix_teams_kinds", "kinds", method="gin"),
        ),
        entity="Team",
    )  # fmt: skip
    both = ForeignKey(
        "fk_seats_team", ("team_id", "level"), "teams", ("id", "level"), "NO ACTION"
    )  # fmt: skip
    seats = Table(
        "seats",
        (column("team_id", "bigint"), column("level", "integer"), column("next_id", "bigint")),
        PrimaryKey("pk seats", ("team_id", "level")),
        uniques=(Unique("uq_seats_next_id", ("next_id",)),),
        foreign_keys=(both, reference("seats", "next_id", "teams", "RESTRICT")),
        entity="Seat",
    )
    return Schema((teams, seats), (EnumType("team kind", ("two words", "one", "1st")),))


@DATABASES
@pytest.mark.parametrize(
    "schema", [library(), every_type(), till()], ids=["library", "every_type", "till"]
)
def test_after_deploy_the_database_is_the_schema_and_prisma_has_nothing_to_do(
    schema: Schema, database: str, server: Server, tmp_path: Path
) -> None:
    """Run once, quiet the second time, no drift, and all that Prisma cannot say is there too."""
    made = project(tmp_path, server, schema, database)
    first, second, status, drift = made.prisma("deploy", "deploy", "status", "drift")
    assert first == [MIGRATION]
    assert second == []
    assert (status["history"], status["editedMigrationNames"]) == (None, [])
    assert drift == ""
    assert made.differences() == ()


@DATABASES
def test_an_index_taken_out_of_the_schema_is_noticed(
    database: str, server: Server, tmp_path: Path
) -> None:
    """The judge above can say no."""
    made = project(tmp_path, server, library(), database)
    made.edit("schema.prisma", '  @@index([bookId], map: "ix_loans_book_id")\n', "")
    _, drift = made.prisma("deploy", "drift")
    assert 'DROP INDEX "ix_loans_book_id"' in drift


@DATABASES
def test_a_change_in_the_database_is_noticed(database: str, server: Server, tmp_path: Path) -> None:
    """Both judges see a column that nobody asked for."""
    made = project(tmp_path, server, library(), database)
    made.prisma("deploy")
    with made.engine() as engine:
        engine.execute("ALTER TABLE loans ADD COLUMN fee integer")
    (drift,) = made.prisma("drift")
    assert "fee" in drift or "new_loans" in drift
    assert made.differences() == ("loans: column fee is there, but the schema has none",)


@DATABASES
def test_a_migration_that_fails_leaves_no_table_behind(
    database: str, server: Server, tmp_path: Path
) -> None:
    """All of it happens, or nothing."""
    made = project(tmp_path, server, library(), database)
    made.edit(f"migrations/{MIGRATION}/migration.sql", "CREATE TABLE loans", "CREATE TABEL loans")
    with pytest.raises(AssertionError, match="TABEL"):
        made.prisma("deploy")
    with made.engine() as engine:
        assert engine.tables() == (ITS_OWN,)


@functools.cache
def hostile_schemas() -> list[Schema]:
    """The later ones are the larger ones."""
    return cases(hostile(), 60)


@pytest.mark.parametrize("number", range(6))
def test_whatever_things_are_called_prisma_sees_no_difference(
    number: int, server: Server, tmp_path: Path
) -> None:
    """Names and defaults with quotes, line ends and other scripts.

    On PostgreSQL: Prisma asks SQLite about names without escaping the quotes in them.
    """
    made = project(tmp_path, server, hostile_schemas()[number * 10 + 9], "postgresql")
    _, drift = made.prisma("deploy", "drift")
    assert drift == ""
    assert made.differences() == ()


@DATABASES
def test_reserved_words_and_other_scripts_are_names_like_any_other(
    database: str, server: Server, tmp_path: Path
) -> None:
    """As tables, columns and indexes."""
    made = project(tmp_path, server, unusual_names(), database)
    _, drift = made.prisma("deploy", "drift")
    assert drift == ""
    assert made.differences() == ()


def unusual_names() -> Schema:
    """Tables called by keywords of SQL, Prisma and JavaScript, and by no Latin letter."""
    tables = []
    for number, name in enumerate(("order", "größen", "表", "json", "prisma_client", "class")):
        tables.append(
            Table(
                name,
                (UUID, column(name, "text"), column("select", "integer"), column("up", "uuid")),
                key(name),
                uniques=(Unique(f"uq_{name}", (name, "select")),),
                foreign_keys=(reference(name, "up", name, "CASCADE"),),
                indexes=(index(f"ix_{number}_{name}", "up", f"-{name}"),),
            )
        )
    return Schema(tuple(tables))
