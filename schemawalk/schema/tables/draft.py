"""A table while it is being derived: it gives out names and remembers which column is whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from schemawalk.design.model import Design, Entity
from schemawalk.printable import printable
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import Call, Expression, names
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.language.implied import gist, second_gist, without_implied
from schemawalk.schema.language.sorts import Meaning, Meanings
from schemawalk.schema.model import (
    Action,
    Check,
    Column,
    EnumType,
    Exclusion,
    Finding,
    ForeignKey,
    Index,
    Partition,
    PrimaryKey,
    Severity,
    Table,
    Unique,
)
from schemawalk.schema.names import unique
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.things import Extension, Thing


class Taken:
    """Names that are shared by the whole database: tables, indexes, keys and types (PostgreSQL)."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def take(self, wanted: str) -> str:
        """The wanted name, or the nearest free one; taken from now on."""
        name = unique(wanted, self._names)
        self._names.add(name)
        return name


@dataclass
class Draft:
    """One table under construction."""

    name: str
    taken: Taken
    table: Table
    keys: list[Column] = field(default_factory=list)
    """Foreign key columns; they stand right behind the primary key."""
    facts: list[Column] = field(default_factory=list)
    first: list[Column] = field(default_factory=list)
    columns_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Column names by what they were derived from: an attribute's local id, a relationship's id."""
    currencies: dict[str, str] = field(default_factory=dict)
    """By the column of an amount, the one that says in which currency it is, where one does."""
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    partition: Partition | None = None
    key_columns: tuple[str, ...] = ("id",)
    _columns: set[str] = field(default_factory=set)
    _local: set[str] = field(default_factory=set)

    def column_name(self, wanted: str) -> str:
        """A free column name, taken from now on."""
        name = unique(wanted, self._columns)
        self._columns.add(name)
        return name

    def every_column(self) -> tuple[Column, ...]:
        """The columns so far, in the table's order."""
        return (*self.first, *self.keys, *self.facts)

    def constraint_name(self, *parts: str) -> str:
        """A free name for a CHECK or a foreign key of this table."""
        name = unique("_".join(parts), self._local)
        self._local.add(name)
        return name

    def whole(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The columns, each amount with its currency: 100 EUR are not 100 JPY."""
        each = ((column, self.currencies.get(column, column)) for column in columns)
        return tuple(dict.fromkeys(name for pair in each for name in pair))

    def add_unique(self, columns: Iterable[str], because: str, source: str) -> None:
        """A UNIQUE constraint, unless the same columns are unique already."""
        wanted = self.whole(columns)
        held = {frozenset(u.columns) for u in self.uniques} | {frozenset(self.key_columns)}
        if not wanted or frozenset(wanted) in held:
            return
        name = self.taken.take("_".join(("uq", self.name, *wanted)))
        self.uniques.append(Unique(name, wanted, because, source))

    def add_check(self, expression: Expression, because: str, source: str) -> None:
        """A CHECK, named after its columns and what it says of them, unless it is there already."""
        if any(check.expression == expression for check in self.checks):
            return
        said = gist(expression)
        parts = ("ck", self.name, *names(expression)[:2], *filter(None, (said,)))
        more = second_gist(expression) if "_".join(parts) in self._local else ""
        name = self.constraint_name(*parts, *filter(None, (more if more != said else "",)))
        self.checks.append(Check(name, expression, because, source))

    def add_foreign_key(
        self, columns: tuple[str, ...], to: Draft, action: Action, because: str, source: str,
        *, on_update: Action = "NO ACTION", deferrable: bool = False,
        referenced: tuple[str, ...] = (), embedded: bool = False,
    ) -> None:  # fmt: skip
        """A foreign key to the other table's primary key, or to what else is unique there."""
        name = self.constraint_name("fk", self.name, *columns, to.name)
        made = ForeignKey(
            name, columns, to.name, referenced or to.key_columns, action, because, source,
            on_update=on_update, deferrable=deferrable, embedded=embedded,
        )  # fmt: skip
        self.foreign_keys.append(made)

    def add_index(self, index: Index) -> None:
        """An index that still wants its name."""
        columns = [part.column for part in index.parts]
        columns += [_SEARCHED[what] for what in _searched(index) if what in _SEARCHED]
        suffix = ("where", *names(index.predicate)) if index.predicate else ()
        start = "uq" if index.unique else "ix"
        name = self.taken.take("_".join((start, self.name, *columns, *suffix)))
        self.indexes.append(replace(index, name=name))

    def finished(self) -> Table:
        """The table as it is now."""
        columns = self.every_column()
        known = {column.name: Meaning(column.type) for column in columns}
        return replace(
            self.table,
            name=self.name,
            columns=columns,
            primary_key=PrimaryKey(self.taken.take(f"pk_{self.name}"), self.key_columns),
            uniques=tuple(self.uniques),
            checks=tuple(_said_of_check(check, known) for check in _telling(self.checks)),
            foreign_keys=tuple(self.foreign_keys),
            indexes=tuple(_said_of_index(index, known) for index in self.indexes),
            exclusions=tuple(self.exclusions),
            partition=self.partition,
        )

    def said(self, expression: Expression) -> Expression:
        """The expression with what the types of the table's columns mean for it spelled out."""
        return explicit(expression, {c.name: Meaning(c.type) for c in self.every_column()})


def _telling(checks: list[Check]) -> tuple[Check, ...]:
    return without_implied(checks, [check.expression for check in checks])


def _said_of_check(check: Check, known: Meanings) -> Check:
    return Check(check.name, explicit(check.expression, known), check.because, check.source)


def _said_of_index(index: Index, known: Meanings) -> Index:
    if index.predicate is None:
        return index
    return replace(index, predicate=explicit(index.predicate, known))


_SEARCHED: Final = {"fulltext": "words", "trigram": "similar", "range": "time", "lower": "lower"}
"""What the name of an index says of how it searches."""


def _searched(index: Index) -> Iterator[str]:
    yield index.method
    for part in index.parts:
        yield part.operators
        yield part.expression.function if isinstance(part.expression, Call) else ""


@dataclass
class Context:
    """What the stages of a derivation share."""

    design: Design
    lookup: Lookup
    taken: Taken = field(default_factory=Taken)
    drafts: dict[str, Draft] = field(default_factory=dict)
    """By entity's id; `link:` and `lookup:` before the ids of what else becomes a table."""
    enums: list[EnumType] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    around: list[Thing] = field(default_factory=list)
    """What will stand around the tables."""

    def problem(
        self, rule: str, subject: str, message: str, fix: str, severity: Severity = "error"
    ) -> None:
        """Note what could not become part of the schema."""
        self.problems.append(Finding(rule, severity, subject, message, fix))

    def need(self, extension: str, because: str, source: str) -> None:
        """Note that an extension must be there, once."""
        known = {thing.name for thing in self.around if isinstance(thing, Extension)}
        if extension not in known:
            self.around.append(Extension(extension, because, source))

    def meant(self, draft: Draft, entity: Entity) -> dict[str, str]:
        """Column names by the names that a rule of the entity may use."""
        known = {reference: found[0] for reference, found in draft.columns_of.items()}
        own = (a.id for a in entity.attributes if a.id in draft.columns_of)
        return known | {each.partition(".")[2]: draft.columns_of[each][0] for each in own}

    def unknown_names(self, draft: Draft, entity: Entity, expression: Expression) -> list[str]:
        """What a rule speaks of and the table does not have."""
        columns = {c.name for c in (*draft.first, *draft.keys, *draft.facts)}
        known = self.meant(draft, entity).keys() | columns
        return [name for name in names(expression) if name not in known]

    def parsed(self, text: str, source: str, what: str) -> Expression | None:
        """The expression that the text says; None, and a problem, when it says none."""
        try:
            return parse(printable(text))
        except ExpressionError as error:
            self.problem(
                f"broken-{what}", source, f"The {what} {text!r} of {source} is not understood: "
                f"{error}.", "Write it as in: length(name) <= 100 and not blank(name).",
            )  # fmt: skip
            return None
