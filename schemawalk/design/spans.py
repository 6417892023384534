"""Lengths of time as people say them: `90 days`, `10 years`, `forever`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["day", "month", "year"]

FOREVER: Final = "forever"
_SPAN = re.compile(r"(\d{1,4})\s+(day|month|year)s?", re.IGNORECASE)
_DAYS: Final[dict[Unit, int]] = {"day": 1, "month": 30, "year": 365}
_UNITS: Final[dict[str, Unit]] = {"day": "day", "month": "month", "year": "year"}


class SpanError(ValueError):
    """The text is no length of time; the message says how one is written."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days, months or years."""

    count: int
    unit: Unit

    @property
    def days(self) -> int:
        """About how many days it is, to tell which of two is longer."""
        return self.count * _DAYS[self.unit]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def span(text: str) -> Span | None:
    """The length of time that a text says; None for `forever`.  Raises SpanError."""
    plain = text.strip()
    if plain.lower() == FOREVER:
        return None
    found = _SPAN.fullmatch(plain)
    if found is None or int(found[1]) == 0:
        raise SpanError(f"{text!r} is no length of time: write 90 days, 18 months, 10 years or "
                        "forever.")  # fmt: skip
    return Span(int(found[1]), _UNITS[found[2].lower()])
