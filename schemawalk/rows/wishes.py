"""What a made-up row should be like, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemawalk.schema.language.expression import Expression, Value
from schemawalk.schema.model import ForeignKey, Table


class NoRowError(Exception):
    """No row was found that is as it was asked for; the message says which."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is to be inserted."""

    table: Table
    values: Mapping[str, Value]
    later: tuple[str, ...] = ()
    """Columns that stay NULL until the rows planned after it are there: they point to one."""

    @property
    def given(self) -> Mapping[str, Value]:
        """What is said of the row: all but what the database computes."""
        generated = {c.name for c in self.table.columns if c.generated is not None}
        return {name: value for name, value in self.values.items() if name not in generated}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row should be like, besides obeying its table's constraints."""

    fixed: Mapping[str, Value] = field(default_factory=dict)
    """Values of some columns."""
    breaks: tuple[str, ...] = ()
    """CHECKs that must be false."""
    heedless: frozenset[str] = frozenset()
    """CHECKs and keys that need not be obeyed."""
    within: tuple[Expression, ...] = ()
    """Conditions that must be true."""
    outside: tuple[Expression, ...] = ()
    """Conditions that must not be true."""
    emptied: tuple[str, ...] = ()
    """Columns whose becoming NULL must not break a CHECK."""
    orphaned: ForeignKey | None = None
    """The foreign key whose parent must be absent."""
    sparse: bool = False
    """Leave NULL what may be NULL."""
    refused: bool = False
    """The database will not take it: what it refers to, and would come later, never comes."""


ANY: Final = Wish()
