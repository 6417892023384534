"""From fitted tables to collections: documents, what lives inside them, their keys and views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemawalk.schema.capability.embedding import homes
from schemawalk.schema.capability.expiry import seconds
from schemawalk.schema.language.expression import Expression, Name, renamed
from schemawalk.schema.model import Column, Index, Schema, Table, Type, Unique
from schemawalk.schema.names import snake, unique
from schemawalk.schema.rendering.mongo_filter import Filter, filter_of, joined, present
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import View

ID: Final = "_id"
ANY_CASE: Final = {"locale": "en", "strength": 2}
"""A collation in which texts that differ only in case are the same."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a document: the column that it is, under the name that it has there."""

    name: str
    column: Column


@dataclass(frozen=True, slots=True)
class Document:
    """The shape of a document, or of a part of one."""

    table: Table
    fields: tuple[Field, ...]
    parts: tuple[Embedded, ...] = ()
    names: Mapping[str, str] | None = None
    """Field by column; of what lives inside another, without the columns that point there."""

    def field(self, column: str) -> str:
        """The field that a column is; raises KeyError for one that is none."""
        return (self.names or {})[column]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Documents inside another, several in an array or at most one by itself."""

    name: str
    document: Document
    several: bool
    pointing: tuple[str, ...]
    """Columns that pointed to the document around it, and are none of its fields."""


@dataclass(frozen=True, slots=True)
class Key:
    """An index of a collection."""

    name: str
    fields: tuple[tuple[str, int | str], ...]
    unique: bool = False
    filter: Filter | None = None
    any_case: bool = False
    expires: int | None = None
    """Seconds after the moment in the field at which the document goes."""
    because: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it finds words."""
        return any(how == "text" for _, how in self.fields)


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection with its indexes."""

    name: str
    document: Document
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A view that leaves documents, and perhaps fields, out."""

    name: str
    source: str
    predicate: Expression | None
    hidden: tuple[str, ...]
    view: View


@dataclass(frozen=True, slots=True)
class Collections:
    """Everything that MongoDB is to hold."""

    collections: tuple[Collection, ...]
    views: tuple[CollectionView, ...] = ()


def collections(schema: Schema) -> Collections:
    """The collections of a schema that was fitted to MongoDB, in its order."""
    inside = homes(schema)
    names: dict[str, str] = {}
    for table in schema.tables:
        if table.name not in inside:
            names[table.name] = unique(_collection_name(table.name), names.values(), 120)
    found = tuple(
        _collection(schema, table, names[table.name])
        for table in schema.tables
        if table.name in names
    )
    views = tuple(_views(schema, found, list(names.values())))
    return Collections(found, views)


def place_of(schema: Schema, table: str) -> tuple[str, ...]:
    """The way to a table's rows: the collection's table first, then what is inside what."""
    inside = homes(schema)
    way = [table]
    while way[0] in inside:
        way.insert(0, inside[way[0]][1].references)
    return tuple(way)


# Names


def _collection_name(name: str) -> str:
    plain = "".join("_" if character in "$.\0" else character for character in name)
    return plain or "unnamed"


def _field_name(name: str) -> str:
    """A name that paths and rules can speak of: without dots, and not like an operator.

    JavaScript takes `__proto__` for something else, in programs too.
    """
    plain = name.replace(".", "_").replace("\0", "_").replace("__proto__", "_proto_")
    return f"_{plain[1:]}" if plain.startswith("$") else plain or "unnamed"


# Documents


def _document(schema: Schema, table: Table, pointing: tuple[str, ...] = ()) -> Document:
    own = [column for column in table.columns if column.name not in pointing]
    key = table.primary_key.columns
    names: dict[str, str] = {key[0]: ID} if len(key) == 1 and key[0] not in pointing else {}
    taken = {ID}
    for column in own:
        if column.name not in names:
            names[column.name] = unique(_field_name(column.name), taken)
            taken.add(names[column.name])
    fields = sorted((Field(names[c.name], c) for c in own), key=lambda field: field.name != ID)
    parts = tuple(_parts(schema, table, taken))
    return Document(table, tuple(fields), parts, names)


def _parts(schema: Schema, table: Table, taken: set[str]) -> Iterator[Embedded]:
    for child, key in homes(schema).values():
        if key.references != table.name:
            continue
        several = not _is_alone(child, key.columns)
        wanted = child.name if several else snake(child.entity or child.name)
        name = unique(_field_name(wanted), taken)
        taken.add(name)
        yield Embedded(name, _document(schema, child, key.columns), several, key.columns)


def _is_alone(child: Table, columns: tuple[str, ...]) -> bool:
    uniques = [child.primary_key.columns, *(each.columns for each in child.uniques)]
    return any(set(each) <= set(columns) for each in uniques)


def _collection(schema: Schema, table: Table, name: str) -> Collection:
    document = _document(schema, table)
    return Collection(name, document, tuple(_kept(_keys(schema, document))))


# Indexes


def _keys(schema: Schema, document: Document) -> Iterator[Key]:
    yield from _keys_of(document, "", {})
    for routine in schema.things(Routine):
        if routine.table == document.table.name and routine.age is not None:
            field, columns = document.field(routine.column), (routine.column,)
            given = _given(document.table, columns, document.names or {}) or None
            said = f"a document goes {routine.age} after {field}, by itself"
            yield Key(routine.name, ((field, 1),), filter=given, expires=seconds(routine.age),
                      because=said)  # fmt: skip


def _keys_of(document: Document, prefix: str, outer: Mapping[str, str]) -> Iterator[Key]:
    """The keys of a document, and of what lives inside it; `outer` are fields around it."""
    paths = {**outer, **{c: prefix + f for c, f in (document.names or {}).items()}}
    table = document.table
    yield from _identity(table, paths, prefix)
    for each in table.uniques:
        if not (prefix and _points(each.columns, outer)):
            yield _unique(table, each, paths)
    for index in table.indexes:
        yield _index(table, index, paths)
    for part in document.parts:
        links = _pointing_to(part, paths)
        yield from _keys_of(part.document, f"{prefix}{part.name}.", links)


def _pointing_to(part: Embedded, paths: Mapping[str, str]) -> dict[str, str]:
    """Where the values are found that columns of a part pointed to."""
    key = next(k for k in part.document.table.foreign_keys if k.columns == part.pointing)
    return {own: paths[to] for own, to in key.pairs()}


def _points(columns: tuple[str, ...], outer: Mapping[str, str]) -> bool:
    """Whether a key says where its rows live: it is one inside each document then."""
    return bool(outer) and set(outer) <= set(columns)


def _identity(table: Table, paths: Mapping[str, str], prefix: str) -> Iterator[Key]:
    """The index of the primary key, where `_id` is not one by itself."""
    columns = table.primary_key.columns
    inside = prefix and any(not paths[column].startswith(prefix) for column in columns)
    if (len(columns) > 1 or prefix) and not inside:
        fields = tuple((paths[column], 1) for column in columns)
        given = _given(table, columns, paths) or None
        yield Key(table.primary_key.name, fields, unique=True, filter=given,
                  because="what identifies it")  # fmt: skip


def _unique(table: Table, rule: Unique, paths: Mapping[str, str]) -> Key:
    fields = tuple((paths[column], 1) for column in rule.columns)
    alike = any(table.column(column).collation for column in rule.columns)
    given = _given(table, rule.columns, paths)
    return Key(rule.name, fields, unique=True, filter=given or None, any_case=alike,
               because=rule.because)  # fmt: skip


def _given(table: Table, columns: tuple[str, ...], paths: Mapping[str, str]) -> Filter:
    """A filter for the documents in which all these columns have a value: others may be alike.

    What has none would be NULL in the index, and so would all parts of a document that has none.
    """
    every = (table.column(name) for name in columns)
    loose = (each for each in every if each.nullable or "." in paths[each.name])
    return joined([present(paths[column.name], column.type) for column in loose])


def _index(table: Table, index: Index, paths: Mapping[str, str]) -> Key:
    columns = tuple(part.column for part in index.parts)
    alike = any(table.column(column).collation for column in columns)
    fields = tuple(
        (_way_in(table.column(part.column), index, paths), _how(index, descending=part.descending))
        for part in index.parts
    )
    filters = [_given(table, columns, paths)] if index.unique else []
    if index.predicate is not None:
        types: dict[str, Type] = {paths[c.name]: c.type for c in table.columns if c.name in paths}
        filters.append(filter_of(renamed(index.predicate, paths), types) or {})
    said = joined([each for each in filters if each])
    text = index.method == "fulltext"
    return Key(index.name, fields, index.unique, said or None, alike and not text,
               because=index.because)  # fmt: skip


def _way_in(column: Column, index: Index, paths: Mapping[str, str]) -> str:
    whole = index.method == "gin" and column.type.name == "json"
    return f"{paths[column.name]}.$**" if whole else paths[column.name]


def _how(index: Index, *, descending: bool) -> int | str:
    if index.method == "fulltext":
        return "text"
    return -1 if descending else 1


def _kept(keys: Iterator[Key]) -> Iterator[Key]:
    """Each index once: MongoDB takes no two over the same fields, and one for words at most."""
    words: list[Key] = []
    by_id = Key("_id_", ((ID, 1),))
    seen: dict[Any, Key] = {(by_id.fields, "None", False): by_id}
    for key in keys:
        if key.is_text:
            words.append(key)
            continue
        # One field is read in either direction, and old documents go by either.
        read = key.fields if len(key.fields) > 1 else ((key.fields[0][0], 1),)
        # What has no moment never goes: that is so of an index over all documents, too.
        filters = (key.filter, None) if key.expires is not None else (key.filter,)
        every = [(read, repr(each), key.any_case) for each in filters]
        same = next((each for each in every if each in seen), every[0])
        seen[same] = _both(seen[same], key) if same in seen else key
    yield from (key for key in seen.values() if key.name != "_id_")
    if words:
        fields = dict.fromkeys(field for key in words for field in key.fields)
        yield Key(words[0].name, tuple(fields), because=words[0].because)


def _both(first: Key, second: Key) -> Key:
    """One index that does the work of two over the same fields."""
    if first.name == "_id_":
        return first
    kept, other = (second, first) if second.unique and not first.unique else (first, second)
    expires = kept.expires if kept.expires is not None else other.expires
    reasons = (kept.because, other.because if other.expires is not None else "")
    because = "; ".join(filter(None, reasons)) or other.because
    return Key(kept.name, kept.fields, kept.unique, kept.filter, kept.any_case, expires,
               because)  # fmt: skip


# Views


def _views(
    schema: Schema, found: tuple[Collection, ...], taken: list[str]
) -> Iterator[CollectionView]:
    homes_of = {collection.document.table.name: collection for collection in found}
    for view in schema.things(View):
        source = homes_of[view.table]
        shown = {c.expression.name for c in view.columns if isinstance(c.expression, Name)}
        names = source.document.names or {}
        hidden = tuple(field for column, field in names.items() if column not in shown)
        predicate = renamed(view.predicate, names) if view.predicate is not None else None
        name = unique(_collection_name(view.name), taken, 120)
        taken.append(name)
        yield CollectionView(name, source.name, predicate, hidden, view)
