"""What a table, a column or a key is for can be said, changed and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from tests.wizard_steps.designs import taken
from wizard_steps import walk
from wizard_steps.commands import answers_file

SAID = "Kept for the auditors, who ask every May."
COMMENTS: dict[str, Callable[[Schema], str]] = {
    "entity.document.purpose": lambda schema: schema.table("documents").purpose,
    "attribute.document.file_name.purpose": lambda schema: (
        schema.table("documents").column("file_name").purpose
    ),
    "relationship.user_document.purpose": lambda schema: (
        schema.table("documents").column("user_id").purpose
    ),
}


@pytest.mark.parametrize("question_id", COMMENTS)
def test_a_purpose_can_be_said_and_becomes_the_comment(question_id: str) -> None:
    """Nothing asks for it in the walk; an empty one takes it back."""
    comment = COMMENTS[question_id]
    usual = comment(derive(taken()).schema)
    assert question_id not in {question.id for question in walk.questions(taken())}
    assert question_id in {question.id for question in walk.questions(taken(), aside=True)}
    design = walk.answer(taken(), question_id, SAID)
    assert comment(derive(design).schema) == SAID
    assert walk.question(design, question_id).answer == (SAID,)
    assert question_id in {question.id for question in walk.questions(design)}
    again = walk.answer(design, question_id, "")
    assert comment(derive(again).schema) in (usual, "")
    assert question_id not in {question.id for question in walk.questions(again)}


def test_what_nothing_asks_for_is_in_the_printed_answers() -> None:
    """Once somebody said it; not before."""
    before = answers_file.as_toml(taken())
    design = walk.answer(taken(), "attribute.document.file_name.purpose", SAID)
    design = walk.answer(design, "retention.framework.deletion", "archive")
    after = answers_file.as_toml(design)
    for line in (
        f'"attribute.document.file_name.purpose" = "{SAID}"',
        '"retention.framework.deletion" = "archive"',
    ):
        assert line not in before
        assert line in after
