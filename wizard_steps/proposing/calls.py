"""What in a design calls for a question: groups, personal data, money, many rows, shared things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.sentences import shape
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import who_signs_in
from schemawalk.schema.tables.volume import rows_of

MANY_ROWS: Final = 100_000
"""Rows a year from which the size of a table is worth a question."""
HUGE: Final = 10_000_000
"""Rows in five years from which partitions are worth a thought."""

_OF_ACCOUNTS: Final = frozenset(("key", "setting"))
"""Archetypes that belong to an account also where people belong to groups."""


def counted(count: int, noun: str, several: str = "") -> str:
    """A number with its noun: "1 entity", "3 entities"."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: "users", "users and hosts", "users, profiles and hosts"."""
    *others, last = tuple(names) or ("",)
    return f"{', '.join(others)} and {last}" if others else last


def is_big(entity: Entity, lookup: Lookup) -> bool:
    """Whether its size is worth a question; what is usual for its archetype is only a guess."""
    archetype, rows = lookup.archetype(entity), rows_of(entity, lookup)
    if archetype.id == "event":
        return True
    return rows > MANY_ROWS if rows == archetype.rows else rows >= MANY_ROWS


def personal(entity: Entity) -> tuple[Attribute, ...]:
    """The attributes that tell about a person."""
    return tuple(a for a in entity.attributes if a.sensitivity == "personal")


def moments(entity: Entity) -> tuple[Attribute, ...]:
    """The attributes that say when, and that every row has."""
    return tuple(
        a
        for a in entity.attributes
        if kind_of(a).id in ("moment", "date") and a.required == "start" and a.name != "updated_at"
    )


def group_of(lookup: Lookup) -> Entity | None:
    """The entity whose members see each other's data and nobody else's; None without groups."""
    stack = lookup.design.stack.tenancy
    spoken = stack == "shared" or (stack != "separate" and lookup.design.unsaid.groups == "yes")
    if not spoken:
        return None
    return next(iter(lookup.of_archetype("group")), None)


def reached(lookup: Lookup, group: Entity) -> frozenset[str]:
    """Ids of the entities whose rows belong to one group, along the relationships from it.

    Who signs in, and can be there without a group, belongs to themselves, with the keys and
    settings that only they use; the things that they make are still the group's.  People who are
    only spoken of are the group's, whether or not somebody said that they can be without one.
    """
    found, waiting = {group.id}, [group.id]
    free = _free(lookup, group)
    while waiting:
        here = waiting.pop()
        for link in lookup.design.relationships:
            ends = lookup.ends(link)
            if ends is None or ends[0].id != here or shape(link) == "M:N" or ends[1].id in found:
                continue
            if here in free and lookup.archetype(ends[1]).id in _OF_ACCOUNTS:
                continue
            found.add(ends[1].id)
            waiting.append(ends[1].id)
    return frozenset(found - free - {group.id})


def _free(lookup: Lookup, group: Entity) -> frozenset[str]:
    """The id of the account, where it can be there without the group, and of others in several.

    Whoever belongs to several groups has no one group whose they could be.
    """
    account = who_signs_in(lookup)
    free = set()
    for link in lookup.design.relationships:
        ends = lookup.ends(link)
        if ends and group.id in (ends[0].id, ends[1].id):
            other = ends[1] if ends[0].id == group.id else ends[0]
            several = shape(link) == "M:N" and lookup.archetype(other).id == "person"
            if several or (link.optional == "yes" and account and other.id == account.id):
                free.add(other.id)
    return frozenset(free)


def has_people(lookup: Lookup) -> bool:
    """Whether some entity is a person."""
    return any(lookup.archetype(entity).id == "person" for entity in lookup.tables)


def is_written_over(entity: Entity, lookup: Lookup) -> bool:
    """Whether two people may change one row at once: several steps do, or a group shares it."""
    if not lookup.archetype(entity).mutable:
        return False
    if len(entity.changed_by or ()) > 1:
        return True
    shared = lookup.archetype(entity).id in ("thing", "place", "catalogue", "setting")
    return entity.tenant == "yes" and shared and group_of(lookup) is not None


def edited(entity: Entity) -> tuple[Attribute, ...]:
    """The attributes in which an overwritten change loses work: long texts and documents."""
    return tuple(a for a in entity.attributes if kind_of(a).id in ("long-text", "json"))


def origin(design: Design, topic: str) -> Entity | None:
    """The entity that an answer about what journeys never say has added."""
    return next((e for e in design.entities if e.origin == f"unsaid.{topic}"), None)
