"""What a database cannot hold: emulated, or refused as a finding; decided here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from schemawalk.schema.around import Thing
from schemawalk.schema.dialects import DIALECTS
from schemawalk.schema.expression import Call, Expression, In, Matches, Name, walk
from schemawalk.schema.expression import Literal as Constant
from schemawalk.schema.model import Check, Column, Finding, Index, Schema, Table, Type, TypeName
from schemawalk.schema.names import fitted

Feature = Literal[
    "enum", "list", "json", "boolean", "date", "timestamptz", "numeric", "interval", "varchar",
    "inet", "uuid7", "generated", "collation",
    "gin", "gist", "brin", "fulltext", "match", "include", "partial", "expression", "descending",
    "exclusion", "deferrable", "emptied", "partition",
    "extension", "stamp-trigger", "guard-trigger", "rule-trigger", "audit-trigger",
    "history-trigger", "view", "materialised", "routine", "role", "grant", "policy",
]  # fmt: skip
Way = Literal["emulated", "lossy", "refused"]


@dataclass(frozen=True, slots=True)
class Capability:
    """How a database holds a feature; `how` is said to the user when something is lost."""

    way: Way
    how: str = ""
    until: tuple[int, ...] = ()
    """The first version that has it natively; empty when none has."""

    def applies(self, version: tuple[int, ...]) -> bool:
        """Whether a server of that version needs it; an unknown version counts as new."""
        return not self.until or (bool(version) and version < self.until)


CAPABILITIES: Final[Mapping[str, Mapping[str, Capability]]] = {
    "postgresql": {},
    "sqlite": {
        "enum": Capability("emulated", "text with a CHECK that lists the values"),
        "list": Capability("emulated", "a JSON array in text, with a CHECK that it is one"),
        "json": Capability("emulated", "text, with a CHECK that it is valid JSON"),
        "boolean": Capability("emulated", "0 and 1, with a CHECK that it is one of them"),
        "date": Capability("emulated", "text as YYYY-MM-DD, with a CHECK that it is a date"),
        "timestamptz": Capability("emulated", "text in UTC with milliseconds, with a CHECK"),
        "interval": Capability("emulated", "whole seconds"),
        "numeric": Capability("lossy", "a floating-point number: sums may be off by a rounding"),
        "gin": Capability("refused", "SQLite cannot index inside JSON or lists: no index is made"),
        "match": Capability("refused", "SQLite has no regular expressions: no CHECK is made"),
        "include": Capability("lossy", "no covering columns: the index has its key columns only"),
    },
}
"""By database and `Feature`, what is not native: a feature that is absent is native."""

_VALID: Final[Mapping[TypeName, str]] = {
    "json": "valid_json",
    "list": "valid_list",
    "date": "valid_date",
    "timestamptz": "valid_moment",
}
"""Function that says whether a text is a value of the type."""


@dataclass(frozen=True)
class Fitted:
    """A schema as one database will hold it, and what that costs."""

    schema: Schema
    findings: tuple[Finding, ...]


def fit(schema: Schema, database: str, version: str | None = None) -> Fitted:
    """The schema as `database` can hold it, each loss a finding.

    `version` is as people write it (`16`, `10.11`, `8.0.36`).  Raises KeyError for a database that
    SQL is not written for.
    """
    return _Fitting(schema, DIALECTS[database].name, numbered(version)).fitted()


def numbered(version: str | None) -> tuple[int, ...]:
    """The numbers that a version begins with; empty when it says none."""
    found = re.match(r"\d+(?:\.\d+)*", version or "")
    return tuple(int(part) for part in found.group().split(".")) if found else ()


class _Fitting:
    """One pass over a schema for one database."""

    def __init__(self, schema: Schema, database: str, version: tuple[int, ...]) -> None:
        self.schema = schema
        self.database = database
        self.capabilities = {
            feature: capability
            for feature, capability in CAPABILITIES[database].items()
            if capability.applies(version)
        }
        self.findings: list[Finding] = []

    def fitted(self) -> Fitted:
        if not self.capabilities:
            return Fitted(self.schema, ())
        tables = tuple(self.table(table) for table in self.schema.tables)
        enums = () if self.lacks("enum") else self.schema.enums
        around = tuple(thing for thing in self.schema.around if self.carries(thing))
        return Fitted(Schema(tables, enums, around), tuple(self.findings))

    def carries(self, thing: Thing) -> bool:
        """Whether the database can have the thing at all; a finding when it cannot."""
        if thing.feature not in self.capabilities:
            return True
        capability = self.capabilities[thing.feature]
        if capability.way != "emulated":
            title = DIALECTS[self.database].title
            rule = f"{self.database}-{capability.way}-{thing.feature}"
            message = f"{thing.name} on {title}: {capability.how}."
            self.findings.append(Finding(rule, "warning", thing.source or thing.name, message))
        return capability.way != "refused"

    def lacks(self, feature: Feature) -> bool:
        return feature in self.capabilities

    def lost(self, table: Table, feature: Feature, what: str) -> None:
        capability = self.capabilities[feature]
        title = DIALECTS[self.database].title
        if capability.way in ("lossy", "refused"):
            rule = f"{self.database}-{capability.way}-{feature}"
            message = f"{what} on {title}: {capability.how}."
            self.findings.append(Finding(rule, "warning", table.source or table.name, message))

    def table(self, table: Table) -> Table:
        added = tuple(check for column in table.columns for check in self.emulations(table, column))
        return replace(
            table,
            columns=tuple(self.column(table, column) for column in table.columns),
            checks=tuple(c for c in table.checks if self.keeps(table, c)) + added,
            indexes=tuple(
                self.index(table, index) for index in table.indexes if self.holds(table, index)
            ),
        )

    def column(self, table: Table, column: Column) -> Column:
        if column.type.name == "numeric" and self.lacks("numeric"):
            self.lost(table, "numeric", f"{table.name}.{column.name} is not exact")
        if column.type.name == "enum" and self.lacks("enum"):
            return replace(column, type=Type("text"))
        return column

    def emulations(self, table: Table, column: Column) -> tuple[Check, ...]:
        rule = self.emulation(column)
        if rule is None:
            return ()
        name = fitted(f"ck_{table.name}_{column.name}_{column.type.name}")
        because = f"{DIALECTS[self.database].title} has no such type: this CHECK stands for it"
        return (Check(name, rule, because, column.source),)

    def emulation(self, column: Column) -> Expression | None:
        kind, subject = column.type.name, Name(column.name)
        if kind == "enum" and self.lacks("enum"):
            values = self.schema.enum(column.type.enum or "").values
            return In(subject, tuple(Constant(value) for value in values))
        if kind == "boolean" and self.lacks("boolean"):
            return In(subject, (Constant(False), Constant(True)))
        if kind in _VALID and kind in self.capabilities:
            return Call(_VALID[kind], (subject,))
        return None

    def keeps(self, table: Table, check: Check) -> bool:
        if self.lacks("match") and any(isinstance(e, Matches) for e in walk(check.expression)):
            self.lost(table, "match", f"{check.name} is not enforced")
            return False
        return True

    def holds(self, table: Table, index: Index) -> bool:
        if index.method == "gin" and self.lacks("gin"):
            self.lost(table, "gin", f"{index.name} is left out")
            return False
        return True

    def index(self, table: Table, index: Index) -> Index:
        if index.include and self.lacks("include"):
            self.lost(table, "include", f"{index.name} does not cover {', '.join(index.include)}")
            return replace(index, include=())
        return index
