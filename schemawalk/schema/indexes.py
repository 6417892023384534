"""Indexes from access patterns and foreign keys: equality, then sort, then range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.printable import printable
from schemawalk.schema.draft import Context, Draft
from schemawalk.schema.expression import Expression, Logic, names, renamed
from schemawalk.schema.grammar import ExpressionError, parse
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.model import Index, IndexPart

FEW_ROWS: Final = 1_000
"""Below this a table fits a few pages, and a scan is as fast as an index."""


def add_indexes(context: Context) -> None:
    """Give every draft the indexes that its patterns and foreign keys need."""
    wanted: dict[str, list[Index]] = {key: [] for key in context.drafts}
    for pattern in context.design.access_patterns:
        home = context.lookup.home(pattern.entity)
        if home is None:
            continue
        try:
            index = _served_by(pattern, context.drafts[home.id], rows_of(pattern, context.lookup))
        except LookupError as error:
            context.problem(
                "unknown-access",
                pattern.id,
                f"The access pattern {pattern.name!r} cannot be served: its table has no "
                f"{error.args[0]}.",
                "Name the entity's own attributes or relationships; it gets no index meanwhile.",
                "warning",
            )
            continue
        if index:
            wanted[home.id].append(index)
    for key, draft in context.drafts.items():
        for index in _merged(draft, wanted[key]):
            draft.add_index(index)


def rows_of(pattern: AccessPattern, lookup: Lookup) -> int:
    """Rows in the pattern's table after a year: as answered, or as its archetype suggests."""
    entity = lookup.home(pattern.entity)
    if pattern.rows is not None or entity is None:
        return pattern.rows or 0
    return entity.rows if entity.rows is not None else lookup.archetype(entity).rows


def is_needed(pattern: AccessPattern, rows: int) -> bool:
    """Whether the pattern deserves an index: as answered, or by its table's size and its use."""
    if pattern.index is not None:
        return pattern.index == "yes"
    return rows >= FEW_ROWS and pattern.often != "rarely"


def _served_by(pattern: AccessPattern, draft: Draft, rows: int) -> Index | None:
    """The index that serves the pattern; raises LookupError for a column that is not there."""
    if pattern.contains:
        parts = tuple(IndexPart(c) for c in _searchable(draft, pattern, pattern.contains))
        index = Index("", parts, method="gin", because=pattern.name, serves=(pattern.id,))
    else:
        parts = _parts(pattern, draft)
        index = Index(
            "",
            parts,
            predicate=_predicate(pattern, draft),
            include=_beside(pattern, draft, parts),
            because=pattern.name,
            serves=(pattern.id,),
        )
    return index if parts and is_needed(pattern, rows) else None


def _searchable(draft: Draft, pattern: AccessPattern, reference: str) -> tuple[str, ...]:
    """The columns of a reference, when one can be searched within: JSON or a list."""
    columns = _columns(draft, pattern, reference)
    types = {column.name: column.type.name for column in draft.facts}
    if any(types.get(column) not in ("json", "list") for column in columns):
        raise LookupError(f"JSON or list called {reference}")
    return columns


def _beside(pattern: AccessPattern, draft: Draft, parts: tuple[IndexPart, ...]) -> tuple[str, ...]:
    """Columns that are only read, and so stand in the index beside its key."""
    keys = {part.column for part in parts}
    read = (c for reference in pattern.covering for c in _columns(draft, pattern, reference))
    return tuple(dict.fromkeys(c for c in read if c not in keys))


def _parts(pattern: AccessPattern, draft: Draft) -> tuple[IndexPart, ...]:
    """Equality columns, then sort columns, then the range column; each once."""
    equal = [
        IndexPart(c) for reference in pattern.equals for c in _columns(draft, pattern, reference)
    ]
    sort = [
        IndexPart(c, reference.startswith("-"))
        for reference in pattern.sort
        for c in _columns(draft, pattern, reference.lstrip("-"))
    ]
    ranged = (
        [IndexPart(c) for c in _columns(draft, pattern, pattern.range)] if pattern.range else []
    )
    found: dict[str, IndexPart] = {}
    for part in (*equal, *sort, *ranged):
        found.setdefault(part.column, part)
    return tuple(found.values())


def _columns(draft: Draft, pattern: AccessPattern, reference: str) -> tuple[str, ...]:
    own = draft.columns_of.get(f"{pattern.entity}.{reference}")
    found = own or draft.columns_of.get(reference)
    if found is None and any(c.name == reference for c in (*draft.first, *draft.keys)):
        return (reference,)
    if found is None:
        raise LookupError(f"column for {reference}")
    return found


def _predicate(pattern: AccessPattern, draft: Draft) -> Expression | None:
    conditions = []
    for text in pattern.fixed:
        try:
            condition = parse(printable(text))
        except ExpressionError as error:
            raise LookupError(f"condition {text!r} ({error})") from None
        known = {name: _columns(draft, pattern, name)[0] for name in names(condition)}
        conditions.append(renamed(condition, known))
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))


def _merged(draft: Draft, wanted: Iterable[Index]) -> list[Index]:
    """The indexes that remain when prefixes are dropped and foreign keys have theirs."""
    keys = [
        Index("", tuple(IndexPart(c) for c in key.columns), because=f"joins to {key.references}, "
              "and deletes there", serves=(key.name,))
        for key in draft.foreign_keys
    ]  # fmt: skip
    kept: list[Index] = []
    for index in sorted((*wanted, *keys), key=lambda index: -len(index.parts)):
        longer = next((i for i, other in enumerate(kept) if _covers(other, index)), None)
        if longer is not None:
            kept[longer] = _serving(kept[longer], index)
        elif not _held_by_constraint(draft, index):
            kept.append(index)
    return sorted(kept, key=lambda index: [part.column for part in index.parts])


def _covers(longer: Index, index: Index) -> bool:
    """Whether everything that `index` serves is served by `longer`."""
    same = longer.method == index.method and longer.predicate == index.predicate
    enough = set(index.include) <= {p.column for p in longer.parts} | set(longer.include)
    return same and enough and longer.parts[: len(index.parts)] == index.parts


def _serving(index: Index, other: Index) -> Index:
    because = "; ".join(dict.fromkeys((*index.because.split("; "), other.because)))
    return replace(index, because=because, serves=(*index.serves, *other.serves))


def _held_by_constraint(draft: Draft, index: Index) -> bool:
    """Whether the index of the primary key or of a UNIQUE already begins with these columns."""
    columns = tuple(part.column for part in index.parts)
    held = (draft.key_columns, *(unique.columns for unique in draft.uniques))
    plain = index.predicate is None and index.method == "btree" and not index.include
    return plain and any(key[: len(columns)] == columns for key in held)
