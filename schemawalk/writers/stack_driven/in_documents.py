"""What the document says otherwise of MongoDB: names of fields, words for rules, and queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.capability.collections import ANY_CASE, Collection, Document, collections
from schemawalk.schema.language.expression import Expression, Value, renamed
from schemawalk.schema.language.sorts import Meaning
from schemawalk.schema.model import Action, Column, Schema, Table
from schemawalk.schema.rendering.mongo_filter import Filter, Made, filter_of, joined
from schemawalk.schema.rendering.mongo_query import shown
from schemawalk.writers.mongodb_script import literal

ON_DELETE: Final[Mapping[Action, str]] = {
    "CASCADE": "the program deletes it too",
    "SET NULL": "the program empties the reference",
    "RESTRICT": "the program refuses",
    "NO ACTION": "the program refuses",
}
"""What has to happen to a document when the one that it refers to is deleted."""
IN_DOCUMENTS: Final[Mapping[str, str]] = {
    "PRIMARY KEY": "identifies it", "NULL": "may be left out", "NOT NULL": "required",
    "UNIQUE": "unique", "DEFAULT": "default, which the program gives", "CHECK": "rule",
}  # fmt: skip
"""Constraints of columns, as they are said of fields."""
EMBEDDED: Final = "goes with the document that it is in"
BY_PROGRAM: Final = (
    "MongoDB does none of this, but for what is embedded and goes with its document: the program "
    "does it, in a transaction, in this order."
)
_MONTH: Final = ("2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z")
_TIMES: Final = frozenset(("date", "timestamptz"))


@dataclass(frozen=True)
class Home:
    """Where the rows of a table are."""

    collection: Collection
    prefix: str
    """Path to what is inside a document; empty for whole documents."""
    arrays: tuple[str, ...]
    """Paths that a query has to unwind, from the outside in."""
    fields: Mapping[str, str]
    """By column, the path to its value; of what is inside, also the columns that point there."""

    def own(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the part of a document that it is."""
        start = self.prefix
        return {
            path.removeprefix(start): row[column]
            for column, path in self.fields.items()
            if path.startswith(start)
        }

    @property
    def said(self) -> str:
        """The place in words."""
        if self.prefix:
            return f"{self.prefix.rstrip('.')} of {self.collection.name}"
        return self.collection.name


def homes_of(schema: Schema) -> dict[str, Home]:
    """By table, where its rows are."""
    found: dict[str, Home] = {}
    for collection in collections(schema).collections:
        for table, home in _inside(collection, collection.document, "", (), {}):
            found[table] = home
    return found


def _inside(
    collection: Collection,
    document: Document,
    prefix: str,
    arrays: tuple[str, ...],
    outer: Mapping[str, str],
) -> Iterator[tuple[str, Home]]:
    own = {column: prefix + field for column, field in (document.names or {}).items()}
    fields = {**outer, **own}
    yield document.table.name, Home(collection, prefix, arrays, fields)
    for part in document.parts:
        path = f"{prefix}{part.name}"
        key = next(k for k in part.document.table.foreign_keys if k.columns == part.pointing)
        ways = {c: fields[to] for c, to in key.pairs()}
        more = (*arrays, path) if part.several else arrays
        yield from _inside(collection, part.document, f"{path}.", more, ways)


# Queries


@dataclass(frozen=True)
class Asked:
    """What an access pattern asks for, in columns of its table."""

    pattern: AccessPattern
    table: Table
    equals: tuple[tuple[Column, Value], ...]
    among: tuple[tuple[Column, Value], ...]
    fixed: tuple[Expression, ...]
    contains: tuple[Column, ...]
    range: tuple[tuple[Column, Value], ...]
    sort: tuple[tuple[Column, int], ...]
    read: tuple[str, ...]
    """Columns to show; all when empty."""


def query(asked: Asked, home: Home) -> str:
    """The pattern for mongosh: `find`, or `aggregate` for what is inside a document."""
    start = f"db.getCollection({literal(home.collection.name)})"
    condition = joined([each for each in _conditions(asked, home) if each])
    order = {home.fields[column.name]: way for column, way in asked.sort}
    if home.arrays:
        stages = list(_stages(asked, home, condition, order))
        options = f", {literal({'collation': ANY_CASE})}" if _any_case(asked) else ""
        return f"{start}.aggregate({literal(stages, broken=True)}{options});"
    shown = _shown(asked, home)
    steps = [f"find({literal(condition)}{', ' + literal(shown) if shown else ''})"]
    steps += [f"collation({literal(ANY_CASE)})"] if _any_case(asked) else []
    steps += [f"sort({literal(order)})"] if order else []
    steps += [f"limit({asked.pattern.limit})"] if asked.pattern.limit else []
    return f"{start}\n  ." + "\n  .".join(steps) + ";"


def _any_case(asked: Asked) -> bool:
    """Whether it compares or sorts texts that may differ in case, as their index does."""
    compared = (*asked.equals, *asked.among, *asked.range, *asked.sort)
    return any(column.collation for column, _ in compared)


def _stages(asked: Asked, home: Home, condition: Filter, order: Filter) -> Iterator[dict[str, Any]]:
    if condition:
        yield {"$match": condition}
    for path in home.arrays:
        yield {"$unwind": f"${path}"}
    if condition:
        yield {"$match": condition}
    if order:
        yield {"$sort": order}
    if asked.pattern.limit:
        yield {"$limit": asked.pattern.limit}
    shown = _shown(asked, home)
    if shown:
        yield {"$project": shown}


def _shown(asked: Asked, home: Home) -> dict[str, int]:
    fields = {column.name: home.fields[column.name] for column in asked.table.columns}
    if asked.pattern.covering:
        return {fields[name]: 1 for name in asked.read}
    return {field: 0 for name, field in fields.items() if name not in asked.read}


def _conditions(asked: Asked, home: Home) -> Iterator[Filter]:
    for column, value in asked.equals:
        yield {home.fields[column.name]: _constant(column, value)}
    for column, value in asked.among:
        yield {home.fields[column.name]: {"$in": [_constant(column, value)]}}
    for rule in asked.fixed:
        yield _fixed(asked, home, rule)
    for column in asked.contains:
        yield _containing(asked, home, column)
    for column, value in asked.range:
        yield {home.fields[column.name]: _between(column, value)}


def _fixed(asked: Asked, home: Home, rule: Expression) -> Filter:
    types = {home.fields[column.name]: column.type for column in asked.table.columns}
    meant = renamed(rule, home.fields)
    said = filter_of(meant, types)
    if said is None:
        said = shown(meant, {path: Meaning(type_) for path, type_ in types.items()})
    return said


def _containing(asked: Asked, home: Home, column: Column) -> Filter:
    path = home.fields[column.name]
    if column.type.name == "json":
        return {f"{path}.key": "value"}
    if column.type.name == "list":
        return {path: "value"}
    words = any(
        index.method == "fulltext" and asked.pattern.id in index.serves
        for index in asked.table.indexes
    )
    return {"$text": {"$search": "value"}} if words else {path: {"$regex": "value"}}


def _between(column: Column, value: Value) -> Filter:
    if column.type.name in _TIMES:
        first, last = (Made("ISODate", text) for text in _MONTH)
        return {"$gte": first, "$lt": last}
    return {"$gte": _constant(column, value)}


def _constant(column: Column, value: Value) -> Any:
    match column.type.name:
        case "uuid":
            return Made("UUID", str(value))
        case "date" | "timestamptz":
            return Made("ISODate", str(value))
        case "numeric":
            return Made("NumberDecimal", str(value))
        case "interval":
            return int(value) if str(value).isdigit() else 60  # type: ignore[arg-type]
        case "list":
            return []
        case "json":
            return {}
        case _:
            return str(value) if isinstance(value, Decimal) else value
