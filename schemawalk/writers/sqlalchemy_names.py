"""What the models call things: valid, unique Python names for tables, columns and values."""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema import names
from schemawalk.schema.language.expression import In, Name
from schemawalk.schema.model import Check, Column, Schema, Table
from schemawalk.writers.sqlalchemy_types import DECORATORS

MODULE_NAMES: Final = frozenset(
    "Any Base ClassVar Decimal DeclarativeBase Literal Mapped NEW_UUID NEW_UUID_7 NOW TODAY dt "
    "get_args heed_foreign_keys json mapped_column postgresql relationship sa sqlite3 uuid".split()
) | {decorator.name for decorator in DECORATORS}
"""Names that the models' module uses itself."""

_BUILTINS: Final = frozenset(dir(builtins))
_ATTRIBUTES: Final = MODULE_NAMES | frozenset(
    "bool bytes cls dict int list metadata registry self str type_annotation_map".split()
)
"""Names that an attribute would hide from the annotations after it, or that mean something to
SQLAlchemy."""


@dataclass(frozen=True)
class Naming:
    """The models' names of one schema."""

    classes: Mapping[str, str]
    """Class by table."""
    attributes: Mapping[str, Mapping[str, str]]
    """Attribute by column, by table."""
    choices: Mapping[tuple[str, str], str]
    """Alias of a column's `Literal` by table and column."""
    values: Mapping[str, tuple[str, ...]]
    """Values by alias, in the order of definition."""

    def attribute(self, table: str, column: str) -> str:
        """The attribute that stands for a column."""
        return self.attributes[table][column]


def naming(schema: Schema) -> Naming:
    """Names for all classes, attributes and choices of a schema, stable and unique."""
    taken = set(MODULE_NAMES)
    classes = {table.name: _taken(_class_name(table), taken, _BUILTINS) for table in schema.tables}
    choices, values = _choices(schema, classes, taken)
    attributes = {table.name: _attributes(table, taken) for table in schema.tables}
    return Naming(classes, attributes, choices, values)


def identifier(text: str) -> str:
    """The text as a Python identifier in the form in which Python itself reads it (NFKC)."""
    normal = unicodedata.normalize("NFKC", text)
    made = "".join(c if c == "_" or f"a{c}".isidentifier() else "_" for c in normal)
    made = unicodedata.normalize("NFKC", made)
    return made if made.isidentifier() else f"n_{made}"


def free(wanted: str, taken: set[str], reserved: Iterable[str] = _ATTRIBUTES) -> str:
    """`wanted` as an attribute: with `_` when it is reserved, with a number when it is taken.

    The name that is returned is added to `taken`.
    """
    return _taken(wanted, taken, reserved)


def _taken(wanted: str, taken: set[str], reserved: Iterable[str]) -> str:
    base = f"{wanted}_" if keyword.iskeyword(wanted) or wanted in reserved else wanted
    joint = "_" if base.islower() and not base.endswith("_") else ""
    name, number = base, 2
    while name in taken:
        name, number = f"{base}{joint}{number}", number + 1
    taken.add(name)
    return name


def _class_name(table: Table) -> str:
    return identifier(names.pascal(table.entity or table.name))


def _attributes(table: Table, module_names: Iterable[str]) -> dict[str, str]:
    # A class that an annotation further down speaks of must not be hidden by an attribute.
    reserved = _ATTRIBUTES | frozenset(module_names)
    taken: set[str] = set()
    return {c.name: _taken(_attribute_name(c.name), taken, reserved) for c in table.columns}


def _attribute_name(column: str) -> str:
    # Underscores in front mean something to Python and to SQLAlchemy.
    if column.isidentifier() and column[0] != "_" and unicodedata.is_normalized("NFKC", column):
        return column
    return identifier(names.snake(column))


def _choices(
    schema: Schema, classes: Mapping[str, str], taken: set[str]
) -> tuple[dict[tuple[str, str], str], dict[str, tuple[str, ...]]]:
    enums = {
        e.name: _taken(identifier(names.pascal(e.name)), taken, _BUILTINS) for e in schema.enums
    }
    values = {alias: schema.enum(name).values for name, alias in enums.items()}
    choices = {}
    for table in schema.tables:
        listed = dict(filter(None, (_listed(check) for check in table.checks)))
        for column in table.columns:
            if column.type.name == "enum":
                choices[table.name, column.name] = enums[column.type.enum or ""]
            elif column.type.name == "text" and column.name in listed:
                alias = _alias(classes[table.name], column, taken)
                choices[table.name, column.name] = alias
                values[alias] = listed[column.name]
    return choices, values


def _alias(owner: str, column: Column, taken: set[str]) -> str:
    return _taken(identifier(owner + names.pascal(column.name)), taken, _BUILTINS)


def _listed(check: Check) -> tuple[str, tuple[str, ...]] | None:
    """The column that a CHECK limits to a list of texts, with the texts."""
    match check.expression:
        case In(Name(column), literals):
            values = tuple(v.value for v in literals if isinstance(v.value, str))
            return (column, values) if len(values) == len(literals) else None
        case _:
            return None
