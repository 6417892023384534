"""The schema as a Mermaid entity-relationship diagram.

Mermaid's reader takes some names for words of its own, so names are changed where it would stumble:
in a diagram a name is read by people, and nothing refers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from schemawalk.schema.model import Column, ForeignKey, Schema, Table, Type
from schemawalk.writers.keys import always_unique, may_be_absent
from schemawalk.writers.sql_layout import plain
from schemawalk.writers.work import Files, Work, header

LONGEST_REMARK: Final = 60
"""Characters of a column's purpose that are shown."""

_BARE = re.compile(r"[a-z][a-z0-9_]*\Z")
_KEYWORDS: Final = frozenset(
    "accdescr acctitle class classdef direction end erdiagram many one only optionally style"
    " subgraph title to zero".split()
)
"""Words at which Mermaid expects something else than an entity's name."""

_KEY_FIRST = re.compile(r"(?:pk|fk|uk)(?![A-Za-z0-9_])", re.I)
_TYPES: Final[Mapping[str, str]] = {"list": "text[]"}


def files(work: Work) -> Files:
    """One diagram of all tables with their columns."""
    return {"erd.mmd": header("%%") + diagram(work.schema)}


def diagram(schema: Schema, *, columns: bool = True) -> str:
    """The diagram without a header, to stand in a document; with `columns` false, tables only."""
    entities = _unique({t.name: _entity(t.name) for t in schema.tables})
    lines = ["erDiagram"]
    for table in schema.tables:
        lines += _table(table, entities[table.name], columns)
    lines += (_relation(table, key, entities) for table, key in schema.references())
    return "\n".join(lines) + "\n"


def _table(table: Table, entity: str, columns: bool) -> Iterator[str]:
    if not columns:
        yield f"  {entity}"
        return
    names = _unique({c.name: _attribute(c.name) for c in table.columns})
    yield f"  {entity} {{"
    yield from (f"    {_column(table, column, names[column.name])}" for column in table.columns)
    yield "  }"


def _column(table: Table, column: Column, name: str) -> str:
    marks = ", ".join(_marks(table, column.name))
    remark = ", ".join(filter(None, ("optional" * column.nullable, _remark(column.purpose))))
    said = f'"{remark}"' if remark else ""
    return " ".join(filter(None, (_type(column.type), name, marks, said)))


def _marks(table: Table, column: str) -> Iterator[str]:
    if column in table.primary_key.columns:
        yield "PK"
    if any(column in key.columns for key in table.foreign_keys):
        yield "FK"
    if table.primary_key.columns != (column,) and always_unique(table, (column,)):
        yield "UK"


def _relation(table: Table, key: ForeignKey, entities: Mapping[str, str]) -> str:
    parent = "|o" if may_be_absent(table, key) else "||"
    child = "o|" if always_unique(table, key.columns) else "o{"
    label = f"{', '.join(map(_word, key.columns))} ({key.on_delete})"
    return f'  {entities[key.references]} {parent}--{child} {entities[table.name]} : "{label}"'


def _type(type_: Type) -> str:
    if type_.name == "enum":
        return _attribute(type_.enum or "enum")
    if type_.name == "varchar":
        return f"varchar({type_.precision})"
    if type_.name == "numeric" and type_.precision is not None:
        return f"numeric({type_.precision},{type_.scale or 0})"
    return _TYPES.get(type_.name, type_.name)


def _entity(name: str) -> str:
    """The name itself, in quotes unless it is plain and no word of Mermaid's."""
    if _BARE.match(name) and name not in _KEYWORDS:
        return name
    return f'"{_word(name)}"'


def _attribute(name: str) -> str:
    """The name as an attribute's or a type's, which cannot be quoted."""
    made = _word(name)
    hindered = made[0] in "0123456789-" or _KEY_FIRST.match(made)
    return f"_{made}" if hindered else made


def _word(name: str) -> str:
    """The name in letters, digits, `-` and `_` alone."""
    made = "".join(c if _takes(c) else "_" for c in plain(name))
    return made or "_"


def _takes(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "_-"
    # Mermaid's letters begin at À.
    return character.isalnum() and character >= "\u00c0"


def _remark(text: str) -> str:
    """The beginning of a text, without what ends a comment or means something inside one."""
    said = re.sub(r'["%#;\\`<>{}]', " ", plain(text))
    said = " ".join(said.split()).rstrip(".")
    return said if len(said) <= LONGEST_REMARK else said[: LONGEST_REMARK - 1].rstrip() + "…"


def _unique(wanted: Mapping[str, str]) -> Mapping[str, str]:
    """The same names, numbered where two became one."""
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name, base in wanted.items():
        made[name] = next(each for each in _numbered(base) if each not in taken)
        taken.add(made[name])
    return made


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f'{base[:-1]}_{number}"' if base.endswith('"') else f"{base}_{number}"
        number += 1
