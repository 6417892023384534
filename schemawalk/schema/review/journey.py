"""Rules about the journey: nothing without a step, nothing half alive, nothing left undecided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.model import AccessPattern, Attribute, Entity, Relationship
from schemawalk.schema.model import Table
from schemawalk.schema.review.indexes import SLOW, few_values
from schemawalk.schema.review.rule import Answers, Found, Matter, Rule, Said, local
from schemawalk.schema.sentences import shape
from schemawalk.schema.tables.indexes import references, rows_of
from schemawalk.schema.tables.lookup import Lookup


def _untraced(matter: Matter) -> Found:
    """What no step needs; nothing where there is no journey."""
    return _without_steps(matter) if matter.design.steps else iter(())


def _without_journey(matter: Matter) -> Found:
    """What no step can need, as there is none."""
    return iter(()) if matter.design.steps else _without_steps(matter)


def _without_steps(matter: Matter) -> Found:
    for entity in matter.lookup.tables:
        told = (entity.steps, entity.read_by, entity.changed_by, entity.ended_by)
        if not any(told) and not entity.origin and not _made_in_a_step(matter, entity):
            yield Said(
                entity.id,
                f"No step of the journey speaks of {entity.name}.",
                "Name the step that needs it, accept this with the reason why it is there, or drop "
                "it.",
            )


def _made_in_a_step(matter: Matter, entity: Entity) -> bool:
    return any(step.id == entity.created_by for step in matter.design.steps)


def _half_alive(matter: Matter) -> Found:
    """Entities that nothing creates, or that nothing reads; what others refer to is read by it."""
    asked_for = {pattern.entity for pattern in matter.design.access_patterns}
    asked_for |= {ends[0].id for ends in map(matter.lookup.ends, matter.design.relationships)
                  if ends}  # fmt: skip
    gone_through = "entities" in matter.design.done
    for entity in matter.lookup.tables:
        if entity.created_by is None and (gone_through or entity.read_by):
            read = "is read, and nothing" if entity.read_by else "is there, and nothing"
            yield Said(
                entity.id,
                f"{entity.name} {read} says which step creates it.",
                "Name the step, or say that it is seeded or written by the system.",
                _first_step(matter, entity),
            )
        unread = entity.read_by == () and entity.id not in asked_for
        if unread and entity.created_by not in (None, "system"):
            yield Said(
                entity.id,
                f"{entity.name} is created, and neither a step nor an access pattern reads it.",
                "Name the step that shows it, or leave it out.",
            )


def _first_step(matter: Matter, entity: Entity) -> Answers:
    known = {step.id for step in matter.design.steps}
    first = next((step for step in entity.steps if step in known), "")
    return ((f"entity.{entity.id}.created_by", (first,)),) if first else ()


def _dead_columns(matter: Matter) -> Found:
    """Facts that may be absent, that no step sets, and that nothing asks for."""
    if not matter.design.steps:
        return
    used = _used(matter)
    for entity, fact in matter.facts:
        asked = used.get(entity.id, frozenset())
        if _is_idle(fact) and local(fact.id) not in asked and fact.id in matter.placed:
            others = tuple(local(a.id) for a in entity.attributes if a.id != fact.id)
            yield Said(
                fact.id,
                f"No step sets {fact.id}, it follows from nothing, and nothing asks for it.",
                "Say that it is known from the start or by which step, or leave it out.",
                ((f"facts.{entity.id}.which", others),) if others else (),
            )


def _is_idle(fact: Attribute) -> bool:
    told = fact.steps or fact.known_by or fact.computed or fact.rules or fact.purpose
    given = fact.default not in (None, "", "none")
    return not told and not given and fact.required in ("later", "optional")


def _used(matter: Matter) -> dict[str, frozenset[str]]:
    """By entity, the attributes that access patterns and keys speak of."""
    found: dict[str, set[str]] = {}
    for pattern in matter.design.access_patterns:
        said = (*references(pattern), *pattern.covering, pattern.contains or "")
        found.setdefault(pattern.entity, set()).update(each.lstrip("-") for each in said)
    for entity in matter.design.entities:
        found.setdefault(entity.id, set()).update(entity.identity or ())
    return {entity: frozenset(names) for entity, names in found.items()}


def _unserved(matter: Matter) -> Found:
    served = {each for t in matter.schema.tables for index in t.indexes for each in index.serves}
    for pattern in matter.design.access_patterns:
        home = matter.lookup.home(pattern.entity)
        table = matter.by_source.get(home.id) if home else None
        if table is None or pattern.id in served or pattern.often == "rarely":
            continue
        rows, wanted = rows_of(pattern, matter.lookup), references(pattern)
        if _is_of_few_values(matter, pattern, wanted):
            continue  # no index finds few rows by it, so that a scan is the best plan
        if rows >= SLOW and wanted and not _begun(matter, table, pattern, wanted):
            refused = pattern.index == "no"
            yield Said(
                pattern.id,
                f'"{pattern.name}" looks through all of {table.name}, about {rows:,} rows: no '
                "index begins with what it compares or sorts.",
                "Give it an index, or say that it is asked rarely.",
                ((f"access.{pattern.id}.index", ("yes",)),) if refused else (),
            )


def _is_of_few_values(matter: Matter, pattern: AccessPattern, wanted: tuple[str, ...]) -> bool:
    facts = [matter.lookup.attributes.get(f"{pattern.entity}.{each.lstrip('-')}")
             for each in wanted]  # fmt: skip
    return len(facts) == 1 and facts[0] is not None and few_values(facts[0]) > 0


def _begun(matter: Matter, table: Table, pattern: AccessPattern, wanted: tuple[str, ...]) -> bool:
    """Whether an index or a constraint begins with one of the columns that find its rows."""
    compared = (*pattern.equals, *pattern.among) or wanted[:1]
    columns = {column for each in compared for column in _columns(matter, table, pattern, each)}
    first = {table.primary_key.columns[0], *(unique.columns[0] for unique in table.uniques)}
    first |= {index.parts[0].column for index in table.indexes}
    return bool(columns & first)


def _columns(matter: Matter, table: Table, pattern: AccessPattern, reference: str) -> Iterator[str]:
    plain = reference.lstrip("-")
    found = matter.placed.get(f"{pattern.entity}.{plain}") or matter.placed.get(plain, [])
    yield from (column.name for home, column in found if home is table)


def _undecided(matter: Matter) -> Found:
    for link in matter.design.relationships:
        ends = matter.lookup.ends(link)
        merged = ends is not None and ends[0].id == ends[1].id and link.a != link.b
        linked = shape(link) == "M:N"
        open_ones = [
            (node, "cascade" if linked else _careful(matter.lookup, link))
            for node, given in (("on_delete", link.on_delete), ("on_delete_b", link.on_delete_b))
            if given is None and (node == "on_delete" or linked)
        ]
        if ends and not merged and open_ones:
            yield Said(
                link.id,
                f"What happens on delete was not decided for {link.id}; meanwhile a default holds.",
                "Answer it: goes with it, stays without it, or blocks.",
                tuple((f"ending.{link.id}.{node}", (value,)) for node, value in open_ones),
            )


def _careful(lookup: Lookup, link: Relationship) -> str:
    """What loses nothing: the row stays without it where it may, else the delete is refused."""
    free = link.optional == "yes" and link.id not in lookup.exclusive
    return "set-null" if free else "restrict"


def _unknown_owner(matter: Matter) -> Found:
    known = matter.lookup.entities
    for entity in matter.lookup.tables:
        if entity.owner and entity.owner != "system" and entity.owner not in known:
            yield Said(
                entity.id,
                f"{entity.name} is said to belong to {entity.owner}, which does not exist.",
                "Name an entity that exists, or system.",
                ((f"entity.{entity.id}.owner", ("system",)),),
            )


def _vanishing(matter: Matter) -> Found:
    for entity in matter.design.entities:
        lost = entity.persists != "no" and matter.lookup.home(entity.id) is None
        merged = entity.same_as not in (None, "", "no")
        if lost or (merged and entity.attributes):
            yield Said(
                entity.id,
                f"{entity.name} should be remembered, yet nothing of it reaches a table: what it "
                "is a part of, or another word for, has none, or leads back to it.",
                "Give it a table of its own, or let it stand for something that has one.",
                _on_its_own(entity),
            )


def _on_its_own(entity: Entity) -> Answers:
    if entity.same_as not in (None, "", "no"):
        return ((f"entity.{entity.id}.same_as", ("no",)),)
    return ((f"entity.{entity.id}.owner", ("system",)),)


RULES: Final = (
    Rule("entity-vanishes", "error", "",
         "What somebody meant to keep is lost without a word.", _vanishing),
    Rule("entity-untraced", "error", "",
         "A table that no step needs is never tested, and nobody dares to drop it.", _untraced),
    Rule("delete-behaviour-undecided", "error", "",
         "The default of a database is a decision too, and nobody made it.", _undecided),
    Rule("entity-untraced", "warning", "",
         "Without a journey nobody can say what a table is for.", _without_journey),
    Rule("owner-unknown", "warning", "",
         "What belongs to nobody is found by nobody when its owner goes.", _unknown_owner),
    Rule("entity-lifecycle-gap", "warning", "",
         "Either the journey lacks a step, or the data is dead.", _half_alive),
    Rule("column-untraced", "warning", "",
         "A column that nothing fills is a field that a form forgot, or ballast.", _dead_columns),
    Rule("query-without-index", "warning", "",
         "Each request scans or sorts the whole table, and it grows.", _unserved),
)  # fmt: skip
"""Section A: what the schema owes to the journey."""
