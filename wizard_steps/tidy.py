"""Leaves nothing behind that speaks of what is gone: links, patterns, references and rules."""

from __future__ import annotations

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity
from schemawalk.schema.expression import names
from schemawalk.schema.grammar import ExpressionError, parse


def ids(design: Design) -> frozenset[str]:
    """Ids of everything that others can speak of: entities, attributes, relationships."""
    named = {entity.id for entity in design.entities} | {r.id for r in design.relationships}
    return frozenset(named | {a.id for entity in design.entities for a in entity.attributes})


def without_dangling(design: Design, gone: frozenset[str]) -> Design:
    """The design without what spoke of the objects whose ids are given and that are not there."""
    lost = gone - ids(design)
    if not lost:
        return design
    entities = tuple(_entity(entity, lost) for entity in design.entities)
    links = tuple(
        link for link in design.relationships if not {link.a, link.b, link.payload} & lost
    )
    lost |= {link.id for link in design.relationships} - {link.id for link in links}
    patterns = tuple(_pattern(p, lost) for p in design.access_patterns if p.entity not in lost)
    return design.model_copy(
        update={"entities": entities, "relationships": links, "access_patterns": patterns}
    )


def _entity(entity: Entity, lost: frozenset[str]) -> Entity:
    local = {each.partition(".")[2] for each in lost if each.startswith(f"{entity.id}.")}
    update: dict[str, object] = {
        "attributes": tuple(_attribute(a, local) for a in entity.attributes),
        "rules": tuple(rule for rule in entity.rules if not _speaks_of(rule, local)),
    }
    if entity.owner in lost:
        update["owner"] = None
    if entity.identity:
        update["identity"] = tuple(i for i in entity.identity if i not in local | lost)
    return entity.model_copy(update=update)


def _attribute(attribute: Attribute, local: set[str]) -> Attribute:
    rules = tuple(rule for rule in attribute.rules or () if not _speaks_of(rule, local))
    return attribute.model_copy(update={"rules": rules}) if attribute.rules else attribute


def _pattern(pattern: AccessPattern, lost: frozenset[str]) -> AccessPattern:
    def kept(reference: str) -> bool:
        plain = reference.lstrip("-")
        return plain not in lost and f"{pattern.entity}.{plain}" not in lost

    local = {each.partition(".")[2] for each in lost if each.startswith(f"{pattern.entity}.")}
    return pattern.model_copy(
        update={
            "equals": tuple(filter(kept, pattern.equals)),
            "sort": tuple(filter(kept, pattern.sort)),
            "covering": tuple(filter(kept, pattern.covering)),
            "range": pattern.range if pattern.range and kept(pattern.range) else None,
            "fixed": tuple(rule for rule in pattern.fixed if not _speaks_of(rule, local)),
        }
    )


def _speaks_of(rule: str, local: set[str]) -> bool:
    try:
        return bool(local & set(names(parse(rule))))
    except ExpressionError:
        return False
