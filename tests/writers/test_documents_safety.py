"""Text from outside stays text in a document, whatever characters it is made of."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemawalk.design.model import Design
from schemawalk.writers.documents import files
from schemawalk.writers.stack_driven.markdown import code, fenced, inline
from schemawalk.writers.work import Work
from tests.writers.compliance import compliance
from tests.writers.markdown_reader import (
    headings,
    lines_like_rows,
    links,
    raw_html,
    rows_by_table,
    tokens,
)
from tests.writers.test_documents import work_of

HOSTILE = (
    "[/foo]",
    "| a | b |",
    "<script>alert(1)</script>",
    "`tick` ``two``",
    "\x1b[31mred\x1b[0m\x07",
    "right \u202eto left\u202c",
    "x" * 300,
    "first\n\n# second\n- third",
    "[click](javascript:alert(1))",
    "![picture](http://example.org/x.png)",
    "back\\slash \\| bar",
    "{{ 7 * 7 }} {% raw %} {0} %s",
    "**bold** _under_ ~~gone~~ &lt;",
    "1. one",
    "--> <!-- end",
)
_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def poisoned(text: str) -> Design:
    """The test's design with the text wherever people may write."""
    design = compliance()
    stack = design.stack.model_copy(
        update={"version": text, "framework": text, "targets": (text,), "facts": (text,)}
    )
    entities = tuple(
        entity.model_copy(
            update={
                "name": f"{entity.name} {text}",
                "purpose": text,
                "origin": text if entity.origin else "",
                "lives_in": text,
                "attributes": tuple(
                    a.model_copy(
                        update={"purpose": text, "known_by": text, **_values(a.values, text)}
                    )
                    for a in entity.attributes
                ),
            }
        )
        for entity in design.entities
    )
    return design.model_copy(
        update={
            "stack": stack,
            "entities": entities,
            "product": design.product.model_copy(update={"name": text, "summary": text}),
            "steps": tuple(
                s.model_copy(update={"title": text, "file": text}) for s in design.steps
            ),
            "relationships": tuple(
                link.model_copy(update={"purpose": text}) for link in design.relationships
            ),
            "access_patterns": tuple(
                p.model_copy(update={"name": text}) for p in design.access_patterns
            ),
            "notes": tuple(
                note.model_copy(update={"source": text, "why": text, "impact": text})
                for note in design.notes
            ),
            "alternatives": tuple(
                a.model_copy(
                    update={
                        "name": text,
                        "instead": text,
                        "why_not": (text,),
                        "reconsider": (text,),
                    }
                )
                for a in design.alternatives
            ),
        }
    )


def _values(values: tuple[str, ...] | None, text: str) -> dict[str, tuple[str, ...]]:
    return {"values": (*values, text)} if values else {}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_hostile_text_changes_neither_tables_nor_headings_nor_links(
    text: str, database: str
) -> None:
    usual = files(found_in("plain words", database))
    for path, written in files(found_in(text, database)).items():
        tables, before = rows_by_table(written), rows_by_table(usual[path])
        assert tables == before
        assert sum(map(len, tables)) == lines_like_rows(written)
        assert len(headings(written)) == len(headings(usual[path]))
        assert _outward(written) == _outward(usual[path])
        assert len(raw_html(written)) == 1, "the comment in the first line, and nothing else"
        assert not _RAW.search(written)


def found_in(text: str, database: str) -> Work:
    """The poisoned work with findings that are made of the text too, the same number for any."""
    found = work_of(poisoned("plain words"), database).findings
    said = tuple(replace(f, subject=text, message=text, fix=text, waiver=text) for f in found)
    return replace(work_of(poisoned(text), database), findings=said, waived=said)


def _outward(written: str) -> list[str]:
    return [target for target in links(written) if not target.startswith("#")]


def test_a_code_block_holds_no_raw_control_characters() -> None:
    assert _RAW.sub("?", fenced("a\x1b[31m\u202eb")) == fenced("a\ufffd[31m\ufffdb")


def shown(markdown: str) -> str:
    """The text that a reader sees of a paragraph's Markdown."""
    found = tokens(f"x {markdown} x")
    assert [t.type for t in found] == ["paragraph_open", "inline", "paragraph_close"]
    children = found[1].children or ()
    assert {child.type for child in children} <= {"text", "code_inline", "text_special"}
    return "".join(child.content for child in children)[2:-2]


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("ab \\`*_[]()<>|~&#;!-+=1.{}\n\t\x1b\u202eä€"), max_size=25)
)
def test_inline_text_reads_as_it_was_written(text: str) -> None:
    expected = " ".join(re.sub("[\x1b\u202e]", lambda m: " " * (m[0] == "\x1b"), text).split())
    assert shown(inline(text)).strip() == expected
    assert shown(code(text)).strip() == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("|\\`a "), max_size=12))
def test_inline_text_never_ends_a_cell(text: str) -> None:
    for made in (inline(text), code(text)):
        assert rows_by_table(f"| a | b |\n|---|---|\n| {made} | {made} |\n") == [[2, 2, 2]]


def test_a_code_block_cannot_be_closed_from_inside() -> None:
    (block,) = [t for t in tokens(fenced("a\n```\n# not a heading\n````\n", "sql")) if t.map]
    assert block.type == "fence"
    assert "# not a heading" in block.content
