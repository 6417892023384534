"""What stands around the tables: extensions, triggers, views, policies, roles and routines.

Each class is one kind of thing, said in no database's dialect; `before` of a kind says whether it
must exist before the tables do.  A thing is written by `writers.around`, fitted to a database by
`capability` and tried by `engines.acts`: one row a kind in each of their tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from schemawalk.schema.expression import Expression

Event = Literal["INSERT", "UPDATE", "DELETE"]
Privilege = Literal["SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE"]


@dataclass(frozen=True, slots=True)
class Extension:
    """Something that the database must be told to load before it can be used."""

    feature: ClassVar = "extension"
    before: ClassVar = True
    name: str
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """At each change of a row a column becomes the present moment, or one more than it was."""

    feature: ClassVar = "stamp-trigger"
    before: ClassVar = False
    name: str
    table: str
    column: str
    to: Literal["now", "next"] = "now"
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A change of a column from one value to another is refused unless it is allowed."""

    feature: ClassVar = "guard-trigger"
    before: ClassVar = False
    name: str
    table: str
    column: str
    allowed: tuple[tuple[str, str], ...]
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Asserted:
    """A row for which the rule is false is refused at INSERT and UPDATE; unknown holds."""

    feature: ClassVar = "rule-trigger"
    before: ClassVar = False
    name: str
    table: str
    rule: Expression
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """Each change of a row is written into a log: what was done, and the old and new values."""

    feature: ClassVar = "audit-trigger"
    before: ClassVar = False
    name: str
    table: str
    into: str
    """Name of the log's table."""
    places: tuple[tuple[str, str], ...]
    """Column of the log by what it takes: `table`, `row`, `action`, `old`, `new`, `actor`, `at`."""
    omitted: tuple[str, ...] = ()
    """Columns whose values are secret, and are not logged."""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The version of a row that a change or a delete replaces is kept in another table."""

    feature: ClassVar = "history-trigger"
    before: ClassVar = False
    name: str
    table: str
    into: str
    """Name of the table of earlier versions."""
    columns: tuple[str, ...]
    """Columns that both tables have."""
    since: str = "valid_from"
    until: str = "valid_to"
    """Columns of `into` that say from when to when the version was the present one."""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """One column of a view, and what it shows."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class View:
    """A table seen through a condition, with columns masked, or summed up."""

    feature: ClassVar = "view"
    before: ClassVar = False
    name: str
    table: str
    columns: tuple[ViewColumn, ...]
    predicate: Expression | None = None
    grouped_by: tuple[str, ...] = ()
    """Columns of the view that one row is made for; empty when nothing is summed up."""
    materialised: bool = False
    """Kept as rows, refreshed now and then; `grouped_by` is its unique index."""
    purpose: Literal["live", "masked", "summary"] = "live"
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Routine:
    """Something that a job or a person calls: to clean up, to forget, to make partitions."""

    feature: ClassVar = "routine"
    before: ClassVar = False
    name: str
    purpose: Literal["purge", "forget", "roll", "refresh"]
    table: str
    column: str = ""
    """The moment that decides (`purge`, `roll`)."""
    days: int = 0
    """How old a row must be before it is purged; how long a partition is kept; 0: for ever."""
    cleared: tuple[tuple[str, Expression], ...] = ()
    """Columns that forgetting overwrites, and with what."""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """Who connects: a role without a password, to be granted to people and programs."""

    feature: ClassVar = "role"
    before: ClassVar = False
    name: str
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may do with a table, a view or a routine."""

    feature: ClassVar = "grant"
    before: ClassVar = False
    role: str
    on: str
    privileges: tuple[Privilege, ...]
    because: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """What it is called where a name is needed."""
        return f"{self.role} on {self.on}"


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows of a table are seen and written only where a column equals a setting of the session."""

    feature: ClassVar = "policy"
    before: ClassVar = False
    name: str
    table: str
    column: str
    setting: str = "app.tenant_id"
    because: str = ""
    source: str = ""


Trigger: TypeAlias = Stamp | Guard | Asserted | Audit | History
Thing: TypeAlias = (
    Extension | Stamp | Guard | Asserted | Audit | History | View | Routine | Role | Grant | Policy
)
