"""Leaves nothing behind that speaks of what is gone: links, patterns, references and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Final, TypeVar

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship, Rule
from schemawalk.design.part import Part
from schemawalk.schema.around.seed_rows import without_columns
from schemawalk.schema.language.expression import names
from schemawalk.schema.language.grammar import ExpressionError, parse

_Told = TypeVar("_Told", bound=Part)
"""A part of the design that steps speak of."""


def ids(design: Design) -> frozenset[str]:
    """Ids of everything that others can speak of: entities, attributes, relationships."""
    named = {entity.id for entity in design.entities} | {r.id for r in design.relationships}
    return frozenset(named | {a.id for entity in design.entities for a in entity.attributes})


def without_dangling(design: Design, gone: frozenset[str]) -> Design:
    """The design without what spoke of the objects whose ids are given and that are not there."""
    lost = gone - ids(design)
    if not lost:
        return design
    links = [link for link in design.relationships if not {link.a, link.b, link.payload} & lost]
    lost |= {link.id for link in design.relationships} - {link.id for link in links}
    return design.model_copy(
        update={
            "relationships": tuple(_link(link, lost) for link in links),
            "entities": tuple(_entity(entity, lost) for entity in design.entities),
            "access_patterns": tuple(
                _pattern(p, lost) for p in design.access_patterns if p.entity not in lost
            ),
            "rules": tuple(_rule(r, lost) for r in design.rules if r.entity not in lost),
            "finishes": tuple(f for f in design.finishes if f.entity not in lost),
        }
    )


def without_steps(design: Design, gone: Set[str]) -> Design:
    """The design in which nothing names the steps of the journey whose ids are given."""
    if not gone:
        return design
    return design.model_copy(
        update={
            "entities": tuple(_untold(entity, gone) for entity in design.entities),
            "relationships": tuple(_fewer(r, gone) for r in design.relationships),
            "access_patterns": tuple(
                p.model_copy(update={"who": ""}) if p.who in gone else p
                for p in design.access_patterns
            ),
            "rules": tuple(_fewer(rule, gone) for rule in design.rules),
            "finishes": tuple(_fewer(finish, gone) for finish in design.finishes),
        }
    )


def _fewer(part: _Told, gone: Set[str], fields: Iterable[str] = ("steps",)) -> _Told:
    """A part of the design without the lost steps in its lists of steps."""
    update = {
        field: tuple(step for step in said if step not in gone)
        for field in fields
        if (said := getattr(part, field)) and gone & set(said)
    }
    return part.model_copy(update=update) if update else part


def _untold(entity: Entity, gone: Set[str]) -> Entity:
    update: dict[str, object] = {
        "attributes": tuple(
            _fewer(a.model_copy(update={"known_by": None}) if a.known_by in gone else a, gone)
            for a in entity.attributes
        )
    }
    if entity.created_by in gone:
        update["created_by"] = None
    lists = ("steps", "read_by", "changed_by", "ended_by")
    return _fewer(entity, gone, lists).model_copy(update=update)


def _local(entity_id: str, lost: frozenset[str]) -> set[str]:
    """Names that rules of an entity use for what is lost."""
    return {each.partition(".")[2] for each in lost if each.startswith(f"{entity_id}.")}


def _link(link: Relationship, lost: frozenset[str]) -> Relationship:
    if not lost & set(link.one_of or ()):
        return link
    others = tuple(each for each in link.one_of or () if each not in lost)
    return link.model_copy(update={"one_of": others})


def _entity(entity: Entity, lost: frozenset[str]) -> Entity:
    local = _local(entity.id, lost)
    update: dict[str, object] = {
        "attributes": tuple(_attribute(a, local | lost) for a in entity.attributes),
        "rules": tuple(rule for rule in entity.rules if not _speaks_of(rule, local)),
    }
    if entity.seeds and local:
        rows = (without_columns(row, local) for row in entity.seeds)
        update["seeds"] = tuple(row for row in rows if row)
    for field in ("owner", "same_as"):
        if getattr(entity, field) in lost:
            update[field] = None
    if entity.identity:
        update["identity"] = tuple(i for i in entity.identity if i not in local | lost)
    if entity.partition_by in local:
        update |= {"partition": None, "partition_by": None}
    return entity.model_copy(update=update)


def _attribute(attribute: Attribute, lost: set[str]) -> Attribute:
    """The attribute without what spoke of lost attributes (local id) or relationships (id)."""
    update: dict[str, object] = {}
    for field, spoke in _SPEAKING.items():
        said = getattr(attribute, field)
        kept = tuple(each for each in said or () if not spoke(each, lost))
        if said and kept != said:
            update[field] = kept
    if attribute.computed and _speaks_of(attribute.computed, lost):
        update["computed"] = None
    return attribute.model_copy(update=update) if update else attribute


def _pattern(pattern: AccessPattern, lost: frozenset[str]) -> AccessPattern:
    def kept(reference: str) -> bool:
        plain = reference.lstrip("-")
        return plain not in lost and f"{pattern.entity}.{plain}" not in lost

    local = _local(pattern.entity, lost)
    update: dict[str, object] = {
        field: tuple(filter(kept, getattr(pattern, field)))
        for field in ("equals", "among", "sort", "covering")
    }
    for field in ("range", "contains"):
        said = getattr(pattern, field)
        update[field] = said if said and kept(said) else None
    update["fixed"] = tuple(rule for rule in pattern.fixed if not _speaks_of(rule, local))
    return pattern.model_copy(update=update)


def _rule(rule: Rule, lost: frozenset[str]) -> Rule:
    local = _local(rule.entity, lost)
    update: dict[str, object] = {}
    if rule.over and (local | lost) & set(rule.over):
        update["over"] = tuple(each for each in rule.over if each not in local | lost)
    if rule.parent in lost:
        update |= {"parent": None, "expression": None}
    if rule.expression and rule.looks_at != "parent" and _speaks_of(rule.expression, local):
        update["expression"] = None
    return rule.model_copy(update=update) if update else rule


def _speaks_of(rule: str, local: Set[str]) -> bool:
    try:
        return bool(local & set(names(parse(rule))))
    except ExpressionError:
        return False


def _names(reference: str, lost: Set[str]) -> bool:
    return reference in lost


def _in_a_state(condition: str, lost: Set[str]) -> bool:
    """Whether `completed: completed_at is not null` speaks of what is lost."""
    return _speaks_of(condition.partition(":")[2], lost)


_SPEAKING: Final[Mapping[str, Callable[[str, Set[str]], bool]]] = {
    "rules": _speaks_of,
    "must_hold": _in_a_state,
    "unique_with": _names,
    "computed_from": _names,
}
"""Fields of an attribute that speak of others, and how to tell."""
