"""Rules and defaults against the types of their columns: what fits, and what is refused."""

from __future__ import annotations

import pytest

from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import Meaning, default_misfit, misfit, value_misfit
from schemawalk.schema.model import Type
from tests.schema.designs import fact

KNOWN = {
    "name": Meaning(Type("text")),
    "size": Meaning(Type("integer")),
    "price": Meaning(Type("numeric", 12, 2)),
    "active": Meaning(Type("boolean")),
    "begun_at": Meaning(Type("timestamptz")),
    "ended_at": Meaning(Type("timestamptz")),
    "birthday": Meaning(Type("date")),
    "host": Meaning(Type("inet")),
    "results": Meaning(Type("json")),
    "status": Meaning(Type("text"), ("draft", "sent")),
    "native": Meaning(Type("enum", enum="e"), ("draft", "sent")),
}


@pytest.mark.parametrize(
    "rule",
    [
        "size > 0",
        "size between 1 and price",
        "length(name) <= 100 and not blank(name)",
        "status in ('draft', 'sent')",
        "'draft' = native",
        "status = 'sent' implies ended_at is not null",
        "ended_at >= begun_at",
        "birthday < '2026-03-14'",
        "begun_at > '2026-03-14T00:00:00Z'",
        "active or name matches '^a'",
        "present(name, size) = 1",
        "price = size * 2 - 1",
        "elsewhere > 3",
        "active",
        "if status = 'sent' then ended_at is not null",
        "birthday + 30 days < '2026-03-14'",
        "birthday + size > birthday and birthday - birthday < 3",
        "ended_at - begun_at <= 2 hours + 30 minutes",
        "begun_at + 3 weeks > ended_at",
        "year(begun_at) = year(birthday) and month(birthday) = 2",
        "name || ' ' || coalesce(name, '?') <> 'x'",
        "size / 3 < price",
        "day(begun_at) = birthday",
        "host = '192.0.2.7'",
        "postgresql: size % 2 = 0",
    ],
)
def test_a_rule_that_says_something_is_taken(rule: str) -> None:
    assert misfit(parse(rule), KNOWN) == ""


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("length(size) > 3", "length() needs text, and size is a number"),
        ("blank(active)", "blank() needs text, and active is yes or no"),
        ("price matches '^1'", "matches needs text, and price is a number"),
        ("lower(native) = 'draft'", "lower() needs text, and native is a native enum"),
        ("name > 3", "name is text and 3 is a number: they cannot be compared"),
        ("3 < name", "name is text and 3 is a number: they cannot be compared"),
        ("begun_at > birthday", "begun_at is a moment and birthday is a day"),
        ("begun_at + 1 > 2", "begun_at is a moment: give 1 a unit, as in 30 days"),
        ("status = 'snet'", "'snet' is not one of the values of status: draft, sent"),
        ("status in ('draft', 'gone')", "'gone' is not one of"),
        ("birthday = 'soon'", "birthday is a day, written as '2026-03-14'"),
        ("name = null", "write `is null`"),
        ("results = 'x'", "results is JSON, which cannot be compared"),
        ("length(name)", "length(name) is a number, and a rule says yes or no"),
        ("size and active", "join conditions, and size is a number"),
        ("not name", "turns a condition round, and name is text"),
        ("birthday + 1.5 > birthday", "birthday is a day, and 1.5 no number of whole days"),
        ("birthday + 2 hours > birthday", "birthday is a day, and 2 hours no number of whole days"),
        ("birthday - birthday < 3 days", "a number, and 3 days a length of time: write the number"),
        ("ended_at - begun_at < 3", "is a length of time: say 3 what, as in 30 days"),
        ("name || size = 'x'", "|| needs text, and size is a number"),
        ("year(size) > 3", "year() needs a day or a moment, and size is a number"),
        ("coalesce(name, size) = 'x'", "name is text and size is a number"),
        ("native > 'draft'", "native is a native enum, which has another order in each database"),
        ("begun_at < now()", "must stay true: compare with a column that keeps the moment"),
        ("birthday <= today()", "today() is another each time"),
        ("host > '10.0.0.1'", "host is an IP address, which has another order in each database"),
        ("host = 'somewhere'", "host is an IP address, written as '192.0.2.7'"),
        ("size in (1, 'two')", "size is a number and 'two' is text"),
    ],
)
def test_a_rule_that_no_database_takes_is_refused_in_a_sentence(rule: str, says: str) -> None:
    assert says in misfit(parse(rule), KNOWN)


def test_a_value_need_not_be_a_condition() -> None:
    assert value_misfit(parse("size * price"), KNOWN) == ""
    assert "needs numbers" in value_misfit(parse("size * name"), KNOWN)


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ("moment", "now"), ("reference", "uuid"), ("short-text", "'new'"), ("yes-no", "true"),
        ("whole-number", "0"), ("decimal", "1.5"), ("json", "'{}'"), ("date", "'2026-03-14'"),
        ("one-of", "'draft'"), ("list", "none"), ("money", "-3"),
    ],
)  # fmt: skip
def test_a_default_of_its_kind_is_taken(kind: str, default: str) -> None:
    values = ("draft", "sent") if kind == "one-of" else None
    assert default_misfit(default, fact("car", "x", kind=kind, values=values)) == ""


@pytest.mark.parametrize(
    ("kind", "default", "says"),
    [
        ("short-text", "0", "x is text and 0 is a number"),
        ("whole-number", "'many'", "x is a number and 'many' is text"),
        ("whole-number", "1.5", "whole number"),
        ("whole-number", "3000000000", "too large for x, which is integer"),
        ("date", "now", "now is a moment, and x is a day"),
        ("yes-no", "1", "x is yes or no and 1 is a number"),
        ("one-of", "'lost'", "'lost' is not one of the values of x: draft, sent"),
        ("json", "'{'", "x wants JSON in quotes"),
        ("list", "'a'", "x is a list, which has no default"),
        ("bytes", "'a'", "x is bytes, which has no default"),
        ("money", "now", "now is a moment, and x is a number"),
        ("decimal", "uuid", "x is a number, and uuid an id"),
        ("short-text", "other", "not a constant"),
        ("short-text", "'", "not part of a rule"),
    ],
)
def test_a_default_of_another_kind_is_refused(kind: str, default: str, says: str) -> None:
    values = ("draft", "sent") if kind == "one-of" else None
    assert says in default_misfit(default, fact("car", "x", kind=kind, values=values))


def test_a_default_is_no_longer_than_its_column() -> None:
    assert "at most 3 characters" in default_misfit("'long'", fact("car", "x", length=3))
