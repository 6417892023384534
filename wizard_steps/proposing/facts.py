"""Which facts each entity has: those that its archetype and the answers propose, and own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.kinds import KINDS, guess_kind, kind_of
from schemawalk.schema.names import snake, unique, words
from schemawalk.schema.tables.archetypes import CREATED, UPDATED, Usual
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.tenancy import who_signs_in
from wizard_steps.asking.own_ids import joined, parted
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import not_dropped, turned_down
from wizard_steps.asking.tree import Advice, Advise, Choice, Node, Scene, Tree
from wizard_steps.proposing.calls import group_of, reached
from wizard_steps.proposing.stretches import ENDS, taking_time

FILES: Final = frozenset(
    ("document", "file", "image", "photo", "video", "attachment", "report", "picture")
)
"""Last words of names of things that are files."""

_FILE_NAME: Final = Usual("file_name", "short-text",
                          purpose="what the file was called when it came")  # fmt: skip
_FILE_SIZE: Final = Usual("file_size_bytes", "whole-number", purpose="how big it is",
                          rule="file_size_bytes > 0")  # fmt: skip
OF_FILE: Final = {
    "object-store": (
        _FILE_NAME,
        _FILE_SIZE,
        Usual("storage_key", "file", unique=True, purpose="where the object store keeps it"),
        Usual("status", "one-of", default="'uploading'", purpose="whether it has arrived",
              values=("uploading", "ready", "error")),
    ),
    "database": (
        _FILE_NAME,
        _FILE_SIZE,
        Usual("media_type", "short-text", purpose="what it is: application/pdf"),
        Usual("content", "bytes", purpose="the file itself"),
    ),
}  # fmt: skip
"""What a thing that is a file has, by where files are kept."""
OF_USER: Final = {
    "external": Usual("auth_id", "identifier", unique=True,
                      purpose="the sign-in service's id for this person"),
    "password": Usual("password_hash", "secret", sensitivity="secret",
                      purpose="hash of the password (argon2id)"),
}  # fmt: skip
"""What somebody who signs in has, by how they do."""
ROLE: Final = Usual(
    "role", "one-of", default="'member'", purpose="what they may do", values=("member", "admin")
)
RESULTS: Final = Usual("results", "json", "later", purpose="what came out, in its own structure")

_UNLIKE_ALL: Final = ("secret", "file")
"""Kinds of facts that nobody chooses."""
_RESULT: Final = re.compile(r"\b(results?|findings?|outcomes?|scores?|answers?)\b", re.IGNORECASE)


def usual(lookup: Lookup, entity: Entity) -> list[Usual]:
    """The attributes that are proposed: by archetype, by what is unsaid, by what identifies it."""
    design, archetype = lookup.design, lookup.archetype(entity)
    found = [u for u in archetype.usual if u not in (CREATED, UPDATED)]
    last = words(entity.name)[-1:]
    if design.unsaid.files in OF_FILE and last and last[0] in FILES:
        found = [*OF_FILE[design.unsaid.files], *(u for u in found if u.name != "name")]
    if (archetype.id == "person" and entity.origin == "unsaid.sign_in") or entity.id == "user":
        found += _of_user(design)
    if archetype.id == "process" and _has_results(design, entity):
        found.append(RESULTS)
    if entity.id in taking_time(lookup):
        found += [each for each in ENDS if each.name not in {u.name for u in found}]
    found += _of_identity(lookup, entity, {u.name for u in found})
    return [*found, *(u for u in archetype.usual if u in (CREATED, UPDATED))]


def _of_user(design: Design) -> list[Usual]:
    signed = OF_USER.get(design.unsaid.sign_in or "")
    role = [ROLE] if design.unsaid.roles == "on-user" else []
    return [*([signed] if signed else []), *role]


def _has_results(design: Design, entity: Entity) -> bool:
    named = set(entity.steps)
    return any(step.id in named and _RESULT.search(step.text) for step in design.steps)


def _of_identity(lookup: Lookup, entity: Entity, known: set[str]) -> Iterator[Usual]:
    """What makes two the same in somebody's own words becomes a fact."""
    pointing = lookup.relationships.keys() | {f"{entity.owner}_{entity.id}"}
    for key in entity.identity or ():
        if key not in pointing and key not in known | {CREATED.name, UPDATED.name}:
            yield Usual(key, guess_kind(key), purpose="part of what makes two of them the same")


def _also(lookup: Lookup, entity: Entity) -> tuple[Usual, ...]:
    """What is offered beside."""
    archetype = lookup.archetype(entity)
    return (*archetype.often, RESULTS) if archetype.id == "process" else archetype.often


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the attributes that archetypes and answers suggest.

    An entity that has attributes already is left as it is.
    """
    lookup = Lookup(design)
    turned_away = without | set(design.dropped)
    entities = []
    for entity in design.entities:
        attributes = entity.attributes
        if not attributes and lookup.persists(entity):
            attributes = tuple(_proposed(lookup, entity, each) for each in usual(lookup, entity))
        kept = tuple(a for a in attributes if a.id not in turned_away)
        entities.append(entity.model_copy(update={"attributes": kept}))
    dropped = turned_down(design, without)
    return design.model_copy(update={"entities": tuple(entities), "dropped": dropped})


def back(design: Design, ids: frozenset[str]) -> Design:
    """The design with the facts that are proposed and were turned down, by the ids of those."""
    for entity in design.entities:
        here = [_local(a.id) for a in entity.attributes]
        again = [u.name for u in usual(Lookup(design), entity) if f"{entity.id}.{u.name}" in ids]
        if here and again:
            design = _set(design, entity.id, (*here, *again))
    return not_dropped(design, ids)


def attribute(entity: Entity, each: Usual) -> Attribute:
    """The attribute of an entity that a row of usual ones proposes."""
    return Attribute.model_validate(
        {
            "id": f"{entity.id}.{each.name}",
            "name": each.name,
            "kind": each.kind,
            "required": each.required,
            "default": each.default,
            "unique": "alone" if each.unique else "no",
            "values": each.values or None,
            "kept_by": "developers" if each.values else None,
            "rules": (each.rule,) if each.rule else (),
            "length": each.length,
            "sensitivity": each.sensitivity or None,
            "purpose": each.purpose,
            "steps": entity.steps,
        }
    )


def _proposed(lookup: Lookup, entity: Entity, each: Usual) -> Attribute:
    """The attribute, unique among the rows of one tenant where others must not even be guessed."""
    made = attribute(entity, each)
    if each.unique and is_within_tenant(lookup, entity, each.kind):
        return made.model_copy(update={"unique": "per-tenant"})
    return made


def is_within_tenant(lookup: Lookup, entity: Entity, kind: str) -> bool:
    """Whether a fact tells two apart within one tenant only.

    Whoever signs in is looked up before the tenant is known, and what nobody chooses (a token, the
    key of a file) is unlike all others anyway.
    """
    if lookup.design.stack.tenancy != "shared" or kind in _UNLIKE_ALL:
        return False
    group, account = group_of(lookup), who_signs_in(lookup)
    if group is None or (account is not None and account.id == entity.id):
        return False
    return entity.tenant == "yes" or entity.id in reached(lookup, group)


def added(design: Design, entity_id: str, name: str) -> Design:
    """The design with one more attribute, its kind guessed from its name."""
    entities = []
    for entity in design.entities:
        if entity.id == entity_id:
            made = _typed(entity, name, {a.id for a in entity.attributes})
            entity = entity.model_copy(update={"attributes": (*entity.attributes, made)})
        entities.append(entity)
    return design.model_copy(update={"entities": tuple(entities)})


def _typed(entity: Entity, name: str, taken: set[str]) -> Attribute:
    return Attribute(id=unique(f"{entity.id}.{snake(name)}", taken), name=snake(name))


@lru_cache(maxsize=4)
def _usual_by_id(lookup: Lookup) -> dict[str, Usual]:
    return {f"{entity.id}.{each.name}": each for entity in lookup.design.entities
            for each in (*usual(lookup, entity), *_also(lookup, entity))}  # fmt: skip


def usual_purpose(lookup: Lookup, attribute_id: str) -> str:
    """What a fact that is proposed is usually for; empty for one in somebody's own words."""
    found = _usual_by_id(lookup).get(attribute_id)
    return found.purpose if found else ""


def as_usual(field: Literal["kind", "required"], otherwise: Advise) -> Advise:
    """Advice about a fact: what comes with it where it is proposed, or else another advice."""

    def advise(scene: Scene) -> Advice:
        found = _usual_by_id(scene.lookup).get(scene.subject.id)
        if found is None or (field != "kind" and found.kind != kind_of(scene.subject).id):
            return otherwise(scene)
        return Advice((getattr(found, field),), f"usual for a fact such as {found.name}")

    return advise


def uniqueness(scene: Scene) -> Advice:
    """Whether a fact tells two apart: as it is proposed, or as it was said with the entity."""
    found = _usual_by_id(scene.lookup).get(scene.subject.id)
    entity = scene.lookup.entities.get(scene.subject.id.partition(".")[0])
    key = entity is not None and entity.identity == (_local(scene.subject.id),)
    if not key and not (found is not None and found.unique):
        return Advice(("no",), "nothing says that it identifies one")
    if entity and is_within_tenant(scene.lookup, entity, kind_of(scene.subject).id):
        return Advice(("per-tenant",), "it tells two apart, and nobody learns what another {group} "
                      "has")  # fmt: skip
    return Advice(("alone",), "it makes two the same" if key else "it identifies one")


# One question an entity


def _local(attribute_id: str) -> str:
    return attribute_id.partition(".")[2]


def _get(scene: Scene) -> tuple[str, ...] | None:
    named = tuple(_local(a.id) for a in scene.subject.attributes)
    return named if named or "columns" in scene.design.done else None


def _set(design: Design, entity_id: str, values: tuple[str, ...]) -> Design:
    """The design with exactly these facts about the entity; what is new comes before the stamps."""
    lookup = Lookup(design)
    entity = lookup.entities[entity_id]
    offered = {u.name: u for u in (*usual(lookup, entity), *_also(lookup, entity))}
    names = {own_id: snake(name) for name, own_id in map(parted, values) if own_id}
    wanted = dict.fromkeys(value if value in offered else _key(entity, value) for value in values)
    kept = [a for a in entity.attributes if _local(a.id) in wanted]
    here = {_local(a.id) for a in kept}
    for key in wanted:
        if key in here:
            continue
        usual_one = offered.get(key)
        kept.append(_proposed(lookup, entity, usual_one) if usual_one
                    else _typed(entity, key, {a.id for a in kept}))  # fmt: skip
    kept = [_called(fact, names.get(_local(fact.id), fact.name)) for fact in kept]
    stamps = (CREATED.name, UPDATED.name)
    said = list(wanted)
    kept.sort(key=lambda a: said.index(_local(a.id)) if _local(a.id) in wanted else len(said))
    facts = tuple(sorted(kept, key=lambda a: _local(a.id) in stamps))
    present = {a.id for a in facts}
    gone = [a.id for a in entity.attributes if a.id not in present]
    dropped = dict.fromkeys((*design.dropped, *gone))
    left_out = {name for name in offered if name not in wanted}
    keys = tuple(key for key in entity.identity or () if key not in left_out)
    update = {"attributes": facts, "identity": entity.identity and keys}
    entities = tuple(
        e.model_copy(update=update) if e.id == entity_id else e for e in design.entities
    )
    still = tuple(each for each in dropped if each not in present)
    return design.model_copy(update={"entities": entities, "dropped": still})


def _called(fact: Attribute, name: str) -> Attribute:
    return fact if fact.name == name else fact.model_copy(update={"name": name})


def _as_typed(scene: Scene, key: str) -> str:
    """The local id of a fact, with its name where that is another one."""
    names = {_local(each.id): each.name for each in scene.subject.attributes}
    return key if names.get(key, key) == key else joined(names[key], key)


def _key(entity: Entity, value: str) -> str:
    """The local id that somebody means: one that is there, by id or name, or a new one."""
    value, own_id = parted(value)
    if own_id:
        return own_id
    for each in entity.attributes:
        if value in (_local(each.id), each.name):
            return _local(each.id)
    return snake(value)


def _a_fact(text: str) -> None:
    if not words(text):
        raise AnswerError(f"{text!r} names no fact: type a name, such as due date.")


def _choices(scene: Scene) -> tuple[Choice, ...]:
    """What is there, what is proposed (also when it was turned down), and what is often there."""
    entity, lookup = scene.subject, scene.lookup
    offered = {}
    for each in entity.attributes:
        kind = kind_of(each).label
        told = each.purpose or "in your own words"
        offered[_local(each.id)] = Choice(_local(each.id), each.name, f"{kind}: {told}")
    for proposed in (*usual(lookup, entity), *_also(lookup, entity)):
        told = f"{KINDS[proposed.kind].label}: {proposed.purpose}"
        offered.setdefault(proposed.name, Choice(proposed.name, proposed.name, told))
    return tuple(offered.values())


def _advise(scene: Scene) -> Advice:
    names = tuple(each.name for each in usual(scene.lookup, scene.subject))
    return Advice(names, f"usual for {scene.lookup.archetype(scene.subject).label}")


TREE: Final = Tree(
    "facts",
    "Which facts",
    "columns",
    "entities",
    (
        Node(
            "which",
            "",
            "Which facts about {a_thing} must be remembered?",
            "Each becomes a column: a fact that nobody ever reads is only something to protect.",
            _advise,
            _choices,
            form="several",
            own_words=True,
            asked=lambda scene: scene.lookup.persists(scene.subject),
            example="A screen shows when {a_thing} is due: due_on. Nobody ever asks for its "
            "colour: leave it out.",
            check=_a_fact,
            get=_get,
            set=_set,
            typed=_as_typed,
            unordered=True,
        ),
    ),
    lambda scene: f"{len(scene.subject.attributes)} facts",
)
