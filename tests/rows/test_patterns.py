"""Texts made to match a regular expression."""

from __future__ import annotations

import re

import pytest

from schemawalk.rows.patterns import sample

COMMON = (
    r"^[^@]+@[^@]+$",
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    r"^https?://",
    r"^https://[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^#[0-9a-fA-F]{6}$",
    r"^#([0-9a-f]{3}|[0-9a-f]{6})$",
    r"^[0-9]{5}(-[0-9]{4})?$",
    r"^\d+$",
    r"^\+?[1-9]\d{1,14}$",
    r"^[A-Z]{2}$",
    r"^\w+\.(png|jpe?g)$",
    r"^[^]]+$",
    r"^[a\-z]\\$",
    r"^(?=.*[0-9]).+$",
    r"x",
)


@pytest.mark.parametrize("pattern", COMMON)
def test_common_patterns_get_different_texts(pattern: str) -> None:
    """Each text matches, and another number gives another text where the pattern has room."""
    texts = [sample(pattern, number) for number in (1001, 1002, 1003)]
    assert all(text is not None and re.search(pattern, text) for text in texts)
    assert len(set(texts)) == 3


@pytest.mark.parametrize("length", [3, 10, 51, 400])
def test_a_text_of_a_given_length(length: int) -> None:
    """Repetitions give way, so that a length can be tested beside a pattern."""
    text = sample("^[a-z]+-[a-z]*$", 7, length)
    assert text is not None
    assert len(text) == length
    assert re.search("^[a-z]+-[a-z]*$", text)


@pytest.mark.parametrize("pattern", ["a^", r"(a)\1b{3}c", "^[^ -~]$"])
def test_what_cannot_be_followed_gives_nothing(pattern: str) -> None:
    """None, never a text that does not match."""
    assert sample(pattern, 1) is None


def test_an_impossible_length_gives_nothing() -> None:
    """Six digits and a # are never 20 characters."""
    assert sample("^#[0-9]{6}$", 1, 20) is None
