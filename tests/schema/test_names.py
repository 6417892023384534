"""Names: from people's words to what every database takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemawalk.schema.names import LONGEST, fitted, pascal, plural, snake, unique, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Usage event", "usage_event"),
        ("UsageEvent", "usage_event"),
        ("HTTPRequest log", "http_request_log"),
        ("'; DROP TABLE users; --", "drop_table_users"),
        ("2nd address", "n_2nd_address"),
        ("Größe", "größe"),
        ("sqlite setting", "n_sqlite_setting"),
    ],
)
def test_words_become_snake_case(text: str, expected: str) -> None:
    assert snake(text) == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("document", "documents"), ("category", "categories"), ("box", "boxes"),
        ("analysis", "analyses"), ("person", "people"), ("bus", "buses"), ("status", "statuses"),
        ("usage_event", "usage_events"), ("day", "days"), ("news", "news"), ("branch", "branches"),
    ],
)  # fmt: skip
def test_plurals_are_english(one: str, many: str) -> None:
    assert plural(one) == many


@given(st.text())
def test_any_text_gives_a_name_that_fits(text: str) -> None:
    name = fitted(snake(text))
    assert name
    assert len(name.encode(errors="surrogatepass")) <= LONGEST
    assert not name[0].isdigit()
    assert pascal(text)


@given(st.text(), st.text())
def test_names_that_are_too_long_stay_apart(a: str, b: str) -> None:
    long_a, long_b = "x" * 70 + a, "x" * 70 + b
    assert (fitted(long_a) == fitted(long_b)) == (long_a == long_b)


def test_a_cut_name_is_cut_between_characters() -> None:
    name = fitted("ö" * 40)
    assert len(name.encode()) <= LONGEST
    assert name.startswith("öö")


@given(st.lists(st.text(max_size=8), max_size=20))
def test_unique_names_never_repeat(wanted: list[str]) -> None:
    taken: list[str] = []
    for text in wanted:
        taken.append(unique(snake(text), taken))
    assert len(set(taken)) == len(taken)


def test_words_split_at_capitals() -> None:
    assert words("APIKey used") == ("api", "key", "used")
