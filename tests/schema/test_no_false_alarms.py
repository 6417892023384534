"""What looks like a mistake and is none: the review has nothing to say about it."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Waiver
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, pattern, shop


def rules(design: Design) -> set[str]:
    return {finding.rule for finding in review(design).findings}


def diamond(order: tuple[str, str, str]) -> Design:
    """A user's albums and photos go with the user; a photo holds its album back by RESTRICT."""
    links = {
        "albums": link("user", "album", on_delete="cascade"),
        "photos": link("user", "photo", on_delete="cascade"),
        "within": link("album", "photo", on_delete="restrict"),
    }
    things = (entity("User"), entity("Album"), entity("Photo"))
    return Design(entities=things, relationships=tuple(links[name] for name in order))


def test_a_diamond_of_cascade_and_restrict_that_postgresql_executes() -> None:
    """Albums and photos of one user: the cascade takes the photos before RESTRICT looks."""
    design = diamond(("albums", "photos", "within"))
    assert "privacy-delete-blocked" not in rules(design)


def test_the_same_diamond_is_a_mistake_where_something_hangs_on_it_from_outside() -> None:
    """A photo of one user in another's album: then the delete is really refused."""
    design = diamond(("albums", "photos", "within"))
    print_ = entity("Print")
    outside = link("photo", "print", on_delete="restrict")
    worse = design.model_copy(update={
        "entities": (*design.entities, print_),
        "relationships": (*design.relationships, outside),
    })  # fmt: skip
    assert "privacy-delete-blocked" in rules(worse)


def test_exclusive_arcs_with_their_check() -> None:
    """Two keys of which exactly one is set: neither is forgotten, nullable by accident, or dead."""
    links = (
        link("task", "note", optional="yes", on_delete="cascade", one_of=("page_note",),
             one_of_form="keys"),
        link("page", "note", optional="yes", on_delete="cascade"),
    )  # fmt: skip
    note = entity("Note", fact("note", "text", kind="short-text", required="start"),
                  fact("note", "created_at", required="start", default="now"))  # fmt: skip
    stamped = [entity(name, fact(name.lower(), "created_at", required="start", default="now"))
               for name in ("Task", "Page")]  # fmt: skip
    design = Design(entities=(*stamped, note), relationships=links)
    (notes,) = (t for t in derive(design).schema.tables if t.source == "note")
    assert notes.checks
    assert rules(design) <= {"entity-untraced", "undocumented-object", "postgresql-lossy-uuid7"}


def test_a_nullable_unique_that_is_meant_as_an_idempotency_key() -> None:
    """Waived: the reason stands with it, and nothing else is hidden by it."""
    key = fact("payment", "request_key", kind="identifier", unique="alone", required="optional")
    design = Design(entities=(entity("Payment", key),))
    assert "nullable-unique" in rules(design)
    reason = "Clients without a key are allowed; those that send one must not repeat it."
    waiver = Waiver(rule="nullable-unique", subject="payment.request_key", reason=reason)
    accepted = review(design.model_copy(update={"waivers": (waiver,)}))
    assert "nullable-unique" not in {f.rule for f in accepted.findings}
    assert [(f.rule, f.waiver) for f in accepted.waived] == [("nullable-unique", reason)]
    assert {f.rule for f in accepted.findings} == rules(design) - {"nullable-unique"}


@pytest.mark.parametrize("tenancy", ["none", "shared"])
def test_unique_said_twice(tenancy: str) -> None:
    """Of the attribute and as what makes two the same: one constraint, and no word about it."""
    car = entity("Car", fact("car", "plate", unique="alone", required="start"),
                 identity=("plate",), tenant="yes")  # fmt: skip
    design = Design(entities=(entity("Team", archetype="group"), car),
                    relationships=(link("team", "car", on_delete="cascade"),),
                    stack=Stack.model_validate({"tenancy": tenancy}))  # fmt: skip
    assert not {"prefix-redundant-index", "duplicate-index"} & rules(design)
    (cars,) = (t for t in derive(design).schema.tables if t.source == "car")
    assert [u.columns for u in cars.uniques if "plate" in u.columns] == [("plate",)]


def test_one_to_one_with_an_optional_parent() -> None:
    """UNIQUE over the key alone: rows without a parent may be many, and are meant to be."""
    pair = link("user", "badge", many_b="no", optional="yes", on_delete="set-null")
    design = Design(entities=(entity("User"), entity("Badge")), relationships=(pair,))
    assert "nullable-unique" not in rules(design)


def test_unique_among_rows_that_are_not_hidden() -> None:
    car = entity("Car", fact("car", "plate", unique="alone", required="start"), deletion="soft",
                 archetype="thing")  # fmt: skip
    assert not {"partial-index-quality", "nullable-unique"} & rules(Design(entities=(car,)))


def test_a_circle_with_a_way_in() -> None:
    ring = (link("a", "b", on_delete="cascade"), link("b", "c", on_delete="cascade"),
            link("c", "a", optional="yes", on_delete="set-null"))  # fmt: skip
    things = (entity("A"), entity("B"), entity("C"))
    assert "fk-cycle-not-insertable" not in rules(Design(entities=things, relationships=ring))


def test_a_table_that_hangs_on_a_circle_is_not_in_it() -> None:
    ring = (link("a", "b", on_delete="cascade"), link("b", "a", on_delete="cascade"),
            link("a", "c", on_delete="cascade"), link("d", "b", on_delete="cascade"))  # fmt: skip
    things = (entity("A"), entity("B"), entity("C"), entity("D"))
    found = review(Design(entities=things, relationships=ring)).findings
    circle = {f.subject for f in found if f.rule == "fk-cycle-not-insertable"}
    assert circle == {"a_b", "b_a"}


def test_money_that_goes_with_the_money_it_belongs_to() -> None:
    lines = link("invoice", "payment", on_delete="cascade")
    design = Design(entities=(entity("Invoice"), entity("Payment")), relationships=(lines,))
    assert "cascade-blast-radius" not in rules(design)


def test_two_orders_that_no_single_index_gives() -> None:
    """By customer then newest, by customer newest first then by state the other way round."""
    asked = (
        pattern(
            "a", "order", equals=("customer_order",), sort=("-created_at", "status"), rows=90_000
        ),
        pattern(
            "b", "order", equals=("customer_order",), sort=("created_at", "status"), rows=90_000
        ),
    )
    assert "prefix-redundant-index" not in rules(shop(access_patterns=asked))


def test_a_list_of_plain_words() -> None:
    post = entity("Post", fact("post", "tags", kind="list", holds_keys="no", required="start"))
    assert "multi-valued-or-numbered-columns" not in rules(Design(entities=(post,)))


def test_two_lines_of_an_address() -> None:
    home = entity("Home", fact("home", "address_line_1", required="start"),
                  fact("home", "address_line_2", required="optional"))  # fmt: skip
    assert "multi-valued-or-numbered-columns" not in rules(Design(entities=(home,)))


def test_a_secret_of_which_only_a_hash_is_kept() -> None:
    user = entity("User", fact("user", "password", kind="secret", required="start"),
                  fact("user", "token_hash", kind="short-text", required="start"))  # fmt: skip
    assert "sensitive-column-exposed" not in rules(Design(entities=(user,)))


def test_a_type_beside_a_key_that_the_database_checks() -> None:
    """A relationship and a column called alike are no polymorphic pair."""
    car = entity("Car", fact("car", "owner_type", required="start", values=("a", "b")))
    tie = link("owner", "car", on_delete="cascade")
    design = Design(entities=(entity("Owner"), car), relationships=(tie,))
    assert "reference-without-fk" not in rules(design)


def test_policies_that_reach_through_their_parents() -> None:
    team = entity("Team", archetype="group")
    paper, page = entity("Paper", tenant="yes", archetype="thing"), entity("Page", archetype="line")
    links = (link("team", "paper", on_delete="cascade"), link("paper", "page", on_delete="cascade"))
    design = Design(
        entities=(team, paper, page), relationships=links,
        stack=Stack(database="postgresql", tenancy="shared"), keeping=Keeping(policies="database"),
    )  # fmt: skip
    assert not {"policy-on-parents-only", "tenant-not-tied"} & rules(design)
