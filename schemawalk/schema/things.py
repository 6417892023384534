"""What stands around the tables: extensions, triggers, views, policies, roles and routines.

Each class is one kind of thing, said in no database's dialect; `before` of a kind says whether it
must exist before the tables do.  A thing is written by `writers.around`, fitted to a database by
`capability` and tried by `engines.acts`: one row a kind in each of their tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from schemawalk.design.spans import Span
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    Logic,
    Name,
    names,
)
from schemawalk.schema.language.expression import Literal as Constant
from schemawalk.schema.routine import Routine as Routine

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
    """At each change of a row columns become the present moment, or one more than they were."""

    feature: ClassVar = "stamp-trigger"
    before: ClassVar = False
    name: str
    table: str
    columns: tuple[tuple[str, Literal["now", "next"]], ...]
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
    starts: tuple[str, ...] = ()
    """The values with which a row may begin; any when empty."""
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
class Limit:
    """A parent has at most so many rows, of which only those count for which a rule is true."""

    feature: ClassVar = "limit-trigger"
    before: ClassVar = False
    name: str
    table: str
    columns: tuple[str, ...]
    """The foreign key."""
    parent: str
    parent_columns: tuple[str, ...]
    most: int
    among: Expression | None = None
    because: str = ""
    source: str = ""

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns whose change may make a parent have one more."""
        told = names(self.among) if self.among is not None else ()
        return tuple(dict.fromkeys((*self.columns, *told)))


@dataclass(frozen=True, slots=True)
class ParentRule:
    """A row is refused whose parent breaks the rule when the row is written; unknown holds."""

    feature: ClassVar = "parent-trigger"
    before: ClassVar = False
    name: str
    table: str
    columns: tuple[str, ...]
    """The foreign key."""
    parent: str
    parent_columns: tuple[str, ...]
    rule: Expression
    """Over the parent's columns."""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was written stays: its row is not deleted, and no column that has a value changes."""

    feature: ClassVar = "seal-trigger"
    before: ClassVar = False
    name: str
    table: str
    events: tuple[Event, ...]
    """What is refused, `UPDATE`, `DELETE` or both."""
    columns: tuple[str, ...] = ()
    """What keeps its first value; the whole row when empty."""
    moment: str = ""
    age: Span | None = None
    """From the `moment` on, how long the row may not be deleted; None: never."""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """A row is refused that overlaps another one with the same `columns`: an exclusion's work."""

    feature: ClassVar = "apart-trigger"
    before: ClassVar = False
    name: str
    table: str
    columns: tuple[str, ...]
    start: str
    end: str
    """Excluded, unless it counts; no value is without an end, as in `start` without a beginning."""
    predicate: Expression | None = None
    because: str = ""
    source: str = ""
    last_counts: bool = False
    """Whether the end, a day, belongs to the stretch."""

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns whose change may make a row overlap."""
        told = names(self.predicate) if self.predicate is not None else ()
        return tuple(dict.fromkeys((*self.columns, self.start, self.end, *told)))


@dataclass(frozen=True, slots=True)
class Protected:
    """What is written into columns is hashed or encrypted before it is kept."""

    feature: ClassVar = "protect-trigger"
    before: ClassVar = False
    name: str
    table: str
    columns: tuple[tuple[str, Literal["hash", "encrypt"]], ...]
    setting: str = "app.encryption_key"
    """The setting of the session that holds the key; what is to be encrypted is refused without."""
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
    hidden: tuple[str, ...] = ()
    """Columns of which the log says that they changed, and not from what to what."""
    omitted: tuple[str, ...] = ()
    """Columns whose change alone is no change: other triggers keep them."""
    copied: tuple[tuple[str, str], ...] = ()
    """Column of the log that takes what a column of the row says: whose it is."""
    words: tuple[tuple[Event, str], ...] = ()
    """What the log calls what was done; as the database calls it when empty."""
    setting: str = "app.user_id"
    """The setting of the session that says who works; without it, who connected."""
    because: str = ""
    source: str = ""

    @property
    def place(self) -> dict[str, str]:
        """Column of the log by what it takes."""
        return dict(self.places)

    def called(self, event: str) -> str:
        """What the log calls an event."""
        return next((word for each, word in self.words if each == event), event)


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
    made: str = ""
    """The column that says when the row was made, if there is one."""
    omitted: tuple[str, ...] = ()
    """Columns whose change alone is no change: other triggers keep them."""
    ends: str = ""
    """The column that says since when a row's time is running out, where it has a time."""
    age: Span | None = None
    """How long after `ends` the time is over: a row that goes then takes its versions along."""
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
    within: Expression | None = None
    """What the table's policy demands; repeated where the database does not apply it to the view:
    where the view sees with its owner's rights."""
    rights: Literal["caller", "owner"] = "caller"
    """Whose rights to the table count when the view is read."""
    grouped_by: tuple[str, ...] = ()
    """Columns of the view that one row is made for; empty when nothing is summed up."""
    materialised: bool = False
    """Kept as rows, refreshed now and then; `grouped_by` is its unique index."""
    index: str = ""
    """Name of that index."""
    purpose: Literal["live", "masked", "summary"] = "live"
    because: str = ""
    source: str = ""

    @property
    def condition(self) -> Expression | None:
        """What the view's own text demands of a row; None when it shows them all."""
        parts = [self.predicate] if self.predicate is not None else []
        parts += [self.within] if self.within is not None and self.rights == "owner" else []
        return Logic("and", tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


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
    """What a role may do with tables and views, and nothing else."""

    feature: ClassVar = "grant"
    before: ClassVar = False
    role: str
    on: tuple[str, ...]
    privileges: tuple[Privilege, ...]
    because: str = ""
    source: str = ""
    columns: tuple[str, ...] = ()
    """The columns that it holds for; the whole of each when empty."""

    @property
    def name(self) -> str:
        """What it is called where a name is needed."""
        return f"{', '.join(self.privileges)} for {self.role}"


@dataclass(frozen=True, slots=True)
class Owner:
    """A role that routines are handed to: they work with its rights, and nobody is a member."""

    feature: ClassVar = "policy"
    before: ClassVar = False
    role: str
    on: tuple[str, ...]
    because: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """What it is called where a name is needed."""
        return f"owner {self.role}"


@dataclass(frozen=True, slots=True)
class Through:
    """The row of another table that decides: who sees that one sees this one."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows of a table are seen and written only where a column equals a setting of the session."""

    feature: ClassVar = "policy"
    before: ClassVar = False
    name: str
    table: str
    column: str = ""
    """Empty when only `through` decides."""
    type: Literal["uuid", "bigint"] = "uuid"
    """What the setting is read as."""
    setting: str = "app.tenant_id"
    through: tuple[Through, ...] = ()
    """Rows of tables with policies of their own, all of which must be seen."""
    takes_unowned: bool = False
    """Whether a row that is nobody's may be added, which nobody then sees: in a log."""
    forced: bool = True
    """Whether it binds the table's owner too, as whom triggers write into a log."""
    because: str = ""
    source: str = ""

    @property
    def rule(self) -> Expression | None:
        """What the column must be; None when only `through` decides.  Unknown is no."""
        if not self.column:
            return None
        session = Call(f"session_{self.type}", (Constant(self.setting),))
        return Compare("=", Name(self.column), session)


@dataclass(frozen=True, slots=True)
class AllRows:
    """One role sees all rows of a table, whatever its policy hides from others, and writes them."""

    feature: ClassVar = "policy"
    before: ClassVar = False
    name: str
    table: str
    role: str
    reads_only: bool = False
    because: str = ""
    source: str = ""


Trigger: TypeAlias = (
    Stamp | Guard | Asserted | Apart | Limit | ParentRule | Sealed | Protected | Audit | History
)
Thing: TypeAlias = Extension | Trigger | View | Routine | Role | Grant | Owner | Policy | AllRows
