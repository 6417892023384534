"""What looks inside a value, as the SQL that the index of its access pattern can serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.capability.innodb import INNODB
from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.dialects.search_functions import EXTENTS
from schemawalk.schema.language.expression import Compare, Name
from schemawalk.schema.model import Column, Index, Table

PERIODS: Final[Mapping[str, tuple[str, str]]] = {
    "timestamptz": ("2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"),
    "date": ("2026-03-01", "2026-04-01"),
}
"""A month, as the range that an example asks for."""
_NUMBERS: Final = ("10", "20")

_CONTAINS: Final[Mapping[tuple[str, str], str]] = {
    ("postgresql", "json"): '{0} @> \'{{"key": "value"}}\'',
    ("postgresql", "list"): "{0} @> ARRAY['value']",
    ("postgresql", "text"): "{0} ILIKE '%value%'",
    ("sqlite", "json"): "json_extract({0}, '$.key') = 'value'",
    ("sqlite", "list"): "EXISTS (SELECT 1 FROM json_each({0}) WHERE value = 'value')",
    ("sqlite", "text"): "{0} LIKE '%value%'",
    **{(name, "json"): """JSON_CONTAINS({0}, '"value"', '$.key')""" for name in INNODB},
    **{(name, "list"): """JSON_CONTAINS({0}, '"value"')""" for name in INNODB},
    **{(name, "text"): "{0} LIKE '%value%'" for name in INNODB},
}
"""By database and type: SQL that looks inside a value."""
_WORDS: Final[Mapping[str, str]] = {
    "postgresql": "to_tsvector('simple', {0}) @@ plainto_tsquery('simple', 'value')",
    **dict.fromkeys(INNODB, "MATCH ({0}) AGAINST ('value')"),
}
"""By database: what an index of words answers."""
_SIMILAR: Final = "{0} % 'value'"
"""What an index of trigrams answers: texts that are like it, misspelt ones too (pg_trgm)."""


def inside(table: Table, column: Column, pattern: AccessPattern, dialect: Dialect) -> str:
    """The condition that looks inside a column: by its words, its parts, or a stretch of time."""
    name = dialect.quoted(column.name)
    index = next((each for each in table.indexes if pattern.id in each.serves), None)
    if column.type.name in EXTENTS:
        return _touching(table, column, index, dialect)
    if index is not None and index.method == "fulltext" and dialect.name in _WORDS:
        return _WORDS[dialect.name].format(name)
    if index is not None and any(part.operators == "trigram" for part in index.parts):
        return _SIMILAR.format(name)
    kind = column.type.name if column.type.name in ("json", "list") else "text"
    return _CONTAINS[dialect.name, kind].format(name)


def _touching(table: Table, column: Column, index: Index | None, dialect: Dialect) -> str:
    """Which stretches touch another one, from the column's value to that of its end."""
    low, high = map(dialect.literal, PERIODS.get(column.type.name, ()) or map(int, _NUMBERS))
    stretch = next((p.expression for p in index.parts if p.expression), None) if index else None
    if stretch is not None:
        said = dialect.sql(stretch)
        return f"{said} && {said.partition('(')[0]}({low}, {high})"
    last = _end_of(table, column)
    after = ">=" if last.type.name == "date" and not _ends_free(table, column, last) else ">"
    end = dialect.quoted(last.name)
    return f"{dialect.quoted(column.name)} < {high}\n  AND {end} {after} {low}"


def _ends_free(table: Table, start: Column, end: Column) -> bool:
    """Whether the last day is another's first: nothing ends on the day on which it begins."""
    after = Compare(">", Name(end.name), Name(start.name))
    return any(check.expression == after for check in table.checks)


def _end_of(table: Table, start: Column) -> Column:
    """The column with which a stretch ends: of an exclusion, or the next one of the same type.

    Raises LookupError when there is none.
    """
    for rule in table.exclusions:
        if rule.start == start.name:
            return table.column(rule.end)
    behind = table.columns[table.columns.index(start) + 1 :]
    found = next((column for column in behind if column.type == start.type), None)
    if found is None:
        raise LookupError(f"the end of what begins with {start.name}")
    return found
