"""What stands around the tables as SQL: one function a kind and database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemawalk.schema.around import Thing
from schemawalk.schema.dialects import Dialect
from schemawalk.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Written:
    """The statements that make a thing and those that take it away."""

    up: str
    down: str
    """Empty when it goes with its table."""


Write = Callable[[Any, Schema, Dialect], Written]

WRITES: Final[Mapping[str, Mapping[type, Write]]] = {
    "postgresql": {},
    "sqlite": {},
}
"""By database and kind of thing.  `capability.fit` has taken out what a database lacks."""


def written(thing: Thing, schema: Schema, dialect: Dialect) -> Written:
    """The SQL of one thing; raises KeyError when the capability pass let through what it lacks."""
    return WRITES[dialect.name][type(thing)](thing, schema, dialect)
