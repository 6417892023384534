"""CHECKs are called by what they say, and none says what another one says already."""

from __future__ import annotations

from math import inf

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.implied import pattern_lengths, without_implied
from tests.schema.designs import entity, fact


def cars(*facts: object) -> Design:
    return Design(entities=(entity("Car", *facts),))  # type: ignore[arg-type]


def names(design: Design, database: str = "", version: str = "16") -> list[str]:
    schema = derive(design).schema
    held = fit(schema, database, version).schema if database else schema
    return [check.name for check in held.table("cars").checks]


def test_a_check_is_called_by_what_it_says() -> None:
    design = cars(
        fact("car", "size", kind="whole-number", rules=("size > 0", "size <= 900")),
        fact("car", "plate", kind="short-text", length=9, rules=("plate matches '^[A-Z]'",)),
        fact("car", "colour", kind="one-of", values=("red", "blue")),
        fact("car", "doors", kind="whole-number", rules=("doors between 2 and 5", "doors <> 4")),
        fact("car", "made_on", kind="date"),
        fact("car", "sold_on", kind="date", rules=("sold_on >= made_on",)),
    )
    assert names(design) == [
        "ck_cars_size_positive", "ck_cars_size_max", "ck_cars_plate_max_length",
        "ck_cars_plate_pattern", "ck_cars_colour_values", "ck_cars_doors_range",
        "ck_cars_doors_is_not", "ck_cars_sold_on_made_on_order",
    ]  # fmt: skip


def test_two_states_that_ask_for_the_same_have_names_of_their_own() -> None:
    status = fact("car", "status", kind="one-of", values=("in", "sold", "lost"), required="start",
                  must_hold=("sold: gone_at is not null", "lost: gone_at is not null"))  # fmt: skip
    design = cars(status, fact("car", "gone_at", kind="moment"))
    assert names(design)[1:] == [
        "ck_cars_status_gone_at_when_sold", "ck_cars_status_gone_at_when_lost",
    ]  # fmt: skip


def test_another_rule_leaves_the_names_of_the_rest_as_they_are() -> None:
    """A name by number would be another CHECK's in the next migration."""
    both = cars(fact("car", "size", kind="whole-number", rules=("size > 0", "size <= 900")))
    one = cars(fact("car", "size", kind="whole-number", rules=("size <= 900",)))
    assert set(names(one)) < set(names(both))


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        (("x > 0", "x >= 0"), ["x > 0"]),
        (("x >= 0", "x > 0"), ["x > 0"]),
        (("x between 1 and 5", "x > 0"), ["x between 1 and 5"]),
        (("x <= 5", "x <= 9"), ["x <= 5"]),
        (("x >= 0", "x <= 9"), ["x >= 0", "x <= 9"]),
        (("x > 0", "y >= 0"), ["x > 0", "y >= 0"]),
        (("x <= 5", "x < 5"), ["x < 5"]),
        (("x between 0 and 5", "x >= 0"), ["x between 0 and 5"]),
        (("x <> 4", "x > 5"), ["x <> 4", "x > 5"]),
    ],
)
def test_what_another_rule_implies_is_left_out(rules: tuple[str, ...], kept: list[str]) -> None:
    assert list(without_implied(rules, [parse(rule) for rule in rules])) == kept


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [
        ("^[A-Z]{2}$", (2, 2)), ("^[A-Z]{2,5}x?$", (2, 6)), ("^a+$", (1, inf)),
        ("^[a-z0-9-]{1,40}$", (1, 40)), (r"^\d{3}[.]\d$", (5, 5)), ("[A-Z]{2}", (0, inf)),
        ("^(ab){2}$", (0, inf)), ("^a|b$", (0, inf)), (r"^a\$", (0, inf)), ("^a{2,}$", (2, inf)),
    ],
)  # fmt: skip
def test_how_long_a_text_is_that_a_pattern_matches(
    pattern: str, lengths: tuple[float, float]
) -> None:
    assert pattern_lengths(pattern) == lengths


def test_a_pattern_limits_the_length_where_the_database_knows_patterns() -> None:
    """SQLite knows none; InnoDB takes a width from the length, and then needs it no more."""
    code = cars(fact("car", "code", kind="short-text", length=2, required="start",
                     rules=("code matches '^[A-Z]{2}$'",)))  # fmt: skip
    assert names(code, "postgresql") == ["ck_cars_code_pattern"]
    assert "ck_cars_code_max_length" in names(code, "sqlite")
    assert names(code, "mariadb", "11") == ["ck_cars_code_pattern"]


def test_a_currency_has_one_check() -> None:
    price = cars(fact("car", "price", kind="money", currency="per-row", required="start"))
    assert names(price, "postgresql") == ["ck_cars_price_currency_pattern"]
