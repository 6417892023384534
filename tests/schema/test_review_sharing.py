"""What one tenant can change, or tie to itself, for the others is found."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from tests.schema.designs import fact, link
from tests.schema.test_access import offices


def found(design: Design, rule: str) -> list[Finding]:
    return [finding for finding in review(design).findings if finding.rule == rule]


def chain(**keeping: object) -> Design:
    """Offices of which one may be another's branch."""
    branch = link("office", "office", id="branch", role="head", itself="tree", optional="yes",
                  on_delete="restrict")  # fmt: skip
    links = (*offices().relationships, branch)
    return offices(relationships=links, keeping=Keeping(**keeping))  # type: ignore[arg-type]


def test_a_tenant_that_names_another_one_is_found() -> None:
    (said,) = found(chain(policies="database"), "tenant-under-tenant")
    assert said.severity == "warning"
    assert said.subject == "branch"
    assert "head_id" in said.message


def test_without_policies_nobody_expects_it_of_the_database() -> None:
    assert found(chain(policies="application"), "tenant-under-tenant") == []


def test_a_tree_within_a_tenant_is_no_matter() -> None:
    within = link("desk", "desk", id="beside", itself="tree", optional="yes")
    links = (*offices().relationships, within)
    assert found(offices(relationships=links), "tenant-under-tenant") == []


@pytest.mark.parametrize(
    ("floor", "wrong"),
    [
        ({"created_by": "seeded", "changed_by": ("build",)}, True),
        ({"created_by": "seeded"}, False),
        ({"created_by": "build", "changed_by": ("build",)}, False),
        ({"created_by": "seeded", "changed_by": ("build",), "tenant": "yes"}, False),
    ],
)
def test_reference_rows_that_one_tenant_changes_for_all(
    floor: dict[str, object], wrong: bool
) -> None:
    entities = tuple(
        each.model_copy(update=floor) if each.id == "floor" else each for each in offices().entities
    )
    said = found(offices(entities=entities), "shared-data-writable")
    assert [each.subject for each in said] == (["floor"] if wrong else [])


def test_a_list_that_users_keep_is_one_list_for_all_tenants() -> None:
    mood = fact("desk", "mood", kind="one-of", values=("quiet", "loud"), kept_by="users",
                required="start")  # fmt: skip
    entities = tuple(
        each.model_copy(update={"attributes": (*each.attributes, mood)})
        if each.id == "desk" else each
        for each in offices().entities
    )  # fmt: skip
    (said,) = found(offices(entities=entities), "shared-data-writable")
    assert said.answers == (("attribute.desk.mood.kept_by", ("developers",)),)
