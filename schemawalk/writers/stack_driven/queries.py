"""Access patterns as SQL that runs, each with the index that serves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import AccessPattern
from schemawalk.schema.capability.leakproof import closed_tables, is_blind, let_through
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import (
    Expression,
    IsNull,
    Logic,
    Value,
    names,
    renamed,
)
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.model import Column, Index, Table
from schemawalk.schema.tables.indexes import FEW_ROWS, FOR_ALL, is_needed, references, rows_of
from schemawalk.schema.things import View
from schemawalk.writers.sql_layout import folded
from schemawalk.writers.stack_driven import in_documents
from schemawalk.writers.stack_driven.examples import example
from schemawalk.writers.stack_driven.markdown import Markdown, fenced, phrase
from schemawalk.writers.stack_driven.searches import PERIODS, inside
from schemawalk.writers.stack_driven.survey import Survey

OFTEN: Final[Mapping[str, str]] = {
    "rarely": "rarely",
    "daily": "daily",
    "constantly": "all the time",
}


@dataclass(frozen=True)
class Query:
    """One access pattern, ready for the page."""

    name: str
    who: Markdown
    often: str
    rows: int
    table: str
    sql: Markdown
    """A code block; empty when the pattern speaks of what is not there."""
    index: str
    """Name of what serves it: an index, a unique constraint or the primary key."""
    how: Markdown
    """How it is served, or why it needs no index."""
    target: str
    limit: int | None
    missing: bool
    """Nothing serves it although its table is big and it is asked often."""

    @property
    def served(self) -> bool:
        """Whether an index or a key serves it."""
        return bool(self.index)


def queries(survey: Survey) -> tuple[Query, ...]:
    """Every access pattern whose table is there."""
    found = []
    for pattern in survey.design.access_patterns:
        table = survey.table_of(pattern.entity)
        if table:
            found.append(query(survey, pattern, table))
    return tuple(found)


def query(survey: Survey, pattern: AccessPattern, table: Table) -> Query:
    """One access pattern with its SQL and the index that serves it."""
    rows = rows_of(pattern, survey.lookup)
    serving, how = service(survey, pattern, table, rows)
    return Query(
        name=pattern.name,
        who=survey.who(pattern),
        often=OFTEN.get(pattern.often or "", "not said"),
        rows=rows,
        table=table.name,
        sql=_block(survey, pattern, table),
        index=serving,
        how=how,
        target=f"p95 ≤ {pattern.target_ms:,} ms" if pattern.target_ms else "",
        limit=pattern.limit,
        missing=not serving and is_needed(pattern, rows),
    )


def service(
    survey: Survey, pattern: AccessPattern, table: Table, rows: int
) -> tuple[str, Markdown]:
    """Name of what serves a pattern, with how; no name and the reason when nothing does."""
    for index in table.indexes:
        if pattern.id in index.serves:
            whom = _for_whom(survey, pattern, table, index)
            return index.name, phrase("{}", _how(index, pattern) + whom)
    held = _held_by_key(survey, pattern, table)
    if held:
        return held, Markdown("the index of this key begins with the same columns")
    if pattern.contains and pattern.contains_how in ("words", "similar"):
        return "", Markdown("searched by scan: no index here finds words inside text")
    if is_needed(pattern, rows):
        return "", Markdown("**nothing serves it yet**: look at the findings")
    if pattern.index == "no":
        return "", Markdown("no index, as decided")
    if rows < FEW_ROWS:
        return "", phrase("no index: {} rows fit a few pages, a scan is as fast", rows)
    return "", Markdown("no index: asked too rarely to pay for one on every write")


def _for_whom(survey: Survey, pattern: AccessPattern, table: Table, index: Index) -> str:
    """Whom the index serves, where it does not serve those that policies bind."""
    closed = survey.work.database == POSTGRESQL.name and table.name in closed_tables(survey.schema)
    by_job = pattern.who in FOR_ALL and table.name in let_through(survey.schema)
    if not closed or by_job or not is_blind(table, index):
        return ""
    return (
        "; only for roles that see the rows of all tenants: for one that the policies bind, "
        "PostgreSQL finds its tenant's rows by another index and looks through them"
    )


_METHODS: Final[Mapping[str, str]] = {
    "gin": "finds rows by what the value holds inside",
    "fulltext": "finds rows by the words inside",
    "gist": "finds the stretches that touch",
    "brin": "passes over the blocks of rows that lie outside of the range",
}


def _how(index: Index, pattern: AccessPattern) -> str:
    if index.method in _METHODS:
        return _METHODS[index.method]
    if index.predicate:
        return "holds only the rows that the fixed condition picks"
    if index.include:
        return "answers from the index alone, without a look at the table"
    if pattern.sort:
        first = "equality first, then the order" if pattern.equals else "holds the order"
        return f"{first}: rows come out sorted"
    if pattern.range:
        first = "equality first, then the range"
        return first if pattern.equals else "holds the range in one piece"
    return "finds the rows directly"


def _held_by_key(survey: Survey, pattern: AccessPattern, table: Table) -> str:
    """A key whose index already begins with the columns that the pattern compares and sorts by."""
    wanted = tuple(column.name for column in _used(survey, pattern, table))
    own = table.primary_key
    keys = [(own.name, own.columns), *((unique.name, unique.columns) for unique in table.uniques)]
    plain = wanted and not pattern.fixed and not pattern.contains
    return next((name for name, columns in keys if plain and columns[: len(wanted)] == wanted), "")


def _used(survey: Survey, pattern: AccessPattern, table: Table) -> tuple[Column, ...]:
    """Columns of an index for the pattern, in its order; each once."""
    wanted = (reference.lstrip("-") for reference in references(pattern))
    found = [c for reference in wanted for c in columns_of(survey, table, reference)]
    return tuple(dict.fromkeys(found))


def columns_of(survey: Survey, table: Table, reference: str) -> tuple[Column, ...]:
    """The columns of a table that an attribute's or relationship's id stands for."""
    link, _, side = reference.rpartition(".") if reference[-2:] in (".a", ".b") else ("", "", "")
    related = survey.lookup.relationships.get(link or reference)
    held = survey.keys_of(related) if related and related.id in survey.ends else []
    keys = [key for of, key in held if of.name == table.name]
    if keys and link:
        keys = keys[:1] if side == "a" else keys[1:2]
    if keys:
        return tuple(table.column(name) for key in keys for name in key.columns)
    made = tuple(c for c in table.columns if _is_of(c, reference))
    if not made:
        return tuple(column for column in table.columns if column.name == reference)
    first = [column for column in made if column.source == made[0].source]
    attribute = survey.lookup.attributes.get(first[0].source)
    parts = len(kind_of(attribute).parts or ("",)) if attribute else 1
    return tuple(first[:parts])


def _is_of(column: Column, reference: str) -> bool:
    return column.source == reference or column.source.partition(".")[2] == reference


# SQL


def _block(survey: Survey, pattern: AccessPattern, table: Table) -> Markdown:
    try:
        if survey.homes:
            return fenced(in_documents.query(_asked(survey, pattern, table),
                                             survey.homes[table.name]), "js")  # fmt: skip
        return fenced(statement(survey, pattern, table), "sql")
    except LookupError:
        return Markdown("")


def statement(survey: Survey, pattern: AccessPattern, table: Table) -> str:
    """A SELECT with example values that runs as it stands.

    Raises LookupError for a pattern that speaks of what its table does not have.
    """
    dialect = survey.work.dialect
    conditions = list(_conditions(survey, pattern, table))
    read = dialect.names(_read(survey, pattern, table))
    lines = [f"SELECT {folded(read, '       ', 7)}", f"FROM {dialect.quoted(table.name)}"]
    if conditions:
        lines.append("WHERE " + "\n  AND ".join(conditions))
    order = [
        dialect.quoted(column.name) + (" DESC" if sort.startswith("-") else "")
        for sort in pattern.sort
        for column in _found(survey, table, sort.lstrip("-"))
    ]
    if order:
        lines.append(f"ORDER BY {', '.join(order)}")
    if pattern.limit:
        lines.append(f"LIMIT {pattern.limit}")
    return "\n".join(lines) + ";"


def _asked(survey: Survey, pattern: AccessPattern, table: Table) -> in_documents.Asked:
    """The pattern in columns, with example values; raises LookupError as `statement` does."""

    def valued(references: Iterable[str]) -> tuple[tuple[Column, Value], ...]:
        found = (c for reference in references for c in _found(survey, table, reference))
        return tuple((column, example(table, column, survey.schema)) for column in found)

    contains = _found(survey, table, pattern.contains) if pattern.contains else ()
    sort = tuple(
        (column, -1 if reference.startswith("-") else 1)
        for reference in pattern.sort
        for column in _found(survey, table, reference.lstrip("-"))
    )
    return in_documents.Asked(
        pattern, table, valued(pattern.equals), valued(pattern.among),
        (*(_meant(survey, table, text) for text in pattern.fixed),
         *_unhidden(survey, pattern, table)), contains,
        valued([pattern.range] if pattern.range else []), sort, _read(survey, pattern, table),
    )  # fmt: skip


def _read(survey: Survey, pattern: AccessPattern, table: Table) -> tuple[str, ...]:
    """The columns to read: those that the pattern names, or all but secrets."""
    named = [c.name for ref in pattern.covering for c in columns_of(survey, table, ref)]
    if named:
        return tuple(dict.fromkeys((*table.primary_key.columns, *named)))
    return tuple(c.name for c in table.columns if c.sensitivity != "secret")


def _conditions(survey: Survey, pattern: AccessPattern, table: Table) -> Iterator[str]:
    dialect = survey.work.dialect
    for reference in pattern.equals:
        for column in _found(survey, table, reference):
            value = literal(survey, table, column)
            yield f"{dialect.quoted(column.name)} = {value}"
    for reference in pattern.among:
        for column in _found(survey, table, reference):
            yield f"{dialect.quoted(column.name)} IN ({literal(survey, table, column)})"
    for text in pattern.fixed:
        yield _fixed(survey, table, text)
    yield from map(dialect.sql, _unhidden(survey, pattern, table))
    if pattern.contains:
        for column in _found(survey, table, pattern.contains):
            yield inside(table, column, pattern, dialect)
    if pattern.range:
        for column in _found(survey, table, pattern.range):
            yield from _between(survey, table, column)


def _found(survey: Survey, table: Table, reference: str) -> tuple[Column, ...]:
    columns = columns_of(survey, table, reference)
    if not columns:
        raise LookupError(reference)
    return columns


def _meant(survey: Survey, table: Table, text: str) -> Expression:
    """A condition over columns; raises LookupError for one that speaks of what is not there."""
    try:
        condition = parse(text)
    except ExpressionError as error:
        raise LookupError(text) from error
    known = {name: _found(survey, table, name)[0].name for name in names(condition)}
    return renamed(condition, known)


def _unhidden(survey: Survey, pattern: AccessPattern, table: Table) -> Iterator[Expression]:
    """What leaves out deleted and archived rows, where the pattern does not speak of them."""
    spoken = {c for text in pattern.fixed for c in names(_meant(survey, table, text))}
    for view in survey.schema.things(View):
        rule = view.predicate
        if view.table == table.name and isinstance(rule, IsNull) and not rule.negated:
            if spoken.isdisjoint(names(rule)):
                yield rule
            return


def _fixed(survey: Survey, table: Table, text: str) -> str:
    condition = _meant(survey, table, text)
    sql = survey.work.dialect.sql(condition)
    either = isinstance(condition, Logic) and condition.operator == "or"
    return f"({sql})" if either else sql


def _between(survey: Survey, table: Table, column: Column) -> Iterator[str]:
    dialect, name = survey.work.dialect, survey.work.dialect.quoted(column.name)
    if column.type.name in PERIODS:
        first, last = PERIODS[column.type.name]
        yield f"{name} >= {dialect.literal(first)}"
        yield f"{name} < {dialect.literal(last)}"
    else:
        yield f"{name} >= {literal(survey, table, column)}"


def literal(survey: Survey, table: Table, column: Column) -> str:
    """The column's example as a constant of its type."""
    value = example(table, column, survey.schema)
    if column.type.name == "interval":
        seconds = str(value) if str(value).isdigit() else "60"
        postgresql = survey.work.dialect.name == "postgresql"
        return f"interval '{seconds} seconds'" if postgresql else seconds
    if column.type.name == "list" and survey.work.dialect.name == "postgresql":
        return "'{}'"
    return survey.work.dialect.literal(value)


# The chapter on indexes


@dataclass(frozen=True)
class KeyIndex:
    """A foreign key, and what makes joins and deletions along it fast."""

    column: str
    parent: str
    index: str


@dataclass(frozen=True)
class IndexStrategy:
    """How the schema answers what is asked of it."""

    queries: tuple[Query, ...]
    served: int
    keys: tuple[KeyIndex, ...]
    bare: int
    """Foreign keys without an index."""


def index_strategy(survey: Survey) -> IndexStrategy | None:
    """Access patterns and foreign keys, each with the index that serves it."""
    asked, keys = queries(survey), tuple(_key_indexes(survey))
    if not asked and not keys:
        return None
    served = sum(query.served for query in asked)
    return IndexStrategy(asked, served, keys, sum(not key.index for key in keys))


def _key_indexes(survey: Survey) -> Iterator[KeyIndex]:
    for table, key in survey.schema.references():
        columns = ", ".join(key.columns)
        yield KeyIndex(f"{table.name}.{columns}", key.references, index_for(table, key.columns))


def index_for(table: Table, columns: tuple[str, ...]) -> str:
    """Name of an index or key that finds the rows with these columns; empty when there is none.

    It begins with them, in whatever order; or they hold the whole key of the one row.
    """
    own, asked = table.primary_key, set(columns)
    cut = {table.partition.column} if table.partition else set()
    if set(own.columns) - cut < asked:
        return own.name
    known = [(own.name, own.columns), *((unique.name, unique.columns) for unique in table.uniques)]
    known += [(index.name, tuple(part.column for part in index.parts)) for index in table.indexes
              if index.method == "btree" and index.predicate is None]  # fmt: skip
    begun = (name for name, held in known if set(held[: len(columns)]) == asked)
    return next(begun, "")
