"""A design seen as a graph: which entity stands for which, and what has a table of its own."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship
from schemawalk.schema.tables.archetypes import Archetype, archetype_of

LOG: Final = "unsaid.audit"
"""The origin of the entity that is the log of changes, where the design has one."""


class Lookup:
    """Quick answers about the objects of one design."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.entities = {entity.id: entity for entity in design.entities}
        self.relationships = {link.id: link for link in design.relationships}
        self._homes: dict[str, Entity | None] = {}

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Every attribute by its id."""
        return {a.id: a for entity in self.design.entities for a in entity.attributes}

    def standing(self, entity_id: str) -> Entity | None:
        """The entity that an id stands for, other words for the same thing followed.

        None for an unknown id, and for words that only lead to each other.
        """
        seen = set()
        entity = self.entities.get(entity_id)
        while entity and entity.same_as not in (None, "", "no"):
            if entity.id in seen:
                return None
            seen.add(entity.id)
            entity = self.entities.get(entity.same_as or "")
        return entity

    def persists(self, entity: Entity) -> bool:
        """Whether it is remembered at all; yes while nobody said otherwise."""
        return entity.persists != "no" and entity.same_as in (None, "", "no")

    def folded(self, entity: Entity) -> bool:
        """Whether it lives as columns of its owner's table."""
        owned = entity.owner not in (None, "", "system") and entity.owner in self.entities
        return owned and entity.many == "no" and entity.apart == "no"

    def has_table(self, entity: Entity) -> bool:
        """Whether it becomes a table of its own."""
        return self.persists(entity) and not self.folded(entity)

    @cached_property
    def tables(self) -> tuple[Entity, ...]:
        """The entities that become tables, in the design's order."""
        return tuple(entity for entity in self.design.entities if self.has_table(entity))

    def home(self, entity_id: str | None) -> Entity | None:
        """The entity in whose table an id is found: itself, its synonym's, or its owner's."""
        known = entity_id or ""
        if known not in self._homes:
            self._homes[known] = self._home(known)
        return self._homes[known]

    def _home(self, entity_id: str) -> Entity | None:
        seen: set[str] = set()
        entity = self.standing(entity_id)
        while entity and self.folded(entity) and entity.id not in seen:
            seen.add(entity.id)
            entity = self.standing(entity.owner or "")
        return entity if entity and self.has_table(entity) else None

    def living_in(self, entity_id: str) -> tuple[Entity, ...]:
        """The entities whose facts are columns of that entity's table, in the design's order."""
        return self._living_in.get(entity_id, ())

    @cached_property
    def _living_in(self) -> dict[str, tuple[Entity, ...]]:
        found: dict[str, list[Entity]] = {}
        for entity in self.design.entities:
            if home := self.home(entity.id):
                found.setdefault(home.id, []).append(entity)
        return {home: tuple(entities) for home, entities in found.items()}

    def archetype(self, entity: Entity) -> Archetype:
        """Its archetype, as answered or as its name suggests."""
        return archetype_of(entity.archetype, entity.name)

    def of_archetype(self, archetype_id: str) -> tuple[Entity, ...]:
        """The entities of an archetype that become tables, in the design's order."""
        return self._by_archetype.get(archetype_id, ())

    @cached_property
    def _by_archetype(self) -> dict[str, tuple[Entity, ...]]:
        found: dict[str, list[Entity]] = {}
        for entity in self.tables:
            found.setdefault(self.archetype(entity).id, []).append(entity)
        return {archetype: tuple(entities) for archetype, entities in found.items()}

    @cached_property
    def log(self) -> Entity | None:
        """The entity into whose table triggers write what changes elsewhere; None without one."""
        asked = {self.design.keeping.versions, *(each.versions for each in self.design.entities)}
        logs = (entity for entity in self.tables if entity.origin == LOG)
        return next(logs, None) if "log" in asked else None

    def parents(self, entity_id: str) -> tuple[tuple[Relationship, Entity], ...]:
        """The relationships that give a table a foreign key, each with the table it points at."""
        return self._parents.get(entity_id, ())

    @cached_property
    def _parents(self) -> dict[str, tuple[tuple[Relationship, Entity], ...]]:
        found: dict[str, list[tuple[Relationship, Entity]]] = {}
        for link in self.design.relationships:
            ends = self.ends(link)
            if ends and not (link.many_b == "yes" and link.many_a == "yes"):
                found.setdefault(ends[1].id, []).append((link, ends[0]))
        return {child: tuple(parents) for child, parents in found.items()}

    def patterns_of(self, entity_id: str) -> tuple[AccessPattern, ...]:
        """The access patterns that name an entity, in the design's order."""
        return self._patterns.get(entity_id, ())

    @cached_property
    def _patterns(self) -> dict[str, tuple[AccessPattern, ...]]:
        found: dict[str, list[AccessPattern]] = {}
        for pattern in self.design.access_patterns:
            found.setdefault(pattern.entity, []).append(pattern)
        return {entity: tuple(patterns) for entity, patterns in found.items()}

    @cached_property
    def exclusive(self) -> dict[str, tuple[str, ...]]:
        """By relationship, all those of which a row has exactly one, where keys keep it so."""
        found: dict[str, tuple[str, ...]] = {}
        for link in self.design.relationships:
            if link.one_of and link.one_of_form in (None, "keys"):
                group = (link.id, *(each for each in link.one_of if each in self.relationships))
                found |= dict.fromkeys(group, group)
        return found

    @cached_property
    def arcs(self) -> dict[str, tuple[str, ...]]:
        """By relationship, all those that share one key: a common parent's, or a type and an id."""
        found: dict[str, tuple[str, ...]] = {}
        for link in self.design.relationships:
            if link.one_of and link.one_of_form in ("parent", "type-id"):
                group = (link.id, *(each for each in link.one_of if each in self.relationships))
                if link.id not in found and len(group) > 1:
                    found |= dict.fromkeys(group, group)
        return found

    def ends(self, link: Relationship) -> tuple[Entity, Entity] | None:
        """Parent and child of a relationship as tables; None when one of them has no table.

        "N:1" is turned round, so that the first is always the one.
        """
        a, b = self.home(link.a), self.home(link.b)
        if a is None or b is None:
            return None
        turned = link.many_b == "no" and link.many_a == "yes"
        return (b, a) if turned else (a, b)
