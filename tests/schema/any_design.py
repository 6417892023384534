"""Random designs: up to forty entities with hostile names, and one of everything that is decided.

A design is made by a seed; its entities come one after another and each looks only at those before
it, so that the design of fewer entities is the beginning of the larger one: a failure shrinks to
the first entity that brings it about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from schemawalk.design.model import (
    AccessPattern,
    Attribute,
    Design,
    Entity,
    Relationship,
    Rule,
)
from schemawalk.design.whole import Keeping, Product, Stack

MOST_ENTITIES: Final = 40

HOSTILE: Final = (
    "order", "user", "group", "a b", 'say "hi"', "it's", "x;y", "-- no", "/* no", "100%", "%s",
    "$1", "$$", "$body$", "{}", "{x}", "Ünïcode", "日本", "a,b", "(c", "d)", "[e]", "`f`", ":name",
    "back\\slash", "\\", "check", "new\nline", "CamelCase", "'); DROP TABLE x; --", "?", "''",
    "é" * 40, "x" * 70, "日" * 30, "select", "id", "table", "metadata",
)  # fmt: skip
"""Words that mean something to a database, a shell, a template or a person, and long ones."""

PATTERNS: Final = (
    "^[A-Z]{2}[0-9]{4}$", "^https?://", "-[0-9]+$", "[a-z]", r"^[^@\s]+@[^@\s]+$", "^(a|bc)+$",
    "^[a-z0-9]+(-[a-z0-9]+)*$", r"^\+?[1-9]\d{1,9}$", "^#([0-9a-f]{3}|[0-9a-f]{6})$",
)  # fmt: skip
"""Anchored and open, with classes, counts and branches."""

_PLAIN_KINDS: Final = (
    "identifier", "short-text", "long-text", "whole-number", "decimal", "percentage", "yes-no",
    "date", "moment", "duration", "ip-address", "json", "list", "file", "bytes", "secret",
)  # fmt: skip


def designs() -> st.SearchStrategy[Design]:
    """Designs of one to forty entities, small ones first."""
    return st.builds(design, st.integers(0, 1 << 20), st.integers(1, MOST_ENTITIES))


def design(seed: int, entities: int) -> Design:
    """The design of a seed, as far as so many entities."""
    start = Random(seed)
    making = _Making(seed)
    for number in range(entities):
        making.add(number)
    return Design(
        product=Product(name=start.choice(HOSTILE)),
        stack=Stack(
            tenancy=start.choice(("shared", "shared", "none")),
            identifiers=start.choice(("uuid", "uuid-v4", "bigint")),
        ),
        keeping=Keeping(
            policies=start.choice(("database", "application")),
            roles=start.choice(("none", "program", "program-and-readers")),
            deletion="real",
            restore_days=30,
            cleanup=start.choice(("job", "by-hand")),
            stamps=start.choice(("trigger", "application", "none")),
            versions=start.choice(("history", "log", "no")),
            locking=start.choice(("version", "last-wins")),
        ),
        entities=tuple(making.entities),
        relationships=tuple(making.links),
        access_patterns=tuple(making.patterns),
        rules=tuple(making.rules),
    )


class _Making:
    """A design that grows by one entity at a time."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.entities: list[Entity] = []
        self.links: list[Relationship] = []
        self.patterns: list[AccessPattern] = []
        self.rules: list[Rule] = []

    def add(self, number: int) -> None:
        """One more entity, with what ties it to those before it."""
        random = Random(f"{self.seed}/{number}")
        made = _entity(random, f"e{number}", is_group=number == 0)
        self.links += _links(random, made, [e for e in self.entities if e.id[0] == "e"])
        self.entities.append(made)
        self.patterns += _patterns(random, made)
        self.rules += _rules(random, made)
        if random.random() < 0.1:
            members, links = _circle(random, number)
            self.entities += members
            self.links += links


# An entity and its facts


def _entity(random: Random, id_: str, *, is_group: bool) -> Entity:
    facts = [_code(random, id_), *_facts(random, id_)]
    has = {fact.id.partition(".")[2] for fact in facts}
    said: dict[str, Any] = {"archetype": "group", "tenant": "no"} if is_group else {
        "tenant": random.choice(("yes", "yes", "no")),
        "archetype": random.choice((None, "thing", "person", "event")),
        "key": random.choice(("id", "id", "id", "natural")),
    }  # fmt: skip
    if said.get("key") == "natural":
        said["identity"] = ("code",)
    elif "made_at" in has and random.random() < 0.5:
        said |= {"partition": "range", "partition_by": "made_at", "rows": 90_000_000,
                 "keep_for": random.choice(("2 years", "90 days", "forever"))}  # fmt: skip
    said |= {
        "deletion": random.choice((None, None, "soft", "archive")),
        "versions": random.choice((None, "history", "log", "no")),
        "locking": random.choice((None, "version")),
        "purpose": random.choice(HOSTILE),
    }
    name = f"{random.choice(HOSTILE)} {id_}"
    return Entity.model_validate(
        {"id": id_, "name": name, "persists": "yes", "attributes": facts, **said}
    )


def _code(random: Random, entity: str) -> Attribute:
    return _fact(random, entity, "code", kind="identifier", required="start",
                 unique=random.choice(("no", "alone", "per-tenant")), name="code",
                 collation=random.choice((None, "exact", "any-case")))  # fmt: skip


def _facts(random: Random, entity: str) -> list[Attribute]:
    wanted = random.sample(sorted(_SPECIAL), random.randint(0, len(_SPECIAL)))
    made = [fact for name in wanted for fact in _SPECIAL[name](random, entity)]
    for kind in random.sample(_PLAIN_KINDS, random.randint(0, 6)):
        made.append(_fact(random, entity, kind.replace("-", "_"), kind=kind,
                          required=random.choice(("start", "later"))))  # fmt: skip
    return made


def _fact(random: Random, entity: str, local: str, **said: Any) -> Attribute:
    usual = {"name": f"{random.choice(HOSTILE)} {local}", "purpose": random.choice(HOSTILE)}
    return Attribute.model_validate({"id": f"{entity}.{local}", **usual, **said})


def _made_at(random: Random, entity: str) -> list[Attribute]:
    return [_fact(random, entity, "made_at", kind="moment", required="start", default="now",
                  name="made_at")]  # fmt: skip


def _status(random: Random, entity: str) -> list[Attribute]:
    values = ("open", *random.sample(HOSTILE[:30], 3))
    kept_by = random.choice(("developers", "shared", "users"))
    return [_fact(random, entity, "status", kind="one-of", values=values, required="start",
                  name="status", kept_by=kept_by)]  # fmt: skip


def _stretch(random: Random, entity: str) -> list[Attribute]:
    start = _fact(random, entity, "starts_at", kind="moment", required="start", name="starts_at")
    end = _fact(random, entity, "ends_at", kind="moment", required="start", name="ends_at",
                rules=("ends_at > starts_at",))  # fmt: skip
    return [start, end]


def _priced(random: Random, entity: str) -> list[Attribute]:
    pieces = _fact(random, entity, "pieces", kind="whole-number", required="start", name="pieces",
                   rules=("pieces between 1 and 50",))  # fmt: skip
    price = _fact(random, entity, "price", kind="money", currency=random.choice(("EUR", "per-row")),
                  required="start", name="price",
                  unique=random.choice(("no", "no", "alone")))  # fmt: skip
    double = _fact(random, entity, "double", kind="computed", computed="pieces * 2",
                   computed_from=("pieces",), required="start", name="double")  # fmt: skip
    return [pieces, price, double]


def _email(random: Random, entity: str) -> list[Attribute]:
    return [_fact(random, entity, "email", kind="email", sensitivity="personal", name="email",
                  protection=random.choice((None, "comment", "mask")),
                  unique=random.choice(("no", "alone")))]  # fmt: skip


def _default(random: Random, entity: str) -> list[Attribute]:
    said = random.choice(HOSTILE).replace("'", "''")
    return [_fact(random, entity, "said", kind="long-text", required="start", default=f"'{said}'")]


def _contact(random: Random, entity: str) -> list[Attribute]:
    unique = random.choice(("no", "alone", "per-tenant"))
    return [_fact(random, entity, kind, kind=kind, required=random.choice(("start", "later")),
                  unique=unique, name=kind) for kind in ("phone", "url")]  # fmt: skip


def _shaped(random: Random, entity: str) -> list[Attribute]:
    """A text with a pattern, that only one row may have."""
    rule = f"shaped matches '{random.choice(PATTERNS)}'"
    return [_fact(random, entity, "shaped", kind="short-text", unique="alone", name="shaped",
                  required=random.choice(("start", "later")), rules=(rule,),
                  length=random.choice((None, 12, 40)))]  # fmt: skip


def _spot(random: Random, entity: str) -> list[Attribute]:
    return [_fact(random, entity, "spot", kind="coordinates", required="start", name="spot",
                  unique=random.choice(("no", "alone")))]  # fmt: skip


_SPECIAL: Final[dict[str, Callable[[Random, str], list[Attribute]]]] = {
    "made_at": _made_at,
    "status": _status,
    "stretch": _stretch,
    "priced": _priced,
    "email": _email,
    "default": _default,
    "contact": _contact,
    "shaped": _shaped,
    "spot": _spot,
}


# What ties it to others


def _links(random: Random, entity: Entity, earlier: Sequence[Entity]) -> list[Relationship]:
    before = [each.id for each in earlier]
    by_id = [each.id for each in earlier if each.key != "natural"]
    found: list[dict[str, Any]] = []
    if before and random.random() < 0.8:
        found.append(_one_to_many(random, random.choice(before), entity.id))
    if before and random.random() < 0.2:
        found.append({**_one_to_many(random, random.choice(before), entity.id),
                      "id": f"single-{entity.id}", "many_b": "no", "role": "twin"})  # fmt: skip
    if before and random.random() < 0.25:
        found.append({"id": f"many-{entity.id}", "a": random.choice(before), "b": entity.id,
                      "many_a": "yes", "many_b": "yes", "payload": "no",
                      "ordered": random.choice(("yes", "no")), "on_delete": "cascade",
                      "on_delete_b": random.choice(("cascade", "restrict"))})  # fmt: skip
    alone = any(each.get("many_b") == "no" and each["a"] == "e0" for each in found)
    if alone:
        pass  # A tenant's only row has no other one to point to.
    elif random.random() < 0.25:
        found.append({"id": f"self-{entity.id}", "a": entity.id, "b": entity.id, "many_b": "yes",
                      "itself": random.choice(("tree", "graph", "pairs")), "optional": "yes",
                      "on_delete": random.choice(("cascade", "restrict", "set-null"))})  # fmt: skip
    elif random.random() < 0.25:
        found.append({"id": f"pairs-{entity.id}", "a": entity.id, "b": entity.id, "many_a": "yes",
                      "many_b": "yes", "itself": random.choice(("graph", "pairs")),
                      "payload": "no", "ordered": "no", "on_delete": "cascade",
                      "on_delete_b": random.choice(("cascade", "restrict"))})  # fmt: skip
    if len(by_id) > 1 and random.random() < 0.2:
        found += _arc(random, random.sample(by_id, 2), entity.id)
    return [Relationship.model_validate(each) for each in found]


def _one_to_many(random: Random, parent: str, child: str) -> dict[str, Any]:
    optional = random.choice(("yes", "no"))
    endings = ("cascade", "restrict", "set-null") if optional == "yes" else ("cascade", "restrict")
    return {
        "id": f"{parent}-{child}", "a": parent, "b": child, "many_b": "yes", "many_a": "no",
        "optional": optional, "on_delete": random.choice(endings),
        "on_update": random.choice(("cascade", "restrict")),
        "role": random.choice((None, random.choice(HOSTILE))),
    }  # fmt: skip


def _circle(random: Random, number: int) -> tuple[list[Entity], list[Relationship]]:
    """Three that each must have one of the next: the last key of them waits for COMMIT."""
    ids = [f"r{number}{letter}" for letter in "abc"]
    members = [
        Entity.model_validate(
            {
                "id": id_,
                "name": f"{random.choice(HOSTILE)} {id_}",
                "persists": "yes",
                "tenant": "no",
                "deletion": "real",
                "versions": "no",
                "attributes": (_code(random, id_), *_contact(random, id_)),
            }
        )
        for id_ in ids
    ]
    links = [
        Relationship.model_validate({
            "id": f"ring-{a}-{b}", "a": a, "b": b, "many_a": "no", "many_b": "no",
            "optional": "no", "on_delete": "cascade",
            "checked": "at-commit" if b == ids[0] else "at-once",
        })
        for a, b in zip(ids, (*ids[1:], ids[0]), strict=True)
    ]  # fmt: skip
    return members, links


def _arc(random: Random, parents: Sequence[str], child: str) -> list[dict[str, Any]]:
    ids = [f"arc-{parent}-{child}" for parent in parents]
    form = random.choice(("keys", "parent"))
    return [
        {"id": id_, "a": parent, "b": child, "many_b": "yes", "many_a": "no", "optional": "yes",
         "role": f"arc {at}", "one_of": tuple(each for each in ids if each != id_),
         "one_of_form": form, "on_delete": "restrict"}
        for at, (id_, parent) in enumerate(zip(ids, parents, strict=True))
    ]  # fmt: skip


# What is asked of it, and what must hold


def _patterns(random: Random, entity: Entity) -> list[AccessPattern]:
    has = {fact.id.partition(".")[2] for fact in entity.attributes}
    wanted: list[dict[str, Any]] = [{"equals": ("code",)}]
    if "status" in has:
        wanted.append({"equals": ("code",), "fixed": ("status = 'open'",), "covering": ("code",)})
    if "made_at" in has:
        wanted += [{"equals": ("code",), "sort": ("-made_at",)}, {"range": "made_at"}]
    searched = {"json": "json", "list": "list", "long_text": "words", "short_text": "similar"}
    wanted += [{"contains": k, "contains_how": v} for k, v in searched.items() if k in has]
    return [
        AccessPattern.model_validate({
            "id": f"{entity.id}-{at}", "name": f"{random.choice(HOSTILE)} {at}",
            "entity": entity.id, "often": "constantly", "rows": 1_000_000, **each,
        })
        for at, each in enumerate(wanted)
        if random.random() < 0.4
    ]  # fmt: skip


def _rules(random: Random, entity: Entity) -> list[Rule]:
    has = {fact.id.partition(".")[2] for fact in entity.attributes}
    if "starts_at" not in has or random.random() < 0.4:
        return []
    over = random.choice((("starts_at", "ends_at"), ("code", "starts_at", "ends_at")))
    says = f"Never two at once {random.choice(HOSTILE)}"
    return [Rule(id=f"apart-{entity.id}", says=says, entity=entity.id, kept_by="exclusion",
                 over=over)]  # fmt: skip
