"""What PostgreSQL makes of exclusions and of index parts that are no plain columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from schemawalk.engines.catalogue import Fact, exclusion_fact, quoted
from schemawalk.schema.dialects.index_sql import index_body
from schemawalk.schema.dialects.key_sql import exclusion
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.model import Exclusion, Index, Table

Ask = Callable[[str], list[tuple[Any, ...]]]

_EXCLUSIONS: Final = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = {space} AND k.contype = 'x' AND NOT c.relispartition
"""
_PARTS: Final = """
SELECT i.relname, ARRAY(SELECT ARRAY[coalesce(a.attname, ''),
    pg_get_indexdef(x.indexrelid, n.at::int, true), n.option::text,
    CASE WHEN o.opcdefault THEN '' ELSE o.opcname END]
  FROM unnest(x.indkey::int[], x.indoption::int[], x.indclass::oid[])
    WITH ORDINALITY AS n(number, option, class, at)
  LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = n.number AND n.number > 0
  JOIN pg_opclass o ON o.oid = n.class
  WHERE n.at <= x.indnkeyatts ORDER BY n.at)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE i.relnamespace = {space}
"""


def part_said(column: str, definition: str, option: str, operators: str) -> str:
    """A part of an index; `option` has bit 0 for DESC and bit 1 for NULLS FIRST."""
    descending, first = int(option) & 1, int(option) & 2
    words = [quoted(column) if column else definition, operators, "DESC" if descending else ""]
    if bool(first) != bool(descending):
        words.append("NULLS FIRST" if first else "NULLS LAST")
    return " ".join(filter(None, words))


def exclusion_facts(ask: Ask, space: str) -> Iterator[Fact]:
    """The exclusions of a namespace."""
    for table, name, definition in ask(_EXCLUSIONS.format(space=space)):
        yield exclusion_fact(table, name, definition)


def is_special(index: Index) -> bool:
    """Whether the server is asked how it spells the index's parts."""
    return index.method == "fulltext" or any(p.expression or p.operators for p in index.parts)


def scratch_exclusion(rule: Exclusion) -> str:
    """The exclusion as a line of CREATE TABLE."""
    return f"CONSTRAINT {POSTGRESQL.quoted(rule.name)} {' '.join(exclusion(rule, POSTGRESQL))}"


def scratch_index(index: Index, name: str, table: str) -> str:
    """The index, under another name, on a temporary table."""
    return f"CREATE INDEX {name} ON pg_temp.{table} {index_body(index, POSTGRESQL)}"


def spelled_exclusions(
    ask: Ask, space: str, tables: dict[str, Table]
) -> dict[tuple[str, str], str]:
    """Definitions of the exclusions of temporary tables."""
    found = ask(_EXCLUSIONS.format(space=space))
    return {(tables[t].name, name): text for t, name, text in found if t in tables}


def spelled_parts(
    ask: Ask, space: str, places: dict[str, tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The parts of temporary indexes; `places` gives the table and the index of each."""
    found = ask(_PARTS.format(space=space))
    return {
        places[name]: ", ".join(part_said(*part) for part in parts)
        for name, parts in found
        if name in places
    }
