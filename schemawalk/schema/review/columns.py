"""Rules about columns: whether a value is there, and what the schema's columns say together."""

from __future__ import annotations

from collections import Counter
from typing import Final

from schemawalk.design.model import Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import IsNull, Logic
from schemawalk.schema.model import Table, TypeName
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said, local

_ANY: Final = frozenset(("value", "values", "data", "payload", "content", "result", "results"))
"""Names that say nothing about their type."""
_WASTE: Final = 100_000_000
"""Bytes that padding must cost in a year before a word is lost about it."""
_ALIGNED: Final[dict[TypeName, tuple[int, int]]] = {
    "bigint": (8, 8), "timestamptz": (8, 8), "integer": (4, 4), "date": (4, 4),
    "boolean": (1, 1), "uuid": (1, 16), "interval": (8, 16), "enum": (4, 4),
}  # fmt: skip
"""Alignment and size of PostgreSQL's fixed types, in bytes (pg_type: typalign, typlen)."""


# NULL


def _maybe_unique(matter: Matter) -> Found:
    for table in matter.schema.tables:
        linked = {key.columns for key in table.foreign_keys}
        held = [(u.name, u.columns, u.source) for u in table.uniques if u.columns not in linked]
        held += [(i.name, tuple(p.column for p in i.parts if p.expression is None), "")
                 for i in table.indexes if i.unique and not _says_present(i.predicate)]  # fmt: skip
        for name, columns, source in held:
            null = matter.nullable(table, columns)
            if null:
                yield _maybe(matter, table, name, null[0], source)


def _says_present(predicate: object) -> bool:
    parts = predicate.parts if isinstance(predicate, Logic) else (predicate,)
    return any(isinstance(part, IsNull) and part.negated for part in parts)


def _maybe(matter: Matter, table: Table, name: str, null: str, source: str) -> Said:
    subject = matter.subject_of(table, matter.columns[table.name][null])
    known = subject in matter.lookup.attributes
    return Said(
        source or subject,
        f"{name} lets in any number of rows whose {null} is NULL: NULLs are never equal.",
        "Make it required, or accept that only values are unique.",
        ((f"attribute.{subject}.required", ("start",)),) if known else (),
    )


def _only_null(matter: Matter) -> Found:
    for table in matter.schema.tables:
        keys = set(table.primary_key.columns)
        rest = [c for c in table.columns if c.name not in keys]
        if rest and all(c.nullable for c in rest) and not _tells(matter, table):
            yield Said(
                table.source,
                f"Every column of {table.name} may be NULL: a row may say nothing.",
                "Decide which facts are known from the start.",
            )


def _tells(matter: Matter, table: Table) -> bool:
    """Whether the key itself says something of the row: a fact, or what it belongs to."""
    columns = matter.columns[table.name]
    linked = {name for key in table.foreign_keys for name in key.columns}
    own = (columns[name] for name in table.identity if name in columns)
    return any(c.name in linked or c.source in matter.lookup.attributes for c in own)


def _maybe_required(matter: Matter) -> Found:
    gone_through = "columns" in matter.design.done
    for _, fact in matter.facts:
        if fact.required not in (None, "optional"):
            continue
        found = matter.placed.get(fact.id)
        if not found or not found[0][1].nullable:
            continue
        why = ""
        if fact.required is None and gone_through:
            why = "may be NULL only because nobody said when it is known"
        elif fact.required == "optional" and kind_of(fact).id == "yes-no":
            why = "is yes, no, or neither: a condition on it finds neither half"
        elif fact.required == "optional" and fact.default not in (None, "", "none"):
            why = "has a value when nobody gives one, and may be NULL all the same"
        if why:
            yield Said(
                fact.id,
                f"{fact.id} {why}.",
                "Let it be known from the start, or say what its absence means.",
                ((f"attribute.{fact.id}.required", ("start",)),),
            )


# The whole schema


def _two_types(matter: Matter) -> Found:
    first: dict[str, tuple[str, str]] = {}
    said: set[str] = set()
    sorts = {(c.name, c.type.name) for table in matter.schema.tables for c in table.columns}
    times = Counter(name for name, _ in sorts)
    several = {name for name in times if times[name] > 1} - _ANY
    known = matter.lookup.attributes
    for table in matter.schema.tables if several else ():
        linked = {column for key in table.foreign_keys for column in key.columns}
        for column in table.columns:
            name, kind = column.name, column.type.name
            if name not in several or name in linked or column.source not in known:
                continue
            where, before = first.setdefault(name, (table.name, kind))
            alike = {before, kind} <= {"text", "varchar", "enum"}
            if before != kind and not alike and name not in said:
                said.add(name)
                yield Said(
                    column.source,
                    f"{name} is {kind} in {table.name} and {before} in {where}.",
                    "Give both the same type, or one of them another name.",
                )


def _no_stamps(matter: Matter) -> Found:
    for entity in matter.lookup.tables:
        table = matter.by_source.get(entity.id)
        if table is None or any(c.type.name == "timestamptz" for c in table.columns):
            continue
        yield Said(
            entity.id,
            f"{table.name} does not say when a row came.",
            "Add created_at with the default now.",
            _stamped(entity),
        )


def _stamped(entity: Entity) -> Answers:
    """The answers that give it created_at; what is called so already becomes a moment."""
    known = tuple(local(fact.id) for fact in entity.attributes)
    if "created_at" in known:
        return ((f"attribute.{entity.id}.created_at.kind", ("moment",)),)
    return ((f"facts.{entity.id}.which", (*known, "created_at")),)


def _unexplained(matter: Matter) -> Found:
    for table in matter.schema.tables:
        silent = [column.name for column in table.columns if not column.purpose]
        if silent and table.source:
            named = ", ".join(silent[:3]) + (f" and {len(silent) - 3} more" * (len(silent) > 3))
            yield Said(
                table.source,
                f"Nobody wrote down what {named} of {table.name} is for.",
                "Say what each is for: that becomes its comment in the database.",
            )


def _padded(matter: Matter) -> Found:
    for entity in matter.lookup.tables:
        table = matter.by_source.get(entity.id)
        rows = entity.rows if entity.rows is not None else matter.lookup.archetype(entity).rows
        if table is None or rows * 8 * len(table.columns) < _WASTE:
            continue
        wasted = _padding(table) * rows
        if wasted >= _WASTE:
            yield Said(
                entity.id,
                f"Between narrow and wide columns of {table.name} lie about "
                f"{wasted // 1_000_000} MB of padding a year.",
                "Order the columns of a new table by width: 8 bytes, 4 bytes, the rest.",
            )


def _padding(table: Table) -> int:
    """Bytes that alignment costs each row, up to the first column of varying length."""
    at = lost = 0
    for column in table.columns:
        aligned = _ALIGNED.get(column.type.name)
        if aligned is None or column.nullable:
            break
        gap = -at % aligned[0]
        lost, at = lost + gap, at + gap + aligned[1]
    return lost


RULES: Final = (
    Rule("nullable-unique", "warning", "",
         "What was meant to be there once is there any number of times.", _maybe_unique),
    Rule("all-columns-nullable", "warning", "",
         "Empty rows pile up, and no query can rely on anything.", _only_null),
    Rule("required-but-nullable", "warning", "",
         "Each reader guesses anew what the absence means.", _maybe_required),
    Rule("same-name-different-type", "warning", "",
         "Joins cast, programs take the one for the other.", _two_types),
    Rule("no-audit-timestamps", "hint", "",
         "Nobody can tell later what came when.", _no_stamps),
    Rule("undocumented-object", "hint", "PM",
         "What a column meant goes with whoever made it.", _unexplained),
    Rule("column-order-padding", "hint", "P",
         "Disk and memory hold bytes that say nothing.", _padded),
)  # fmt: skip
"""Section C: what is there, and how the columns go together."""
