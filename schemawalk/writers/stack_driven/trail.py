"""The trail: who decided what, from where, why, and what was turned down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute, Entity, Note, Relationship
from schemawalk.design.part import Part
from schemawalk.schema.kinds import KINDS
from schemawalk.schema.sentences import one
from schemawalk.schema.tables.archetypes import ARCHETYPES
from schemawalk.writers.stack_driven.markdown import Markdown, code, inline, phrase
from schemawalk.writers.stack_driven.survey import Survey, field_of

QUESTIONS: Final[Mapping[str, str]] = {
    "persists": "Outlives the session",
    "owner": "Belongs to",
    "many": "One owner can have several",
    "apart": "Kept apart from its owner",
    "identity": "Two are the same when they share",
    "archetype": "Most like",
    "created_by": "Created by",
    "rows": "Rows after a year",
    "same_as": "Another word for",
    "lives_in": "Lives in",
    "kind": "Kind of fact",
    "length": "Longest text",
    "largest": "Largest value",
    "currency": "Currency",
    "values": "Possible values",
    "kept_by": "The list is kept by",
    "required": "Known from",
    "known_by": "Known by",
    "default": "Default",
    "unique": "Unique",
    "rules": "Rules",
    "sensitivity": "Sensitivity",
    "many_b": "One has several of the other",
    "many_a": "The other belongs to several",
    "optional": "Can be without it",
    "payload": "The link carries facts of its own",
    "ordered": "People choose the order",
    "on_delete": "When the parent is deleted",
    "on_delete_b": "When the other end is deleted",
    "index": "Index",
    "often": "How often",
    "database": "Database",
    "version": "Version",
    "language": "Language",
    "framework": "Framework",
    "tenancy": "Tenancy",
    "identifiers": "Identifiers",
    "tools": "Migration tools",
}
"""What each field of the design answers, as a reader would say it."""

OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "on_delete": {
        "cascade": "delete the rows with it",
        "set-null": "keep the rows, without it",
        "restrict": "refuse while there are rows",
    },
    "kept_by": {
        "developers": "text with a CHECK",
        "shared": "a native enum type",
        "users": "a lookup table",
    },
    "required": {"start": "NOT NULL", "later": "NULL until then", "optional": "NULL is fine"},
    "largest": {"integer": "integer, up to 2 billion", "bigint": "bigint"},
    "identifiers": {
        "uuid": "UUID",
        "uuid-v4": "UUID, version 4",
        "bigint": "a counting bigint",
    },
    "tenancy": {
        "none": "nobody shares the tables",
        "shared": "shared tables with a tenant's key",
        "separate": "a schema or database for each tenant",
    },
}
"""For questions with real alternatives: what each answer leads to."""

_AUTHORS: Final[Mapping[str, str]] = {
    "user": "decided by a person",
    "document": "taken from a document",
    "default": "the recommended default",
}
_ENTITY_FIELDS: Final = ("owner", "many", "apart", "identity", "archetype", "created_by", "rows")
"""What is told of every entity, noted or not."""


@dataclass(frozen=True)
class Decision:
    """One answer, with what is known about it."""

    question: str
    answer: Markdown
    by: str = ""
    source: str = ""
    why: str = ""
    turned_down: str = ""
    open: bool = False


def decisions_by_table(survey: Survey) -> dict[str, tuple[Decision, ...]]:
    """The trail of every table: its entity's answers, and what is noted below it."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for entity in survey.lookup.tables:
        table = survey.by_source.get(entity.id)
        if table:
            found[table.name] += _of_entity(survey, entity)
    for subject, part in _parts(survey):
        for note in survey.notes_by_subject.get(subject, ()):
            table = survey.table_of(_home(survey, part))
            field = field_of(note.id).rpartition(".")[2]
            told = isinstance(part, Entity) and field in _ENTITY_FIELDS
            if table and not told:
                about = _about(survey, part)
                found[table.name].append(decision(survey, part, field, note, about))
    return {name: tuple(decisions) for name, decisions in found.items()}


def _of_entity(survey: Survey, entity: Entity) -> Iterator[Decision]:
    for field in _ENTITY_FIELDS:
        value = getattr(entity, field)
        if value is not None:
            note = survey.notes.get(f"{entity.id}.{field}")
            yield decision(survey, entity, field, note)


def _parts(survey: Survey) -> Iterator[tuple[str, Part]]:
    for entity in survey.design.entities:
        yield entity.id, entity
        yield from ((attribute.id, attribute) for attribute in entity.attributes)
    yield from ((link.id, link) for link in survey.design.relationships)


def _home(survey: Survey, part: Part) -> str | None:
    if isinstance(part, Relationship):
        ends = survey.ends.get(part.id)
        return ends[1].id if ends else None
    if isinstance(part, Attribute):
        return survey.owner_of.get(part.id)
    return part.id if isinstance(part, Entity) else None


def _about(survey: Survey, part: Part) -> Markdown:
    if isinstance(part, Attribute):
        return code(part.name)
    if isinstance(part, Relationship) and (ends := survey.ends.get(part.id)):
        return phrase("{} and {}", one(ends[0]), one(ends[1]))
    return Markdown("")


def decision(
    survey: Survey, part: Part, field: str, note: Note | None, about: str = ""
) -> Decision:
    """One answer of `part` with what its note says; `about` names the part when it is a detail."""
    value = getattr(part, field, None)
    asked = QUESTIONS.get(field, field.replace("_", " "))
    return Decision(
        question=phrase("{}: {}", about, asked[:1].lower() + asked[1:]) if about else inline(asked),
        answer=said(survey, field, value),
        by=_AUTHORS[note.by] if note else "",
        source=note.source if note else "",
        why=note.why if note else "",
        turned_down=_turned_down(field, value),
        open=note.unknown if note else False,
    )


def said(survey: Survey, field: str, value: object) -> Markdown:
    """An answer's value in words: ids become names, lists get commas."""
    if value is None:
        return Markdown("not decided")
    if isinstance(value, tuple):
        named = [_named(survey, item) for item in value]
        return Markdown(", ".join(named)) if named else Markdown("nothing but the id")
    if isinstance(value, str):
        led = OPTIONS.get(field, {}).get(value) or _LABELS.get(field, {}).get(value)
        return inline(led) if led else _named(survey, value)
    return phrase("{}", value)


_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {kind.id: kind.label for kind in KINDS.values()},
    "archetype": {row.id: row.label for row in ARCHETYPES.values()},
    "created_by": {"system": "the system itself", "seeded": "seed data"},
    "language": {
        "python": "Python",
        "typescript": "TypeScript",
        "javascript": "JavaScript",
        "go": "Go",
        "ruby": "Ruby",
    },
}
"""For questions whose answers are ids of rows elsewhere: how they are called."""


def _named(survey: Survey, value: object) -> Markdown:
    text = str(value)
    if text in survey.steps:
        return survey.step_name(text)
    entity = survey.lookup.entities.get(text)
    if entity:
        return inline(one(entity))
    link = survey.lookup.relationships.get(text)
    if link and (ends := survey.ends.get(link.id)):
        return inline(one(ends[0]))
    return inline("nobody, the system" if text == "system" else text)


def _turned_down(field: str, value: object) -> str:
    options = OPTIONS.get(field, {})
    if value not in options:
        return ""
    return "; ".join(led for option, led in options.items() if option != value)


@dataclass(frozen=True)
class Open:
    """A question that nobody could answer yet, or an answer to be looked at again."""

    question: Markdown
    holds: Markdown
    impact: str


@dataclass(frozen=True)
class Questions:
    """What is still open."""

    unknown: tuple[Open, ...]
    again: tuple[Open, ...]


def open_questions(survey: Survey) -> Questions | None:
    """Answers of "I don't know yet", and answers that should be looked at again."""
    unknown = tuple(_open(survey, n, n.impact) for n in survey.design.notes if n.unknown)
    again = tuple(_open(survey, n, n.look_again) for n in survey.design.notes if n.look_again)
    return Questions(unknown, again) if unknown or again else None


def _open(survey: Survey, note: Note, impact: str) -> Open:
    subject, _, field = field_of(note.id).rpartition(".")
    part = survey.parts.get(subject)
    asked = QUESTIONS.get(field, field.replace("_", " "))
    value = getattr(part, field, None) if part else None
    return Open(
        phrase("{}: {}", _subject(survey, subject, part), asked[:1].lower() + asked[1:]),
        said(survey, field, value),
        impact,
    )


def _subject(survey: Survey, subject: str, part: Part | None) -> Markdown:
    if isinstance(part, Entity):
        return inline(part.name)
    if isinstance(part, Relationship):
        return _about(survey, part) or inline(subject)
    return code(subject) if part else inline(subject)
