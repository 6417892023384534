"""How much a row may hold in MySQL and MariaDB: 65,535 bytes, whatever is written into it.

Source: MySQL manual, "Limits on Table Column Count and Row Size"; MariaDB 10.11, tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schemawalk.schema.model import Column, Type

ROW_BYTES: Final = 65_535
"""Most bytes of all columns of a row, each as long as its type lets it be."""
_ASIDE: Final = 12
"""Bytes that a text counts which is kept beside the row, however long it is."""
_OTHERS: Final = 144
"""More than any other type takes."""


def within_a_row(
    columns: tuple[Column, ...], keys: Iterable[tuple[str, ...]]
) -> tuple[Column, ...]:
    """The columns with as many texts beside the row as it takes, the longest first.

    The columns of the keys stay: a key holds no such text.
    """
    left = sum(map(_bytes, columns)) - ROW_BYTES
    if left <= 0:
        return columns
    aside: set[str] = set()
    keyed = {name for key in keys for name in key}
    texts = [c for c in columns if c.type.name == "varchar" and c.name not in keyed]
    for column in sorted(texts, key=_bytes, reverse=True):
        if left <= 0:
            break
        aside.add(column.name)
        left -= _bytes(column) - _ASIDE
    return tuple(
        replace(c, type=Type("text", c.type.precision)) if c.name in aside else c for c in columns
    )


def _bytes(column: Column) -> int:
    """Bytes of the longest value: four for each character, and two that say how many there are."""
    if column.type.name == "varchar":
        return 4 * (column.type.precision or 0) + 2
    return _ASIDE if column.type.name in ("text", "json", "list", "bytes") else _OTHERS
