"""A reference row that its own table refuses is found before anything is written."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design, Rule
from schemawalk.schema.language.evaluation import evaluate
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.rules_and_rows import KNOWN
from tests.schema.designs import entity, fact, link

NOTICE = ("review_on <= valid_until + 30 days",)


def norms(*seeds: str, facts: tuple[Attribute, ...] = (), **more: object) -> Design:
    """Norms, each valid until a day and looked at again by another."""
    made = entity(
        "Norm", fact("norm", "code", required="start", unique="alone"),
        fact("norm", "valid_until", kind="date"), fact("norm", "review_on", kind="date"),
        *facts, seeds=seeds, rules=NOTICE, **more,
    )  # fmt: skip
    return Design(entities=(made,))


def refused(design: Design) -> list[Finding]:
    return [f for f in review(design).findings if f.rule == "reference-row-refused"]


def test_a_row_that_breaks_a_rule_is_said_with_its_rule() -> None:
    late = "code = 'a', valid_until = '2026-10-01', review_on = '2026-12-01'"
    (found,) = refused(norms(late))
    assert (found.severity, found.subject) == ("error", "norm")
    assert "code = 'a'" in found.message
    assert "ck_norms_review_on_valid_until" in found.message


@pytest.mark.parametrize(
    "row",
    [
        "code = 'a', valid_until = '2026-10-01', review_on = '2026-10-31'",
        "code = 'a', review_on = '2026-12-01'",
        "code = 'a', valid_until = '9999-12-20', review_on = '2026-12-01'",
    ],
)
def test_a_row_that_holds_or_that_nobody_can_judge_is_taken(row: str) -> None:
    assert refused(norms(row)) == []


def test_a_trigger_refuses_as_a_check_does() -> None:
    rule = Rule(id="short", says="Codes are short", entity="norm", kept_by="trigger",
                looks_at="row", expression="length(code) < 3")  # fmt: skip
    (found,) = refused(norms("code = 'abc'").model_copy(update={"rules": (rule,)}))
    assert "abc" in found.message


@pytest.mark.parametrize("kept", ["real", "soft"])
def test_the_same_code_twice(kept: str) -> None:
    (found,) = refused(norms("code = 'a'", "code = 'b'", "code = 'a'", deletion=kept))
    assert "another one has the same code" in found.message


def test_what_a_column_takes_by_itself_counts() -> None:
    level = fact("norm", "level", kind="whole-number", required="start", default="7",
                 rules=("level < 5",))  # fmt: skip
    assert [f.subject for f in refused(norms("code = 'a'", facts=(level,)))] == ["norm"]
    assert refused(norms("code = 'a', level = 4", facts=(level,))) == []


def test_what_is_made_when_the_row_is_written_is_not_judged() -> None:
    at = fact("norm", "at", kind="moment", required="start", default="now",
              rules=("at > '2020-01-01T00:00:00Z'", "at is not null"))  # fmt: skip
    assert refused(norms("code = 'a'", facts=(at,))) == []


def test_a_key_to_another_row_is_there() -> None:
    parent = link("norm", "norm", id="above", itself="tree", optional="yes")
    design = norms("code = 'a'", "code = 'b', parent = 'a'")
    wanted = entity(
        "Norm", *design.entities[0].attributes, seeds=design.entities[0].seeds,
        rules=("code = 'a' or parent_id is not null",),
    )  # fmt: skip
    assert refused(Design(entities=(wanted,), relationships=(parent,))) == []


@pytest.mark.parametrize(
    "text",
    ["born_on + 30 days > born_on", "due_on - 9000 days < due_on", "begun_at + 9 days > begun_at"],
)
def test_a_day_beyond_all_calendars_is_unknown(text: str) -> None:
    rule = explicit(parse(text), KNOWN)
    row = {"born_on": "9999-12-20", "due_on": "0001-01-02", "begun_at": "9999-12-31T00:00:00.000Z"}
    assert evaluate(rule, row) is None
