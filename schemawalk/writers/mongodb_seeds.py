"""Seeds for MongoDB: documents in extended JSON, a file for each collection, for mongoimport."""

from __future__ import annotations

import base64
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from schemawalk.rows.made_up import made_up
from schemawalk.rows.plausible import START
from schemawalk.schema.around.reference_rows import ReferenceRow, Sought, reference_rows
from schemawalk.schema.capability.collections import Collection, Document, collections
from schemawalk.schema.derive import derive
from schemawalk.schema.language.expression import Call, Literal, Value
from schemawalk.schema.model import Column, ForeignKey, Schema, Table
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.writers.work import Files, Work

REFERENCE: Final = "seeds/reference"
DEVELOPMENT: Final = "seeds/development"
"""Folders of the two: what the product needs, and what is made up to develop with."""

Row = Mapping[str, Value]
Rows = Mapping[str, Sequence[Row]]
"""Rows by the name of their table."""
Json = dict[str, Any]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SPACE: Final = uuid.UUID("5a0e4c5c-53f5-5d0b-9c6c-6a3f1c2f8f0e")
"""Where ids of reference rows come from, that no database gives them."""


def files(work: Work) -> Files:
    """For each collection with rows its documents, a line each; reference rows apart."""
    known = _known(reference_rows(work.design, work.schema))
    found = dict(_written(work.schema, known, {}, REFERENCE))
    count = work.design.keeping.made_up_rows or 0
    if count > 0:
        attributes = Lookup(work.design).attributes
        # The rows obey what the program has to keep, too: it would be developed against mistakes.
        whole = derive(work.design).schema
        made = made_up(whole, work.database, count, attributes, known)
        rows = {each.table.name: each.rows for each in made}
        found |= _written(work.schema, rows, known, DEVELOPMENT)
    return found


def _written(schema: Schema, rows: Rows, there: Rows, folder: str) -> Iterator[tuple[str, str]]:
    """The files of those rows; what lies inside a document goes with it, wherever it is from."""
    inside = {name: (*there.get(name, ()), *rows.get(name, ())) for name in {*rows, *there}}
    belonging = _Belonging(schema, inside)
    for each in collections(schema).collections:
        own = rows.get(each.document.table.name, ())
        if lines := [_line(document(each.document, row, belonging.of)) for row in own]:
            yield f"{folder}/{_file(each)}", "".join(lines)


def _file(collection: Collection) -> str:
    return f"{collection.name}.json"


def _line(made: Json) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(", ", ": ")) + "\n"


# Documents


def document(
    made: Document, row: Row, inside: Callable[[ForeignKey, Table, Row], Sequence[Row]]
) -> Json:
    """A row as a document; what is NULL is left out, and `inside` finds the rows within it."""
    found = {field.name: extended(field.column, value) for field in made.fields
             if (value := row.get(field.column.name)) is not None}  # fmt: skip
    for part in made.parts:
        table = part.document.table
        key = next(k for k in table.foreign_keys if k.columns == part.pointing)
        inner = [document(part.document, each, inside) for each in inside(key, table, row)]
        if part.several:
            found[part.name] = inner
        elif inner:
            found[part.name] = inner[0]
    return found


class _Belonging:
    """Rows found by what they refer to; those of one key are sorted once."""

    def __init__(self, schema: Schema, rows: Rows) -> None:
        self.schema = schema
        self.rows = rows
        self._sorted: dict[tuple[str, str], dict[tuple[Value, ...], list[Row]]] = {}

    def of(self, key: ForeignKey, table: Table, parent: Row) -> Sequence[Row]:
        """The rows of a table whose key refers to the parent."""
        if (table.name, key.name) not in self._sorted:
            by: dict[tuple[Value, ...], list[Row]] = defaultdict(list)
            for row in self.rows.get(table.name, ()):
                by[tuple(row.get(own) for own in key.columns)].append(row)
            self._sorted[table.name, key.name] = by
        wanted = tuple(parent.get(theirs) for theirs in key.referenced_columns)
        return self._sorted[table.name, key.name].get(wanted, [])


def extended(column: Column, value: Value) -> Any:
    """A value of the column in extended JSON (MongoDB Extended JSON, version 2, canonical)."""
    text = str(value)
    match column.type.name:
        case "uuid":
            return _binary(uuid.UUID(text).bytes, "04")
        case "bytes":
            return _binary(text.encode(), "00")
        case "integer":
            return {"$numberInt": text}
        case "bigint" | "interval":
            return {"$numberLong": text}
        case "numeric":
            return {"$numberDecimal": format(Decimal(text), "f")}
        case "date" | "timestamptz":
            return {"$date": {"$numberLong": str(_milliseconds(text))}}
        case "json" | "list":
            return json.loads(text)
        case _:
            return value


def _binary(data: bytes, kind: str) -> Json:
    return {"$binary": {"base64": base64.b64encode(data).decode(), "subType": kind}}


def _milliseconds(text: str) -> int:
    at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return round((at - _EPOCH).total_seconds() * 1000)


# Reference rows


def _known(rows: Sequence[ReferenceRow]) -> Rows:
    """Reference rows with all that SQL would leave to the database: keys, defaults, what is sought.

    MongoDB counts nothing, fills in no default and looks nothing up.
    """
    found: dict[str, list[dict[str, Value]]] = {}
    for row in rows:
        own = found.setdefault(row.table.name, [])
        given = {name: _resolved(value, found) if isinstance(value, Sought) else value
                 for name, value in row.values.items()}  # fmt: skip
        filled = {c.name: _default(row.table, c, len(own) + 1) for c in row.table.columns}
        own.append(filled | given)
    return found


def _default(table: Table, column: Column, number: int) -> Value:
    """What the database would fill in, the same each time."""
    match column.default:
        case Literal(value):
            return value
        case Call("uuid" | "uuid7"):
            return str(uuid.uuid5(_SPACE, f"{table.name}/{number}"))
        case Call("now"):
            return f"{START:%Y-%m-%dT%H:%M:%S}.000Z"
        case Call("today"):
            return f"{START:%Y-%m-%d}"
    counts = column.name in table.primary_key.columns and column.type.name in ("integer", "bigint")
    return number if counts else None


def _resolved(sought: Sought, there: Mapping[str, Sequence[Row]]) -> Value:
    """The key of the row that is meant; None where it is not among those before."""
    wanted = {n: _resolved(v, there) if isinstance(v, Sought) else v for n, v in sought.by}
    for row in there.get(sought.table, ()):
        if all(row.get(name) == value for name, value in wanted.items()):
            return row.get(sought.column)
    return None
