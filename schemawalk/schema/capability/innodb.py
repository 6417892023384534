"""A table as InnoDB can hold it: which CHECKs stay, what stands for a predicate, what a key takes.

Sources: MySQL 9 manual, "CHECK Constraints", "Limits on InnoDB Tables", "CREATE INDEX"; MariaDB
10.11, tried.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final
from typing import Literal as OneOf

from schemawalk.schema.capability.id_order import ordered_as_text
from schemawalk.schema.capability.key_indexes import led, seen_through, turned
from schemawalk.schema.dialects.mysql_moments import moments
from schemawalk.schema.dialects.mysql_widths import inherited_lengths, widths
from schemawalk.schema.language.expression import (
    Call,
    Expression,
    IsNull,
    Literal,
    Name,
    names,
    walk,
)
from schemawalk.schema.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    Schema,
    Table,
    Type,
)
from schemawalk.schema.names import fitted, unique

INNODB: Final = frozenset(("mysql", "mariadb"))
"""Databases whose tables InnoDB keeps."""

Gone = OneOf[
    "partial", "descending", "json-in-key", "long-key", "text-in-key", "deferrable",
    "check", "check-counting", "check-emptied", "check-now", "update-empty",
    "update-itself",
]  # fmt: skip
Lost = tuple[Gone, str]
"""A feature, and what is said to be lost."""

_CHANGING: Final = ("CASCADE", "SET NULL")
_CLOCKS: Final = frozenset(("now", "today"))
_NO_KEYS: Final = frozenset(("json", "list"))


def held(table: Table, lacking: Collection[str], schema: Schema) -> tuple[Table, list[Lost]]:
    """The table as the two can hold it, and what that costs, for `capability` to say.

    `lacking` are the features that the version at hand has no native form for; `schema` has the
    tables that its keys refer to, as they were derived.
    """
    work = _Holding(table, lacking, schema)
    return work.held(), work.lost


class _Holding:
    """One table on its way."""

    def __init__(self, table: Table, lacking: Collection[str], schema: Schema) -> None:
        self.table = table
        self.lacking = lacking
        self.schema = schema
        self.lost: list[Lost] = []

    def held(self) -> Table:
        table = moments(self.table)
        if "id-order" in self.lacking:
            table = ordered_as_text(table)
        table = table.having(
            checks=tuple(check for check in table.checks if self.keeps(check)),
            columns=tuple(map(self.first, table.columns)),
            foreign_keys=tuple(map(self.key, table.foreign_keys)),
            indexes=tuple(filter(self.holds, table.indexes)),
        )
        for index in table.indexes:
            table = self.stood_for(table, index)
        if "key-to-itself" in self.lacking:
            table = turned(table)
        if "key-through-null" in self.lacking:
            table = seen_through(table)
        return led(self.fitting(table))

    def keeps(self, check: Check) -> bool:
        """Whether a CHECK can be made; what is in it decides."""
        for feature, found in self.obstacles(check.expression):
            if feature in self.lacking and found:
                self.lost.append((feature, check.name))
                return False
        return True

    def obstacles(self, rule: Expression) -> Iterator[tuple[Gone, bool]]:
        parts = list(walk(rule))
        yield "check", True
        mentioned = {part.name for part in parts if isinstance(part, Name)}
        yield "check-counting", not mentioned.isdisjoint(self.counting)
        yield "check-emptied", not mentioned.isdisjoint(self.changed)
        yield "check-now", any(isinstance(p, Call) and p.function in _CLOCKS for p in parts)

    @cached_property
    def counting(self) -> set[str]:
        """The columns that count by themselves."""
        return {column.name for column in self.table.columns if column.identity}

    @cached_property
    def changed(self) -> set[str]:
        """The columns that an action of a foreign key writes into."""
        return {c for key in self.table.foreign_keys for c in key.columns if _changes(key)}

    def first(self, column: Column) -> Column:
        """A column of a key that would wait for COMMIT: empty until the other row is there."""
        if column.name not in self.waiting or column.nullable:
            return column
        return replace(column, nullable=True)

    @cached_property
    def waiting(self) -> set[str]:
        """The columns of keys that would wait for COMMIT, and of no other key."""
        keys = self.table.foreign_keys
        waits = {name for key in keys if key.deferrable for name in key.columns}
        kept = {name for key in keys if not key.deferrable for name in key.columns}
        return waits - kept - set(self.table.primary_key.columns)

    def key(self, key: ForeignKey) -> ForeignKey:
        """A foreign key that is checked at once; InnoDB has one name for what only refuses."""
        if key.deferrable:
            self.lost.append(("deferrable", key.name))
        elif key.on_update not in ("RESTRICT", "CASCADE"):
            return key
        update = "NO ACTION" if key.on_update == "RESTRICT" else key.on_update
        if "update-empty" in self.lacking and self.may_become_empty(key):
            self.lost.append(("update-empty", key.name))
            update = "NO ACTION"
        if key.on_update == "CASCADE" and key.references == self.table.name:
            self.lost.append(("update-itself", key.name))
            update = "NO ACTION"
        return replace(key, deferrable=False, on_update=update)

    def may_become_empty(self, key: ForeignKey) -> bool:
        """Whether a required column follows one that may become NULL."""
        parent = self.schema.table(key.references)
        return key.on_update == "CASCADE" and any(
            parent.column(theirs).nullable and not self.table.column(own).nullable
            for own, theirs in key.pairs()
        )

    def holds(self, index: Index) -> bool:
        """Whether an index can be made at all."""
        types = {column.name: column.type.name for column in self.table.columns}
        plain = [part.column for part in index.parts if part.expression is None]
        if index.method == "btree" and any(types[column] in _NO_KEYS for column in plain):
            self.lost.append(("json-in-key", f"{index.name} is left out"))
            return False
        return True

    def stood_for(self, table: Table, index: Index) -> Table:
        """The table with an index in it that says the same without a predicate or an expression."""
        made = index
        if index.predicate is not None and not index.unique:
            if not _leaves_out_null(index):
                self.lost.append(("partial", index.name))
            made = replace(made, predicate=None)
        if "descending" in self.lacking and any(part.descending for part in made.parts):
            self.lost.append(("descending", index.name))
            made = replace(made, parts=tuple(replace(p, descending=False) for p in made.parts))
        added: list[Column] = []
        if "expression" in self.lacking:
            made, added = _computed(table, made)
            unseen = "invisible" not in self.lacking
            added = [replace(column, invisible=unseen) for column in added]
        if made.predicate is not None:
            guard = replace(_guard(table, made), invisible="invisible" not in self.lacking)
            made = replace(made, guard=guard.name)
            added.append(guard)
        indexes = tuple(made if each is index else each for each in table.indexes)
        return table.having(columns=(*table.columns, *added), indexes=indexes)

    def fitting(self, table: Table) -> Table:
        """The table with texts as wide as their keys allow, without keys that are too wide."""
        made, shortened, too_wide = widths(table, inherited_lengths(table, self.schema))
        self.lost += [("text-in-key", said) for said in shortened]
        self.lost += [("long-key", f"{name} is left out") for name in too_wide]
        return made


def _leaves_out_null(index: Index) -> bool:
    """Whether only rows without a value are outside: with them the index serves as well."""
    return index.predicate == IsNull(Name(index.parts[0].column), negated=True)


def _changes(key: ForeignKey) -> bool:
    """Whether an action of the key writes into the columns that refer."""
    return key.on_delete == "SET NULL" or key.on_update in _CHANGING


def _guard(table: Table, index: Index) -> Column:
    """The column that is NULL where the predicate does not hold, and so outside of the key."""
    assert index.predicate is not None
    return Column(
        unique(f"in_{index.name}", {column.name for column in table.columns}),
        Type("boolean"),
        nullable=True,
        generated=Call("where", (index.predicate, Literal(True))),
        virtual=True,
        because=f"stands for the predicate of {index.name}: NULL where it does not apply",
    )


def _computed(table: Table, index: Index) -> tuple[Index, list[Column]]:
    """The index over generated columns where it was one over expressions, and those columns."""
    if all(part.expression is None for part in index.parts):
        return index, []
    parts: list[IndexPart] = []
    added: list[Column] = []
    for part in index.parts:
        if part.expression is None:
            parts.append(part)
            continue
        base = table.column(names(part.expression)[0])
        column = Column(
            fitted(f"{part.column or base.name}_in_{index.name}"),
            base.type,
            nullable=True,
            generated=part.expression,
            virtual=True,
            because=f"what {index.name} finds: an expression is indexed as a column",
            source=base.source,
            sensitivity=base.sensitivity,
        )
        added.append(column)
        parts.append(IndexPart(column.name, part.descending))
    return replace(index, parts=tuple(parts)), added
