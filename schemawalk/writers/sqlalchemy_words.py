"""Reserved words that SQLAlchemy does not know of, and so would write without quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Schema
from schemawalk.writers.python_source import Call, laid, literal

_OVERLOOKED: Final[Mapping[str, frozenset[str]]] = {
    "postgresql": frozenset(("collation", "concurrently", "lateral", "system_user", "tablesample")),
    "sqlite": frozenset(("nothing", "returning")),
}
"""By dialect, reserved words that SQLAlchemy 2.1 would write without quotes."""

_PREPARERS: Final[Mapping[str, str]] = {
    "postgresql": "PGIdentifierPreparer",
    "sqlite": "SQLiteIdentifierPreparer",
}


def preparer(dialect: Dialect) -> str:
    """The import of the class that knows the dialect's reserved words."""
    return f"from sqlalchemy.dialects.{dialect.name}.base import {_PREPARERS[dialect.name]}"


def overlooked(schema: Schema, dialect: Dialect) -> tuple[str, ...]:
    """The schema's names that SQLAlchemy would have to quote and does not, sorted."""
    kept = _OVERLOOKED[dialect.name]
    found = {name for name in names_of(schema) if name in kept}
    types = (enum.name for enum in schema.enums)
    found |= {name for name in types if dialect.quoted_type(name) != dialect.quoted(name)}
    return tuple(sorted(found))


def teaching(words: tuple[str, ...], dialect: Dialect) -> str:
    """The statement that lets SQLAlchemy quote these words."""
    update = f"{_PREPARERS[dialect.name]}.reserved_words.update"
    said = f"# {dialect.title} keeps these words for itself, and SQLAlchemy does not know it."
    return f"{said}\n{laid(Call(update, (Call('', tuple(map(literal, words)), '[]'),)))}"


def names_of(schema: Schema) -> Iterator[str]:
    """Every name in a schema."""
    yield from (enum.name for enum in schema.enums)
    for table in schema.tables:
        named_things = (
            table.columns,
            table.uniques,
            table.checks,
            table.foreign_keys,
            table.indexes,
        )
        yield table.name
        yield table.primary_key.name
        yield from (thing.name for things in named_things for thing in things)
