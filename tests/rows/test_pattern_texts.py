"""Texts for any pattern of the common kind: they match, differ, and are as long as is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemawalk.rows.patterns import sample
from schemawalk.schema.language.matching import matches

OPEN = (r"^https?://", r"^a", r"b$", "c", "(open|closed)", r"^www\.", "@", r"\.(png|jpe?g)$")
NUMBERS = (0, 1, 7, 36, 62, 676, 1001, 1002, 1037, 501_001)

_CHARACTER = st.sampled_from(
    ("a", "q", "7", "-", "_", r"\.", "[a-z]", "[0-9A-F]", r"\d", r"\w", ".")
)
_COUNT = st.sampled_from(("", "", "*", "+", "?", "{3}", "{2,}", "{1,4}"))
_PIECE = st.builds("{}{}".format, _CHARACTER, _COUNT)
_ROW = st.lists(_PIECE, min_size=1, max_size=4).map("".join)
_GROUP = st.builds("({}){}".format, st.lists(_ROW, min_size=1, max_size=3).map("|".join), _COUNT)
_BODY = st.lists(st.one_of(_ROW, _ROW, _GROUP), min_size=1, max_size=3).map("".join)
patterns = st.builds("{}{}{}".format, st.sampled_from(("", "^")), _BODY, st.sampled_from(("", "$")))
"""Anchored or not, with classes, counts, groups and alternatives."""


@given(patterns, st.integers(0, 2_000_000))
def test_a_text_matches_as_databases_read_the_pattern(pattern: str, number: int) -> None:
    """There is one for every number, and each of them matches."""
    text = sample(pattern, number)
    assert text is not None
    assert matches(pattern, text)


@given(patterns, st.integers(0, 2000), st.integers(0, 300))
def test_a_text_is_as_long_as_is_asked_for(pattern: str, number: int, length: int) -> None:
    """Or there is none: never a shorter or a longer one, nor one that does not match."""
    text = sample(pattern, number, length)
    assert text is None or (len(text) == length and matches(pattern, text))


@given(patterns.filter(lambda pattern: not (pattern[0] == "^" and pattern[-1] == "$")))
def test_what_is_open_at_an_end_tells_all_numbers_apart(pattern: str) -> None:
    """Where anything may follow or come before, it is what tells texts apart, in any case."""
    texts = [sample(pattern, number) for number in NUMBERS]
    assert len({text.lower() for text in texts if text is not None}) == len(NUMBERS)


@pytest.mark.parametrize("pattern", OPEN)
def test_an_open_pattern_reaches_any_length(pattern: str) -> None:
    """What is open is as long as a limit wants it, from what the pattern itself needs on."""
    for length in (12, 13, 254, 255, 2048):
        texts = {sample(pattern, number, length) for number in NUMBERS}
        assert len(texts) == len(NUMBERS)
        assert all(text is not None and len(text) == length for text in texts)


@pytest.mark.parametrize(
    ("pattern", "most"),
    [(r"^(open|closed)$", 2), (r"^a[0-9]$|^b[0-9]$", 20), (r"^https?:$", 2), (r"^[ab]{3}$", 8),
     (r"^\d$", 10), (r"^x{1,3}$", 3)],
)  # fmt: skip
def test_few_texts_are_all_found(pattern: str, most: int) -> None:
    """Branches and counts are used up before any text comes again."""
    assert len({sample(pattern, number) for number in range(1001, 1001 + most)}) == most


@pytest.mark.parametrize("length", [1, 5, 20, 63])
def test_words_with_hyphens_keep_to_a_length(length: int) -> None:
    """A group may be left out, or be written again, so that a slug fits its column."""
    slug = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
    assert len({sample(slug, number, length) for number in range(30)}) == 30
    assert {len(sample(slug, number, length) or "") for number in range(30)} == {length}


def test_of_two_branches_the_one_that_fits_is_written() -> None:
    """A colour of three digits has four characters, one of six has seven."""
    colour = "^#([0-9a-f]{3}|[0-9a-f]{6})$"
    assert [len(sample(colour, 5, length) or "") for length in (4, 7)] == [4, 7]
    assert sample(colour, 5, 6) is None
