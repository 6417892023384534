"""Many made-up cases for one call of a judge that is slow to start."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

Case = TypeVar("Case")


def cases(strategy: st.SearchStrategy[Case], count: int) -> list[Case]:
    """`count` cases of a strategy, the same in every run."""
    made: list[Case] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def gather(case: Case) -> None:
        made.append(case)

    gather()
    return made
