"""MongoDB: collections with validators, indexes and views, as scripts for mongosh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from schemawalk.schema.capability.collections import (
    ANY_CASE,
    Collection,
    CollectionView,
    Key,
    collections,
)
from schemawalk.schema.language.sorts import Meaning
from schemawalk.schema.model import Schema
from schemawalk.schema.rendering.mongo_filter import filter_of
from schemawalk.schema.rendering.mongo_query import shown
from schemawalk.writers import mongodb_seeds
from schemawalk.writers.mongodb_script import Noted, call, comment
from schemawalk.writers.mongodb_validator import Said, validator
from schemawalk.writers.work import Files, Work, header

UP: Final = "migrations/0001_initial.js"
DOWN: Final = "migrations/0001_initial.down.js"

_UP_NOTE: Final = (
    '// For MongoDB 6.0 and newer: mongosh "$MONGODB_URL" migrations/0001_initial.js\n'
    "// A field that may be empty is null or left out. Ids are UUIDs where they are binData\n"
    "// (subtype 4), a day is midnight in UTC, a length of time is whole seconds. MongoDB checks\n"
    "// no reference and fills in no default: the program does both.\n"
)
_DOWN_NOTE: Final = (
    '// The way back: mongosh "$MONGODB_URL" migrations/0001_initial.down.js\n'
    "// It drops what 0001_initial.js made, with everything in it, and nothing else.\n"
)
_SAME_COLLATION: Final = "a query finds it with the same collation only"


def files(work: Work) -> Files:
    """The migration and its way back, and the seeds."""
    return {UP: up(work.schema), DOWN: down(work.schema), **mongodb_seeds.files(work)}


def up(schema: Schema) -> str:
    """The script that makes everything; `schema` was fitted to MongoDB."""
    made = collections(schema)
    groups = [_collection(each, schema) for each in made.collections]
    groups += [_view(view, made.collections) for view in made.views]
    return f"{header('//')}{_UP_NOTE}\n" + "\n".join(groups)


def down(schema: Schema) -> str:
    """The script that drops what `up` makes, last made first gone."""
    made = collections(schema)
    names = [*(each.name for each in made.collections), *(view.name for view in made.views)]
    drops = (call("drop", on=("getCollection", name)) for name in reversed(names))
    return f"{header('//')}{_DOWN_NOTE}\n" + "".join(drops)


def _collection(made: Collection, schema: Schema) -> str:
    table = made.document.table
    rules = validator(made.document, schema)
    judged: dict[str, Any] = {"$jsonSchema": rules.schema}
    if rules.rules:
        judged["$and"] = [Noted(said.query, _called(said)) for said in rules.rules]
    options = {"validator": judged, "validationLevel": "strict", "validationAction": "error"}
    created = comment(table.purpose or table.because) + call("createCollection", made.name, options)
    return created + "".join(_key(made.name, key) for key in made.keys)


def _called(said: Said) -> str:
    return f"{said.name}: {said.because}" if said.because else said.name


def _key(collection: str, key: Key) -> str:
    options: dict[str, Any] = {"name": key.name}
    if key.unique:
        options["unique"] = True
    if key.filter:
        options["partialFilterExpression"] = key.filter
    if key.any_case:
        options["collation"] = ANY_CASE
    if key.expires is not None:
        options["expireAfterSeconds"] = key.expires
    if key.is_text:
        options["default_language"] = "none"
    reasons = (key.because, _SAME_COLLATION if key.any_case else "")
    return comment("; ".join(filter(None, reasons))) + call(
        "createIndex", dict(key.fields), options, on=("getCollection", collection)
    )


def _view(view: CollectionView, made: tuple[Collection, ...]) -> str:
    return comment(view.view.because) + call(
        "createView", view.name, view.source, list(_pipeline(view, made))
    )


def _pipeline(view: CollectionView, made: tuple[Collection, ...]) -> Iterator[dict[str, Any]]:
    if view.predicate is not None:
        document = next(each.document for each in made if each.name == view.source)
        types = {field.name: field.column.type for field in document.fields}
        known = {name: Meaning(type_) for name, type_ in types.items()}
        # Said as a partial index says it, where it can: then the view can use one.
        yield {"$match": filter_of(view.predicate, types) or shown(view.predicate, known)}
    if view.hidden:
        yield {"$unset": list(view.hidden)}
