"""The schema: tables that follow from a design, in no database's dialect.

Everything is frozen and in a stable order.  Every object carries `because`, the sentence that
defends it, and `source`, the permanent id of what it was derived from.  Names are final here:
within the length limit, and unique where databases want them unique.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from operator import is_
from typing import Any, Literal, TypeVar

from schemawalk.schema.language.expression import Expression
from schemawalk.schema.things import Thing

TypeName = Literal[
    "uuid",
    "text",
    "varchar",
    "integer",
    "bigint",
    "numeric",
    "boolean",
    "date",
    "timestamptz",
    "interval",
    "json",
    "list",
    "bytes",
    "inet",
    "enum",
]
Action = Literal["CASCADE", "SET NULL", "RESTRICT", "NO ACTION"]
Extent = Literal["moments", "days", "whole_days", "integers", "bigints", "numbers"]
Method = Literal["btree", "gin", "gist", "brin", "fulltext"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Type:
    """A logical type; `list` is a list of texts, `enum` a named list of values."""

    name: TypeName
    precision: int | None = None
    """Digits of a numeric, characters of a varchar."""
    scale: int | None = None
    enum: str | None = None
    """Name of the `EnumType`, for `enum` only."""


@dataclass(frozen=True, slots=True)
class EnumType:
    """A type of its own for a fixed list of values."""

    name: str
    values: tuple[str, ...]
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `default` is a literal, `now()` or `uuid()`; `identity` counts by itself."""

    name: str
    type: Type
    nullable: bool = False
    default: Expression | None = None
    identity: bool = False
    generated: Expression | None = None
    """What it always is, kept with the row: nobody writes it."""
    virtual: bool = False
    """Kept in its index only, and computed when it is read."""
    invisible: bool = False
    """Left out where all columns are asked for: it is there for its index alone."""
    longest: int | None = None
    """Characters that a text has at most by what it is, where no rule says it."""
    collation: Literal["", "any-case"] = ""
    """`any-case`: texts that differ only in case are the same."""
    because: str = ""
    purpose: str = ""
    source: str = ""
    sensitivity: str = ""
    example: str = ""
    """A made-up value, as text, for example rows in documents."""


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The columns that identify a row."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unique:
    """A UNIQUE constraint."""

    name: str
    columns: tuple[str, ...]
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint: holds when the expression is true or unknown."""

    name: str
    expression: Expression
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to another table's key, with what happens when that row is deleted."""

    name: str
    columns: tuple[str, ...]
    references: str
    referenced_columns: tuple[str, ...]
    on_delete: Action
    because: str = ""
    source: str = ""
    deferred: bool = False
    """Part of a cycle: added after both tables exist."""
    on_update: Action = "NO ACTION"
    """What happens to the row when the key that it refers to changes."""
    deferrable: bool = False
    """Checked at COMMIT, so that rows of a cycle can be inserted in any order."""
    emptied: tuple[str, ...] = ()
    """With SET NULL, the columns that become NULL; all of them when empty."""
    embedded: bool = False
    """In a document database: the row lives inside the document of the one that it refers to."""

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each column with the one that it refers to."""
        return zip(self.columns, self.referenced_columns, strict=True)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """No two rows with the same `columns` may overlap from `start` to `end`.

    The end is excluded, but where days are counted whole.
    """

    name: str
    columns: tuple[str, ...]
    start: str
    end: str
    predicate: Expression | None = None
    because: str = ""
    source: str = ""
    extent: Extent = "moments"
    """What lies between `start` and `end`."""

    @property
    def last_counts(self) -> bool:
        """Whether the end belongs to the stretch, so that no other can begin on it."""
        return self.extent == "whole_days"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a table that is cut, there from the start; `value` is a list's."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Partition:
    """How a table is cut into parts that the database keeps apart.

    By `range` a part is a month, and a routine makes them as time goes by: the SQL must not depend
    on the day on which it is written.
    """

    by: Literal["range", "list", "hash"]
    column: str
    parts: tuple[Part, ...] = ()
    """One for each value (`list`), or each remainder (`hash`)."""
    rest: str = ""
    """Name of the part that takes what no other does; empty for `hash`."""
    alone: tuple[str, ...] = ()
    """The columns of the primary key, if the table were not cut."""
    widened: tuple[str, ...] = ()
    """UNIQUE constraints and unique indexes that end in `column` only because the table is cut."""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One column of an index, or an expression over it, and its direction."""

    column: str
    descending: bool = False
    expression: Expression | None = None
    """What is indexed when it is not the plain column."""
    operators: Literal["", "trigram", "range"] = ""
    """The kind of search that it is for, where the type alone does not say."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index; partial when it has a predicate."""

    name: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    predicate: Expression | None = None
    method: Method = "btree"
    include: tuple[str, ...] = ()
    guard: str = ""
    """A generated column that stands for the predicate, behind the other parts; empty for none."""
    because: str = ""
    serves: tuple[str, ...] = ()
    """Ids of the access patterns and foreign keys that it is there for."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table with everything that hangs on it."""

    name: str
    columns: tuple[Column, ...]
    primary_key: PrimaryKey
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    partition: Partition | None = None
    because: str = ""
    purpose: str = ""
    source: str = ""
    """Id of the entity or relationship that it comes from."""
    entity: str = ""
    """The entity's name in the singular, as people say it; for join tables, both names."""
    steps: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns by which people know a row: its key, without what only a partition asks."""
        return (self.partition.alone if self.partition else ()) or self.primary_key.columns

    def having(self, **parts: Any) -> Table:
        """The table with other columns, checks, …; itself where they are the ones that it has."""
        for name, wanted in parts.items():
            there = getattr(self, name)
            if len(there) != len(wanted) or not all(map(is_, there, wanted)):
                return replace(self, **parts)
        return self

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True)
class Schema:
    """All tables, each after those that it references (cycles apart)."""

    tables: tuple[Table, ...] = ()
    enums: tuple[EnumType, ...] = ()
    around: tuple[Thing, ...] = ()
    """What stands around the tables, in the order in which it can be made."""

    def table(self, name: str) -> Table:
        """The table of that name; raises KeyError when there is none."""
        return self._by_name[name]

    def enum(self, name: str) -> EnumType:
        """The enum type of that name; raises KeyError when there is none."""
        return next(enum for enum in self.enums if enum.name == name)

    def things(self, kind: type[_T]) -> tuple[_T, ...]:
        """What is of that kind around the tables, in order."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_name(self) -> dict[str, Table]:
        return {table.name: table for table in self.tables}

    @cached_property
    def _by_kind(self) -> dict[type[Any], tuple[Any, ...]]:
        found: dict[type[Any], list[Any]] = {}
        for thing in self.around:
            found.setdefault(type(thing), []).append(thing)
        return {kind: tuple(things) for kind, things in found.items()}

    def referred(self, table: str) -> frozenset[frozenset[str]]:
        """The columns of a table that foreign keys point at, key by key."""
        return frozenset(self._referred.get(table, ()))

    @cached_property
    def _referred(self) -> dict[str, set[frozenset[str]]]:
        found: dict[str, set[frozenset[str]]] = {}
        for _, key in self.references():
            found.setdefault(key.references, set()).add(frozenset(key.referenced_columns))
        return found

    def references(self) -> Iterator[tuple[Table, ForeignKey]]:
        """Every foreign key with the table that holds it, in order."""
        for table in self.tables:
            for key in table.foreign_keys:
                yield table, key


Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the review or the capability pass says about a design."""

    rule: str
    severity: Severity
    subject: str
    """Id of the design's object, or a table's name."""
    message: str
    """What is wrong and why it matters, in one or two sentences."""
    fix: str = ""
    """What to do about it."""
    why: str = ""
    """What goes wrong where the rule is broken, in one sentence."""
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The fix as answers that give it: ids of questions with their values; empty: by hand."""
    waiver: str = ""
    """The reason for which somebody accepts it; empty while nobody does."""
