"""Whether a made-up row obeys the rules of its table, those that stand for a type included."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemawalk.schema.evaluation import evaluate
from schemawalk.schema.expression import Call, Expression, Name, Value
from schemawalk.schema.model import Table

Values = Mapping[str, Value]

_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z\Z")


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that no two rows may share, where the predicate holds."""

    name: str
    columns: tuple[str, ...]
    predicate: Expression | None = None


def keys(table: Table) -> tuple[Key, ...]:
    """The primary key, UNIQUE constraints and unique indexes, each once."""
    primary = Key(table.primary_key.name, table.primary_key.columns)
    uniques = [Key(unique.name, unique.columns) for unique in table.uniques]
    indexes = [
        Key(index.name, tuple(part.column for part in index.parts), index.predicate)
        for index in table.indexes
        if index.unique
    ]
    return (primary, *uniques, *indexes)


def judged(rule: Expression, row: Values) -> bool | None:
    """Whether a rule holds: None when it is unknown, or cannot be told outside the database."""
    if isinstance(rule, Call) and rule.function in _VALID:
        subject = rule.arguments[0]
        value = row.get(subject.name) if isinstance(subject, Name) else None
        return None if value is None else _VALID[rule.function](str(value))
    try:
        value = evaluate(rule, row)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return None if value is None else bool(value)


def counts(key: Key, row: Values) -> bool:
    """Whether the row takes part in the key: nothing in it is NULL, and the predicate is true."""
    present = all(row.get(column) is not None for column in key.columns)
    return present and (key.predicate is None or judged(key.predicate, row) is True)


def clash(key: Key, one: Values, other: Values) -> bool:
    """Whether two rows cannot both be there."""
    same = all(one.get(column) == other.get(column) for column in key.columns)
    return same and counts(key, one) and counts(key, other)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_list(text: str) -> bool:
    return _is_json(text) and isinstance(json.loads(text), list)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    found = _MOMENT.match(text)
    return found is not None and _is_date(found[1])


_VALID: Final[Mapping[str, Callable[[str], bool]]] = {
    "valid_json": _is_json,
    "valid_list": _is_list,
    "valid_date": _is_date,
    "valid_moment": _is_moment,
}
"""What the functions that stand for a type say about a text."""
