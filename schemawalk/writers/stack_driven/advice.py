"""Common advice that would be wrong for this schema, and what is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.model import Index, Table
from schemawalk.writers.stack_driven.deletion import dead_ends
from schemawalk.writers.stack_driven.markdown import Markdown, code, codes, link, phrase
from schemawalk.writers.stack_driven.survey import Survey, rows_in

MANY_ROWS: Final = 100_000
"""From this many rows a year, maintenance of a table is worth a word."""


@dataclass(frozen=True)
class Advice:
    """What one hears, and why it does not hold here."""

    heard: str
    instead: Markdown


@dataclass(frozen=True)
class Corrections:
    """All advice that matters for this schema."""

    advice: tuple[Advice, ...]


def corrections(survey: Survey) -> Corrections | None:
    """Only advice that somebody could follow here; None when there is none."""
    found = tuple(Advice(heard, instead) for heard, judge in _ADVICE if (instead := judge(survey)))
    return Corrections(found) if found else None


def _month(survey: Survey) -> Markdown:
    if survey.work.dialect.name != "postgresql":
        return Markdown("")
    ranged = {pattern.id for pattern in survey.design.access_patterns if pattern.range}
    for table in survey.schema.tables:
        for index in table.indexes:
            last = table.column(index.parts[-1].column)
            if last.type.name == "timestamptz" and ranged & set(index.serves):
                return phrase(
                    "PostgreSQL refuses it: the month of a timestamptz depends on the session's "
                    "zone. {} on {} serves a month as a range of moments.",
                    code(index.name),
                    code(_on(index)),
                )
    return Markdown("")


def _on(index: Index) -> str:
    return "(" + ", ".join(part.column for part in index.parts) + ")"


def _selective(survey: Survey) -> Markdown:
    wide = [i for t in survey.schema.tables for i in t.indexes if len(i.parts) > 1]
    if not wide:
        return Markdown("")
    return phrase(
        "What counts is how a column is used: compared by equality first, then the order, then one "
        "range. {} follows that; selectivity only breaks ties between equalities.",
        code(wide[0].name),
    )


def _soft_unique(survey: Survey) -> Markdown:
    for table in survey.schema.tables:
        if any(column.name == "deleted_at" for column in table.columns):
            return phrase(
                "NULLs are distinct, so it lets two live rows of {} in. A partial unique "
                "index over live rows does not.",
                link(table.name),
            )
    return Markdown("")


def _set_null(survey: Survey) -> Markdown:
    keys = [
        f"{t.name}.{(k.emptied or k.columns)[0]}"
        for t, k in survey.schema.references()
        if k.on_delete == "SET NULL"
    ]
    if not keys:
        return Markdown("")
    return phrase(
        "It fails at the first deletion. Whether the key may be NULL and what happens on "
        "deletion are one decision: {} may be NULL.",
        codes(keys[:3]),
    )


def _cascade(survey: Survey) -> Markdown:
    ends = next(dead_ends(survey), None)
    if ends is None:
        return Markdown("")
    return phrase(
        "A RESTRICT further on stops the whole deletion: deleting from {} can be refused "
        "by {}. Read the whole path below *What happens when*.",
        link(ends[0]),
        link(ends[1]),
    )


def _array(survey: Survey) -> Markdown:
    joins = [table for table in survey.schema.tables if survey.role(table) == "join"]
    if not joins:
        return Markdown("")
    return phrase(
        "An array of ids is a many-to-many that no foreign key guards. {} is the table "
        "for it; arrays are for values that refer to nothing.",
        link(joins[0].name),
    )


def _vacuum(survey: Survey) -> Markdown:
    big = [table for table in survey.schema.tables if _rows(survey, table) >= MANY_ROWS]
    if survey.work.dialect.name != "postgresql" or not big:
        return Markdown("")
    return phrase(
        "It locks the table against everybody while it copies it. Autovacuum does the "
        "work; after big loads into {}, run ANALYZE.",
        link(big[0].name),
    )


def _rows(survey: Survey, table: Table) -> int:
    entity = survey.entity_of(table)
    return rows_in(survey, entity) if entity else 0


def _zone(survey: Survey) -> Markdown:
    if survey.work.dialect.name != "postgresql":
        return Markdown("")
    moments = sum(
        column.type.name == "timestamptz"
        for table in survey.schema.tables
        for column in table.columns
    )
    if not moments:
        return Markdown("")
    return phrase(
        "Without a zone it is a wall clock, not a moment. Each of the {} moments here is "
        "a timestamptz, at the same size.",
        moments,
    )


def _prisma(survey: Survey) -> Markdown:
    if "prisma" not in (survey.design.stack.tools or ()):
        return Markdown("")
    return Markdown(
        "Prisma 7 refuses it: the address belongs in `prisma.config.ts`, and the "
        "generator is `prisma-client` with an `output`."
    )


_ADVICE: Final[tuple[tuple[str, Callable[[Survey], Markdown]], ...]] = (
    ("Index date_trunc('month', created_at) for monthly reports.", _month),
    ("Put the most selective column first.", _selective),
    ("UNIQUE (name, deleted_at) keeps names unique with soft deletes.", _soft_unique),
    ("NOT NULL and ON DELETE SET NULL keep a key filled and safe.", _set_null),
    ("ON DELETE CASCADE is enough to delete everything about somebody.", _cascade),
    ("Keep the ids in an array column: it saves a table.", _array),
    ("Run VACUUM FULL every week.", _vacuum),
    ("TIMESTAMP is fine when the server runs in UTC.", _zone),
    ("Put the database's url into schema.prisma.", _prisma),
)
"""What one hears, and the judge that says what is right here; empty when it does not matter."""
