"""Rules about the order of ids where the database's own order of them is not that of their text.

MariaDB's UUID puts versions 1 to 5 in the order of their last part, and versions 6 and 7 in that of
their text (10.11, tried).  Programs compare ids as text: so must the rule that they obey.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from schemawalk.schema.language.expression import (
    Between,
    Call,
    Compare,
    Expression,
    Logic,
    Name,
    Not,
    rebuilt,
)
from schemawalk.schema.model import Table

_SAME: Final = ("=", "<>")


def ordered_as_text(table: Table) -> Table:
    """The table with CHECKs that compare ids by the order of their texts."""
    ids = {column.name for column in table.columns if column.type.name == "uuid"}
    checks = []
    for check in table.checks:
        said = _said(check.expression, ids)
        checks.append(check if said is check.expression else replace(check, expression=said))
    return table.having(checks=tuple(checks))


def _said(rule: Expression, ids: Collection[str]) -> Expression:
    match rule:
        case Compare(sign, left, right) if sign not in _SAME and (
            _is(left, ids) or _is(right, ids)
        ):
            return Compare(sign, _as_text(left, ids), _as_text(right, ids))
        case Between(operand, low, high) if _is(operand, ids):
            return Between(*(_as_text(each, ids) for each in (operand, low, high)))
        case Logic() | Not():
            return rebuilt(rule, lambda inner: _said(inner, ids))
    return rule


def _is(side: Expression, ids: Collection[str]) -> bool:
    return isinstance(side, Name) and side.name in ids


def _as_text(side: Expression, ids: Collection[str]) -> Expression:
    return Call("as_text", (side,)) if _is(side, ids) else side
