"""The language of rules: what it reads, what it means, how each dialect says it."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE
from schemawalk.schema.language.evaluation import evaluate, holds
from schemawalk.schema.language.expression import (
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Not,
    names,
    renamed,
)
from schemawalk.schema.language.grammar import ExpressionError, parse


@pytest.mark.parametrize(
    ("rule", "row", "expected"),
    [
        ("size > 0", {"size": 1}, True),
        ("size > 0", {"size": 0}, False),
        ("size > 0", {}, None),
        ("length(name) <= 3 and not blank(name)", {"name": "abc"}, True),
        ("length(name) <= 3 and not blank(name)", {"name": "   "}, False),
        ("status in ('a', 'b')", {"status": "c"}, False),
        ("status = 'done' implies ended is not null", {"status": "done"}, False),
        ("status = 'done' implies ended is not null", {"status": "new"}, True),
        ("x not between 1 and 3", {"x": 2}, False),
        ("present(a, b) = 1", {"a": 1, "b": 2}, False),
        ("mail matches '^[^@ ]+@[^@ ]+$'", {"mail": "a@b"}, True),
        ("a + b * 2 = 7", {"a": 1, "b": 3}, True),
        ("price >= -1.5", {"price": Decimal("-1.4")}, True),
    ],
)
def test_a_rule_means_what_it_says(rule: str, row: dict[str, object], expected: object) -> None:
    assert evaluate(parse(rule), row) is expected  # type: ignore[arg-type]


def test_an_unknown_rule_holds_as_a_check_does() -> None:
    assert holds(parse("size > 0"), {"size": None})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("size >", "expected a column"),
        ("size > 0; drop table x", "is not part of a rule"),
        ("size > 0 /* comment */", "found"),
        ("pg_sleep(1)", "there is no function"),
        ("length()", "expected a column"),
        ("name matches '['", "not a regular expression"),
        ("name matches other", "expected a constant"),
        ("(" * 60 + "a" + ")" * 60, "deep"),
        ("", "expected a column"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        parse(text)


def test_two_minus_signs_are_arithmetic_and_never_a_comment() -> None:
    assert "--" not in POSTGRESQL.sql(parse("size > 0 -- comment"))


def test_renaming_reaches_every_name() -> None:
    rule = parse("a > 0 and (b is null or length(c) between a and 9) and not d in ('x')")
    new = renamed(rule, {"a": "w", "b": "x", "c": "y", "d": "z"})
    assert names(new) == ("w", "x", "y", "z")


def test_each_dialect_says_it_in_its_own_words() -> None:
    rule = parse("not blank(name) and active = true")
    assert POSTGRESQL.sql(rule) == "btrim(name) <> '' AND active = true"
    assert SQLITE.sql(rule) == "trim(name) <> '' AND active = 1"


_NAMES = st.sampled_from(["a", "b", "c"])
_NUMBERS = st.integers(-3, 3)
_LEAVES = st.one_of(
    st.builds(Compare, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
              st.builds(Name, _NAMES), st.builds(Literal, _NUMBERS)),
    st.builds(IsNull, st.builds(Name, _NAMES), st.booleans()),
    st.builds(In, st.builds(Name, _NAMES),
              st.lists(st.builds(Literal, _NUMBERS), min_size=1, max_size=3).map(tuple)),
)  # fmt: skip
_RULES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(
            Logic,
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3).map(tuple),
        ),
    ),
    max_leaves=8,
)
_ROWS = st.fixed_dictionaries({name: st.none() | _NUMBERS for name in "abc"})


@given(_RULES, _ROWS)
@settings(max_examples=300, deadline=None)
def test_sqlite_agrees_with_what_a_rule_means(rule: Expression, row: dict[str, int | None]) -> None:
    """The meaning that proofs rely on is the one that a real database gives the same rule."""
    with sqlite3.connect(":memory:") as connection:
        (said,) = connection.execute(
            f"SELECT {SQLITE.sql(rule)} FROM (SELECT ? AS a, ? AS b, ? AS c)",
            (row["a"], row["b"], row["c"]),
        ).fetchone()
    meant = evaluate(rule, row)
    assert (None if said is None else bool(said)) is meant


@given(st.text())
def test_any_string_survives_quoting_in_sqlite(text: str) -> None:
    text = text.replace("\x00", "")
    with sqlite3.connect(":memory:") as connection:
        try:
            text.encode()
        except UnicodeEncodeError:
            return
        (back,) = connection.execute(f"SELECT {SQLITE.literal(text)}").fetchone()
    assert back == text


@given(st.text(min_size=1, max_size=30).filter(lambda t: "\x00" not in t))
def test_any_identifier_survives_quoting_in_sqlite(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE t ({SQLITE.quoted(name)} TEXT)")
        (found,) = [row[1] for row in connection.execute("PRAGMA table_info(t)")]
    assert found == name
