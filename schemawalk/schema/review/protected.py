"""Rules about what the database encrypts or hashes: nothing can be compared with it any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.language.expression import names, weighed
from schemawalk.schema.model import Table
from schemawalk.schema.review.rule import Found, Matter, Rule, Said
from schemawalk.schema.things import Protected


def _compared(matter: Matter) -> Found:
    """Columns that a trigger makes unreadable, and that something compares."""
    for thing in matter.schema.things(Protected):
        table = matter.schema.table(thing.table)
        for column, how in thing.columns:
            subject = matter.subject_of(table, matter.columns[table.name][column])
            where = [*_in_keys(table, column), *_in_rules(table, column)]
            where += [f'the question "{p.name}"' for p in _asking(matter, subject)]
            if where:
                said = "encrypted" if how == "encrypt" else "hashed"
                yield Said(
                    subject,
                    f"{table.name}.{column} is {said} by the database, each time in another way, "
                    f"and {_listed(where)} would compare it: what they meet is not the value.",
                    "Keep a second fact that the program fills with a keyed hash of the value "
                    "(HMAC-SHA-256), make that unique and look up by it; or let the program "
                    "protect the value in a way that gives the same for the same.",
                    ((f"attribute.{subject}.protected_by", ("program",)),),
                )


def _in_keys(table: Table, column: str) -> Iterator[str]:
    if column in table.primary_key.columns:
        yield "the primary key"
    yield from (u.name for u in table.uniques if column in u.columns)
    yield from (k.name for k in table.foreign_keys if column in k.columns)
    yield from (e.name for e in table.exclusions if column in (*e.columns, e.start, e.end))
    for index in table.indexes:
        parts = (names(p.expression) if p.expression else (p.column,) for p in index.parts)
        if any(column in part for part in parts):
            yield index.name


def _in_rules(table: Table, column: str) -> Iterator[str]:
    """CHECKs that look at more than whether the value is there."""
    yield from (c.name for c in table.checks if column in weighed(c.expression))


def _asking(matter: Matter, attribute_id: str) -> Iterator[AccessPattern]:
    """Access patterns that find or sort rows by the fact."""
    entity, _, name = attribute_id.partition(".")
    for pattern in matter.lookup.patterns_of(entity):
        sorted_by = (each.lstrip("-") for each in pattern.sort)
        if name in (*pattern.equals, *pattern.among, pattern.range, pattern.contains, *sorted_by):
            yield pattern


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


RULES: Final = (
    Rule("protected-compared", "error", "P",
         "A UNIQUE over what is never twice the same protects nothing, and no query finds a row.",
         _compared),
)  # fmt: skip
"""What is protected, and meant to be found."""
