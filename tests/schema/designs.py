"""Designs made by hand for the tests of derivation."""

from __future__ import annotations

from schemawalk.design.model import AccessPattern, Attribute, Design, Entity, Relationship


def fact(entity: str, name: str, **more: object) -> Attribute:
    """An attribute of an entity."""
    return Attribute.model_validate({"id": f"{entity}.{name}", "name": name, **more})


def entity(name: str, *facts: Attribute, **more: object) -> Entity:
    """An entity whose id is its name in lower case."""
    entity_id = name.lower().replace(" ", "_")
    return Entity.model_validate({"id": entity_id, "name": name, "attributes": facts, **more})


def link(a: str, b: str, **more: object) -> Relationship:
    """A relationship, one-to-many unless something else is said."""
    usual: dict[str, object] = {"many_b": "yes", "many_a": "no", "optional": "no"}
    return Relationship.model_validate({"id": f"{a}_{b}", "a": a, "b": b, **usual, **more})


def pattern(name: str, entity_id: str, **more: object) -> AccessPattern:
    """An access pattern."""
    return AccessPattern.model_validate({"id": name, "name": name, "entity": entity_id, **more})


def shop(**update: object) -> Design:
    """Customers, orders and products: small, and with one of everything that matters."""
    design = Design(
        entities=(
            entity(
                "Customer",
                fact("customer", "email", required="start", unique="alone"),
                fact("customer", "created_at", required="start", default="now"),
            ),
            entity(
                "Order",
                fact("order", "status", required="start", default="'open'",
                     values=("open", "paid", "sent"), kept_by="developers"),
                fact("order", "total_cents", required="start", rules=("total_cents >= 0",)),
                fact("order", "created_at", required="start", default="now"),
            ),
            entity("Product", fact("product", "name", required="start", length=80)),
        ),
        relationships=(
            link("customer", "order", on_delete="restrict"),
            link("order", "product", many_a="yes", on_delete="cascade", on_delete_b="restrict"),
        ),
        access_patterns=(
            pattern("A customer sees their orders", "order", equals=("customer_order",),
                    sort=("-created_at",)),
        ),
    )  # fmt: skip
    return design.model_copy(update=update)
