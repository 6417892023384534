"""One look over the work at hand: what every chapter wants to find quickly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from schemawalk.design.model import AccessPattern, Design, Entity, Note, Relationship, Step
from schemawalk.design.part import Part
from schemawalk.schema.around.reference_rows import Sought, reference_rows
from schemawalk.schema.derive import settled
from schemawalk.schema.dialects.notations import MONGODB
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import ForeignKey, Schema, Table
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.writers.stack_driven.in_documents import EMBEDDED, ON_DELETE, Home, homes_of
from schemawalk.writers.stack_driven.markdown import Markdown, code, inline, phrase
from schemawalk.writers.work import Work

Role = Literal["entity", "join", "list"]
"""Why a table is there: an entity, a many-to-many, or a list of values that users keep."""

TREES_OF_PARTS: Final = frozenset(("entity", "attribute", "relationship", "ending", "access"))
"""Trees whose questions are about one part of the design, which the question's id names."""


@dataclass(frozen=True)
class Survey:
    """A work, with what is looked up often found once."""

    work: Work

    @property
    def design(self) -> Design:
        """The answers."""
        return self.work.design

    @property
    def schema(self) -> Schema:
        """The tables, as the work's database holds them."""
        return self.work.schema

    @cached_property
    def homes(self) -> dict[str, Home]:
        """By table, in which documents its rows are; empty where rows are rows."""
        return homes_of(self.schema) if self.work.database == MONGODB.name else {}

    def on_delete(self, key: ForeignKey) -> str:
        """What a delete of what the key refers to does, as the database says it."""
        if not self.homes:
            return f"ON DELETE {key.on_delete}"
        return EMBEDDED if key.embedded else ON_DELETE[key.on_delete]

    @cached_property
    def lookup(self) -> Lookup:
        """The design as a graph."""
        return Lookup(self.design)

    @cached_property
    def steps(self) -> dict[str, tuple[int, Step]]:
        """Every step by id, with its place in the journey counted from 1."""
        return {step.id: (at, step) for at, step in enumerate(self.design.steps, start=1)}

    @cached_property
    def by_source(self) -> dict[str, Table]:
        """Tables by the permanent id of what they were derived from."""
        return {table.source: table for table in self.schema.tables if table.source}

    @cached_property
    def incoming(self) -> dict[str, list[tuple[Table, ForeignKey]]]:
        """Foreign keys by the table that they refer to, each with its own table."""
        found: dict[str, list[tuple[Table, ForeignKey]]] = defaultdict(list)
        for table, key in self.schema.references():
            found[key.references].append((table, key))
        return found

    @cached_property
    def reference_values(self) -> dict[str, dict[str, Value]]:
        """By table, what its first reference row says of itself: no key that a database gives."""
        found: dict[str, dict[str, Value]] = {}
        for row in reference_rows(self.design, self.schema):
            given = {n: v for n, v in row.values.items() if not isinstance(v, Sought)}
            ids = {column.name for column in row.table.columns if column.type.name == "uuid"}
            found.setdefault(row.table.name, {n: v for n, v in given.items() if n not in ids})
        return found

    @cached_property
    def cleaners(self) -> dict[str, Routine]:
        """Routines that remove what is past its time, by the table that they remove it from."""
        routines = self.schema.things(Routine)
        return {each.table: each for each in routines if each.purpose in ("purge", "roll")}

    @cached_property
    def notes(self) -> dict[str, Note]:
        """Notes by the part and field that their question is about: `document.owner`."""
        return {field_of(note.id): note for note in self.design.notes}

    @cached_property
    def notes_by_subject(self) -> dict[str, list[Note]]:
        """Notes by the id of the part whose field they speak of."""
        found: dict[str, list[Note]] = defaultdict(list)
        for note in self.design.notes:
            found[field_of(note.id).rpartition(".")[0]].append(note)
        return found

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """Lines of documents by the id of the part whose answers came from them."""
        return {
            subject: found
            for subject, notes in self.notes_by_subject.items()
            if (found := tuple(dict.fromkeys(note.source for note in notes if note.source)))
        }

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Everything that a note can speak of, by its id."""
        design = self.design
        found: dict[str, Part] = {**self.lookup.entities, **self.lookup.relationships}
        found |= {pattern.id: pattern for pattern in design.access_patterns}
        found |= self.lookup.attributes
        return found | {"stack": design.stack, "unsaid": design.unsaid, "product": design.product}

    @cached_property
    def owner_of(self) -> dict[str, str]:
        """The entity's id by the id of each attribute."""
        return {a.id: entity.id for entity in self.design.entities for a in entity.attributes}

    @cached_property
    def patterns(self) -> dict[str, list[AccessPattern]]:
        """Access patterns by the name of the table that they read."""
        found: dict[str, list[AccessPattern]] = defaultdict(list)
        for pattern in self.design.access_patterns:
            table = self.table_of(pattern.entity)
            if table:
                found[table.name].append(pattern)
        return found

    @cached_property
    def created_by(self) -> dict[str, list[Table]]:
        """Tables by the step that creates their rows."""
        found: dict[str, list[Table]] = defaultdict(list)
        for entity in self.lookup.tables:
            table = self.by_source.get(entity.id)
            if entity.created_by and table:
                found[entity.created_by].append(table)
        return found

    @cached_property
    def links(self) -> tuple[Relationship, ...]:
        """Relationships between things that are there, each read from the one to the many."""
        return tuple(self.settled(x) for x in self.design.relationships if x.id in self.ends)

    @cached_property
    def ends(self) -> dict[str, tuple[Entity, Entity]]:
        """The one and the many of each relationship between things that are there, by its id."""
        found = ((link.id, self.lookup.ends(link)) for link in self.design.relationships)
        return {link_id: ends for link_id, ends in found if ends}

    def settled(self, link: Relationship) -> Relationship:
        """The relationship as the schema takes it: turned round, and with its defaults."""
        a, b = self.ends[link.id]
        return settled(link, itself=a.id == b.id)

    def keys_of(self, link: Relationship) -> list[tuple[Table, ForeignKey]]:
        """The foreign keys that hold a relationship, each with its table.

        Where an entity stands between the two, its keys may have been there for a reason before.
        """
        own = self.keys_by_source.get(link.id, [])
        between = self.table_of(link.payload) if link.payload not in (None, "no") else None
        if between is None or len(own) > 1:
            return own
        wanted = [self.by_source[end.id].name for end in self.ends[link.id]]
        keys = (next((k for k in between.foreign_keys if k.references == w), None) for w in wanted)
        return [(between, key) for key in keys if key is not None]

    @cached_property
    def keys_by_source(self) -> dict[str, list[tuple[Table, ForeignKey]]]:
        """Foreign keys, each with its table, by the relationship that they come from."""
        found: dict[str, list[tuple[Table, ForeignKey]]] = defaultdict(list)
        for table, key in self.schema.references():
            found[key.source].append((table, key))
        return found

    def table_of(self, entity_id: str | None) -> Table | None:
        """The table in which an entity is found: its own, its synonym's or its owner's."""
        if entity_id not in self._tables_of:
            home = self.lookup.home(entity_id)
            self._tables_of[entity_id] = self.by_source.get(home.id) if home else None
        return self._tables_of[entity_id]

    @cached_property
    def _tables_of(self) -> dict[str | None, Table | None]:
        return {}

    def entity_of(self, table: Table) -> Entity | None:
        """The entity that a table stands for; None for join tables and lists."""
        return self.lookup.entities.get(table.source)

    def role(self, table: Table) -> Role:
        """Why a table is there."""
        if table.source in self.lookup.relationships:
            return "join"
        return "list" if table.source in self.lookup.attributes else "entity"

    def step_name(self, step_id: str) -> Markdown:
        """A step as readers know it: "step 2, Select frameworks"; other words as they are."""
        found = self.steps.get(step_id)
        if found is None:
            return inline(step_id)
        return phrase("step {}, {}", found[0], found[1].title)

    def who(self, pattern: AccessPattern) -> Markdown:
        """Who makes an access pattern: a step, a worker, a report."""
        return self.step_name(pattern.who) if pattern.who else inline("not said")

    def cited(self, note_id: str) -> Markdown:
        """Where an answer came from, in brackets; empty when nobody noted it."""
        note = self.notes.get(note_id)
        return phrase("({})", code(note.source)) if note and note.source else Markdown("")


def field_of(question_id: str) -> str:
    """A question's id without its tree, where the tree is about parts with ids of their own.

    `entity.document.owner` becomes `document.owner`; `stack.database` stays.
    """
    if question_id == "migration.tools":
        return "stack.tools"
    tree, _, rest = question_id.partition(".")
    return rest if tree in TREES_OF_PARTS else question_id


def rows_in(survey: Survey, entity: Entity) -> int:
    """Rows of an entity's table after a year: as answered, or as its archetype suggests."""
    return entity.rows if entity.rows is not None else survey.lookup.archetype(entity).rows


def counted(count: int, noun: str, several: str = "") -> str:
    """A number with its noun: "1 table", "12 indexes"."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"
