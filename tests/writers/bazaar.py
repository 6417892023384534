"""A small design with one of everything: lists, folded parts, selves, links with facts."""

from __future__ import annotations

from typing import Any

from schemawalk.design.choices import Known
from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship, Step
from schemawalk.design.whole import Stack


def _fact(entity: str, name: str, kind: str, required: Known = "start", **more: Any) -> Attribute:
    return Attribute(id=f"{entity}.{name}", name=name, kind=kind, required=required, **more)


def _thing(id_: str, *attributes: Attribute, **more: Any) -> Entity:
    answers: dict[str, Any] = {"steps": ("s",), "persists": "yes", "owner": "shop", **more}
    return Entity(id=id_, name=id_.title(), attributes=attributes, **answers)


ENTITIES = (
    _thing(
        "shop",
        _fact("shop", "kind", "one-of", kept_by="users"),
        _fact("shop", "place", "coordinates"),
        _fact("shop", "price", "money", currency="per-row"),
        _fact("shop", "tags", "list"),
        owner="system",
    ),
    _thing("address", _fact("address", "street", "short-text", length=3), many="no", apart="no"),
    _thing("store", same_as="shop"),
    _thing(
        "item",
        _fact("item", "state", "one-of", kept_by="shared", values=("new", "it's")),
        _fact("item", "took", "duration"),
        _fact("item", "born", "date"),
        _fact("item", "number", "whole-number", rules=("number > 100",)),
        many="yes",
    ),
    _thing("order", identity=("buy",), many="yes"),
)
RELATIONSHIPS = (
    Relationship(id="shop_items", a="shop", b="item", many_b="yes", many_a="no"),
    Relationship(id="parts", a="item", b="item", many_b="yes", many_a="no", on_delete="cascade"),
    Relationship(id="buy", a="shop", b="item", many_b="yes", many_a="yes", payload="order"),
    Relationship(
        id="like", a="item", b="item", many_b="yes", many_a="yes", payload="no", ordered="yes"
    ),
    Relationship(id="first", a="shop", b="order", many_b="no", many_a="no"),
)
PATTERNS = (
    AccessPattern(id="near", name="near", entity="shop", equals=("place",), limit=3),
    AccessPattern(id="tagged", name="tagged", entity="shop", contains="tags"),
    AccessPattern(id="street", name="in a street", entity="address", equals=("street",)),
    AccessPattern(id="bought", name="bought", entity="order", equals=("buy.b",)),
    AccessPattern(
        id="long", name="long", entity="item", equals=("state",), range="took", covering=("born",)
    ),
    AccessPattern(
        id="young", name="young", entity="item", range="born", fixed=("number > 3 or number < 1",)
    ),
    AccessPattern(id="broken", name="broken", entity="item", sort=("-weight",)),
)


def bazaar() -> Design:
    """One of everything; the last access pattern speaks of an attribute that is not there."""
    return Design(
        stack=Stack(database="postgresql", identifiers="bigint"),
        steps=(Step(id="s", title="Go to the bazaar"),),
        entities=ENTITIES,
        relationships=RELATIONSHIPS,
        access_patterns=PATTERNS,
    )
