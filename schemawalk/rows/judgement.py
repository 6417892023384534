"""Whether a made-up row obeys the rules of its table, those that stand for a type included."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from ipaddress import ip_interface
from typing import Final

from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.expression import (
    Call,
    Expression,
    Fragment,
    Name,
    Value,
    names,
    renamed,
    walk,
)
from schemawalk.schema.model import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    IndexPart,
    Schema,
    Table,
)
from schemawalk.schema.things import Apart

Values = Mapping[str, Value]

_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z\Z")


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that no two rows may share, where the predicate holds."""

    name: str
    columns: tuple[str, ...]
    predicate: Expression | None = None
    any_case: frozenset[str] = frozenset()
    """Those of the columns whose texts are the same in upper and lower case."""


def keys(table: Table) -> tuple[Key, ...]:
    """The primary key, UNIQUE constraints and unique indexes, each once."""
    alike = frozenset(column.name for column in table.columns if column.collation)
    primary = Key(table.primary_key.name, table.primary_key.columns)
    uniques = [Key(unique.name, unique.columns) for unique in table.uniques]
    indexes = [
        Key(
            index.name,
            tuple(part.column for part in index.parts),
            index.predicate,
            frozenset(part.column for part in index.parts if _is_lowered(part)),
        )
        for index in table.indexes
        if index.unique
    ]
    every = (primary, *uniques, *indexes)
    return tuple(replace(key, any_case=key.any_case | alike & set(key.columns)) for key in every)


def _is_lowered(part: IndexPart) -> bool:
    return part.expression == Call("lower", (Name(part.column),))


def computed(column: Column, row: Values) -> Value:
    """What a generated column is for the row, as its type keeps it; None when it is unknown."""
    assert column.generated is not None
    try:
        value = evaluate(column.generated, row)
    except (TypeError, ValueError, ArithmeticError):
        return None
    if not isinstance(value, Decimal) or isinstance(value, bool):
        return value
    if column.type.name != "numeric":
        return int(value)
    if column.type.precision is None:
        return value
    # Half a unit is rounded away from zero, as databases do it with decimals.
    return value.quantize(Decimal(1).scaleb(-(column.type.scale or 0)), ROUND_HALF_UP)


def stretches(schema: Schema) -> dict[str, list[Exclusion | Apart]]:
    """By table, the rules that its rows do not overlap, whatever keeps them."""
    found: dict[str, list[Exclusion | Apart]] = {}
    for table in schema.tables:
        if table.exclusions:
            found[table.name] = list(table.exclusions)
    for trigger in schema.things(Apart):
        found.setdefault(trigger.table, []).append(trigger)
    return found


def said_of_parent(table: Table, key: ForeignKey) -> Iterator[tuple[Check, Expression]]:
    """The CHECKs that speak of the columns of a foreign key alone, each as it is of its parent."""
    theirs = dict(key.pairs())
    for check in table.checks:
        mentioned = names(check.expression)
        if mentioned and theirs.keys() >= set(mentioned):
            yield check, renamed(check.expression, theirs)


def overlap(rule: Exclusion | Apart, one: Values, other: Values) -> bool:
    """Whether two rows cannot both be there, because both take the same time of the same thing."""
    same = all(one.get(c) == other.get(c) is not None for c in rule.columns)
    if not same or not takes_part(rule, one) or not takes_part(rule, other):
        return False
    return _begins(rule, one, other) and _begins(rule, other, one)


def _begins(rule: Exclusion | Apart, one: Values, other: Values) -> bool:
    """Whether one begins before the other is over."""
    touch = rule.last_counts and one.get(rule.start) == other.get(rule.end)
    return touch or before(one, rule.start, other, rule.end)


def follows(rule: Exclusion | Apart, row: Values) -> Value:
    """With what a stretch begins that follows at once: the end of the row's, or the day after."""
    end = row[rule.end]
    if not rule.last_counts or not isinstance(end, str):
        return end
    return (date.fromisoformat(end) + timedelta(days=1)).isoformat()


def takes_part(rule: Exclusion | Apart, row: Values) -> bool:
    """Whether the rule speaks of the row at all."""
    return rule.predicate is None or judged(rule.predicate, row) is True


def before(one: Values, start: str, other: Values, end: str) -> bool:
    """Whether a moment of one row comes before one of another; what is not there always does."""
    first, last = one.get(start), other.get(end)
    return first is None or last is None or first < last  # type: ignore[operator]


Ask = Callable[[Expression, Values], bool | None]
"""Has the database say of a row whether a rule holds that nobody else understands."""


def judged(rule: Expression, row: Values, ask: Ask | None = None) -> bool | None:
    """Whether a rule holds: None when it is unknown, or cannot be told outside the database."""
    if ask is not None and is_own(rule):
        return ask(rule, row)
    if isinstance(rule, Call) and rule.function in _VALID:
        subject = rule.arguments[0]
        value = row.get(subject.name) if isinstance(subject, Name) else None
        return None if value is None else _VALID[rule.function](str(value))
    try:
        value = evaluate(rule, row)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return None if value is None else bool(value)


def is_own(rule: Expression) -> bool:
    """Whether SQL of one database is in it."""
    return any(isinstance(part, Fragment) for part in walk(rule))


def is_untold(rule: Expression, row: Values) -> bool:
    """Whether only the database can tell, because a value is none of its column's type."""
    if is_own(rule):
        return False
    try:
        evaluate(rule, row)
    except (TypeError, ValueError, ArithmeticError):
        return True
    return False


def counts(key: Key, row: Values) -> bool:
    """Whether the row takes part in the key: nothing in it is NULL, and the predicate is true."""
    present = all(row.get(column) is not None for column in key.columns)
    return present and (key.predicate is None or judged(key.predicate, row) is True)


def clash(key: Key, one: Values, other: Values) -> bool:
    """Whether two rows cannot both be there."""
    same = all(_told(key, column, one) == _told(key, column, other) for column in key.columns)
    return same and counts(key, one) and counts(key, other)


def _told(key: Key, column: str, row: Values) -> Value:
    value = row.get(column)
    return value.lower() if column in key.any_case and isinstance(value, str) else value


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


def _is_address(text: str) -> bool:
    try:
        return bool(ip_interface(text))
    except ValueError:
        return False


_VALID: Final[Mapping[str, Callable[[str], bool]]] = {
    "valid_json": _is_json,
    "valid_list": _is_list,
    "valid_date": _is_date,
    "valid_moment": _is_moment,
    "valid_inet": _is_address,
}
"""What the functions that stand for a type say about a text."""
