"""Comments as facts: what PostgreSQL and MariaDB keep of them, and what a schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from schemawalk.engines.catalogue import Fact
from schemawalk.schema.commented import Comment, of_table, of_thing, of_types
from schemawalk.schema.comments import (
    LONGEST_OF_COLUMN,
    LONGEST_OF_TABLE,
    plain,
    sentence,
    shortened,
)
from schemawalk.schema.model import Schema
from schemawalk.schema.things import View

Ask = Callable[[str], list[tuple[Any, ...]]]

_OWN: Final = 16384
"""The first number that PostgreSQL gives to what is not its own (its access/transam.h)."""
_POSTGRESQL: Final = f"""
SELECT i.type, CASE i.type WHEN 'type' THEN ARRAY[t.typname::text] ELSE i.object_names[2:] END,
  d.description
FROM pg_description d
CROSS JOIN LATERAL pg_identify_object_as_address(d.classoid, d.objoid, d.objsubid) i
LEFT JOIN pg_type t ON d.classoid = 'pg_type'::regclass AND t.oid = d.objoid
WHERE d.objoid >= {_OWN} AND d.classoid <> 'pg_extension'::regclass
  AND NOT EXISTS (SELECT FROM pg_depend x
    WHERE x.classid = d.classoid AND x.objid = d.objoid AND x.deptype = 'e')
"""
_MYSQL: Final = """
SELECT 'table', table_name, '', table_comment FROM information_schema.tables
  WHERE table_schema = DATABASE() AND table_type <> 'VIEW' AND table_comment <> ''
UNION ALL SELECT 'column', c.table_name, c.column_name, c.column_comment
  FROM information_schema.columns c JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name
  WHERE c.table_schema = DATABASE() AND t.table_type <> 'VIEW' AND c.column_comment <> ''
UNION SELECT 'index', '', index_name, index_comment FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND index_comment <> ''
"""
"""A view says what its tables say."""
_KEPT: Final = {"postgresql": _POSTGRESQL, "mariadb": _MYSQL, "mysql": _MYSQL}
"""By database where comments are kept: SQLite has none."""


def comment_facts(ask: Ask, database: str) -> Iterator[Fact]:
    """The comments in a database."""
    if database == "postgresql":
        for kind, names, said in ask(_POSTGRESQL):
            yield _told(kind, names, said)
        return
    for kind, table, name, said in ask(_KEPT[database]):
        yield _comment(table, name, said) if kind in ("table", "column") else _on(kind, name, said)


def _told(kind: str, names: list[str], said: str) -> Fact:
    """A comment of PostgreSQL, as the fact that a schema would say of it."""
    owner, name = names[0] if names else "", names[-1] if len(names) > 1 else ""
    if kind in ("table constraint", "trigger", "policy"):
        return _on(kind.removeprefix("table "), name, said, owner)
    if kind.endswith(("table", "view", "column")):
        return _comment(owner, name, said)
    return _on(kind, owner, said)


def expected_comments(schema: Schema, database: str) -> Iterator[Fact]:
    """What a database must keep of what a schema says of its tables, columns and views."""
    if database not in _KEPT:
        return
    for table in schema.tables:
        if said := sentence(table.purpose, table.because):
            yield _comment(table.name, "", _kept(said, LONGEST_OF_TABLE, database))
        for column in table.columns:
            if said := sentence(column.purpose, column.because):
                yield _comment(table.name, column.name, _kept(said, LONGEST_OF_COLUMN, database))
    if database != "postgresql":
        indexes = (c for table in schema.tables for c in of_table(table) if c.kind == "INDEX")
        for each in indexes:
            yield _on("index", each.name, shortened(each.said, LONGEST_OF_COLUMN))
    else:
        views = ((view.name, plain(view.because)) for view in schema.things(View))
        yield from (_comment(name, "", said) for name, said in views if said)
        every = (of_thing(thing, schema, database) for thing in schema.around)
        for part in (of_types(schema), *map(of_table, schema.tables), *every):
            yield from map(_expected, part)


def _expected(comment: Comment) -> Fact:
    if comment.kind == "COLUMN":
        return _comment(comment.of, comment.name, comment.said)
    return _on(comment.kind.lower(), comment.name, comment.said, comment.of)


def _on(kind: str, name: str, said: str, table: str = "") -> Fact:
    return Fact(table, "comment", f"on {kind} {name}", (("text", said),))


def _kept(said: str, longest: int, database: str) -> str:
    return said if database == "postgresql" else shortened(said, longest)


def _comment(table: str, column: str, said: str) -> Fact:
    return Fact(table, "comment", f"on {column}" if column else "on itself", (("text", said),))
