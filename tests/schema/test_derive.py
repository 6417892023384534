"""Derivation: which tables, keys and constraints follow from which answers."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemawalk.design.model import Attribute, Design, Rule
from schemawalk.design.whole import Stack
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.expression import Literal
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Sealed
from tests.schema.designs import entity, fact, link, shop


def schema(design: Design) -> Schema:
    derived = derive(design)
    assert derived.problems == ()
    return derived.schema


def test_an_entity_becomes_a_table_in_the_plural() -> None:
    assert {t.name for t in schema(shop()).tables} >= {"customers", "orders", "products"}


def test_a_required_relationship_gives_a_key_that_is_not_null() -> None:
    orders = schema(shop()).table("orders")
    assert not orders.column("customer_id").nullable
    (key,) = orders.foreign_keys
    assert (key.references, key.on_delete) == ("customers", "RESTRICT")
    assert key.because == "Delete a customer: refused while they have orders."


def test_an_optional_relationship_gives_a_key_that_may_be_null() -> None:
    loose = link("customer", "order", optional="yes", on_delete="set-null")
    orders = schema(shop(relationships=(loose,), access_patterns=())).table("orders")
    assert orders.column("customer_id").nullable
    assert orders.foreign_keys[0].on_delete == "SET NULL"


def test_many_to_many_gives_a_join_table_whose_key_is_the_pair() -> None:
    joined = schema(shop()).table("order_products")
    assert joined.primary_key.columns == ("order_id", "product_id")
    assert [k.on_delete for k in joined.foreign_keys] == ["CASCADE", "RESTRICT"]
    assert [[p.column for p in i.parts] for i in joined.indexes] == [["product_id"]]


def test_a_link_with_facts_goes_through_its_entity() -> None:
    line = entity("Order line", fact("order_line", "quantity", required="start"))
    through = link("order", "product", many_a="yes", payload="order_line")
    made = schema(shop(entities=(*shop().entities, line), relationships=(through,),
                       access_patterns=()))  # fmt: skip
    lines = made.table("order_lines")
    assert {k.references for k in lines.foreign_keys} == {"orders", "products"}
    assert [u.columns for u in lines.uniques] == [("order_id", "product_id")]
    assert "order_products" not in {t.name for t in made.tables}


def test_one_to_one_makes_the_key_unique() -> None:
    profile = entity("Profile", fact("profile", "bio"))
    only = link("customer", "profile", many_b="no", on_delete="cascade")
    made = schema(shop(entities=(*shop().entities, profile), relationships=(only,),
                       access_patterns=()))  # fmt: skip
    assert [u.columns for u in made.table("profiles").uniques] == [("customer_id",)]


def test_n_to_one_is_the_same_as_one_to_n_turned_round() -> None:
    turned = link("order", "customer", many_b="no", many_a="yes", on_delete="restrict")
    made = schema(shop(relationships=(turned,), access_patterns=()))
    assert made.table("orders").foreign_keys[0].references == "customers"


def test_something_small_that_is_read_with_its_owner_becomes_columns() -> None:
    address = entity("Address", fact("address", "city"), owner="customer", many="no", apart="no")
    made = schema(shop(entities=(*shop().entities, address)))
    assert "address_city" in {c.name for c in made.table("customers").columns}
    assert "addresses" not in {t.name for t in made.tables}


def test_another_word_for_a_thing_leads_to_its_table() -> None:
    client = entity("Client", same_as="customer")
    theirs = link("client", "order", on_delete="cascade")
    made = schema(shop(entities=(*shop().entities, client), relationships=(theirs,),
                       access_patterns=()))  # fmt: skip
    assert made.table("orders").foreign_keys[0].references == "customers"
    assert "clients" not in {t.name for t in made.tables}


def test_what_is_transient_has_no_table() -> None:
    cart = entity("Cart", persists="no")
    assert "carts" not in {t.name for t in schema(shop(entities=(*shop().entities, cart))).tables}


def test_a_tree_has_a_parent_and_is_never_its_own() -> None:
    folder = entity("Folder", fact("folder", "name"))
    inside = link("folder", "folder", role="parent", optional="yes", on_delete="cascade")
    made = schema(Design(entities=(folder,), relationships=(inside,))).table("folders")
    assert made.column("parent_id").nullable
    assert POSTGRESQL.sql(made.checks[0].expression) == "parent_id <> id"


def test_who_keeps_a_list_decides_its_form() -> None:
    def with_list(kept_by: str) -> Schema:
        color = fact("car", "color", kind="one-of", values=("red", "blue"), kept_by=kept_by)
        return schema(Design(entities=(entity("Car", color),)))

    checked = with_list("developers").table("cars")
    assert POSTGRESQL.sql(checked.checks[0].expression) == "color IN ('red', 'blue')"
    native = with_list("shared")
    assert native.enums[0].values == ("red", "blue")
    assert native.table("cars").column("color").type.enum == "car_color"
    looked_up = with_list("users")
    assert looked_up.table("cars").foreign_keys[0].references == "car_colors"


@pytest.mark.parametrize(
    ("values", "default", "kept"),
    [(("red", "blue"), "'blue'", "blue"), (("red",), "'blue'", None), ((), "'blue'", None)],
)
def test_the_default_of_a_list_that_users_keep_is_one_of_its_first_rows(
    values: tuple[str, ...], default: str, kept: str | None
) -> None:
    """Nothing but a row that the seeds bring can be referred to; what is not kept is said."""
    color = fact("car", "color", kind="one-of", values=values, kept_by="users", default=default)
    made = derive(Design(entities=(entity("Car", color),)))
    found = made.schema.table("cars").column("color").default
    assert found == (Literal(kept) if kept else None)
    said = [(p.rule, p.subject) for p in made.problems]
    assert said == ([] if kept else [("broken-default", "car.color")])


def test_money_in_several_currencies_has_a_currency_column() -> None:
    price = fact("car", "price", kind="money", currency="per-row", required="start")
    cars = schema(Design(entities=(entity("Car", price),))).table("cars")
    assert cars.column("price").type.name == "bigint"
    assert POSTGRESQL.sql(cars.checks[0].expression) == "char_length(price_currency) = 3"


@pytest.mark.parametrize("own", [(), (fact("car", "currency", required="start"),)])
def test_an_amount_is_never_the_same_in_another_currency(own: tuple[Attribute, ...]) -> None:
    price = fact("car", "price", kind="money", currency="per-row", unique="alone", required="start")
    once = Rule(id="r", says="The price is set once.", entity="car", kept_by="trigger",
                looks_at="once", over=("price",))  # fmt: skip
    made = schema(Design(entities=(entity("Car", price, *own),), rules=(once,)))
    currency = "currency" if own else "price_currency"
    assert [u.columns for u in made.table("cars").uniques] == [("price", currency)]
    assert [sealed.columns for sealed in made.things(Sealed)] == [("price", currency)]


def test_a_business_key_becomes_unique() -> None:
    plate, state = fact("car", "plate", required="start"), fact("car", "state", required="start")
    car = entity("Car", plate, state, identity=("state", "plate"))
    made = schema(Design(entities=(car,))).table("cars")
    assert [u.columns for u in made.uniques] == [("state", "plate")]


def test_counted_numbers_follow_into_foreign_keys() -> None:
    made = schema(shop(stack=Stack(identifiers="bigint")))
    assert made.table("orders").column("id").identity
    assert made.table("orders").column("customer_id").type.name == "bigint"


def test_tables_come_after_those_they_reference() -> None:
    names = [t.name for t in schema(shop()).tables]
    assert names.index("customers") < names.index("orders") < names.index("order_products")


def test_a_circle_is_cut_where_a_key_may_be_null() -> None:
    team, person = entity("Team"), entity("Person")
    of = link("team", "person", on_delete="cascade")
    lead = link("person", "team", role="lead", optional="yes", on_delete="set-null")
    design = Design(entities=(person, team), relationships=(of, lead))
    made = schema(design)
    assert [t.name for t in made.tables] == ["teams", "people"]
    assert [k.deferred for _, k in made.references()] == [True, False]


def test_a_rule_that_cannot_be_read_is_a_finding_and_not_a_crash() -> None:
    car = entity("Car", fact("car", "speed", rules=("speed >", "wings > 2")))
    problems = derive(Design(entities=(car,))).problems
    assert [p.rule for p in problems] == ["broken-rule", "broken-rule"]
    assert "wings" in problems[1].message


def test_a_relationship_to_nowhere_is_a_finding() -> None:
    design = Design(entities=(entity("Car"),), relationships=(link("car", "ghost"),))
    assert [p.rule for p in derive(design).problems] == ["relationship-to-nowhere"]


def test_two_entities_with_one_name_get_two_tables() -> None:
    first = entity("Car")
    second = first.model_copy(update={"id": "car_2"})
    names = [t.name for t in schema(Design(entities=(first, second))).tables]
    assert names == ["cars", "cars_2"]


def test_the_same_design_gives_the_same_schema_whatever_the_hash_seed() -> None:
    program = "from tests.schema.designs import shop; from schemawalk.schema.derive import derive; "
    program += "print(derive(shop()))"
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_name_gives_tables_with_names_of_their_own(names: list[str]) -> None:
    """Hostile or long names never collide, and all fit in 63 bytes."""
    entities = tuple(
        entity(name, fact(f"e{i}", name, required="start")).model_copy(update={"id": f"e{i}"})
        for i, name in enumerate(n if n.strip() else "x" for n in names)
    )
    links = tuple(link(f"e{i}", "e0", on_delete="cascade") for i in range(1, len(entities)))
    made = derive(Design(entities=entities, relationships=links)).schema
    found = [t.name for t in made.tables] + [i.name for t in made.tables for i in t.indexes]
    assert len(set(found)) == len(found)
    assert all(len(n.encode(errors="surrogatepass")) <= 63 for n in found)


def test_words_of_the_rule_language_can_name_a_column() -> None:
    car = entity("Car", fact("car", "not", kind="percentage", required="start"))
    (check,) = schema(Design(entities=(car,))).table("cars").checks
    assert POSTGRESQL.sql(check.expression) == '"not" BETWEEN 0 AND 100'


def test_a_place_on_the_map_is_checked_in_its_own_columns() -> None:
    spot = fact("car", "spot", kind="coordinates", required="start")
    taken = fact("car", "spot_latitude", kind="decimal")
    cars = schema(Design(entities=(entity("Car", taken, spot),))).table("cars")
    said = {POSTGRESQL.sql(check.expression) for check in cars.checks}
    assert "spot_latitude_2 BETWEEN -90 AND 90" in said


def test_a_part_of_another_table_keeps_its_own_rules() -> None:
    profile = entity("Profile", fact("profile", "name", required="start"), owner="customer",
                     many="no", apart="no", rules=("length(name) <= 5",),
                     identity=("name",))  # fmt: skip
    customer = entity("Customer", fact("customer", "name", required="start"))
    for entities in ((customer, profile), (profile, customer)):
        table = schema(Design(entities=entities)).table("customers")
        assert POSTGRESQL.sql(table.checks[0].expression) == "char_length(profile_name) <= 5"
        assert [u.columns for u in table.uniques] == [("profile_name",)]


def test_a_link_between_what_became_one_thing_is_no_link() -> None:
    session = entity("Session", owner="customer", many="no", apart="no")
    design = shop(entities=(*shop().entities, session))
    links = (*design.relationships, link("customer", "session", on_delete="cascade"))
    made = schema(design.model_copy(update={"relationships": links}))
    assert made.table("customers").foreign_keys == ()


def test_an_entity_between_two_others_uses_the_keys_that_it_has() -> None:
    line = entity("Order line", fact("order_line", "quantity", required="start"))
    links = (
        link("order", "product", many_a="yes", payload="order_line"),
        link("order", "order_line", on_delete="cascade"),
        link("product", "order_line", on_delete="restrict"),
    )
    design = shop(entities=(*shop().entities, line), relationships=links, access_patterns=())
    lines = schema(design).table("order_lines")
    assert [c.name for c in lines.columns if c.name.endswith("_id")] == ["order_id", "product_id"]
    assert [u.columns for u in lines.uniques] == [("order_id", "product_id")]


def test_what_cannot_stand_between_two_entities_is_a_finding() -> None:
    through = link("order", "product", many_a="yes", payload="order")
    problems = derive(shop(relationships=(through,), access_patterns=())).problems
    assert [p.rule for p in problems] == ["payload-not-possible"]


def test_a_link_among_the_same_things_has_two_columns() -> None:
    friends = link("customer", "customer", many_a="yes", role="first")
    made = schema(shop(relationships=(friends,), access_patterns=()))
    assert made.table("customer_customers").primary_key.columns == ("first_id", "other_customer_id")
