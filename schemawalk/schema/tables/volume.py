"""How many rows there will be: in a year as answered, in some years by how they grow."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Entity
from schemawalk.design.spans import FOREVER, SpanError, span
from schemawalk.schema.tables.lookup import Lookup

YEARS: Final = 5
"""Years that are looked ahead."""
_YEAR: Final = 365
FACTORS: Final = {"steady": 1, "doubles": 2, "tenfold": 10}
"""What a year's rows are multiplied by to give those of the next."""


def rows_of(entity: Entity, lookup: Lookup) -> int:
    """Rows after one year: as answered, or as its archetype suggests."""
    return entity.rows if entity.rows is not None else lookup.archetype(entity).rows


def rows_in_five_years(entity: Entity, lookup: Lookup) -> int:
    """Rows written in five years, each year's rows those of the year before times the growth."""
    return sum(_by_year(entity, lookup))


def rows_after_five_years(entity: Entity, lookup: Lookup) -> int:
    """Rows that are there then: all that were written, without those whose time is over.

    What never changes is over as soon as it happened; of all else nobody knows when its time
    begins.
    """
    by_year, days = _by_year(entity, lookup), _days_kept(entity, lookup)
    if days is None or days >= YEARS * _YEAR:
        return sum(by_year)
    years, more = divmod(days, _YEAR)
    return sum(by_year[YEARS - years :]) + by_year[YEARS - years - 1] * more // _YEAR


def _by_year(entity: Entity, lookup: Lookup) -> list[int]:
    factor, rows = FACTORS[entity.growth or "steady"], rows_of(entity, lookup)
    return [rows * int(factor**year) for year in range(YEARS)]


def _days_kept(entity: Entity, lookup: Lookup) -> int | None:
    """About how many days a row is there once it was written; None where nobody knows."""
    if lookup.archetype(entity).mutable or entity.deletion in ("soft", "archive"):
        return None
    try:
        kept = span(entity.keep_for or FOREVER)
    except SpanError:
        return None
    return kept.days if kept else None
