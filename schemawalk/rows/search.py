"""Finds values for some variables so that all conditions on them hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.language.expression import Value

Values = Mapping[str, Value]

MOST_STEPS: Final = 50_000
"""Combinations that are tried before giving up: well under a second."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Columns that get their values together; options may depend on what is chosen already."""

    columns: tuple[str, ...]
    options: Callable[[Values], Iterator[Values]]
    after: tuple[str, ...] = ()
    """Columns that its options look at."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold once all its columns have values."""

    columns: frozenset[str]
    holds: Callable[[Values], bool]


def solve(
    variables: Sequence[Variable], conditions: Sequence[Condition], given: Values
) -> dict[str, Value] | None:
    """Values for all variables beside those given, or None when none were found.

    Each variable's options are tried in order, so the first ones win where nothing is against
    them.  Variables that no condition connects are solved apart: what one group tries costs the
    others nothing.
    """
    found = dict(given)
    for group in _groups(variables, conditions):
        inside = {column for variable in group for column in variable.columns} | given.keys()
        here = [c for c in conditions if c.columns <= inside and not c.columns <= given.keys()]
        solved = _Search(group, here).run(dict(given))
        if solved is None:
            return None
        found |= solved
    constant = [condition for condition in conditions if condition.columns <= given.keys()]
    return found if all(condition.holds(found) for condition in constant) else None


def _groups(variables: Sequence[Variable], conditions: Sequence[Condition]) -> list[list[Variable]]:
    """The variables in groups that no condition connects, in their order."""
    roots: dict[str, str] = {}

    def root(column: str) -> str:
        while roots.setdefault(column, column) != column:
            column = roots[column]
        return column

    ties = [(*variable.columns, *variable.after) for variable in variables]
    for tie in [*ties, *(tuple(sorted(condition.columns)) for condition in conditions)]:
        for column in tie[1:]:
            roots[root(column)] = root(tie[0])
    groups: dict[str, list[Variable]] = {}
    for variable in variables:
        groups.setdefault(root(variable.columns[0]), []).append(variable)
    return list(groups.values())


class _Search:
    """Backtracking over the variables of one group."""

    def __init__(self, variables: Sequence[Variable], conditions: Sequence[Condition]) -> None:
        self._variables = variables
        self._conditions = conditions
        self._steps = 0

    def run(self, chosen: dict[str, Value], at: int = 0) -> dict[str, Value] | None:
        if at == len(self._variables):
            return chosen
        for option in self._variables[at].options(chosen):
            self._steps += 1
            if self._steps > MOST_STEPS:
                return None
            if any(chosen.get(column, value) != value for column, value in option.items()):
                continue
            tried = {**chosen, **option}
            if self._holds(chosen, tried):
                found = self.run(tried, at + 1)
                if found is not None:
                    return found
        return None

    def _holds(self, before: Values, after: Values) -> bool:
        """Whether the conditions hold that got the last of their values just now."""
        known, older = after.keys(), before.keys()
        return all(
            condition.holds(after)
            for condition in self._conditions
            if condition.columns <= known and not condition.columns <= older
        )
