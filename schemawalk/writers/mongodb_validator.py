"""Validators: what a document must be as `$jsonSchema`, and as queries what that cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemawalk.schema.capability.collections import Document, Embedded, Field
from schemawalk.schema.language.expression import Expression, renamed
from schemawalk.schema.language.sorts import Meaning
from schemawalk.schema.model import Check, Column, Schema, Table, TypeName, Unique
from schemawalk.schema.rendering.mongo import Operator, mongo
from schemawalk.schema.rendering.mongo_query import accepted
from schemawalk.writers.mongodb_keywords import Keywords, parts_of, takes
from schemawalk.writers.sql_layout import sentence

TYPES: Final[Mapping[TypeName, str | tuple[str, ...]]] = {
    "uuid": "binData", "text": "string", "varchar": "string", "integer": "int",
    "bigint": ("int", "long"), "numeric": "decimal", "boolean": "bool", "date": "date",
    "timestamptz": "date", "interval": ("int", "long"), "json": ("object", "array"),
    "list": "array", "bytes": "binData", "inet": "string", "enum": "string",
}  # fmt: skip
"""bsonType by logical type; drivers send a small whole number as `int`, whatever it may become."""

_ADDRESS: Final = "^[0-9a-fA-F.:]{2,39}(/[0-9]{1,3})?(?![\\s\\S])"
_EXACT_POWERS: Final = 22
"""Powers of ten up to this one are exact in a double, which is what JSON has."""


@dataclass(frozen=True, slots=True)
class Said:
    """A rule that no keyword says, with what to call it."""

    name: str
    because: str
    query: Operator


@dataclass(frozen=True, slots=True)
class Validator:
    """What a collection's documents must be."""

    schema: Keywords
    rules: tuple[Said, ...]


def validator(document: Document, schema: Schema) -> Validator:
    """The validator of a collection's documents, those inside them included."""
    validating = _Validating(schema)
    shape = validating.shape(document, _Around())
    return Validator(shape, tuple(validating.rules))


@dataclass(frozen=True, slots=True)
class _Around:
    """Where a part of a document is, and how a rule about it becomes one about the whole."""

    prefix: str = ""
    steps: tuple[tuple[Embedded, str], ...] = ()
    """From the outside in: what is entered, and its path."""

    def entered(self, part: Embedded) -> _Around:
        path = f"{self.prefix}{part.name}"
        inner = f"${_variable(len(self.steps))}." if part.several else f"{path}."
        return _Around(inner, (*self.steps, (part, path)))

    def about_all(self, rule: Any) -> Any:
        """The rule asked of everything that is there; what is not there obeys."""
        for depth, (part, path) in reversed(list(enumerate(self.steps))):
            if part.several:
                asked = {"$map": {"input": _listed(path), "as": _variable(depth), "in": rule}}
                rule = {"$allElementsTrue": [asked]}
            else:
                rule = {"$or": [{"$eq": [{"$ifNull": [f"${path}", None]}, None]}, rule]}
        return rule


def _variable(depth: int) -> str:
    return f"part{depth or ''}"


def _listed(path: str) -> Operator:
    return {"$ifNull": [f"${path}", []]}


class _Validating:
    """One collection on its way."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.rules: list[Said] = []

    def shape(self, document: Document, around: _Around) -> Keywords:
        """The keywords for a document, or a part of one; its other rules are noted."""
        table = document.table
        properties = {field.name: self.keywords(field) for field in document.fields}
        if not around.steps and "_id" not in properties:
            properties = {"_id": {"description": "what identifies it"}, **properties}
        for check in table.checks:
            for part in parts_of(check.expression):
                if not takes(document, properties, part):
                    self.note(check, part, document, around)
        for field in document.fields:
            if field.column.type.name == "date":
                query = around.about_all(_midnight(f"${around.prefix}{field.name}"))
                self.rules.append(
                    Said(f"{field.column.name} is a day", "at midnight in UTC", {"$expr": query})
                )
        for inner in document.parts:
            properties[inner.name] = self.part(inner, around.entered(inner))
        required = [f.name for f in document.fields if not f.column.nullable]
        made: Keywords = {"bsonType": "object"}
        made |= {"required": required} if required else {}
        made |= {"additionalProperties": False, "properties": properties}
        about = sentence(table.purpose, table.because)
        return made | ({"description": about} if about else {})

    def part(self, inner: Embedded, around: _Around) -> Keywords:
        shape = self.shape(inner.document, around)
        if not inner.several:
            return shape | {"bsonType": ["object", "null"]}
        self.differ(inner, around)
        return {"bsonType": "array", "items": shape}

    def note(self, check: Check, rule: Expression, document: Document, around: _Around) -> None:
        """Keep a rule for a query; of what lives inside another document only `$expr` can ask."""
        names = document.names or {}
        paths = {column: around.prefix + field for column, field in names.items()}
        columns = [c for c in document.table.columns if c.name in paths]
        known = {paths[c.name]: Meaning(c.type) for c in columns}
        required = [paths[c.name] for c in columns if not c.nullable]
        because = check.because if rule is check.expression else ""
        meant = renamed(rule, paths)
        if around.steps:
            computed = mongo(meant, known, required)["$expr"]
            query = {"$expr": around.about_all(computed)}
        else:
            query = accepted(meant, known, required)
        self.rules.append(Said(check.name, because, query))

    # Inside one document

    def differ(self, inner: Embedded, around: _Around) -> None:
        """No two parts of one document with the same key: an index only keeps documents apart."""
        table = inner.document.table
        key = Unique(table.primary_key.name, table.primary_key.columns, "what identifies it")
        uniques = (*table.uniques, *_unique_indexes(table))
        for each in (key, *uniques):
            own = tuple(c for c in each.columns if c not in inner.pointing)
            if own:
                self.rules.append(Said(each.name, each.because, _apart(inner, own, around)))

    def keywords(self, field: Field) -> Keywords:
        """What a field must be by its type alone."""
        column = field.column
        bson = TYPES[column.type.name]
        named = [bson] if isinstance(bson, str) else list(bson)
        kinds = [*named, "null"] if column.nullable else named
        made: Keywords = {"bsonType": kinds if len(kinds) > 1 else kinds[0]}
        made |= _by_type(column)
        if column.type.name == "enum":
            values = self.schema.enum(column.type.enum or "").values
            made["enum"] = [*values, None] if column.nullable else list(values)
        about = sentence(column.purpose, column.because)
        return made | ({"description": about} if about else {})


def _by_type(column: Column) -> Keywords:
    match column.type.name:
        case "varchar" if column.type.precision:
            return {"maxLength": column.type.precision}
        case "list":
            return {"items": {"bsonType": "string"}}
        case "inet":
            return {"pattern": _ADDRESS}
        case "numeric":
            return _by_digits(column)
        case _:
            return {}


def _by_digits(column: Column) -> Keywords:
    """Between which powers of ten a decimal lies, as its digits before the point say."""
    digits = (column.type.precision or 0) - (column.type.scale or 0)
    if not column.type.precision or digits > _EXACT_POWERS:
        return {}
    end = 10**digits
    return {"minimum": -end, "exclusiveMinimum": True, "maximum": end, "exclusiveMaximum": True}


def _midnight(path: str) -> Operator:
    known = {"$ifNull": [path, None]}
    return {"$eq": [known, {"$dateTrunc": {"date": path, "unit": "day"}}]}


def _unique_indexes(table: Table) -> Iterator[Unique]:
    for index in table.indexes:
        if index.unique:
            yield Unique(index.name, tuple(part.column for part in index.parts), index.because)


def _apart(inner: Embedded, columns: tuple[str, ...], around: _Around) -> Operator:
    """That the parts which have all these fields differ in one of them at least."""
    *outside, (_, path) = around.steps
    variable = _variable(len(outside))
    found: list[Any] = []
    given: list[Any] = []
    for name in columns:
        column, at = inner.document.table.column(name), f"$${variable}.{inner.document.field(name)}"
        found.append({"$toLower": at} if column.collation else at)
        given += [{"$ne": [{"$ifNull": [at, None]}, None]}] if column.nullable else []
    parts: Any = _listed(path)
    if given:
        parts = {"$filter": {"input": parts, "as": variable, "cond": {"$and": given}}}
    values = {"$map": {"input": parts, "as": variable, "in": found if found[1:] else found[0]}}
    rule = {"$eq": [{"$size": {"$setUnion": [values, []]}}, {"$size": parts}]}
    return {"$expr": _Around(steps=tuple(outside)).about_all(rule)}
