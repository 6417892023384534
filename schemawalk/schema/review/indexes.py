"""Rules about indexes: each serves something, once, and in a way that the database can use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import Attribute
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import Call, IsNull, Name, walk
from schemawalk.schema.model import Index, IndexPart, Table
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said
from schemawalk.schema.tables.indexes import rows_of

SLOW: Final = 10_000
"""Rows from which a scan at each request is felt."""
WIDE: Final = 3
"""Columns of an index beyond which the last ones hardly narrow anything."""
MANY: Final = 8
"""Indexes and constraints of one table from which every write feels them."""
FEW_VALUES: Final = 5
"""Of so few values each finds too many rows."""
_STABLE: Final = frozenset(("now", "today", "uuid", "random"))
"""Functions of the language whose result differs from call to call."""
_UNSTEADY: Final = re.compile(
    r"\b(now|current_date|current_timestamp|today|random|to_char|date_trunc|age|concat)\s*(\(|$)"
    r"|::\s*(date|text|timestamp)\b|'\s*(now|today|tomorrow|yesterday)\s*'",
    re.IGNORECASE,
)
"""Spellings that PostgreSQL refuses in an index: they depend on the clock, or on settings."""
_GONE: Final = re.compile(r"(is_)?(deleted|removed|archived)(_on|_flag)?|removed_at|deleted_on")
"""Names of columns by which people hide rows themselves."""
_WITHOUT_PARTIAL: Final = ("mysql", "mariadb")
_SEARCHES: Final = {"json": ("json",), "list": ("list",), "words": ("text", "varchar"),
                    "similar": ("text", "varchar")}  # fmt: skip
"""Types within which each way of searching can look."""
_HOLDING: Final = {"json": "json", "list": "list", "text": "words", "varchar": "words",
                   "timestamptz": "time", "date": "time"}  # fmt: skip
"""The way to look into a value, by its type."""


def no_index(index: Index, matter: Matter, *, keys_have_another: bool = False) -> Answers:
    """The answers without which there is no such index; none when a foreign key wants it."""
    asking = tuple(each for each in index.serves if each in matter.patterns)
    if len(asking) < len(index.serves) and not keys_have_another:
        return ()
    return tuple((f"access.{each}.index", ("no",)) for each in asking)


def subject_of(table: Table, index: Index) -> str:
    return index.serves[0] if index.serves else table.source or index.name


# What an index can be used for


def _unsteady(matter: Matter) -> Found:
    for pattern in matter.design.access_patterns:
        for text in pattern.fixed:
            if _UNSTEADY.search(text):
                rest = tuple(each for each in pattern.fixed if each != text)
                yield Said(
                    pattern.id,
                    f'"{pattern.name}" always asks for {text}: which rows those are changes '
                    "with the day, or with who asks, and no index follows that.",
                    "Ask for a range instead: the column itself goes into the index.",
                    ((f"access.{pattern.id}.fixed", rest),),
                )
    yield from _unsteady_parts(matter)


def _unsteady_parts(matter: Matter) -> Iterator[Said]:
    for table in matter.schema.tables:
        for index in table.indexes:
            inside = (index.predicate, *(part.expression for part in index.parts))
            called = {e.function for each in inside if each is not None for e in walk(each)
                      if isinstance(e, Call)}  # fmt: skip
            if called & _STABLE and not _told(matter, index):
                yield Said(
                    subject_of(table, index),
                    f"{index.name} depends on {', '.join(sorted(called & _STABLE))}, which says "
                    "something else each time.",
                    "Index the column itself, and compare it with the moment in the query.",
                )


def _told(matter: Matter, index: Index) -> bool:
    """Whether its access pattern was found already, by its own words."""
    served = (matter.patterns[each] for each in index.serves if each in matter.patterns)
    return any(_UNSTEADY.search(text) for pattern in served for text in pattern.fixed)


def _wrong_method(matter: Matter) -> Found:
    for pattern in matter.design.access_patterns:
        home = matter.lookup.home(pattern.entity)
        found = matter.placed.get(f"{pattern.entity}.{pattern.contains}", ())
        how = pattern.contains_how
        if home is None or not found or how not in _SEARCHES:
            continue
        column = found[0][1]
        if column.type.name not in _SEARCHES[how]:
            right = _HOLDING.get(column.type.name, "")
            instead = f"Search it for {_SAID[right]}, or keep" if right else "Keep"
            yield Said(
                pattern.id,
                f'"{pattern.name}" searches {column.name} for '
                f"{_SAID[how]}, and it is {_KEPT.get(column.type.name, column.type.name)}: no "
                "index on it knows that operator.",
                f"{instead} what is searched in a column of its own.",
                ((f"access.{pattern.id}.contains_how", (right,)),) if right else (),
            )
    yield from _btree_inside(matter)


_SAID: Final = {"json": "a part of JSON", "list": "an item", "words": "words",
                "similar": "anything similar", "time": "what goes on at a time"}  # fmt: skip
_KEPT: Final = {"json": "JSON", "list": "a list", "text": "text", "varchar": "text"}


def _btree_inside(matter: Matter) -> Iterator[Said]:
    # MongoDB's index on a list has an entry for each of its items.
    whole = ("json", "list") if matter.checks_keys else ("json",)
    for table in matter.schema.tables:
        columns = matter.columns[table.name]
        for index in table.indexes:
            inside = [p.column for p in index.parts if p.expression is None and index.method ==
                      "btree" and columns[p.column].type.name in whole]  # fmt: skip
            if inside:
                yield Said(
                    subject_of(table, index),
                    f"{index.name} is a B-tree on {inside[0]}: it finds whole values only, never "
                    "what is inside.",
                    "Search within it, or keep what is compared in a column of its own.",
                    no_index(index, matter),
                )


def _few_values(matter: Matter) -> Found:
    for table in matter.schema.tables:
        linked = {key.columns for key in table.foreign_keys}
        for index in table.indexes:
            alone = len(index.parts) == 1 and index.method == "btree" and not index.unique
            name = index.parts[0].column
            if not alone or index.predicate is not None or (name,) in linked:
                continue
            column = matter.columns[table.name].get(name)
            fact = matter.lookup.attributes.get(column.source) if column else None
            if fact is None or index.parts[0].expression is not None:
                continue
            if values := few_values(fact):
                yield Said(
                    subject_of(table, index),
                    f"{index.name} is on {name} alone, which has {values} values: each finds so "
                    "many rows that the database reads the table instead.",
                    "Put it behind another column, or do without the index."
                    if matter.database in _WITHOUT_PARTIAL
                    else "Put it into the condition of a partial index, or behind another column.",
                    no_index(index, matter),
                )


def few_values(fact: Attribute) -> int:
    """How many values a fact can have, where each finds too many rows; 0 where each finds few."""
    values = 2 if kind_of(fact).id == "yes-no" else len(fact.values or ())
    return values if values <= FEW_VALUES else 0


# Partial indexes, and rows that are only hidden


def _partial(matter: Matter) -> Found:
    for table in matter.schema.tables:
        for index in table.indexes:
            present = index.predicate
            if isinstance(present, IsNull) and present.negated and isinstance(
                present.operand, Name
            ):  # fmt: skip
                column = matter.columns[table.name].get(present.operand.name)
                if column is not None and not column.nullable:
                    yield _of_all_rows(matter, table, index, column.name)
        yield from _hidden_rows(matter, table)


def _of_all_rows(matter: Matter, table: Table, index: Index, name: str) -> Said:
    served = (matter.patterns[each] for each in index.serves if each in matter.patterns)
    return Said(
        subject_of(table, index),
        f"{index.name} is for rows in which {name} is present, and it always is.",
        "Leave the condition out.",
        tuple((f"access.{pattern.id}.fixed", ()) for pattern in served if pattern.fixed),
    )


def _hidden_rows(matter: Matter, table: Table) -> Iterator[Said]:
    """UNIQUEs for which a row that was deleted still counts, because it was only hidden."""
    if not table.uniques:
        return
    own = {c.name for c in table.columns if c.type.name == "timestamptz" and c.nullable}
    hiding = next(iter(own & {"deleted_at", "archived_at"}), "")
    by_hand = (c.name for c in table.columns if _GONE.fullmatch(c.name))
    hiding = hiding or next(by_hand, "")
    if not hiding:
        return
    needed = {key.referenced_columns for _, key in matter.incoming.get(table.name, ())}
    for unique in table.uniques:
        if unique.columns not in needed:
            yield Said(
                unique.source,
                f"{unique.name} counts rows that {hiding} hides: what they had stays taken for "
                "ever.",
                "Let it hold among the rows that are not hidden, or really delete them.",
                _really(matter, table, hiding),
            )


def _really(matter: Matter, table: Table, hiding: str) -> Answers:
    entity = matter.lookup.entities.get(table.source)
    if entity is None or hiding not in ("deleted_at", "archived_at") or entity.deletion == "real":
        return ()
    return ((f"retention.{entity.id}.deletion", ("real",)),)


# How many, and how wide


_TOO_LONG: Final = {
    "postgresql": "a row of about 2,700 bytes is refused by the index",
    "sqlite": "each text is kept once more as a whole, and the index grows like the table",
    "mongodb": "each text is kept once more as a whole, and the index grows like the collection",
}  # fmt: skip
"""What a long text does to an index; InnoDB cuts the column to what a key takes, and says so."""


def _too_wide(matter: Matter) -> Found:
    family = matter.database if matter.database in _TOO_LONG else ""
    for table in matter.schema.tables:
        columns = matter.columns[table.name]
        for index in table.indexes:
            wide = len(index.parts) > WIDE and index.serves and not index.unique
            if wide and len(_own_parts(matter, table, index)) > WIDE:
                yield Said(
                    subject_of(table, index),
                    f"{index.name} has {len(index.parts)} columns: the first ones find nearly "
                    "all, and each write pays for the rest.",
                    "Leave the last ones out, or let them stand beside the key.",
                )
            plain = (p.column for p in index.parts if p.expression is None)
            long = [name for name in plain if index.method == "btree" and family
                    and columns[name].type.name == "text"
                    and _is_long(matter, columns[name].source)]  # fmt: skip
            if long:
                yield Said(
                    subject_of(table, index),
                    f"{index.name} holds {long[0]}, a text without limit: {_TOO_LONG[family]}.",
                    "Limit the text, search for words in it, or index a hash of it.",
                    no_index(index, matter) if _can_be_missed(index, matter) else (),
                )


def _own_parts(matter: Matter, table: Table, index: Index) -> list[IndexPart]:
    return [part for part in index.parts if not _says_whose(matter, table, part.column)]


def _can_be_missed(index: Index, matter: Matter) -> bool:
    """Whether nothing that it serves is felt without it."""
    served = (matter.patterns[each] for each in index.serves if each in matter.patterns)
    return all(rows_of(each, matter.lookup) < SLOW or each.often == "rarely" for each in served)


def _says_whose(matter: Matter, table: Table, column: str) -> bool:
    """Whether a column is the tenant's, which stands before everything else."""
    keys = table.foreign_keys
    return any(key.columns == (column,) and key.references in matter.groups for key in keys)


def _is_long(matter: Matter, source: str) -> bool:
    fact = matter.lookup.attributes.get(source)
    return fact is not None and kind_of(fact).id == "long-text" and not fact.length


def _too_many(matter: Matter) -> Found:
    for table in matter.schema.tables:
        count = len(table.indexes) + len(table.uniques)
        if count > MANY:
            yield Said(
                table.source or table.name,
                f"{table.name} has {count} indexes besides its key: each insert writes them all.",
                "Leave out those of rare questions, and let one serve several.",
            )


def _repeated_key(matter: Matter) -> Found:
    for table in matter.schema.tables:
        key = table.primary_key.columns
        for index in table.indexes:
            names = tuple(part.column for part in index.parts)
            if not index.unique and len(names) > len(key) and names[-len(key) :] == key:
                yield Said(
                    subject_of(table, index),
                    f"{index.name} ends with the primary key, which InnoDB appends anyway.",
                    "Leave it out, unless its direction matters.",
                )


RULES: Final = (
    Rule("expression-not-immutable", "error", "",
         "CREATE INDEX fails, or the index is wrong tomorrow.", _unsteady),
    Rule("wrong-access-method", "error", "",
         "The index is kept up at every write, and no query can use it.", _wrong_method),
    Rule("partial-index-quality", "warning", "",
         "Uniqueness and indexes that ignore which rows are there mislead everybody.", _partial),
    Rule("low-selectivity-index", "warning", "",
         "The database passes the index by, and keeps it up all the same.", _few_values),
    Rule("index-too-wide", "warning", "",
         "Wide keys fill memory, and too long a row is refused.", _too_wide),
    Rule("too-many-indexes", "warning", "",
         "Writes slow down with every index.", _too_many),
    Rule("index-repeats-clustered-pk", "hint", "M",
         "The key stands in the index twice.", _repeated_key),
)  # fmt: skip
"""Section D: what an index is good for."""
