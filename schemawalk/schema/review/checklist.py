"""The quality checklist: each line holds by rules that are silent and figures, not by a tick."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.dialects.notations import MONGODB
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.model import Column, Finding, Table
from schemawalk.schema.names import LONGEST, snake
from schemawalk.schema.review.rule import Matter
from schemawalk.schema.sentences import shape

HUGE: Final = 10_000_000
"""Rows from which a table with bounded reads is worth partitioning."""
ROADS: Final = 3
"""Roads not taken that a reader wants to hear of, at least."""

Names = Iterable[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    line: str
    looked_at: Callable[[Matter], int]
    """How many things there are to look at; with none of them the line says nothing."""
    noun: str
    """What these things are, one of them."""
    rules: tuple[str, ...] = ()
    """Rules that must be silent; one that ends with a minus stands for all that begin with it."""
    wrong: Callable[[Matter], Names] = lambda _: ()
    """What a figure shows to be wrong besides, by name."""
    bad: str = "see the findings"
    """What is the matter with what is wrong."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line, whether it holds (None: there is nothing to look at), and the evidence."""

    line: str
    holds: bool | None
    seen: str
    """What was looked at: "12 foreign keys"."""
    wrong: tuple[str, ...] = ()
    bad: str = ""
    accepted: tuple[str, ...] = ()
    """What would be wrong, had nobody accepted it for a reason."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines about one side of quality."""

    title: str
    verdicts: tuple[Verdict, ...]


def checklist(
    matter: Matter, findings: Iterable[Finding], waived: Iterable[Finding] = ()
) -> tuple[Group, ...]:
    """Every line judged by what was found about a design, by what is accepted, and by figures."""
    standing, accepted = tuple(findings), tuple(waived)
    return tuple(
        Group(title, tuple(_verdict(matter, item, standing, accepted) for item in items))
        for title, items in CHECKLISTS
    )


def _verdict(
    matter: Matter, item: Item, findings: tuple[Finding, ...], waived: tuple[Finding, ...]
) -> Verdict:
    count = item.looked_at(matter)
    seen = f"{count:,} {item.noun if count == 1 else several(item.noun)}"
    found = dict.fromkeys((*item.wrong(matter), *_subjects(item, findings)))
    holds = not found if count or found else None
    accepted = tuple(dict.fromkeys(_subjects(item, waived)))
    return Verdict(item.line, holds, seen, tuple(found), item.bad, accepted)


def _subjects(item: Item, findings: tuple[Finding, ...]) -> Iterator[str]:
    exact = {rule for rule in item.rules if not rule.endswith("-")}
    begun = tuple(rule for rule in item.rules if rule.endswith("-"))
    for finding in findings:
        if finding.rule in exact or (begun and finding.rule.startswith(begun)):
            yield finding.subject or finding.rule


def several(noun: str) -> str:
    """The plural of what a line counts."""
    head, of, tail = noun.partition(" of ")
    if head.endswith("y") and head[-2:-1] not in "aeiou":
        return f"{head[:-1]}ies{of}{tail}"
    return f"{head}{'es' if head.endswith('x') else 's'}{of}{tail}"


# How much there is to look at


def _tables(matter: Matter) -> int:
    return len(matter.schema.tables)


def _columns(matter: Matter) -> int:
    return sum(len(table.columns) for table in matter.schema.tables)


def _keys(matter: Matter) -> int:
    return sum(len(table.foreign_keys) for table in matter.schema.tables)


def _indexes(matter: Matter) -> int:
    return sum(len(table.indexes) for table in matter.schema.tables)


def _entities(matter: Matter) -> int:
    return len(matter.design.entities)


def _facts(matter: Matter) -> int:
    return sum(fact.id in matter.placed for _, fact in matter.facts)


def _links(matter: Matter) -> int:
    return sum(1 for link in matter.design.relationships if matter.lookup.ends(link))


def _patterns(matter: Matter) -> int:
    return sum(1 for p in matter.design.access_patterns if matter.lookup.home(p.entity))


def _pairs(matter: Matter) -> int:
    links = matter.design.relationships
    return sum(1 for x in links if shape(x) == "M:N" and matter.lookup.ends(x))


def _twos(matter: Matter) -> int:
    links = matter.design.relationships
    return sum(1 for x in links if shape(x) == "1:1" and matter.lookup.ends(x))


def _loops(matter: Matter) -> int:
    return sum(1 for x in matter.design.relationships if x.a == x.b and matter.lookup.ends(x))


def _of_kind(*kinds: str) -> Callable[[Matter], int]:
    return lambda matter: sum(kind_of(fact).id in kinds for _, fact in matter.facts)


def _of_action(*actions: str) -> Callable[[Matter], int]:
    return lambda matter: sum(k.on_delete in actions for _, k in matter.schema.references())


def _tenants_tables(matter: Matter) -> int:
    shared = matter.design.stack.tenancy == "shared"
    return sum(entity.tenant == "yes" for entity in matter.lookup.tables) if shared else 0


def _first_steps(matter: Matter) -> int:
    return len(matter.design.steps[:3])


# What figures show


def _own_tables(matter: Matter) -> Iterator[tuple[str, Table]]:
    for entity in matter.lookup.tables:
        if (table := matter.by_source.get(entity.id)) is not None:
            yield entity.id, table


def _bare_steps(matter: Matter) -> Names:
    named = {step for table in matter.schema.tables for step in table.steps}
    return (step.title for step in matter.design.steps[:3] if step.id not in named)


def _homeless(matter: Matter) -> Names:
    gone = (e for e in matter.design.entities if e.persists == "no")
    return (entity.id for entity in gone if not entity.lives_in)


def _unstamped(matter: Matter) -> Names:
    for entity_id, table in _own_tables(matter):
        names = {column.name for column in table.columns}
        entity = matter.lookup.entities[entity_id]
        # Nobody changes it, says an answer: then it came once, and that is all.
        wanted = ("created_at",) if entity.changed_by == () else ("created_at", "updated_at")
        if matter.lookup.archetype(entity).mutable:
            yield from (f"{table.name}.{name}" for name in wanted if name not in names)


def _unidentified(matter: Matter) -> Names:
    for entity_id, table in _own_tables(matter):
        unique = table.uniques or any(index.unique for index in table.indexes)
        if not unique and matter.lookup.entities[entity_id].identity is None:
            yield table.name


def _unsaid_null(matter: Matter) -> Names:
    return (f.id for _, f in matter.facts if f.required is None and f.id in matter.placed)


def _without_start(matter: Matter) -> Names:
    for table, column in _statuses(matter):
        if column.default is None:
            yield f"{table.name}.{column.name}"


def _statuses(matter: Matter) -> Iterator[tuple[Table, Column]]:
    """The states of things; a table of earlier versions repeats them, and starts nothing."""
    for _, table in _own_tables(matter):
        linked = {name for key in table.foreign_keys for name in key.columns}
        for column in table.columns:
            told = column.name in ("status", "state") and column.name not in linked
            if told and not column.nullable:
                yield table, column


def _idle_indexes(matter: Matter) -> Names:
    every = (index for table in matter.schema.tables for index in table.indexes)
    return (i.name for i in every if not i.serves and not i.unique and not i.because)


def _open_questions(matter: Matter) -> Names:
    return (note.id for note in matter.design.notes if note.unknown or note.look_again)


def _no_tool(matter: Matter) -> Names:
    asked = matter.database != MONGODB.name and matter.design.stack.tools is None
    return ("migration.tools",) if asked else ()


def _odd_names(matter: Matter) -> Names:
    for table in matter.schema.tables:
        for name in (table.name, *(column.name for column in table.columns)):
            if name != snake(name) or len(name.encode()) > LONGEST:
                yield name


def _whole_giants(matter: Matter) -> Names:
    for entity_id, table in _own_tables(matter):
        entity = matter.lookup.entities[entity_id]
        rows = entity.rows if entity.rows is not None else matter.lookup.archetype(entity).rows
        if rows > HUGE and table.partition is None and entity.partition != "no":
            yield table.name


def _few_roads(matter: Matter) -> Names:
    told = len(matter.design.alternatives)
    return () if told >= ROADS else (f"{told} of {ROADS}",)


def _without_reason(matter: Matter) -> Names:
    return (f"{w.rule}:{w.subject}" for w in matter.design.waivers if not w.reason)


CHECKLISTS: Final[tuple[tuple[str, tuple[Item, ...]], ...]] = (
    ("Journey alignment", (
        Item("Every table traces to a step or a stated reason", _tables, "table",
             ("entity-untraced",), bad="no step and no reason"),
        Item("The first three steps have their tables", _first_steps, "step",
             wrong=_bare_steps, bad="no table for"),
        Item("What is read is also created, and what is created is read", _entities, "entity",
             ("entity-lifecycle-gap", "owner-unknown"), bad="half alive"),
        Item("Every entity has a place", _entities, "entity", ("entity-vanishes",), _homeless,
             "nobody said where it lives"),
        Item("Every fact is set by a step, or asked for", _facts, "fact", ("column-untraced",),
             bad="neither"),
    )),
    ("Completeness", (
        Item("Delete actions are decisions", _links, "relationship",
             ("delete-behaviour-undecided",), bad="taken from the default"),
        Item("Rows that change carry created_at and updated_at", _tables, "table",
             ("no-audit-timestamps",), _unstamped, "missing"),
        Item("Business keys are unique", _tables, "table", ("nullable-unique",), _unidentified,
             "nobody said what makes two rows the same, or it may be absent"),
        Item("Decisions are in the SQL", _tables, "table",
             ("not-in-sql", "relationship-to-nowhere"), bad="in the document only"),
        Item("No question is open", lambda m: len(m.design.done), "step of the walk",
             wrong=_open_questions, bad="open"),
    )),
    ("Performance", (
        Item("Foreign keys are indexed", _keys, "foreign key", ("fk-not-indexed",),
             bad="no index"),
        Item("Access patterns are served", _patterns, "access pattern",
             ("query-without-index", "unknown-access", "text-search"), bad="not served"),
        Item("No index without a reason", _indexes, "index",
             ("duplicate-index", "prefix-redundant-index", "too-many-indexes",
              "low-selectivity-index", "index-repeats-clustered-pk"), _idle_indexes,
             "serves nothing, or nothing of its own"),
        Item("Indexes can be used as they are", _indexes, "index",
             ("expression-not-immutable", "wrong-access-method", "index-too-wide",
              "index-behind-policy",
              "partial-index-quality", "sort-direction-mismatch",
              "partial-predicate-not-provable", "protected-compared"),
             bad="of no use, or of little"),
    )),
    ("Data integrity", (
        Item("Fixed lists are closed", _of_kind("one-of"), "list",
             ("enum-like-without-check", "enum-like-text", "enum-value-too-long"),
             bad="a list without its values"),
        Item("NULL is a decision", _facts, "fact",
             ("required-but-nullable", "all-columns-nullable"), _unsaid_null,
             "may be NULL, and nobody said why"),
        Item("A status starts somewhere", lambda m: sum(1 for _ in _statuses(m)), "column",
             wrong=_without_start, bad="no first value"),
        Item("Foreign keys prevent orphans", _keys, "foreign key",
             ("reference-without-fk", "composite-fk-nullable-part", "duplicate-fk",
              "multi-valued-or-numbered-columns", "parents-of-two-groups"),
             bad="not kept by a key"),
        Item("SET NULL meets columns that take NULL", _of_action("SET NULL"), "such key",
             ("set-null-on-not-null", "exclusive-key-set-null"), bad="cannot be set to NULL"),
        Item("A first row can be inserted", _keys, "foreign key", ("fk-cycle-not-insertable",),
             bad="in a circle"),
        Item("Many-to-many links are unique", _pairs, "such link", ("junction-without-unique",),
             bad="may be there twice"),
        Item("One-to-one links are unique", _twos, "such link", ("one-to-one-without-unique",),
             bad="may be there twice"),
        Item("What refers to its own kind never names itself", _loops, "such link",
             ("self-reference-unguarded",), bad="may lead to itself"),
        Item("Deletes do what was promised, and no more", _of_action("CASCADE", "RESTRICT"), "key",
             ("privacy-delete-blocked", "cascade-blast-radius", "tenant-kept-by-ties",
              "hidden-parent-open", "keep-never-begins"),
             bad="look at"),
        Item("Moments know their zone", _of_kind("moment"), "moment",
             ("timestamp-without-time-zone",), bad="named like a moment, but is none"),
        Item("Amounts are exact", _of_kind("money"), "amount", ("inexact-money",), bad="inexact"),
        Item("Rules and defaults mean the same tomorrow", _facts, "fact",
             ("generated-or-check-not-deterministic", "frozen-default", "broken-rule",
              "broken-default", "reference-row-refused"), bad="does not"),
        Item("Tenants are kept apart", _tenants_tables, "table of tenants",
             ("policy-on-parents-only", "tenant-not-tied", "tenant-optional",
              "tenant-personal-open", "unique-across-tenants", "tenant-account-open",
              "job-sees-nothing", "looked-up-before-tenant", "not-found-before-tenant",
              "tenant-under-tenant", "shared-data-writable"), bad="open"),
    )),
    ("Stack alignment", (
        Item("The migration format is decided", lambda m: 1 + len(m.design.stack.tools or ()),
             "format", ("tool-not-written",), _no_tool, "not decided, or not written"),
        Item("The database holds every type and rule", _tables, "table",
             ("postgresql-", "mysql-", "mariadb-", "sqlite-", "mongodb-", "version-too-old"),
             bad="held with a loss, see the findings"),
        Item("Names need no quotes", _columns, "column", ("reserved-word",), _odd_names,
             "must be quoted, or is too long"),
        Item("Names can be typed, and are free in programs", _columns, "column",
             ("naming-convention", "orm-member-clash"), bad="look at"),
        Item("One name has one type", _columns, "column", ("same-name-different-type",),
             bad="two types"),
    )),
    ("Scalability", (
        Item("Keys do not run out, and lie together", _tables, "key",
             ("random-uuid-clustered", "pk-too-narrow"), bad="ends at 2 billion, or is scattered"),
        Item("No table is too big to leave whole", _tables, "table",
             ("partition-key-not-in-key", "partition-not-possible"), _whole_giants,
             "decide on partitions"),
        Item("Rows stay small", _columns, "column",
             ("large-object-in-row", "column-order-padding", "json-hides-columns"),
             bad="look at"),
    )),
    ("Documentation", (
        Item("Tables and columns are explained", _columns, "column", ("undocumented-object",),
             bad="says nothing"),
        Item("What is sensitive is protected", _facts, "fact", ("sensitive-column-exposed",),
             bad="open to every report"),
        Item("Roads not taken are told", lambda m: len(m.design.alternatives), "road",
             wrong=_few_roads, bad="fewer than a reader asks for"),
        Item("What is accepted has a reason", lambda m: len(m.design.waivers), "waiver",
             ("waiver-unneeded", "waiver-refused"), _without_reason, "no reason, or no need"),
    )),
)  # fmt: skip
"""Every line by group: what is counted, which rules must be silent, and what is said otherwise."""
