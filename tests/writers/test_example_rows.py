"""The made-up row of a table in the documents obeys the table's own rules."""

from __future__ import annotations

from dataclasses import replace

from schemawalk.schema.language.evaluation import holds
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.typing_rules import Meaning
from schemawalk.schema.model import Check, Schema, Table, Type
from schemawalk.writers.stack_driven.examples import accepted
from tests.schemas import UUID, check, column, key

MOMENT = "2026-03-14T09:26:53.589Z"


def test_an_example_row_lasts_as_long_as_a_rule_lets_it() -> None:
    """Moments are moved, not lengthened as texts are."""
    known = dict.fromkeys(("starts_at", "ends_at"), Meaning(Type("timestamptz")))
    lasting = explicit(parse("ends_at - starts_at between 10 minutes and 2 hours"), known)
    times = tuple(replace(column(name, "timestamptz"), example=MOMENT) for name in known)
    checks = (check("ck_order", "ends_at > starts_at"), Check("ck_length", lasting, "a rule"))
    table = Table("visits", (UUID, *times), key("visits"), checks=checks)
    row = accepted(table, Schema((table,)))
    assert all(holds(each.expression, row) for each in checks)
    assert row["starts_at"] == MOMENT != row["ends_at"]
