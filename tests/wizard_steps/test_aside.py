"""Everything that a design holds can be answered, though the walk does not ask all of it."""

from __future__ import annotations

from typing import Final

import pytest

from schemawalk.design import model, whole
from schemawalk.design.model import Design
from schemawalk.design.part import Part
from tests.wizard_steps.designs import every_kind, taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError

KINDS: Final[dict[str, type[Part]]] = {
    "entities": model.Entity, "tables": model.Entity, "attributes": model.Attribute,
    "states": model.Attribute, "relationships": model.Relationship,
    "access_patterns": model.AccessPattern, "rules": model.Rule, "finishes": model.Finish,
    "alternatives": model.Alternative, "product": whole.Product, "stack": whole.Stack,
    "unsaid": whole.Unsaid, "keeping": whole.Keeping,
}  # fmt: skip
ELSEWHERE: Final = {
    "Entity": {"id", "name", "steps", "aliases", "origin", "tenant", "attributes"},
    "Attribute": {"id", "name", "steps"},
    "Relationship": {"id", "a", "b"},
    "AccessPattern": {"id", "name", "entity"},
    "Rule": {"id", "says", "steps"},
    "Finish": {"id", "name", "entity", "steps"},
    "Alternative": {"id", "name"},
}
"""What no question of its own sets: what a thing is called and joins is said where it is chosen
(nouns, found, facts, links, asked, duties), its tenant at tenancy; from which step or answer it
came is noted by the walk itself."""


def test_each_field_has_its_question() -> None:
    """Or is said where the thing is chosen: a new field must be put into one of the two."""
    asked: dict[str, set[str]] = {}
    for step in walk.WALK:
        for tree in step.trees:
            if tree.collection in KINDS:
                kind = KINDS[tree.collection].__name__
                asked.setdefault(kind, set()).update(node.field for node in tree.nodes)
    for part in KINDS.values():
        name = part.__name__
        assert set(part.model_fields) - asked[name] == ELSEWHERE.get(name, set()), name


ANSWERS: Final = [
    ("facts.document.rules", "file_size_bytes > 1"),
    ("entity.document.purpose", "What is held against the frameworks."),
    ("attribute.user.email.length", "254"),
    ("retention.framework.deletion", "archive"),
    ("changing.team.versions", "history"),
    ("summing.document.summed", "parent"),
    ("volume.document.partition", "hash"),
    ("keeping.restore_days", "14"),
    ("product.summary", "Checks documents."),
    ("alternative.own.spreadsheets.instead", "a database"),
    ("states.user.tier.transitions", "free -> paid: the card is charged"),
]
"""Questions that nothing calls for in the usual design."""


def design() -> Design:
    """One of every kind, with a list that is not called a status."""
    known = walk.question(taken(), "facts.user.which").answer or ()
    unsaid = tuple(a.model_copy(update={"instead": ""}) for a in every_kind().alternatives)
    start = every_kind().model_copy(update={"alternatives": unsaid})
    made = walk.answer(start, "facts.user.which", (*known, "tier"))
    made = walk.answer(made, "attribute.user.tier.kind", "one-of")
    return walk.answer(made, "attribute.user.tier.values", ("free", "paid"))


@pytest.mark.parametrize(("question_id", "value"), ANSWERS)
def test_what_nothing_calls_for_can_be_answered(question_id: str, value: str) -> None:
    """It is no question of the walk, and takes an answer all the same, which stays."""
    before = design()
    assert question_id not in {question.id for question in walk.questions(before)}
    assert question_id in {question.id for question in walk.questions(before, aside=True)}
    after = walk.answer(before, question_id, value)
    assert walk.question(after, question_id).answer == (value,)


@pytest.mark.parametrize("question_id", ["facts.nobody.rules", "stack.colour"])
def test_what_does_not_exist_cannot(question_id: str) -> None:
    with pytest.raises(AnswerError, match="Nothing asks"):
        walk.answer(design(), question_id, "x")
