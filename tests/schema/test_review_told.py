"""What rules ask once for many facts is what they would hear of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schemawalk.design.model import Attribute
from schemawalk.schema.derive import derive
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.review import RULES
from schemawalk.schema.review.rule import Matter
from tests.schema.any_design import design

ASKED: tuple[Callable[[Attribute], object], ...] = (
    lambda fact: kind_of(fact).id == "one-of", lambda fact: "a" in fact.name,
    lambda fact: fact.kind is None, lambda fact: fact.name, lambda fact: fact.name == "",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_facts_come_whole_and_in_their_order(seed: int) -> None:
    made = design(seed, 20)
    matter = Matter(made, derive(made).schema)
    for tells in ASKED:
        assert list(matter.told(tells)) == [pair for pair in matter.facts if tells(pair[1])]


@pytest.mark.parametrize("seed", range(4))
def test_rules_ask_nothing_but_names_and_kinds_of_many_facts_at_once(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = design(seed, 20)
    matter = Matter(made, derive(made).schema)
    at_once = {rule.find: list(rule.find(matter)) for rule in RULES}
    monkeypatch.setattr(Matter, "told", lambda self, tells: (p for p in self.facts if tells(p[1])))
    for find, said in at_once.items():
        assert list(find(matter)) == said
