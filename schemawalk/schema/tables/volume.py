"""How many rows there will be: in a year as answered, in some years by how they grow."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Entity
from schemawalk.schema.tables.lookup import Lookup

YEARS: Final = 5
"""Years that are looked ahead."""
FACTORS: Final = {"steady": 1, "doubles": 2, "tenfold": 10}
"""What a year's rows are multiplied by to give those of the next."""


def rows_of(entity: Entity, lookup: Lookup) -> int:
    """Rows after one year: as answered, or as its archetype suggests."""
    return entity.rows if entity.rows is not None else lookup.archetype(entity).rows


def rows_in_five_years(entity: Entity, lookup: Lookup) -> int:
    """Rows after five years, each year's rows those of the year before times the growth."""
    factor, rows = FACTORS[entity.growth or "steady"], rows_of(entity, lookup)
    return sum(rows * int(factor**year) for year in range(YEARS))
