"""The document says of an index whom it serves, where policies bind some."""

from __future__ import annotations

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.writers.stack_driven.queries import queries
from schemawalk.writers.stack_driven.survey import Survey
from tests.schema.test_review_policies import BY_WORDS, NEWEST, notes

BOUND = "only for roles that see the rows of all tenants"


def how(design: Design) -> str:
    (asked,) = queries(Survey(work_for(design)))
    assert asked.index
    return asked.how


@pytest.mark.parametrize(
    ("design", "said"),
    [(notes(BY_WORDS), True), (notes(NEWEST), False), (notes(BY_WORDS, policies="application"),
                                                       False)],
)  # fmt: skip
def test_an_index_that_policies_hide_is_not_said_to_serve_everybody(
    design: Design, *, said: bool
) -> None:
    assert (BOUND in how(design)) == said
