"""Rules about what must be true tomorrow, and in every session: CHECKs and generated columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from schemawalk.schema.language.expression import Call, Expression, Fragment, Name, children
from schemawalk.schema.model import Column, Table, TypeName
from schemawalk.schema.review.rule import Found, Matter, Rule, Said

_CLOCKS: Final = frozenset(("now", "today", "uuid", "random"))
"""Functions of the language that say something else each time."""
_FROZEN: Final = re.compile(r"'\s*(now|today|tomorrow|yesterday)\s*'", re.IGNORECASE)
"""Texts that PostgreSQL reads as the day on which the table is made."""
_CAST: Final = re.compile(r"\s*(?:::|as\b)\s*(date|text|varchar|timestamptz)\b", re.IGNORECASE)
_DATED: Final = re.compile(r"extract\s*\([^()]*\bfrom\s*\Z", re.IGNORECASE)
_ZONED: Final = re.compile(r"\s*at\s+time\s+zone\b", re.IGNORECASE)
_BY_SETTINGS: Final[dict[TypeName, tuple[str, ...]]] = {
    "timestamptz": ("date", "text", "varchar"), "date": ("timestamptz", "text", "varchar"),
    "text": ("date", "timestamptz"), "varchar": ("date", "timestamptz"),
}  # fmt: skip
"""Casts that follow TimeZone or DateStyle, by the type of what is cast (PostgreSQL: STABLE)."""


def _changing_rules(matter: Matter) -> Found:
    for table in matter.schema.tables:
        for subject, name, expression in _rules(matter, table):
            parts = _asking(expression)
            clocks = {e.function for e in parts if isinstance(e, Call)} & _CLOCKS
            if clocks:
                yield Said(
                    subject,
                    f"{name} of {table.name} asks for {', '.join(sorted(clocks))}: what holds when "
                    "a row is written no longer holds tomorrow.",
                    "Check it in a trigger or in the program, when the row is written.",
                )
            own = (e for e in parts if isinstance(e, Fragment) and e.database == matter.database)
            for why, fix in (said for each in own for said in _unsteady(matter, table, each)):
                yield Said(subject, f"{name} of {table.name} {why}", fix)


def _rules(matter: Matter, table: Table) -> Iterator[tuple[str, str, Expression]]:
    """What must hold of each row, with its subject and its name."""
    for check in table.checks:
        yield check.source or table.source, check.name, check.expression
    for column in table.columns:
        if column.generated is not None:
            yield matter.subject_of(table, column), column.name, column.generated


def _asking(expression: Expression) -> list[Call | Fragment]:
    """Functions and own SQL within: nothing else can change by itself."""
    found, waiting = [], [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Call | Fragment):
            found.append(part)
        waiting += children(part)
    return found


def _unsteady(matter: Matter, table: Table, own: Fragment) -> Iterator[tuple[str, str]]:
    """Why somebody's own SQL means something else another day, or to somebody else."""
    text = "".join(each for each in own.parts if isinstance(each, str))
    if own.database == "postgresql" and (word := _FROZEN.search(text)):
        yield (
            f"compares with {word.group()}: PostgreSQL puts in the day on which the table is made, "
            "and keeps that.",
            "Write the day itself, or check it in a trigger when the row is written.",
        )
    for column in _by_settings(matter, table, own) if own.database == "postgresql" else ():
        zoned = f"Say the zone, ({column.name} AT TIME ZONE 'UTC'), or compare it as it is."
        yield (
            f"reads {column.name} as the session's time zone or date style has it: a row that one "
            "session takes another one refuses.",
            zoned if column.type.name == "timestamptz" else "Compare the column as it is.",
        )


def _by_settings(matter: Matter, table: Table, own: Fragment) -> Iterator[Column]:
    """Columns whose cast, or whose year or hour, depends on a setting of the session."""
    columns = matter.columns[table.name]
    around = ("", *own.parts, "")
    for before, piece, after in zip(around, around[1:], around[2:], strict=False):
        column = columns.get(piece.name) if isinstance(piece, Name) else None
        if column is None or not isinstance(after, str):
            continue
        cast = _CAST.match(after)
        turned = cast is not None and cast[1].lower() in _BY_SETTINGS.get(column.type.name, ())
        dated = isinstance(before, str) and _DATED.search(before) and not _ZONED.match(after)
        if turned or (dated and column.type.name == "timestamptz"):
            yield column


RULES: Final = (
    Rule("generated-or-check-not-deterministic", "error", "",
         "The database refuses it, or a row that was right is wrong the next day.",
         _changing_rules),
)  # fmt: skip
"""Section C: what must stay true."""
