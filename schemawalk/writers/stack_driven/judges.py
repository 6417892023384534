"""Judges of the quality checklist: each looks at one thing in the whole schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schemawalk.design.model import Attribute, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.model import Column, Table
from schemawalk.schema.names import LONGEST, snake
from schemawalk.schema.reserved import RESERVED
from schemawalk.schema.sentences import shape
from schemawalk.writers.stack_driven.markdown import Markdown, code, listed, phrase
from schemawalk.writers.stack_driven.migration import RECIPES
from schemawalk.writers.stack_driven.overview import tables_by_step
from schemawalk.writers.stack_driven.queries import index_for, queries
from schemawalk.writers.stack_driven.survey import Survey, counted, rows_in

HUGE: Final = 10_000_000
"""Rows from which a table with bounded reads is worth partitioning."""
MOST_INDEXES: Final = 6
"""Indexes on one table from which writes feel them."""

Outcome = tuple[bool | None, Markdown]
"""Whether it holds (None: there is nothing to look at), and the evidence."""


def _all(seen: int, good: str, wrong: Iterable[str], bad: str) -> Outcome:
    """Holds when nothing is wrong among what was seen; otherwise the evidence lists what is."""
    found = list(dict.fromkeys(wrong))
    if found:
        return False, phrase("{}: {}", bad, listed(map(code, found), most=5))
    return (True, phrase("{}", good)) if seen else (None, Markdown("nothing to look at"))


def _columns(survey: Survey) -> list[tuple[Table, Column]]:
    return [(table, column) for table in survey.schema.tables for column in table.columns]


def _attributes(survey: Survey) -> list[Attribute]:
    """Attributes that became columns."""
    every = survey.lookup.attributes.values()
    return [a for a in every if survey.table_of(survey.owner_of[a.id])]


def _entities(survey: Survey) -> list[tuple[Entity, Table]]:
    """Entities with tables of their own."""
    made = survey.by_source
    return [(e, made[e.id]) for e in survey.lookup.tables if e.id in made]


def traced(survey: Survey) -> Outcome:
    """Every table has a step or a stated reason; join tables and lists inherit theirs."""

    def reason(table: Table) -> bool:
        entity = survey.entity_of(table)
        return bool(table.steps) or entity is None or bool(entity.origin)

    tables = survey.schema.tables
    bare = [table.name for table in tables if not reason(table)]
    return _all(len(tables), counted(len(tables), "table"), bare, "no step and no reason")


def critical(survey: Survey) -> Outcome:
    """The first three steps speak of tables."""
    first, named = survey.design.steps[:3], tables_by_step(survey)
    bare = [step.title for step in first if not named.get(step.id)]
    return _all(len(first), counted(len(first), "step"), bare, "no table for")


def created(survey: Survey) -> Outcome:
    """Whatever an access pattern reads is created by somebody."""
    read = [(e, t) for e, t in _entities(survey) if survey.patterns.get(t.name)]
    bare = [table.name for entity, table in read if not entity.created_by]
    good = f"{counted(len(read), 'table')} read, each created by a step, a seed or a program"
    return _all(len(read), good, bare, "read, and nobody said what creates")


def placed(survey: Survey) -> Outcome:
    """What is no table lives somewhere else."""
    gone = [e for e in survey.design.entities if e.persists == "no"]
    bare = [entity.name for entity in gone if not entity.lives_in]
    return _all(len(gone), counted(len(gone), "such thing"), bare, "nobody said where it lives")


def decided(survey: Survey) -> Outcome:
    """What happens on deletion was answered, not taken from a default."""
    links = survey.links
    bare = [
        link.id
        for link in links
        if link.on_delete is None or (shape(link) == "M:N" and link.on_delete_b is None)
    ]
    return _all(len(links), counted(len(links), "relationship"), bare, "taken from the default")


def stamped(survey: Survey) -> Outcome:
    """Rows that change say when they were made and changed."""
    mutable = [t for e, t in _entities(survey) if survey.lookup.archetype(e).mutable]
    wrong = [
        f"{table.name}.{name}"
        for table in mutable
        for name in ("created_at", "updated_at")
        if all(column.name != name for column in table.columns)
    ]
    return _all(len(mutable), f"{counted(len(mutable), 'table')} that changes", wrong, "missing")


def identified(survey: Survey) -> Outcome:
    """Each table has a business key, or somebody said that it has none."""
    tables = _entities(survey)
    bare = [t.name for e, t in tables if not t.uniques and e.identity is None]
    keyed = sum(bool(table.uniques) for _, table in tables)
    good = f"{keyed:,} of {counted(len(tables), 'table')}; for the rest only the id counts, as said"
    return _all(len(tables), good, bare, "nobody said what makes two rows the same")


def closed(survey: Survey) -> Outcome:
    """A fixed list is a CHECK, an enum or a lookup table."""
    lists = [a for a in _attributes(survey) if kind_of(a).id == "one-of"]
    wrong = [a.id for a in lists if not a.values and a.kept_by != "users"]
    return _all(len(lists), counted(len(lists), "list"), wrong, "a list without its values")


def answered_null(survey: Survey) -> Outcome:
    """For every attribute somebody said when it is known."""
    attributes = _attributes(survey)
    wrong = [a.id for a in attributes if a.required is None]
    good = counted(len(attributes), "attribute")
    return _all(len(attributes), good, wrong, "may be NULL only because nobody said")


def starts(survey: Survey) -> Outcome:
    """A required status has a default."""
    found = [
        (f"{table.name}.{column.name}", column.default)
        for table, column in _columns(survey)
        if column.name in ("status", "state") and not column.nullable
        if not any(column.name in key.columns for key in table.foreign_keys)
    ]
    wrong = [name for name, default in found if default is None]
    return _all(len(found), counted(len(found), "column"), wrong, "no first value")


def nullable(survey: Survey) -> Outcome:
    """A key that is set to NULL takes NULL."""
    emptied = [(t, k) for t, k in survey.schema.references() if k.on_delete == "SET NULL"]
    wrong = [
        f"{table.name}.{column}"
        for table, key in emptied
        for column in key.columns
        if not table.column(column).nullable
    ]
    return _all(len(emptied), counted(len(emptied), "such key"), wrong, "cannot be set to NULL")


def paired(survey: Survey) -> Outcome:
    """A join table is keyed by its pair and indexed from both ends."""
    joins = [table for table in survey.schema.tables if survey.role(table) == "join"]
    wrong = [t.name for t in joins if not all(index_for(t, k.columns) for k in t.foreign_keys)]
    return _all(len(joins), counted(len(joins), "join table"), wrong, "slow from one end")


def indexed(survey: Survey) -> Outcome:
    """Every foreign key has an index that begins with it."""
    keys = list(survey.schema.references())
    wrong = [f"{t.name}.{k.columns[0]}" for t, k in keys if not index_for(t, k.columns)]
    return _all(len(keys), f"{counted(len(keys), 'foreign key')}, all indexed", wrong, "no index")


def served(survey: Survey) -> Outcome:
    """Every access pattern that needs an index has one."""
    asked = queries(survey)
    wrong = [query.name for query in asked if query.missing]
    good = f"{counted(len(asked), 'access pattern')}: served, or small or rare enough"
    return _all(len(asked), good, wrong, "not served")


def needed(survey: Survey) -> Outcome:
    """Every index serves something, and no table has too many."""
    indexes = [index for table in survey.schema.tables for index in table.indexes]
    wrong = [index.name for index in indexes if not index.serves]
    wrong += [t.name for t in survey.schema.tables if len(t.indexes) > MOST_INDEXES]
    good = f"{counted(len(indexes), 'index', 'indexes')}, each for a query or a key"
    return _all(len(indexes), good, wrong, "serves nothing, or too many")


def zoned(survey: Survey) -> Outcome:
    """What is named like a moment is one, with its zone."""
    named = [(t, c) for t, c in _columns(survey) if c.name.endswith("_at")]
    wrong = [f"{t.name}.{c.name}" for t, c in named if c.type.name != "timestamptz"]
    return _all(
        len(named), counted(len(named), "column"), wrong, "named like a moment, but is none"
    )


def named(survey: Survey) -> Outcome:
    """Names are snake_case, short enough, and not reserved."""
    reserved = RESERVED[survey.work.dialect.name]
    names = [(table.name, table.name) for table in survey.schema.tables]
    names += [(f"{t.name}.{c.name}", c.name) for t, c in _columns(survey)]
    wrong = [
        full
        for full, name in names
        if name != snake(name) or len(name.encode()) > LONGEST or name in reserved
    ]
    good = f"{counted(len(names), 'name')}: snake_case, at most {LONGEST} bytes, none reserved"
    return _all(len(names), good, wrong, "must be quoted, or is too long")


def tooled(survey: Survey) -> Outcome:
    """Somebody decided which tools run the migrations."""
    tools = survey.design.stack.tools
    if tools is None:
        return False, Markdown("nobody decided on a migration tool: SQL only")
    return True, listed(("SQL", *(RECIPES[tool].title for tool in tools if tool in RECIPES)))


def held(survey: Survey) -> Outcome:
    """The database holds every type, rule and index without a loss."""
    name = survey.work.dialect.name
    lost = [f.subject for f in survey.work.findings if f.rule.startswith(f"{name}-")]
    good = f"{survey.work.dialect.title} holds all of it"
    return _all(len(survey.schema.tables), good, lost, "held with a loss, see the findings")


def wide(survey: Survey) -> Outcome:
    """No key ends at 2 billion."""
    tables = survey.schema.tables
    wrong = [
        table.name
        for table in tables
        if any(table.column(name).type.name == "integer" for name in table.primary_key.columns)
    ]
    return _all(len(tables), counted(len(tables), "key"), wrong, "ends at 2 billion")


def sized(survey: Survey) -> Outcome:
    """No table is expected to need partitions in its first year."""
    rows = [(table.name, rows_in(survey, entity)) for entity, table in _entities(survey)]
    wrong = [name for name, count in rows if count > HUGE]
    most = max((count for _, count in rows), default=0)
    return _all(
        len(rows), f"the biggest has {most:,} rows in a year", wrong, "decide on partitions"
    )


def explained(survey: Survey) -> Outcome:
    """Every table and column says what it is for."""
    columns = _columns(survey)
    wrong = [table.name for table in survey.schema.tables if not table.purpose]
    wrong += [f"{table.name}.{column.name}" for table, column in columns if not column.purpose]
    return _all(len(columns), counted(len(columns), "column"), wrong, "says nothing")


def answered(survey: Survey) -> Outcome:
    """Nobody left a question open."""
    wrong = [note.id for note in survey.design.notes if note.unknown or note.look_again]
    return _all(len(survey.schema.tables), "none", wrong, "open")
