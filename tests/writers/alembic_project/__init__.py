"""Alembic projects for tests: written to disk and run by the real tool, or run in this process."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection
from sqlalchemy.orm import configure_mappers

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.model import Column, ForeignKey, Index, IndexPart, Schema, Table, Type
from schemawalk.writers.alembic import files
from schemawalk.writers.work import Files, Work
from tests.schemas import UUID, check, column, index, key, library, reference

DATABASES = ("postgresql", "sqlite")
MIGRATION = "alembic/versions/0001_initial.py"
FORMAT = ("ruff", "format", "--isolated", "--line-length", "100")
# Class names in scripts without capitals have none (N801).
LINT = (
    "ruff", "check", "--isolated", "--line-length", "100", "--target-version", "py311",
    "--select", "E,F,W,I,B,C4,UP,N,PIE,RET,SIM,RUF,PTH", "--ignore", "N801,RUF001,RUF002,RUF003",
)  # fmt: skip


def everything() -> Schema:
    """The library, and what it has not: counting keys, bytes, covering and unique indexes, signs
    that mean something to SQLAlchemy or to a driver, and a second column of the enum's type."""
    odd = r"a :name, 100 %, %s, %(x)s, {0}, C:\dir, \:x and 'quotes' in a \"note\""
    copies = Table(
        "copies",
        (
            replace(column("id", "bigint"), identity=True),
            replace(column("book_id", "uuid"), purpose=odd),
            column("was", "enum", enum="book_state", null=True),
            column("note", "text", default=odd),
            column("cover", "bytes", null=True),
            column("paid", "numeric", default=0),
            column("retired_at", "timestamptz", null=True),
        ),
        key("copies"),
        checks=(
            check("ck_copies_note", r"note <> ':name' and note <> '\:x' and note <> '%s 100%'"),
            check("ck_copies_match", r"note matches '^(?:[^\\]|\d)*'"),
        ),
        foreign_keys=(reference("copies", "book_id", "books", "NO ACTION"),),
        indexes=(
            index("ix_copies_book_id", "book_id"),
            index("ix_copies_odd", "paid", where=r"note = ':name %s 100%'"),
            Index("ux_copies_book_id_live", (IndexPart("book_id"),), unique=True,
                  predicate=check("", "retired_at is null").expression),
            Index("ix_copies_paid", (IndexPart("paid", descending=True),), include=("note",)),
        ),
        purpose=odd,
        entity="Copy",
    )  # fmt: skip
    numbers = Table(
        "numbers",
        (column("code", "integer"), column("text", "text")),
        key("numbers", "code"),
        purpose="Keys that do not count.",
        entity="Number",
    )
    made = library()
    return Schema((*made.tables, copies, numbers), made.enums)


def table(name: str, *columns: Column, **more: object) -> Table:
    """A table with a UUID as its key and these columns."""
    return Table(name, (UUID, *columns), key(name), **more)  # type: ignore[arg-type]


def reserved() -> Schema:
    """Columns and entities whose names mean something to Python, SQLAlchemy or the module."""
    words = (
        "metadata", "registry", "self", "cls", "class", "def", "None", "str", "list", "uuid", "dt",
        "sa", "Mapped", "relationship", "type_annotation_map", "__tablename__", "__init__", "_id",
        "_sa_registry", "type", "Base", "1st", "two words", "two_words", "ﬁ", "名前", "Any", "NOW",
    )  # fmt: skip
    columns = [Column(word, Type("text"), nullable=True) for word in words]
    names = ("Base", "Any", "uuid", "class", "Text", "名前", "str", "Decimal", "print", "NOW")
    tables = [
        replace(
            table(name, *columns, column("at", "timestamptz"), column("is", "json")), entity=name
        )
        for name in names
    ]
    return Schema(tuple(tables))


def written(schema: Schema, database: str) -> Files:
    """The writer's files for a schema, as far as the database can hold it."""
    return files(Work(Design(), fit(schema, database).schema, database))


def unpacked(folder: Path, schema: Schema, database: str) -> Path:
    """The folder with the writer's files in it."""
    for path, text in written(schema, database).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *command: str, url: str = "") -> str:
    """What Python says in a folder; fails the test when it is not content."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    if url:
        environment["DATABASE_URL"] = url
    done = subprocess.run(
        (sys.executable, *command),
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def imported(text: str, name: str) -> Iterator[ModuleType]:
    """The text as an imported module, as long as the context lasts."""
    module = ModuleType(name)
    sys.modules[name] = module
    try:
        exec(compile(text, f"{name}.py", "exec", dont_inherit=True), module.__dict__)
        yield module
    finally:
        del sys.modules[name]


def migrate(connection: Connection, migration: str, direction: str) -> None:
    """Run one direction of a migration's text on a connection."""
    with (
        imported(migration, "schemawalk_tested_migration") as module,
        Operations.context(MigrationContext.configure(connection)),
    ):
        step: Callable[[], None] = getattr(module, direction)
        step()


@contextmanager
def models_of(schema: Schema, database: str = "postgresql") -> Iterator[ModuleType]:
    """The models, configured without a single warning."""
    with imported(written(schema, database)["models.py"], "schemawalk_tested_models") as models:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            configure_mappers()
            assert models.Base.metadata.sorted_tables
        yield models


def keyed(made: Table, *keys: ForeignKey, **more: Any) -> Table:
    """The table with foreign keys."""
    return replace(made, foreign_keys=keys, **more)
