"""Indexes from access patterns and foreign keys: equality, then sort, then range.

Membership counts as equality, behind the plain ones.  What a fixed condition pins to one value
stays out of the key: within a partial index it is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schemawalk.design.model import AccessPattern, Entity
from schemawalk.printable import printable
from schemawalk.schema.language.expression import (
    Compare,
    Expression,
    Literal,
    Logic,
    Name,
    names,
    renamed,
)
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.language.typing_rules import Meaning, misfit
from schemawalk.schema.model import Index, IndexPart, Method
from schemawalk.schema.tables.draft import Context, Draft
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.searches import TRIGRAMS, how_searched, search_part
from schemawalk.schema.tables.tenancy import tenant_column

FEW_ROWS: Final = 1_000
"""Below this a table fits a few pages, and a scan is as fast as an index."""
FOR_ALL: Final = frozenset(("worker", "report", "billing"))
"""Who reads the rows of all tenants at once, in one order: no tenant stands in front of that."""
MANY_ROWS: Final = 1_000_000
"""From here on a B-tree over moments alone is large, where a BRIN is a few pages."""


def add_indexes(context: Context) -> None:
    """Give every draft the indexes that its patterns and foreign keys need."""
    wanted: dict[str, list[Index]] = {key: [] for key in context.drafts}
    for pattern in context.design.access_patterns:
        home = context.lookup.home(pattern.entity)
        if home is None:
            continue
        try:
            wanted[home.id] += _serving_indexes(context, pattern, context.drafts[home.id])
        except LookupError as error:
            context.problem(
                "unknown-access",
                pattern.id,
                f"The access pattern {pattern.name!r} cannot be served: its table has no "
                f"{error.args[0]}.",
                "Name the entity's own attributes or relationships; it gets no index meanwhile.",
                "warning",
            )
        except MisfitError as error:
            context.problem(
                "broken-access", pattern.id,
                f"The access pattern {pattern.name!r} has a condition that does not fit: {error}.",
                "Compare like with like: a text with a text, a moment with a moment.",
            )  # fmt: skip
    for key, draft in context.drafts.items():
        for index in _merged(draft, wanted[key]):
            draft.add_index(index)


class MisfitError(Exception):
    """A fixed condition compares what cannot be compared; the message says what."""


def is_for_all(pattern: AccessPattern) -> bool:
    """Whether it looks among the rows of all tenants: for all of them, or before one is known."""
    return pattern.who in FOR_ALL or pattern.before_tenant in ("one", "all")


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


def references(pattern: AccessPattern) -> tuple[str, ...]:
    """What the pattern's index is made of, in its order, each once; `-` before what is descending.

    Equality, membership, sort, then range, without what a fixed condition pins to one value.
    """
    ranged = (pattern.range,) if pattern.range else ()
    pinned = {name for text in pattern.fixed if (name := _pinned(text))}
    found: dict[str, str] = {}
    for reference in (*pattern.equals, *pattern.among, *pattern.sort, *ranged):
        plain = reference.lstrip("-")
        if plain not in pinned:
            found.setdefault(plain, reference)
    return tuple(found.values())


def _pinned(text: str) -> str:
    """The name that a condition fixes to one value; empty when it fixes none, or is none."""
    try:
        condition = parse(printable(text))
    except ExpressionError:
        return ""
    if isinstance(condition, Compare) and condition.operator == "=":
        left, right = condition.left, condition.right
        if isinstance(left, Name) and isinstance(right, Literal):
            return left.name
    return ""


def _serving_indexes(context: Context, pattern: AccessPattern, draft: Draft) -> list[Index]:
    """The indexes that serve the pattern, when it deserves one.

    Raises LookupError for a column that is not there, whether or not it deserves one.
    """
    parts = _parts(pattern, draft)
    predicate = fixed_condition(pattern, draft)
    columns = named_columns(draft, pattern, pattern.contains) if pattern.contains else ()
    if not is_needed(pattern, rows_of(pattern, context.lookup)):
        return []
    made = []
    if columns and (how := how_searched(pattern, draft, columns[0])):
        if inside := search_part(how, draft, columns[0]):
            made.append(_index(pattern, (inside[1],), predicate, method=inside[0]))
        if how == "similar":
            context.need(TRIGRAMS, "texts are found by what is like them", pattern.id)
        _say_apart(context, pattern, columns, parts)
    if parts and grows_in_order(pattern, context.lookup):
        made.append(_index(pattern, parts, predicate, method="brin"))
    elif parts:
        include = _beside(pattern, draft, parts)
        parts = parts if is_for_all(pattern) else _tenant_first(draft, parts)
        made.append(_index(pattern, parts, predicate, include=include))
    return made


def grows_in_order(pattern: AccessPattern, lookup: Lookup) -> bool:
    """Whether a BRIN serves the pattern: a stretch of time alone, of what is only ever added.

    The rows lie on the disk in the order in which they came, so that the first and last moment of
    each stretch of pages are enough to skip nearly all of them, in an index of a few pages.  Where
    rows go one by one, new ones fill what they leave, and no stretch is in order any more.
    """
    entity = lookup.home(pattern.entity)
    if entity is None or not pattern.range or pattern.equals or pattern.among or pattern.sort:
        return False
    moment = lookup.attributes.get(f"{entity.id}.{pattern.range}")
    comes_now = moment is not None and moment.default == "now"
    many = rows_of(pattern, lookup) >= MANY_ROWS
    stays = not _goes_row_by_row(entity)
    return comes_now and many and stays and not lookup.archetype(entity).mutable


def _goes_row_by_row(entity: Entity) -> bool:
    """Whether single rows are taken out or hidden, where no parts are dropped as a whole."""
    kept_for_a_while = entity.keep_for not in (None, "", "forever")
    hidden = entity.deletion in ("soft", "archive")
    return (kept_for_a_while or hidden) and entity.partition != "range"


def _tenant_first(draft: Draft, parts: tuple[IndexPart, ...]) -> tuple[IndexPart, ...]:
    """The parts behind the tenant, by which every query of a tenant's table is cut first."""
    own = tenant_column(draft)
    if not own:
        return parts
    return (IndexPart(own), *(part for part in parts if part.column != own))


def _index(
    pattern: AccessPattern,
    parts: tuple[IndexPart, ...],
    predicate: Expression | None,
    *,
    method: Method = "btree",
    include: tuple[str, ...] = (),
) -> Index:
    return Index(
        "", parts, predicate=predicate, method=method, include=include,
        because=pattern.name, serves=(pattern.id,),
    )  # fmt: skip


def _say_apart(
    context: Context, pattern: AccessPattern, inside: tuple[str, ...], parts: tuple[IndexPart, ...]
) -> None:
    """An index that looks inside a value holds no equality beside it, and no order."""
    if parts:
        others = ", ".join(part.column for part in parts)
        context.problem(
            "search-apart", pattern.id,
            f"{pattern.name!r} looks inside {', '.join(inside)}, and also uses {others}: an index "
            "that looks inside takes neither other columns nor an order, so each gets an index of "
            "its own and the database puts them together.",
            "Leave it, unless the search must be answered in one look: then keep what is searched "
            "in a table of its own.", "hint",
        )  # fmt: skip


def _beside(pattern: AccessPattern, draft: Draft, parts: tuple[IndexPart, ...]) -> tuple[str, ...]:
    """Columns that are only read, and so stand in the index beside its key."""
    keys = {part.column for part in parts}
    read = (c for reference in pattern.covering for c in named_columns(draft, pattern, reference))
    return tuple(dict.fromkeys(c for c in read if c not in keys))


def _parts(pattern: AccessPattern, draft: Draft) -> tuple[IndexPart, ...]:
    """The columns of what the pattern's index is made of; each once."""
    found: dict[str, IndexPart] = {}
    for reference in references(pattern):
        for column in named_columns(draft, pattern, reference.lstrip("-")):
            found.setdefault(column, IndexPart(column, reference.startswith("-")))
    return tuple(found.values())


def named_columns(draft: Draft, pattern: AccessPattern, reference: str) -> tuple[str, ...]:
    """The columns that a pattern means by a name; raises LookupError where there are none."""
    own = draft.columns_of.get(f"{pattern.entity}.{reference}")
    found = own or draft.columns_of.get(reference)
    if found is None and any(c.name == reference for c in (*draft.first, *draft.keys)):
        return (reference,)
    if found is None:
        raise LookupError(f"column for {reference}")
    return found


def fixed_condition(pattern: AccessPattern, draft: Draft) -> Expression | None:
    """What is always true of the rows that a pattern asks for; raises LookupError for what it does
    not understand, and MisfitError for what cannot be compared."""
    conditions = []
    for text in pattern.fixed:
        try:
            condition = parse(printable(text))
        except ExpressionError as error:
            raise LookupError(f"condition {text!r} ({error})") from None
        known = {name: named_columns(draft, pattern, name)[0] for name in names(condition)}
        meant = renamed(condition, known)
        if why := misfit(meant, {c.name: Meaning(c.type) for c in draft.every_column()}):
            raise MisfitError(f"{text}: {why}")
        conditions.append(meant)
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))


def _merged(draft: Draft, wanted: Iterable[Index]) -> list[Index]:
    """The indexes that remain when prefixes are dropped and foreign keys have theirs."""
    keys = [
        Index("", tuple(IndexPart(c) for c in key.columns), because=f"joins with {key.references}, "
              "and the check when a row there is deleted", serves=(key.name,))
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
    """Whether the index of the primary key or of a UNIQUE already begins with these columns.

    Or they with the primary key: it leads to one row, and there is nothing more to find.
    """
    columns = tuple(part.column for part in index.parts)
    held = (draft.key_columns, *(unique.columns for unique in draft.uniques))
    plain = index.predicate is None and index.method == "btree" and not index.include
    one_row = columns[: len(draft.key_columns)] == draft.key_columns
    return plain and (one_row or any(key[: len(columns)] == columns for key in held))
