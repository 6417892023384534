"""Relationships between the models, both ways, with names that say who is who."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemawalk.schema import names
from schemawalk.schema.model import Action, ForeignKey, Schema, Table
from schemawalk.writers.python_source import Node, literal, named
from schemawalk.writers.sqlalchemy_names import Naming, free, identifier

ENDINGS: Final[Mapping[Action, tuple[str, ...]]] = {
    "CASCADE": ('cascade="all"', "passive_deletes=True"),
    "SET NULL": ("passive_deletes=True",),
    "RESTRICT": ('passive_deletes="all"',),
    "NO ACTION": ('passive_deletes="all"',),
}
"""How the far side leaves to the database what happens when its row is deleted."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One attribute that leads from a class to another."""

    attribute: str
    annotation: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both attributes of one foreign key."""

    table: Table
    key: ForeignKey
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class Link:
    """A join table with its two foreign keys."""

    table: Table
    left: ForeignKey
    right: ForeignKey


def pure_links(schema: Schema) -> dict[str, Link]:
    """Join tables that hold two keys and nothing else, and go when either side goes, by name.

    They need no class: nobody could do more with one than add or take away a pair.
    """
    referenced = {key.references for _, key in schema.references()}
    links = (_link(table) for table in schema.tables if table.name not in referenced)
    return {link.table.name: link for link in links if link and _is_pure(link)}


def _is_pure(link: Link) -> bool:
    keys = (*link.left.columns, *link.right.columns)
    ends = {link.left.on_delete, link.right.on_delete}
    return {c.name for c in link.table.columns} == set(keys) and ends == {"CASCADE"}


def _link(table: Table) -> Link | None:
    """The table as a join table: its key is made of two foreign keys to two other tables."""
    inside = [k for k in table.foreign_keys if set(k.columns) <= set(table.primary_key.columns)]
    targets = {key.references for key in table.foreign_keys}
    if len(inside) != 2 or len(table.foreign_keys) != len(targets) or table.name in targets:
        return None
    left, right = inside
    columns = (*left.columns, *right.columns)
    whole = len(columns) == len(table.primary_key.columns)
    return (
        Link(table, left, right)
        if whole and set(columns) == set(table.primary_key.columns)
        else None
    )


def relations(
    schema: Schema, naming: Naming, pure: Mapping[str, str]
) -> Mapping[str, Sequence[Relation]]:
    """The relationships of each table's class; `pure` names the join tables without a class."""
    return _Relating(schema, naming, pure).relations()


class _Relating:
    """One pass over the foreign keys: first all near names, then the far ones."""

    def __init__(self, schema: Schema, naming: Naming, pure: Mapping[str, str]) -> None:
        self.schema, self.naming, self.pure = schema, naming, pure
        self.tables = [table for table in schema.tables if table.name not in pure]
        self.reserved = frozenset(naming.classes.values()) | frozenset(naming.values)
        self.names = {t.name: set(naming.attributes[t.name].values()) for t in schema.tables}
        keys = [(table, key) for table in self.tables for key in table.foreign_keys]
        self.between = Counter(frozenset((table.name, key.references)) for table, key in keys)
        self.own: defaultdict[str, list[Relation]] = defaultdict(list)
        self.others: defaultdict[str, list[Relation]] = defaultdict(list)

    def relations(self) -> Mapping[str, Sequence[Relation]]:
        near = [
            (table, key, self.named(table.name, self.role(key)))
            for table in self.tables
            for key in table.foreign_keys
        ]
        pairs = [_Pair(t, k, name, self.far(t, k)) for t, k, name in near]
        siblings: defaultdict[str, list[_Pair]] = defaultdict(list)
        for pair in pairs:
            siblings[pair.table.name].append(pair)
        for pair in pairs:
            self.pair(pair, siblings[pair.table.name])
        for table in self.schema.tables:
            self.shortcut(_link(table))
        tables = [*dict.fromkeys((*self.own, *self.others))]
        return {table: (*self.own[table], *self.others[table]) for table in tables}

    def named(self, table: str, *wanted: str) -> str:
        """The first free name of those wanted; the last with a number when none is."""
        from_text = [identifier(name) for name in wanted]
        taken = self.names[table]
        name = next((n for n in from_text if n not in taken), from_text[-1])
        reserved = self.reserved
        return free(f"{name}_" if name in reserved else name, taken)

    def role(self, key: ForeignKey) -> str:
        """What the referenced row is to the one that refers to it: the key without `_id`.

        Of a key that is tied to a common owner it is the last column that points to the row.
        """
        parent = self.schema.table(key.references)
        name = names.snake(key.columns[-1])
        if len(parent.primary_key.columns) > 1 or not name.endswith("_id"):
            return self.noun(parent)
        return name.removesuffix("_id") or name

    def noun(self, table: Table) -> str:
        """The table's entity in the singular, as an attribute."""
        return names.snake(table.entity or table.name)

    def far(self, table: Table, key: ForeignKey) -> str:
        base = self.noun(table) if _is_single(table, key) else names.snake(table.name)
        role = self.role(key)
        if key.references == table.name and role == "parent":
            base = "child" if _is_single(table, key) else "children"
        elif role != self.noun(self.schema.table(key.references)) and self.needs_role(table, key):
            base = f"{role}_{base}"
        return self.named(key.references, base, f"{role}_{base}")

    def needs_role(self, table: Table, key: ForeignKey) -> bool:
        """Whether "its books" could be understood in more than one way."""
        return key.references == table.name or self.is_one_of_several(table, key)

    def is_one_of_several(self, table: Table, key: ForeignKey) -> bool:
        """Whether more than one key leads from one of the two tables to the other."""
        return self.between[frozenset((table.name, key.references))] > 1

    def pair(self, pair: _Pair, siblings: Sequence[_Pair]) -> None:
        table, key = pair.table, pair.key
        path = (*self.foreign_keys(pair), *_overlaps(pair, siblings))
        remote = self.remote_side(pair)
        optional = any(table.column(column).nullable for column in key.columns)
        one = self.naming.classes[key.references] + (" | None" if optional else "")
        many = self.naming.classes[table.name]
        many = f"{many} | None" if _is_single(table, key) else f"list[{many}]"
        near = (named("back_populates", literal(pair.far)), *path, *remote)
        far = (named("back_populates", literal(pair.near)), *path, *ENDINGS[key.on_delete])
        self.own[table.name].append(Relation(pair.near, one, near))
        self.others[key.references].append(Relation(pair.far, many, far))

    def foreign_keys(self, pair: _Pair) -> Iterator[Node]:
        """Which columns to follow, where more than one key leads from one table to the other."""
        if self.is_one_of_several(pair.table, pair.key):
            yield named("foreign_keys", self.columns(pair.table.name, pair.key.columns))

    def remote_side(self, pair: _Pair) -> Iterator[Node]:
        if pair.table.name == pair.key.references:
            columns = self.columns(pair.key.references, pair.key.referenced_columns)
            yield named("remote_side", columns)

    def columns(self, table: str, columns: Sequence[str]) -> str:
        """Columns as text that SQLAlchemy reads when all classes are there."""
        owner = self.naming.classes[table]
        listed = ", ".join(f"{owner}.{self.naming.attribute(table, c)}" for c in columns)
        return literal(listed if len(columns) == 1 else f"[{listed}]")

    def shortcut(self, link: Link | None) -> None:
        """Collections that lead through a join table straight to the other side."""
        if link is None:
            return
        left, right = link.left.references, link.right.references
        to_right = self.named(left, names.snake(right), f"{names.snake(link.table.name)}_{right}")
        to_left = self.named(right, names.snake(left), f"{names.snake(link.table.name)}_{left}")
        self.through(link, left, right, (to_right, to_left))
        self.through(link, right, left, (to_left, to_right))

    def through(self, link: Link, start: str, end: str, attributes: tuple[str, str]) -> None:
        here, there = attributes
        annotation = f"list[{self.naming.classes[end]}]"
        arguments: tuple[Node, ...]
        if variable := self.pure.get(link.table.name):
            back = named("back_populates", literal(there))
            arguments = (
                named("secondary", f"lambda: {variable}"),
                back,
                "passive_deletes=True",
            )
        else:
            owner = self.naming.classes[link.table.name]
            arguments = (named("secondary", f"lambda: {owner}.__table__"), "viewonly=True")
        self.others[start].append(Relation(here, annotation, arguments))


def _is_single(table: Table, key: ForeignKey) -> bool:
    """Whether one row at most can refer to the same other row."""
    sets = [table.primary_key.columns, *(unique.columns for unique in table.uniques)]
    for index in table.indexes:
        if index.unique and index.predicate is None:
            sets.append(tuple(part.column for part in index.parts))
    return any(set(columns) <= set(key.columns) for columns in sets)


def _overlaps(pair: _Pair, siblings: Sequence[_Pair]) -> Iterator[Node]:
    """Relationships that write a column of this one too, said so that SQLAlchemy does not warn."""
    others = [
        other
        for other in siblings
        if other is not pair and set(other.key.columns) & set(pair.key.columns)
    ]
    if others:
        words = dict.fromkeys(name for other in others for name in (other.near, other.far))
        yield named("overlaps", literal(",".join(words)))
