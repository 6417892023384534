"""Columns that do something by themselves, on real databases: computed, short, in any case."""

from __future__ import annotations

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.language.expression import Call
from schemawalk.schema.model import Column, Schema, Table, Type
from tests.engines.migrations import changed, migration, outcome
from tests.schemas import check, column, key
from tests.till import till


def test_columns_do_what_they_promise(engine: Engine) -> None:
    """Computed, too long, in another case: every attempt turns out as it should."""
    proof = prove(engine, *migration(till(), engine))
    assert "\n".join(outcome(proof)) == ""
    made = {each.name for each in proof.checks}
    assert made >= {
        "orders: computes total_cents",
        "orders: computes share",
        "orders: computes lasted",
        "orders: computes later_at",
        "orders: refuses another value in due_on",
        "orders: refuses the same email in another case",
        "orders: refuses the same nickname in another case",
    }


FAULTS = {
    "another product": (
        r"quantity \* price_cents",
        "quantity + price_cents",
        "column total_cents",
        "orders: computes total_cents",
    ),
    "a column that nobody computes": (
        r" GENERATED ALWAYS AS \(quantity \* price_cents\) STORED",
        "",
        "column total_cents",
        "orders: accepts a row|orders: refuses another value in total_cents",
    ),
    "a day more": (
        r"(?<=\D)30(?=\)| \|\| ' days'| DAY)",
        "31",
        "column due_on",
        "orders: computes due_on",
    ),
    "a quotient cut off": (
        r"CAST\(price_cents AS \S+\) / ",
        "price_cents * quantity / ",
        "column share",
        "orders: computes share",
    ),
    "an unknown that is known": (
        r"coalesce\(family_name, '-'\)|COALESCE\(family_name, '-'\)",
        "family_name",
        "column full_name",
        "orders: computes full_name|orders: accepts a row",
    ),
    "a longer text": (
        r"(?i)(varchar\(|length\(code\) <= )8\b",
        r"\g<1>80",
        "",
        "orders: refuses more than 8 characters in code|"
        "orders: refuses what breaks ck_orders_code_varchar",
    ),
    "an address in two cases": (
        r"(?<=\()lower\(email\)|(?<=email)( +\w+(?:\(\d+\))? +(?:NOT NULL +)?)COLLATE \w+",
        r"\g<1>",
        "",
        "orders: refuses the same email in another case",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_in_a_column_goes_unnoticed(engine: Engine, fault: str) -> None:
    """The catalogue says what differs, and a row shows it."""
    pattern, replacement, sentence, shown_by = FAULTS[fault]
    fitted, up, down = migration(till(), engine)
    if fault == "an address in two cases" and engine.name == "postgresql":
        replacement = "email"
    made = changed(up, pattern, replacement)
    proof = prove(engine, fitted, made, down)
    assert not proof.ok
    said = {each.name: each.detail for each in proof.checks if not each.ok}
    assert sentence in said["the catalogue equals the schema"]
    assert set(shown_by.split("|")) & said.keys()


OWN = {
    "postgresql": ("size % 5 = 0", "starts_with(name, 'ab') or name ~ '^x'"),
    "sqlite": ("size % 5 = 0", "name GLOB 'ab*' or instr(name, 'x') = 1"),
    "mariadb": ("size % 5 = 0", "name like 'ab%' or locate('x', name) = 1"),
    "mysql": ("size % 5 = 0", "name like 'ab%' or locate('x', name) = 1"),
}
"""Rules in each database's own SQL."""


def _shelves(rules: tuple[str, ...]) -> Schema:
    checks = tuple(check(f"ck_shelves_{at}", rule) for at, rule in enumerate(rules))
    columns = (Column("id", Type("uuid"), default=Call("uuid")), column("size", "integer"))
    table = Table("shelves", (*columns, column("name", "text")), key("shelves"), checks=checks)
    return Schema((table,))


def test_a_rule_in_a_database_s_own_sql_is_proven_there(engine: Engine) -> None:
    """The database itself says which rows obey it, and refuses those that do not."""
    schema = _shelves(tuple(f"{engine.name}: {rule}" for rule in OWN[engine.name]))
    proof = prove(engine, *migration(schema, engine))
    assert "\n".join(outcome(proof)) == ""
    assert "shelves: refuses what breaks ck_shelves_1" in {each.name for each in proof.checks}
    fitted, up, down = migration(schema, engine)
    weaker = changed(up, r"size % 5 = 0", "size % 5 >= 0")
    assert not prove(engine, fitted, weaker, down).ok


def test_a_rule_in_another_database_s_sql_is_left_out_and_said(engine: Engine) -> None:
    other = next(name for name in OWN if name != engine.name)
    fitted = fit(_shelves((f"{other}: size % 5 = 0",)), engine.name)
    assert fitted.schema.table("shelves").checks == ()
    assert [f.rule for f in fitted.findings] == [f"{engine.name}-refused-fragment"]
