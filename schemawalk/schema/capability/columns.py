"""Columns and rules as a database can have them: what stands for them, what is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, Literal

from schemawalk.schema.capability.capable import Capability
from schemawalk.schema.language.expression import Call, Expression, Fragment, Name, walk
from schemawalk.schema.model import Check, Column, Index, IndexPart, Schema, Table, Type, Unique
from schemawalk.schema.names import unique as free_name

Lost = tuple[Literal["collation", "fragment", "inet", "lower"], str]
"""A feature, and what is said to be lost."""

FRAGMENT: Final = Capability("refused", "it is written in another database's SQL")
"""What a fragment of somebody else's SQL comes to, everywhere."""

POSTGRESQL_COLUMNS: Final[Mapping[str, Capability]] = {
    # Nothing that was answered is lost: version 7 is wanted where the database makes it.
    "uuid7": Capability(
        "emulated",
        "version 4, at random: the server makes no version 7 before PostgreSQL 18",
        until=(18,),
    ),
    "collation": Capability(
        "emulated", "a unique index on lower(…): ask with lower(…) to find a row by it"
    ),
    "fragment": FRAGMENT,
}
SQLITE_COLUMNS: Final[Mapping[str, Capability]] = {
    "varchar": Capability("emulated", "text with a CHECK of its length"),
    "inet": Capability("lossy", "text of which only the characters and the length are checked"),
    "collation": Capability("lossy", "NOCASE, which knows only the letters A to Z"),
    "lower": Capability("lossy", "lower() knows only the letters A to Z"),
    "fragment": FRAGMENT,
}


class FittedColumns:
    """One table's columns and rules on their way; `lost` is told afterwards."""

    def __init__(
        self, table: Table, lacking: Mapping[str, Capability], database: str, schema: Schema
    ) -> None:
        self.table = table
        self.lacking = lacking
        self.database = database
        self.schema = schema
        self.linked = {name for key in table.foreign_keys for name in key.columns}
        """Columns that hold what another table holds, letter by letter."""
        self.lost: list[Lost] = []

    def table_as_held(self) -> Table:
        """The table without what it cannot have."""
        table = self.table
        table = table.having(
            checks=tuple(c for c in table.checks if self.keeps(c)),
            indexes=tuple(i for i in table.indexes if self.holds(i)),
            columns=tuple(map(self.column, table.columns)),
        )
        if "collation" in self.lacking and self.lacking["collation"].way == "emulated":
            return self.folded(table)
        return table

    def column(self, column: Column) -> Column:
        """The column as it can be; what it costs is noted."""
        if column.type.name == "inet" and "inet" in self.lacking:
            self.lost.append(("inet", f"{self.table.name}.{column.name}"))
        if column.collation and "collation" in self.lacking and column.name not in self.linked:
            self.lost.append(("collation", f"{self.table.name}.{column.name}"))
        if column.default is not None and column.default == _UUID7 and "uuid7" in self.lacking:
            return replace(column, default=Call("uuid"))
        if column.generated is not None and "generated" in self.lacking:
            return replace(column, nullable=True)
        return column

    def keeps(self, check: Check) -> bool:
        """Whether the rule can be said here."""
        if self.is_foreign(check.expression):
            self.lost.append(("fragment", f"{check.name} is not enforced"))
            return False
        if "lower" in self.lacking and Call in {type(e) for e in walk(check.expression)}:
            functions = {e.function for e in walk(check.expression) if isinstance(e, Call)}
            self.lost += [("lower", check.name)] if "lower" in functions else []
        return True

    def holds(self, index: Index) -> bool:
        """Whether what the index leaves out can be said here."""
        if index.predicate is not None and self.is_foreign(index.predicate):
            self.lost.append(("fragment", f"{index.name} is left out"))
            return False
        return True

    def is_foreign(self, expression: Expression) -> bool:
        found = (part for part in walk(expression) if isinstance(part, Fragment))
        return any(part.database != self.database for part in found)

    # Texts that differ only in case

    def folded(self, table: Table) -> Table:
        """Indexes on lower(…) in place of keys and indexes on columns that ignore case."""
        texts = frozenset(c.name for c in table.columns if c.collation)
        if not texts:
            return table
        texts -= self.linked
        folding = [u for u in table.uniques if texts & set(u.columns)]
        referred = self.schema.referred(table.name)
        kept = [u for u in table.uniques if u not in folding or frozenset(u.columns) in referred]
        made = [_in_any_case(u, u.name, texts) for u in folding if u not in kept]
        # A key that others refer to stays, and lets in what differs in case alone.
        key = Unique("", table.primary_key.columns, _SAME_KEY)
        beside = [key] if texts & set(key.columns) else []
        for unique in (*beside, *(u for u in folding if u in kept)):
            named = {index.name for index in (*table.indexes, *made)}
            made.append(_in_any_case(unique, _beside(unique, table, named), texts))
        indexes = (
            _lowered(index, texts) if index.method == "btree" else index for index in table.indexes
        )
        columns = (replace(c, collation="") if c.collation else c for c in table.columns)
        return replace(
            table, uniques=tuple(kept), indexes=(*indexes, *made), columns=tuple(columns)
        )


_UUID7: Final = Call("uuid7")
_SAME_KEY: Final = "no two rows have the same key"


def _beside(unique: Unique, table: Table, taken: Collection[str]) -> str:
    """A name for what stands beside a key that stays."""
    wanted = "_".join(("uq", table.name, *unique.columns, "lower"))
    return free_name(wanted, taken)


def _in_any_case(unique: Unique, name: str, texts: frozenset[str]) -> Index:
    parts = tuple(IndexPart(column) for column in unique.columns)
    because = f"{unique.because}, in upper or lower case" if unique.because else ""
    return _lowered(Index(name, parts, unique=True, because=because), texts)


def _lowered(index: Index, texts: frozenset[str]) -> Index:
    parts = (
        replace(part, expression=Call("lower", (Name(part.column),)))
        if part.column in texts and part.expression is None
        else part
        for part in index.parts
    )
    return replace(index, parts=tuple(parts))


def shorter(column: Column) -> Column:
    """The column as text, where the database has no texts of a certain length."""
    return replace(column, type=Type("text")) if column.type.name == "varchar" else column
