"""What belongs to one group points to what belongs to another: said where nothing ties the two."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link
from wizard_steps.reviewed import fixed, matters

FINDING = "parents-of-two-groups.account_payout"


def market(archetype: str = "group", role: str | None = None, **more: object) -> Design:
    """Payouts of a seller go to an account of a seller."""
    name = fact("seller", "name", kind="short-text", required="start")
    things = (entity("Seller", name, archetype=archetype, persists="yes"),
              entity("Account", fact("account", "iban", required="start"), persists="yes"),
              entity("Payout", fact("payout", "cents", kind="whole-number", required="start"),
                     persists="yes"))  # fmt: skip
    links = (link("seller", "account", on_delete="restrict", id="seller_account"),
             link("seller", "payout", on_delete="restrict", id="seller_payout", role=role),
             link("account", "payout", on_delete="restrict", id="account_payout",
                  **more))  # fmt: skip
    return Design(entities=things, relationships=links)


def test_a_payout_to_somebody_elses_account_is_said_and_tied_with_one_key() -> None:
    design = market()
    matter = matters(design)[FINDING]
    assert matter.severity == "hint"
    assert "A payout of one seller can point to an account of another" in matter.message
    after = fixed(design, matter)
    payouts = derive(after).schema.table("payouts")
    keys = {key.references: key.columns for key in payouts.foreign_keys}
    assert keys["accounts"] == ("seller_id", "account_id")
    assert FINDING not in matters(after)


@pytest.mark.parametrize(
    "design",
    [
        market("person"),
        market(role="payer"),
        market(optional="yes"),
        market().model_copy(update={"stack": Stack(tenancy="shared")}),
    ],
    ids=["people write on each other's posts", "another part", "not always there", "tenants"],
)
def test_where_crossing_may_be_meant_nothing_is_said(design: Design) -> None:
    assert "parents-of-two-groups" not in {each.rule for each in review(design).findings}
