"""What a rule of the review is, and what it looks at: a design, its schema, and quick ways in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Note
from schemawalk.schema.dialects.notations import MONGODB_NAME, NOTATIONS
from schemawalk.schema.model import Column, ForeignKey, Schema, Severity, Table
from schemawalk.schema.names import snake
from schemawalk.schema.tables.lookup import Lookup

Answers = tuple[tuple[str, tuple[str, ...]], ...]
"""Ids of questions with the values that settle what was found."""

DEFAULT_DATABASE: Final = "postgresql"
"""What the schema is looked at for while nobody chose a database."""

FAMILY: Final[Mapping[str, tuple[str, ...]]] = {
    "P": ("postgresql",), "M": ("mysql", "mariadb"), "S": ("sqlite",), "D": ("mongodb",),
}  # fmt: skip
"""Databases by the letter that a rule's row names them with."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a rule has to say."""

    subject: str
    """Id of the design's object, or a table's name."""
    message: str
    fix: str = ""
    """What to do about it, in words."""
    answers: Answers = ()
    """The same as answers; empty where only somebody who knows the product can tell."""


Found = Iterator[Said]


@dataclass(frozen=True)
class Matter:
    """A design and its schema, looked through once for all rules."""

    design: Design
    schema: Schema
    database: str = DEFAULT_DATABASE
    lookup: Lookup = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lookup", Lookup(self.design))

    @property
    def title(self) -> str:
        """What the database is called by people."""
        known = NOTATIONS.get(self.database)
        return known.title if known else self.database

    @property
    def checks_keys(self) -> bool:
        """Whether the database has foreign keys at all."""
        return self.database != MONGODB_NAME

    @cached_property
    def columns(self) -> dict[str, dict[str, Column]]:
        """Columns by the table's name and their own."""
        return {t.name: {c.name: c for c in t.columns} for t in self.schema.tables}

    @cached_property
    def placed(self) -> dict[str, list[tuple[Table, Column]]]:
        """Columns, with their tables, by the id of what they were derived from."""
        found: dict[str, list[tuple[Table, Column]]] = {}
        for table in self.schema.tables:
            for column in table.columns:
                found.setdefault(column.source, []).append((table, column))
        return found

    @cached_property
    def by_source(self) -> dict[str, Table]:
        """Tables by the id of what they were derived from."""
        return {table.source: table for table in self.schema.tables}

    @cached_property
    def incoming(self) -> dict[str, list[tuple[Table, ForeignKey]]]:
        """Foreign keys, with the tables that hold them, by the table that they refer to."""
        found: dict[str, list[tuple[Table, ForeignKey]]] = {}
        for table, key in self.schema.references():
            found.setdefault(key.references, []).append((table, key))
        return found

    @cached_property
    def facts(self) -> tuple[tuple[Entity, Attribute], ...]:
        """Attributes of what is remembered, each with its entity."""
        entities = filter(self.lookup.persists, self.design.entities)
        return tuple((entity, each) for entity in entities for each in entity.attributes)

    def told(self, tells: Callable[[Attribute], object]) -> Iterator[tuple[Entity, Attribute]]:
        """The facts whose name and kind tell something, each with its entity, in their order.

        The same few names come back in every entity: `tells` is asked of one fact of each name and
        kind, and may look at nothing else.
        """
        found = (at for at in self._alike.values() if tells(self.facts[at[0]][1]))
        return (self.facts[each] for each in sorted(chain.from_iterable(found)))

    @cached_property
    def _alike(self) -> dict[tuple[str | None, str], list[int]]:
        """Places of facts by their kind, as answered, and their name."""
        found: dict[tuple[str | None, str], list[int]] = {}
        for at, (_, fact) in enumerate(self.facts):
            found.setdefault((fact.kind, fact.name), []).append(at)
        return found

    @cached_property
    def column_names(self) -> frozenset[str]:
        """What columns are called, in whatever table."""
        return frozenset[str]().union(*self.columns.values())

    @cached_property
    def patterns(self) -> dict[str, AccessPattern]:
        """Access patterns by id."""
        return {pattern.id: pattern for pattern in self.design.access_patterns}

    @cached_property
    def groups(self) -> frozenset[str]:
        """Names of the tables whose rows are tenants, or other groups."""
        homes = (self.by_source.get(e.id) for e in self.lookup.of_archetype("group"))
        return frozenset(table.name for table in homes if table)

    @cached_property
    def notes(self) -> dict[str, Note]:
        """Notes by the id of their question."""
        return {note.id: note for note in self.design.notes}

    def subject_of(self, table: Table, column: Column) -> str:
        """What the design calls a column: its attribute, else what its table comes from."""
        known = column.source in self.lookup.attributes
        return column.source if known else table.source or table.name

    def nullable(self, table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a table's columns that may be NULL."""
        columns = self.columns[table.name]
        return tuple(name for name in names if name in columns and columns[name].nullable)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table of rules."""

    id: str
    severity: Severity
    on: str
    """Databases that it concerns, letters of FAMILY; empty for all."""
    why: str
    """What goes wrong where it is broken, in one sentence."""
    find: Callable[[Matter], Found]

    def concerns(self, database: str) -> bool:
        """Whether it says anything about that database."""
        return not self.on or any(database in FAMILY[letter] for letter in self.on)


@lru_cache(maxsize=8192)
def called(name: str) -> str:
    """A fact's name as its column is called; the same few come back in every table."""
    return snake(name)


def local(attribute_id: str) -> str:
    """An attribute's id within its entity."""
    return attribute_id.partition(".")[2]
