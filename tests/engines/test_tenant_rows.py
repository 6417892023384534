"""Rows of one tenant, with all that they need: what two of them make together too."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.design.whole import Keeping, Stack
from schemawalk.engines.acts.tenants import Tenant
from schemawalk.rows.planned import Rows
from schemawalk.schema.derive import derive


def _entity(id_: str, **said: str) -> Entity:
    name = Attribute(id=f"{id_}.name", name="name", kind="short-text", required="start")
    return Entity.model_validate(
        {"id": id_, "name": id_, "persists": "yes", "attributes": (name,), **said}
    )


@pytest.mark.parametrize("itself", ["pairs", "graph"])
def test_a_pair_of_a_tenant_is_made_of_two_of_its_rows(itself: str) -> None:
    """No row is paired with itself: a second one of the same tenant is made."""
    links = (
        {"id": "belongs", "a": "org", "b": "card", "many_b": "yes", "many_a": "no",
         "optional": "no", "on_delete": "cascade"},
        {"id": "linked", "a": "card", "b": "card", "many_a": "yes", "many_b": "yes",
         "payload": "no", "ordered": "no", "itself": itself, "on_delete": "cascade",
         "on_delete_b": "cascade"},
    )  # fmt: skip
    schema = derive(Design(
        stack=Stack(tenancy="shared"), keeping=Keeping(policies="database"),
        entities=(_entity("org", archetype="group", tenant="no"), _entity("card", tenant="yes")),
        relationships=tuple(map(Relationship.model_validate, links)),
    )).schema  # fmt: skip
    table = next(t for t in schema.tables if len(t.primary_key.columns) > 2)
    rows = Rows(schema, "postgresql")
    row = Tenant(schema, rows).row(table)
    _, one, other = (row[column] for column in table.primary_key.columns)
    assert one != other
    cards = rows.of(table.foreign_keys[-1].references)
    assert {card["org_id"] for card in cards} == {row["org_id"]}
