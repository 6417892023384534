"""What triggers say in every database: pairs of values, columns of a row, and why they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.things import Apart, Asserted, Limit, ParentRule, Sealed, Trigger

HIDDEN: Final = "hidden"
"""What the log shows of a value that it must not tell."""


def record(row: Dialect, column: str) -> str:
    """A column of the row that the dialect speaks of: `NEW.name`."""
    return f"{row.record}.{row.quoted(column)}"


def matched(
    columns: Iterable[str], others: Iterable[str], row: Dialect, other: Dialect
) -> list[str]:
    """The conditions by which a row is found from the columns of another."""
    both = zip(columns, others, strict=True)
    return [f"{record(row, one)} = {record(other, another)}" for one, another in both]


def pairs(allowed: Iterable[tuple[str, str]], dialect: Dialect) -> str:
    """Pairs of values as a list of rows."""
    return ", ".join(f"({dialect.literal(a)}, {dialect.literal(b)})" for a, b in allowed)


def message(dialect: Dialect, *parts: str) -> tuple[str, ...]:
    """Parts of a sentence as literals."""
    return tuple(dialect.literal(part) for part in parts)


def written_once(thing: Sealed) -> str:
    """Why a change of what is sealed is refused."""
    if thing.columns:
        return f"{', '.join(thing.columns)} of {thing.table} stays once it is set"
    if thing.events == ("DELETE",):
        return f"no row of {thing.table} is deleted"
    if thing.age is not None:
        return f"{thing.table} is only added to: no row changes, or goes within {thing.age}"
    return f"{thing.table} is only added to: no row is changed or deleted"


def rule_said(thing: Asserted | Apart | Limit | ParentRule) -> str:
    """The rule in the product's words."""
    return thing.because or f"a rule of {thing.table} is broken"


def told(thing: Trigger, said: str) -> str:
    """A refusal that says who refuses, for databases that do not say it themselves."""
    return f"{thing.name}: {said}"
