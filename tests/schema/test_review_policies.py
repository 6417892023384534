"""Indexes behind row-level security: which of them a role that policies bind cannot use."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import entity, fact, link, pattern


def notes(*asked: object, rows: int = 100_000, houses: int = 1_000, **keeping: object) -> Design:
    """Notes of many houses, kept apart by policies unless something else is said."""
    told = fact("note", "body", kind="long-text", required="start")
    facts = (told, fact("note", "tags", kind="list", required="start"),
             fact("note", "weight", kind="decimal", required="start"),
             fact("note", "created_at", required="start", default="now"))  # fmt: skip
    return Design.model_validate({
        "entities": (entity("House", archetype="group", rows=houses),
                     entity("Note", *facts, tenant="yes", archetype="thing", rows=rows)),
        "relationships": (link("house", "note", on_delete="cascade"),),
        "access_patterns": asked,
        "stack": Stack(database="postgresql", version="16", tenancy="shared"),
        "keeping": Keeping.model_validate({"policies": "database", "roles": "program", **keeping}),
    })  # fmt: skip


def behind(design: Design) -> list[Finding]:
    return [f for f in review(design).findings if f.rule == "index-behind-policy"]


BY_WORDS = pattern("words", "note", contains="body", contains_how="words", who="step")
BY_TAG = pattern("tag", "note", contains="tags", contains_how="list", who="step")
NEWEST = pattern("newest", "note", sort=("-created_at",), who="step")


@pytest.mark.parametrize("asked", [BY_WORDS, BY_TAG])
def test_what_searches_within_values_is_checked_behind_the_policy(asked: object) -> None:
    (said,) = behind(notes(asked))
    assert said.severity == "hint"
    assert "about 100" in said.message
    assert "exclusions too" in said.why


def test_many_rows_of_one_tenant_are_a_warning() -> None:
    (said,) = behind(notes(BY_WORDS, rows=100_000, houses=4))
    assert (said.severity, "about 25,000" in said.message) == ("warning", True)


def test_what_the_tenant_leads_narrows_to_its_rows() -> None:
    assert behind(notes(NEWEST)) == []


def test_without_policies_every_role_uses_the_index() -> None:
    assert behind(notes(BY_WORDS, policies="application")) == []


def test_a_job_sees_all_rows_and_uses_all_indexes() -> None:
    asked = pattern("job", "note", contains="body", contains_how="words", who="worker")
    assert behind(notes(asked)) == []


def test_decimals_are_compared_behind_the_policy_too() -> None:
    """A report is in nobody's name: its index begins without the tenant."""
    asked = pattern("heavy", "note", equals=("weight",), who="report")
    told = review(notes(asked, roles="none")).schema.table("notes").indexes
    assert ["weight"] in [[part.column for part in index.parts] for index in told]
    assert [f.subject for f in behind(notes(asked, roles="none"))] == ["heavy"]
