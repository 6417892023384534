"""The review: each known mistake is found before anything is written."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, shop


def rules(design: Design) -> set[str]:
    return {finding.rule for finding in review(design).findings}


def test_a_key_that_is_required_cannot_become_null() -> None:
    bad = link("customer", "order", optional="no", on_delete="set-null")
    found = review(shop(relationships=(bad,), access_patterns=()))
    assert "set-null-on-not-null" in {f.rule for f in found.findings}
    assert found.blocked


def test_a_circle_of_required_keys_cannot_be_inserted() -> None:
    ring = (link("a", "b", on_delete="cascade"), link("b", "a", on_delete="cascade"))
    assert "fk-cycle-not-insertable" in rules(
        Design(entities=(entity("A"), entity("B")), relationships=ring)
    )


def test_a_circle_with_a_way_in_is_fine() -> None:
    ring = (link("a", "b", on_delete="cascade"),
            link("b", "a", optional="yes", on_delete="set-null"))  # fmt: skip
    assert "fk-cycle-not-insertable" not in rules(
        Design(entities=(entity("A"), entity("B")), relationships=ring)
    )


def test_a_delete_that_privacy_promises_must_not_be_blocked_elsewhere() -> None:
    user, post, bill = entity("User", steps=("s",)), entity("Post"), entity("Invoice")
    links = (link("user", "post", on_delete="cascade"),
             link("user", "invoice", on_delete="restrict"))  # fmt: skip
    design = Design(entities=(user, post, bill), relationships=links)
    assert "privacy-delete-blocked" in rules(design)
    anonymous = (links[0], link("user", "invoice", optional="yes", on_delete="set-null"))
    assert "privacy-delete-blocked" not in rules(
        design.model_copy(update={"relationships": anonymous})
    )


@pytest.mark.parametrize(
    ("attribute", "rule"),
    [
        (fact("car", "status", required="start"), "enum-like-without-check"),
        (fact("car", "owner", kind="reference", required="start"), "reference-without-fk"),
        (fact("car", "plate", unique="alone", required="optional"), "nullable-unique"),
        (fact("car", "order", required="start"), "reserved-word"),
        (fact("car", "x", required="start", values=("a\x1b",)), "control-characters"),
        (fact("car", "name", required="optional"), "all-columns-nullable"),
    ],
)
def test_a_doubtful_column_is_found(attribute: object, rule: str) -> None:
    design = Design(entities=(entity("Car", attribute),))  # type: ignore[arg-type]
    assert rule in rules(design)
    assert rule not in rules(Design(entities=(entity("Car", fact("car", "x", required="start")),)))


def test_a_table_that_no_step_needs_is_found() -> None:
    assert "entity-untraced" in rules(Design(entities=(entity("Car"),)))
    assert "entity-untraced" not in rules(Design(entities=(entity("Car", steps=("s",)),)))


def test_a_value_that_no_native_enum_can_hold_is_found() -> None:
    def kept_by(who: str) -> Design:
        values = ("short", "long" * 20)
        kind = fact("car", "kind", kind="one-of", values=values, kept_by=who, required="start")
        return Design(entities=(entity("Car", kind),))

    assert "enum-value-too-long" in rules(kept_by("shared"))
    assert "enum-value-too-long" not in rules(kept_by("developers"))


def test_errors_come_first() -> None:
    bad = link("customer", "order", on_delete="set-null")
    found = review(shop(relationships=(bad,), access_patterns=())).findings
    assert found[0].severity == "error"
    assert found[-1].severity != "error"


def test_what_the_chosen_database_cannot_hold_is_part_of_the_review() -> None:
    assert "sqlite-refused-match" in rules(shop(stack=Stack(database="sqlite")))


def test_what_is_to_be_remembered_and_reaches_no_table_is_found() -> None:
    ring = (entity("A", owner="b", many="no", apart="no"),
            entity("B", owner="a", many="no", apart="no"))  # fmt: skip
    assert "entity-vanishes" in rules(Design(entities=ring))
    assert "entity-vanishes" not in rules(shop())


def test_an_owner_that_does_not_exist_is_found() -> None:
    assert "owner-unknown" in rules(Design(entities=(entity("Car", owner="ghost"),)))
    assert "owner-unknown" not in rules(Design(entities=(entity("Car", owner="system"),)))
