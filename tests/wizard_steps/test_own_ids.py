"""An id in brackets behind own words: what is named gets it, keeps it, and can be renamed by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wizard_steps.designs import taken
from wizard_steps import walk
from wizard_steps.asking.own_ids import joined, parted

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda t: t.strip())


@given(words=WORDS, own_id=st.from_regex(r"[a-z][a-z0-9_.-]{0,20}", fullmatch=True))
def test_any_words_are_told_from_their_id(words: str, own_id: str) -> None:
    assert parted(joined(words.strip(), own_id)) == (words.strip(), own_id)


@pytest.mark.parametrize("text", ["Team", "[team]", "a[0]", "Team [two words]", "Team []"])
def test_what_is_no_id_stays_among_the_words(text: str) -> None:
    assert parted(text) == (text, "")


def test_a_noun_is_renamed_by_its_id() -> None:
    asked = walk.question(taken(), "nouns.upload.which")
    assert asked.answer is not None
    said = tuple("Scan [document]" if name == "Document" else name for name in asked.answer)
    design = walk.answer(taken(), asked.id, said)
    assert {e.id: e.name for e in design.entities}["document"] == "Scan"
    assert len(design.entities) == len(taken().entities)


def test_a_noun_that_another_answer_adds_is_renamed_by_its_id() -> None:
    asked = walk.question(taken(), "found.which")
    assert asked.answer is not None
    said = tuple("Metered use [usage_event]" if n == "Usage event" else n for n in asked.answer)
    design = walk.answer(taken(), asked.id, said)
    assert {e.id: e.name for e in design.entities}["usage_event"] == "Metered use"


def test_a_pair_has_the_id_that_is_written_behind_it() -> None:
    known = walk.question(taken(), "links.which").answer or ()
    pair = "User - Document as approver [signed_by]"
    design = walk.answer(taken(), "links.which", (*known, pair))
    link = next(each for each in design.relationships if each.id == "signed_by")
    assert (link.a, link.b, link.role) == ("user", "document", "approver")


def test_a_fact_is_renamed_by_its_id() -> None:
    known = walk.question(taken(), "facts.document.which").answer or ()
    said = tuple("title [file_name]" if name == "file_name" else name for name in known)
    design = walk.answer(taken(), "facts.document.which", said)
    document = next(e for e in design.entities if e.id == "document")
    names = {a.id: a.name for a in document.attributes}
    assert names["document.file_name"] == "title"
    assert len(names) == len(known)


def test_a_pattern_and_a_rule_have_the_ids_that_are_written_behind_them() -> None:
    asked = walk.question(taken(), "asked.which").answer or ()
    design = walk.answer(taken(), "asked.which", (*asked, "documents: the audit reads [audit]"))
    assert [p.name for p in design.access_patterns if p.id == "audit"] == ["the audit reads"]
    says = "No two documents have the same file name"
    design = walk.answer(design, "duties.which", (f"{says} [one_name]",))
    assert [(rule.id, rule.says) for rule in design.rules] == [("one_name", says)]


def test_the_table_before_a_colon_decides_what_a_sentence_is_about() -> None:
    """Whatever else it names."""
    asked = walk.question(taken(), "asked.which").answer or ()
    sentence = "frameworks: users see documents by day [by_day]"
    design = walk.answer(taken(), "asked.which", (*asked, sentence))
    assert [p.entity for p in design.access_patterns if p.id == "by_day"] == ["framework"]
