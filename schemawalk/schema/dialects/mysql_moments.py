"""Constants of time as MySQL and MariaDB read them: in UTC, without T and Z."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from schemawalk.schema.language.expression import (
    Between,
    Call,
    Compare,
    Expression,
    In,
    Literal,
    Name,
    Value,
    rebuilt,
)
from schemawalk.schema.model import Check, Column, Table


def moments(table: Table) -> Table:
    """The table with every moment in its rules and defaults as the two of them read it."""
    known = {column.name for column in table.columns if column.type.name == "timestamptz"}
    return table.having(
        columns=tuple(_column(column, known) for column in table.columns),
        checks=tuple(_check(check, known) for check in table.checks),
        indexes=tuple(
            replace(index, predicate=_said(index.predicate, known)) if index.predicate else index
            for index in table.indexes
        ),
    )


def spelled(text: str) -> str:
    """A moment of ISO 8601 as `2026-03-14 09:26:53.589000` in UTC; other texts as they are."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(" ", "microseconds" if moment.microsecond else "seconds")


def _column(column: Column, known: Collection[str]) -> Column:
    if column.generated is not None:
        column = replace(column, generated=_said(column.generated, known))
    if column.name in known and isinstance(column.default, Literal):
        return replace(column, default=_respelled(column.default))
    return column


def _check(check: Check, known: Collection[str]) -> Check:
    said = _said(check.expression, known)
    return check if said is check.expression else replace(check, expression=said)


def _said(rule: Expression, known: Collection[str]) -> Expression:
    match rule:
        case Call("moment", (Literal() as constant,)):
            return Call("moment", (_respelled(constant),))
        case In(Name(name), values) if name in known:
            return In(Name(name), tuple(map(_respelled, values)))
        case Compare(sign, left, right) if _is_moment(left, known) or _is_moment(right, known):
            return Compare(sign, _side(left, known), _side(right, known))
        case Between(operand, low, high) if _is_moment(operand, known):
            return Between(_said(operand, known), _side(low, known), _side(high, known))
    return rebuilt(rule, lambda inner: _said(inner, known))


def _is_moment(expression: Expression, known: Collection[str]) -> bool:
    return isinstance(expression, Name) and expression.name in known


def _side(expression: Expression, known: Collection[str]) -> Expression:
    if isinstance(expression, Literal):
        return _respelled(expression)
    return _said(expression, known)


def _respelled(constant: Literal) -> Literal:
    value: Value = constant.value
    return Literal(spelled(value)) if isinstance(value, str) else constant
