"""Something that a job or a person calls: to clean up, to forget, to make partitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from schemawalk.design.spans import Span
from schemawalk.schema.language.expression import Expression, Value
from schemawalk.schema.names import LONGEST, fitted

PATIENCE: Final = "1s"
"""How long what makes and drops parts waits for a lock: those who come after it wait as long."""


@dataclass(frozen=True, slots=True)
class Hop:
    """From a row to those of another table that refer to it."""

    table: str
    columns: tuple[str, ...]
    referenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cleared:
    """A column that forgetting overwrites; `*` in a text stands for the row's own key."""

    column: str
    value: Value
    random: int = 0
    """How many random hexadecimal digits `*` stands for instead: nobody knows them."""


@dataclass(frozen=True, slots=True)
class Routine:
    """One routine; what it is for decides which of its facts matter."""

    feature: ClassVar = "routine"
    before: ClassVar = False
    name: str
    purpose: Literal["purge", "forget", "roll", "refresh", "find"]
    table: str
    column: str = ""
    """The moment that decides (`purge`, `roll`), or what is compared with the key given
    (`forget`)."""
    age: Span | None = None
    """How old a row must be before it goes (`purge`, `roll`); None: it stays for ever."""
    blockers: tuple[tuple[Hop, ...], ...] = ()
    """Ways to rows that keep an old one: where one leads to any, it is not deleted (`purge`)."""
    cleared: tuple[Cleared, ...] = ()
    """Columns that forgetting overwrites, and with what; the row is deleted when there are none."""
    before_it: tuple[str, ...] = ()
    """Routines that this one calls first, with the same key (`forget`)."""
    after_it: tuple[str, ...] = ()
    """Routines that it calls last: what it changed has left a trace by then (`forget`)."""
    of: str = ""
    """Table whose rows each get a partition (`roll` of a list without fixed values)."""
    compared: tuple[str, ...] = ()
    """Columns whose values are given (`find`)."""
    folded: tuple[str, ...] = ()
    """Those of them in which upper and lower case are the same (`find`)."""
    shown: tuple[str, ...] = ()
    """Columns that it tells of what it found (`find`)."""
    among: Expression | None = None
    """What is true of the rows that it looks among (`find`); None: all of them."""
    alone: bool = False
    """Whether it finds nothing where several rows would do (`find`)."""
    role: str = ""
    """The role that calls it; anybody may when it is empty."""
    rights: Literal["caller", "owner"] = "caller"
    """Whose rights to the tables count when it is called."""
    because: str = ""
    source: str = ""

    @property
    def seen(self) -> tuple[str, ...]:
        """The tables whose rows decide what it does, its own first."""
        looked_into = (hop.table for way in self.blockers for hop in way)
        return tuple(dict.fromkeys((self.table, *looked_into)))


def given_name(column: str) -> str:
    """What the argument of a routine that finds is called, with which a column is compared.

    A column that is told, too, would have its own name twice.
    """
    return fitted(f"by_{column}", LONGEST)
