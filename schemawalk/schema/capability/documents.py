"""A schema as MongoDB holds it: what lives inside what, rules in validators, possible indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Final, Literal

from schemawalk.schema.capability.embedding import kept_apart
from schemawalk.schema.capability.expiry import why_not_by_itself
from schemawalk.schema.language.expression import Name
from schemawalk.schema.model import Check, Column, Index, IndexPart, Schema, Table, Unique
from schemawalk.schema.names import fitted
from schemawalk.schema.rendering.mongo_filter import filter_of
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import Asserted, Thing, View

Feature = Literal[
    "foreign-key", "embedded", "default", "counting", "generated", "expression", "partial",
    "partial-unique", "two-lists", "computed-view", "job",
]  # fmt: skip
Lost = tuple[Feature, str, str]
"""A feature, whom its loss concerns, and what is lost in words."""

_STACK: Final = "stack.database"
_LISTS: Final = frozenset(("list", "json"))
"""Types whose value may be an array."""


def as_documents(schema: Schema, triggered: tuple[Thing, ...]) -> tuple[Schema, list[Lost]]:
    """The schema without what MongoDB cannot hold, and what that is.

    `triggered` is what stands around the tables where triggers are to be had: the program has to do
    as they would.

    Foreign keys stay, so that diagrams and documents can tell them: nothing checks them.  So do
    defaults: the program gives them.
    """
    fitting = _Fitting(schema, triggered)
    return fitting.fitted(), fitting.lost


class _Fitting:
    """One pass over a schema."""

    def __init__(self, schema: Schema, triggered: tuple[Thing, ...]) -> None:
        self.schema = schema
        self.triggered = triggered
        self.lost: list[Lost] = []

    def fitted(self) -> Schema:
        apart = kept_apart(self.schema)
        tables = tuple(self.table(table, apart) for table in self.schema.tables)
        self.count(tables)
        made = Schema(tables, self.schema.enums)
        around = tuple(thing for thing in self.schema.around if self.carries(thing, made))
        return Schema(tables, self.schema.enums, around)

    def count(self, tables: tuple[Table, ...]) -> None:
        """Say once what is so in all tables alike."""
        keys = sum(not key.embedded for table in tables for key in table.foreign_keys)
        given = sum(c.default is not None for table in tables for c in table.columns)
        if keys:
            self.lost.append(("foreign-key", _STACK, _several(keys, "reference")))
        if given:
            self.lost.append(("default", _STACK, _several(given, "default")))

    def table(self, table: Table, apart: dict[str, str]) -> Table:
        subject = table.source or table.name
        keys = tuple(replace(k, embedded=k.embedded and k.name not in apart)
                     for k in table.foreign_keys)  # fmt: skip
        for key in table.foreign_keys:
            if key.name in apart:
                what = f"{table.name} inside {key.references}, where {apart[key.name]}"
                self.lost.append(("embedded", key.source or subject, what))
        rules = (
            Check(thing.name, thing.rule, thing.because, thing.source)
            for thing in self.schema.things(Asserted)
            if thing.table == table.name
        )
        inside = any(key.embedded for key in keys)
        indexes = (each for i in table.indexes for each in self.index(table, i, inside=inside))
        uniques, led = without_own_key(table, inside=inside)
        return replace(
            table,
            columns=tuple(self.column(table, column) for column in table.columns),
            checks=(*table.checks, *rules),
            uniques=uniques,
            foreign_keys=keys,
            indexes=(*indexes, *led),
        )

    def column(self, table: Table, column: Column) -> Column:
        name, subject = f"{table.name}.{column.name}", column.source or table.name
        if column.generated is not None:
            self.lost.append(("generated", subject, name))
            return replace(column, generated=None, virtual=False, nullable=True)
        if column.identity:
            self.lost.append(("counting", subject, name))
        return replace(column, identity=False)

    def index(self, table: Table, index: Index, *, inside: bool) -> Iterator[Index]:
        """The index; a condition would be one on the whole document around what is `inside`."""
        subject = table.source or table.name
        if any(part.expression is not None for part in index.parts):
            self.lost.append(("expression", subject, index.name))
            return
        made = replace(index, parts=self.one_list(table, index))
        types = {column.name: column.type for column in table.columns}
        if made.predicate is not None and (inside or filter_of(made.predicate, types) is None):
            feature: Feature = "partial-unique" if made.unique else "partial"
            self.lost.append((feature, subject, index.name))
            made = replace(made, predicate=None, unique=False)
        yield made

    def one_list(self, table: Table, index: Index) -> tuple[IndexPart, ...]:
        """The parts up to a second list: MongoDB refuses documents with two in one index."""
        lists = [p for p in index.parts if table.column(p.column).type.name in _LISTS]
        if len(lists) < 2:
            return index.parts
        self.lost.append(("two-lists", table.source or table.name, index.name))
        return index.parts[: index.parts.index(lists[1])]

    def carries(self, thing: Thing, made: Schema) -> bool:
        """Whether something around the tables is written; said when it is not."""
        what = thing.name
        match thing:
            case View():
                plain = all(isinstance(column.expression, Name) for column in thing.columns)
                carried = plain and not thing.grouped_by
                feature: Feature = "computed-view"
            case Routine():
                why = why_not_by_itself(thing, made, self.triggered)
                carried, feature = why is None, "job"
                what += f" ({why})" if why else ""
            case _:
                return False
        if not carried:
            self.lost.append((feature, thing.source or thing.name, what))
        return carried


def without_own_key(table: Table, *, inside: bool) -> tuple[tuple[Unique, ...], tuple[Index, ...]]:
    """The unique keys that say more than the primary key, and indexes for whom the others led.

    What has the whole primary key in it is unique anyway: in SQL a foreign key may need it, here
    none does.  What stands before it there is looked up all the same.
    """
    own = set(table.primary_key.columns)
    said = tuple(unique for unique in table.uniques if not own <= set(unique.columns))
    found: dict[tuple[str, ...], Index] = {}
    for unique in table.uniques:
        before = tuple(takewhile(lambda name: name not in own, unique.columns))
        key = next((key for key in table.foreign_keys if key.columns == before), None)
        if unique in said or key is None or inside or _leads(table, said, before):
            continue
        name = fitted(f"ix_{table.name}_{'_'.join(before)}")
        because = f"joins with {key.references}"
        found[before] = Index(name, tuple(map(IndexPart, before)), because=because)
    return said, tuple(found.values())


def _leads(table: Table, uniques: tuple[Unique, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index over all rows begins with these columns."""
    plain = [i for i in table.indexes if i.method == "btree" and i.predicate is None]
    keys = [tuple(part.column for part in index.parts) for index in plain]
    keys += [table.primary_key.columns, *(unique.columns for unique in uniques)]
    return any(key[: len(columns)] == columns for key in keys)


def _several(count: int, noun: str) -> str:
    return f"The {count:,} {noun}s" if count > 1 else f"The one {noun}"
