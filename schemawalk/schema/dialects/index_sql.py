"""What stands in an index, in one database's words: its method, its parts, their operators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call, Name
from schemawalk.schema.model import Index, IndexPart, Method


@dataclass(frozen=True, slots=True)
class IndexManner:
    """How a database wants an index to be said."""

    kinds: Mapping[Method, str] = field(default_factory=dict)
    """What stands before INDEX, by method."""
    methods: Mapping[Method, str] = field(default_factory=dict)
    """What stands before the parts, by method."""
    operators: Mapping[str, str] = field(default_factory=dict)
    """What stands behind a part, by the search that it is for."""
    words: bool = False
    """Whether the words of a text are an expression, and not a kind of index."""
    wrapped: bool = False
    """Whether an expression needs brackets of its own."""


INDEX_MANNERS: Final[Mapping[str, IndexManner]] = {
    "postgresql": IndexManner(
        methods={
            "gin": "USING gin ",
            "gist": "USING gist ",
            "brin": "USING brin ",
            "fulltext": "USING gin ",
        },
        operators={"trigram": " gin_trgm_ops"},
        words=True,
    ),
    "sqlite": IndexManner(),
    "mysql": IndexManner(kinds={"fulltext": "FULLTEXT "}, wrapped=True),
    "mariadb": IndexManner(kinds={"fulltext": "FULLTEXT "}, wrapped=True),
}


def index_body(index: Index, dialect: Dialect) -> str:
    """The method, where it is not the usual one, and the parts in brackets."""
    manner = INDEX_MANNERS[dialect.name]
    parts = ", ".join(_part(part, index, dialect, manner) for part in index.parts)
    return f"{manner.methods.get(index.method, '')}({parts})"


def _part(part: IndexPart, index: Index, dialect: Dialect, manner: IndexManner) -> str:
    expression = part.expression
    if index.method == "fulltext" and manner.words:
        expression = Call("words", (Name(part.column),))
    text = dialect.quoted(part.column) if expression is None else dialect.sql(expression)
    if expression is not None and (manner.wrapped or not text.endswith(")")):
        text = f"({text})"
    # NULLS FIRST is the default of DESC and LAST of ASC: a query's ORDER BY has them too.
    return text + manner.operators.get(part.operators, "") + (" DESC" if part.descending else "")
