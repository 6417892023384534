"""The review: rules that a design must pass before anything is written; one function a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from schemawalk.design.model import Design
from schemawalk.printable import printable
from schemawalk.schema.capability import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects import DIALECTS
from schemawalk.schema.gaps import half_lives, lost_parents, unwritten_tools
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.model import Finding, ForeignKey, Schema, Severity, Table
from schemawalk.schema.names import LONGEST
from schemawalk.schema.recorded import recorded
from schemawalk.schema.reserved import RESERVED
from schemawalk.schema.sentences import one


@dataclass(frozen=True)
class Review:
    """A schema and everything that was found about it, errors first."""

    schema: Schema
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether an error stands in the way of writing."""
        return any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True)
class Matter:
    """What a rule looks at."""

    design: Design
    schema: Schema
    lookup: Lookup = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lookup", Lookup(self.design))


Found = Iterator[tuple[str, str, str]]
"""Subject, message, fix."""


@dataclass(frozen=True)
class Rule:
    """One row of the table of rules."""

    id: str
    severity: Severity
    find: Callable[[Matter], Found]


_ORDER: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "hint": 2}


def review(design: Design) -> Review:
    """Derive the schema and look it over; findings are in a stable order, errors first."""
    derived = derive(design)
    matter = Matter(design, derived.schema)
    found = [
        Finding(rule.id, rule.severity, subject, message, fix)
        for rule in RULES
        for subject, message, fix in rule.find(matter)
    ]
    database = design.stack.database or "postgresql"
    lost = (
        fit(derived.schema, database, design.stack.version).findings if database in DIALECTS else ()
    )
    findings = (*derived.problems, *found, *lost)
    return Review(derived.schema, tuple(sorted(findings, key=lambda f: _ORDER[f.severity])))


def _untraced(matter: Matter) -> Found:
    for entity in matter.lookup.tables:
        if not entity.steps and not entity.origin:
            yield (
                entity.id,
                f"No step of the journey speaks of {entity.name}.",
                "Name the step that needs it, say why it is there, or drop it.",
            )


def _never_created(matter: Matter) -> Found:
    for entity in matter.lookup.tables:
        if entity.created_by is None and "entities" in matter.design.done:
            yield (
                entity.id,
                f"Nothing says which step creates {entity.name}.",
                "Name the step, or say that it is seeded or written by the system.",
            )


def _undecided(matter: Matter) -> Found:
    for link in matter.design.relationships:
        if link.on_delete is None and matter.lookup.ends(link):
            yield (
                link.id,
                f"What happens on delete was not decided for {link.id}; meanwhile a default holds.",
                "Answer it: goes with it, stays without it, or blocks.",
            )


def _set_null_on_not_null(matter: Matter) -> Found:
    for table, key in matter.schema.references():
        required = [c for c in key.columns if not table.column(c).nullable]
        if key.on_delete == "SET NULL" and required:
            yield (
                key.source,
                f"{table.name}.{required[0]} is NOT NULL and SET NULL at once: the delete would "
                "fail on a real row.",
                "Make the relationship optional, or choose CASCADE or RESTRICT.",
            )


def _enum_without_check(matter: Matter) -> Found:
    for attribute in matter.lookup.attributes.values():
        listed = attribute.values or attribute.kept_by == "users"
        if kind_of(attribute).id == "one-of" and not listed and _lives(matter, attribute.id):
            yield (
                attribute.id,
                f"{attribute.id} is one of a fixed list, but the list is not written down.",
                "List its values, or say that users keep the list.",
            )


def _lives(matter: Matter, attribute_id: str) -> bool:
    entity = matter.lookup.entities.get(attribute_id.partition(".")[0])
    return entity is not None and matter.lookup.persists(entity)


def _bare_reference(matter: Matter) -> Found:
    for attribute in matter.lookup.attributes.values():
        if kind_of(attribute).id == "reference" and _lives(matter, attribute.id):
            yield (
                attribute.id,
                f"{attribute.id} points at a row that the database cannot check.",
                "Make it a relationship: it gets a foreign key and an index.",
            )


def _nullable_unique(matter: Matter) -> Found:
    for table in matter.schema.tables:
        for unique in table.uniques:
            null = [c for c in unique.columns if table.column(c).nullable]
            if null:
                yield (
                    unique.source,
                    f"{unique.name} lets in any number of rows whose {null[0]} is NULL: NULLs are "
                    "never equal.",
                    "Make it required, or accept that only values are unique.",
                )


def _not_insertable(matter: Matter) -> Found:
    for table, key in matter.schema.references():
        itself = key.references == table.name
        if (key.deferred or itself) and not any(table.column(c).nullable for c in key.columns):
            yield (
                key.source,
                f"{table.name} needs {key.references}, which needs {table.name}: no first row can "
                "be inserted.",
                "Make one of the relationships in the circle optional.",
            )


def _only_null(matter: Matter) -> Found:
    for table in matter.schema.tables:
        keys = set(table.primary_key.columns)
        rest = [c for c in table.columns if c.name not in keys]
        if rest and all(c.nullable for c in rest):
            yield (
                table.source,
                f"Every column of {table.name} may be NULL: a row may say nothing.",
                "Decide which facts are known from the start.",
            )


def _no_created_at(matter: Matter) -> Found:
    for table in matter.schema.tables:
        moments = {c.name for c in table.columns if c.type.name == "timestamptz"}
        if not moments and table.source in matter.lookup.entities:
            yield (
                table.source,
                f"{table.name} does not say when a row came.",
                "Add created_at with the default now.",
            )


def _reserved(matter: Matter) -> Found:
    words = RESERVED.get(matter.design.stack.database or "postgresql", frozenset())
    for table in matter.schema.tables:
        for name in (table.name, *(c.name for c in table.columns)):
            if name in words:
                yield (
                    table.source,
                    f"{name} in {table.name} is a word of the database: everybody must quote it.",
                    "Choose another word.",
                )


def _blocked_privacy(matter: Matter) -> Found:
    """A person whose rows go by CASCADE, while another path refuses the delete."""
    for entity in matter.lookup.tables:
        if matter.lookup.archetype(entity).id != "person":
            continue
        table = next((t for t in matter.schema.tables if t.source == entity.id), None)
        if table is None:
            continue
        refusing = [
            (child, key)
            for child, key in _reached(matter.schema, table)
            if key.on_delete in ("RESTRICT", "NO ACTION")
        ]
        cascades = any(
            key.references == table.name and key.on_delete == "CASCADE"
            for _, key in matter.schema.references()
        )
        if cascades and refusing:
            child, key = refusing[0]
            yield (
                entity.id,
                f"Deleting {one(entity)} rows is promised by CASCADE, yet {child.name} refuses it "
                f"({key.name}).",
                f"Let {child.name} keep its rows without it (SET NULL), or go too.",
            )


def _reached(schema: Schema, start: Table) -> Iterator[tuple[Table, ForeignKey]]:
    """Every foreign key that a delete in `start` meets, following CASCADE."""
    seen, waiting = {start.name}, [start.name]
    while waiting:
        name = waiting.pop()
        for child, key in schema.references():
            if key.references == name:
                yield child, key
                if key.on_delete == "CASCADE" and child.name not in seen:
                    seen.add(child.name)
                    waiting.append(child.name)


def _unknown_owner(matter: Matter) -> Found:
    for entity in matter.lookup.tables:
        if entity.owner not in (None, "", "system", *matter.lookup.entities):
            yield (
                entity.id,
                f"{entity.name} is said to belong to {entity.owner}, which does not exist.",
                "Name an entity that exists, or system.",
            )


def _vanishing(matter: Matter) -> Found:
    for entity in matter.design.entities:
        lost = entity.persists != "no" and matter.lookup.home(entity.id) is None
        merged = entity.same_as not in (None, "", "no")
        if lost or (merged and entity.attributes):
            yield (
                entity.id,
                f"{entity.name} should be remembered, yet nothing of it reaches a table: what it "
                "is a part of, or another word for, has none, or leads back to it.",
                "Give it a table of its own, or let it stand for something that has one.",
            )


def _lookup_without_rows(matter: Matter) -> Found:
    for attribute in matter.lookup.attributes.values():
        if attribute.kept_by == "users" and attribute.values and _lives(matter, attribute.id):
            yield (
                attribute.id,
                f"Users keep the list of {attribute.id}, so its {len(attribute.values)} values are "
                "rows and not rules: no file inserts them yet.",
                "Insert them before the first row that refers to them.",
            )


def _unwritten_database(matter: Matter) -> Found:
    database = matter.design.stack.database
    if database and database not in DIALECTS:
        known = " and ".join(dialect.title for dialect in DIALECTS.values())
        yield (
            "stack.database",
            f"The stack says {database}, and nothing is written for it yet, only for {known}.",
            "Answer stack.database anew; what you see here is for PostgreSQL.",
        )


def _long_enum_value(matter: Matter) -> Found:
    for enum in matter.schema.enums:
        for value in enum.values:
            if len(value.encode()) > LONGEST:
                yield (
                    enum.source,
                    f"The value {value[:20]!r}… of {enum.name} is longer than {LONGEST} bytes, "
                    "which a native enum cannot hold.",
                    "Shorten it, or let a CHECK or a lookup table hold the list.",
                )


def _control_characters(matter: Matter) -> Found:
    for attribute in matter.lookup.attributes.values():
        texts = (*(attribute.values or ()), attribute.default or "", *(attribute.rules or ()))
        if any(printable(text) != text for text in texts):
            yield (
                attribute.id,
                f"{attribute.id} has a value, default or rule with control characters; they are "
                "left out of the schema.",
                "Write it without them.",
            )


def _recorded(matter: Matter) -> Found:
    yield from recorded(matter.design, matter.lookup)


RULES: Final = (
    Rule("entity-vanishes", "error", _vanishing),
    Rule("database-not-written", "error", _unwritten_database),
    Rule("enum-value-too-long", "error", _long_enum_value),
    Rule("set-null-on-not-null", "error", _set_null_on_not_null),
    Rule("exclusive-key-set-null", "error", lambda m: lost_parents(m.lookup)),
    Rule("fk-cycle-not-insertable", "error", _not_insertable),
    Rule("delete-behaviour-undecided", "warning", _undecided),
    Rule("privacy-delete-blocked", "warning", _blocked_privacy),
    Rule("owner-unknown", "warning", _unknown_owner),
    Rule("entity-untraced", "warning", _untraced),
    Rule("entity-lifecycle-gap", "warning", _never_created),
    Rule("enum-like-without-check", "warning", _enum_without_check),
    Rule("reference-without-fk", "warning", _bare_reference),
    Rule("lookup-without-rows", "warning", _lookup_without_rows),
    Rule("control-characters", "warning", _control_characters),
    Rule("nullable-unique", "warning", _nullable_unique),
    Rule("all-columns-nullable", "warning", _only_null),
    Rule("entity-lifecycle-gap", "hint", lambda m: half_lives(m.design, m.lookup)),
    Rule("no-audit-timestamps", "hint", _no_created_at),
    Rule("reserved-word", "hint", _reserved),
    Rule("tool-not-written", "hint", lambda m: unwritten_tools(m.design)),
    Rule("not-in-sql", "hint", _recorded),
)
"""All rules, the gravest first."""
