"""The definition of each table: columns, indexes, relations, constraints, an example, the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemawalk.design.model import Attribute
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.language.expression import Call
from schemawalk.schema.model import Check, Column, ForeignKey, Index, Table
from schemawalk.schema.sentences import article, one
from schemawalk.writers.sql_layout import plain
from schemawalk.writers.stack_driven.examples import example_row
from schemawalk.writers.stack_driven.in_documents import IN_DOCUMENTS
from schemawalk.writers.stack_driven.markdown import Markdown, as_json, code, finalize, link, phrase
from schemawalk.writers.stack_driven.survey import Role, Survey
from schemawalk.writers.stack_driven.trail import OPTIONS, Decision, decisions_by_table


@dataclass(frozen=True)
class Field:
    """One column as its row in the table says it."""

    name: Markdown
    type: Markdown
    constraints: str
    default: Markdown
    purpose: str
    why: Markdown


@dataclass(frozen=True)
class Indexed:
    """An index, or the index behind a key, and what it is there for."""

    name: str
    on: str
    serves: str


@dataclass(frozen=True)
class Relation:
    """A foreign key seen from one of its two tables."""

    column: str
    table: str
    action: str
    reason: str


@dataclass(frozen=True)
class Rule:
    """A constraint, and the reason for it."""

    name: str
    sql: str
    reason: str


@dataclass(frozen=True)
class Definition:
    """Everything about one table."""

    name: str
    purpose: str
    because: str
    steps: tuple[Markdown, ...]
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    indexes: tuple[Indexed, ...]
    parents: tuple[Relation, ...]
    children: tuple[Relation, ...]
    rules: tuple[Rule, ...]
    example: Markdown
    decisions: tuple[Decision, ...]
    home: str = ""
    """In which documents its rows are; empty where rows are rows."""


@dataclass(frozen=True)
class Definitions:
    """The definitions of all tables that are there for one reason."""

    tables: tuple[Definition, ...]


def tables(survey: Survey) -> Definitions | None:
    """The tables of entities and of lists."""
    return _defined(survey, ("entity", "list"))


def join_tables(survey: Survey) -> Definitions | None:
    """The tables of many-to-many relationships without facts of their own."""
    return _defined(survey, ("join",))


def _defined(survey: Survey, roles: tuple[Role, ...]) -> Definitions | None:
    trails = decisions_by_table(survey)
    found = tuple(
        define(survey, table, trails.get(table.name, ()))
        for table in survey.schema.tables
        if survey.role(table) in roles
    )
    return Definitions(found) if found else None


def define(survey: Survey, table: Table, trail: tuple[Decision, ...]) -> Definition:
    """Everything about one table, as a reader of its definition wants to see it."""
    dialect = survey.work.dialect
    unique = IN_DOCUMENTS["UNIQUE"] if survey.homes else "UNIQUE"
    return Definition(
        name=table.name,
        purpose=table.purpose,
        because=_why_table(survey, table),
        steps=tuple(survey.step_name(step) for step in table.steps),
        fields=tuple(_fields(survey, table)),
        key=table.primary_key.columns,
        indexes=tuple(_indexes(survey, table)),
        parents=tuple(
            Relation(", ".join(key.columns), key.references, survey.on_delete(key), key.because)
            for key in table.foreign_keys
        ),
        children=tuple(
            Relation(", ".join(key.columns), child.name, survey.on_delete(key), key.because)
            for child, key in survey.incoming.get(table.name, ())
        ),
        rules=(
            *(
                Rule(u.name, f"{unique} ({dialect.names(u.columns)})", u.because)
                for u in table.uniques
            ),
            *(_check(survey, check) for check in table.checks),
        ),
        example=as_json(_example(survey, table)),
        decisions=trail,
        home=survey.homes[table.name].said if survey.homes else "",
    )


def _why_table(survey: Survey, table: Table) -> str:
    entity = survey.entity_of(table)
    owner = survey.lookup.standing(entity.owner or "") if entity else None
    if entity is None:
        said = plain(table.because)
        return said[:1].upper() + said[1:].rstrip(".") + "." if said else ""
    if owner is None:
        return "It outlives the session, and belongs to nobody in particular."
    several = "can have several" if entity.many != "no" else "has one, kept apart from it"
    return f"It outlives the session, and {article(one(owner))} {several}."


def _example(survey: Survey, table: Table) -> dict[str, Any]:
    row = example_row(table, survey.schema, survey.work.dialect)
    known = survey.reference_values
    row |= known.get(table.name, {})
    for key in table.foreign_keys:
        given = known.get(key.references, {})
        row |= {own: given[theirs] for own, theirs in key.pairs() if theirs in given}
    return survey.homes[table.name].own(row) if survey.homes else row


def _check(survey: Survey, check: Check) -> Rule:
    said = survey.work.dialect.sql(check.expression)
    return Rule(check.name, said if survey.homes else f"CHECK ({said})", check.because)


def _fields(survey: Survey, table: Table) -> Iterator[Field]:
    keys = {column: key for key in table.foreign_keys for column in key.columns}
    alone = {u.columns[0] for u in table.uniques if len(u.columns) == 1}
    dialect = survey.work.dialect
    names = survey.homes[table.name].fields if survey.homes else {}
    for column in table.columns:
        yield Field(
            name=code(names.get(column.name, column.name)),
            type=code(dialect.type(column.type)),
            constraints=_constraints(
                table, column, keys.get(column.name), alone, IN_DOCUMENTS if survey.homes else {}
            ),
            default=_default(survey, column),
            purpose=column.purpose,
            why=_why(survey, table, column),
        )


def _constraints(
    table: Table,
    column: Column,
    key: ForeignKey | None,
    alone: set[str],
    words: Mapping[str, str],
) -> str:
    said = ["PRIMARY KEY"] if column.name in table.primary_key.columns else []
    said.append("NULL" if column.nullable else "NOT NULL")
    if column.name in alone:
        said.append("UNIQUE")
    said = [words.get(each, each) for each in said]
    if key:
        said.append(phrase("→ {}", link(key.references)))
    if column.sensitivity in ("personal", "secret", "confidential"):
        said.append(f"*{column.sensitivity}*")
    return Markdown(", ".join(said))


def _default(survey: Survey, column: Column) -> Markdown:
    if column.identity:
        return Markdown("counts up")
    text = survey.work.dialect.default(column)
    if isinstance(column.default, Call) and len(text) > LONGEST_CALL:
        return Markdown(_CALLS.get(column.default.function, "computed"))
    return code(text) if text else Markdown("")


LONGEST_CALL: Final = 30
"""Characters of SQL up to which a computed default is shown as it is."""
_CALLS: Final = {
    "uuid": "a random UUID",
    "uuid7": "a UUID in order of time",
    "now": "the moment of writing",
}

_TELLING: Final = {
    "money": "whole minor units, never a fraction",
    "json": "flexible, and unchecked inside",
    "list": "they refer to nothing",
    "file": "the object store's key; the bytes stay outside",
    "secret": "only a hash is kept",
    "computed": "kept by the database where it always follows, else written by a job",
    "reference": "points nowhere that the database can check",
}
"""Kinds whose consequence is worth a word at each column; the rest is told once for all."""


def _why(survey: Survey, table: Table, column: Column) -> Markdown:
    own = column.source != table.source and not column.name.endswith("_currency")
    attribute = survey.lookup.attributes.get(column.source) if own else None
    sources = survey.sources.get(column.source, ())
    cited = "".join(f" ({code(source)})" for source in sources)
    if attribute is None:
        return Markdown(phrase("{}", column.because) + cited)
    return Markdown(_why_attribute(survey, attribute) + cited)


def _why_attribute(survey: Survey, attribute: Attribute) -> Markdown:
    kind = kind_of(attribute)
    said: list[object] = [kind.label]
    if kind.id == "one-of":
        led = OPTIONS["kept_by"][attribute.kept_by or "developers"]
        said = [f"one of a fixed list: {led}"]
    elif kind.id in _TELLING:
        said = [f"{kind.label}: {_TELLING[kind.id]}"]
    if attribute.required == "later":
        known = attribute.known_by
        said.append(
            phrase("filled in by {}", survey.step_name(known)) if known else "filled in later"
        )
    elif attribute.required != "start":
        said.append("may never be known" if attribute.required else "nobody said when it is known")
    return Markdown("; ".join(map(finalize, said)))


def _indexes(survey: Survey, table: Table) -> Iterator[Indexed]:
    for index in table.indexes:
        yield Indexed(index.name, on(survey, index), index.because)


def on(survey: Survey, index: Index) -> str:
    """What an index is on, as SQL says it behind the table's name."""
    dialect = survey.work.dialect
    parts = ", ".join(
        dialect.quoted(part.column) + (" DESC" if part.descending else "") for part in index.parts
    )
    method = f"{index.method} " if index.method != "btree" else ""
    more = f" INCLUDE ({dialect.names(index.include)})" if index.include else ""
    where = f" WHERE {dialect.sql(index.predicate)}" if index.predicate else ""
    return f"{method}({parts}){more}{where}"
