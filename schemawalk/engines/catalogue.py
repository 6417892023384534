"""What a database holds, as facts that can be compared: found there, or following from a schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from schemawalk.schema.model import Column, ForeignKey, Index, IndexPart, Schema, Table, Unique
from schemawalk.schema.things import Extension

_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*\Z")
NONE: Final = "nothing"
"""How the absence of a default, a predicate and the like is said."""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One thing that a database holds, with what can be said about it."""

    table: str
    """Empty for what hangs on no table."""
    kind: str
    name: str
    details: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """What it is, as a sentence begins with it."""
        if self.kind == "table":
            return f"table {self.table}"
        return (
            f"{self.table}: {self.kind} {self.name}" if self.table else f"{self.kind} {self.name}"
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Facts in a stable order; two databases that hold the same have equal catalogues."""

    facts: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Catalogue:
        """The catalogue that consists of these facts, in whatever order they come."""
        return cls(tuple(sorted(facts)))


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one database spells what a schema says; keys are a table's and an object's name."""

    types: Mapping[tuple[str, str], str]
    defaults: Mapping[tuple[str, str], str]
    checks: Mapping[tuple[str, str], str]
    predicates: Mapping[tuple[str, str], str]
    counting: frozenset[tuple[str, str]]
    """Columns that count by themselves."""
    exclusions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The parts of those indexes that have expressions, or operators of their own."""
    methods: Mapping[str, str] = field(default_factory=dict)
    """What the database calls a method, where that is not what it is called here."""
    key_name: str = ""
    """What every primary key is called, where the name that it was given is not kept."""
    keys_are_indexes: bool = False
    """Whether UNIQUE constraints are told as unique indexes."""
    around: tuple[Fact, ...] = ()
    """The facts about views, policies, roles and grants."""


class Spells(Protocol):
    """A database that says how it spells a schema's types, defaults and expressions."""

    @property
    def name(self) -> str:
        """The database's, as in `Stack.database`."""

    def normalised(self, schema: Schema) -> Spelling:
        """The spelling of everything in `schema`; raises EngineError."""


def listed(names: Sequence[str]) -> str:
    """Names on one line, quoted where they would be misread."""
    return ", ".join(map(quoted, names)) or NONE


def quoted(name: str) -> str:
    """A name, in double quotes unless it is plain."""
    return name if _PLAIN.match(name) else '"' + name.replace('"', '""') + '"'


def column_fact(
    table: str, name: str, type_: str, default: str, *, nullable: bool, counting: bool
) -> Fact:
    """A column; `default` is empty when there is none."""
    details = (
        ("type", type_),
        ("NULL", "allowed" if nullable else "refused"),
        ("default", default or NONE),
        ("counting by itself", _said(counting)),
    )
    return Fact(table, "column", name, details)


def key_fact(table: str, kind: str, name: str, columns: Sequence[str], extra: str = "") -> Fact:
    """A primary key or a UNIQUE constraint; `extra` is what is unusual about it."""
    return Fact(table, kind, name, (("columns", listed(columns) + extra),))


def check_fact(table: str, name: str, expression: str) -> Fact:
    """A CHECK, with its expression as the database spells it."""
    return Fact(table, "CHECK", name, (("expression", expression),))


def exclusion_fact(table: str, name: str, definition: str) -> Fact:
    """An exclusion, as the database spells it."""
    return Fact(table, "exclusion", name, (("definition", definition),))


def foreign_key_fact(
    table: str,
    name: str,
    columns: Sequence[str],
    referenced: tuple[str, Sequence[str]],
    *,
    on_delete: str,
    on_update: str = "NO ACTION",
    deferrable: str = "no",
    emptied: Sequence[str] = (),
    extra: str = "",
) -> Fact:
    """A foreign key; `referenced` is the parent table with its columns."""
    parent, parent_columns = referenced
    details = (
        ("columns", listed(columns) + extra),
        ("parent", f"{quoted(parent)} ({listed(parent_columns)})"),
        ("ON DELETE", f"{on_delete} ({listed(emptied)})" if emptied else on_delete),
        ("ON UPDATE", on_update),
        ("deferrable", deferrable),
    )
    return Fact(table, "foreign key", name, details)


def index_fact(
    table: str,
    name: str,
    columns: str,
    *,
    unique: bool,
    predicate: str,
    method: str,
    include: Sequence[str],
) -> Fact:
    """An index; `columns` are listed with their directions, `predicate` may be empty."""
    details = (
        ("columns", columns),
        ("unique", _said(unique)),
        ("WHERE", predicate or NONE),
        ("method", method),
        ("INCLUDE", listed(include)),
    )
    return Fact(table, "index", name, details)


def enum_fact(name: str, values: Sequence[str]) -> Fact:
    """A type for a fixed list of values, in their order."""
    return Fact("", "enum", name, (("values", ", ".join(map(repr, values))),))


def extension_fact(name: str) -> Fact:
    """An extension that is created."""
    return Fact("", "extension", name)


def _said(answer: bool) -> str:
    return "yes" if answer else "no"


def expected(schema: Schema, engine: Spells) -> Catalogue:
    """The catalogue that a database must have when it holds `schema`.

    The structure comes from the schema itself; only types, defaults and expressions are spelled by
    the database, because it rewrites them.  Raises EngineError when it cannot.
    """
    from schemawalk.engines.comment_facts import expected_comments
    from schemawalk.engines.parts import expected_parts
    from schemawalk.engines.routine_facts import expected_routines
    from schemawalk.engines.trigger_facts import expected_triggers

    spelling = engine.normalised(schema)
    facts = [fact for table in schema.tables for fact in _table_facts(table, spelling)]
    facts += [extension_fact(extension.name) for extension in schema.things(Extension)]
    facts += expected_parts(schema)
    facts += expected_routines(schema, engine.name, spelling.types)
    facts += expected_comments(schema, engine.name)
    facts += [*expected_triggers(schema, engine.name), *spelling.around]
    return Catalogue.of(facts + [enum_fact(enum.name, enum.values) for enum in schema.enums])


def _table_facts(table: Table, spelling: Spelling) -> Iterator[Fact]:
    yield Fact(table.name, "table", table.name)
    yield from (_column(table, column, spelling) for column in table.columns)
    key = table.primary_key
    yield key_fact(table.name, "primary key", spelling.key_name or key.name, key.columns)
    yield from (_unique(table, unique, spelling) for unique in table.uniques)
    for check in table.checks:
        yield check_fact(table.name, check.name, spelling.checks[table.name, check.name])
    for rule in table.exclusions:
        definition = spelling.exclusions.get((table.name, rule.name), "")
        yield exclusion_fact(table.name, rule.name, definition)
    yield from (_foreign_key(table, reference) for reference in table.foreign_keys)
    yield from (_index(table, index, spelling) for index in table.indexes)


def _column(table: Table, column: Column, spelling: Spelling) -> Fact:
    place = (table.name, column.name)
    return column_fact(
        *place,
        spelling.types[place],
        spelling.defaults.get(place, ""),
        nullable=column.nullable,
        counting=place in spelling.counting,
    )


def _unique(table: Table, unique: Unique, spelling: Spelling) -> Fact:
    if not spelling.keys_are_indexes:
        return key_fact(table.name, "UNIQUE", unique.name, unique.columns)
    parts = tuple(IndexPart(column) for column in unique.columns)
    return _index(table, Index(unique.name, parts, unique=True), spelling)


def _foreign_key(table: Table, key: ForeignKey) -> Fact:
    referenced = (key.references, key.referenced_columns)
    some = key.on_delete == "SET NULL" and key.emptied != key.columns
    return foreign_key_fact(
        table.name,
        key.name,
        key.columns,
        referenced,
        on_delete=key.on_delete,
        on_update=key.on_update,
        deferrable="from the start" if key.deferrable else "no",
        emptied=key.emptied if some else (),
    )


def _index(table: Table, index: Index, spelling: Spelling) -> Fact:
    return index_fact(
        table.name,
        index.name,
        spelling.parts.get((table.name, index.name)) or ", ".join(map(_part, index.parts)),
        unique=index.unique,
        predicate=spelling.predicates.get((table.name, index.name), ""),
        method=spelling.methods.get(index.method, index.method),
        include=index.include,
    )


def _part(part: IndexPart) -> str:
    return quoted(part.column) + (" DESC" if part.descending else "")


def differences(expected: Catalogue, actual: Catalogue) -> tuple[str, ...]:
    """One sentence for each thing that is missing, stray or different; none when all is equal."""
    wanted, found = _by_subject(expected), _by_subject(actual)
    absent = {key[0] for key in wanted.keys() - found.keys() if key[1] == "table"}
    stray = {key[0] for key in found.keys() - wanted.keys() if key[1] == "table"}
    sentences: list[str] = []
    for key in sorted(wanted.keys() | found.keys()):
        if key[1] != "table" and key[0] in absent | stray:
            continue
        sentences += _compared(wanted.get(key, []), found.get(key, []))
    return tuple(sentences)


def _by_subject(catalogue: Catalogue) -> dict[tuple[str, str, str], list[Fact]]:
    by_subject: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in catalogue.facts:
        by_subject.setdefault((fact.table, fact.kind, fact.name), []).append(fact)
    return by_subject


def _compared(wanted: list[Fact], found: list[Fact]) -> Iterator[str]:
    for want, have in zip(wanted, found, strict=False):
        for (what, right), (_, real) in zip(want.details, have.details, strict=True):
            if right != real:
                yield f"{want.subject}: {what} is {real}, the schema says {right}"
    for missing in wanted[len(found) :]:
        yield f"{missing.subject} is missing"
    for extra in found[len(wanted) :]:
        yield f"{extra.subject} is there, but the schema has none"
