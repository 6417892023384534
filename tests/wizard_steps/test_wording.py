"""What people read in the walk is English, whatever their things and columns are called."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from schemawalk.design.model import Design
from wizard_steps import walk
from wizard_steps.sources import read_into

JOURNEY = """# Journey

## Step 1: Apply

The user creates an application. A worker reads the application and scores it; the application has
a status. The user sees their applications by status, newest first. The user adds an api key.

## Step 2: Answer

The operator writes an approval for the application. The operator deletes an application of 2020.
The user uploads an image. The system saves an hourly export. A session expires.
"""
AN_BEFORE = "aeio"


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    """Id of the question, and each text that is shown with it."""
    design = _walked()
    return tuple(
        (q.id, text)
        for q in walk.questions(design)
        for text in (q.prompt, q.why, q.example, q.called, q.because,
                     *walk.shows(design, q.id), *(o.leads_to for o in q.options))
    )  # fmt: skip


@cache
def _walked() -> Design:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        (Path(folder) / "user-journey.md").write_text(JOURNEY)
        return walk.take_all(read_into(Design(), Path(folder)))


def _said(pattern: str) -> list[tuple[str, str]]:
    return [(where, text) for where, text in _texts() if re.search(pattern, text)]


@pytest.mark.parametrize(
    ("wrong", "pattern"),
    [
        ("a before a vowel", rf"\b[Aa] [{AN_BEFORE}]\w"),
        ("an before a consonant", r"\b[Aa]n [bcdfgjklmnpqrstvwxyz]"),
        ("a plural twice", r"\w(?:us|ss|is)s\b"),
        ("a column's name taken apart", r"\b(?:created|updated|expires|started|completed) at\b"),
    ],
)
def test_no_text_of_the_walk_is_broken_english(wrong: str, pattern: str) -> None:
    """Articles, plurals and columns fit the words of a journey."""
    assert not _said(pattern), wrong


def test_every_example_begins_like_a_sentence() -> None:
    """An example that begins with somebody's thing begins with a capital, too."""
    small = [
        (q.id, q.example)
        for q in walk.questions(_walked())
        if re.match(r"(?:an? )", q.example) and not q.example.startswith(("a =",))
    ]
    assert not small


def test_a_session_is_not_asked_for_after_the_session() -> None:
    """The question reads well also about a thing that is called session."""
    prompts = [q.prompt for q in walk.questions(_walked()) if q.node == "persists"]
    assert prompts
    assert not [prompt for prompt in prompts if "session ends" in prompt]


def test_findings_of_the_review_can_be_told_apart() -> None:
    """A list that is cut short says of each finding what it is about."""
    rows = walk.propose(_walked(), "review").rows
    heads = [(row.title, row.detail[:20]) for row in rows]
    assert heads
    assert len(set(heads)) == len(heads)
