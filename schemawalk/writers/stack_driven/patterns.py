"""Which data types and constraints the schema uses, how often, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.language.expression import Call, Expression, In, Matches, names, walk
from schemawalk.schema.model import TypeName
from schemawalk.writers.stack_driven.in_documents import IN_DOCUMENTS
from schemawalk.writers.stack_driven.markdown import Markdown, code, listed
from schemawalk.writers.stack_driven.survey import Survey

_REASONS: Final[Mapping[TypeName, str]] = {
    "uuid": "cannot be guessed from outside, and any machine can make one",
    "text": "text without an invented limit; where the product has a limit, a CHECK says so",
    "varchar": "text that its type keeps from being too long",
    "integer": "whole numbers up to about 2 billion",
    "bigint": "whole numbers that may outgrow 2 billion, and money in minor units",
    "numeric": "exact decimals, never floating point",
    "boolean": "yes or no",
    "date": "a day without a time of day",
    "timestamptz": "an instant: the same moment whatever the zone of the reader",
    "interval": "a length of time",
    "json": "structure that changes from row to row; the program checks it, not the database",
    "list": "plain values that refer to no other row",
    "bytes": "raw bytes",
    "inet": "an IP address, with or without the length of its network",
    "enum": "a closed list that other programs share",
}
"""Why a logical type is used at all."""

_SQLITE: Final[Mapping[TypeName, str]] = {
    "uuid": "SQLite has no UUID: 36 characters of text, made by the default",
    "timestamptz": "text in UTC; a CHECK keeps it a moment, so that text order is time order",
    "boolean": "0 or 1, held by a CHECK",
    "json": "text; a CHECK keeps it valid JSON",
    "numeric": "SQLite has no exact decimals: a floating-point number",
}


@dataclass(frozen=True)
class TypeUse:
    """One SQL type, and where it is used."""

    type: str
    count: int
    where: Markdown
    why: str


@dataclass(frozen=True)
class Pattern:
    """One way of keeping wrong rows out."""

    name: str
    count: int
    where: Markdown
    why: str


@dataclass(frozen=True)
class Patterns:
    """Types and constraints, counted."""

    types: tuple[TypeUse, ...]
    constraints: tuple[Pattern, ...]


def types_and_constraints(survey: Survey) -> Patterns | None:
    """The chapter on types and constraints; None for a schema without tables."""
    if not survey.schema.tables:
        return None
    return Patterns(tuple(_types(survey)), tuple(_constraints(survey)))


def _types(survey: Survey) -> Iterator[TypeUse]:
    found: dict[tuple[str, TypeName], list[str]] = defaultdict(list)
    dialect = survey.work.dialect
    for table in survey.schema.tables:
        for column in table.columns:
            sql = dialect.type(column.type)
            found[sql, column.type.name].append(f"{table.name}.{column.name}")
    for (sql, kind), columns in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        own = _SQLITE.get(kind) if dialect.name == "sqlite" else None
        where = listed(map(code, columns), most=3)
        yield TypeUse(sql, len(columns), where, own or _REASONS[kind])


_CHECKS: Final[tuple[tuple[str, Callable[[Expression], bool], str], ...]] = (
    ("fixed lists", lambda e: isinstance(e, In), "only the values that the product knows get in"),
    ("shape of a text", lambda e: _has(e, Matches), "a text that cannot be right is refused early"),
    (
        "length of a text",
        lambda e: _calls(e, "length") or _calls(e, "blank"),
        "the limit is a rule of the product, not of a type",
    ),
    (
        "between columns",
        lambda e: len(names(e)) > 1,
        "facts that contradict each other cannot be stored together",
    ),
    ("range of a value", lambda e: len(names(e)) == 1, "impossible values are refused"),
)
"""Kinds of CHECK; the first that fits counts."""


def _has(expression: Expression, kind: type) -> bool:
    return any(isinstance(part, kind) for part in walk(expression))


def _calls(expression: Expression, function: str) -> bool:
    return any(isinstance(p, Call) and p.function == function for p in walk(expression))


def _constraints(survey: Survey) -> Iterator[Pattern]:
    columns = [(t, c) for t in survey.schema.tables for c in t.columns]
    required = [f"{t.name}.{c.name}" for t, c in columns if not c.nullable]
    defaults = [f"{t.name}.{c.name}" for t, c in columns if c.default is not None]
    uniques = [u.name for t in survey.schema.tables for u in t.uniques]
    words = IN_DOCUMENTS if survey.homes else {}
    yield _pattern(
        words.get("NOT NULL", "NOT NULL"),
        required,
        "a row without it would mean nothing: it fails at once",
    )
    yield _pattern(
        words.get("DEFAULT", "DEFAULT"),
        defaults,
        "writers need not repeat what is nearly always so",
    )
    yield _pattern(
        words.get("UNIQUE", "UNIQUE"),
        uniques,
        "the same thing is stored once, even when two ask at once",
    )
    checks: dict[str, list[str]] = {name: [] for name, _, _ in _CHECKS}
    for table in survey.schema.tables:
        for check in table.checks:
            name = next((n for n, fits, _ in _CHECKS if fits(check.expression)), None)
            if name:
                checks[name].append(check.name)
    for name, _, why in _CHECKS:
        if checks[name]:
            yield _pattern(f"{words.get('CHECK', 'CHECK')}, {name}", checks[name], why)


def _pattern(name: str, where: list[str], why: str) -> Pattern:
    return Pattern(name, len(where), listed(map(code, where), most=3), why)
