"""What a fact is called tells what it is: amounts and lists that are kept as any text."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design, Note
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact


def said(rule: str, *facts: Attribute, **more: object) -> list[Finding]:
    design = Design(entities=(entity("Car", *facts),)).model_copy(update=more)
    return [each for each in review(design).findings if each.rule == rule]


def text(name: str, **more: object) -> Attribute:
    return fact("car", name, **{"kind": "short-text", "required": "start", **more})


@pytest.mark.parametrize(
    "name", ["status", "kind", "payment_status", "type", "role", "fuel_type", "state", "stage"]
)
def test_a_list_that_takes_any_text_is_found(name: str) -> None:
    (finding,) = said("enum-like-text", text(name))
    assert (finding.severity, finding.subject) == ("warning", f"car.{name}")


@pytest.mark.parametrize(
    "name", ["content_type", "mime_type", "event_type", "statement", "typed_text", "kindness",
             "role_name", "status_message", "home_state", "prototype"],
)  # fmt: skip
def test_what_is_only_called_alike_is_left_alone(name: str) -> None:
    assert said("enum-like-text", text(name)) == []


def test_a_state_beside_a_city_is_a_part_of_a_country() -> None:
    assert said("enum-like-text", text("state"), text("city")) == []


@pytest.mark.parametrize("more", [
    {"rules": ("status in ('a', 'b')",)}, {"protection": "encrypt"}, {"kind": None},
    {"kind": "one-of", "values": ("a", "b")}, {"kind": "whole-number"},
])  # fmt: skip
def test_a_list_that_something_closes_is_left_alone(more: dict[str, object]) -> None:
    assert said("enum-like-text", text("status", **more)) == []


@pytest.mark.parametrize(("rule", "name"), [("enum-like-text", "status"),
                                            ("inexact-money", "price")])  # fmt: skip
def test_a_reason_for_the_kind_is_enough(rule: str, name: str) -> None:
    note = Note(id=f"attribute.car.{name}.kind", why="Each supplier has words of its own.")
    assert said(rule, text(name))
    assert said(rule, text(name), notes=(note,)) == []


@pytest.mark.parametrize(
    "name", ["price", "price_total", "net_amount", "fee_eur", "unit_price_net", "total_cost",
             "balance", "total", "price_per_hour", "deposit_cents"],
)  # fmt: skip
def test_an_amount_that_is_kept_as_text_is_found(name: str) -> None:
    (finding,) = said("inexact-money", text(name))
    assert finding.severity == "warning"
    assert finding.answers == ((f"attribute.car.{name}.kind", ("money",)),)


@pytest.mark.parametrize(
    "name", ["price_list", "cost_centre", "fee_type", "balance_sheet", "budget_owner",
             "totally_free", "amount_in_words", "priceless"],
)  # fmt: skip
def test_what_speaks_of_an_amount_and_is_none_is_left_alone(name: str) -> None:
    assert said("inexact-money", text(name)) == []


@pytest.mark.parametrize("kind", ["decimal", "money", "whole-number", "computed"])
def test_an_amount_that_is_a_number_is_exact(kind: str) -> None:
    assert said("inexact-money", text("price_total", kind=kind)) == []


def test_a_list_without_values_can_be_kept_by_users() -> None:
    """Free text would only be found again, as what it is."""
    (finding,) = said("enum-like-without-check", text("status", kind="one-of"))
    assert finding.answers == (("attribute.car.status.kept_by", ("users",)),)


# Defaults in quotes


def quoted(kind: str, default: str = "'now()'") -> list[tuple[str, str]]:
    design = Design(entities=(entity("Car", text("made", kind=kind, default=default)),))
    return [(f.rule, f.severity) for f in review(design).findings
            if f.rule in ("frozen-default", "broken-default")]  # fmt: skip


def test_a_quoted_function_is_found_once() -> None:
    """Where no such value can be, it is an error; in a text it is only wrong."""
    assert quoted("moment") == [("frozen-default", "error")]
    assert quoted("short-text") == [("frozen-default", "warning")]
    assert quoted("moment", "'soon'") == [("broken-default", "error")]


def test_what_has_no_default_is_asked_for_none() -> None:
    (finding,) = said("broken-default", text("made", kind="list", default="nonsense("))
    assert finding.answers == ()
