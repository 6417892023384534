"""Indexes made to act: the query that each is there for is answered through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from schemawalk.engines.engine import Engine
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.rows.planned import Rows
from schemawalk.schema.dialects.registry import DIALECTS, Dialect
from schemawalk.schema.language.expression import IsNull, Name, names, walk
from schemawalk.schema.model import Index, IndexPart, Table

_NUMBER: Final = 7
"""Made-up values that are looked for: whether a row has them does not matter."""
_INSIDE: Final[Mapping[str, str]] = {
    "json": "{0} @> '{{\"a\": 1}}'",
    "list": "{0} @> ARRAY['a']",
    "trigram": "{0} LIKE '%abc%'",
    "fulltext": "to_tsvector('simple', {0}) @@ to_tsquery('simple', 'word')",
}
"""How PostgreSQL is asked for what an index finds inside a value."""
_STRETCHES: Final[Mapping[str, str]] = {
    "moments": "tstzrange('2024-01-01', '2024-01-02')",
    "days": "daterange('2024-01-01', '2024-01-02')",
    "whole_days": "daterange('2024-01-01', '2024-01-02')",
    "integers": "int4range(1, 2)",
    "bigints": "int8range(1, 2)",
    "numbers": "numrange(1, 2)",
}
_TOLD: Final = {10: (3, 5), 12: (4, 6)}
"""Where a line of a plan has the way and the key, by its length: MariaDB's has 10, MySQL's 12."""
_PLAINLY: Final = ("enable_seqscan", "enable_sort", "enable_incremental_sort")
_FROM_INDEX_ALONE: Final = (*_PLAINLY, "enable_indexscan", "enable_bitmapscan")


Node = Mapping[str, Any]
"""A node of one of PostgreSQL's plans."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that an index is there for: its conditions, their values, its order."""

    shown: str
    conditions: tuple[str, ...]
    order: str
    values: tuple[object, ...]

    def sql(self, table: str) -> str:
        """The query over a table, of which a hint may be part."""
        where = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f"SELECT {self.shown} FROM {table}{where}{self.order}"


class IndexProof:
    """The attempts on the indexes of a table."""

    def __init__(self, engine: Engine, rows: Rows) -> None:
        """`rows` are those that are there already; their values are asked for."""
        self._engine = engine
        self._rows = rows
        self._dialect = DIALECTS[engine.name]

    def attempts(self, table: Table) -> Attempts:
        """For each index, a query of the kind that it was made for.

        None for a predicate that asks whether a required column is there: PostgreSQL answers that
        before it looks for indexes, from version 17 on, and then finds none whose predicate holds.
        """
        look = _LOOKS.get(self._engine.name)
        for index in table.indexes:
            if look is not None and not _asks_the_obvious(table, index):
                name = f"{table.name}: is read through {index.name}"
                yield name, partial(look, self, table, index)

    def by_postgresql(self, table: Table, index: Index) -> str:
        """With nothing else to choose from, the planner takes the index."""
        asked = self._asked(table, index)
        wanted = {index.name, *self._of_parts(index)}
        with self._engine.savepoint():
            for setting in _FROM_INDEX_ALONE if index.include else _PLAINLY:
                self._engine.execute(f"SET LOCAL {setting} = off")
            for other in table.indexes:
                if other is not index:
                    self._engine.execute(f"DROP INDEX {self._dialect.quoted(other.name)}")
            for name in _rivals(table, index):
                owner, rival = map(self._dialect.quoted, (table.name, name))
                self._engine.execute(f"ALTER TABLE {owner} DROP CONSTRAINT {rival} CASCADE")
            sql = f"EXPLAIN (FORMAT JSON) {asked.sql(self._dialect.quoted(table.name))}"
            (told,) = self._engine.rows(sql, asked.values)[0]
        plan = tuple(_nodes(told[0]["Plan"]))
        compared = bool(asked.values) or index.method not in ("btree", "brin")
        if why := _otherwise(plan, wanted, alone=bool(index.include), compared=compared):
            raise DisprovedError(f"{why}: {', '.join(node['Node Type'] for node in plan)}")
        return str(plan[-1]["Node Type"])

    def by_sqlite(self, table: Table, index: Index) -> str:
        """SQLite refuses a query that is told to use an index and cannot (INDEXED BY)."""
        asked = self._asked(table, index)
        name = self._dialect.quoted(table.name)
        hinted = f"{name} INDEXED BY {self._dialect.quoted(index.name)}"
        plan = self._engine.rows(f"EXPLAIN QUERY PLAN {asked.sql(hinted)}", asked.values)
        told = "; ".join(str(line[-1]) for line in plan)
        if "TEMP B-TREE" in told:
            raise DisprovedError(f"the order is not that of the index: {told}")
        return told

    def by_innodb(self, table: Table, index: Index) -> str:
        """Told to use an index, the optimiser names it as the key; a lookup may find nothing."""
        if index.guard:
            return "its guard is no column that a query names: its rows show what it is for"
        asked = self._asked(table, index)
        name = self._dialect.quoted(table.name)
        hinted = f"{name} FORCE INDEX ({self._dialect.quoted(index.name)})"
        sql = f"EXPLAIN FORMAT=TRADITIONAL {asked.sql(hinted)}"
        plan = self._engine.rows(sql, asked.values)[0]
        # MySQL tells the partitions before the way, and before the rest how much is left of it.
        way, key, said = (*(plan[at] for at in _TOLD[len(plan)]), str(plan[-1]))
        if key != index.name and "Impossible WHERE noticed" not in said:
            raise DisprovedError(f"it is read by {key or 'every row'}: {said}")
        if "filesort" in said:
            raise DisprovedError(f"the order is not that of the index: {said}")
        return f"{way} by {key}"

    def _of_parts(self, index: Index) -> Iterator[str]:
        """The indexes of partitions that are part of it."""
        sql = "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid "
        sql += "WHERE inhparent = $1::regclass"
        yield from (str(n) for (n,) in self._engine.rows(sql, (_quoted(index.name),)))

    def _asked(self, table: Table, index: Index) -> Asked:
        """Equality on the first part, then the order of the others, where the predicate holds."""
        predicate = () if index.predicate is None else (f"({self._dialect.sql(index.predicate)})",)
        if index.method in ("gin", "gist", "fulltext"):
            part = index.parts[0]
            return Asked("1", (self._inside(table, index, part), *predicate), "", ())
        first, *others = index.parts
        told = names(index.predicate) if index.predicate is not None else ()
        if first.column in told:
            # What the predicate says of it may allow no value of ours: all its rows, in its order.
            order = ", ".join(map(self._ordered, index.parts))
            return Asked(self._shown(index), predicate, f" ORDER BY {order}", ())
        value = self._rows.values(table, first.column, _NUMBER)[0]
        given = self._engine.bound(table.column(first.column).type, value)
        sign = ">=" if index.method == "brin" else "="
        order = ", ".join(map(self._ordered, others))
        return Asked(
            self._shown(index),
            (f"{self._said(first)} {sign} $1", *predicate),
            f" ORDER BY {order}" if order else "",
            (given,),
        )  # fmt: skip

    def _shown(self, index: Index) -> str:
        """All that the index holds, where it holds more than it is searched by."""
        columns = (*(part.column for part in index.parts), *index.include)
        return self._dialect.names(columns) if index.include else "1"

    def _said(self, part: IndexPart) -> str:
        plain = part.expression is None
        return self._dialect.quoted(part.column) if plain else self._dialect.sql(part.expression)  # type: ignore[arg-type]

    def _ordered(self, part: IndexPart) -> str:
        return self._said(part) + (" DESC" if part.descending else "")

    def _inside(self, table: Table, index: Index, part: IndexPart) -> str:
        return _inside(table, index, part, self._dialect)


def _inside(table: Table, index: Index, part: IndexPart, dialect: Dialect) -> str:
    column = dialect.quoted(part.column)
    if part.expression is not None and part.operators == "range":
        extent = getattr(part.expression, "function", "moments")
        return f"{dialect.sql(part.expression)} && {_STRETCHES[extent]}"
    if index.method == "fulltext" and dialect.name != "postgresql":
        return f"MATCH ({column}) AGAINST ('word')"
    if index.method == "fulltext":
        return _INSIDE["fulltext"].format(column)
    kind = part.operators or table.column(part.column).type.name
    return _INSIDE[kind].format(column)


def _rivals(table: Table, index: Index) -> Iterator[str]:
    """The constraints whose own indexes could answer instead.

    Where an exclusion has the same predicate, its index holds the same rows, unsorted; a key that
    holds the index's column further back, as a partition widens it, can be looked through.
    """
    yield from (rule.name for rule in table.exclusions)
    column = index.parts[0].column
    held = [(unique.name, unique.columns) for unique in table.uniques]
    held.append((table.primary_key.name, table.primary_key.columns))
    yield from (name for name, columns in held if column in columns[1:])


def _asks_the_obvious(table: Table, index: Index) -> bool:
    """Whether the predicate tests a required column for NULL."""
    parts = walk(index.predicate) if index.predicate is not None else ()
    tested = (part.operand for part in parts if isinstance(part, IsNull))
    columns = (operand.name for operand in tested if isinstance(operand, Name))
    return any(not table.column(name).nullable for name in columns)


def _nodes(plan: Node) -> Iterator[Node]:
    """A node of a plan, and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _otherwise(plan: Sequence[Node], wanted: set[str], *, alone: bool, compared: bool) -> str:
    """What is wrong with a plan; empty when the index answers the query.

    `alone`: without looking at rows; `compared`: from where its first part has a value.
    """
    if any(node.get("One-Time Filter") == "false" for node in plan):
        return ""  # no row can ever be in it, and PostgreSQL sees that
    found = next((node for node in plan if node.get("Index Name") in wanted), None)
    if found is None:
        return "it is read otherwise"
    if alone and found["Node Type"] != "Index Only Scan":
        return "the rows are read as well"
    if compared and "Index Cond" not in found:
        return "the whole index is read"
    sorted_ = any("Sort" in node["Node Type"] for node in plan)
    return "the rows are sorted afterwards" if sorted_ else ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_LOOKS: Final = {
    "postgresql": IndexProof.by_postgresql,
    "sqlite": IndexProof.by_sqlite,
    "mysql": IndexProof.by_innodb,
    "mariadb": IndexProof.by_innodb,
}
"""By database, how it is seen which index a query takes."""
