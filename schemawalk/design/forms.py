"""The forms of answers that no list can hold: names, counts, versions, currencies, spans."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Field, StringConstraints

from schemawalk.design.spans import span

_Item = TypeVar("_Item", bound=Hashable)

PER_ROW: Final = "per-row"
"""Instead of a currency: each amount has its own beside it."""


def _spanned(text: str) -> str:
    """The text, when it is a length of time; raises SpanError, which says how one is written."""
    span(text)
    return text


def _each_once(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    """The items, when none is there twice; raises ValueError with the first that is."""
    seen: set[_Item] = set()
    for item in items:
        if item in seen:
            raise ValueError(f'"{item}" is there twice: remove one of them.')
        seen.add(item)
    return items


Name = Annotated[str, Field(min_length=1)]
"""What people call something: it must say something."""
MOST: Final = 2**63 - 1
"""What the databases can count."""
Count = Annotated[int, Field(ge=0, le=MOST)]
Number = Annotated[int, Field(ge=1, le=MOST)]
"""A count of what there must be at least one of."""
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$")]
"""A database's version: `16`, `3.40`, `10.11.6`."""
Currency = Annotated[str, StringConstraints(pattern=rf"^([A-Z]{{3}}|{PER_ROW})$")]
"""An ISO 4217 code, or `per-row`."""
Span = Annotated[str, AfterValidator(_spanned)]
"""A length of time, as `schemawalk.design.spans` reads it."""
Once = AfterValidator(_each_once)
"""For a list in which nothing may be there twice."""
