"""How types, rules and values are said where a schema is shown: SQL, and MongoDB's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.dialects.registry import DIALECTS, POSTGRESQL, Dialect
from schemawalk.schema.language.expression import Value

MONGODB_NAME: Final = "mongodb"


@dataclass(frozen=True)
class MongoNotation(Dialect):
    """MongoDB's types; rules are shown as they are answered, which SQL comes closest to."""

    def quoted(self, name: str) -> str:
        """A field's name, as it is."""
        return name

    def literal(self, value: Value) -> str:
        """A constant as in a rule."""
        return "null" if value is None else super().literal(value)


MONGODB: Final = MongoNotation(
    name=MONGODB_NAME,
    title="MongoDB",
    types={
        "uuid": "binData",
        "text": "string",
        "varchar": "string",
        "integer": "int",
        "bigint": "long",
        "numeric": "decimal",
        "boolean": "bool",
        "date": "date",
        "timestamptz": "date",
        "interval": "long",
        "json": "object",
        "list": "array",
        "bytes": "binData",
        "inet": "string",
        "enum": "string",
    },
    functions={**POSTGRESQL.functions, "blank": "{0} = ''"},
    booleans=("false", "true"),
    match="{0} ~ {1}",
    any_case="any-case",
)
"""The words of MongoDB: it has no SQL, and is not one of DIALECTS."""

NOTATIONS: Final[Mapping[str, Dialect]] = {**DIALECTS, MONGODB.name: MONGODB}
"""By database that files are written for: how what it holds is shown."""
