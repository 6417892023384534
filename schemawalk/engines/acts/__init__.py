"""What stands around the tables, made to act: one function a kind gives the attempts to make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts
from schemawalk.schema.around import Thing

Act = Callable[[Any, RowProof], Attempts]

ACTS: Final[Mapping[type, Act]] = {}
"""By kind of thing."""


def acts(thing: Thing, rows: RowProof) -> Attempts:
    """The attempts that show what a thing does; nothing for a kind that has no act of its own."""
    act = ACTS.get(type(thing))
    if act is not None:
        yield from act(thing, rows)
