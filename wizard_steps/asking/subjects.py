"""Where the subjects of trees live in a design, and the words to speak of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from schemawalk.design.model import Design
from schemawalk.schema.sentences import article, many, one, shape
from schemawalk.schema.tables.lookup import Lookup

Words = dict[str, str]


class Subjects(Protocol):
    """The subjects of one kind with their ids; `only` is the id of the one that is wanted."""

    def __call__(self, lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
        """All of them in order, or the one of that id when it is among them."""


@dataclass(frozen=True)
class Collection:
    """One kind of subject: how to list them, how to find their words, how to put one back."""

    subjects: Subjects
    words: Callable[[Lookup, Any], Words]
    put: Callable[[Design, str, Any], Design]


def _replaced(items: tuple[Any, ...], item_id: str, new: Any) -> tuple[Any, ...]:
    return tuple(new if item.id == item_id else item for item in items)


def _listed(name: str) -> Callable[[Design, str, Any], Design]:
    def put(design: Design, subject_id: str, new: Any) -> Design:
        items = _replaced(getattr(design, name), subject_id, new)
        return design.model_copy(update={name: items})

    return put


def _put_attribute(design: Design, attribute_id: str, new: Any) -> Design:
    home = attribute_id.partition(".")[0]
    entities = tuple(
        entity.model_copy(update={"attributes": _replaced(entity.attributes, attribute_id, new)})
        if entity.id == home
        else entity
        for entity in design.entities
    )
    return design.model_copy(update={"entities": entities})


def _part(name: str) -> Collection:
    """A part of the design that there is once, such as its stack."""
    return Collection(
        lambda lookup, only=None: iter([("", getattr(lookup.design, name))] if not only else []),
        lambda lookup, _: _design_words(lookup),
        lambda design, _, new: design.model_copy(update={name: new}),
    )


def _design_words(lookup: Lookup) -> Words:
    return {"product": lookup.design.product.name or "the product"}


def _keeping_words(lookup: Lookup, _: Any) -> Words:
    """Words for examples about the whole design: one of its groups, of its people, its things."""
    found = {lookup.archetype(entity).id: entity for entity in reversed(lookup.tables)}
    words = _design_words(lookup)
    for word, usual, kinds in (
        ("group", "team", ("group",)),
        ("person", "user", ("person",)),
        ("thing", "row", ("thing", "process", "dealing", "money", "message", "event")),
    ):
        entity = next((found[kind] for kind in kinds if kind in found), None)
        name, several = (one(entity), many(entity)) if entity else (usual, f"{usual}s")
        words |= {word: name, f"a_{word}": article(name), f"{word}s": several}
    return words


def _state_words(lookup: Lookup, attribute: Any) -> Words:
    values = attribute.values or ("open", "closed")
    ends = {"first": values[0], "second": values[1 % len(values)], "last": values[-1]}
    return _attribute_words(lookup, attribute) | ends


def _entity_words(lookup: Lookup, entity: Any) -> Words:
    owner = lookup.standing(entity.owner or "")
    return _design_words(lookup) | {
        "about": entity.name,
        "thing": one(entity),
        "a_thing": article(one(entity)),
        "things": many(entity),
        "owner": one(owner) if owner else "owner",
    }


def _attribute_words(lookup: Lookup, attribute: Any) -> Words:
    entity = lookup.entities.get(attribute.id.partition(".")[0])
    base = _entity_words(lookup, entity) if entity else _design_words(lookup)
    fact = spoken(attribute.name)
    about = f"{base.get('about', '')} · {attribute.name}"
    return base | {"fact": fact, "column": attribute.name, "about": about}


def spoken(name: str) -> str:
    """An attribute as it is said; one such as `created_at` is no words: its name says it better."""
    return name if name.endswith(("_at", "_on", "_by")) else name.replace("_", " ")


def _link_words(lookup: Lookup, link: Any) -> Words:
    a, b = lookup.standing(link.a), lookup.standing(link.b)
    if a is None or b is None:
        return _design_words(lookup) | dict.fromkeys(
            ("a", "as", "an_a", "b", "bs", "an_b", "about", "dependants"), link.id
        )
    role = (link.role or one(a)).replace("_", " ")
    linked = shape(link) == "M:N"
    return _design_words(lookup) | {
        "about": f"{a.name} and {one(b)}",
        "a": one(a), "as": many(a), "an_a": article(one(a)),
        "b": one(b), "bs": many(b), "an_b": article(one(b)),
        "role": role, "a_role": article(role),
        "dependants": f"its links to {many(b)}" if linked else f"the {many(b)} of that {role}",
    }  # fmt: skip


def _access_words(lookup: Lookup, pattern: Any) -> Words:
    entity = lookup.home(pattern.entity)
    base = _entity_words(lookup, entity) if entity else _design_words(lookup)
    return base | {"about": pattern.name, "pattern": pattern.name}


def _step_words(lookup: Lookup, step: Any) -> Words:
    return _design_words(lookup) | {"about": step.title, "title": step.title}


def _each(name: str) -> Subjects:
    def each(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
        items = getattr(lookup.design, name)
        return ((item.id, item) for item in items if item.id and only in (None, item.id))

    return each


def _attributes(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
    home = only.partition(".")[0] if only else None
    for entity in lookup.design.entities:
        if home in (None, entity.id) and lookup.persists(entity):
            named = ((each.id, each) for each in entity.attributes)
            yield from (pair for pair in named if only in (None, pair[0]))


def _links(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
    """Relationships between two things that are remembered; the others wait for theirs."""
    every = _each("relationships")(lookup, only)
    return ((link_id, link) for link_id, link in every if lookup.ends(link))


def _patterns(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
    """Access patterns of things that are remembered."""
    every = _each("access_patterns")(lookup, only)
    return ((pattern_id, each) for pattern_id, each in every if lookup.home(each.entity))


STATES: Final = (("status",), ("state",), ("phase",), ("stage",))
"""Last words of names of facts that say how far a row has come."""


def _states(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
    """Attributes that may say how far a row has come: fixed lists of several values."""
    every = _attributes(lookup, only)
    return ((attribute_id, each) for attribute_id, each in every if len(each.values or ()) > 1)


def _tables(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
    every = _each("entities")(lookup, only)
    return ((entity_id, entity) for entity_id, entity in every if lookup.has_table(entity))


def _rule_words(lookup: Lookup, rule: Any) -> Words:
    entity = lookup.home(rule.entity)
    base = _entity_words(lookup, entity) if entity else _design_words(lookup)
    return base | {"about": rule.says, "rule": rule.says}


def _finish_words(lookup: Lookup, finish: Any) -> Words:
    entity = lookup.home(finish.entity)
    base = _entity_words(lookup, entity) if entity else _design_words(lookup)
    return base | {"about": finish.name, "finish": finish.name}


def _alternative_words(lookup: Lookup, alternative: Any) -> Words:
    instead = alternative.instead or "what was chosen"
    return _design_words(lookup) | {
        "about": alternative.name, "alternative": alternative.name, "instead": instead,
    }  # fmt: skip


def _findings(lookup: Lookup, only: str | None = None) -> Iterator[tuple[str, Any]]:
    """What the review finds, and what is waived; the whole design is looked over for it."""
    from wizard_steps.reviewed import matters

    found = matters(lookup.design)
    return iter([(only, found[only])] if only in found else () if only else found.items())


def _finding_words(lookup: Lookup, matter: Any) -> Words:
    about = {"about": matter.subject or matter.rule, "finding": matter.message}
    return _design_words(lookup) | about | {"reason": matter.why or matter.message}


COLLECTIONS: Final[Mapping[str, Collection]] = {
    "product": _part("product"),
    "stack": _part("stack"),
    "unsaid": _part("unsaid"),
    "steps": Collection(_each("steps"), _step_words, _listed("steps")),
    "entities": Collection(_each("entities"), _entity_words, _listed("entities")),
    "attributes": Collection(_attributes, _attribute_words, _put_attribute),
    "relationships": Collection(_links, _link_words, _listed("relationships")),
    "access_patterns": Collection(_patterns, _access_words, _listed("access_patterns")),
    "keeping": Collection(_part("keeping").subjects, _keeping_words, _part("keeping").put),
    "tables": Collection(_tables, _entity_words, _listed("entities")),
    "states": Collection(_states, _state_words, _put_attribute),
    "rules": Collection(_each("rules"), _rule_words, _listed("rules")),
    "finishes": Collection(_each("finishes"), _finish_words, _listed("finishes")),
    "alternatives": Collection(_each("alternatives"), _alternative_words, _listed("alternatives")),
    "findings": Collection(_findings, _finding_words, lambda design, _, __: design),
}
"""Every kind of subject that a tree can be about."""
