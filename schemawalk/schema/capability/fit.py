"""What a database cannot hold: emulated, or refused as a finding; decided here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from schemawalk.schema.around.partitions import whole, without_rolling
from schemawalk.schema.capability.access import fitted_access, losses, without_absent
from schemawalk.schema.capability.capable import Capability as Capability
from schemawalk.schema.capability.capable import Way as Way
from schemawalk.schema.capability.columns import (
    POSTGRESQL_COLUMNS,
    SQLITE_COLUMNS,
    FittedColumns,
    shorter,
)
from schemawalk.schema.capability.documents import as_documents
from schemawalk.schema.capability.innodb import INNODB, held
from schemawalk.schema.capability.keys import INNODB_KEYS, POSTGRESQL_KEYS, SQLITE_KEYS, FittedKeys
from schemawalk.schema.capability.mongodb import MONGODB_CAPABILITIES
from schemawalk.schema.capability.mysql import MARIADB_CAPABILITIES, MYSQL_CAPABILITIES
from schemawalk.schema.capability.triggers import INNODB_TRIGGERS, SQLITE_TRIGGERS, sayable, unseen
from schemawalk.schema.dialects.notations import MONGODB, NOTATIONS
from schemawalk.schema.language.expression import Call, Compare, Expression, In, Matches, Name, walk
from schemawalk.schema.language.expression import Literal as Constant
from schemawalk.schema.language.implied import without_implied
from schemawalk.schema.model import (
    Check,
    Column,
    Finding,
    Index,
    Schema,
    Table,
    Type,
    TypeName,
)
from schemawalk.schema.names import fitted
from schemawalk.schema.things import Apart, Extension, Thing

Feature = Literal[
    "enum", "list", "json", "boolean", "date", "timestamptz", "numeric", "interval", "varchar",
    "inet", "uuid7", "generated", "collation", "lower", "fragment",
    "gin", "gist", "brin", "fulltext", "trigram", "match", "include", "partial",
    "expression", "descending",
    "exclusion", "apart-alone", "deferrable", "emptied", "update-empty",
    "update-itself", "partition",
    "check", "check-counting", "check-emptied", "check-now", "partial-unique", "text-in-key",
    "json-in-key", "long-key",
    "extension", "stamp-trigger", "guard-trigger", "apart-trigger", "rule-trigger", "limit-trigger",
    "parent-trigger", "seal-trigger", "audit-trigger", "history-trigger",
    "protect-trigger", "who", "silent-action",
    "view", "materialised", "kept-apart", "invoker", "routine", "role", "grant", "policy",
    "foreign-key", "default", "counting", "computed-view", "job", "embedded", "two-lists",
    "id-order",
]  # fmt: skip

CAPABILITIES: Final[Mapping[str, Mapping[str, Capability]]] = {
    "postgresql": {
        "kept-apart": Capability(
            "lossy",
            "policies do not reach what a materialised view keeps: "
            "a plain view, added up at each read",
        ),
        "invoker": Capability(
            "emulated", "the view sees with its owner's rights and repeats the policy", until=(15,)
        ),
        **POSTGRESQL_COLUMNS,
        **POSTGRESQL_KEYS,
    },
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
        "partition": Capability(
            "refused",
            "no partitions: the table stays in one piece, and what is old is deleted row by row",
        ),
        "materialised": Capability("lossy", "nothing is kept: a plain view, added up at each read"),
        "policy": Capability(
            "refused", "no policies for rows: each query of the program must name the group"
        ),
        "role": Capability("refused", "no roles: whoever can open the file reads and writes all"),
        "grant": Capability("refused", "no rights: whoever can open the file reads and writes all"),
        "routine": Capability("emulated", "a view whose trigger does the work: insert into it"),
        **SQLITE_COLUMNS,
        **SQLITE_KEYS,
        **SQLITE_TRIGGERS,
    },
    "mysql": {**MYSQL_CAPABILITIES, **INNODB_KEYS, **INNODB_TRIGGERS},
    "mariadb": {**MARIADB_CAPABILITIES, **INNODB_KEYS, **INNODB_TRIGGERS},
    "mongodb": MONGODB_CAPABILITIES,
}
"""By database and `Feature`, what is not native: a feature that is absent is native."""

_VALID: Final[Mapping[TypeName, str]] = {
    "json": "valid_json",
    "list": "valid_list",
    "date": "valid_date",
    "timestamptz": "valid_moment",
    "inet": "valid_inet",
}
"""Function that says whether a text is a value of the type."""
_STOOD_FOR: Final[frozenset[TypeName]] = frozenset(("enum", "boolean", "varchar", *_VALID))
"""Types for which a CHECK may stand."""
_WHOLE: Final = (
    "parts are written for PostgreSQL alone: the table stays in one piece, and what is old is "
    "deleted row by row"
)
"""What is said of a table that InnoDB could split, as no foreign key is in its way."""


@dataclass(frozen=True)
class Fitted:
    """A schema as one database will hold it, and what that costs."""

    schema: Schema
    findings: tuple[Finding, ...]


def fit(schema: Schema, database: str, version: str | None = None) -> Fitted:
    """The schema as `database` can hold it, each loss a finding.

    `version` is as people write it (`16`, `10.11`, `8.0.36`).  Raises KeyError for a database that
    nothing is written for.
    """
    return _Fitting(schema, NOTATIONS[database].name, numbered(version)).fitted()


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
        self.stood_for = _STOOD_FOR & self.capabilities.keys()
        self.findings: list[Finding] = []
        self.apart: list[Apart] = []

    def fitted(self) -> Fitted:
        if not self.capabilities:
            tables = tuple(map(self.said_once, self.schema.tables))
            return Fitted(Schema(tables, self.schema.enums, self.schema.around), ())
        tables = tuple(self.table(table) for table in self.schema.tables)
        enums = () if self.lacks("enum") else self.schema.enums
        around = tuple(fitted_access(self.schema.around, self.capabilities))
        for feature, subject, names in losses(self.schema.around, self.capabilities):
            self.lost(subject, feature, names)
        around = tuple(thing for thing in (*around, *self.apart) if self.carries(thing))
        around, unsaid = sayable(around, self.capabilities, self.database)
        for lost, subject, what in (*unsaid, *unseen(self.schema, self.capabilities)):
            self.lost(subject, lost, what)
        around = without_rolling(around, {table.name for table in tables if table.partition})
        around = without_absent(around)
        return Fitted(self.in_documents(Schema(tables, enums, around)), tuple(self.findings))

    def in_documents(self, schema: Schema) -> Schema:
        """The schema as a document database holds it; as it is for all others."""
        if self.database != MONGODB.name:
            return schema
        made, lost = as_documents(schema, self.schema.around)
        for feature, subject, what in lost:
            self.lost(subject, feature, what)
        return made

    def carries(self, thing: Thing) -> bool:
        """Whether the database can have the thing at all; a finding when it cannot."""
        if isinstance(thing, Extension) and self.lacks("extension"):
            return False
        if thing.feature not in self.capabilities:
            return True
        capability = self.capabilities[thing.feature]
        if capability.way != "emulated":
            title = NOTATIONS[self.database].title
            rule = f"{self.database}-{capability.way}-{thing.feature}"
            message = f"{thing.name} on {title}: {capability.how}."
            self.findings.append(Finding(rule, "warning", thing.source or thing.name, message))
        return capability.way != "refused"

    def lacks(self, feature: Feature) -> bool:
        return feature in self.capabilities

    def why_whole(self, table: Table) -> str:
        """Why a table has no parts, where it is not for what InnoDB says of all others."""
        keyed = table.foreign_keys or self.schema.referred(table.name)
        return "" if keyed or self.database not in INNODB else _WHOLE

    def lost(self, subject: Table | str, feature: Feature, what: str, how: str = "") -> None:
        capability = self.capabilities[feature]
        title = NOTATIONS[self.database].title
        if capability.way in ("lossy", "refused"):
            rule = f"{self.database}-{capability.way}-{feature}"
            message = f"{what} on {title}: {how or capability.how}."
            about = subject if isinstance(subject, str) else subject.source or subject.name
            self.findings.append(Finding(rule, "warning", about, message))

    def table(self, table: Table) -> Table:
        if table.partition and self.lacks("partition"):
            what = f"{table.name} is not split by {table.partition.column}"
            self.lost(table, "partition", what, self.why_whole(table))
            table = whole(table, self.schema.around)
        held = FittedColumns(table, self.capabilities, self.database, self.schema)
        table = held.table_as_held()
        for lost, what in held.lost:
            self.lost(table, lost, what)
        keys = FittedKeys(table, self.capabilities)
        table = keys.table_as_held()
        self.apart += keys.triggers
        for feature, what in keys.lost:
            self.lost(table, feature, what)
        # What a key refers to is held to the type already.
        linked = {name for key in table.foreign_keys for name in key.columns}
        added = tuple(
            check
            for column in table.columns
            if column.type.name in self.stood_for
            and column.generated is None
            and column.name not in linked
            for check in self.emulations(table, column)
        )
        made = table.having(
            columns=tuple(self.column(table, column) for column in table.columns),
            checks=tuple(c for c in table.checks if self.keeps(table, c)) + added,
            indexes=tuple(self.index(table, index) for index in table.indexes),
        )
        return self.said_once(self.by_innodb(made) if self.database in INNODB else made)

    def said_once(self, table: Table) -> Table:
        """The table without limits of a length that a pattern holds to as well.

        InnoDB has given texts their widths by them before.
        """
        patterns = any(isinstance(check.expression, Matches) for check in table.checks)
        if self.lacks("match") or not patterns:
            return table
        said = [check.expression for check in table.checks]
        return table.having(checks=without_implied(table.checks, said, by_pattern=True))

    def by_innodb(self, table: Table) -> Table:
        made, lost = held(table, self.capabilities, self.schema)
        for feature, what in lost:
            self.lost(table, feature, what)
        return made

    def column(self, table: Table, column: Column) -> Column:
        if column.type.name == "numeric" and self.lacks("numeric"):
            self.lost(table, "numeric", f"{table.name}.{column.name} is not exact")
        if column.type.name == "enum" and self.lacks("enum"):
            return replace(column, type=Type("text"))
        return shorter(column) if self.lacks("varchar") else column

    def emulations(self, table: Table, column: Column) -> tuple[Check, ...]:
        rule = self.emulation(column)
        if rule is None:
            return ()
        name = fitted(f"ck_{table.name}_{column.name}_{column.type.name}")
        because = f"{NOTATIONS[self.database].title} has no such type: this CHECK stands for it"
        return (Check(name, rule, because, column.source),)

    def emulation(self, column: Column) -> Expression | None:
        kind = column.type.name
        subject = Name(column.name)
        if kind == "enum":
            values = self.schema.enum(column.type.enum or "").values
            return In(subject, tuple(Constant(value) for value in values))
        if kind == "boolean":
            return In(subject, (Constant(False), Constant(True)))
        if kind == "varchar":
            longest = Constant(column.type.precision)
            return Compare("<=", Call("length", (subject,)), longest)
        valid = _VALID[kind]
        return Call(valid, (subject,)) if valid in NOTATIONS[self.database].functions else None

    def keeps(self, table: Table, check: Check) -> bool:
        if self.lacks("match") and any(isinstance(e, Matches) for e in walk(check.expression)):
            self.lost(table, "match", f"{check.name} is not enforced")
            return False
        return True

    def index(self, table: Table, index: Index) -> Index:
        if index.include and self.lacks("include"):
            self.lost(table, "include", f"{index.name} does not cover {', '.join(index.include)}")
            return replace(index, include=())
        return index
