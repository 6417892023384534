"""Made-up rows as documents of MongoDB, in extended JSON, each part inside what it belongs to."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.schema.capability.collections import Collection, Document, collections
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Column, Schema, Table
from tests.judges.node import judged

Row = Mapping[str, Value]
Json = dict[str, Any]


def judge(*cases: Json) -> list[Json]:
    """What the judge says of scripts and documents, case by case."""
    found: list[Json] = judged("mongodb.mjs", given={"cases": list(cases)})
    return found


def extended(column: Column, value: Value) -> Any:
    """A value as the program would send it, in canonical extended JSON."""
    if value is None:
        return None
    match column.type.name:
        case "uuid":
            return _binary(uuid.UUID(str(value)).bytes, "04")
        case "integer":
            return {"$numberInt": str(value)}
        case "bigint" | "interval":
            return {"$numberLong": str(value)}
        case "numeric":
            return {"$numberDecimal": format(Decimal(str(value)), "f")}
        case "date" | "timestamptz":
            at = datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
            ms = round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
            return {"$date": {"$numberLong": str(ms)}}
        case "json" | "list":
            return json.loads(str(value))
        case "bytes":
            return _binary(str(value).encode(), "00")
        case _:
            return value


def _binary(data: bytes, subtype: str) -> Json:
    return {"$binary": {"base64": base64.b64encode(data).decode(), "subType": subtype}}


def collection_of(schema: Schema, table: str) -> Collection:
    """The collection whose documents are a table's rows."""
    every = collections(schema).collections
    return next(each for each in every if each.document.table.name == table)


def document(made: Document, row: Row, rows: Rows | None = None, *, empty: bool = True) -> Json:
    """A row, with the rows inside it; what is NULL is null, or left out where not `empty`."""
    found: Json = {}
    for field in made.fields:
        value = extended(field.column, row[field.column.name])
        if value is not None or empty:
            found[field.name] = value
    for part in made.parts:
        inner = [document(part.document, r, rows) for r in _belonging(part, row, rows)]
        if part.several:
            found[part.name] = inner
        elif inner:
            found[part.name] = inner[0]
    return found


def _belonging(part: Any, row: Row, rows: Rows | None) -> Iterator[Row]:
    table: Table = part.document.table
    key = next(k for k in table.foreign_keys if k.columns == part.pointing)
    for other in rows.of(table.name) if rows else ():
        pairs = zip(key.columns, key.referenced_columns, strict=True)
        if all(other[own] == row[theirs] for own, theirs in pairs):
            yield other


def broken(schema: Schema, table: Table) -> Iterator[tuple[str, Row]]:
    """For every CHECK of a table a row that breaks it."""
    for check in table.checks:
        rows = Rows(schema, "mongodb")
        try:
            yield check.name, rows.add(table, Wish(breaks=(check.name,)))
        except NoRowError:
            every = frozenset(each.name for each in table.checks)
            try:
                yield check.name, rows.add(table, Wish(breaks=(check.name,), heedless=every))
            except NoRowError:
                continue
