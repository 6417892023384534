"""What tables, columns, enums and foreign keys are called in a Prisma schema."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.model import EnumType, ForeignKey, Schema
from schemawalk.schema.names import camel, pascal, words
from schemawalk.writers.keys import always_unique

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_NOT_ASCII_WORD = re.compile(r"[^A-Za-z0-9_]+")

RESERVED: Final = frozenset(
    "bigint boolean bytes datetime decimal float int json prisma prismaclient string".split()
)
"""Names that `prisma validate` or `prisma generate` refuses for a model or enum, in lower case.

The words of JavaScript that they refuse too all begin with a small letter, as no model does.
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """A foreign key as Prisma shows it: a field in the child, another in the parent."""

    child: str
    """Name of the table that holds the key."""
    key: ForeignKey
    field: str
    back: str
    """Name of the field in the parent."""
    name: str
    """What tells it from other relations of the same two models; empty when nothing must."""
    many: bool
    """Whether a parent may have several children."""


@dataclass(frozen=True)
class Names:
    """All names of one Prisma schema; each is unique where Prisma wants it unique."""

    models: Mapping[str, str]
    """Model by table."""
    enums: Mapping[str, str]
    """Prisma enum by enum type."""
    fields: Mapping[tuple[str, str], str]
    """Field by table and column."""
    relations: tuple[Relation, ...]


def named(schema: Schema) -> Names:
    """Names for everything in the schema, the same whenever the schema is the same."""
    taken = _Taken(RESERVED)
    models = {t.name: taken.take(pascal(t.entity or t.name), "Model") for t in schema.tables}
    enums = {e.name: taken.take(pascal(e.name), "Enum") for e in schema.enums}
    members = {table.name: _Taken() for table in schema.tables}
    fields = {
        (table.name, column.name): members[table.name].take(camel(column.name), "field")
        for table in schema.tables
        for column in table.columns
    }
    relations = tuple(_relations(schema, models, members))
    return Names(models, enums, fields, relations)


def enum_members(enum: EnumType) -> Mapping[str, str]:
    """Prisma's name of each value, in the order of the values."""
    taken = _Taken(same=str)
    plain = {value: taken.take(value) for value in enum.values if _IDENTIFIER.match(value)}
    return {value: plain.get(value) or taken.take(camel(value), "value") for value in enum.values}


class _Taken:
    """Names given so far; `same` maps names to one when they may not stand side by side.

    Prisma's client calls the model User `user`, so capitals alone tell no names apart.
    """

    def __init__(self, taken: Iterable[str] = (), same: Callable[[str], str] = str.lower) -> None:
        self._taken, self._same = set(taken), same

    def take(self, wanted: str, fallback: str = "") -> str:
        """`wanted` as an identifier of ASCII letters, else `fallback`, numbered when taken."""
        base = _ascii(wanted)
        if not base[:1].isalpha():
            base = fallback + base
        name, number = base, 2
        while self._same(name) in self._taken:
            name, number = f"{base}{number}", number + 1
        self._taken.add(self._same(name))
        return name


def _ascii(text: str) -> str:
    """The text with accents taken off and other scripts left out."""
    folded = "".join(c if c.isascii() else _unaccented(c) for c in text)
    return _NOT_ASCII_WORD.sub("", folded)


def _unaccented(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character.replace("ß", "ss"))
    return plain.encode("ascii", "ignore").decode()


def _relations(
    schema: Schema, models: Mapping[str, str], members: Mapping[str, _Taken]
) -> Iterator[Relation]:
    keys = list(schema.references())
    pairs = Counter(frozenset((table.name, key.references)) for table, key in keys)
    directed = Counter((table.name, key.references) for table, key in keys)
    names = _Taken()
    for table, key in keys:
        field = members[table.name].take(_wanted_field(key, models), "parent")
        many = not always_unique(table, key.columns)
        back = camel(table.name) if many else camel(models[table.name])
        if directed[table.name, key.references] > 1 or table.name == key.references:
            back += "As" + field[:1].upper() + field[1:]
        back = members[key.references].take(back, "child")
        ambiguous = pairs[frozenset((table.name, key.references))] > 1
        name = models[table.name] + field[:1].upper() + field[1:]
        itself = table.name == key.references
        yield Relation(
            table.name, key, field, back, names.take(name) if ambiguous or itself else "", many
        )


def _wanted_field(key: ForeignKey, models: Mapping[str, str]) -> str:
    """`author` for author_id; the parent's name when the column does not end like that."""
    last = words(key.columns[-1])
    if len(key.columns) == 1 and len(last) > 1 and last[-1] == "id":
        return camel("_".join(last[:-1]))
    return camel(models[key.references])
